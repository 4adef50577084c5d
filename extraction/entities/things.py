"""The canonical names of the organisations, places and other names of one article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set

from articles.article import Label
from extraction.entities import organisation_list
from extraction.entities.acronyms import by_initials, definitions, is_acronym
from extraction.entities.aliases import Aliases
from extraction.entities.bearers import archive_names, standing_alone
from extraction.entities.context import Context, determiner_before
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.genitive import NamesInText, nominative
from extraction.entities.kinds import is_kind
from extraction.entities.nominative import dictionary_form
from extraction.entities.organisations import same_organisations, without_legal_form
from extraction.entities.spellings import spellings
from extraction.geography.surface import read
from german.folding import caseless

_SITUATED = re.compile(r" (?:am|an der|im|in der|ob der|bei|vor der|\(|/)")
_DATED = re.compile(r" (?:19|20)\d\d\Z")


def named_things(
    context: Context, indices: Sequence[int], label: Label, gazetteer: Gazetteer, aliases: Aliases
) -> dict[int, str]:
    """Return the canonical names of the mentions at ``indices``, all of one label."""
    names = _dictionary_forms(context, indices, label, gazetteer)
    if label == "ORG":
        defined = definitions(context, zip(indices, names, strict=True), aliases)
        defined = _spelt_out(set(names), aliases) | defined
        words = frozenset(w for f in context.texts for w in context.texts.of(f).tokens.words)
        names = _organisations(names, defined, aliases, words, _countries(context))
    else:
        names = _listed_names(names) if label == "MISC" else names
        names = spellings([aliases.name(label, name) for name in names])
        names = _same_events(names) if label == "MISC" else names
        names = _same_places(names, gazetteer) if label == "LOC" else names
    final = {name: aliases.name(label, name) for name in set(names)}
    return {index: final[name] for index, name in zip(indices, names, strict=True)}


def _listed_names(names: Sequence[str]) -> list[str]:
    """Return ``DAX`` as ``Dax``, as the list of what is no organisation has it."""
    known = organisation_list.shipped()
    return [alias.bearers[0].name if (alias := known.alias(name)) else name for name in names]


def _organisations(
    names: Sequence[str],
    defined: Mapping[str, str],
    aliases: Aliases,
    words: Set[str],
    countries: Mapping[str, int],
) -> list[str]:
    """Return one name for each organisation; what the article defines beats the aliases, and they
    beat the list.

    Where the aliases know the acronym as the name itself (``DFB``), the long name becomes it.
    """
    alone = set(names)
    names = [_without_kind(name, alone, aliases) for name in names]
    known = organisation_list.shipped()
    listed = _undefined(archive_names(names, words, known, countries), defined)
    short = {
        long: name
        for acronym, long in defined.items()
        if (name := aliases.canonical("ORG", acronym))
    }
    names = [
        short.get(name) or (name if caseless(name) in defined else _named(name, listed, aliases))
        for name in names
    ]
    own = {name for name in set(names) if "ORG" in aliases.labels(name)}
    kept = frozenset(map(caseless, own | standing_alone(names, known)))
    left = {acronym: long for acronym, long in defined.items() if long not in short}
    return same_organisations(names, left, kept)


def _countries(context: Context) -> Counter[str]:
    """Return the countries of the places of the article that are clear, each place once."""
    places = {mention.surface for mention in context.mentions if mention.label == "LOC"}
    likeliest = (meaning[0] for place in places if (meaning := read(place)))
    return Counter(sense.place.country for sense in likeliest if not sense.weak)


def _undefined(listed: dict[str, str], defined: Mapping[str, str]) -> dict[str, str]:
    """Leave out the long names to which the article gives letters that the list has not."""
    of_letters = {caseless(name): meant for name, meant in listed.items()}
    other = {long for short, long in defined.items() if of_letters.get(short) != listed.get(long)}
    return {name: meant for name, meant in listed.items() if name not in other}


def _named(name: str, listed: Mapping[str, str], aliases: Aliases) -> str:
    """Return what the aliases call an organisation, else what the list does."""
    ruled = aliases.name("ORG", name)
    return ruled if ruled != name or aliases.canonical("ORG", name) else listed.get(name, name)


def _without_kind(name: str, names: Set[str], aliases: Aliases) -> str:
    """Return ``Gewerkschaft Verdi`` as ``Verdi``, which the aliases or the article know alone."""
    kind, _, rest = name.partition(" ")
    alone = "ORG" in aliases.labels(rest) or (is_acronym(rest) and rest in names)
    listed_itself = "ORG" in aliases.labels(name) or organisation_list.shipped().alias(name)
    return rest if rest and is_kind(kind) and alone and not listed_itself else name


def _dictionary_forms(
    context: Context, indices: Sequence[int], label: Label, gazetteer: Gazetteer
) -> list[str]:
    surfaces = [" ".join(context.mentions[index].surface.split()) for index in indices]
    known = {*surfaces, *map(without_legal_form, surfaces)}
    if label == "ORG":  # clubs go by their towns
        known |= {mention.surface for mention in context.mentions}
        known |= {surface.rpartition(" ")[2] for surface in surfaces}
    in_text, names = NamesInText(known), list[str]()
    for index, surface in zip(indices, surfaces, strict=True):
        if label == "ORG" and (alias := organisation_list.shipped().alias(surface)):
            names.append(alias.name)
            continue
        mention = context.mentions[index]
        before = determiner_before(context.texts.get(mention.field, ""), mention.start)
        base = nominative(surface, label, in_text, gazetteer)
        names.append(dictionary_form(base, before, label, gazetteer) or base)
    return names


def _spelt_out(names: Set[str], aliases: Aliases) -> dict[str, str]:
    """Return folded acronym -> long name for those that a long name of the article spells out.

    So that ``RSF`` beside ``Rapid Support Forces`` is not what the aliases take it for.
    """
    meant = {name: aliases.name("ORG", name) for name in names if is_acronym(name)}
    known = {n: other for n, other in meant.items() if other != n and other not in names}
    longs = (name for name in names if " " in name)
    spelt_out = by_initials(known, longs, lambda n, long: aliases.name("ORG", long) != known[n])
    return {caseless(name): long for name, long in spelt_out.items()}


def _same_events(names: Sequence[str]) -> list[str]:
    """Let ``Fußball-WM`` be ``Fußball-WM 2006`` where the article has one of a year alone."""
    dated: dict[str, set[str]] = {}
    for name in set(names):
        if match := _DATED.search(name):
            dated.setdefault(name[: match.start()], set()).add(name)
    only = {short: years.copy().pop() for short, years in dated.items() if len(years) == 1}
    return [only.get(name, name) for name in names]


def _same_places(names: Sequence[str], gazetteer: Gazetteer) -> list[str]:
    """Let ``Frankfurt`` be ``Frankfurt am Main``, ``Eimsbüttel`` ``Hamburg-Eimsbüttel``, where
    the article has one such longer name alone.
    """
    longer: dict[str, set[str]] = {}
    for name in set(names):
        if match := _SITUATED.search(name):
            longer.setdefault(name[: match.start()], set()).add(name)
        town, hyphen, quarter = name.partition("-")
        listed = name in gazetteer.places or name in gazetteer.states
        if hyphen and town in gazetteer.places and not listed:
            longer.setdefault(quarter, set()).add(name)
    only = {
        short: names_of.copy().pop() for short, names_of in longer.items() if len(names_of) == 1
    }
    return [only.get(name, name) for name in names]
