"""Which words of an article match a query, and how: what is marked, and why it is a hit.

The words of a text are compared by what the index has of them (:mod:`german.stems`,
:mod:`german.typed`, :func:`german.findable.also_found_by`), so that what is marked is what was
found, and nothing else. It is done here and not by Elasticsearch, which marks without saying why,
and would read each text again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from german.findable import also_found_by
from german.gender_forms import both, placed_forms
from german.stems import folded, stem, without_umlauts
from german.typed import typed, typed_with_places
from indexing.searching.forms import CLAUSE, Way, forms_of, pieces_of
from indexing.searching.patterns import is_open
from indexing.searching.tokens import RUN, places_of, with_inner

#: So many letters of a word that stands in a compound are there in any case.
_BEGINNING = 4
#: Up to so many letters, or in capitals, a word may be an abbreviation, whose points :func:`typed`
#: takes away.
_SHORT = 3
#: What stands for a sign.
_SIGNS = ("prozent", "paragraf")
#: Between the words of a row, if it is no phrase: ``Kosovo-Krieg``, ``3,5``.
_GAP = re.compile(r"[-–.'’/& ]{0,3}|[,:\n]")
#: Of a text so many characters are looked at, and of a query so many words.
LONGEST_TEXT, _MOST = 300_000, 300


class Match(NamedTuple):
    """A stretch of a text that matches ``asked``, one of the query's words; ``kind`` is how.

    ``piece`` is the stem of the part of it that stands there, where that is not the whole.
    """

    start: int
    end: int
    asked: str
    kind: str
    piece: str = ""


class _Sense(NamedTuple):
    asked: str
    kind: str
    piece: str = ""


class _Row(NamedTuple):
    """Words that stand behind each other: stems, or small letters as written."""

    keys: tuple[str, ...]
    exact: bool
    sense: _Sense

    @property
    def clue(self) -> str:
        """The key that most texts lack: where it is not, the row is not."""
        return max(self.keys, key=len)


class Marker:
    """Finds the words of one query in texts."""

    def __init__(
        self,
        words: Iterable[str] = (),
        phrases: Iterable[str] = (),
        names: Iterable[tuple[str, Sequence[str]]] = (),
        more: Mapping[str, Sequence[Way]] | None = None,
    ) -> None:
        """``names`` are names that are asked for with the forms in which texts have them.

        ``more`` tells for a word what else stands for it.
        """
        self.words = tuple(dict.fromkeys(words))[:_MOST]
        self._stems: dict[str, list[_Sense]] = {}
        self._rows: list[_Row] = []
        self._open: list[tuple[re.Pattern[str], _Sense]] = []
        self._folded: dict[str, _Sense] = {}
        self._verbs: list[tuple[frozenset[str], str, _Sense]] = []
        self._pieces: dict[str, frozenset[str]] = {}
        for word in self.words:
            self._add_word(word)
            for way in (more or {}).get(word, ()):
                self._add_way(way, _Sense(word, way.kind))
        for phrase in phrases:
            keys = tuple(run.lower() for run in RUN.findall(typed(phrase)))
            self._rows += [_Row(keys, True, _Sense(phrase, "phrase"))] if keys else []
        for name, forms in names:
            for form in forms:
                self._add(form, _Sense(name, "name"))
        beginnings = {key[:_BEGINNING] for key in self._stems if len(key) > 1}
        every = [*self._stems, *(key for row in self._rows for key in row.keys)]
        self._typed = any(map(str.isupper, self.words)) or any(map(_as_typed, every))
        parts = "|".join(map(re.escape, sorted(beginnings)))
        self._begins = re.compile(parts or r"(?!)")
        finite = (form for forms, _, _ in self._verbs for form in forms)
        self._clues = frozenset([*(row.clue for row in self._rows), *finite])
        self._perhaps = _anywhere([*self._stems, *self._folded, *map(folded, self._clues)])
        self._looked_at: set[str] = set()
        self._clues_in: dict[str, frozenset[str]] = {}
        self._asked_for: dict[str, tuple[tuple[int, int, _Sense], ...]] = {}

    def matches(self, text: str) -> list[Match]:
        """Return what matches in a text, in order; stretches may overlap."""
        text = text[:LONGEST_TEXT]
        read, places = typed_with_places(text) if self._typed else (text, None)
        words = self._words_of(read)
        matches = [
            _at(places, at + start, at + end, sense)
            for word in words & self._asked_for.keys()
            for at in places_of(read, word)
            for start, end, sense in self._asked_for[word]
        ]
        clues = {clue for word in words & self._clues_in.keys() for clue in self._clues_in[word]}
        spans = [(token[0], *token.span()) for token in RUN.finditer(read)] if clues else []
        matches += self._in_rows(read, spans, places, clues)
        matches += self._of_verbs(spans, places, clues)
        matches += self._of_both_genders(text)
        return sorted(matches)

    def kept(self, matches: Iterable[Match], *, loosened: bool) -> set[tuple[str, str]]:
        """Return which ``(asked, kind)`` of an article's matches count.

        The parts of a compound do where the whole is not there and all of them are, or where the
        article is a hit although it lacks some words.
        """
        seen = {(match.asked, match.kind) for match in matches}
        whole = {asked for asked, kind in seen if kind != "part"}
        there: dict[str, set[str]] = {}
        for match in matches:
            there.setdefault(match.asked, set()).add(match.piece)
        enough = {
            asked
            for asked, pieces in there.items()
            if asked not in whole and (loosened or self._pieces.get(asked, frozenset()) <= pieces)
        }
        return {pair for pair in seen if pair[1] != "part" or pair[0] in enough}

    def _add_word(self, word: str) -> None:
        if is_open(word):
            fits = re.compile(".*".join(re.escape(folded(part)) for part in word.split("*")))
            self._open.append((fits, _Sense(word, "pattern")))
            return
        for form, kind in forms_of(word):
            self._add(form, _Sense(word, kind))
        if pieces := [stem(piece) for piece in pieces_of(word)]:
            self._pieces[word] = frozenset(pieces)
            for piece in pieces:
                self._stems.setdefault(piece, []).append(_Sense(word, "part", piece))

    def _add_way(self, way: Way, sense: _Sense) -> None:
        if way.word:
            self._add(way.word, sense)
        if way.pattern:
            self._open.append((re.compile(way.pattern), sense))
        for form in way.forms:
            self._folded.setdefault(folded(form), sense)
        if way.particle:
            finite = frozenset(map(folded, way.apart))
            self._verbs.append((finite, folded(way.particle), sense))

    def _add(self, form: str, sense: _Sense) -> None:
        keys = tuple(map(stem, RUN.findall(typed(form))))
        if len(keys) > 1:
            known = any((row.keys, row.sense.asked) == (keys, sense.asked) for row in self._rows)
            self._rows += [] if known else [_Row(keys, False, sense)]
        elif keys:
            senses = self._stems.setdefault(keys[0], [])
            senses += [] if any(known.asked == sense.asked for known in senses) else [sense]

    def _words_of(self, read: str) -> set[str]:
        """Return the words of a text, each once, and note what of them is asked for.

        Most are none of the query's: this is what a search takes time for, so that each is looked
        at once for all articles of a page.
        """
        words = set(RUN.findall(read))
        new = words - self._looked_at
        self._looked_at |= new
        for word in new if self._open else _fitting(new, self._perhaps):
            may_be = stem(word) in self._stems or self._may_be_otherwise(word)
            if may_be and (senses := self._senses(word)):
                self._asked_for[word] = senses
            if clues := self._clues & {word.lower(), folded(word), stem(word)}:
                self._clues_in[word] = clues
        return words

    def _may_be_otherwise(self, token: str) -> bool:
        if token[0].isupper() and self._begins.search(folded(token)):
            return True
        if self._open or not token.isalpha():
            return True
        return bool(self._folded) and folded(token) in self._folded

    def _senses(self, token: str) -> tuple[tuple[int, int, _Sense], ...]:
        """Return what of a token is asked for: where it begins and ends in it, and as what."""
        return tuple(
            (start, end, sense)
            for word, start, end in with_inner(token)
            for sense in self._read(word)
        )

    def _read(self, word: str) -> Iterator[_Sense]:
        direct = self._stems.get(stem(word), [])
        low = folded(word)
        yield from (_named(sense, word) for sense in direct)
        yield from (sense for fits, sense in self._open if fits.fullmatch(low))
        if low in self._folded and self._folded[low].asked not in {s.asked for s in direct}:
            yield self._folded[low]
        if not word[0].isupper() or not self._begins.search(low):
            return
        have = {sense.asked for sense in direct}
        for other, inside in also_found_by(word):
            for sense in self._stems.get(stem(other), []):
                if sense.asked not in have and _may_be(other, sense, inside=inside):
                    have.add(sense.asked)
                    whole = "compound" if inside else "form"
                    kind = sense.kind if sense.kind in ("part", "name") else whole
                    yield sense._replace(kind=kind)

    def _in_rows(
        self,
        read: str,
        spans: Sequence[tuple[str, int, int]],
        places: Sequence[int] | None,
        clues: Collection[str],
    ) -> Iterator[Match]:
        rows = [row for row in self._rows if row.clue in clues]
        if not rows:
            return
        low = [word.lower() for word, _, _ in spans]
        stems = [stem(word) for word in low]
        for row in rows:
            have, size = (low if row.exact else stems), len(row.keys)
            for at in range(len(spans) - size + 1):
                if have[at] == row.keys[0] and tuple(have[at : at + size]) == row.keys:
                    stretch = spans[at : at + size]
                    if row.exact or _together(read, stretch):
                        yield _at(places, stretch[0][1], stretch[-1][2], row.sense)

    def _of_verbs(
        self,
        spans: Sequence[tuple[str, int, int]],
        places: Sequence[int] | None,
        clues: Collection[str],
    ) -> Iterator[Match]:
        """Find verbs with their particle behind them: both are marked."""
        verbs = [verb for verb in self._verbs if not verb[0].isdisjoint(clues)]
        if not verbs:
            return
        low = [folded(word) for word, _, _ in spans]
        for finite, particle, sense in verbs:
            for at in (at for at, word in enumerate(low) if word in finite):
                clause = low[at + 1 : at + 2 + CLAUSE]
                if particle in clause:
                    for place in (at, at + 1 + clause.index(particle)):
                        yield _at(places, spans[place][1], spans[place][2], sense)

    def _of_both_genders(self, text: str) -> Iterator[Match]:
        for start, end, form in placed_forms(text):
            for word in both(form):
                others = [word, *(other for other, _ in also_found_by(word))]
                for sense in {s for o in others for s in self._stems.get(stem(o), [])}:
                    kind = "form" if sense.kind == "word" else sense.kind
                    yield Match(start, end, sense.asked, kind, sense.piece)


def _anywhere(keys: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of the beginnings of folded ``keys`` in words of which umlauts alone are.

    And of foreign letters, of which nothing is told here.

    :func:`folded` takes away the ``e`` that stands for an umlaut's points: here it may be there.
    """
    beginnings = {key[:_BEGINNING] for key in keys}
    each = (re.sub(r"(?<=[aou])", "e?", re.escape(begins)) for begins in sorted(beginnings))
    return re.compile("|".join([*each, r"[^\x00-\x7f]"]))


