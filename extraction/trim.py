"""Trim and drop what a model marks as a name and is none."""

from __future__ import annotations

import re

from extraction.article import Label
from extraction.gazetteer import Gazetteer

_EDGES = ' \t\u00a0"„“”«»‚‘›‹`,;:|([{'
_TRAILING = ' \t\u00a0"„“”«»›‹,;:!?|([{–—-'
_LONGEST = 10
_DERIVED = re.compile(r"(?i)\w+(?:isch|ische[rnsm]?)\Z|deutsche[rnsm]?\Z")

_TITLES = re.compile(
    r"(?:(?:herrn?|frau|dr\.?|prof\.?|professor(?:in)?|med\.|jur\.|phil\.|h\.c\.|dipl\.-ing\.|mag\.|ex)"
    r"|(?:[\w/&.-]*-)?\w*(?:präsident|minister|kanzler|kanzlerkandidat|sprecher|sekretär|kommissar"
    r"|trainer|direktor|botschafter|senator|intendant|general|richter|anwalt|premier|manager"
    r"|politiker|experte|bürgermeister|landrat|kandidat|gouverneur|autor|regisseur)(?:in|s|en)?"
    r"|(?:[\w/&.-]*-)?\w*(?:chef|gründer|schauspieler|sänger)(?:in|s)?"
    r"|(?:[\w/&.-]*-)?\w*(?:vorsitzende|abgeordnete|beauftragte)[rn]?"
    r"|(?:[\w/&.-]*-)?\w*(?:ministerpräsident|oppositionsführer)(?:in|s|en)?)\Z",
    re.IGNORECASE,
)


def tidy(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds of the name in ``text[start:end]`` without marks at its edges.

    ``None`` where no name is left: marks and digits only, a single letter, a line break within,
    more than ten words.
    """
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    surface = text[start:end]
    if "\n" in surface or "\r" in surface or len(surface.split()) > _LONGEST:
        return None
    return (start, end) if sum(map(str.isalpha, surface)) > 1 else None


def is_derived(name: str, label: Label, gazetteer: Gazetteer) -> bool:
    """Tell whether ``name`` is no name but made from one: ``deutsche``, ``Berliner``."""
    if " " in name or label not in ("LOC", "PER"):
        return False
    if name.islower() or _DERIVED.match(name):
        return True
    base = re.sub(r"er(?:in|s|n|innen)?$", "", name)
    return label == "LOC" and base != name and not gazetteer.places.isdisjoint({base, base + "e"})


def without_title(name: str) -> str:
    """Take offices and academic titles off the front of a person's name; "" if nothing is left."""
    words = name.split()
    while words and _TITLES.match(words[0]):
        del words[0]
    return " ".join(words)
