"""Every way in which programs write files: slowly, in bursts, by rename, by copying trees."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.outcome import LONG, article, assert_ended, drop, wait_until_ended
from tests.faults.poison import pipeline
from tests.processes import Processes, files_in, wait_for
from worker.container import Container

OPEN_SECONDS = 10.0 if LONG else 3.0

Dropped = dict[str, bytes]


def slowly(inbox: Path, _: Path) -> Dropped:
    """Open for seconds, with one half of the text on disk."""
    content = article("langsam")
    with (inbox / "langsam.txt").open("wb", buffering=0) as file:
        file.write(content[:100])
        time.sleep(OPEN_SECONDS)
        file.write(content[100:])
    return {"langsam.txt": content}


def in_bursts(inbox: Path, _: Path) -> Dropped:
    """Open all the time, with pauses longer than the quiet time between the bursts."""
    content = article("stossweise", 20)
    with (inbox / "stossweise.txt").open("ab", buffering=0) as file:
        for start in range(0, len(content), 400):
            file.write(content[start : start + 400])
            time.sleep(0.4)
    return {"stossweise.txt": content}


def by_rename(inbox: Path, _: Path) -> Dropped:
    """A temporary name first, in each of the usual forms."""
    names = {"a.txt": ".a.txt.Xy12", "b.txt": "b.txt.part", "c.txt": "c.txt.tmp"}
    for name, temporary in names.items():
        with (inbox / temporary).open("wb", buffering=0) as file:
            file.write(article(name)[:50])
            time.sleep(0.5)
            file.write(article(name)[50:])
        time.sleep(0.5)  # closed, still, and yet not finished
        (inbox / temporary).rename(inbox / name)
    return {name: article(name) for name in names}


def as_editors_save(inbox: Path, _: Path) -> Dropped:
    """Vim's way: a swap file, a test file, a backup, the new text under the old name."""
    content = article("gesichert")
    swap, backup, file = inbox / ".notiz.txt.swp", inbox / "notiz.txt~", inbox / "notiz.txt"
    swap.write_bytes(b"swap")
    with (inbox / "4913").open("wb") as test:
        (inbox / "4913").unlink()
        test.write(b"")
    with file.open("wb", buffering=0) as open_file:
        backup.write_bytes(article("alt"))
        open_file.write(content[:60])
        time.sleep(0.5)
        open_file.write(content[60:])
        os.fsync(open_file.fileno())
    backup.unlink()
    swap.unlink()
    return {"notiz.txt": content}


def _tree(outside: Path, name: str) -> Dropped:
    contents = {
        f"{name}/{year}/{month:02}/{number}.txt": article(f"{name} {year} {month} {number}")
        for year in (2023, 2024)
        for month in (1, 2, 3)
        for number in (1, 2)
    }
    for path, content in contents.items():
        (outside / path).parent.mkdir(parents=True, exist_ok=True)
        (outside / path).write_bytes(content)
    return contents


def by_copying_a_tree(inbox: Path, outside: Path) -> Dropped:
    """``cp -r``."""
    contents = _tree(outside, "kopiert")
    subprocess.run(["cp", "-r", str(outside / "kopiert"), str(inbox)], check=True)
    return contents


def by_moving_a_folder(inbox: Path, outside: Path) -> Dropped:
    """``mv`` on one file system: the whole tree is there at once."""
    contents = _tree(outside, "verschoben")
    subprocess.run(["mv", str(outside / "verschoben"), str(inbox)], check=True)
    return contents


WRITERS: list[Callable[[Path, Path], Dropped]] = [
    slowly,
    in_bursts,
    by_rename,
    as_editors_save,
    by_copying_a_tree,
    by_moving_a_folder,
]


def test_every_kind_of_writer(container: Container, processes: Processes, tmp_path: Path) -> None:
    processes.start_all(**pipeline(tmp_path))
    drop(container, {"erste.txt": article("erste")})
    wait_until_ended(container, 1)
    outside = tmp_path / "outside"
    with ThreadPoolExecutor(len(WRITERS)) as pool:
        written = list(pool.map(lambda write: write(container.folders.inbox, outside), WRITERS))
    expected = {"erste.txt": article("erste")}
    for contents in written:
        expected |= contents
    wait_until_ended(container, len(expected))
    assert_ended(container, expected)


def test_files_that_vanish(container: Container, processes: Processes, tmp_path: Path) -> None:
    """Owners who take files away again, all the time, at every moment."""
    watcher = processes.start("watch", DEPESCHE_QUIET_SECONDS="0.01")
    processes.start("intake")
    processes.start("enrich", **pipeline(tmp_path))
    inbox = container.folders.inbox
    stay = {f"bleibt-{number:03}.txt": article(f"bleibt {number}") for number in range(40)}
    taken_back: Dropped = {}
    for number, (name, content) in enumerate(stay.items()):
        drop(container, {name: content})
        gone = inbox / f"geht-{number:03}.txt"
        gone.write_bytes(article(f"geht {number}"))
        time.sleep(number / 1000)
        try:
            gone.unlink()
        except FileNotFoundError:
            taken_back[gone.name] = article(f"geht {number}")  # it was claimed before
    expected = stay | taken_back
    wait_until_ended(container, len(expected))
    assert_ended(container, expected)
    assert watcher.poll() is None


def test_inbox_removed_and_made_again(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    processes.start_all(**pipeline(tmp_path))
    expected = {"davor.txt": article("davor")}
    drop(container, expected)
    wait_until_ended(container, 1)
    shutil.rmtree(container.folders.inbox)
    wait_for(container.folders.inbox.is_dir, "the inbox is made again", 10)
    shutil.rmtree(container.folders.inbox)
    container.folders.inbox.mkdir(exist_ok=True)  # by its owner, at once
    again = {"danach.txt": article("danach"), "a/b/danach.txt": article("danach unten")}
    drop(container, again)
    took = wait_for(lambda: not files_in(container.folders.inbox), "claimed", 30)
    assert took < 10, "a new inbox is seen within seconds"
    wait_until_ended(container, 3)
    assert_ended(container, expected | again)
