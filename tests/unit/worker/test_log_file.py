"""A log file that several processes write, and each of them renews: no line is lost or torn."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
from pathlib import Path

import pytest

from worker import folder_lock

WRITER = """
import os, sys, time
from pathlib import Path
from worker import logs
from worker.log_file import LogFile

path, name, lines, most, kept = Path(sys.argv[1]), *sys.argv[2:]
file = LogFile(path, Path("/nowhere"), int(most), int(kept))
logs.configure("INFO", process=name, file=file)
import structlog
for number in range(int(lines)):
    structlog.get_logger().info("event", name=name, number=number)
os.write(2, b"and what a library writes\\n")
"""


def write(log: Path, *names: str, lines: int, most: int, kept: int) -> None:
    """That many processes at once, each with its lines."""
    numbers = [str(lines), str(most), str(kept)]
    words = [sys.executable, "-c", WRITER.replace("\\\\", "\\"), str(log)]
    running = [subprocess.Popen([*words, name, *numbers]) for name in names]
    assert [process.wait() for process in running] == [0] * len(names)


def logs_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.suffix != ".lock")


def test_it_is_renewed_by_whoever_finds_it_full_and_nothing_is_lost(tmp_path: Path) -> None:
    log = tmp_path / "run" / "depesche.log"
    write(log, "a", "b", "c", lines=300, most=10_000, kept=200)
    files = list(log.parent.iterdir())
    assert len(files) > 5
    text = "".join(file.read_text() for file in files)
    seen = re.findall(
        r"^\S+ \[info +\] event +name=(\w) number=(\d+) pid=\d+ process=\1$", text, re.MULTILINE
    )
    assert sorted(seen) == sorted((name, str(n)) for name in "abc" for n in range(300))
    assert text.count("and what a library writes\n") == 3


def test_old_ones_go(tmp_path: Path) -> None:
    log = tmp_path / "depesche.log"
    write(log, "a", lines=300, most=2_000, kept=2)
    assert logs_in(tmp_path) == ["depesche.log", "depesche.log.1", "depesche.log.2"]
    assert max(file.stat().st_size for file in tmp_path.iterdir()) < 2_200
    assert "number=299" in log.read_text() + (tmp_path / "depesche.log.1").read_text()


def test_one_in_the_data_folder_which_up_holds_is_renewed_too(tmp_path: Path) -> None:
    log = tmp_path / "depesche.log"
    with folder_lock.held(tmp_path) as mine:
        assert mine
        write(log, "a", lines=300, most=2_000, kept=2)
    assert logs_in(tmp_path) == ["depesche.log", "depesche.log.1", "depesche.log.2"]


def test_one_that_others_may_read_they_may_not_hold(tmp_path: Path) -> None:
    """Red before: who may read a file may lock it, and it was that lock."""
    log = tmp_path / "depesche.log"
    log.touch(mode=0o644)
    with log.open() as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        write(log, "a", lines=300, most=2_000, kept=2)
    assert logs_in(tmp_path) == ["depesche.log", "depesche.log.1", "depesche.log.2"]


def test_one_behind_a_link_is_renewed_where_it_lies(tmp_path: Path) -> None:
    link = tmp_path / "link.log"
    (tmp_path / "logs").mkdir()
    link.symlink_to("logs/depesche.log")
    write(link, "a", lines=300, most=2_000, kept=1)
    assert logs_in(tmp_path / "logs") == ["depesche.log", "depesche.log.1"]
    assert logs_in(tmp_path) == ["link.log", "logs"]


def test_one_whose_older_name_cannot_be_taken_begins_anew(tmp_path: Path) -> None:
    log = tmp_path / "depesche.log"
    (tmp_path / "depesche.log.1").mkdir()
    write(log, "a", lines=300, most=2_000, kept=1)
    assert log.stat().st_size < 2_500
    text = log.read_text()
    assert "number=299" in text
    assert text.startswith(f"{log} begins anew, for it cannot be renamed")
    assert text.count("begins anew") == 1


REMOVED = """
import shutil, sys
from pathlib import Path
from worker import logs
from worker.log_file import LogFile
path = Path(sys.argv[1])
logs.configure("INFO", file=LogFile(path, Path("/nowhere")))
import structlog
structlog.get_logger().info("before")
shutil.rmtree(path.parent)
structlog.get_logger().info("after")
"""


def test_a_removed_one_is_made_again(tmp_path: Path) -> None:
    log = tmp_path / "run" / "depesche.log"
    subprocess.run([sys.executable, "-c", REMOVED, str(log)], check=True)
    assert "after" in log.read_text()
    assert "before" not in log.read_text()


STANDARD = """
import sys
from pathlib import Path
from worker.log_file import LogFile
LogFile(Path("/dev/stdout"), Path("/nowhere")).follow()
print("event", file=sys.stderr)
"""


def test_it_may_be_standard_output_which_is_a_pipe(tmp_path: Path) -> None:
    words = [sys.executable, "-c", STANDARD]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("event\n", "")


def test_standard_output_is_renamed_nowhere(tmp_path: Path) -> None:
    """Root would rename the system's own `/dev/stdout`."""
    output = tmp_path / "output"
    begun = STANDARD.replace("))", "), most=1)")
    full = begun + 'LogFile(Path("/dev/stdout"), Path("/nowhere"), most=1).follow()'
    for _ in range(2):
        with output.open("a") as file:
            subprocess.run([sys.executable, "-c", full], check=True, stdout=file)
    assert output.read_text() == "event\n" * 2
    assert logs_in(tmp_path) == ["output"]
    assert Path("/dev/stdout").is_symlink()


