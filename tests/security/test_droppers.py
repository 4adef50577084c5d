"""Whoever may put files into the inbox can do that, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from depesche.client import Client
from tasks.settings import Settings
from tests.processes import files_in, wait_for
from tests.security.stage import ANOTHER, FAIR, NOBODY, Stage, staged
from tests.security.stranger import STRANGERS, as_root, as_user
from worker.folders import Folders
from worker.processes.check import check_folders
from worker.processes.samples import drop_samples, samples
from worker.spool.spool import Spool


@pytest.fixture(params=["root", "a plain user"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(request.param == "root") as made:
        yield made


def _seen(folder: Path) -> dict[str, tuple[int, ...]]:
    """What tells that a file was moved, changed or read (where the system notes reading)."""
    looks = {path.name: path.lstat() for path in folder.iterdir()}
    return {n: (s.st_ino, s.st_ctime_ns, s.st_atime_ns, s.st_nlink) for n, s in looks.items()}


def _drop_fairly(inbox: Path, number: int) -> str:
    """What a neighbour puts in, partly in a folder that all may write to."""
    relative = f"redlich-{number}.txt" if number % 2 else f"nachbar/{number}/brief.txt"
    path = inbox / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(FAIR.format(number, number, number))
    if os.geteuid() == 0:
        for each in {part, path.parent, path.parent.parent} - {inbox, inbox.parent}:
            os.chown(each, ANOTHER, ANOTHER)
        for folder in {path.parent, path.parent.parent} - {inbox, inbox.parent}:
            folder.chmod(0o777)
    part.rename(path)
    return relative


def _attacked(stage: Stage, way: str, seconds: float) -> None:
    uid = NOBODY if os.geteuid() == 0 else os.geteuid()
    before, fair = _seen(stage.outside), list[str]()
    with stage.working():
        fair.append(_drop_fairly(stage.folders.inbox, 0))
        wait_for(lambda: files_in(stage.folders.archive) == fair, "it works", 90)
        attacker = stage.attack(way, uid, seconds)
        while attacker.poll() is None:
            fair.append(_drop_fairly(stage.folders.inbox, len(fair)))
            time.sleep(0.05)
        steps = int(attacker.communicate()[0])
        shutil.rmtree(stage.folders.inbox / way, ignore_errors=True)  # the watcher takes some
        spool = Spool(stage.folders.spool)
        wait_for(lambda: len(spool) == 0, "no batch is stuck", 90)
        archived = lambda: set(fair) <= set(files_in(stage.folders.archive))  # noqa: E731
        wait_for(archived, "every neighbour's file is archived", 90)
    baits = len(files_in(stage.folders.archive)) - len(fair)
    refused = len(list(stage.folders.spool.glob("refused/*")))
    print(f"{way}, {seconds:.0f} s: {steps} steps, {baits} baits in, {refused} refused")
    assert _seen(stage.outside) == before
    assert "GEHEIMNIS" not in stage.texts()
    assert not [path for path in stage.folders.archive.rglob("*") if path.is_symlink()]
    assert not [path for path in stage.folders.failed.rglob("*") if path.is_symlink()]


@pytest.mark.parametrize("way", ["exchange", "swap"])
def test_a_dropper_reaches_nothing_outside(stage: Stage, way: str) -> None:
    _attacked(stage, way, 3.0)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["exchange", "swap"])
def test_a_dropper_reaches_nothing_outside_for_a_minute(stage: Stage, way: str) -> None:
    _attacked(stage, way, 60.0)


#: As whom: what of these paths can be read, or listed, a line each.
READ = """
import os, sys
uid = int(sys.argv[1])
os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
for path in sys.argv[2:]:
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read()
    except OSError:
        continue
    print(path)
