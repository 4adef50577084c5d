"""Who wrote it: a line of its own, ``Von Anna Muster`` or ``Aus Kiew Anna Muster``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from german.wordlist import word_list

_LINE = re.compile(r"[^\n]{7,150}(?:\n\s*|\Z)")
_VON = re.compile(
    r"(?:von|text:)\s+(?:unser(?:em|er|en)\s+\w*(?:korrespondent|redakteur|mitarbeiter)(?:in|en)?\s+)?"
    r"(.+)\Z",
    re.IGNORECASE,
)
_AUS = re.compile(r"aus\s+(.+)\Z", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]|\Z))*\Z")
#: ``d’Emilio``, ``dell'Acqua``: small, and a part of the name.
_ELIDED = re.compile(r"(?:d|l|dell|dall|degl)['’](?=[A-ZÄÖÜÀ-Þ])")
_SMALL = word_list("al bin da de del den der di dos du el ibn la le ten ter van von zu zum zur")
_TITLES = frozenset({"dr.", "prof."})
_NAME_LENGTHS = range(2, 5)
# First words of place names of two words; any other longer place would be a guess.
_TWO_WORD_PLACES = word_list(
    """
    abu addis bad buenos den hong kuala la las los new novi puerto rio san sankt santa st. são
    tel
    """
)


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors in ordinary case; ``end`` is the offset of what follows the line."""

    names: tuple[str, ...]
    end: int


def read_byline(text: str) -> Byline | None:
    """Read the byline that is the first line of ``text``; ``None`` unless it is certain."""
    match = _LINE.match(text)
    if not match:
        return None
    line = " ".join(match[0].split())
    names = _names_after_von(line) or _name_after_place(line)
    return Byline(names, match.end()) if names else None


def _names_after_von(line: str) -> tuple[str, ...]:
    match = _VON.match(line)
    if not match:
        return ()
    parts = re.split(r"\s*,\s*|\s+(?:und|UND|&)\s+", match[1])
    if len(parts) > 1 and " " not in parts[-1] and "," in line and parts[-1][:1].isupper():
        parts.pop()  # "Von Anna Muster, Berlin": where she is, not who
    names = [_name(part.split()) for part in parts]
    return tuple(names) if all(names) else ()


def _name_after_place(line: str) -> tuple[str, ...]:
    match = _AUS.match(line)
    words = match[1].split() if match else []
    place, name = words[:-2], words[-2:]
    certain = len(place) == 1 or (len(place) == 2 and place[0].lower() in _TWO_WORD_PLACES)  # noqa: PLR2004
    if not certain or not all(word[0].isupper() for word in place):
        return ()
    return (_name(name),) if _name(name) else ()


def _name(words: list[str]) -> str:
    """The name in ordinary case, or an empty string if these words are no person's full name."""
    words = [word for word in words if word.lower() not in _TITLES]
    full = [word for word in words if _is_full(word) and word.lower() not in _SMALL]
    if len(full) not in _NAME_LENGTHS or len(words) > len(full) + 2:
        return ""
    if words[-1] not in full or not all(_NAME_WORD.match(word) for word in words):
        return ""
    if not all(word in full or word.lower() in _SMALL for word in words):
        return ""
    return " ".join(map(_ordinary_case, words)) if " ".join(words).isupper() else " ".join(words)


def _is_full(word: str) -> bool:
    return word[:1].isupper() or _ELIDED.match(word) is not None


def _ordinary_case(word: str) -> str:
    if word.lower() in _SMALL:
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda part: part[0][:1] + part[0][1:].lower(), word)
