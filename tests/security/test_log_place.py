"""A log lies where nobody else may rename it, or lead it elsewhere; else Depesche does not start.

Names of files are in it, which others choose: root would append them to any file of root's.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from articles.errors import UsageError
from tests.security.stranger import STRANGERS, as_root, as_user, let_in
from worker.access_lists import ACCESS
from worker.beneath import NotAFile
from worker.log_file import LogFile
from worker.log_place import stream
from worker.processes.itself import itself
from worker.processes.parent import SUPERVISED

HIS = STRANGERS[0]

#: Nothing is started in their place.
NO_SERVICES = {
    "DEPESCHE_REDIS_URL": "redis://127.0.0.1:9",
    "DEPESCHE_ELASTICSEARCH_URL": "http://127.0.0.1:9",
}

pytestmark = as_root


def _his_folder(top: Path, _: int) -> Path:
    os.chown(top, HIS, HIS)
    return top / "depesche.log"


def _his_groups(top: Path, _: int) -> Path:
    os.chown(top, -1, HIS)
    top.chmod(0o2775)
    return top / "depesche.log"


def _named_by_a_list(top: Path, _: int) -> Path:
    let_in(top, HIS, ACCESS)
    return top / "depesche.log"


def _everybodys(top: Path, _: int) -> Path:
    top.chmod(0o1777)
    return top / "depesche.log"


def _below_his_folder(top: Path, victim: int) -> Path:
    (top / "his" / "ours").mkdir(parents=True)
    os.chown(top / "his", HIS, HIS)
    os.chown(top / "his" / "ours", victim, victim)
    return top / "his" / "ours" / "depesche.log"


def _behind_his_link(top: Path, victim: int) -> Path:
    (top / "ours").mkdir()
    os.chown(top / "ours", victim, victim)
    (top / "link").symlink_to("ours")
    os.chown(top / "link", HIS, HIS, follow_symlinks=False)
    top.chmod(0o1777)
    return top / "link" / "depesche.log"


def _behind_our_link_to_his_folder(top: Path, victim: int) -> Path:
    log = _his_folder(_made(top / "his", victim), victim)
    (top / "depesche.log").symlink_to(log)
    return top / "depesche.log"


def _made(folder: Path, owner: int) -> Path:
    folder.mkdir()
    os.chown(folder, owner, owner)
    return folder


def _by_a_member(top: Path, log: Path) -> Path:
    """A link to root's file, under a log's name in a folder of his group's."""
    os.chown(top, -1, HIS)
    (top / "depesche.log").symlink_to(log)
    os.chown(top / "depesche.log", HIS, HIS, follow_symlinks=False)
    return top / "depesche.log"


def _behind_a_member_s_link(top: Path, _: int) -> Path:
    top.chmod(0o1775)
    return _by_a_member(top, _roots(top))


def _behind_a_member_s_link_through_proc(top: Path, _: int) -> Path:
    top.chmod(0o2775)
    return _by_a_member(top, Path(f"/proc/self/root{_roots(top)}"))


def _in_his_folder_through_proc(top: Path, _: int) -> Path:
    _by_a_member(top, Path(f"/proc/self/root{_roots(top).parent}"))
    os.chown(top, HIS, HIS)
    return top / "depesche.log" / ".bashrc"


def _roots(top: Path) -> Path:
    (top.parent / "root").mkdir()
    (top.parent / "root" / ".bashrc").touch()
    return top.parent / "root" / ".bashrc"


LINKED = (
    *(_behind_a_member_s_link, _behind_a_member_s_link_through_proc),
    _in_his_folder_through_proc,
)

UNFIT = (
    *LINKED,
    *(_his_folder, _his_groups, _named_by_a_list, _everybodys),
    *(_below_his_folder, _behind_his_link, _behind_our_link_to_his_folder),
)


@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
@pytest.mark.parametrize("way", UNFIT)
def test_where_others_could_move_it_no_log_is_written(
    victim: int, way: Callable[[Path, int], Path]
) -> None:
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        log = way(_made(Path(name, "news"), victim), victim)
        said = str(as_user(victim, partial(_begun, log, Path("/nowhere"))))
        assert said.startswith(f"No log is written to {log}: {name}/news")
        assert said.endswith(
            "Set DEPESCHE_LOG_FILE to a file in a folder that nobody else may write."
        )


def _begun(log: Path, data: Path) -> None:
    os.close(LogFile(log, data).begun())


@pytest.mark.parametrize("way", UNFIT)
def test_what_is_looked_at_is_what_is_opened(way: Callable[[Path, int], Path]) -> None:
    """Red before: somebody looked, by its path, and whoever opened it then followed any link."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        log = way(_made(Path(name, "news"), 0), 0)
        with pytest.raises(NotAFile):
            LogFile(log, Path("/nowhere")).opened()
        assert not log.exists() or log.read_bytes() == b""


def test_a_folder_that_is_missing_is_made_at_once_and_nobody_makes_another() -> None:
    """Red before: below a folder like `/tmp` nothing was looked at, and then his was taken."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        top = _made(Path(name, "top"), 0)
        for place, mode in ((Path(name), 0o755), (top, 0o1777)):
            place.chmod(mode)
        file = LogFile(top / "new" / "depesche.log", Path("/nowhere"))
        os.close(file.begun())
        assert isinstance(as_user(HIS, (top / "new").mkdir), FileExistsError)
        os.close(file.opened())
        assert (top / "new" / "depesche.log").stat().st_uid == os.geteuid()


