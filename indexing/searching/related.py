"""What else a word of a query is found by: words of its family, equal words, names.

Beside the word in all its forms, its compounds and their parts, see
:mod:`indexing.searching.word_queries`, an article may have

==============  ===================================================================
``family``      another word of its family: ``Festnahme`` by *festgenommen*, *nahm … fest*
``regional``    what it is called elsewhere: ``Jänner`` by *Januar*
``abbreviation``  the short or the long form: ``Lkw`` by *Lastwagen*, ``EZB`` by her long name
``name``        the person or organisation whom the query names: ``Barack Obama`` by *Obama*
``spelling``    a name in another transliteration: ``Ovechkin`` by *Owetschkin*
``synonym``     what is often said instead, if no article has all words: ``Konkurs`` by *Insolvenz*
==============  ===================================================================

All of it is known when a query is asked; nothing is written into the index for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from german.compounds.tables import tables
from german.derivation.families import family
from german.derivation.infinitives import infinitives
from german.equal_words import equal_words, synonyms
from german.findable import noun_of, parts_of
from german.first_names import first_names
from german.folding import unaccented
from german.transliteration import spellings

Kind = Literal["family", "regional", "abbreviation", "name", "spelling", "synonym"]

#: Of so many words of a query related ones are looked for; of a word so many forms are asked for.
_MOST_WORDS, _MOST_FORMS = 12, 30
#: A person's name among the words of a query has so many, an organisation's so many.
_PERSON, _ORGANISATION = (2, 3, 4), (2, 3, 4, 5)
_MOST_NAMES = 12
#: Neither a prefix (``Nuklear*``) nor a number.
_WORD = re.compile(r"[^\W\d_][\w-]+")
#: How adjectives end that are in no list with their capital (``Deutscher`` is a noun, too).
_ADJECTIVE = ("sche", "scher", "sches", "schen")
_ACRONYM = re.compile(r"[A-ZÄÖÜ][\w&-]{0,7}[A-ZÄÖÜ]\w?")


@dataclass(frozen=True, slots=True)
class Related:
    """One way more to find a word, and why: ``kind``, and ``said``, which a person may be told.

    ``forms`` are words in small letters, exactly as texts have them; ``word`` is one in any form;
    ``apart`` are finite forms of a verb that have ``particle`` behind them; ``pattern`` is a
    regular expression for whole words without accents; ``field`` is the index field that has the
    name ``said``: of people a full name or, alone in the field, a surname. ``beside`` are the
    other parts of the compound that was asked for.
    """

    kind: Kind
    said: str
    forms: tuple[str, ...] = ()
    word: str = ""
    apart: tuple[str, ...] = ()
    particle: str = ""
    pattern: str = ""
    field: str = ""
    beside: tuple[str, ...] = ()


NOTHING_MORE: Mapping[str, Sequence[Related]] = MappingProxyType({})


@lru_cache(maxsize=4096)
def related(word: str) -> tuple[Related, ...]:
    """Return the ways to find ``word`` that itself tells: its family, equal words, spellings."""
    if not _WORD.fullmatch(word):
        return ()
    parts = parts_of(word)
    ways = _of_family(word, ())
    of_its_own = bool(ways)  # ``Freispruch`` is no kind of ``Spruch``: *freigesprochen*
    ways += [Related(kind, other, word=other) for kind, other in equal_words(word)]
    if pattern := spellings(word):
        ways.append(Related("spelling", word, pattern=pattern))
    if len(parts) > 1:
        ways += [] if of_its_own else _of_family(parts[-1], parts[:-1])
        for at, part in enumerate(parts):
            others = (*parts[:at], *parts[at + 1 :])
            equal = equal_words(part)
            ways += [Related(kind, other, word=other, beside=others) for kind, other in equal]
    return tuple(ways)


@lru_cache(maxsize=4096)
def said_instead(word: str) -> tuple[Related, ...]:
    """Return the synonyms of ``word`` and, beside its other parts, of a compound's parts."""
    if not _WORD.fullmatch(word):
        return ()
    ways = [Related(kind, other, word=other) for kind, other in synonyms(word)]
    parts = parts_of(word) if not ways else ()
    for at, part in enumerate(parts):
        others = (*parts[:at], *parts[at + 1 :])
        alike = synonyms(part)
        ways += [Related(kind, other, word=other, beside=others) for kind, other in alike]
    return tuple(ways)


