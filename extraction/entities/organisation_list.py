"""The organisations that German-language news name: ``seeds/gazetteers/organisations-*.txt``.

A heading ``@ kind country`` holds for the lines below it; a line is an organisation, its names
parted by ``;``, that first which the archive calls it. A name behind ``?`` is something else as
well (``Stern``, ``Bayern``, ``Union``), so that only the article can tell. Kind ``misc`` is what
looks like an organisation and is none (``Bundesliga``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from extraction.analysed_text import AnalysedField
from german.inflection import ADJECTIVE_ENDINGS
from german.tokens import tokens
from german.wordlist import lines

FILES = (
    *("germany", "austria-switzerland", "international", "world", "parties", "media"),
    *("companies", "companies-world", "clubs", "science-culture", "society", "other-names"),
)
_UNSURE, _HEADING = "?", "@ "
#: Beginnings that are inflected: ``Süddeutsche``, ``Deutscher``; ``Frankfurter`` stays.
_ADJECTIVE = re.compile(
    r"(?P<stem>\w*(?:isch|eutsch|frei|rot|neu|llgemein|weiß|öffentlich|oberst|wärtig|ereint|vereinigt"
    r"|national|international|hoh|groß|grün|link|zentral|nuklear|parlamentarisch|medizinisch"
    r"|gemeinsam|ständig|wissenschaftlich|staatlich|evangelisch|katholisch|freiwillig|jung|heilig))"
    r"(?:e|er|es)\Z",
    re.IGNORECASE,
)
_SIBILANTS = ("s", "ß", "x", "z")
_VOWELS = tuple("aeiouyäöü")


class Organisation(NamedTuple):
    """What the archive calls it, what it is (``party``, ``club``), and its state or ``-``."""

    name: str
    kind: str
    country: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as it is listed, and those who bear it; ``sure`` if it is hardly anything else."""

    name: str
    sure: bool
    bearers: tuple[Organisation, ...]


class Hit(NamedTuple):
    """An alias that stands at ``start`` to ``end``, in so many ``tokens``."""

    alias: Alias
    start: int
    end: int
    tokens: int


class _Form(NamedTuple):
    """An inflected alias behind its second word; ``length`` in characters with single blanks."""

    rest: tuple[str, ...]
    length: int
    alias: Alias


class OrganisationList:
    """Looks names up, in any of their forms; a lookup takes as long as the text is."""

    def __init__(self, listed: Iterable[tuple[str, Organisation]]) -> None:
        """Take each name, with its ``?`` if it has one, and who bears it."""
        self.aliases = _aliases(listed)
        self._words: dict[str, Alias] = {}
        self._forms: dict[str, dict[str, list[_Form]]] = {}
        for alias in self.aliases.values():
            for form in _inflected(alias.name):
                self._add(form, alias)
        self._words |= {name: a for name, a in self.aliases.items() if name in self._words}
        self._firsts = frozenset({*self._words, *self._forms})
        for by_second in self._forms.values():
            for forms in by_second.values():
                forms.sort(key=lambda form: (-form.length, form.length != len(form.alias.name)))

    def _add(self, form: str, alias: Alias) -> None:
        first, *behind = [form] if form.isalnum() else tokens(form).words
        if behind:
            by_second = self._forms.setdefault(first, {})
            longer = _Form(tuple(behind[1:]), len(form), alias)
            by_second.setdefault(sys.intern(behind[0]), []).append(longer)
        else:
            self._words.setdefault(first, alias)

    def alias(self, surface: str) -> Alias | None:
        """Return the alias of which ``surface`` is a form: ``Weißen Hauses``."""
        if listed := self.aliases.get(surface):
            return listed
        hit = self._at(AnalysedField(surface), 0)
        return hit.alias if hit and hit.end == len(surface) else None

    def hits(self, field: AnalysedField) -> Iterator[Hit]:
        """Yield the names in a text, of those that overlap the longest of the first."""
        behind, firsts = 0, self._firsts
        for index in [i for i, word in enumerate(field.tokens.words) if word in firsts]:
            if index >= behind and (hit := self._at(field, index)):
                behind = index + hit.tokens
                yield hit

    def _at(self, field: AnalysedField, index: int) -> Hit | None:
        """Return the longest name that begins with the token at ``index``."""
        words = field.tokens.words
        if index >= len(words):
            return None
        second = words[index + 1] if index + 1 < len(words) else ""
        for form in self._forms.get(words[index], _NONE).get(second, ()):
            last = index + 1 + len(form.rest)
            if tuple(words[index + 2 : last + 1]) == form.rest and (
                hit := _hit(form.alias, field, index, last, form.length)
            ):
                return hit
        alias = self._words.get(words[index])
        return _hit(alias, field, index, index, len(words[index])) if alias else None