"""


def _readable(paths: list[Path]) -> set[Path]:
    command = [sys.executable, "-I", "-c", READ, str(NOBODY), *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/")
    return {Path(line) for line in done.stdout.splitlines()}


@pytest.mark.parametrize("older", [False, True], ids=["new", "of an older version"])
def test_nobody_else_reads_anything_but_the_inbox(stage: Stage, older: bool) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    folders = stage.folders
    if older:
        for place in folders.private:
            place.chmod(0o755)
        (folders.data / "settle.lock").touch(0o644)
        os.chown(folders.data / "settle.lock", stage.user, stage.user)
    with stage.working():
        _drop_fairly(folders.inbox, 1)
        (folders.inbox / "leer.txt").touch()
        wait_for(lambda: files_in(folders.failed) == ["leer.txt"], "one fails", 90)
        wait_for(lambda: len(files_in(folders.archive)) == 1, "one is archived", 90)
    (folders.inbox / "neu.part").touch()
    paths = [folders.data, *folders.data.rglob("*")]
    assert {"ledger.sqlite", "settle.lock", "leer.txt.reason.json"} <= {p.name for p in paths}
    open_ = _readable(paths)
    assert {path for path in open_ if not path.is_relative_to(folders.inbox)} == set()
    assert folders.inbox / "neu.part" in open_


def test_what_was_open_is_closed_and_said_and_what_is_shared_stays_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = Folders(tmp_path / "data").prepare()
    folders.archive.chmod(0o2775)
    folders.failed.chmod(0o755)
    folders.inbox.chmod(0o777)
    check_folders(folders)
    modes = [p.stat().st_mode & 0o7777 for p in (folders.archive, folders.failed, folders.inbox)]
    assert modes == [0o2770, 0o700, 0o777]
    assert capsys.readouterr().out.count("folders.closed") == 2
    check_folders(folders)
    assert "folders.closed" not in capsys.readouterr().out


#: A sender who keeps what he dropped in his hand, and writes into it when he is told to.
KEEP = """
import os, sys
uid, inbox, elsewhere = int(sys.argv[1]), sys.argv[2], sys.argv[3]
os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
text = sys.stdin.readline().encode().replace(b"|", b"\\n")
for name in ("gehalten", "verlinkt"):
    path = f"{elsewhere}/{name}.txt"
    with open(path, "wb") as file:
        file.write(text.replace(b"NAME", name.encode()))
    os.link(path, f"{inbox}/{name}.txt") if name == "verlinkt" else None
held = os.open(f"{elsewhere}/gehalten.txt", os.O_RDONLY)
os.rename(f"{elsewhere}/gehalten.txt", f"{inbox}/gehalten.txt")
print("dropped", flush=True)
sys.stdin.readline()
for path in (f"/proc/self/fd/{held}", f"{elsewhere}/verlinkt.txt"):
    with open(path, "r+b") as file:
        file.write(b"GEFAELSCHT")
print("changed", flush=True)
"""


def has_dropped(folders: Folders, elsewhere: Path, program: str) -> subprocess.Popen[str]:
    """A sender who has dropped what his program does, and waits to be told to go on."""
    elsewhere.mkdir()
    os.chown(elsewhere, NOBODY, NOBODY)
    words = [str(NOBODY), str(folders.inbox), str(elsewhere)]
    sender = subprocess.Popen(
        [sys.executable, "-I", "-c", program, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert sender.stdin
    assert sender.stdout
    print(FAIR.format("NAME", "NAME", "NAME").replace("\n", "|"), file=sender.stdin)
    assert sender.stdout.readline() == "dropped\n"
    return sender


def test_a_sender_cannot_change_what_is_archived() -> None:
    """He has it open, or another link to it; he is its owner."""
    with staged(True) as stage, stage.working():
        elsewhere = stage.folders.data.parent / "seines"
        sender = has_dropped(stage.folders, elsewhere, KEEP)
        assert sender.stdin
        assert sender.stdout
        names = ["gehalten.txt", "verlinkt.txt"]
        wait_for(lambda: files_in(stage.folders.archive) == names, "both are archived", 90)
        print(file=sender.stdin)
        assert sender.stdout.readline() == "changed\n"
        sender.communicate(timeout=30)
        assert (elsewhere / "verlinkt.txt").read_text().startswith("GEFAELSCHT")
        for name in names:
            archived = stage.folders.archive / name
            assert archived.read_text().startswith(" date 2024")
            assert archived.stat().st_uid == 0


#: The same with containers, and with what fails. He says how many of them he could write into.
KEEP_MORE = """
import os, sys, zipfile
uid, inbox, elsewhere = int(sys.argv[1]), sys.argv[2], sys.argv[3]
os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
os.umask(0)
text = sys.stdin.readline().replace("|", "\\n")
held = []
for name in ("gehalten.zip", "verlinkt.zip", "kaputt.zip", "leer.txt"):
    path = f"{elsewhere}/{name}"
    with open(path, "wb") as file, zipfile.ZipFile(file, "w") as packed:
        if name != "leer.txt":
            packed.writestr("a.txt", text.replace("NAME", name))
    if name in ("kaputt.zip", "leer.txt"):
        os.truncate(path, 30 if name == "kaputt.zip" else 0)
    held.append(os.open(path, os.O_RDONLY))
    drop = os.link if name == "verlinkt.zip" else os.rename
    drop(path, f"{inbox}/{name}")
