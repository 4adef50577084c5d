"""What of an article is shown with a hit: sentences with marks, and why it is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from articles.fields import BY_NAME
from german.typed import written
from indexing.searching.forms import EARLIER, KINDS, LACKING, MEANING, Way
from indexing.searching.highlights import Highlight, cut, on_one_line
from indexing.searching.marker import Marker, Match
from indexing.searching.query import SENTENCES, Canonical, Query, as_written, sought
from indexing.searching.scoring import BOOSTS
from indexing.searching.sentences import Marked, beginning, marked_sentences
from indexing.searching.syntax import parse

# A text without sentence marks is one sentence: what is shown of it is cut.
_LONGEST = 600
#: Characters of a lead that is shown where nothing is marked.
_BEGINNING = 200
#: Of one word's parts or forms so many are told.
_MOST_TOLD = 3
_RUNNING, _HEADS = ("lead", "body"), ("headline", "kicker")
_ORDER = {kind: n for n, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article is a hit, for one word or name of the query.

    ``kind`` is of ``indexing.searching.forms.KINDS``: how it is found, in ``found``, as the article
    has it. Or ``lacking``: the article does not have the word that is ``asked``; or ``meaning``: it
    says what the query says in other words; or ``earlier``: it said so before it was corrected;
    ``asked`` and ``found`` being empty.
    """

    kind: str
    asked: str = ""
    found: str = ""


class Shown(NamedTuple):
    """Up to three sentences, or the headline, and the reasons in the order of the query."""

    highlights: list[Highlight]
    reasons: list[Reason]


@dataclass(frozen=True)
class Shower:
    """Shows the articles that one query has found."""

    marker: Marker
    filters: tuple[tuple[str, str], ...]
    respelled: Mapping[str, str]
    by_meaning: bool
    all_versions: bool = False

    @classmethod
    def of(
        cls,
        query: Query,
        canonical: Canonical = as_written,
        respelled: Mapping[str, str] | None = None,
        by_meaning: bool = False,
        more: Mapping[str, Sequence[Way]] | None = None,
    ) -> Shower:
        """``respelled`` are words as they were written -> as they are asked for.

        ``more`` is by what else each word is found than itself in any form.
        """
        terms = parse(query.text)
        names = [(_filter(*pair), _forms(*pair, canonical(*pair))) for pair in query.names()]
        before = {asked: word for word, asked in (respelled or {}).items()}
        marker = Marker(sought(query), terms.all_phrases(), names, more)
        return cls(marker, tuple(query.names()), before, by_meaning, query.all_versions)

    def shown(
        self,
        source: Mapping[str, Any],
        *,
        loosened: bool = False,
        also: Mapping[str, Sequence[Match]] | None = None,
    ) -> Shown:
        """Return what is shown of the document ``source``.

        ``loosened``: it lacks some of the words. ``also`` are matches by field that are known
        otherwise, as of texts in other languages.
        """
        texts = {name: str(source.get(name) or "") for name in BOOSTS}
        each = {
            name: [*self.marker.matches(text), *(also or {}).get(name, ())]
            for name, text in texts.items()
        }
        every = [match for matches in each.values() for match in matches]
        kept = self.marker.kept(every, loosened=loosened)
        counted = {
            name: [match for match in matches if (match.asked, match.kind) in kept]
            for name, matches in each.items()
        }
        highlights = [cut(on_one_line(h), _LONGEST) for h in _highlights(texts, counted)]
        return Shown(highlights, self._reasons(texts, counted, loosened=loosened))

    def _reasons(
        self, texts: Mapping[str, str], counted: Mapping[str, Sequence[Match]], *, loosened: bool
    ) -> list[Reason]:
        by_asked: dict[str, list[tuple[str, str]]] = {}
        for name, matches in counted.items():
            for match in matches:
                words = " ".join(texts[name][match.start : match.end].split())
                by_asked.setdefault(match.asked, []).append((match.kind, words))
        reasons = [self._reason(asked, pairs) for asked, pairs in by_asked.items()]
        # A name may be found in another form than the text has it in: as the archive knows it.
        filters = dict.fromkeys(_filter(*pair) for pair in self.filters)
        reasons += [Reason("name", name) for name in filters if name not in by_asked]
        order = {word: n for n, word in enumerate([*self.marker.words, *filters])}
        reasons.sort(key=lambda reason: order.get(reason.asked, len(order)))
        lacking = [word for word in self.marker.words if word not in by_asked]
        if loosened:
            reasons += [Reason(LACKING, self._written(word)) for word in lacking]
        elif self.by_meaning and (lacking or not reasons):
            reasons.append(Reason(MEANING))
        elif self.all_versions and lacking:
            reasons.append(Reason(EARLIER))
        return reasons

    def _reason(self, asked: str, pairs: Sequence[tuple[str, str]]) -> Reason:
        best = min((kind for kind, _ in pairs), key=lambda kind: _ORDER.get(kind, len(_ORDER)))
        words = dict.fromkeys(words for kind, words in pairs if kind == best)
        kind = "respelled" if asked in self.respelled else best
        return Reason(kind, self._written(asked), ", ".join([*words][:_MOST_TOLD]))

    def _written(self, asked: str) -> str:
        return written(self.respelled.get(asked, asked))


def _filter(field: str, name: str) -> str:
    """``person:Putin``, as the query language has it."""
    return f"{BY_NAME[field].filters[0]}:{name}"


def _forms(field: str, name: str, known: str) -> list[str]:
    """Return how texts have a name: whole, and of a person the surname alone."""
    forms = [name, known]
    if BY_NAME[field].label == "PER":
        forms += [form.split()[-1] for form in (name, known) if form.split()]
    return list(dict.fromkeys(forms))


def _highlights(
    texts: Mapping[str, str], counted: Mapping[str, Sequence[Match]]
) -> Iterable[Highlight]:
    running = [
        (name, stretch)
        for name in _RUNNING
        for stretch in marked_sentences(texts[name], counted[name])
    ]
    if running:
        return [stretch.highlight(texts[name]) for name, stretch in _best(running)]
    heads = [(name, stretch) for name in _HEADS for stretch in _whole(texts[name], counted[name])]
    if heads:
        return [stretch.highlight(texts[name]) for name, stretch in heads]
    return beginning(texts["lead"], _BEGINNING)


def _best(stretches: Sequence[tuple[str, Marked]]) -> list[tuple[str, Marked]]:
    """Those with most of the words that are asked for, in the order in which they came."""
    numbers = sorted(range(len(stretches)), key=lambda n: -stretches[n][1].different)
    return [stretches[n] for n in sorted(numbers[:SENTENCES])]


def _whole(text: str, matches: Sequence[Match]) -> list[Marked]:
    if not matches:
        return []
    stretch = Marked(0, len(text))
    stretch.matches += matches
    return [stretch]
