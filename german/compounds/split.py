"""Split one word at the joints of its parts.

After Koehn and Knight (2003): of all ways to cut a word into known parts the one with the highest
geometric mean wins. In place of the parts' frequencies stand the numbers of compounds that they
were seen in, at the place (first or last) where they stand in the word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from german.compounds.tables import Tables, Unit, tables

#: Shorter words are no compounds worth splitting (``Ostsee``, ``Altbau``); longer ones no words.
SHORTEST, LONGEST = 6, 50
_SHORT = 3
#: What the parts must reach in the mean: about four compounds each, two if all parts are long.
_NEEDED, _NEEDED_LONG, _LONG = 1.6, 1.0, 5
#: A part of three letters must have made this many compounds: chance makes short ones everywhere.
_SHORT_SEEN = 15
_MOST_PARTS = 5
#: Endings of names: ``Frankreichs``, ``Heidelberger``, ``Heidelbergern``.
_ENDINGS = ("s", "es", "n", "en", "er", "ers", "ern", "erin", "e", "em")
#: Adjectives and adverbs that end like ``Tisch`` and ``Weise``: ``thematisch``, ``idealerweise``.
_NO_NOUN = re.compile("(?:(?:[aeiou]|is|k|p)tische?[nmrs]?|erweise)$")
#: What each joint beyond the first costs, in the logarithm of numbers of compounds: to choose a
#: cut (long known parts are the truer ones: ``freitag`` before ``frei`` and ``tag``), to take it.
_JOINT, _JOINT_TAKEN = 2.5, 0.5
#: How far above its rarest part's a compound's Zipf frequency may lie.
_ZIPF_ABOVE, _ZIPF_MOST = 0.7, 8.0
#: Words whose cut a process keeps, about 2 MB.
_KEPT = 8_192
_STEM_ENDING = re.compile("(?:e[rnsm]?|n|s)$")

Cut = tuple[tuple[str, Unit], ...]


@lru_cache(maxsize=_KEPT)
def cut(low: str) -> Cut:
    """Return the parts of a lower-case word as they stand, each with its unit; () if it has none.

    The parts are as long as the lexicon knows them: ``bundes`` and ``verfassungsgericht``.
    """
    known = tables()
    if not SHORTEST <= len(low) <= LONGEST:
        return ()
    if not _may_end_one(low, known) or _is_whole(low, known):
        return ()
    best = max(_cuts(low, 0, known, _MOST_PARTS), key=_rank, default=())
    return best if best and _convinces(best) and _agrees(low, best, known) else ()


def _may_end_one(low: str, known: Tables) -> bool:
    """Tell, before anything costs more, whether any part could be the last: names have none."""
    return any(
        (unit := known.heads.get(low[at:])) and _counts(len(low) - at, unit)
        for at in range(len(low) - _SHORT, _SHORT - 2, -1)
    )


def _is_whole(low: str, known: Tables) -> bool:
    if (
        low in known.whole
        or _NO_NOUN.search(low)
        or known.lemmas.get(low, low).lower() in known.whole
    ):
        return True
    if not low.endswith(_ENDINGS):
        return False
    return any(low.endswith(ending) and low[: -len(ending)] in known.whole for ending in _ENDINGS)


def _convinces(pieces: Cut) -> bool:
    needed = _NEEDED_LONG if all(len(part) >= _LONG for part, _ in pieces) else _NEEDED
    return _mean(pieces) - _JOINT_TAKEN * (len(pieces) - 2) > needed


def _agrees(low: str, pieces: Cut, known: Tables) -> bool:
    """Tell whether the dictionary lets a known word be cut so.

    Its lemma must end in the last part's (``Handlungen`` has nothing of ``Lunge``), and it may
    not be far more frequent than a short part (``Hersteller`` is no ``Herse``).
    """
    lemma = known.lemmas.get(low)
    if lemma is None:
        return True
    part, last = pieces[-1]
    stem = _STEM_ENDING.sub("", last.lemma.lower())
    if part != last.lemma.lower() and stem not in lemma.lower()[-len(stem) - 2 :]:
        return False
    short = [unit.lemma.lower() for part, unit in pieces if len(part) <= _LONG]
    rarest = min((known.zipf.get(name, _ZIPF_MOST) for name in short), default=_ZIPF_MOST)
    return known.zipf[lemma.lower()] <= rarest + _ZIPF_ABOVE


def _cuts(low: str, at: int, known: Tables, most: int) -> Iterator[Cut]:
    """Yield every cut of ``low[at:]`` into first parts and one last part."""
    if at and (unit := known.heads.get(low[at:])) and _counts(len(low) - at, unit):
        yield ((low[at:], unit),)
    if most == 1:
        return
    for end in range(at + _SHORT - 1, len(low) - _SHORT + 1):
        unit = known.modifiers.get(low[at:end])
        if unit and _counts(end - at, unit):
            for rest in _cuts(low, end, known, most - 1):
                yield ((low[at:end], unit), *rest)


def _counts(length: int, unit: Unit) -> bool:
    return length > _SHORT or unit.seen >= _SHORT_SEEN


def _rank(pieces: Cut) -> float:
    return _mean(pieces) - _JOINT * (len(pieces) - 2)


def _mean(pieces: Cut) -> float:
    return sum(math.log(1 + unit.seen) for _, unit in pieces) / len(pieces)
