"""Something that a person should know, as ``status`` says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know, in a line: ``kind`` for programs (`broken_ledger`), ``text`` for people.

    ``to_do`` says what a person should do, without a full stop; ``items`` are the names that it is
    about, the first of them shown, all in JSON. ``wrong``: ``status`` ends with 1.
    """

    kind: str
    text: str
    to_do: str = ""
    items: tuple[str, ...] = ()
    wrong: bool = False
