"""Endings: of adjectives, of names in the genitive, of words for inhabitants.

How nouns are declined the lexicon knows; here is what every word of a kind has. What an ending may
be is not what it is: who asks decides by what is known of the rest.
"""

from __future__ import annotations

import re

#: The endings of an inflected adjective, and the same as a regular expression.
ADJECTIVE_ENDINGS = ("e", "er", "es", "en", "em")
ADJECTIVE_ENDING = "e[mnrs]?"
_ADJECTIVE = re.compile(rf"(?P<stem>[\w-]*?)(?P<ending>{ADJECTIVE_ENDING})\Z")
_APOSTROPHES = "'’ʼ‘`´"
#: A name is not shorter without its ending: ``Bos``, ``Us``.
_SHORTEST = 2
_SIBILANTS = ("s", "ß", "x", "z")


def adjective(word: str) -> tuple[str, str]:
    """Return stem and ending of what may be an inflected adjective, ("", "") for other words.

    ``Grünen``: ``Grün`` and ``en``. Stems that lose an e (``dunkle``) are given as they stand.
    """
    match = _ADJECTIVE.match(word)
    return (match["stem"], match["ending"]) if match else ("", "")


def genitive_bases(name: str) -> tuple[str, ...]:
    """Return what ``name`` may be the genitive of, that first of which less is taken off.

    ``Scholz’`` and ``Merkel’s`` have an apostrophe, ``Landes`` may be of Lande and of Land.
    """
    if name[-1:] in _APOSTROPHES:
        return (name[:-1],) if len(name) > _SHORTEST else ()
    if name[-1] != "s" or len(name) - 1 < _SHORTEST:
        return ()
    if name[-2] in _APOSTROPHES:
        return (name[:-2],) if len(name) - 2 >= _SHORTEST else ()
    bases = [] if name[:-1].endswith(_SIBILANTS) else [name[:-1]]
    if name.endswith("es") and len(name) - 2 >= _SHORTEST:
        bases.append(name[:-2])
    return tuple(bases)


def towns(inhabitant: str) -> tuple[str, ...]:
    """Return what the town may be called whose inhabitant or adjective in -er this is.

    ``Berliner``: Berlin; ``Bremer``: Bremen; ``Hallenser`` is not read; ``Dresdner``: Dresden.
    """
    if not inhabitant.endswith("er") or len(inhabitant) - 2 < _SHORTEST:
        return ()
    stem = inhabitant[:-2]
    syncopated = f"{stem[:-1]}e{stem[-1]}"
    return tuple(dict.fromkeys((stem, f"{stem}en", f"{stem}e", syncopated, f"{stem[:-1]}en")))
