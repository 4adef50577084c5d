"""What a quotation is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["direct", "indirect"]
SpeakerLabel = Literal["PER", "ORG", "LOC", ""]
#: Start and end offset in characters.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation in the article's ``field``.

    ``parts`` are the spans of its pieces in reading order, those of a direct quotation with
    their quotation marks; ``start`` and ``end`` are the first piece's start and the last one's
    end. ``text`` is the pieces without the outer marks, joined by a blank, or by an empty line
    where they are paragraphs.

    ``speaker`` is a canonical name with its label, else the noun phrase of the text
    (``ein Polizeisprecher``) with an empty label, else empty. ``speaker_span`` is what named the
    speaker in ``field``: a name, a noun phrase or a pronoun, some sentences before where the
    speaker just goes on; ``None`` if there is no speaker. ``cue`` is the word that reports
    (``sagte``, ``so``, ``laut``), empty where there is none.
    """

    text: str
    kind: Kind
    speaker: str
    speaker_label: SpeakerLabel
    cue: str
    field: str
    start: int
    end: int
    parts: tuple[Span, ...]
    speaker_span: Span | None = None
