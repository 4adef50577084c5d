"""A program of the system's can read its own files, and can do nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest

from extraction.confined import landlock, reading
from extraction.confined.program import Failed, Late, Program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's doing")
#: Stands for any: an interpreter can try everything.
PYTHON = Program(str(Path(sys.executable).resolve()), folders=(sys.base_prefix,))
HEAD = "import os, signal, socket, sys\n"
MEMORY = 1 << 29


def run(script: str, given: bytes = b"", seconds: float = 60, memory: int = MEMORY) -> str:
    return PYTHON.run(("-I", "-S", "-c", HEAD + script), given, seconds, memory).decode()


@pytest.fixture(autouse=True)
def confining_system() -> None:
    if could := reading.still_possible():
        pytest.skip(f"this system does not keep readers from: {', '.join(could)}")


def test_it_reads_what_it_is_given_and_the_systems_files() -> None:
    script = "print(sys.stdin.read(), open(os.__file__).readline()[:5], os.listdir('/usr') != [])"
    assert run(script, b"given").split() == ["given", 'r"""O', "True"]


@pytest.mark.parametrize(
    "attempt",
    [
        "open('{folder}/there', 'a')",
        "open('{folder}/x', 'x')",
        "os.truncate('{folder}/there', 0)",
        "os.unlink('{folder}/there')",
        "os.rename('{folder}/there', '{folder}/x')",
        "os.mkdir('{folder}/x')",
        "socket.socket()",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_UNIX)",
        "os.fork()",
        "os.kill({us}, signal.SIGTERM)",
    ],
)
def test_nothing_else(attempt: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    made = attempt.format(folder=tmp_path, us=os.getpid())
    script = f"try: {made}\nexcept PermissionError: print('refused')\nelse: print('done')"
    assert run(script) == "refused\n"
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_text() == "kept"


@pytest.mark.parametrize("path", ["/etc/hostname", "/proc/self/environ", __file__])
def test_no_file_but_those_of_programs(path: str) -> None:
    try:
        landlock._call(444, None, 0, 1)
    except OSError:
        pytest.skip("this kernel has no Landlock")
    assert run(f"try: open({path!r})\nexcept PermissionError: print('refused')") == "refused\n"


def test_it_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPESCHE_REDIS_URL", "redis://:secret@example.org/0")
    script = (
        "def is_open(n):\n"
        "  try: return bool(os.fstat(n))\n"
        "  except OSError: return False\n"
        "print(dict(os.environ), *filter(is_open, range(100)))"
    )
    said = run(script)
    assert "secret" not in said
    assert said.split()[-3:] == ["0", "1", "2"]


def test_its_memory_and_time_have_an_end() -> None:
    with pytest.raises(Failed, match="ended with 1"):
        run("bytearray(1 << 30)")
    with pytest.raises(Late):
        run("while True: pass", seconds=0.5)


def test_nothing_is_left_of_one_that_says_it_has_ended() -> None:
    with pytest.raises(Late):
        run("os.close(1)\nwhile True: pass", seconds=1)
    children = psutil.Process().children(recursive=True)
    assert [
        child for child in children if "-S" in child.cmdline() and HEAD in str(child.cmdline())
    ] == []


def test_one_that_is_not_there_and_one_that_crashes() -> None:
    with pytest.raises(Failed):
        Program("/usr/bin/no-such-program").run((), b"", 60, MEMORY)
    with pytest.raises(Failed, match=r"ended with -11"):
        run("import ctypes\nctypes.string_at(0)", memory=1 << 31)
