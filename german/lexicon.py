"""What is known of German nouns: the one place that is asked.

What no list has is read as a compound, which is declined like its last part, or by its suffix.
Nouns may stand in any form where it is not said otherwise; any string may be given.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from german import declension
from german.compounds import compound_words, inside, lemma, nested, parts
from german.compounds.split import cut
from german.compounds.tables import tables
from german.declension import Declension, Gender

__all__ = [
    "Gender",
    "compound_words",
    "gender",
    "genders",
    "genitive",
    "genitive_of",
    "inside",
    "is_noun",
    "lemma",
    "nested",
    "nominative_plural",
    "parts",
    "plural",
]
_KEPT = 8_192
#: An end of a word that the splitter cannot divide counts as its last part if it has so many
#: letters and ends so many compounds; shorter ones stand at the end of too much by chance.
_PLAIN_ENDS = ((5, 4), (4, 20), (3, 100))


@lru_cache(maxsize=_KEPT)
def gender(noun: str) -> Gender:
    """Return the gender of a noun in the nominative, ``p`` for a plural, "" if it is not known.

    Of nouns with two genders (``Teil``) the likelier one.
    """
    low = _last(noun)
    if way := declension.table().get(low):
        return way.gender
    read = _read(low)
    for base, way in read:
        if base == low:
            return way.gender
    plural_form = any(low in declension.plurals(base, way) for base, way in read)
    return "p" if plural_form else read[0][1].gender if read else ""


@lru_cache(maxsize=_KEPT)
def genders(form: str) -> tuple[Gender, ...]:
    """Return what a form may be, the likeliest first; empty if unknown.

    Genders in the singular, ``p`` for plural: ``Wähler`` may be ``m`` and ``p``, ``Sektors`` only
    ``m``, ``Nationen`` only ``p``.
    """
    low = _last(form)
    able: list[str] = []
    for base, way in _read(low):
        if low in declension.singulars(base, way):
            able += way.genders
        if low in declension.plurals(base, way):
            able.append("p")
    return cast("tuple[Gender, ...]", tuple(dict.fromkeys(able)))


def plural(noun: str) -> str:
    """Return the nominative plural of a noun in the nominative, "" if it is not known."""
    way = _way(noun)
    if way is None:
        return ""
    return noun if way.genders == "p" else _formed(noun, way.plural)


def genitive(noun: str) -> str:
    """Return the genitive singular of a noun in the nominative, "" if it is not known."""
    way = _way(noun)
    return _formed(noun, way.genitive) if way and way.genders != "p" else ""


@lru_cache(maxsize=_KEPT)
def genitive_of(form: str) -> str:
    """Return the masculine or neuter noun whose genitive in -s ``form`` is, "" if it is none.

    Nouns that end in -s in the nominative (``Kreis``, ``Fonds``) are returned as they are.
    """
    low = _last(form)
    read = _read(low)
    if any(base == low for base, _ in read):
        return form
    for base, way in read:
        if low.startswith(base) and {*way.genders} & {"m", "n"} and low.endswith("s"):
            ends = len(low) - len(base)
            return form[:-ends] if low in declension.singulars(base, way) else ""
    return ""


@lru_cache(maxsize=_KEPT)
def nominative_plural(form: str) -> str:
    """Return ``Spiele`` for the dative ``Spielen``, any other form as it is.

    What may be the infinitive of a verb as well (``das Spielen``) is taken for the plural; what
    only ends like a noun is no form of one (``Böhringen``).
    """
    if not is_noun(form):
        return form
    low = _last(form)
    read = _read(low)
    own = [way for base, way in read if low in (base, declension.decoded(base, way.plural))]
    if not low.endswith("n") or any(way.gender != "n" for way in own):
        return form
    plural_ = low[:-1]
    if any(plural_ == declension.decoded(base, way.plural) for base, way in read):
        return form[:-1]
    return form


@lru_cache(maxsize=_KEPT)
def is_noun(word: str) -> bool:
    """Tell whether a word with a capital is a common noun or compound in some form."""
    if not word[:1].isupper():
        return False
    low = word.lower()
    known = (way for _, way in declension.nominatives(low))
    return any(way.kind != "t" for way in known) or bool(parts(word))


def _last(noun: str) -> str:
    return noun.lower().rpartition("-")[2]


def _way(noun: str) -> Declension | None:
    low = _last(noun)
    return next((way for base, way in _read(low) if base == low), None)


def _formed(noun: str, code: str) -> str:
    """Return the form of a noun with its letters as large or small as they were."""
    before, hyphen, last = noun.rpartition("-")
    low = last.lower()
    form = declension.decoded(low, code)
    if last[:1].isupper():
        form = form[:1].upper() + form[1:]
    return f"{before}{hyphen}{form}" if form else ""


@lru_cache(maxsize=_KEPT)
def _read(low: str) -> tuple[tuple[str, Declension], ...]:
    """Return the nouns that a word in small letters may be a form of, and their declension."""
    return tuple(declension.nominatives(low)) or _as_compound(low) or _as_derived(low)


def _as_compound(low: str) -> tuple[tuple[str, Declension], ...]:
    pieces = cut(low)
    for last in (pieces[-1][0],) if pieces else _plain_ends(low):
        before = low[: len(low) - len(last)]
        if lasts := [(before + base, way) for base, way in declension.nominatives(last)]:
            return tuple(lasts)
    return ()


def _plain_ends(low: str) -> Iterator[str]:
    """Yield the ends of a word that end many compounds, the longest first."""
    heads = tables().heads
    for at in range(1, len(low) - 2) if not declension.by_suffix(low) else ():
        unit = heads.get(low[at:])
        size = len(low) - at
        if unit and any(size >= letters and unit.seen >= seen for letters, seen in _PLAIN_ENDS):
            yield low[at:]


def _as_derived(low: str) -> tuple[tuple[str, Declension], ...]:
    """Read ``Digitalisierungen`` by its suffix, ``Chefermittlerin`` by the man's name."""
    for base in (low, low.removesuffix("en"), low.removesuffix("n"), low.removesuffix("s")):
        way = declension.by_suffix(base)
        if way and low in declension.singulars(base, way) | declension.plurals(base, way):
            return ((base, way),)
    woman = low.removesuffix("nen") if low.endswith("innen") else low
    if woman.endswith("in") and gender(woman[:-2]) == "m":
        return ((woman, Declension("f", "", "nen")),)
    return ()
