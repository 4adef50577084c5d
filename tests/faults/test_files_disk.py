"""Files and folders that refuse, and more files at once than the kernel tells of.

Root is refused nothing; so the processes run without root's override of permissions.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.faults.outcome import (
    LONG,
    article,
    assert_ended,
    drop,
    in_spool,
    status,
    wait_until_ended,
)
from tests.faults.poison import pipeline
from tests.processes import Processes, files_in, states, wait_for
from worker.container import Container
from worker.folders import Folders
from worker.spool.settle import reason_of

BURST = 60_000 if LONG else 6_000
WITHOUT_OVERRIDE = [
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
]


@pytest.fixture
def plain_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started from now on are held to the permissions of files."""
    if os.geteuid() != 0:
        return
    if not shutil.which("setpriv"):
        pytest.skip("runs as root, whom no permission stops, and there is no setpriv")
    wrapper = tmp_path / "python"
    words = " ".join([*WITHOUT_OVERRIDE, sys.executable])
    wrapper.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    wrapper.chmod(0o755)
    closed = tmp_path / "closed"
    closed.touch(0o000)
    done = subprocess.run(
        [wrapper, "-c", f"open({str(closed)!r})"], check=False, capture_output=True
    )
    if done.returncode == 0:
        pytest.skip("root's override of permissions cannot be given up here")
    monkeypatch.setattr(sys, "executable", str(wrapper))


def _failed_are(container: Container, count: int) -> bool:
    return len(files_in(container.folders.failed)) == count


def test_unreadable_files(
    container: Container, processes: Processes, tmp_path: Path, plain_user: None
) -> None:
    """They fail with a reason; one of the same name too; nobody waits for them."""
    processes.start_all(**pipeline(tmp_path))
    good = {f"gut-{number}.txt": article(number) for number in range(5)}
    for number, word in enumerate(("eins", "zwei"), 1):
        path = container.folders.inbox / ".zu.txt"
        path.write_bytes(article(word))
        path.chmod(0)
        path.rename(container.folders.inbox / "zu.txt")
        wait_for(partial(_failed_are, container, number), "it has failed", 30)
    drop(container, good)
    wait_until_ended(container, 5, failed=2)
    failed = {name: container.folders.failed / name for name in files_in(container.folders.failed)}
    assert all("cannot be read" in reason_of(path)["error"] for path in failed.values())
    for path in failed.values():
        path.chmod(0o644)
    bytes_of = {name: path.read_bytes() for name, path in failed.items()}
    assert sorted(bytes_of.values()) == sorted([article("eins"), article("zwei")])
    assert_ended(container, good, bytes_of)


def test_read_only_archive(
    container: Container, processes: Processes, tmp_path: Path, plain_user: None
) -> None:
    """What is indexed waits in the spool, and moves when the archive can be written again."""
    dropped = {f"{number}.txt": article(number) for number in range(8)}
    container.folders.archive.chmod(0o555)
    drop(container, dropped)
    processes.start_all(**pipeline(tmp_path))
    wait_for(lambda: states(container).total() == len(dropped), "indexed")
    assert len(in_spool(container)) == len(dropped)
    container.folders.archive.chmod(0o755)
    assert wait_until_ended(container, len(dropped)) < 30
    assert_ended(container, dropped)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The data folder is a file system of its own, of 8 MB."""
    data = tmp_path / "data"
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(data)]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield data
    subprocess.run(["umount", "-l", data], check=True)


def _fill(folder: Path) -> Path:
    """Take all that is free; what took it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    assert shutil.disk_usage(folder).free == 0
    return ballast


def test_full_disk(
    small_disk: Path, container: Container, processes: Processes, tmp_path: Path
) -> None:
    """Whatever was dropped before waits, whole; nobody ends; work goes on once there is room."""
    before = {f"vorher-{number}.txt": article(number) for number in range(5)}
    after = {f"nachher-{number}.txt": article(100 + number) for number in range(20)}
    processes.start_all(**pipeline(tmp_path))
    drop(container, before)
    wait_until_ended(container, len(before))
    for name in ("watch", "intake"):
        processes.signal(name, signal.SIGSTOP)
    drop(container, after)
    ballast = _fill(small_disk)
    for name in ("watch", "intake"):
        processes.signal(name, signal.SIGCONT)
    time.sleep(30 if LONG else 8)
    assert processes.ended() == []
    assert files_in(container.folders.failed) == []
    assert any("Free some disk" in advice for advice in status(processes)["to_do"])
    ballast.unlink()
    assert wait_until_ended(container, len(before | after)) < 30
    assert_ended(container, before | after)


def _burst(folders: Folders) -> dict[str, int]:
    """Small files in one go; sizes by name."""
    sizes = {}
    for number in range(BURST):
        name = f"{number % 50:02}/{number:06}.txt"
        content = article(number, 1)
        (folders.inbox / name).parent.mkdir(exist_ok=True)
        with (folders.inbox / name).open("wb", buffering=0) as file:
            file.write(content[:40])
            file.write(content[40:])
        sizes[name] = len(content)
    return sizes


def _claimed(container: Container) -> list[tuple[str, int]]:
    files = [file for batch in container.spool.batches() for file in batch.files()]
    return sorted((file.relative, file.path.stat().st_size) for file in files)


@pytest.mark.parametrize("overflow", [False, True])
def test_burst(container: Container, processes: Processes, overflow: bool) -> None:
    """The watcher alone: every file is claimed, once and whole, in bounded memory."""
    most = Path("/proc/sys/fs/inotify/max_queued_events")
    if overflow and (not most.exists() or int(most.read_text()) > 3 * BURST):
        pytest.skip("no way to see how many events the kernel keeps, or too many for this test")
    watcher = processes.start("watch", DEPESCHE_SPOOL_BATCHES="100000")
    drop(container, {"erste.txt": article("erste")})
    wait_for(lambda: len(in_spool(container)) == 1, "the watcher is at work")
    before = psutil.Process(watcher.pid).memory_info().rss
    if overflow:
        watcher.send_signal(signal.SIGSTOP)
    sizes = _burst(container.folders) | {"erste.txt": len(article("erste"))}
    start = time.monotonic()
    if overflow:
        watcher.send_signal(signal.SIGCONT)
    wait_for(
        lambda: not any(container.folders.inbox.rglob("*.txt")), "all claimed", 120 + BURST / 100
    )
    seconds = time.monotonic() - start
    grown = (psutil.Process(watcher.pid).memory_info().rss - before) / 1e6
    sys.stdout.write(f"{BURST} files claimed {seconds:.1f} s after the last; +{grown:.0f} MB\n")
    assert _claimed(container) == sorted(sizes.items())
    assert grown < 20 + BURST * 0.003, "MB"