UNWRITABLE = """
import sys
from pathlib import Path
from worker import logs
from worker.log_file import LogFile
path = Path(sys.argv[1])
logs.configure("INFO", file=LogFile(path, Path("/nowhere")))
path.unlink()
path.mkdir()  # no file can be made there any more
import structlog
structlog.get_logger().info("still at work")
sys.exit(7)
"""


def test_one_that_cannot_be_written_stops_no_work(tmp_path: Path) -> None:
    words = [sys.executable, "-c", UNWRITABLE, str(tmp_path / "depesche.log")]
    assert subprocess.run(words, check=False).returncode == 7


def test_one_that_cannot_be_had_is_told_of_and_work_begins(tmp_path: Path) -> None:
    """Red before: it was an error, and no worker started again."""
    begin = UNWRITABLE.replace("path.unlink()", "").replace("path.mkdir()", "")
    words = [sys.executable, "-c", begin, str(tmp_path)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 7
    assert done.stderr.count(f"No log is written to {tmp_path}, but here") == 1
    assert "still at work" in done.stderr


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_a_line_an_article_is_for_those_who_ask_for_detail(level: str, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", CLAIM, str(tmp_path), level],
        check=True,
        capture_output=True,
        text=True,
    ).stderr.splitlines()
    assert len([line for line in said if "batch.claimed" in line]) == 1
    assert len([line for line in said if "file.claimed" in line]) == (5 if level == "DEBUG" else 0)


CLAIM = """
import sys
from pathlib import Path
from worker import logs
from worker.folders import Folders
from worker.inbox.watch import Watcher

class Publisher:
    def intake(self, batch):
        return True

folders = Folders(Path(sys.argv[1])).prepare()
logs.configure(sys.argv[2], process="watch")
for number in range(5):
    (folders.inbox / f"{number}.txt").write_text("Ein Satz.")
sizes = {"batch_files": 64, "batch_bytes": 10**6, "spool_batches": 8}
watcher = Watcher(folders, Publisher(), quiet=0.01, quiet_unproven=0.01, leases=False, **sizes)
import time
claimed = 0
while claimed < 5:
    claimed += watcher.scan()
    time.sleep(0.05)
"""
