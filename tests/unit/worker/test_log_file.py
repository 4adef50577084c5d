"""A log file that several processes write, and each of them renews: no line is lost or torn."""

from __future__ import annotations

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
logs.LogFile = lambda path: LogFile(path, int(most), int(kept))
logs.configure("INFO", process=name, file=path)
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
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {"depesche.log", "depesche.log.1", "depesche.log.2"}
    assert max(file.stat().st_size for file in tmp_path.iterdir()) < 2_200
    assert "number=299" in log.read_text() + (tmp_path / "depesche.log.1").read_text()


def test_one_in_the_data_folder_which_up_holds_is_renewed_too(tmp_path: Path) -> None:
    log = tmp_path / "depesche.log"
    with folder_lock.held(tmp_path) as mine:
        assert mine
        write(log, "a", lines=300, most=2_000, kept=2)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["depesche.log", "depesche.log.1", "depesche.log.2"]


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
path = Path(sys.argv[1])
logs.configure("INFO", file=path)
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
LogFile(Path("/dev/stdout")).follow()
print("event", file=sys.stderr)
"""


def test_it_may_be_standard_output_which_is_a_pipe(tmp_path: Path) -> None:
    words = [sys.executable, "-c", STANDARD]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("event\n", "")


UNWRITABLE = """
import sys
from pathlib import Path
from worker import logs
from worker.log_file import LogFile
path = Path(sys.argv[1])
logs.configure("INFO", file=path)
path.unlink()
path.mkdir()  # no file can be made there any more
import structlog
structlog.get_logger().info("still at work")
sys.exit(7)
"""


def test_one_that_cannot_be_written_stops_no_work(tmp_path: Path) -> None:
    words = [sys.executable, "-c", UNWRITABLE, str(tmp_path / "depesche.log")]
    assert subprocess.run(words, check=False).returncode == 7


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
