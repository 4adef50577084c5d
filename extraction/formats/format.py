"""What a format is: how its files are recognised, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from extraction.confined.limits import NORMAL, Limits
from extraction.formats.decode import Decoded, decode
from extraction.formats.draft import Draft

#: How much of a file is looked at to know its format, in characters, and how many of its lines.
_HEAD, HEAD_LINES = 16_384, 200


@dataclass(frozen=True)
class RawFile:
    """One file as it was dropped; ``path`` is relative to the inbox, ``/`` between folders.

    ``limits``: what it may take of its reader, where its format is a binary one.
    """

    path: str
    data: bytes
    limits: Limits = NORMAL

    @cached_property
    def decoded(self) -> Decoded:
        """Its clean text, decoded when it is first asked for; raises ``Unreadable``."""
        return decode(self.data)

    @cached_property
    def head(self) -> list[str]:
        """The first lines of its text, by which a format may be known."""
        return self.decoded.text[:_HEAD].strip("\n").split("\n")[:HEAD_LINES]

    def ends_in(self, *endings: str) -> bool:
        """Whether its name has one of these endings, in any case of letters."""
        return self.path.lower().endswith(endings)


Read = Callable[[RawFile], tuple[Draft, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """A module of ``extraction.formats`` has one as its ``FORMAT``; ``registry`` lists them.

    ``recognises`` tells a file of this format by its name and bytes, first by what is cheapest.
    ``read`` returns what it holds, a draft an article. Both may raise ``Unreadable``, which says
    what is wrong and what a person can do, and nothing else.
    """

    recognises: Callable[[RawFile], bool]
    read: Read


def on_text(read: Callable[[str], Draft]) -> Read:
    """Return the reader of a format that is text with one article a file.

    ``read`` gets the clean text. What was odd about the bytes is said before what it says.
    """

    def drafts(file: RawFile) -> tuple[Draft, ...]:
        draft = read(file.decoded.text)
        warnings = file.decoded.warnings + draft.warnings
        return (replace(draft, encoding=file.decoded.encoding, warnings=warnings),)

    return drafts
