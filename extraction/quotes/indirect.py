"""Indirect speech of a sentence: ``X sagte, dass …``, ``…, so X``, ``laut X …``, ``… sei …``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extraction.quotes.attachment import is_attached
from extraction.quotes.cue import Cue
from extraction.quotes.phrases import is_plain
from extraction.quotes.quote import Span
from extraction.quotes.sentence import Sentence
from extraction.quotes.speakers import Speaker
from extraction.quotes.tokens import QuoteToken
from extraction.quotes.verbs import is_finite
from extraction.quotes.word_lists import AUXILIARIES, PAST_SUBJUNCTIVE, SUBJUNCTIVE
from german.wordlist import word_list

_OPENERS = word_list(
    "dass daß ob wie wer wen wem was wo wann warum weshalb wieso welche welcher welches wohin womit"
)
_RELATIVE = frozenset({"der", "die", "das", "den", "dem", "deren", "dessen"})
_EDGES = frozenset(",–-—:;.!?…()")
#: Words of indirect speech, a quotation within it is one. Set by hand, see ``extraction.quotes``.
_FEWEST_WORDS = 3


class Indirect(NamedTuple):
    """Indirect speech: token ranges of its pieces; ``cue`` is "" where only the mood reports."""

    ranges: tuple[tuple[int, int], ...]
    speaker: Speaker
    cue: str


class Reported(NamedTuple):
    """The same with the spans of its pieces in the text."""

    spans: tuple[Span, ...]
    speaker: Speaker
    cue: str


def indirect(sentence: Sentence) -> list[Indirect]:
    """Return the indirect speech of the sentence in order, pieces that overlap only once."""
    pieces: list[Indirect] = []
    taken: set[int] = set()
    for cue, speaker in zip(sentence.cues, sentence.speakers, strict=True):
        ranges = contents(sentence.row, cue) if _counts(sentence.row, cue) else ()
        places = {place for start, end in ranges for place in range(start, end)}
        if ranges and places.isdisjoint(taken) and _has_words(sentence, places):
            named = speaker.name or cue.speaker or cue.passive
            who = speaker if named else _other(sentence, cue)
            pieces.append(Indirect(ranges, who, cue.text))
            taken |= places
    if not pieces and not sentence.speech and _is_reported(sentence):
        pieces.append(Indirect(((0, len(sentence.row)),), sentence.running, ""))
    return pieces


def _counts(row: Sequence[QuoteToken], cue: Cue) -> bool:
    """Tell whether somebody other than the writer is reported, and more than an opinion."""
    if cue.speaker and row[cue.speaker.start].low in ("ich", "wir"):
        return False
    return cue.strong or cue.kind == "verb"


def _other(sentence: Sentence, cue: Cue) -> Speaker:
    own = cue.kind == "source" and sentence.actor.name
    return sentence.actor if own and cue.text != "demnach" else sentence.running


def _is_reported(sentence: Sentence) -> bool:
    if not sentence.running.name:
        return False
    words = {token.text for token in sentence.row}
    if not words.isdisjoint(("ich", "Ich", "wir", "Wir", "?")):
        return False
    known = SUBJUNCTIVE | PAST_SUBJUNCTIVE if sentence.reported else SUBJUNCTIVE
    return not words.isdisjoint(known)


def _has_words(sentence: Sentence, places: set[int]) -> bool:
    row = sentence.row
    words = sum(row[place].word for place in places)
    quoted = any(row[place].pair for place in places)
    return words + quoted >= _FEWEST_WORDS and words > 1


def contents(row: Sequence[QuoteToken], cue: Cue) -> tuple[tuple[int, int], ...]:
    """Return the token ranges of what the cue reports indirectly, none where it does not."""
    if any(_is_framed(row, place, cue) for place in range(1, cue.start)):
        return ()
    if cue.kind != "verb":
        return _without(row, *cue.frame)
    as_said = _as_said(row, cue)
    if as_said:
        return _without(row, *as_said)
    if not cue.strong:
        return _before(row, cue, mood=True)
    return _behind(row, cue) or _before(row, cue)


def _is_framed(row: Sequence[QuoteToken], place: int, cue: Cue) -> bool:
    """Tell whether the cue only reports a direct quotation: ``Sie klagte: „…“, so X``."""
    quoted = row[place].pair is not None and row[place - 1].text == ":"
    return quoted and is_attached(row, place, cue)


def _without(row: Sequence[QuoteToken], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the sentence without the frame at ``start`` to ``end``."""
    pieces = (_trimmed(row, 0, start), _trimmed(row, end, len(row)))
    return tuple(piece for piece in pieces if any(token.word for token in row[slice(*piece)]))


