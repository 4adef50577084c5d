"""The sample articles that come with Depesche."""

from __future__ import annotations

import errno
from collections.abc import Callable
from importlib.resources import files

from articles.errors import ServiceUnavailable
from worker.folders import Folders
from worker.inbox.dropping import drop

#: A folder; a mount; a file of another's, where everybody can take away his own alone.
_STAYS = {errno.EISDIR, errno.EBUSY, errno.EPERM}


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
    """Whether it is dropped: not where what somebody has put under its name cannot be replaced."""
    try:
        drop(folders, name, (files("seeds") / "articles" / name).read_bytes())
    except ServiceUnavailable as error:
        if not (isinstance(error.__cause__, OSError) and error.__cause__.errno in _STAYS):
            raise
        say(f"The sample {name} is left out: what has its name in {folders.inbox} stays there.")
        return False
    return True
