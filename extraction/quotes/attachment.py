"""How a cue hangs on a quotation: right behind it, or as what somebody calls something."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.quotes.cues import Cue
from extraction.quotes.tokens import Token

_GAP = frozenset(",–-—") | {"so"}
_GAP_LENGTH, _NEAR = 2, 20
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
_ARTICLES = frozenset({"ein", "eine", "einen", "einem", "einer", "der", "dem", "den", "die", "das"})
_CALLING = ("nannte", "nennt", "find", "fand")


def is_attached(row: Sequence[Token], place: int, cue: Cue) -> bool:
    """Tell whether the cue follows the quotation at once: ``„…“, sagte``, ``„…“, so``."""
    if cue.kind == "source" or cue.start <= place:
        return False
    gap = row[place + 1 : min(cue.start, place + _GAP_LENGTH + 2)]
    pair = row[place].pair
    if not gap and pair and not pair.final and pair.end - pair.start < _SENTENCE:
        return False
    return len(gap) <= _GAP_LENGTH and all(token.text in _GAP for token in gap)


def is_judgement(row: Sequence[Token], place: int, cue: Cue) -> bool:
    """Tell whether somebody calls something so: ``nannte ihn …``, ``sprach von einem …``."""
    if cue.kind != "verb" or cue.speaker is None or cue.speaker.preposition:
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
    return cue.text.startswith(_CALLING) and cue.start < place
