"""Words whose form tells that they name a place or a thing: ``Max-Ernst-Platz``, ``Passgesetz``.

The last part of a compound says what it is, and what stands before it that it is a single one: the
name of somebody or something (``Adlersee-Stadion``), letters (``ESC-Cup``), or any noun where such
words hardly ever are said of many (``Mietrechtsgesetz``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from articles.article import Label, Mention
from extraction.analysed_text import AnalysedField, AnalysedText
from extraction.entities import gazetteer as lists
from extraction.entities import organisation_list
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.listed_names import touched_by
from extraction.entities.word_kinds import WordKinds
from extraction.geography.senses import senses
from german.wordlist import word_list

#: What is a name behind a hyphen: of the annotated news nine in ten and more are.
_BEHIND_HYPHEN: dict[str, Label] = {
    **dict.fromkeys(
        word_list(
            """
            stadion arena straße strasse gasse allee platz brücke moschee tunnel turm kanal
            flughafen delta autobahn see bucht tal park pipeline ring distrikt kaserne
            """
        ),
        "LOC",
    ),
    **dict.fromkeys(
        word_list(
            """
            preis pokal cup protokoll verfassung meisterschaft gesetz medaille
            festival open masters
            """
        ),
        "MISC",
    ),
}
#: The same where no hyphen stands, behind a name: ``Adlerseestadion``.
_BEHIND_NAME: dict[str, Label] = dict.fromkeys(
    word_list(
        """
        stadion arena straße strasse gasse allee platz brücke moschee tunnel kanal flughafen delta
        becken pass friedhof kreis
        """
    ),
    "LOC",
)
#: What names without a hyphen behind any noun.
_BEHIND_NOUN: dict[str, Label] = {"gesetz": "MISC", "pokal": "MISC"}
_EVENTS = ("-WM", "-EM", "-Bundesliga")
_SUMMIT = re.compile(r"G-?(?:7|8|20)-Gipfel\Z")
#: Words of the kind that name nothing.
_COMMON = word_list(
    """
    landesgesetz bundesgesetz rahmengesetz naturgesetz ausführungsgesetz änderungsgesetz
    reformgesetz sondergesetz notstandsgesetz grundsatzgesetz einzelgesetz begleitgesetz
    artikelgesetz gegengesetz spezialgesetz wanderpokal siegerpokal ehrenpokal
    """
)
#: Pieces before a hyphen that make no name of a word, though no dictionary has them.
_NO_NAMES = word_list(
    """
    us eu un uno top mini mega ex anti öko bio haupt spezial test online internet privat kult
    profi amateur promi elite outdoor indoor skate beach fun tv nord süd ost west
    """
)
_SIDES = word_list("Nord Süd Ost West Zentral Olympia")
_GENITIVES, _LINKS = ("es", "s"), ("s", "n", "er")
_SHORTEST_NAME = 3


def with_formed(mentions: Sequence[Mention], texts: AnalysedText) -> list[Mention]:
    """Return the mentions and the words that name something by their form.

    Such a word takes the place of mentions that it holds; where one goes beyond it, that stays.
    """
    made: list[Mention] = []
    gone: set[int] = set()
    for field in texts:
        words = [*_mentions(field, texts.of(field))]
        there = sorted((m for m in mentions if words and m.field == field), key=_start)
        for word in words:
            touched = [*touched_by(there, word.start, word.end)]
            if all(word.start <= m.start and m.end <= word.end for m in touched):
                gone |= {id(m) for m in touched}
                made.append(word)
    return [*(m for m in mentions if id(m) not in gone), *made]


def _start(mention: Mention) -> int:
    return mention.start


def _mentions(name: str, field: AnalysedField) -> Iterator[Mention]:
    for index, kind in _KINDS.among(field.tokens.words):
        label: Label = "MISC" if kind == "MISC" else "LOC"
        word, start = field.tokens.words[index], field.tokens.starts[index]
        yield Mention(label, word, word, name, start, start + len(word))


def _kind(word: str) -> str:
    """Return the label that the form of a word tells, "" for none."""
    if not word[:1].isupper() or not (word[-1:].islower() or word.endswith(_EVENTS)):
        return ""
    forms = [word, *(word[: -len(e)] for e in _GENITIVES if word.endswith(e))]
    label = next((label for form in forms if (label := _of(form))), "")
    return "" if label and organisation_list.shipped().alias(word) else label


def _of(form: str) -> str:
    if form.endswith(_EVENTS) or _SUMMIT.match(form):
        return "MISC"
    before, hyphen, last = form.rpartition("-")
    if hyphen:
        label = _BEHIND_HYPHEN.get(last.lower(), "")
        return label if label and _may_name(before.split("-")) else ""
    low = form.lower()
    if low in _COMMON:
        return ""
    for head, label in _BEHIND_NOUN.items():
        if low.endswith(head) and len(low) - len(head) >= _SHORTEST_NAME:
            return label
    for head, label in _BEHIND_NAME.items():
        if low.endswith(head) and _is_name(form[: -len(head)]):
            return label
    return ""


def _may_name(pieces: Sequence[str]) -> bool:
    """Tell whether one of the pieces before a hyphen is no common noun."""
    return any(
        len(p) > 1 and p[0].isupper() and p.lower() not in _NO_NAMES and not is_common_noun(p)
        for p in pieces
    )


def _is_name(before: str) -> bool:
    """Tell whether a name stands before the head of a word, with a letter between them or none."""
    forms = [before, *(before.removesuffix(link) for link in _LINKS if before.endswith(link))]
    return before in _SIDES or any(
        len(form) >= _SHORTEST_NAME and _is_known(form) and not is_common_noun(form)
        for form in forms
    )


def _is_known(form: str) -> bool:
    known = lists.shipped()
    return (
        form in known.places
        or form in known.surnames
        or form in known.first_names
        or any(not sense.weak for sense in senses(form))
    )


_KINDS = WordKinds(_kind)
