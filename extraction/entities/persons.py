"""The canonical names of the people of one article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from articles.article import Label, Mention
from extraction.entities.aliases import Aliases
from extraction.entities.context import (
    ADDRESSES,
    Context,
    determiner_before,
    line_before,
    word_before,
)
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.genitive import NamesInText, nominative
from extraction.entities.people import Hint, same_people
from extraction.entities.role_nouns import role_of_word
from extraction.entities.titles import Plain, without_title
from german.folding import transcribed
from german.wordlist import word_list

_COUPLE = re.compile(r"\s+(?:und|&)\s+\Z")
_KIN = word_list(
    """
    ehefrau gattin gatte ehemann witwe witwer tochter sohn mutter vater bruder schwester neffe
    nichte onkel tante enkel enkelin großvater großmutter schwager schwägerin sohnes vaters bruders
    exfrau ex-frau ex-mann lebensgefährtin lebensgefährte verlobte partnerin
    """
)
_SPOUSE = re.compile(
    r"(?:[Ss]eine[rnm]?|[Ii]hre[rnm]?|[Ss]ein|[Ii]hr|dessen|deren)\s(?:Frau|Mann)\s\Z"
)
_RELATIVE = re.compile(
    r",\s(?:(?:der|die|ein|eine|seine?|ihre?|dessen|deren)\s(?:[a-zäöü]+\s)?)?"
    rf"(?:{'|'.join(sorted(word.capitalize() for word in _KIN))})\b"
)
#: ``Krawuttkes Anwalt``, ``Habecks neues Gesetz``: a noun follows, as behind a genitive.
_NOUN_FOLLOWS = re.compile(
    r"\s(?:(?:neu|erst|zweit|dritt|letzt|jüngst|alt|groß|eigen|früher|umstritten|geplant)e[mnrs]?\s)?"
    r"[A-ZÄÖÜ][a-zäöüß]{2,}"
)
#: Surnames that are titles too and in no list.
_SURNAMES = word_list("Kaiser Graf Fürst Prinz Hauptmann Maler Abt Winzer Fahrer Läufer Ritter")


def named_people(
    context: Context, indices: Sequence[int], label: Label, gazetteer: Gazetteer, aliases: Aliases
) -> dict[int, str]:
    """Return the canonical names of the people at ``indices``; who has none is left out."""
    mentions = [context.mentions[index] for index in indices]
    plain = [without_title(mention.surface, gazetteer) for mention in mentions]
    names = _kept(context, mentions, plain, gazetteer)
    forms = {form for name in names if name for form in (name, name.rpartition(" ")[2])}
    known = NamesInText(forms | {transcribed(form) for form in forms})
    owners = _owners(context, mentions)
    names = [
        nominative(name, label, known, gazetteer, owner=mention.surface in owners)
        for mention, name in zip(mentions, names, strict=True)
    ]
    names = [aliases.name(label, name) if name else "" for name in names]
    names = _couples(context, mentions, names, gazetteer)
    kept = [place for place, name in enumerate(names) if name]
    hints = [_hint(context, mentions[p], plain[p], names[p], gazetteer) for p in kept]
    people = same_people([names[place] for place in kept], hints)
    return {
        indices[place]: aliases.name(label, name) for place, name in zip(kept, people, strict=True)
    }


def _owners(context: Context, mentions: Sequence[Mention]) -> set[str]:
    """Return the surfaces behind which always a noun follows that is no name."""
    starts = {(m.field, m.start) for m in context.mentions}
    owning: dict[str, bool] = {}
    for mention in mentions:
        follows = _NOUN_FOLLOWS.match(context.texts.get(mention.field, ""), mention.end)
        owns = bool(follows) and (mention.field, mention.end + 1) not in starts
        owning[mention.surface] = owning.get(mention.surface, True) and owns
    return {surface for surface, owns in owning.items() if owns}


def _kept(
    context: Context, mentions: Sequence[Mention], plain: Sequence[Plain], gazetteer: Gazetteer
) -> list[str]:
    """Return the names without titles, "" for who has none.

    ``Richter`` alone stays if somebody in the article is called so, or if it is a surname and no
    article stands before it.
    """
    surnames = {titled.name.rpartition(" ")[2] for titled in plain if " " in titled.name}
    names = []
    for mention, titled in zip(mentions, plain, strict=True):
        surface = " ".join(mention.surface.split())
        text = context.texts.get(mention.field, "")
        called_so = surface in surnames or (
            bool(text)
            and (surface in gazetteer.surnames or surface in _SURNAMES)
            and not determiner_before(text, mention.start)
        )
        names.append(titled.name or (surface if called_so else ""))
    return names


def _couples(
    context: Context, mentions: Sequence[Mention], names: Sequence[str], gazetteer: Gazetteer
) -> list[str]:
    """Give ``Barack`` of ``Barack und Michelle Obama`` the surname."""
    done = [*names]
    full = [name for name in sorted(set(names)) if " " in name]
    surnames = {name.rpartition(" ")[2] for name in full}
    by_ends: dict[tuple[str, str], str] = {}
    for name in full:
        by_ends.setdefault((name.partition(" ")[0], name.rpartition(" ")[2]), name)
    for place, (mention, following) in enumerate(pairwise(mentions)):
        name, next_name = names[place], names[place + 1]
        between = context.texts.get(mention.field, "")[mention.end : following.start]
        if mention.field != following.field or " " in name or not _COUPLE.match(between):
            continue
        if name and " " in next_name and name not in surnames:
            last = next_name.rpartition(" ")[2]
            first_name = gazetteer.first_names.get(name) and name not in gazetteer.surnames
            done[place] = by_ends.get((name, last), f"{name} {last}" if first_name else name)
    return done


def _hint(
    context: Context, mention: Mention, plain: Plain, name: str, gazetteer: Gazetteer
) -> Hint:
    """Return what the first name, and the word before the name, tell of gender and role."""
    start = mention.start + plain.offset if plain.name else mention.start
    word = word_before(context.texts.get(mention.field, ""), start)
    role = role_of_word(word.capitalize()) if word else None
    gender = ADDRESSES.get(word) or plain.gender or (role.gender if role else "")
    said = transcribed(role.name).rpartition("-")[2] if role else ""
    kin = word in _KIN or _is_relative(context, mention)
    return Hint(gazetteer.gender(name) or gender, said, kin)


def _is_relative(context: Context, mention: Mention) -> bool:
    """Tell ``seine Frau Gabriele Lenz`` from ``Frau Lenz``; see ``Eva Lenz, die Witwe`` too."""
    text = context.texts.get(mention.field, "")
    line = line_before(text, mention.start)
    spouse = line[:-1].endswith(("Frau", "Mann")) and _SPOUSE.search(line)
    return bool(spouse or _RELATIVE.match(text, mention.end))
