"""Verbs that report speech, with their finite forms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from german.wordlist import lines

_INSEPARABLE = ("be", "emp", "ent", "er", "ge", "miss", "ver", "wider", "zer")
_NEEDS_E = ("d", "t", "chn", "ffn", "gn", "dm", "tm")


class SpeechVerb(NamedTuple):
    """What a form may belong to.

    ``particle`` is what stands at the end of the clause (``teilte … mit``), "" if nothing does;
    ``strong`` is false for verbs that judge more than report (``loben``).
    """

    particle: str
    strong: bool


class Verbs(NamedTuple):
    """Finite forms and participles, each with the verbs that it may belong to, and infinitives."""

    finite: dict[str, tuple[SpeechVerb, ...]]
    participles: dict[str, tuple[SpeechVerb, ...]]
    infinitives: frozenset[str]


@cache
def verbs() -> Verbs:
    """Return the verbs of ``data/verbs.txt``, read once in a process."""
    finite: dict[str, set[SpeechVerb]] = {}
    participles: dict[str, set[SpeechVerb]] = {}
    infinitives: set[str] = set()
    for line in lines("extraction.quotes", "data/verbs.txt"):
        words = line.split()
        _add(words, finite, participles)
        infinitives.add(words[0].replace("+", ""))
    del participles["bekannt"]  # mostly an adjective
    return Verbs(_frozen(finite), _frozen(participles), frozenset(infinitives))


def is_finite(word: str) -> bool:
    """Tell whether ``word`` is a finite form of a reporting verb."""
    return word in verbs().finite


def _add(
    words: list[str], finite: dict[str, set[SpeechVerb]], participles: dict[str, set[SpeechVerb]]
) -> None:
    strong = words[-1] != "*"
    *particles, infinitive = words[0].split("+")
    present, past, participle = words[1:4] if len(words) >= 4 else _weak(infinitive)  # noqa: PLR2004
    particle = particles[-1] if particles else ""
    joined = "".join(particles)
    for form in _finite_forms(infinitive, present, past):
        finite.setdefault(form, set()).add(SpeechVerb(particle, strong))
        if joined:
            finite.setdefault(joined + form, set()).add(SpeechVerb("", strong))
    participles.setdefault(joined + participle, set()).add(SpeechVerb("", strong))


def _weak(infinitive: str) -> tuple[str, str, str]:
    stem = infinitive.removesuffix("n").removesuffix("e")
    stem = stem if infinitive.endswith("en") else infinitive.removesuffix("n")
    e = "e" if stem.endswith(_NEEDS_E) else ""
    plain = infinitive.endswith("ieren") or infinitive.startswith(_INSEPARABLE + _OVER)
    return f"{stem}{e}t", f"{stem}{e}te", f"{'' if plain else 'ge'}{stem}{e}t"


_OVER = ("über", "unter", "wieder", "prophez", "schlussf")


def _finite_forms(infinitive: str, present: str, past: str) -> Iterator[str]:
    yield from (infinitive, present, past)
    if past.endswith("e"):
        yield past + "n"
    else:
        yield past + ("en" if not past.endswith("ie") else "n")
    stem = infinitive.removesuffix("n")
    yield stem if stem.endswith("e") else stem + "e"


def _frozen(table: dict[str, set[SpeechVerb]]) -> dict[str, tuple[SpeechVerb, ...]]:
    return {form: tuple(sorted(verbs)) for form, verbs in table.items()}
