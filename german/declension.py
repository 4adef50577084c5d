"""How German nouns are declined: gender, genitive and plural of each, from one table.

``data/declension.tsv`` has a line for each way of declension (written as in :func:`encoded`) and
behind it the nouns that follow it, so that 30,000 nouns are read in some 20 milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Literal, NamedTuple, cast

from german.wordlist import lines

#: Masculine, feminine, neuter; ``p``: plural only; "": not known.
Gender = Literal["m", "f", "n", "p", ""]
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_PLAIN = str.maketrans("äöü", "aou")
_NONE = "-"
#: A genitive in -s may be one in -es as well, and the other way round.
_STRONG = {"s": "es", "es": "s"}
_WEAK = ("n", "en", "ens")
_LONGEST_ENDING = len("nen")


class Declension(NamedTuple):
    """How nouns of one kind are declined.

    ``genders`` are those that the noun may have, the likeliest first; ``genitive`` and ``plural``
    make the nominative into these forms, see :func:`encoded`, and are "-" where there is none.
    ``kind`` is ``t`` for the names of places, "" for other nouns.
    """

    genders: str
    genitive: str
    plural: str
    kind: str = ""

    @property
    def gender(self) -> Gender:
        """The likeliest gender."""
        return cast("Gender", self.genders[:1])


#: What fixes the declension of the nouns that end so (Duden-Grammatik, 9th ed. 2016, on genus).
_SUFFIXES = {
    suffix: Declension(*way)
    for suffixes, way in (
        ("ung heit keit schaft ion tät enz anz ur ik ei", ("f", "", "en")),
        ("ie age ade ette ive ose ine thek", ("f", "", "n")),
        ("ismus", ("m", "", "2en")),
        ("eur ling", ("m", "s", "e")),
        ("or", ("m", "s", "en")),
        ("ist ant", ("m", "en", "en")),
        ("loge", ("m", "n", "n")),
        ("ment ett iat", ("n", "s", "e")),
        ("ium eum", ("n", "s", "2en")),
        ("tum", ("n", "s", '"er')),
        ("chen lein", ("n", "s", "")),
        ("nis", ("n", "ses", "se")),
    )
    for suffix in suffixes.split()
}
_LONGEST_SUFFIX = max(map(len, _SUFFIXES))
_SHORTEST_STEM = 2


@lru_cache(maxsize=1)
def table() -> dict[str, Declension]:
    """Return each known noun, in small letters, with its declension; read once in a process."""
    known: dict[str, Declension] = {}
    for line in lines("german", "data/declension.tsv"):
        way, _, nouns = line.partition("\t")
        known.update(dict.fromkeys(nouns.split(" "), Declension(*way.split(";"))))
    return known


def by_suffix(low: str) -> Declension | None:
    """Return the declension that the suffix of a noun in small letters fixes, if any does."""
    longest = min(_LONGEST_SUFFIX, len(low) - _SHORTEST_STEM)
    ends = (low[-size:] for size in range(longest, 1, -1))
    return next((_SUFFIXES[end] for end in ends if end in _SUFFIXES), None)


def encoded(nominative: str, form: str) -> str:
    """Return how ``form`` is made of the nominative, both in small letters; "-" if it cannot be.

    A digit tells how many letters go from the end, ``"`` that the last vowel that can has an
    umlaut, the rest is put behind: ``2en`` (Museum, Museen), ``"er`` (Haus, Häuser).
    """
    ways = []
    for mark, stem in (("", nominative), ('"', _with_umlaut(nominative))):
        pairs = zip(stem, form, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        ways.append(f"{len(stem) - same or ''}{mark}{form[same:]}")
    return min((way for way in ways if decoded(nominative, way) == form), key=len, default=_NONE)


def decoded(nominative: str, code: str) -> str:
    """Return the form that ``code`` makes of the nominative, "" for "-"."""
    if code == _NONE:
        return ""
    gone = int(code[0]) if code[:1].isdecimal() else 0
    rest = code[1:] if code[:1].isdecimal() else code
    stem = _with_umlaut(nominative) if rest[:1] == '"' else nominative
    return stem[: len(stem) - gone] + rest.removeprefix('"')


def _with_umlaut(word: str) -> str:
    """Return the word with an umlaut in its last syllable that can have one: ``Bäuche``."""
    for at in range(len(word) - 1, -1, -1):
        if word[at] in _UMLAUTS:
            place = at - (word[at] == "u" and word[at - 1 : at] == "a")
            return word[:place] + _UMLAUTS[word[place]] + word[place + 1 :]
    return word


def singulars(nominative: str, way: Declension) -> set[str]:
    """Return the forms of the singular of a noun in small letters, its nominative with them."""
    if way.genders == "p":
        return set()
    forms = {nominative, decoded(nominative, way.genitive)} - {""}
    if way.genitive in _STRONG:
        forms.add(decoded(nominative, _STRONG[way.genitive]))
    if way.genitive in _WEAK:
        forms.add(decoded(nominative, way.genitive.removesuffix("s")))
    return forms | ({f"{nominative}e"} if way.genitive == "es" else set())


def plurals(nominative: str, way: Declension) -> set[str]:
    """Return the forms of the plural of a noun in small letters, the dative's ``-n`` too."""
    plural = nominative if way.genders == "p" else decoded(nominative, way.plural)
    return {plural, plural if plural.endswith(("n", "s")) else f"{plural}n"} if plural else set()


def nominatives(form: str) -> Iterator[tuple[str, Declension]]:
    """Yield the nouns of the table that ``form``, in small letters, may be a form of.

    The noun itself comes first, then those of which less is taken off.
    """
    known = table()
    for base in dict.fromkeys(_bases(form)):
        way = known.get(base)
        if way and (base == form or form in singulars(base, way) | plurals(base, way)):
            yield base, way


def _bases(form: str) -> Iterator[str]:
    yield form
    for taken in range(_LONGEST_ENDING + 1):
        stem = form[: len(form) - taken]
        yield from (stem, _without_umlaut(stem))
        if form.endswith("en"):
            yield from (stem + "um", stem + "us", stem + "a")


def _without_umlaut(stem: str) -> str:
    """Return the stem without the umlaut that stands last in it."""
    at = max(map(stem.rfind, "äöü"))
    return stem[:at] + stem[at:].translate(_PLAIN) if at >= 0 else stem
