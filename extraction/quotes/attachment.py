"""How a cue hangs on a quotation: right behind it, or as what somebody calls something."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.quotes.cue import Cue
from extraction.quotes.tokens import QuoteToken

_GAP = frozenset(",–-—") | {"so"}
#: Tokens between a quotation and its cue: that only part them, at most, and where it must be a
#: plain ``nannte ihn``. Set by hand, see ``extraction.quotes``; so are the two below.
_GAP_LENGTH, _NEAR, _SHORT = 2, 20, 12
#: Characters of a quotation that is no name even where no comma parts it from a verb.
_SENTENCE = 70
#: Which verbs put a judgement behind which word, by the beginnings of their forms.
_JUDGING: dict[str, tuple[str, ...]] = {
    "als": ("",),
    "für": ("hielt", "hält", "halt", "gehalt"),
    "von": ("sprach", "sprech", "sprich", "gesproch"),
    "vom": ("sprach", "sprech", "sprich", "gesproch"),
    "vor": ("warn", "gewarn"),
    "zu": ("rät", "riet", "rat", "gerat", "mahn", "ruf", "rief"),
    "zur": ("rät", "riet", "rat", "gerat", "mahn", "ruf", "rief"),
}
_PARTING = frozenset(",–—-")
#: Tokens of an insertion, with the marks at its edges.
_FEWEST = 4
_ARTICLES = frozenset({"ein", "eine", "einen", "einem", "einer", "der", "dem", "den", "die", "das"})
_CALLING = ("nannte", "nennt", "find", "fand")


def is_attached(row: Sequence[QuoteToken], place: int, cue: Cue) -> bool:
    """Tell whether the cue follows the quotation at once: ``„…“, sagte``, ``„…“, so``."""
    if cue.kind == "source" or cue.start <= place:
        return False
    gap = row[place + 1 : min(cue.start, place + _GAP_LENGTH + 2)]
    pair = row[place].pair
    parted = pair is not None and (pair.final or row[place].text[-2:-1] == ",")
    if not gap and pair and not parted and pair.end - pair.start < _SENTENCE:
        return False
    return len(gap) <= _GAP_LENGTH and all(token.text in _GAP for token in gap)


def is_insertion(row: Sequence[QuoteToken], first: int, second: int) -> bool:
    """Tell whether what stands between parts one quotation: ``„Das ist“ – er stockt – „gut.“``."""
    between = row[first + 1 : min(second, first + _NEAR)]
    opening, other = row[first], row[second]
    if len(between) < _FEWEST or second - first > _NEAR or not opening.pair or not other.pair:
        return False
    marks = between[0].text, between[-1].text
    if not _PARTING.issuperset(marks) or (marks[0] == ",") != (marks[1] == ","):
        return False
    unfinished = not opening.pair.final and _words(opening)[:1].isupper()
    return unfinished and _words(other)[:1].islower() and any(_may_act(t) for t in between)


def _words(token: QuoteToken) -> str:
    return token.text.lstrip("„“”\"»«‚‘’'‹›`,<>… ")


def _may_act(token: QuoteToken) -> bool:
    return token.mention is not None or token.low in ("er", "sie", "der", "die", "das")


def is_judgement(row: Sequence[QuoteToken], place: int, cue: Cue) -> bool:
    """Tell whether somebody calls something so: ``nannte ihn …``, ``sprach von einem …``."""
    if cue.kind != "verb" or cue.speaker is None:
        return False
    if cue.speaker.preposition not in ("", "von", "vom"):
        return False
    between = row[min(cue.end, place) : max(cue.start, place)]
    if len(between) > _NEAR or any(token.text == "," for token in between[:-1]):
        return False
    if place + 1 < len(row) and cue.text.endswith(f" {row[place + 1].low}"):
        return True  # warf ihm „…“ vor
    before = row[place - 1].low if place else ""
    if before in _ARTICLES and place > 1:
        before = row[place - 2].low
    if before in _JUDGING:
        return cue.text.startswith(_JUDGING[before])
    plain = len(between) <= _SHORT and not any(token.low == "und" for token in between)
    return cue.text.startswith(_CALLING) and cue.start < place and plain