def _trimmed(row: Sequence[QuoteToken], start: int, end: int) -> tuple[int, int]:
    while start < end and row[start].text in _EDGES:
        start += 1
    while end > start and row[end - 1].text in _EDGES:
        end -= 1
    return start, end


def _as_said(row: Sequence[QuoteToken], cue: Cue) -> tuple[int, int] | None:
    """Return the frame ``wie X sagte``: it opens the sentence or stands between commas."""
    for start in range(cue.start, max(-1, cue.start - 25), -1):
        if row[start].low == "wie" and (start == 0 or row[start - 1].text == ","):
            end = cue.end
            while end < len(row) and row[end].text not in _EDGES:
                end += 1
            return (start, end) if end - cue.end <= 2 else None  # noqa: PLR2004
        if row[start].text == "," and start < cue.start - 12:
            return None
    return None


def _behind(row: Sequence[QuoteToken], cue: Cue) -> tuple[tuple[int, int], ...]:
    """Return the clause behind ``X sagte,`` if it is reported: dass, ob, a mood, an infinitive."""
    after = cue.end
    if cue.speaker and cue.speaker.start > cue.start:
        after = max(after, cue.speaker.end - (row[cue.speaker.end - 1].text == ","))
    for place in range(after, len(row) - 1):
        if row[place].text not in (",", ":") or row[place].pair:
            continue
        start, end = _trimmed(row, place + 1, len(row))
        return ((start, end),) if start < end and _is_content(row, start, end) else ()
    return ()


def _is_content(row: Sequence[QuoteToken], start: int, end: int) -> bool:
    low = row[start].low
    following = row[start + 1] if start + 1 < end else None
    relative = low in _RELATIVE and following and is_plain(following)
    if low in _OPENERS:
        return True
    if low in ("um", "ohne", "statt", "und", "aber") or relative or is_finite(low):
        return False
    return any(_reports(row[place]) or _is_infinitive(row, place) for place in range(start, end))


def _reports(token: QuoteToken) -> bool:
    return token.text in SUBJUNCTIVE or token.text in PAST_SUBJUNCTIVE


def _is_infinitive(row: Sequence[QuoteToken], place: int) -> bool:
    low = row[place].low
    if not low.endswith("n") or row[place].capital:
        return False
    return (place > 0 and row[place - 1].low == "zu") or "zu" in low[2:-4]


def _before(
    row: Sequence[QuoteToken], cue: Cue, *, mood: bool = False
) -> tuple[tuple[int, int], ...]:
    """Return the clause in front of ``, sagte X`` if its mood reports or nothing else follows.

    ``mood`` asks for the former.
    """
    start, end = _trimmed(row, 0, cue.start)
    follows = (
        cue.start > 1 and row[cue.start - 1].text in (",", "–", "—") and cue.speaker is not None
    )
    if not follows or start >= end:
        return ()
    said_last = cue.speaker is not None and cue.speaker.start in (cue.end, cue.end + 1)
    if any(_reports(token) for token in row[start:end]):
        return ((start, end),)
    whole = (
        not mood and said_last and not _is_subordinate(row, start) and _has_verb(row, start, end)
    )
    return ((start, end),) if whole else ()


def _has_verb(row: Sequence[QuoteToken], start: int, end: int) -> bool:
    """Tell whether a verb may stand before the first comma."""
    comma = next((place for place in range(start, end) if row[place].text == ","), end)
    known = any(token.low in AUXILIARIES or is_finite(token.low) for token in row[start:comma])
    return comma == end or known


def _is_subordinate(row: Sequence[QuoteToken], start: int) -> bool:
    return row[start].low in _OPENERS or row[start].low in (
        *("als", "da", "weil", "wenn", "nachdem", "obwohl", "während", "bevor", "um", "falls"),
    )


def grouped(reported: Sequence[tuple[int, Reported]]) -> Iterator[list[Reported]]:
    """Group what only its mood reports in sentences in a row; ``reported`` has sentence numbers."""
    group: list[Reported] = []
    number = -1
    for place, speech in reported:
        same = group and not group[-1].cue and not speech.cue and number + 1 == place
        if group and not (same and group[-1].speaker.name == speech.speaker.name):
            yield group
            group = []
        group.append(speech)
        number = place
    if group:
        yield group
