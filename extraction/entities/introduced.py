"""The label that the noun right before a name tells: ``die Provinz Muster``, ``Reederei Muster``.

Then the other mentions of the name have it, too, where no noun tells another one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from articles.article import Label, Mention
from extraction.entities.context import Context, word_before
from extraction.entities.gazetteer import shipped as gazetteer
from german.folding import caseless
from german.wordlist import word_list

#: How such nouns end. A genitive may follow many others: ``die Partei Merkels``.
_ENDS: dict[Label, tuple[str, ...]] = {
    "LOC": tuple(
        word_list(
            """
            stadt provinz insel dorf fluss meerenge bundesstaat bundesland distrikt ortsteil
            stadtteil kanton region landkreis vulkan oase vorort hafenort badeort meerbusen
            """
        )
    ),
    "ORG": tuple(
        word_list(
            """
            firma fluggesellschaft airline gewerkschaft brauerei bäckerei metzgerei kanzlei reederei
            hersteller anbieter konzern sender zeitung zeitschrift nachrichtenagentur
            baumarkt molkerei modehaus versicherer discounter supermarktkette fluglinie
            """
        )
    ),
    "MISC": tuple(
        word_list(
            """
            spielfilm dokumentarfilm raumfähre raumsonde raumstation frachter tanker fregatte
            kreuzfahrtschiff containerschiff frachtschiff forschungsschiff fernsehserie
            """
        )
    ),
}


def with_introduced(context: Context) -> list[Mention]:
    """Return the mentions of the context, in the same order, with the labels that nouns tell."""
    people = {m.surface.rpartition(" ")[2] for m in context.mentions if _is_full(m)}
    told = [
        None if _is_full(m) or m.surface in people else _told(m, context) for m in context.mentions
    ]
    names: dict[str, Label] = {}
    for mention, label in zip(context.mentions, told, strict=True):
        if label:
            names.setdefault(caseless(mention.surface), label)
    labels = (
        label or names.get(caseless(mention.surface), mention.label)
        for mention, label in zip(context.mentions, told, strict=True)
    )
    return [
        m if m.label == label else replace(m, label=label)
        for m, label in zip(context.mentions, labels, strict=True)
    ]


def _is_full(mention: Mention) -> bool:
    """Tell whether a person has a known first name and another."""
    first, blank, _ = mention.surface.partition(" ")
    return mention.label == "PER" and bool(blank) and first in gazetteer().first_names


def _told(mention: Mention, context: Context) -> Label | None:
    """Return what the noun before a mention tells; nothing before what may be a genitive."""
    if mention.surface.endswith(("s", "’", "'")) or mention.field not in context.texts:
        return None
    return _of(word_before(context.texts[mention.field], mention.start))


@lru_cache(maxsize=8192)
def _of(noun: str) -> Label | None:
    return next((label for label, ends in _ENDS.items() if noun.endswith(ends)), None)