def _fitting(words: Collection[str], perhaps: re.Pattern[str]) -> Iterator[str]:
    """Yield those of ``words`` in which ``perhaps`` is found, and all with foreign letters.

    Most words of a text are none of the query's: all together they are told apart at little cost.
    """
    each = list(words)
    low = without_umlauts("\n".join(each).lower())
    found = {low.count("\n", 0, match.start()) for match in perhaps.finditer(low)}
    yield from (each[n] for n in found)


def _may_be(other: str, sense: _Sense, *, inside: bool) -> bool:
    """Tell whether ``other``, by which a text is found too, is what was asked for.

    A name is none inside a word (``Merkelraute``), nor is a noun the verb of its stem: ``Brenner``
    and the ``brennen`` in ``Brennpunkt``.
    """
    if not inside:
        return True
    verb = other[:1].islower() and sense.asked[:1].isupper() and sense.kind != "part"
    return sense.kind != "name" and not (verb and folded(other) != folded(sense.asked))


def _named(sense: _Sense, word: str) -> _Sense:
    """Tell a word in another form or spelling from the very word that was asked for."""
    if sense.kind not in ("word", "form"):
        return sense
    if word.lower() == sense.asked.lower():
        return sense._replace(kind="word")
    same = folded(word) == folded(sense.asked)
    return sense._replace(kind="spelling" if same else "form")


def _as_typed(key: str) -> bool:
    """Tell what :func:`typed` makes of what a text writes otherwise."""
    return not key.isalpha() or len(key) <= _SHORT or key in _SIGNS


def _together(read: str, stretch: Sequence[tuple[str, int, int]]) -> bool:
    return all(_GAP.fullmatch(read, first[2], second[1]) for first, second in pairwise(stretch))


def _at(places: Sequence[int] | None, start: int, end: int, sense: _Sense) -> Match:
    if places is not None:
        start, end = places[start], max(places[end], places[start] + 1)
    return Match(start, end, *sense)
