"""The forms of German verbs, made by rule: weak ones, strong ones by a table, with particles.

After the Duden-Grammatik (9th ed. 2016, § 600-660). Only forms that news have: the third person,
present and preterite, infinitives and the second participle with its endings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from german.wordlist import lines, word_list, words_of

#: Written together with the verb and parted from it in a main clause: the longest first.
PARTICLES = tuple(
    sorted(
        word_list(
            """
            ab an auf aus bei beiseite bekannt bereit bevor bloß da daneben dar davon dazu durch
            ein einher entgegen entlang entzwei fehl fern fertig fest fort frei gegenüber
            geheim gleich groß gut heim her herab heran herauf heraus herbei herein herum herunter
            hervor hier hin hinab hinauf hinaus hinein hinter hinunter hinweg hinzu hoch kaputt
            klar krank kürzer los mit nach nahe nieder offen preis quer richtig rück schwarz sicher
            statt still stillstand tot teil über übrig um umher unter voll voran voraus vorbei vor
            vorüber vorweg wahr weg weiter wett wieder zu zufrieden zurück zusammen zuvor zwangs
            hoch runter raus rein rauf rum warm leer lahm stand
            """
        ),
        key=len,
        reverse=True,
    )
)
#: Prefixes that are never parted, so that the participle has no ``ge``.
PREFIXES = ("be", "emp", "ent", "er", "ge", "miss", "ver", "zer")
#: Particles that may be prefixes as well: of these verbs both participles are made.
_EITHER = word_list("durch hinter über um unter voll wieder wider")
_BARE_T = re.compile(r"(?:[td]|[^lraeiouyäöüh][mn])\Z")
_ADJECTIVE = ("", "e", "en", "er", "es", "em")
_VOWEL = "[aeiouyäöü]"
_PREFIXED = re.compile(rf"(?:{'|'.join(PREFIXES)}).*{_VOWEL}")
#: ``beichten``, ``geizen`` and ``beugen`` have no prefix, ``beurteilen`` and ``beinhalten`` have.
_DIPHTHONG = re.compile(r"[bg]e(?:i(?!nh)|u(?!r))")


class Base(NamedTuple):
    """A strong verb without prefix: its third person, preterite, participle and nouns of the act.

    Nouns in small letters stand behind a prefix only.
    """

    present: str
    preterite: str
    participle: str
    nouns: tuple[str, ...] = ()


class Forms(NamedTuple):
    """The forms of a verb, in small letters, the infinitive first.

    ``apart`` are the finite forms that stand before the ``particle`` at the clause's end.
    """

    whole: tuple[str, ...]
    apart: tuple[str, ...] = ()
    particle: str = ""


@lru_cache(maxsize=1)
def strong_bases() -> dict[str, Base]:
    """Return the strong verbs without prefixes by their infinitive."""
    rows = (line.split() for line in lines("german.derivation", "strong_verbs.txt"))
    return {row[0]: Base(row[1], row[2], row[3], tuple(row[4:])) for row in rows}


@lru_cache(maxsize=1)
def verbs() -> frozenset[str]:
    """Return the infinitives of all known verbs."""
    return words_of("german.derivation", "verbs.txt") | strong_bases().keys()


@lru_cache(maxsize=4096)
def divided(verb: str) -> tuple[str, str]:
    """Return the particle of a verb and the rest: ``fest`` and ``nehmen``; "" without one."""
    for particle in PARTICLES:
        rest = verb.removeprefix(particle)
        if rest != verb and rest in verbs():
            return particle, rest
    return "", verb


@lru_cache(maxsize=4096)
def forms(verb: str) -> Forms:
    """Return the forms of a verb; any string is taken for a weak one."""
    particle, rest = divided(verb)
    infinitive, present, preterite, participle = _simple(rest)
    finite = (present, preterite, *_plural(preterite))
    if not particle:
        return Forms(_each(infinitive, *finite, *_declined(participle)))
    with_ = [particle + form for form in (infinitive, *finite)]
    whole = [*with_, f"{particle}zu{infinitive}", *_declined(particle + participle)]
    if particle in _EITHER:
        whole += _declined(particle + (participle.removeprefix("ge") if participle else ""))
    return Forms(_each(*whole), _each(infinitive, *finite), particle)


def _each(*words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _declined(participle: str) -> list[str]:
    return [participle + ending for ending in _ADJECTIVE]


def _plural(preterite: str) -> tuple[str, ...]:
    return (f"{preterite}n" if preterite.endswith("e") else f"{preterite}en",)


def _simple(verb: str) -> tuple[str, str, str, str]:
    """Return infinitive, third person, preterite and participle of a verb without particle."""
    if base := strong_bases().get(verb):
        return verb, base.present, base.preterite, base.participle
    for prefix in PREFIXES:
        strong = strong_bases().get(verb.removeprefix(prefix)) if verb.startswith(prefix) else None
        if strong and len(verb) > len(prefix) + 3:
            plain = strong.participle.removeprefix("ge")
            return verb, prefix + strong.present, prefix + strong.preterite, prefix + plain
    return _weak(verb)


def _weak(verb: str) -> tuple[str, str, str, str]:
    stem = verb.removesuffix("en") if verb.endswith("en") else verb.removesuffix("n")
    linked = f"{stem}e" if _BARE_T.search(stem) else stem
    kept = is_prefixed(verb) or verb.endswith("ieren")
    return verb, f"{linked}t", f"{linked}te", f"{linked}t" if kept else f"ge{linked}t"


def is_prefixed(verb: str) -> bool:
    """Tell whether a verb has a prefix that is never parted from it: a stem is left behind it."""
    stem = re.sub(r"(?:e[lr]n|en|n)\Z", "", verb)
    return bool(_PREFIXED.match(stem)) and not _DIPHTHONG.match(stem)
