"""A reader of binary formats can compute and nothing else; what it does costs its file alone."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from articles.errors import TooSlow, Unreadable
from extraction.confined import confine, landlock, reading, seccomp, server
from extraction.confined.limits import NORMAL, Limits
from extraction.formats.parse import parse
from tests.unit.extraction.documents.made import docx, paragraph

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's doing")


@pytest.fixture
def confining_system() -> None:
    """Containers may refuse what confines; Depesche says so then, and reads all the same."""
    if could := reading.still_possible():
        pytest.skip(f"this system does not keep readers from: {', '.join(could)}")


SHORT = {"seconds": 1, "memory": 1 << 26}
GOOD = docx(
    [paragraph("Neue Brücke in Köln", "Title"), paragraph("Der Rat hat es so beschlossen.")]
)


def in_child(work: Callable[[], object], **limits: int) -> tuple[int, bytes]:
    """Do it as the reader of a file does its work."""
    return server.in_child(
        lambda: json.dumps(work()).encode(), {**SHORT, "seconds": 20} | limits, confine.used()
    )


def tried(attempt: Callable[[], object]) -> str:
    """Return how an attempt from inside ends."""

    def work() -> str:
        try:
            attempt()
        except OSError as error:
            return type(error).__name__
        return "done"

    how, said = in_child(work)
    assert how == server.ANSWERED, (how, said)
    answer: str = json.loads(said)
    return answer


@LINUX
@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Path("/etc/passwd").read_bytes(),
        lambda: Path("/tmp/depesche-x").write_bytes(b"x"),
        lambda: Path("/tmp/depesche-x").mkdir(),
        lambda: Path(__file__).unlink(),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        os.fork,
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(os.getppid(), signal.SIGTERM),
    ],
)
@pytest.mark.usefixtures("confining_system")
def test_no_file_no_connection_no_process(attempt: Callable[[], object]) -> None:
    assert tried(attempt) == "PermissionError"
    assert not Path("/tmp/depesche-x").exists()


@LINUX
@pytest.mark.usefixtures("confining_system")
@pytest.mark.parametrize("kept", ["landlock", "seccomp"])
def test_either_alone_keeps_it_from_files(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError("not on this system")

    other = {"landlock": seccomp, "seccomp": landlock}[kept]
    monkeypatch.setattr(other, "apply", refused)
    if kept == "landlock":
        try:
            landlock._call(444, None, 0, 1)
        except OSError:
            pytest.skip("this kernel has no Landlock")
    assert tried(lambda: Path("/etc/passwd").read_bytes()) == "PermissionError"
    assert tried(lambda: os.open("/tmp/depesche-x", os.O_CREAT | os.O_WRONLY)) == "PermissionError"


@LINUX
def test_what_the_system_does_not_keep_it_from_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError("not on this system")

    monkeypatch.setattr(seccomp, "apply", refused)
    monkeypatch.setattr(landlock, "apply", refused)
    how, said = in_child(confine.still_possible)
    assert how == server.ANSWERED
    assert {"reading files", "reaching the network"} <= set(json.loads(said))


@LINUX
def test_what_the_server_forks_its_own_way_can_do_no_more() -> None:
    how, said = in_child(confine.still_possible)
    assert how == server.ANSWERED
    assert reading.still_possible() == json.loads(said)


def test_an_endless_loop_ends_by_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 1_000.0)  # whatever else the machine does

    def loop() -> None:
        while True:
            pass

    how, said = in_child(loop, seconds=1)
    assert (how, said) == (server.ENDED, str(int(signal.SIGXCPU)).encode())
    with pytest.raises(TooSlow, match=r"more than 7 seconds.*computing"):
        reading._judged(how, said, Limits(seconds=7))


def test_who_waits_for_ever_is_ended_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.05)
    how, said = in_child(_wait, seconds=1)
    assert how == server.LATE
    with pytest.raises(TooSlow, match="took longer"):
        reading._judged(how, said, NORMAL)


def _wait() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def test_memory_has_an_end() -> None:
    how, said = in_child(lambda: len(bytearray(1 << 30)), memory=1 << 26)
    with pytest.raises(Unreadable, match="more than 64 MiB of memory"):
        reading._judged(how, said, Limits(memory=1 << 26))


def test_a_crash_is_told_as_such() -> None:
    how, said = in_child(lambda: ctypes.string_at(0))
    with pytest.raises(Unreadable, match=r"ended the process that read it \(SIGSEGV\)"):
        reading._judged(how, said, NORMAL)


def test_an_answer_without_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_LONGEST", 1 << 20)
    how, said = in_child(lambda: "x" * (1 << 22))
    assert how == server.LONG
    with pytest.raises(Unreadable, match="more text than any article"):
        reading._judged(how, said, NORMAL)


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"nonsense", b"[" * 100_000, b'{"fault": 1}', b'{"fault": []}', b'"x"', b"\xff"],
)
def test_an_answer_that_is_none_is_the_files_fault(said: bytes) -> None:
    with pytest.raises(Unreadable, match="broken"):
        reading._judged(server.ANSWERED, said, NORMAL)


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if server.__file__ in p.cmdline()]


def test_the_process_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPESCHE_REDIS_URL", "redis://:secret@example.org/0")
    own = reading.Server()
    monkeypatch.setattr(reading, "_server", lambda *_: own)
    assert parse(GOOD, "a.docx").headline == "Neue Brücke in Köln"
    (process,) = children()[-1:]
    assert "secret" not in Path(f"/proc/{process.pid}/environ").read_text()
    opened = {each.name: str(each.readlink()) for each in Path(f"/proc/{process.pid}/fd").iterdir()}
    rules = [name for name, what in opened.items() if what == "anon_inode:[landlock-ruleset]"]
    assert len(rules) <= 1, "those that allow nothing, for its children"
    assert sorted(set(opened) - {*rules}, key=int) == ["0", "1", "2"]
    own.close()
    assert process not in children()


def test_a_file_that_ends_its_reader_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    own = reading.Server()
    monkeypatch.setattr(reading, "_server", lambda *_: own)
    assert parse(GOOD, "a.docx").headline
    with pytest.raises(TooSlow):
        parse(docx(["<w:p/>"] * 5_000_000), "b.docx", limits=Limits(seconds=1, ratio=10**6))
    assert parse(GOOD, "a.docx").headline == "Neue Brücke in Köln"
    assert own._process is not None
    before = own._process.pid
    os.kill(before, signal.SIGKILL)  # by whomever
    assert parse(GOOD, "a.docx").headline == "Neue Brücke in Köln"
    assert own._process.pid != before
    own.close()


def test_who_has_no_second_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """So what needs no reader can be read while nothing that takes long is."""
    own = reading.Server()
    monkeypatch.setattr(reading, "_server", lambda *_: own)
    with pytest.raises(TooSlow):
        parse(GOOD, "a.docx", limits=Limits(seconds=0))
    assert own._process is None
    assert parse(b"Ein Artikel\n\nMit Text.", "a.txt", limits=Limits(seconds=0)).headline


def _is_reading(begun: list[psutil.Process]) -> bool:
    try:
        return len(begun) > 1 and begun[1].cpu_times().user > 0.05
    except psutil.NoSuchProcess:  # the one that tries what is possible
        return False


def test_nothing_outlives_who_began_it(tmp_path: Path) -> None:
    """Neither the server nor the child that is in the middle of a file."""
    long = tmp_path / "long.docx"
    long.write_bytes(docx(["<w:p/>"] * 1_000_000))
    script = (
        "import sys\n"
        "from extraction.confined.limits import Limits\n"
        "from extraction.confined.reading import read_confined\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        "read_confined('docx', data, Limits(ratio=10**6, seconds=100))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    worker = subprocess.Popen([sys.executable, "-c", script, str(long)], env=environment)
    begun: list[psutil.Process] = []
    while not _is_reading(begun):
        assert worker.poll() is None
        begun = psutil.Process(worker.pid).children(recursive=True)
        time.sleep(0.01)
    assert all(os.getsid(process.pid) == begun[0].pid for process in begun)  # Ctrl-C is not theirs
    for process in begun:
        process.suspend()  # neither can end by itself
    worker.kill()
    worker.wait()
    _, alive = psutil.wait_procs(begun, 20)
    for process in alive:
        process.kill()
    assert alive == []


def test_a_limit_of_time_between_question_and_answer_mixes_up_no_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Celery raises it anywhere; the next file must not get the answer to the last."""
    own, received = reading.Server(), reading._received

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "_server", lambda *_: own)
    parse(GOOD, "a.docx")
    monkeypatch.setattr(reading, "_received", interrupted)
    with pytest.raises(KeyboardInterrupt):
        parse(GOOD, "a.docx")
    monkeypatch.setattr(reading, "_received", received)
    other = docx([paragraph("Ein anderer Titel", "Title"), paragraph("Ein anderer Text.")])
    assert parse(other, "b.docx").headline == "Ein anderer Titel"
    own.close()


def test_no_process_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setattr(reading, "_server", lambda *_: reading.Server())
    with pytest.raises(OSError, match="do not start"):
        parse(GOOD, "a.docx")


def test_what_is_read_in_parts_has_its_reader() -> None:
    from extraction.documents import parts, readers

    assert set(parts.READERS) == reading.IN_PARTS
    assert not set(readers.READERS) & reading.IN_PARTS
