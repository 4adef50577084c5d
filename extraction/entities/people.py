"""Which names of people in one article mean the same person."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from german.folding import transcribed
from german.wordlist import word_list

Words = tuple[str, ...]
#: What transcriptions of one first name differ in.
_SOUNDS = (
    *(("tsch", "c"), ("sch", "s"), ("sh", "s"), ("ph", "f"), ("th", "t"), ("ch", "c")),
    *(("dh", "d"), ("gh", "g"), ("kh", "c"), ("q", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i")),
)
_LETTERS = str.maketrans({"w": "v", "y": "i", "j": "i", "k": "c", "z": "s", "h": ""})
_DOUBLE = re.compile(r"(.)\1")
_NO_VOWELS = str.maketrans(dict.fromkeys("aeiou", ""))
_FULL = 2
_ARABIC = word_list("al el bin ibn ben")
PARTICLES = word_list(
    "von van vom zu zur zum de der den del della di da do dos du la le el al bin ibn ben ter ten y"
)

#: Full names of one article with one word in common. A list of members may have fifty; thousands
#: are made up, and each would be compared with all others.
_MOST_BEARERS = 200


class Hint(NamedTuple):
    """What the text says beside a name: gender (``f``, ``m``, ""), folded role, or "", and
    whether somebody is presented as a relative (``seine Frau Michelle Obama``).
    """

    gender: str = ""
    role: str = ""
    kin: bool = False


def same_people(names: Sequence[str], hints: Sequence[Hint] | None = None) -> list[str]:
    """Return one full name for each person; ``names`` stand in reading order.

    A short name that may mean several people means, of those whom its hints do not rule out and
    who are not presented as somebody's relatives, the one whose whole surname it is, then the one
    mentioned last before it, otherwise the one mentioned most.
    """
    words = [_words(name) for name in names]
    told = hints or [Hint()] * len(names)
    people = _people(set(words))
    full = _spelling_of(names, words)
    chosen = _Chooser(words, people, told)
    meant = [chosen.person(place) for place in range(len(words))]
    group: dict[Words, Counter[Words]] = defaultdict(Counter)
    for person, word in zip(meant, words, strict=True):
        group[person][word] += 1
    spelling = {person: full[_best(person, counts)] for person, counts in group.items()}
    return [spelling[person] for person in meant]


class _Chooser:
    """Chooses the person whom each mention means, going forward through the article."""

    def __init__(
        self, words: Sequence[Words], people: dict[Words, set[Words]], hints: Sequence[Hint]
    ) -> None:
        self.words, self.people, self.hints = words, people, hints
        self.said = Counter(name for name in words if people[name] == {name})
        self.first = {name: place for place, name in reversed([*enumerate(words)])}
        self.last: dict[Words, int] = {}
        self.genders: dict[Words, str] = {}
        self.roles: dict[Words, set[str]] = defaultdict(set)
        self.kin: set[Words] = set()
        for name, hint in zip(words, hints, strict=True):
            if people[name] == {name}:
                self.genders[name] = self.genders.get(name) or hint.gender
                self.roles[name] |= {hint.role} - {""}
            if hint.kin and len(people[name]) == 1:
                self.kin |= people[name]
        self.apart = {n for n, h in zip(words, hints, strict=True) if self._is_spouse(n, h)}

    def person(self, place: int) -> Words:
        """Return the person of one mention; mentions must be asked for in order."""
        name, hint = self.words[place], self.hints[place]
        if name in self.apart and hint.gender != self._gender(self.people[name]):
            self.last[name] = place
            return name
        meant = self._not_ruled_out(self.people[name], hint)
        before = [person for person in meant if person in self.last]
        if before:
            whole = [p for p in before if self._is_surname(name, p)] or before
            person = max(whole, key=self.last.__getitem__)
        else:
            person = min(meant, key=lambda bearer: (-self.said[bearer], self.first[bearer]))
        self.last[person] = place
        return person

    def _is_spouse(self, name: Words, hint: Hint) -> bool:
        """Tell whether a bare surname means the spouse of the only one who is named in full:
        ``Minister Lenz`` beside ``seine Frau Eva`` and ``Eva Lenz``.
        """
        people = self.people[name]
        relative = len(name) == 1 and people != {name} and people <= self.kin
        surname = all(person[-1] == name[0] for person in people)
        other = self._gender(people)
        return bool(relative and surname and hint.gender and other and hint.gender != other)

    def _gender(self, people: set[Words]) -> str:
        genders = {self.genders.get(person, "") for person in people}
        return genders.pop() if len(genders) == 1 else ""

    def _not_ruled_out(self, people: set[Words], hint: Hint) -> set[Words]:
        """Keep the people of the mention's gender, then those known in its role, if any."""
        if len(people) > 1 and hint.gender:
            other = {"f": "m", "m": "f"}[hint.gender]
            people = {p for p in people if self.genders.get(p) != other} or people
        if len(people) > 1 and hint.role:
            people = {p for p in people if hint.role in self.roles[p]} or people
        if len(people) > 1:
            people = people - self.kin or people
        return people

    def _is_surname(self, name: Words, person: Words) -> bool:
        """Tell whether no longer surname of ``person`` is in use: ``Pinkett Smith``."""
        longer = (person[start:] for start in range(1, len(person) - len(name)))
        return not any(form in self.first for form in longer)


