"""The offices that an article gives people, and whom a phrase names by one.

``Russlands Präsident``, ``der SPD-Chef``, ``die Präsidentin der EU-Kommission``.

A phrase means somebody if it names an office and whose that is, and the article gives it to one
person alone. Offices that are called in several ways are one (``Premier``, ``Regierungschef``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from articles.article import Mention
from extraction.entities import aliases, gazetteer
from extraction.entities.archive_name import archive_name
from extraction.entities.role_nouns import role_of_word
from extraction.quotes.phrases import Phrase
from extraction.quotes.tokens import QuoteToken
from german.first_names import gender_of_person
from german.inflection import adjective, genitive_bases
from german.lexicon import Gender
from german.wordlist import word_list

#: What several words call one office, by the last word of each.
_GROUPS = {
    word: name
    for name, words in {
        "government": "ministerpräsident premierminister premier regierungschef kanzler "
        "bundeskanzler ministerratspräsident",
        "state": "präsident staatspräsident staatschef staatsoberhaupt bundespräsident",
        "coach": "trainer coach chefcoach cheftrainer nationaltrainer bundestrainer",
        "head": "chef vorsitzend parteichef parteivorsitzend vorstandschef vorstandsvorsitzend "
        "konzernchef bundesvorsitzend",
    }.items()
    for word in words.split()
}
#: Seats that stand for those who sit there: ``Kremlchef``.
_SEATS = {"kremlchef": ("state", "Russland"), "kreml-chef": ("state", "Russland")}
#: What begins so is an office of these: ``Kommissionspräsidentin``.
_BODIES = {"kommission": "Europäische Kommission", "bundes": "Deutschland"}
_HOLDING = word_list("der die des dem")
_WITH_DETERMINER = 2
#: Holders of one office that are kept: of so many none is meant by it.
_MOST = 50
_BEHIND = word_list("der des von vom")


class Office(NamedTuple):
    """What it is called, as ``_kind`` has it, and whose it is, "" if nobody said."""

    kind: str
    of: str


class Offices:
    """Who holds which office, by all roles of an article."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.holders: dict[Office, dict[str, None]] = {}
        for mention in mentions:
            if mention.label == "PER" and mention.role and not _is_former(mention.role):
                for office in _offices(mention.role, mention.role_of):
                    holders = self.holders.setdefault(office, {})
                    if len(holders) < _MOST:
                        holders[mention.name] = None

    def holder(self, row: Sequence[QuoteToken], phrase: Phrase) -> str | None:
        """Return the name of the only person who holds what the phrase names, "" if that is
        somebody's whom the article does not tell, ``None`` if the phrase names no office so.
        """
        head = row[phrase.core - 1]
        if not self.holders or head.mention or head.pair:
            return None
        determiner = row[phrase.start].low if row[phrase.start].low in _HOLDING else ""
        role = role_of_word(head.text, determiner)
        if role is None or not _is_one(row, phrase, determiner, role.gender):
            return None
        whose = _whose(row, phrase, determiner)
        offices = [] if whose is None else [o for o in _offices(role.name, whose) if o.of]
        names = {name for office in offices for name in self.holders.get(office, ())}
        fitting = {n for n in names if {role.gender, gender_of_person(n)} != {"m", "f"}}
        if len(fitting) == 1:
            return fitting.pop()
        return "" if whose else None


def _is_one(row: Sequence[QuoteToken], phrase: Phrase, determiner: str, gender: Gender) -> bool:
    """Tell one from several: ``die Minister``, ``der russischen Minister``."""
    if determiner == "die":
        return gender == "f"
    adjective_before = phrase.core - phrase.start > _WITH_DETERMINER
    many = determiner == "der" and adjective_before and row[phrase.start + 1].low.endswith("en")
    return not many or gender != "m"


def _offices(role: str, of: str) -> Iterator[Office]:
    """Yield the office in each way that a phrase may name it."""
    seat = _SEATS.get(role.lower())
    if seat:
        yield Office(*seat)
    prefix, _, noun = role.rpartition("-")
    kind = _stem(noun)
    of = of or _called(prefix)
    yield Office(_GROUPS.get(kind, kind), of)
    for body, name in _BODIES.items():
        rest = kind.removeprefix(body).removeprefix("s")
        if kind.startswith(body) and not of and rest:
            yield Office(_GROUPS.get(rest, rest), name)


def _stem(noun: str) -> str:
    """Return ``vorsitzend`` for ``Vorsitzende``, ``kanzler`` for ``Kanzlerin``."""
    role = role_of_word(noun)
    low = (role.name if role else noun).lower()
    if low.endswith(("vorsitzende", "vorsitzender")):
        return low.rstrip("r").rstrip("e")
    return low.removesuffix("in").replace("ärzt", "arzt").replace("anwält", "anwalt")


def _called(prefix: str) -> str:
    """Return the canonical name of what stands before a hyphen: ``US`` is ``USA``."""
    known = aliases.shipped()
    place = known.name("LOC", prefix)
    return place if place != prefix else archive_name("ORG", prefix, known)


def _is_former(role: str) -> bool:
    return role.lower().startswith(("ex-", "alt-", "vize", "stellvertret"))


def _whose(row: Sequence[QuoteToken], phrase: Phrase, determiner: str) -> str | None:
    """Return whose office the phrase names, "" if its noun alone may tell, ``None`` if it says more
    than an office.
    """
    first = phrase.start + bool(determiner)
    before, behind = row[first : phrase.core - 1], row[phrase.core : phrase.end]
    if before and behind:
        return None
    if behind:
        return _behind(behind)
    return _before(before, determiner)


def _before(before: Sequence[QuoteToken], determiner: str) -> str | None:
    if not before:
        return "" if determiner else None
    mention = before[0].mention
    if not determiner and mention and mention.label in ("LOC", "ORG"):
        whole = all(token.mention is mention for token in before)
        return mention.name if whole and genitive_bases(mention.surface) else None
    if not determiner or len(before) > 1:
        return None
    stem, _ = adjective(before[0].low)
    return gazetteer.shipped().adjectives.get(stem)


def _behind(behind: Sequence[QuoteToken]) -> str | None:
    mention = behind[-1].mention
    whole = len(behind) > 1 and all(token.mention is mention for token in behind[1:])
    if not mention or mention.label not in ("LOC", "ORG") or not whole:
        return None
    return mention.name if behind[0].low in _BEHIND else None
