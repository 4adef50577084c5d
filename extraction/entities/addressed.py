"""People whom a tagger marked as places or things although the words beside them say otherwise.

``Umweltministerin Lindenau``, ``Frau Lindenau`` and ``„…“, sagte Lindenau`` can only mean a
person; then the other mentions of the name do so too, but not ``in Lindenau``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from articles.article import Mention
from extraction.entities.context import (
    ADDRESSES,
    Context,
    determiner_before,
    line_before,
    word_before,
)
from extraction.entities.gazetteer import Gazetteer
from extraction.geography.surface import read
from german.folding import caseless
from german.wordlist import word_list

_FULL = re.compile(r"(?P<first>[A-ZÄÖÜ][^\W\d_]+) (?:[^\W\d_.]+ )?[A-ZÄÖÜ][\w’'-]+\Z")
_NAME = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{2,}(?:-[A-ZÄÖÜ][a-zäöüß]{2,})?\Z")
_ADDRESSED = re.compile(r"(?:Frau|Herrn?) (?P<name>[A-ZÄÖÜ]\S+)\Z")
#: Offices that teams, firms and states never have, unlike ``Gegner``, ``Verteidiger``, ``Chef``.
_OFFICE = re.compile(
    r"(?:minister|präsident|kanzler|sprecher|bürgermeister|sekretär|senator|politiker|professor"
    r"|kommissar|botschafter|richter|direktor|geschäftsführer|bischof|dezernent|kämmerer)"
    r"(?:[:*_]?in)?\Z"
    r"|(?:landrat|landrätin|anwalt|anwältin|staatsanwalt|staatsanwältin|pfarrer|pfarrerin)\Z"
)
_SAID = re.compile(
    r"[“”\"«»‹›],?\s(?:sagte?|erklärte?|betonte?|meinte?|sagt|warnte?|kritisierte?|forderte?"
    r"|ergänzte?|räumte|so|schrieb)\s\Z"
)
_LOCAL = word_list("in aus nach bei nahe nördlich südlich westlich östlich von bis")


def with_addressed(context: Context, gazetteer: Gazetteer) -> list[Mention]:
    """Return the mentions of the context, in the same order, with such people as ``PER``."""
    if not context.texts:
        return [*context.mentions]
    sure = {id(m) for m in context.mentions if _is_sure(m, context, gazetteer)}
    names = {form for m in context.mentions if id(m) in sure for form in _forms(m)}
    return [
        replace(m, label="PER")
        if id(m) in sure or (m.label != "PER" and _is_meant(m, names, context))
        else m
        for m in context.mentions
    ]


def _is_sure(mention: Mention, context: Context, gazetteer: Gazetteer) -> bool:
    """Tell whether an address, an office or a verb of speech is right before the name."""
    if _is_full_name(mention, context, gazetteer):
        return True
    addressed = _ADDRESSED.match(mention.surface)
    name = addressed["name"] if addressed else mention.surface
    if mention.label == "PER" or not _NAME.match(name):
        return False
    forms = {name, name.removesuffix("s")}
    if not (gazetteer.places.isdisjoint(forms) and gazetteer.states.isdisjoint(forms)):
        return False
    text = context.texts.get(mention.field, "")
    before = word_before(text, mention.start)
    if addressed or before in ADDRESSES:
        return True
    if mention.label != "LOC" or name.endswith("s"):
        return False  # `Bürgermeister Dornbirns`
    said = _SAID.search(line_before(text, mention.start))
    return bool(said or _OFFICE.search(before))


def _is_full_name(mention: Mention, context: Context, gazetteer: Gazetteer) -> bool:
    """Tell whether an office stands before a first name and a surname: ``Minister Luís Muster``."""
    match = _FULL.match(mention.surface) if mention.label == "LOC" else None
    if not match or (match["first"] not in gazetteer.first_names and read(mention.surface)):
        return False
    return bool(_OFFICE.search(word_before(context.texts.get(mention.field, ""), mention.start)))


def _forms(mention: Mention) -> Iterator[str]:
    name = caseless(mention.surface.rpartition(" ")[2])
    yield from (name, f"{name}s")


def _is_meant(mention: Mention, names: set[str], context: Context) -> bool:
    if caseless(mention.surface) not in names:
        return False
    text = context.texts.get(mention.field, "")
    local = word_before(text, mention.start) in _LOCAL
    return not local and not determiner_before(text, mention.start)