print("dropped", flush=True)
sys.stdin.readline()
written = 0
for path in [f"/proc/self/fd/{handle}" for handle in held]:
    try:
        os.truncate(path, 1 << 40)
        written += 1
    except OSError:
        pass
print(written, flush=True)
"""


def test_a_sender_cannot_change_a_container_that_is_archived_nor_what_failed() -> None:
    """Of terabytes of a hole `verify` read two minutes, and a copy was sent to the bucket."""
    with staged(True) as stage, stage.working():
        elsewhere = stage.folders.data.parent / "seines"
        sender = has_dropped(stage.folders, elsewhere, KEEP_MORE)
        assert sender.stdin
        assert sender.stdout
        archive, failed = stage.folders.archive, stage.folders.failed
        both = [archive / name / name for name in ("gehalten.zip", "verlinkt.zip")]
        wait_for(lambda: all(path.exists() for path in both), "both are archived", 90)
        ends = [*both, failed / "kaputt.zip", failed / "leer.txt"]
        wait_for(lambda: all(path.exists() for path in ends), "the others fail", 90)
        print(file=sender.stdin)
        assert sender.stdout.readline() == "1\n", "his own alone, by its other link"
        sender.communicate(timeout=30)
        assert (elsewhere / "verlinkt.zip").stat().st_size == 1 << 40
        for path in ends:
            status = path.stat()
            assert (status.st_uid, status.st_nlink) == (0, 1)
            assert status.st_size < 1000


@as_root
@pytest.mark.parametrize("mode", [0o1777, 0o755], ids=["sticky", "closed since"])
@pytest.mark.parametrize("program", [0, STRANGERS[1]])
@pytest.mark.parametrize("shut", [False, True])
def test_what_a_program_drops_lies_in_no_folder_of_a_stranger_s(
    mode: int, program: int, shut: bool
) -> None:
    """Red before: whoever had made `sent/` first took it away, changed it, or let nobody drop."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o711)
        settings = Settings(data=Path(name, "data"))
        inbox = Folders(settings.data).prepare().inbox
        inbox.chmod(0o1777)
        day = inbox / "sent" / datetime.now(UTC).date().isoformat()
        as_user(STRANGERS[0], partial(_shut if shut else _open_to_all, day))
        inbox.chmod(mode)
        os.chown(inbox, program if mode == 0o755 else 0, 0)
        path = as_user(program, partial(Client(settings).drop_article, headline="Der Minister"))
        assert isinstance(path, Path), path
        assert path.parent == Path()
        for attack in ((inbox / path).unlink, partial((inbox / path).write_text, "anderes")):
            assert isinstance(as_user(STRANGERS[0], attack), PermissionError)
        assert "Der Minister" in (inbox / path).read_text()


