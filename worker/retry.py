"""Give what failed another try: files go into the spool, documents back to pending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extraction.identity import printable_path
from indexing import states, write
from worker import deposit
from worker.house import House
from worker.naming import REASON

MANY = 10_000


@dataclass(frozen=True, slots=True)
class Retried:
    """How many files and documents get another try."""

    files: int
    documents: int


def retry(house: House, paths: Sequence[str]) -> Retried:
    """Retry what matches: paths below ``failed/`` (files or folders) or document ids; all if none.

    The reason files stay until the file succeeds, so that a second failure keeps the first reason.
    """
    return Retried(_files(house, paths), _documents(house, paths))


def matches(path: str, wanted: Sequence[str]) -> bool:
    """Whether a path is one of the wanted ones or lies in a wanted folder; all are if none is."""
    names = [one.strip("/") for one in wanted]
    return not names or any(n in {".", path} or path.startswith(f"{n}/") for n in names)


def _files(house: House, paths: Sequence[str]) -> int:
    """Move the files into new batches: that way none meets a newer file of its name."""
    failed = house.folders.failed
    wanted = [_below(failed, path) for path in paths]
    found = [
        (file, relative)
        for file in sorted(failed.rglob("*"))
        if file.is_file() and not file.name.endswith(REASON)
        for relative in [str(file.relative_to(failed))]
        if matches(relative, wanted) or matches(printable_path(relative), wanted)
    ]
    limits = house.settings.batch_files, house.settings.batch_bytes
    return sum(_back(house, group) for group in deposit.grouped(found, _size, _name, *limits))


def _back(house: House, group: list[tuple[Path, str]]) -> int:
    with house.spool.filling() as batch:
        for file, relative in group:
            deposit.claim(batch, file, relative)
    house.doorbell.intake(batch.name)
    return len(group)


def _size(pair: tuple[Path, str]) -> int:
    return pair[0].stat().st_size


def _name(pair: tuple[Path, str]) -> str:
    return pair[1]


def _below(failed: Path, path: str) -> str:
    """A path as a person gives it, relative to ``failed/``."""
    full = Path(path).absolute()
    return str(full.relative_to(failed)) if full.is_relative_to(failed) else path


def _documents(house: House, paths: Sequence[str]) -> int:
    if not paths:
        return write.set_pending(house.client, house.settings.index)
    failures = states.failed(house.client, house.settings.index, MANY)
    ids = [f.id for f in failures if f.id in paths or matches(f.path, paths)]
    return write.set_pending(house.client, house.settings.index, ids) if ids else 0
