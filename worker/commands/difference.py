"""What two texts of an article have of their own, word by word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from typing import Any, Literal, NamedTuple

Kind = Literal["same", "gone", "new"]

#: Fields that are compared, as documents have them, in the order in which they are shown.
FIELDS = (
    *("kicker", "headline", "lead", "body"),
    *("published", "byline", "agency", "dateline_place", "url"),
)
#: In a stretch of more words others are not looked for: it is gone, and another is new.
MOST_WORDS = 5_000
#: Pairs of equal words that are looked at in one article; what is left then counts as different.
#: Of words that repeat themselves time would grow with the cube of their number.
MOST_PAIRS = 50_000_000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Part(NamedTuple):
    """A stretch of text that both have, the old one alone, or the new one alone."""

    kind: Kind
    text: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Part]]:
    """Return for each field that differs its parts; paragraphs that are the same are left out."""
    texts = {name: (_text(old.get(name)), _text(new.get(name))) for name in FIELDS}
    left = _Left()
    return {name: list(_parts(*pair, left)) for name, pair in texts.items() if pair[0] != pair[1]}


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _parts(old: str, new: str, left: _Left) -> Iterator[Part]:
    """Paragraph by paragraph, and word by word where one has become another."""
    before, after = old.split("\n\n"), new.split("\n\n")
    for tag, a, b, c, d in _operations(before, after, left):
        if tag != "equal":
            yield from words("\n\n".join(before[a:b]), "\n\n".join(after[c:d]), left)
            yield Part("same", "\n\n")


def words(old: str, new: str, left: _Left | None = None) -> list[Part]:
    """Return the words of two texts in the order of both."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    parts: list[Part] = []
    for tag, a, b, c, d in _operations(before, after, left or _Left()):
        if tag == "equal":
            parts.append(Part("same", "".join(before[a:b])))
        else:
            gone, come = "".join(before[a:b]), "".join(after[c:d])
            parts += [Part(*part) for part in (("gone", gone), ("new", come)) if part[1]]
    return parts


def _operations(
    before: Sequence[str], after: Sequence[str], left: _Left
) -> Sequence[tuple[str, int, int, int, int]]:
    if max(len(before), len(after)) > MOST_WORDS:
        return [("replace", 0, len(before), 0, len(after))]
    return _Matcher(before, after, left).get_opcodes()


@dataclass(slots=True)
class _Left:
    """How many pairs of equal words may still be looked at."""

    pairs: int = MOST_PAIRS


class _Matcher(SequenceMatcher[str]):
    """Finds nothing more where all pairs are used up."""

    def __init__(self, before: Sequence[str], after: Sequence[str], left: _Left) -> None:
        self._before, self._places, self._left = before, Counter(after), left
        super().__init__(None, before, after, autojunk=False)

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """As the library does, which goes through all places of each word."""
        self._left.pairs -= sum(self._places[word] for word in self._before[alo:ahi])
        if self._left.pairs < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)
