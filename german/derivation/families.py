"""Which verb and which nouns of an act belong to a word, by the rules of German word formation.

From a noun to its verb, in this order: a list of those that no rule gives (``Wahl``), nouns of
strong verbs (``Festnahme``), ``-ung`` (``Verhaftung``), ``-ation`` and the like, the bare stem of
a verb with prefix or particle (``Verkauf``), persons in ``-er`` (``Entführer``). The verb has to be
known. From the verb back to its nouns the same rules are read the other way round. What looks
derived and has gone its own way (``not_derived.txt``) and verbs that say little (``kommen``) have
no family.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from german.compounds import lemma
from german.compounds.tables import tables
from german.derivation.conjugation import (
    PARTICLES,
    PREFIXES,
    Forms,
    divided,
    forms,
    strong_bases,
    verbs,
)
from german.derivation.infinitives import infinitives
from german.folding import unaccented
from german.wordlist import pairs, word_list, words_of

#: Their acts are everything and nothing.
_LIGHT = word_list(
    """
    bekommen bestehen bleiben bringen denken dürfen fahren fallen finden führen geben gehen gehören
    gelten glauben haben halten heißen kennen kommen können lassen laufen legen leiten liegen machen
    meinen melden müssen nehmen nennen sagen scheinen sehen sein setzen sitzen sollen sprechen
    stehen stellen treffen treten tun werden wissen wollen zeigen ziehen tragen dienen folgen leben
    erhalten erreichen brauchen nutzen bieten erklären betonen berichten kosten warten hören
    """
)
#: Foreign endings of nouns, and what stands in their place before the verb's ``-ieren``.
_FOREIGN = (
    ("ation", ""),
    ("ktion", "z"),
    ("ssion", "t"),
    ("sion", "d"),
    ("tion", "t"),
    ("tion", ""),
    ("ade", ""),
    ("age", ""),
    ("atur", ""),
    ("ik", "is"),
    ("e", ""),
    ("", ""),
)
_SHORTEST_FOREIGN, _SHORTEST_STEM = 5, 3
#: A verb this long has a prefix if it begins like one.
_LONG = 8
_RUECK, _ZURUECK = "rück", "zurück"
_SHORTEST = 4
#: So many nouns of a verb are looked for.
_MOST_NOUNS = 4


class Family(NamedTuple):
    """The words of a family, without the one that was asked for.

    ``verbs`` have their forms; ``nouns`` are in the nominative singular.
    """

    verbs: tuple[Forms, ...] = ()
    nouns: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def family(word: str) -> Family:
    """Return the family of a noun in any form, or of a verb in one of those that news have.

    A word with a capital is a noun if the lexicon has it, else it may be the verb at the head of a
    sentence. Compounds have none: ask for their last part.
    """
    noun = lemma(word[:1].upper() + word[1:])
    is_noun, low = noun.lower() in tables().lemmas, word.lower()
    of = infinitives(low) if word.islower() or not is_noun else ()
    of = of or (verbs_of(noun) if is_noun else ())
    each = [verb for verb in of if verb not in _LIGHT][:2]
    nouns = [other for verb in each for other in nouns_of(verb)[:_MOST_NOUNS] if other != noun]
    return Family(tuple(map(forms, each)), tuple(dict.fromkeys(nouns)))


@lru_cache(maxsize=4096)
def verbs_of(noun: str) -> tuple[str, ...]:
    """Return the verbs of a noun in the nominative singular, the nearest first; () if it has none.

    >>> verbs_of("Festnahme"), verbs_of("Explosion"), verbs_of("Zeitung")
    (('festnehmen',), ('explodieren',), ())
    """
    if verbs_ := _listed().get(noun):
        return verbs_
    if noun in words_of("german.derivation", "not_derived.txt") or len(noun) < _SHORTEST:
        return ()
    low = noun.lower()
    for rule in (_strong, _ung, _foreign, _bare, _person):
        if verb := next((verb for verb in rule(low) if verb in verbs()), ""):
            return (verb,)
    return ()


@lru_cache(maxsize=4096)
def nouns_of(verb: str) -> tuple[str, ...]:
    """Return the nouns of the act and of who does it, those that a list has first."""
    made = [low.capitalize() for low in dict.fromkeys(_nouns(verb)) if low in tables().zipf]
    fit = [noun for noun in made if verb in verbs_of(noun)]
    return tuple(dict.fromkeys([*_listed_nouns().get(verb, ()), *fit]))


@lru_cache(maxsize=1)
def _listed() -> dict[str, tuple[str, ...]]:
    listed = pairs("german.derivation", "act_nouns.txt")
    return {noun: tuple(rest.split()) for noun, rest in listed.items()}


@lru_cache(maxsize=1)
def _listed_nouns() -> dict[str, tuple[str, ...]]:
    nouns: dict[str, list[str]] = defaultdict(list)
    for noun, verbs_ in _listed().items():
        for verb in verbs_:
            nouns[verb].append(noun)
    return {verb: tuple(each) for verb, each in nouns.items()}


@lru_cache(maxsize=1)
def _by_noun() -> dict[str, tuple[str, ...]]:
    """Return the strong verbs by the nouns of their act, in small letters."""
    by_noun: dict[str, list[str]] = defaultdict(list)
    for verb, base in strong_bases().items():
        for noun in base.nouns:
            by_noun[noun.lower()].append(verb)
    return {noun: tuple(each) for noun, each in by_noun.items()}


def _strong(low: str) -> Iterator[str]:
    """``festnahme``: ``festnehmen``; ``wurf``: ``werfen``; ``absturz``: ``abstürzen``."""
    for before in ("", *PARTICLES, *PREFIXES):
        rest = low.removeprefix(before)
        if before and rest == low:
            continue
        for verb in _by_noun().get(rest, ()):
            alone = rest.capitalize() in strong_bases()[verb].nouns
            if before or alone:
                yield (_ZURUECK if before == _RUECK else before) + verb
        if before:
            listed = _listed().get(rest.capitalize(), ())
            yield from ((_ZURUECK if before == _RUECK else before) + verb for verb in listed)


def _ung(low: str) -> Iterator[str]:
    """``verhaftung``: ``verhaften``; ``sammlung``: ``sammeln``; ``öffnung``: ``öffnen``."""
    stem = low.removesuffix("ung")
    if stem == low or len(stem) < len("ehr"):
        return
    yield f"{stem}en"
    if stem.endswith(("l", "r")):
        yield f"{stem[:-1]}e{stem[-1]}n"
        yield f"{stem}n"


def _foreign(low: str) -> Iterator[str]:
    """``explosion``: ``explodieren``; ``protest``: ``protestieren``."""
    for ending, instead in _FOREIGN:
        stem = low[: len(low) - len(ending)]
        if low.endswith(ending) and len(low) >= _SHORTEST_FOREIGN and len(stem) >= _SHORTEST_STEM:
            yield f"{stem}{instead}ieren"


def _bare(low: str) -> Iterator[str]:
    """``verkauf``: ``verkaufen``; ``suche`` only where a list has it."""
    verb = f"{low.removesuffix('e')}en"
    if _has_prefix(verb):
        yield verb


def _person(low: str) -> Iterator[str]:
    """``entführer`` and ``entführerin``: ``entführen``; ``verkäufer``: ``verkaufen``."""
    stem = low.removesuffix("innen").removesuffix("in").removesuffix("er")
    if low.endswith(("er", "erin")) and len(stem) > len("ver"):
        made = (f"{stem}en", f"{_unmarked(stem)}en", f"{stem}n")
        yield from (verb for verb in made if _has_prefix(verb))


def _has_prefix(verb: str) -> bool:
    particle, _ = divided(verb)
    return bool(particle) or any(
        verb.startswith(prefix) and (verb[len(prefix) :] in verbs() or len(verb) >= _LONG)
        for prefix in PREFIXES
    )


def _unmarked(stem: str) -> str:
    """Return a stem whose last umlaut is a plain vowel: ``verkäuf``: ``verkauf``."""
    at = max(stem.rfind(letter) for letter in "äöü")
    return stem if at < 0 else f"{stem[:at]}{unaccented(stem[at])}{stem[at + 1 :]}"


def _nouns(verb: str) -> Iterator[str]:
    """Yield what the nouns of a verb may be called, in small letters."""
    stem = verb.removesuffix("en") if verb.endswith("en") else verb.removesuffix("n")
    yield f"{stem}ung"
    if verb.endswith(("eln", "ern")):
        yield f"{stem[:-2]}{stem[-1]}ung"
    particle, rest = divided(verb)
    before = particle
    for prefix in PREFIXES if rest not in strong_bases() else ():
        if rest.startswith(prefix) and rest.removeprefix(prefix) in strong_bases():
            before, rest = particle + prefix, rest.removeprefix(prefix)
    if base := strong_bases().get(rest):
        yield from ((_RUECK if before == _ZURUECK else before) + n.lower() for n in base.nouns)
    if before:
        yield from (before + noun.lower() for noun in _listed_nouns().get(rest, ()))
    yield from (stem, f"{stem}e", f"{stem}er")
    if verb.endswith("ieren"):
        short = verb.removesuffix("ieren")
        for ending, instead in _FOREIGN:
            if short.endswith(instead):
                yield short[: len(short) - len(instead)] + ending
