"""Which site this is: a data folder with its watcher and intake, by a name of its own.

The folder keeps the names that it has had, the last line is the present one: containers of other
host names are the same site, and documents of a former name are still its own.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path

from tasks.data_folder import planted
from tasks.names import QueueNames
from tasks.settings import SITE, Settings

NAME = re.compile(SITE)
FILE = "site"
#: Bytes of that file that are read.
_MOST = 65_536


def site_of(settings: Settings) -> str:
    """``DEPESCHE_SITE``, else what the data folder calls itself, else the host's name."""
    if settings.site:
        return settings.site
    names = known_as(settings.data)
    return names[-1] if names else as_name(socket.gethostname())


def own_names(settings: Settings) -> frozenset[str]:
    """Every name that this site has or had: documents with one of them are its own."""
    return frozenset({*known_as(settings.data), site_of(settings)})


def queue_names(settings: Settings) -> QueueNames:
    """What stands in Redis for this index and this site."""
    known = bool(settings.site or known_as(settings.data))
    return QueueNames(settings.index, site_of(settings), known)


def known_as(data: Path) -> list[str]:
    """The names that the data folder has had, the present one last; none where it has kept none.

    One that another user may have planted is not asked.
    """
    if planted(data):
        return []
    try:
        with (data / FILE).open("rb") as file:
            text = file.read(_MOST).decode("utf-8", "replace")
    except OSError:
        return []
    return [name for line in text.splitlines() if NAME.fullmatch(name := line.strip())]


def as_name(text: str) -> str:
    """A name made of any text, as of a host's: ``web.Berlin.example`` is ``web-berlin-example``."""
    name = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).lstrip("-_")[:63]
    return name or "site"
