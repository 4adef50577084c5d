"""How long a look through a mirror of very many files takes, and what memory.

    python -m benchmarks.mirror 1000000 /tmp/mirror

The files are empty, in folders of 10,000, and made where there are none yet. Nothing is indexed:
what is measured is the listing, the difference, and what is written down of it.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from articles.limits import MEBIBYTE
from worker.mirror import state
from worker.mirror.scan import Scanned, scan
from worker.mirror.state import State
from worker.mirror.take import Taking

IN_FOLDER = 10_000
TAKING = Taking(MEBIBYTE, (0.2, 3.0), Path())


def main(count: int, place: Path) -> None:
    """Measure each kind of look once."""
    root, known = place / "tree", place / "known.sqlite"
    _make(root, count)
    for ending in ("", "-wal", "-shm"):
        Path(f"{known}{ending}").unlink(missing_ok=True)
    with state.opened(known, make=True) as rows:
        rows.say(root=root, device=root.stat().st_dev)
        _measured("the first look", rows)
        query = "UPDATE files SET state = 'indexed', sha256 = ?, id = path"
        rows._db.execute(query, (sha256().hexdigest(),))
        _measured("nothing has changed", rows)
        (root / "0").rename(root / "moved")
        _measured("a folder was renamed", rows)
        (root / "moved").rename(root / "0")
        _measured("and back again", rows)
    print(f"{known.stat().st_size / 1e6:.0f} MB of known state")


def _make(root: Path, count: int) -> None:
    for start in range(0, count, IN_FOLDER):
        folder = root / str(start // IN_FOLDER)
        if not folder.exists():
            folder.mkdir(parents=True)
            for number in range(start, min(start + IN_FOLDER, count)):
                os.mknod(folder / f"{number:08}.txt")


def _measured(what: str, rows: State) -> None:
    found, seconds = _timed(lambda: scan(rows, time.time(), 600.0, TAKING))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {seconds:.1f} s, at most {peak:.0f} MB, {found}", flush=True)


def _timed(work: Callable[[], Scanned]) -> tuple[Scanned, float]:
    begins = time.monotonic()
    return work(), time.monotonic() - begins


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
