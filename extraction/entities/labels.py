"""Settle one label for a name that a tagger marked now as this, now as that.

Only where the article is clear: the name has another label at least three times as often, or a
rule of the aliases knows it under one label alone, or it is the surname of somebody whose full
name stands there. What the words around a mention speak for stays: ``in Paris`` beside Paris
Hilton, ``Frau Berlin`` beside Berlin.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from articles.article import Label, Mention
from extraction.entities.addressed import with_addressed
from extraction.entities.aliases import Aliases
from extraction.entities.context import (
    ADDRESSES,
    Context,
    determiner_before,
    line_before,
    word_before,
)
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.introduced import with_introduced
from extraction.entities.people import PARTICLES
from extraction.entities.role_nouns import role_of_word
from extraction.geography.surface import read
from german.folding import caseless, transcribed
from german.inflection import genitive_bases
from german.wordlist import word_list

_CLEARLY = 3
#: Between places and organisations the same name often is both: the club and the town.
_CLEARLY_NOT_PLACE = 6
#: The score of a place that hardly anybody is named after: 100,000 inhabitants in Germany.
_PLAINLY = 6.0
#: How often the full name of somebody must be said for each bare surname that is none, with the
#: words around it as a check and without.
_SURNAME_SAID, _SURNAME_SAID_BARE = 1, 2
_LOCAL = word_list("in aus nach bei nahe nördlich südlich westlich östlich")
_ADDRESSES = frozenset({*ADDRESSES, "dr", "prof"})
#: Nouns before the name that a storm has: a place or a person of that name is not meant.
_STORMS = ("sturm", "tief", "orkan", "hurrikan", "hurrican", "taifun", "zyklon")
_BRACKET = re.compile(r"\s?\((?P<short>[\w/&-]{2,10})\)")


class _Votes:
    """How often each name of an article has each label; ``İmamoğlu`` is ``Imamoğlu``."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.keys = [transcribed(m.surface) for m in mentions]
        whole = set(self.keys)
        self.keys = [
            next((base for base in genitive_bases(key) if base in whole), key) for key in self.keys
        ]
        self.count: dict[str, Counter[Label]] = defaultdict(Counter)
        self.surnames: Counter[str] = Counter()
        #: What stands before a surname and looks like an article: ``von der`` of ``leyen``.
        self.particles: dict[str, str] = {}
        self.parts: set[str] = set()
        for key, mention in zip(self.keys, mentions, strict=True):
            self.count[key][mention.label] += 1
            words = key.split()
            if mention.label == "PER" and len(words) > 1:
                self.surnames[words[-1]] += 1
                before = " ".join(word for word in words[:-1] if word in PARTICLES)
                self.particles[words[-1]] = max(before, self.particles.get(words[-1], ""), key=len)
                self.parts |= {words[0], words[-1]}


def settled(context: Context, gazetteer: Gazetteer, aliases: Aliases) -> list[Mention]:
    """Return the mentions of the context, in the same order, with settled labels."""
    context = context._replace(mentions=with_addressed(context, gazetteer))
    storms = {caseless(m.surface) for m in context.mentions if _is_storm(m, context)}
    named = [
        replace(m, label="MISC") if m.label != "MISC" and caseless(m.surface) in storms else m
        for m in context.mentions
    ]
    context = context._replace(mentions=named)
    context = context._replace(mentions=with_introduced(context))
    votes = _Votes(context.mentions)
    acronyms = _acronyms(context)
    labelled = []
    for key, mention in zip(votes.keys, context.mentions, strict=True):
        label = _label(key, mention, votes, context, gazetteer, aliases, acronyms)
        labelled.append(mention if label == mention.label else replace(mention, label=label))
    return labelled


def _is_storm(mention: Mention, context: Context) -> bool:
    """Tell whether the name is a storm's: ``das Orkantief Xynthia``."""
    if mention.label not in ("LOC", "PER") or " " in mention.surface:
        return False
    before = word_before(context.texts.get(mention.field, ""), mention.start)
    return before.endswith(_STORMS)


