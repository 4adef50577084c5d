"""What two texts of an article have of their own, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

Kind = Literal["same", "gone", "new"]

#: Fields that are compared, as documents have them, in the order in which they are shown.
FIELDS = (
    *("kicker", "headline", "lead", "body"),
    *("published", "byline", "agency", "dateline_place", "url"),
)
#: In a stretch of more words others are not looked for: it is gone, and another is new.
MOST_WORDS = 5_000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Part(NamedTuple):
    """A stretch of text that both have, the old one alone, or the new one alone."""

    kind: Kind
    text: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Part]]:
    """Return for each field that differs its parts; paragraphs that are the same are left out."""
    texts = {name: (_text(old.get(name)), _text(new.get(name))) for name in FIELDS}
    return {name: list(_parts(*pair)) for name, pair in texts.items() if pair[0] != pair[1]}


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _parts(old: str, new: str) -> Iterator[Part]:
    """Paragraph by paragraph, and word by word where one has become another."""
    before, after = old.split("\n\n"), new.split("\n\n")
    for tag, a, b, c, d in _operations(before, after):
        if tag != "equal":
            yield from words("\n\n".join(before[a:b]), "\n\n".join(after[c:d]))
            yield Part("same", "\n\n")


def words(old: str, new: str) -> list[Part]:
    """Return the words of two texts in the order of both."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    parts: list[Part] = []
    for tag, a, b, c, d in _operations(before, after):
        if tag == "equal":
            parts.append(Part("same", "".join(before[a:b])))
        else:
            gone, come = "".join(before[a:b]), "".join(after[c:d])
            parts += [Part(*part) for part in (("gone", gone), ("new", come)) if part[1]]
    return parts


def _operations(
    before: Sequence[str], after: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    if max(len(before), len(after)) > MOST_WORDS:
        return [("replace", 0, len(before), 0, len(after))]
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