def test_no_link_of_another_user_s_leads_the_log_into_the_data_folder() -> None:
    """Red before: in there it may always lie, and it was the ledger then, or an article."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        data, top = _made(Path(name, "data"), 0), _made(Path(name, "top"), 0)
        (data / "ledger.sqlite").touch()
        top.chmod(0o2775)
        log = _by_a_member(top, data / "ledger.sqlite")
        with pytest.raises(UsageError, match=f"{top} may be written by a group"):
            LogFile(log, data).begun()
        os.chown(top, 0, 0)
        with pytest.raises(UsageError, match="a link of another user"):
            LogFile(log, data).begun()


def test_what_an_operator_names_alone_is_a_stream() -> None:
    """Red before: it was enough that `/proc` lay on the way."""
    for log in ("/proc/self/fd/1/x", "/dev/stdout/../shm/x", "/dev/fd/../x", "/proc/self/cwd/x"):
        assert stream(Path(log)) is None
    for log, number in (("/dev/stdout", 1), ("/dev/stderr", 2), ("/dev/fd/7", 7)):
        assert stream(Path(log)) == number


@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_in_folders_of_our_own_it_is_written(victim: int) -> None:
    """Also below `/tmp`, and in the data folder: who may exchange that one is trusted."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        ours, his = _made(Path(name, "ours"), victim), _made(Path(name, "his"), HIS)
        run = _made(_made(ours / "data", victim) / "run", victim)
        logs = [ours / "depesche.log", ours / "new" / "depesche.log", run / "depesche.log"]
        logs += [Path("/dev/stdout"), Path("/dev/stderr"), Path("/proc/self/fd/1")]
        (ours / "out.log").symlink_to("new/depesche.log")
        os.chown(ours / "out.log", victim, victim, follow_symlinks=False)
        for log in (*logs, ours / "out.log"):
            assert as_user(victim, partial(_begun, log, ours / "data")) is None, log
        assert (ours / "new").stat().st_mode & 0o777 == 0o700
        Path(name).chmod(0o755)
        (ours / "data").rename(his / "data")
        inside = partial(_begun, his / "data" / "run" / "depesche.log", his / "data")
        assert as_user(victim, inside) is None
        _made(his / "data" / "inbox", victim).chmod(0o1777)
        for place, why in (("inbox/a.log", "by everybody"), ("../a.log", "to another user")):
            outside = as_user(victim, partial(_begun, his / "data" / place, his / "data"))
            assert why in str(outside)


@pytest.mark.parametrize("words", [["watch"], ["up"], ["up", "--detach"], ["work", "intake"]])
def test_no_command_starts_with_a_log_that_others_could_move(words: list[str]) -> None:
    """Red before: it was written there, and others' files of its name were renamed with it."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        log = _below_his_folder(_made(Path(name, "news"), 0), 0)
        done = _run(words, name, log, **NO_SERVICES)
        assert done.returncode == 2, done.stderr
        assert f"No log is written to {log}" in done.stderr
        assert not log.exists()


@pytest.mark.parametrize("words", [["watch"], ["up", "--detach"]])
@pytest.mark.parametrize("way", LINKED)
def test_no_link_of_another_user_leads_the_log_into_a_file_of_root_s(
    way: Callable[[Path, int], Path], words: list[str]
) -> None:
    """Red before: behind a link through `/proc`, or in a group's folder with the sticky bit."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        log = way(_made(Path(name, "news"), 0), 0)
        done = _run(words, name, log, **NO_SERVICES)
        assert Path(name, "root", ".bashrc").read_bytes() == b""
        assert done.returncode == 2, done.stderr
        assert f"No log is written to {log}" in done.stderr


def test_what_up_has_started_says_so_and_goes_on() -> None:
    """Somebody may have opened the folder since: a worker that ends is started again."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        log = _below_his_folder(_made(Path(name, "news"), 0), 0)
        done = _run(["watch"], name, log, **{SUPERVISED: str(os.getpid())})
        assert f"No log is written to {log}" in done.stderr
        assert "Or set DEPESCHE_REDIS_URL" in done.stderr, "it came as far as what is missing here"
        assert not log.exists()


def _run(words: list[str], name: str, log: Path, **more: str) -> subprocess.CompletedProcess[str]:
    where = {"DEPESCHE_DATA": f"{name}/data", "DEPESCHE_LOG_FILE": str(log)}
    environment = {**os.environ, **where, **more}
    return subprocess.run(
        itself(*words), env=environment, capture_output=True, text=True, check=False, timeout=60
    )
