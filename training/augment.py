"""New sentences out of old ones: words give way to others of their Brown cluster.

Nobody need say what is a name in them: the teacher does. Its knowledge of forms that the
training texts lack reaches the student in this way (after Jiao et al. 2020, TinyBERT).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from training.tables import lookup

#: How often a word gives way: one with a capital letter, any other.
CAPITALS, OTHERS = 0.5, 0.1
#: Forms rarer than this (natural logarithm of the probability) replace nothing.
_LEAST_LOG_PROBABILITY = -17.0
_DATELINE = 0.04
_LOWER = 0.03
_UPPER = 0.02


class Replacements:
    """Forms by Brown cluster and by the case of their first letter."""

    def __init__(self) -> None:
        self._cluster = lookup("cluster")
        probability = lookup("prob")
        self._forms: dict[tuple[int, bool], list[str]] = defaultdict(list)
        for form in sorted(self._cluster):
            likely = probability.get(form, -99.0) > _LEAST_LOG_PROBABILITY
            if likely and form.replace("-", "").isalpha() and len(form) > 1:
                self._forms[self._cluster[form], form[0].isupper()].append(form)

    def of(self, word: str, chance: random.Random) -> str:
        """Return another form of the word's cluster; the word itself if there is none."""
        cluster = self._cluster.get(word)
        if not cluster or not word.replace("-", "").isalpha():
            return word
        forms = self._forms.get((cluster, word[0].isupper()))
        return chance.choice(forms) if forms else word


def augmented(
    sentences: Iterable[tuple[str, ...]], replacements: Replacements, chance: random.Random
) -> list[tuple[str, ...]]:
    """Return a changed copy of each sentence."""
    return [_changed(words, replacements, chance) for words in sentences]


def _changed(
    words: tuple[str, ...], replacements: Replacements, chance: random.Random
) -> tuple[str, ...]:
    changed = [
        replacements.of(word, chance)
        if chance.random() < (CAPITALS if word[0].isupper() else OTHERS)
        else word
        for word in words
    ]
    case = chance.random()
    if case < _LOWER:
        changed = [word.lower() for word in changed]
    elif case < _LOWER + _UPPER:
        changed = [word.upper() for word in changed]
    elif case < _LOWER + _UPPER + _DATELINE:
        changed = [word.upper() if word.isalpha() else word for word in changed[:2]] + changed[2:]
    return tuple(changed)
