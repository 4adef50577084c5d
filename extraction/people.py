"""Which names of people in one article mean the same person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

Words = tuple[str, ...]


def same_people(names: Sequence[str]) -> list[str]:
    """Return the fullest form of each name; ``names`` stand in reading order.

    A name that is short for several people means the one mentioned last before it, otherwise
    the one mentioned most.
    """
    words = [_words(name) for name in names]
    people = _people(set(words))
    said = Counter(name for name in words if people[name] == {name})
    first = {name: place for place, name in reversed([*enumerate(words)])}
    spelling = _spelling_of(names, words)
    last: dict[Words, int] = {}
    result = []
    for place, name in enumerate(words):
        meant = [person for person in people[name] if person in last]
        if meant:
            person = max(meant, key=last.__getitem__)
        else:
            person = min(people[name], key=lambda one: (-said[one], first[one]))
        last[person] = place
        result.append(spelling[person])
    return result


def spellings(names: Sequence[str]) -> list[str]:
    """Return each name in its most frequent spelling: ``NATO`` and ``Nato`` are one."""
    words = [_words(name) for name in names]
    spelling = _spelling_of(names, words)
    return [spelling[key] for key in words]


def _words(name: str) -> Words:
    """Split ``Shin Won-sik`` and ``Shin Won Sik`` into the same words."""
    return tuple(name.casefold().replace("-", " ").split()) or (name,)


def _people(names: set[Words]) -> dict[Words, set[Words]]:
    """Return for each name the people it may mean; a full name means itself alone."""
    longer = _longer(names)
    people: dict[Words, set[Words]] = {}
    for name in sorted(names, key=_fullness, reverse=True):
        meant = set[Words]().union(*(people[other] for other in longer[name]))
        # `Hans Müller` beside `Hans Peter Müller` and `Hans Georg Müller` is a third man.
        short = len(meant) == 1 or (meant and len(name) == 1)
        people[name] = meant if short else {name}
    return people


def _longer(names: set[Words]) -> dict[Words, list[Words]]:
    """Return for each name those that it may be short for."""
    by_word: dict[str, list[Words]] = defaultdict(list)
    for name in names:
        if len(name) > 1:
            for word in {name[0], name[-1]}:
                by_word[word].append(name)
    return {name: [o for o in by_word[name[-1]] if _stands_for(name, o)] for name in names}


def _stands_for(short: Words, full: Words) -> bool:
    """Tell whether ``full`` may be shortened to ``short``: its surname, or a bare first name."""
    if len(short) == 1:
        return True
    fuller = _fullness(short) < _fullness(full)
    return fuller and short[-1] == full[-1] and _in_order(short, full)


def _fullness(name: Words) -> tuple[int, int]:
    """Order names by words, then by words that are no mere initials."""
    return len(name), sum(not word.endswith(".") for word in name)


def _in_order(short: Words, full: Iterable[str]) -> bool:
    """Tell whether the words occur in this order; ``w.`` stands for ``wladimir``."""
    rest = iter(full)
    return all(any(_is_word(word, other) for other in rest) for word in short)


def _is_word(word: str, other: str) -> bool:
    initial = word.endswith(".") and len(word) > 1
    return word == other or (initial and other.startswith(word[:-1]))


def _spelling_of(names: Sequence[str], words: list[Words]) -> dict[Words, str]:
    """Return the most frequent spelling of each name, the first among equals."""
    counts: dict[Words, Counter[str]] = {}
    for name, key in zip(names, words, strict=True):
        counts.setdefault(key, Counter())[name] += 1
    return {key: count.most_common(1)[0][0] for key, count in counts.items()}
