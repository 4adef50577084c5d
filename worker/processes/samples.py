"""The sample articles that come with Depesche."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from articles.errors import ServiceUnavailable
from worker.folders import Folders
from worker.inbox.dropping import drop


def samples() -> frozenset[str]:
    """The names of the sample articles."""
    folder = files("seeds") / "articles"
    return frozenset(sample.name for sample in folder.iterdir() if sample.name.endswith(".txt"))


def drop_samples(folders: Folders, say: Callable[[str], None]) -> int:
    """Drop the sample articles into the inbox; how many it took.

    Raises ``ServiceUnavailable`` where one cannot be written.
    """
    return sum(_drop(folders, name, say) for name in sorted(samples()))


def _drop(folders: Folders, name: str, say: Callable[[str], None]) -> bool:
    """Whether it is dropped: not where somebody has a folder of that name."""
    try:
        drop(folders, name, (files("seeds") / "articles" / name).read_bytes())
    except ServiceUnavailable as error:
        if not isinstance(error.__cause__, IsADirectoryError):
            raise
        say(f"The sample {name} is left out: {folders.inbox} has a folder of that name.")
        return False
    return True
