"""A word that tells that somebody is quoted, as found in a sentence."""

from __future__ import annotations

from typing import Literal, NamedTuple

from extraction.quotes.phrases import Phrase

CueKind = Literal["verb", "so", "source"]
#: Tokens between a cue and what belongs to it. Set by hand, see ``extraction.quotes``.
REACH = 25


class Cue(NamedTuple):
    """A cue at the tokens ``start`` to ``end`` of a sentence.

    ``text`` is its words; ``speaker`` the phrase that says who; ``strong`` is false for verbs
    that judge more than report, ``passive`` true where nobody need be named. ``frame`` is the
    tokens of the cue with its speaker, for ``so`` and sources.
    """

    kind: CueKind
    start: int
    end: int
    text: str
    speaker: Phrase | None
    strong: bool = True
    frame: tuple[int, int] = (0, 0)
    passive: bool = False