_NONE: Mapping[str, list[_Form]] = {}


def _hit(alias: Alias, field: AnalysedField, first: int, last: int, length: int) -> Hit | None:
    """Return an alias from the token ``first`` to ``last``, ``None`` if it is not written so."""
    words, starts = field.tokens.words, field.tokens.starts
    start, end = starts[first], starts[last] + len(words[last])
    apart = end - start == length and _is_apart(field.text, start, end)
    return Hit(alias, start, end, last - first + 1) if apart else None


def _is_apart(text: str, start: int, end: int) -> bool:
    """Tell whether no hyphen joins the name to something, and no line ends within it."""
    joined = text[end : end + 1] == "-" or text[start - 1 : start] == "-"
    return not joined and "\n" not in text[start:end]


@cache
def shipped() -> OrganisationList:
    """Return the lists in ``seeds/gazetteers``, read once in a process."""
    return OrganisationList(_listed())


def listed_aliases() -> Iterable[Alias]:
    """Return the names of the lists in ``seeds/gazetteers`` as they stand there."""
    return _aliases(_listed()).values()


def _listed() -> Iterator[tuple[str, Organisation]]:
    for file in FILES:
        yield from read(lines("seeds", f"gazetteers/organisations-{file}.txt"))


def read(lines_of_list: Iterable[str]) -> Iterator[tuple[str, Organisation]]:
    """Yield each name, with its ``?`` if it has one, and whose it is.

    Raises ``ValueError`` for a line without a heading before it and for one that names nothing.
    """
    kind = country = ""
    for line in lines_of_list:
        if line.startswith(_HEADING):
            _, kind, country = line.split()
            continue
        names = [name.strip() for name in line.split(";")]
        if not kind or not all(name.strip(_UNSURE) for name in names):
            raise ValueError(f"no heading before it, or an empty name: {line!r}")
        organisation = Organisation(names[0].strip(_UNSURE), kind, country)
        for name in names:
            yield name, organisation


def _aliases(listed: Iterable[tuple[str, Organisation]]) -> Mapping[str, Alias]:
    """Return the aliases by name; what one line holds unsure and another sure is sure."""
    bearers: dict[str, dict[Organisation, None]] = {}
    sure: dict[str, bool] = {}
    for written, organisation in listed:
        name = written.strip(_UNSURE)
        bearers.setdefault(name, {})[organisation] = None
        sure[name] = sure.get(name, False) or not written.startswith(_UNSURE)
    return {name: Alias(name, sure[name], tuple(of)) for name, of in bearers.items()}


def _inflected(name: str) -> Iterator[str]:
    """Yield the name and its forms: adjectives in any, the head and the last word as genitives."""
    words = name.split(" ")
    adjectives = _leading(words)
    head = next((i for i, w in enumerate(words) if i >= adjectives and _is_head(words, i)), -1)
    able = [
        _adjective_forms(word) if i < adjectives else _noun_forms(word, i, head, len(words))
        for i, word in enumerate(words)
    ]
    yield from dict.fromkeys((name, *map(" ".join, product(*able))))


def _leading(words: Sequence[str]) -> int:
    """Return how many adjectives lead the name; something must follow them."""
    count = 0
    while count < len(words) - 1 and _ADJECTIVE.match(words[count]):
        count += 1
    return count


def _is_head(words: Sequence[str], index: int) -> bool:
    """Tell whether a small word follows: ``Amt`` of ``Amt für …``."""
    return index + 1 < len(words) and words[index + 1][:1].islower()


def _adjective_forms(word: str) -> tuple[str, ...]:
    match = _ADJECTIVE.match(word)
    return tuple(match["stem"] + ending for ending in ADJECTIVE_ENDINGS) if match else (word,)


def _noun_forms(word: str, index: int, head: int, count: int) -> tuple[str, ...]:
    """Return the noun and its genitive, if it is the head of the name or stands at its end."""
    if index not in (head, count - 1) or not word[-1:].isalpha() or word.endswith(_SIBILANTS):
        return (word,)
    if word.isupper() or word.endswith(_VOWELS):
        return word, f"{word}s"
    return word, f"{word}s", f"{word}es"