@as_root
def test_nobody_can_tell_the_name_that_a_program_s_file_will_get() -> None:
    """Red before: who read the temporary file made a folder of that name, each time."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o711)
        settings = Settings(data=Path(name, "data"))
        inbox = Folders(settings.data).prepare().inbox
        inbox.chmod(0o1777)
        dropped = partial(Client(settings).drop_article, headline="Der Minister")
        first, second = dropped(), dropped()
        assert (first.parent, second.parent, first.suffix) == (Path(), Path(), ".json")
        assert first != second
        assert (inbox / first).read_bytes() == (inbox / second).read_bytes()


def _open_to_all(day: Path) -> None:
    day.mkdir(parents=True)
    for place in (day.parent, day):
        place.chmod(0o777)


def _shut(day: Path) -> None:
    day.parent.mkdir(mode=0o755)
    day.symlink_to("x")


@as_root
@pytest.mark.parametrize("mode", [0o2770, 0o777, 0o1777])
def test_the_samples_are_written_through_no_link(mode: int) -> None:
    """Their names are known to all: who may drop puts links there, and root drops the samples."""
    with staged(as_root=True) as stage:
        _samples_beside_links(stage, mode)


def _samples_beside_links(stage: Stage, mode: int) -> None:
    folders, (first, second, *_) = stage.folders, sorted(samples())
    os.chown(folders.inbox, -1, NOBODY)
    folders.inbox.chmod(mode)
    before = _seen(stage.outside)
    for name, goal in ((first, "geheim.txt"), (second, "neu.txt")):
        link = partial((folders.inbox / name).symlink_to, stage.outside / goal)
        assert as_user(NOBODY, link) is None
    assert drop_samples(folders, print) == len(samples())
    assert _seen(stage.outside) == before
    assert not [path for path in folders.inbox.iterdir() if path.is_symlink()]
    assert set(files_in(folders.inbox)) == samples()


@as_root
def test_a_file_that_may_not_be_replaced_keeps_no_other_sample_from_being_dropped() -> None:
    """Red before: it was taken for a disk that takes nothing; a mount (FUSE) of his, too."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o711)
        folders, first, said = Folders(Path(name, "data")).prepare(), min(samples()), list[str]()
        folders.inbox.chmod(0o1777)
        (folders.inbox / first).touch()
        os.chown(folders.inbox / first, NOBODY, NOBODY)

        def dropped() -> list[str]:
            drop_samples(folders, said.append)
            return said

        assert as_user(ANOTHER, dropped) == [
            f"The sample {first} is left out: what has its name in {folders.inbox} stays there."
        ]
        assert set(files_in(folders.inbox)) == samples()


#: Who wants the batch of his file to be held for ever; each way did that once.
HOLD = """
import fcntl, hashlib, os, signal, sys
uid, inbox, way = int(sys.argv[1]), sys.argv[2], sys.argv[3]
if os.geteuid() == 0:
    os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
os.umask(0)
signal.signal(signal.SIGIO, signal.SIG_IGN)
text = sys.stdin.readline().replace("|", "\\n")
def drop(name, mark):
    path, part = f"{inbox}/{name}", f"{inbox}/halb.part"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(part, "w") as file:
        file.write(text.replace("NAME", mark))
    handle = os.open(part, os.O_RDONLY)
    if mark == "lease":
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    os.rename(part, path)
    return handle
digest = hashlib.sha256(text.replace("NAME", "late").encode()).hexdigest()
before = {
    "names": ["gleich.txt", f"gleich~{digest[:12]}.txt", f"gleich~{digest}.txt"],
    "folder": ["f" * 255],
    "lease": [],
}
for number, name in enumerate(before[way]):
    drop(name, str(number))
print("dropped", flush=True)
sys.stdin.readline()
last = {"names": "gleich.txt", "folder": "f" * 255 + "/gleich.txt", "lease": "gleich.txt"}
kept = drop(last[way], "lease" if way == "lease" else "late")
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("way", ["names", "folder", "lease"])
def test_a_dropper_holds_nobody_else_s_files(stage: Stage, way: str) -> None:
    """He takes every name that his file could get, or its folder's, or a lease on it."""
    uid, inbox = (NOBODY if os.geteuid() == 0 else os.geteuid()), stage.folders.inbox
    command = [sys.executable, "-I", "-c", HOLD, str(uid), str(inbox), way]
    text = FAIR.format("NAME", "NAME", "NAME").replace("\n", "|")
    with stage.working():
        holder = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert holder.stdin
        assert holder.stdout
        print(text, file=holder.stdin)
        assert holder.stdout.readline() == "dropped\n"
        wait_for(lambda: not files_in(inbox) and not len(Spool(stage.folders.spool)), "ended", 90)
        print(file=holder.stdin)
        assert holder.stdout.readline() == "held\n"
        fair = {_drop_fairly(inbox, number) for number in range(20)}
        archived = lambda: fair <= set(files_in(stage.folders.archive))  # noqa: E731
        wait_for(archived, "every neighbour's file is archived", 90)
        print(file=holder.stdin)
        holder.communicate(timeout=30)
        ended = lambda: not files_in(inbox) and not len(Spool(stage.folders.spool))  # noqa: E731
        wait_for(ended, "his own has an end, too", 90)
