"""Text that takes long to be read has its turn behind others, as a document has."""

from __future__ import annotations

from pathlib import Path

from extraction.confined.limits import Limits
from worker.intake.reading import FileReader
from worker.spool.spool import SpooledFile

MEBIBYTE = 2**20


def test_text_that_takes_long_comes_again_and_fails_only_beyond_all_its_time(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_bytes(b"T\n\n" + b"ab-\ncd-\n" * MEBIBYTE)
    file, limits = SpooledFile(tmp_path / "a.txt", "a.txt"), Limits(seconds=1)
    first = FileReader(32 * MEBIBYTE, leases=True, limits=limits, quick=True).read(file)
    assert (first.later, first.slow, first.fault) == (True, True, None)
    last = FileReader(32 * MEBIBYTE, leases=True, limits=limits).read(file)
    assert last.fault
    assert "1 second of computing" in last.fault.error
