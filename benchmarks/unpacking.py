"""Memory and rate of unpacking a file of many articles: ``python -m benchmarks.unpacking``.

A table or JSON lines of ``--rows`` made-up articles (1,000,000) is unpacked, without a service, by
what intake unpacks with: part by part into batches of the spool. Each member is read there as an
article and thrown away, instead of being indexed. The most memory (resident) until each tenth of
the rows is told: it shall not grow with them. Each file is written through to the disk, as intake
does; ``TMPDIR=/dev/shm`` leaves that out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, table
from benchmarks.samples import samples
from extraction.formats.parse import parse, warm
from worker.folders import Folders
from worker.intake.fates import ItemFate
from worker.intake.unpack import Portions, Unpacker
from worker.spool.ledger import Ledger
from worker.spool.spool import Batch, Spool

_TENTHS = 10
_GROWTH = 0.05
_FIELDS = ("id", "headline", "published", "lead", "body")


def rows(count: int) -> Iterator[dict[str, str]]:
    """Yield articles of sentences of the samples, no two alike."""
    articles = list(samples().values())
    sentences = [s for each in articles for s in " ".join(each.body.split()).split(". ") if s]
    for number in range(count):
        chance = Random(number)
        body = "\n\n".join(". ".join(chance.choices(sentences, k=3)) + "." for _ in range(3))
        yield {
            "id": f"row-{number}",
            "headline": f"{chance.choice(articles).headline} ({number})",
            "published": f"20{number % 25:02}-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "lead": chance.choice(sentences) + ".",
            "body": body,
        }


def write(path: Path, count: int) -> None:
    """Write them, as the ending of the name says."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            writer = csv.DictWriter(file, _FIELDS)
            writer.writeheader()
            writer.writerows(rows(count))
        else:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(count))


@dataclass
class Reading:
    """Reads what is in a batch, and notes the most memory in bytes at each tenth of ``count``."""

    count: int
    every: int = 1
    done: int = 0
    failed: int = 0
    peaks: list[int] = field(default_factory=list)

    def work(self, batch: Batch, _more: bool) -> Sequence[ItemFate]:
        """Read all members, and throw the batch away."""
        fates: list[ItemFate] = []
        for file in batch.files():
            if (self.done + len(fates)) % self.every == 0:
                self.failed += not parse(file.path.read_bytes(), file.relative).headline
            fates.append(ItemFate(file.relative, "indexed"))
            file.path.unlink()
        batch.close()
        self.done += len(fates)
        if self.done * _TENTHS >= self.count * (len(self.peaks) + 1):
            self.peaks.append(_peak())
        return fates


def _peak() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def measure(ending: str, count: int, every: int) -> list[Figure]:
    """Return rate and memory of a file of so many rows."""
    with TemporaryDirectory(prefix="depesche-bench-") as place:
        folders = Folders(Path(place)).prepare()
        spool = Spool(folders.spool)
        with spool.filling() as batch:
            path = batch.root / f"rows{ending}"
            write(path, count)
        size = path.stat().st_size
        unpacker = Unpacker(
            folders, spool, Ledger(Path(place) / "l.sqlite"), Portions(seconds=1e9), False
        )
        (file,) = batch.files()
        kind = unpacker.kind(file)
        assert kind is not None  # noqa: S101  (it is a table or JSON lines)
        reading = Reading(count, every)
        begin, used = time.monotonic(), time.process_time()
        fate = unpacker.unpack(batch, file, kind, reading.work, unpacker.portions.turn())
        taken, used = time.monotonic() - begin, time.process_time() - used
    if (fate.fate, reading.done, reading.failed) != ("unpacked", count, 0):
        raise SystemExit(
            f"{fate.fate}: {fate.reason}; {reading.done:,} read, {reading.failed:,} wrong"
        )
    return _figures(ending, count, size, taken, used, reading.peaks)


def _figures(
    ending: str, count: int, size: int, taken: float, used: float, peaks: Sequence[int]
) -> list[Figure]:
    what = f"{count:,} rows of {ending} ({size / 1e6:,.0f} MB)"
    first, last = peaks[0] / 2**20, peaks[-1] / 2**20
    return [
        Figure(
            f"{what}: rows a second",
            count / taken,
            None,
            f"{count / used:,.0f} a second of computing",
        ),
        Figure(f"{what}: most memory, MiB", last, None, f"after the first tenth {first:.0f}"),
        Figure(
            f"{what}: growth from the first tenth on", last / first - 1, _GROWTH, "shall be less"
        ),
    ]


def main() -> None:
    """Each kind of file in a process of its own, whose memory is its alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=1, help="read only each so many-th")
    parser.add_argument("--only", choices=(".csv", ".jsonl"), nargs="*", default=[".csv", ".jsonl"])
    chosen = parser.parse_args()
    for ending in chosen.only:
        if (child := os.fork()) == 0:
            warm()
            print(table(measure(ending, chosen.rows, chosen.every)), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
