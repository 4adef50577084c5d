"""By which forms of a word an article is found, and how each is called where a hit says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from german.findable import noun_of, parts_of
from german.gender_forms import both
from german.tokens import runs
from german.typed import numbered

#: How a word of a query is found, the best way first. What adds forms of another kind to a query
#: names it here: hits then tell of it.
KINDS = {
    "word": "as written",
    "phrase": "as written",
    "form": "in another form",
    "pattern": "fits",
    "spelling": "spelt otherwise",
    "respelled": "taken for misspelt",
    "family": "of one word family",
    "regional": "what it is called elsewhere",
    "abbreviation": "the short or the long form",
    "name": "a name that is asked for",
    "compound": "in a compound",
    "part": "by its parts",
    "synonym": "what is often said instead",
}
#: Other words between a verb and its particle: ``nahm drei Männer nach einem Hinweis fest``.
CLAUSE = 12
#: Other words between the parts of a compound that the text spells out: about a paragraph of news.
#: One sentence would miss `Das Flugzeug … Nach dem Absturz`.
PARAGRAPH = 60
#: Why an article is a hit beside the words that it has.
LACKING, MEANING, EARLIER = "lacking", "meaning", "earlier"


class Form(NamedTuple):
    """A word that stands for one of a query, and how (of ``KINDS``)."""

    text: str
    kind: str


class Way(Protocol):
    """What else stands for a word of a query: what query-time expansions give, for the marks.

    ``forms`` are words in small letters as texts have them, ``word`` one in any form, ``apart``
    finite forms of a verb with the ``particle`` behind them, ``pattern`` a regular expression for
    whole words without accents.
    """

    @property
    def kind(self) -> str:
        """Of ``KINDS``."""

    @property
    def forms(self) -> Sequence[str]: ...

    @property
    def word(self) -> str: ...

    @property
    def apart(self) -> Sequence[str]: ...

    @property
    def particle(self) -> str: ...

    @property
    def pattern(self) -> str: ...


def forms_of(word: str) -> Iterator[Form]:
    """Yield the words by which texts are found for ``word``, itself first."""
    yield Form(word, "word")
    yield Form(noun_of(word), "form")
    yield from (Form(each, "form") for each in both(word))
    if "-" in word.strip("-"):
        yield Form(word.replace("-", ""), "spelling")
    if other := numbered(word):
        yield Form(other, "spelling")


def pieces_of(word: str) -> list[str]:
    """Return the words that stand for ``word`` together: parts of a compound, a hyphen's sides."""
    if parts := parts_of(word):
        return list(parts)
    sides = runs(word) if "-" in word or "/" in word else []
    return sides if len(sides) > 1 else []