def _label(
    key: str,
    mention: Mention,
    votes: _Votes,
    context: Context,
    gazetteer: Gazetteer,
    aliases: Aliases,
    acronyms: Mapping[str, Label],
) -> Label:
    speaks = _speaks_for_itself(key, mention, votes, context)
    plainly = not speaks and _is_plainly_a_place(mention, context, gazetteer)
    if plainly or _is_states(mention, votes, gazetteer):
        return "LOC"
    if speaks:
        return mention.label
    known = aliases.labels(mention.surface)
    if len(known) == 1 and known != ("PER",) and mention.surface not in gazetteer.places:
        return known[0]
    if mention.surface in acronyms:
        return acronyms[mention.surface]
    count = votes.count[key]
    person = mention.label != "PER" and not _has_article(mention, votes.particles, context)
    able = [label for label in count if label != "PER" or person or mention.label == "PER"]
    top, often = max(((label, count[label]) for label in able), key=lambda item: item[1])
    both = {top, mention.label} == {"LOC", "ORG"}
    if often >= (_CLEARLY_NOT_PLACE if both else _CLEARLY) * count[mention.label]:
        return top
    return (
        "PER" if person and _is_surname(key, mention, votes, context, gazetteer) else mention.label
    )


def _is_states(mention: Mention, votes: _Votes, gazetteer: Gazetteer) -> bool:
    """Tell whether a person's name is a state in the genitive: ``Ministerpräsident Fidschis``."""
    if mention.label != "PER":
        return False
    bases = genitive_bases(mention.surface)
    state = next((base for base in bases if base in gazetteer.states), "")
    return bool(state) and transcribed(state) not in votes.parts


def _is_plainly_a_place(mention: Mention, context: Context, gazetteer: Gazetteer) -> bool:
    """Tell whether a person of one word is a state or large city that no list has as a person:
    ``Kenias Regierung``, ``Bengasi``.
    """
    if mention.label != "PER" or " " in mention.surface or mention.field not in context.texts:
        return False
    for name in (mention.surface, *genitive_bases(mention.surface)):
        if name in gazetteer.surnames or name in gazetteer.first_names:
            return False
    places = read(mention.surface)
    return bool(places) and not places[0].weak and places[0].score >= _PLAINLY


def _speaks_for_itself(key: str, mention: Mention, votes: _Votes, context: Context) -> bool:
    """Tell whether something beside the mention supports the label that it has."""
    before = word_before(context.texts.get(mention.field, ""), mention.start)
    if mention.label == "PER":
        titled = before in _ADDRESSES or bool(role_of_word(before.capitalize()))
        return titled or (key in votes.parts and " " not in key)
    return mention.label == "LOC" and before in _LOCAL


def _has_article(mention: Mention, particles: Mapping[str, str], context: Context) -> bool:
    """Tell whether an article stands before it, as before no person: ``das Hilton``.

    That of ``von der Leyens`` belongs to the name.
    """
    text = context.texts.get(mention.field, "")
    if not determiner_before(text, mention.start):
        return False
    key = transcribed(mention.surface)
    own = (particles.get(form) for form in (key, *genitive_bases(key)))
    before = line_before(text, mention.start).casefold()
    return not any(some and before.endswith(f"{some} ") for some in own)


def _is_surname(
    key: str, mention: Mention, votes: _Votes, context: Context, gazetteer: Gazetteer
) -> bool:
    """Tell whether a place or organisation is rather somebody named in full in the article."""
    surname = next((k for k in (key, *genitive_bases(key)) if k in votes.surnames), key)
    said = votes.count[key]["PER"] if " " in key else votes.surnames[surname]
    least = _SURNAME_SAID if mention.field in context.texts else _SURNAME_SAID_BARE
    known = mention.surface in gazetteer.places or mention.surface in gazetteer.states
    if mention.label == "LOC" and said and mention.field in context.texts:
        # The list of places holds villages that are nothing but a surname elsewhere.
        forms = (mention.surface, *genitive_bases(mention.surface))
        bare = next((form for form in forms if transcribed(form) == surname), mention.surface)
        if not any(not sense.weak for sense in read(bare)):
            return True
    return said > 0 and not known and least * votes.count[key][mention.label] <= said


def _acronyms(context: Context) -> dict[str, Label]:
    """Return the acronyms that stand in brackets behind an organisation of several words."""
    return {
        match["short"]: "ORG"
        for mention in context.mentions
        if mention.label == "ORG" and " " in mention.surface
        if (match := _BRACKET.match(context.after(mention))) and match["short"].isupper()
    }
