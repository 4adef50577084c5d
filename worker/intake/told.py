"""The paths that are told of: documents tell any, for others may write them, and so do persons.

The one place that knows which of them a file of ours can have.
"""

from __future__ import annotations

import os

from articles.limits import MOST_NESTED
from extraction.containers import names
from extraction.formats.identity import os_path_of
from worker import beneath
from worker.inbox.inbox import DEEPEST

#: What the system takes; to look at a longer one takes time that grows with its square.
LONGEST_PATH = 4096
#: Bytes and names of a path below a folder: a member's are added to its container's, which is
#: opened name by name. A mirror's begins with its name, and a container has a folder of its own.
LONGEST = LONGEST_PATH + MOST_NESTED * (names.LONGEST + 1)
MOST_NAMES = DEEPEST + 3 + MOST_NESTED * names.DEEPEST
#: So many characters may a byte have as it is printed (``\\xff``).
_PRINTED = 4


def possible_path(told: str) -> str:
    """The path below its folder that is printed as ``told``; "" where no file of ours can have it.

    None leads out of its folder, holds a NUL or half a pair of surrogates, or is longer or deeper
    than those that are taken.
    """
    if len(told) > _PRINTED * LONGEST:
        return ""
    path = os_path_of(told)
    try:
        fits = len(beneath.parts(path)) <= MOST_NAMES and len(os.fsencode(path)) <= LONGEST
    except (beneath.NotAFile, UnicodeEncodeError):
        return ""
    return path if fits and "\0" not in path else ""


def possible_bytes(told: str) -> bytes:
    """The same as mirrors know it."""
    return os.fsencode(possible_path(told))