def _words(name: str) -> Words:
    """Split ``Shin Won-sik`` and ``Shin Won Sik`` into the same words."""
    return tuple(transcribed(name).replace("-", " ").split()) or (name,)


def _people(names: set[Words]) -> dict[Words, set[Words]]:
    """Return for each name the people it may mean; a full name means itself alone."""
    longer = _longer(names)
    people: dict[Words, set[Words]] = {}
    for name in sorted(names, key=_order, reverse=True):
        meant = set[Words]().union(*(people[other] for other in longer[name] if other in people))
        # `Hans Müller` beside `Hans Peter Müller` and `Hans Georg Müller` is a third man.
        short = len(meant) == 1 or (meant and (len(name) == 1 or name[0] in PARTICLES))
        people[name] = meant if short else {name}
    return people


def _longer(names: set[Words]) -> dict[Words, list[Words]]:
    """Return for each name those that it may be short for, by surname or first name before
    any by a middle name (``Lula`` for ``Luiz Inácio Lula da Silva``).
    """
    ends: dict[str, list[Words]] = defaultdict(list)
    sounds: dict[str, list[Words]] = defaultdict(list)
    middle: dict[str, list[Words]] = defaultdict(list)
    for name in names:
        if len(name) > 1:
            for word in {name[0], name[-1]}:
                ends[word].append(name)
            sounds[_sound(name[-1])].append(name)
            for word in {*name[1:-1]} - PARTICLES - {name[0], name[-1]}:
                middle[word].append(name)
    ends, sounds, middle = map(_of_few, (ends, sounds, middle))
    longer = {}
    for name in names:
        by_ends = [other for other in ends[name[-1]] if _stands_for(name, other)]
        by_ends += [other for other in sounds[_sound(name[-1])] if _is_variant(name, other)]
        by_middle = middle[name[0]] if len(name) == 1 else []
        by_middle = [other for other in by_middle if _is_middle(name[0], other, names)]
        longer[name] = by_ends or by_middle or _with_second_surname(name, ends)
    return longer


def _of_few(bearers: Mapping[str, list[Words]]) -> defaultdict[str, list[Words]]:
    """Without the words that so many names hold that none of them tells who is meant."""
    few = {word: names for word, names in bearers.items() if len(names) <= _MOST_BEARERS}
    return defaultdict(list, few)