def _of_family(word: str, beside: tuple[str, ...]) -> list[Related]:
    its = family(word)
    of_verbs = [
        Related(
            "family",
            verb.whole[0],
            forms=tuple(form for form in verb.whole if not _is_another(form))[:_MOST_FORMS],
            apart=verb.apart,
            particle=verb.particle,
            beside=beside,
        )
        for verb in its.verbs
    ]
    return of_verbs + [Related("family", noun, word=noun, beside=beside) for noun in its.nouns]


@lru_cache(maxsize=4096)
def _is_another(form: str) -> bool:
    """Tell ``fälschen``, which is ``falschen`` where umlauts are folded."""
    plain = unaccented(form)
    known = tables()
    bare = plain.removesuffix("en")
    return plain != form and (
        plain in known.lemmas or bare in known.modifiers or bool(infinitives(plain))
    )


def related_words(
    words: Sequence[str], canonical: Callable[[str, str], str], *, loosely: bool = False
) -> dict[str, tuple[Related, ...]]:
    """Return for each of the first words of a query what else finds it; ``loosely`` synonyms too.

    Among them are the people and organisations whom several words together name.
    ``canonical`` gives the name under which the archive has a name of an index field.
    """
    several = words[:_MOST_WORDS]
    ways = {word: list(related(word)) for word in several}
    for word in several if loosely else ():
        ways[word] += said_instead(word)
    for word in several:
        if _ACRONYM.fullmatch(word):
            ways[word].append(_organisation(canonical("organisations", word)))
    for name, its in _names(several, canonical):
        for word in name:
            ways[word].append(its)
    return {word: tuple(dict.fromkeys(each)) for word, each in ways.items() if each}


def _organisation(name: str) -> Related:
    return Related("abbreviation", name, field="organisations")


def _names(
    words: Sequence[str], canonical: Callable[[str, str], str]
) -> list[tuple[tuple[str, ...], Related]]:
    """Return the words in a row that may name somebody, each row with who it is."""
    rows = [
        tuple(words[at : at + size])
        for size in _ORGANISATION
        for at in range(len(words) - size + 1)
    ]
    names: list[tuple[tuple[str, ...], Related]] = []
    for row in rows:
        name = " ".join(row)
        known = canonical("organisations", name)
        if known != name or _may_be_organisation(row):
            names.append((row, _organisation(known)))
        if known == name and len(row) in _PERSON and _may_be_person(row):
            names.append((row, Related("name", name, field="people")))
            if row[0] in first_names():  # who has no first name in the article may be they
                names.append((row, Related("name", row[-1], field="people")))
    return names[:_MOST_NAMES]


def _may_be_organisation(row: Sequence[str]) -> bool:
    """Tell words with capitals that begin with an adjective: ``Technisches Hilfswerk``.

    The name may be the one under which the archive has those that say `THW` alone.
    """
    first = row[0]
    adjective = first.endswith(_ADJECTIVE) or noun_of(first).lower() not in tables().lemmas
    own = adjective and first not in first_names()
    return own and all(word[:1].isupper() for word in row)


def _may_be_person(row: Sequence[str]) -> bool:
    """Tell words with capitals, the first of which is a first name or no noun at all."""
    first = row[0]
    known = first in first_names() or noun_of(first).lower() not in tables().lemmas
    return known and all(word[:1].isupper() and not word.isupper() for word in row)
