"""Made up names take time in proportion to their number, whatever they are made for.

Each was compared with all others of its kind: 100 kB kept enrichment for minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from articles.article import Label, Mention
from extraction.analysed_text import analysed
from extraction.entities.acronyms import by_initials
from extraction.entities.aliases import Aliases
from extraction.entities.aliases import shipped as aliases
from extraction.entities.context import Context
from extraction.entities.gazetteer import shipped as gazetteer
from extraction.entities.genitive import NamesInText, nominative
from extraction.entities.inner_names import Known
from extraction.entities.missed import with_missed
from extraction.entities.organisations import same_organisations
from extraction.entities.persons import named_people
from extraction.geography import locate
from extraction.quotes import read_quotes
from german.wordlist import lines
from tests.linear import assert_linear

_LETTERS = "bdfgklmnprstvwz"


def _name(number: int) -> str:
    """Return another word that no list knows for each number."""
    word = ""
    while number or len(word) < 6:
        number, letter = divmod(number, len(_LETTERS))
        word += _LETTERS[letter] + "aeiou"[letter % 5]
    return word.capitalize()


def _person(name: str, at: int, role: str = "", of: str = "") -> Mention:
    return Mention("PER", name, name, "body", at, at + len(name), role=role, role_of=of)


def _placed(names: Iterable[str], gap: str, label: Label = "PER") -> tuple[str, list[Mention]]:
    """Return the names as one text with ``gap`` behind each, and their mentions."""
    text, mentions, at = [], list[Mention](), 0
    for name in names:
        mentions.append(Mention(label, name, name, "body", at, at + len(name)))
        text += [name, gap]
        at += len(name) + len(gap)
    return "".join(text), mentions


def _acronyms(number: int) -> object:
    names = [f"Verein {_name(at)} {_name(at + 7)}" for at in range(number)]
    return same_organisations([*names, *(f"V{_name(at).upper()}" for at in range(number))], {})


def _clubs(number: int) -> object:
    names = [_name(at) for at in range(number)]
    return same_organisations([*(f"FC {name}" for name in names), *names], {})


def _couples(number: int) -> object:
    names = [name for at in range(number) for name in ("Anna", f"Petra {_name(at)}")]
    text, mentions = _placed(names, " und ")
    context = Context(analysed({"body": text}), mentions)
    return named_people(context, range(len(mentions)), "PER", gazetteer(), aliases())


def _namesakes(number: int) -> object:
    known = NamesInText(["Peter", *(f"Jan {_name(at)}" for at in range(number))])
    return [nominative("Peters", "PER", known, gazetteer()) for _ in range(number)]


def _beginnings(number: int) -> object:
    names = [f"Munde{_name(at).lower()}" for at in range(number)]
    known = Known([_person(f"Anna {name}", 0) for name in names], gazetteer(), aliases())
    return [known.root(f"{name}wahl") for name in names]


def _von(number: int) -> object:
    text, mentions = _placed((f"Anna von {_name(at)}" for at in range(number)), " von ")
    return with_missed(mentions, {"body": text})


def _holders(number: int) -> object:
    office, at, mentions, text = "Russlands Präsident", 0, list[Mention](), ""
    for name in (f"Peter {_name(n)}" for n in range(number)):
        piece = f"{office} {name} kam. {office} sagte, es sei so.\n\n"
        start = len(office) + 1
        mentions.append(_person(name, at + start, "Präsident", "Russland"))
        for place in (at, at + start + len(name) + len(" kam. ")):
            mentions.append(Mention("LOC", "Russland", "Russlands", "body", place, place + 9))
        text += piece
        at += len(piece)
    return read_quotes({"body": text}, sorted(mentions, key=lambda m: m.start))


def _places(number: int) -> object:
    rows = lines("extraction.geography", "data/cities.tsv")
    return locate([row.partition("\t")[0] for row, _ in zip(rows, range(number), strict=False)])


def _blocked(number: int) -> object:
    return Aliases.read(f"block LOC: {_name(at)}" for at in range(number))


@pytest.mark.parametrize(
    ("read", "number"),
    [
        (_acronyms, 600),
        (_clubs, 2_000),
        (_couples, 1_500),
        (_namesakes, 2_000),
        (_beginnings, 2_000),
        (_von, 2_000),
        (_holders, 4_000),
        (_places, 1_500),
        (_blocked, 20_000),
    ],
)
def test_they_take_linear_time(read: Callable[[int], object], number: int) -> None:
    assert_linear(lambda numbers: read(len(numbers)), "x", length=number)


def test_of_few_names_each_is_compared_with_all() -> None:
    longs = [f"Deutscher Verein {_name(at)}" for at in range(50)]
    assert by_initials(["DVB"], longs) == {}  # `Bababa`, `Badaba` …
    assert by_initials(["DBV"], [*longs, "Deutscher Bauernverband"]) == {
        "DBV": "Deutscher Bauernverband"
    }


def test_the_longest_root_is_meant() -> None:
    people = [_person(name, 0) for name in ("Anna Mundewal", "Anna Mundewalda")]
    known = Known(people, gazetteer(), aliases())
    assert known.root("Mundewaldatext") == ("Mundewalda", "PER")
    assert known.root("Mundewaltext") == ("Mundewal", "PER")
    assert known.root("Mundetext") is None
