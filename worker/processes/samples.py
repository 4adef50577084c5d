"""The sample articles that come with Depesche."""

from __future__ import annotations

from importlib.resources import files

from worker.folders import Folders
from worker.inbox.dropping import drop


def samples() -> frozenset[str]:
    """The names of the sample articles."""
    folder = files("seeds") / "articles"
    return frozenset(sample.name for sample in folder.iterdir() if sample.name.endswith(".txt"))


def drop_samples(folders: Folders) -> int:
    """Drop the sample articles into the inbox; how many there are.

    Raises ``ServiceUnavailable`` where one cannot be written.
    """
    names = sorted(samples())
    for name in names:
        drop(folders, name, (files("seeds") / "articles" / name).read_bytes())
    return len(names)
