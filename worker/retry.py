"""Give what failed another try: files go back to the inbox, documents back to pending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extraction.identity import printable_path
from indexing import states, write
from worker.house import House
from worker.naming import REASON

MANY = 10_000


@dataclass(frozen=True, slots=True)
class Retried:
    """How many files went back to the inbox and how many documents back to pending."""

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
    return not wanted or any(path == name or path.startswith(f"{name}/") for name in names)


def _files(house: House, paths: Sequence[str]) -> int:
    folders = house.folders
    wanted = [_below(folders.failed, path) for path in paths]
    files = [p for p in folders.failed.rglob("*") if p.is_file() and not p.name.endswith(REASON)]
    moved = 0
    for file in files:
        relative = str(file.relative_to(folders.failed))
        if matches(relative, wanted) or matches(printable_path(relative), wanted):
            moved += _back(file, folders.inbox / relative)
    return moved


def _back(file: Path, target: Path) -> bool:
    """Move without overwriting: a new file under that name in the inbox goes first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return False
    file.rename(target)
    return True


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