def _with_second_surname(name: Words, ends: Mapping[str, Sequence[Words]]) -> list[Words]:
    """Return ``Ana Ruiz Soto`` for ``Ana Ruiz``."""
    if len(name) < 2:  # noqa: PLR2004
        return []
    return [other for other in ends[name[0]] if other[:-1] == name]


def _is_middle(word: str, full: Words, names: set[Words]) -> bool:
    """Tell whether ``word`` may be the name that ``full`` goes by; initials never are."""
    shortest = len("Sy")
    return len(word) > shortest and not word.endswith(".") and (full[-1],) not in names


def _stands_for(short: Words, full: Words) -> bool:
    """Tell whether ``full`` may be shortened to ``short``: its surname, or a bare first name."""
    if len(short) == 1:
        return True
    if short[-1] != full[-1] or short == full or _order(short) >= _order(full):
        return False
    return _in_order(short, full)


def _order(name: Words) -> tuple[int, int, Words]:
    """Order names by words, then by words that are no mere initials, so that none are equal."""
    return len(name), sum(not word.endswith(".") for word in name), name


def _in_order(short: Words, full: Iterable[str]) -> bool:
    """Tell whether the words occur in this order; ``w.`` stands for ``wladimir``."""
    rest = iter(full)
    return all(any(_is_word(word, other) for other in rest) for word in short)


def _is_word(word: str, other: str) -> bool:
    initial = word.endswith(".") and len(word) > 1
    return word == other or (initial and other.startswith(word[:-1]))


def _is_variant(name: Words, other: Words) -> bool:
    """Tell whether ``other`` comes behind ``name`` in order and is another spelling of it."""
    return name != other and _order(name) < _order(other) and _sounds_alike(name, other)


def _sounds_alike(name: Words, other: Words) -> bool:
    """Tell whether two full names differ only in how they are transcribed.

    ``Muammar Gadhafi`` is ``Muammar al Gaddafi``; of three names and more (``Abd Rabbo Mansur
    Hadi``) all but two may differ in their vowels too (``Abed``), as may Arabic first names.
    """
    pairs = [*zip(_without_particles(name), _without_particles(other), strict=False)]
    if len(pairs) < _FULL or len(pairs) != max(*map(len, map(_without_particles, (name, other)))):
        return False
    alike = [_sound(word) == _sound(written) for word, written in pairs]
    if len(pairs) == _FULL and not _ARABIC & {*name, *other}:
        return all(alike) and any(word == written for word, written in pairs)
    rest = (word for word, same in zip(pairs, alike, strict=True) if not same)
    least = min(_FULL, len(pairs) - 1)
    return alike[-1] and sum(alike) >= least and all(_bones(a) == _bones(b) for a, b in rest)


def _without_particles(name: Words) -> Words:
    return name[:1] + tuple(word for word in name[1:] if word not in PARTICLES)


def _bones(word: str) -> str:
    """Return the consonants, as Arabic writes a name."""
    return word[:1] + _sound(word[1:].translate(_NO_VOWELS))


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _DOUBLE.sub(r"\1", word.translate(_LETTERS))


def _spelling_of(names: Sequence[str], words: list[Words]) -> dict[Words, str]:
    """Return the most frequent spelling of each name, the first among equals."""
    counts: dict[Words, Counter[str]] = {}
    for name, key in zip(names, words, strict=True):
        counts.setdefault(key, Counter())[name] += 1
    return {key: count.most_common(1)[0][0] for key, count in counts.items()}


def _best(person: Words, counts: Counter[Words]) -> Words:
    """Return the form of a full name that is most used, the fullest of equals, then the first.

    So that a middle name in one article does not part it from all others.
    """
    full = [name for name in counts if len(name) > 1 and not any(w.endswith(".") for w in name)]
    begins = [
        name
        for name in full
        if (name[0], name[-1]) == (person[0], person[-1]) or _sounds_alike(name, person)
    ]
    return max(begins or [person], key=lambda name: (counts[name], _order(name)[:2]))
