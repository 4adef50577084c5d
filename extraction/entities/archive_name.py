"""The name that indexing gives to one that somebody types: ``Mazedonien`` is ``Nordmazedonien``.

As for a mention in an article that tells no more than the name: by the rules about names, else by
the names of places in German, else by the list of organisations where it leaves no doubt.
"""

from __future__ import annotations

from functools import cache

from articles.article import Label
from extraction.entities import organisation_list
from extraction.entities.aliases import Aliases
from extraction.geography import german_name
from german.folding import unhyphened


def archive_name(label: Label, name: str, aliases: Aliases) -> str:
    """Return the canonical name, ``name`` itself where none is known."""
    ruled = aliases.name(label, name)
    if ruled != name or aliases.canonical(label, name):
        return ruled
    if label == "LOC":
        return aliases.name(label, german_name(name))
    if label == "ORG":
        return aliases.name(label, _listed().get(unhyphened(name), name))
    return name


@cache
def _listed() -> dict[str, str]:
    """Return the sure names of the list, folded, and whose each is; without their inflections."""
    named = {
        unhyphened(alias.name): {bearer.name for bearer in alias.bearers}
        for alias in organisation_list.listed_aliases()
        if alias.sure
    }
    return {key: names.pop() for key, names in named.items() if len(names) == 1}
