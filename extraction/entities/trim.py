"""Trim and drop what a model marks as a name and is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from articles.article import Mention
from extraction.entities.context import Context, determiner_before
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.kinds import is_kind
from extraction.geography.senses import senses
from german.first_names import first_names
from german.inflection import ADJECTIVE_ENDING, towns
from german.sentences import is_abbreviation
from german.wordlist import word_list, words_of

_EDGES = ' \t\u00a0"„“”«»‚‘›‹`,;:|([{'
_TRAILING = ' \t\u00a0"„“”«»›‹,;:!?|([{–—-'
#: Names end in no such word: ``Bundesamt für Sicherheit in`` was cut.
_SMALL_AT_END = re.compile(
    r"(?<=\w) (?:für|in|im|d(?:er|ie|as|es|em|en)|und|auf|vo[nm]|zu[mr]?|am|bei|mit|gegen|aus)\Z"
)
_LONGEST = 10
#: A point behind which the sentence goes on.
_GOES_ON = re.compile(r"\.\s?[a-zäöü0-9,;)]")
#: The score of a city of about 100,000 inhabitants in Germany, of a million far away.
_LARGE_CITY = 6.0
_COUPLE = re.compile(r"(?P<one>[A-ZÄÖÜ]\S+(?: [A-ZÄÖÜ]\S+)?) (?:und|&) (?P<other>[A-ZÄÖÜ].+)\Z")
#: Those that are surnames too, so that no list of adjectives tells them.
_INHABITANTS = word_list(
    """
    Sachse Schwabe Hesse Franke Friese Preuße Bayer Pole Russe Däne Schwede Finne Franzose
    Türke Grieche Brite Tscheche Slowake Ungar Rumäne Bulgare Kroate Serbe Chinese Afghane Schotte
    Ire Portugiese Lette Este Ukrainer Österreicher Schweizer Westfale Thüringer
    """
)
_DERIVED = re.compile(
    rf"(?i)(?P<stem>[\w-]{{3,}}isch|deutsch|[\w-]+deutsch)(?:{ADJECTIVE_ENDING})?\Z"
)


def tidy(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds of the name in ``text[start:end]`` without marks at its edges.

    ``None`` where no name is left: marks and digits only, a single letter, a line break within,
    more than ten words. A small word at the end goes.
    """
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    while cut := _SMALL_AT_END.search(text, start, end):
        end = cut.start()
    start += max(text.rfind(")", start, end) + 1 - start, 0) if "(" not in text[start:end] else 0
    surface = text[start:end]
    if "\n" in surface or "\r" in surface or len(surface.split()) > _LONGEST:
        return None
    return (start, end) if sum(map(str.isalpha, surface)) > 1 else None


def is_abbreviation_alone(mention: Mention, texts: Mapping[str, str]) -> bool:
    """Tell ``Chr.`` of ``300 v. Chr.`` and ``Jr.`` from ``Chr. Meyer`` and from ``Jan``."""
    word = mention.surface.removesuffix(".")
    if not word.isalpha() or word in first_names():
        return False  # `Jan.` may be Jan
    if word != mention.surface:
        return is_abbreviation(word)
    # Without its point in the mention it may be a name at the end of a sentence: `Abt`.
    text = texts.get(mention.field, "")
    if _GOES_ON.match(text, mention.end):
        return is_abbreviation(word)
    surely = words_of("german", "abbreviations.txt")  # those that may end a sentence have a `?`
    return text.startswith(".", mention.end) and word.lower() in surely


def is_derived(mention: Mention, gazetteer: Gazetteer) -> bool:
    """Tell whether a mention is no name but made from one: ``deutsche``, ``Berliner``."""
    name, label = " ".join(mention.surface.split()), mention.label
    if " " in name or label == "ORG":
        return label == "LOC" and _is_derived_of_several(name)
    match = _DERIVED.match(name)
    if match and (label == "LOC" or match["stem"].casefold() in gazetteer.adjectives):
        return True  # `Fischer` and `Böhmisch` are people
    if label != "MISC" and name.islower():
        return True
    if name in gazetteer.places or label != "LOC":
        return False
    able = towns(re.sub(r"(?<=er)(?:in|s|n|innen)$", "", name))
    return not gazetteer.places.isdisjoint(able) or any(map(_is_large_city, able))


def _is_derived_of_several(name: str) -> bool:
    """Tell whether a name is made from one of several words: ``New Yorker``, ``St. Pöltner``."""
    before, _, last = name.rpartition(" ")
    if not last.endswith("er") or senses(name):
        return False
    return any(senses(f"{before} {town}") for town in towns(last))


def _is_large_city(name: str) -> bool:
    """Tell whether a city is called so that a German text means without saying which."""
    places = senses(name)
    return bool(places) and places[0].place.kind == "city" and places[0].score >= _LARGE_CITY


def parted(mention: Mention, gazetteer: Gazetteer) -> list[Mention]:
    """Part ``Barack und Michelle Obama``, marked as one person, into two mentions; leave the noun
    out of ``Kickls Partei``.
    """
    if mention.label != "PER" or " " not in mention.surface:
        return [mention]
    owner, _, noun = mention.surface.partition(" ")
    if match := _COUPLE.match(mention.surface):
        pieces = [match.span("one"), match.span("other")]
    elif owner.endswith("s") and is_kind(noun) and not gazetteer.first_names.get(owner):
        pieces = [(0, len(owner))]
    else:
        return [mention]
    return [
        replace(
            mention,
            surface=mention.surface[start:end],
            start=mention.start + start,
            end=mention.start + end,
        )
        for start, end in pieces
    ]


def without_inhabitants(context: Context) -> list[Mention]:
    """Leave out ``der Sachse`` and then ``Sachse`` everywhere, unless somebody is called so."""
    full = {m.surface.rpartition(" ")[2] for m in context.mentions if " " in m.surface}
    people = {
        m.surface
        for m in context.mentions
        if m.surface in _INHABITANTS - full
        and m.label != "ORG"
        and determiner_before(context.texts.get(m.field, ""), m.start)
    }
    return [m for m in context.mentions if m.surface not in people]
