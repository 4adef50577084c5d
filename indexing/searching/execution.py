"""One search from the looked-up names to the typed results, at one point in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.dates import NEWEST_FIRST
from indexing.index.point_in_time import ask
from indexing.index.source import source_of
from indexing.searching.collapse import (
    Page,
    by_story,
    counted,
    each_with_story,
    has_single,
    merged,
    of_single,
    saw_the_same,
    stories_found,
    story_of,
    uncollapsed,
    with_copies,
)
from indexing.searching.earlier import or_earlier
from indexing.searching.facets import FACETS
from indexing.searching.foreign_marks import foreign_matches
from indexing.searching.hints import hints, respelling
from indexing.searching.meaning import either, fused, may_fuse, neighbours, whole
from indexing.searching.named import ResolvedNames, given_names, look_up
from indexing.searching.query import (
    Canonical,
    Query,
    Wanted,
    clauses,
    content,
    limits,
    looser,
    widened,
)
from indexing.searching.results import (
    HIT_FIELDS,
    Hit,
    Results,
    facet_values,
    to_facets,
    to_hits,
)
from indexing.searching.shown import Shower
from indexing.searching.spelling import near_enough, spellings
from indexing.searching.syntax import corrected

_BY_SCORE: list[dict[str, Any]] = [{"_score": "desc"}, *NEWEST_FIRST]
_BY_DATE = [*_BY_SCORE[1:], {"received_at": "desc"}]

#: What is searched, as parameters: ``index`` as it is by now, or ``pit``.
Where = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A query as it is asked: with words respelled (as written -> as asked), and how many."""

    query: Query
    respelled: dict[str, str] = field(default_factory=dict)
    wanted: Wanted = "all"
    given_names: frozenset[str] = frozenset()


class NotOneMoment(Exception):
    """Articles without a story changed while it was asked for them: it needs a point in time.

    ``attempts`` are those that are still to be made, there: which are fruitless is known by now.
    """

    def __init__(self, *attempts: Iterator[_Attempt]) -> None:
        super().__init__()
        self.attempts = chain(*attempts)


@dataclass(frozen=True, slots=True)
class _Further:
    """The hits of a page that have most of the words, and how many there are of them in all."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class SearchExecution:
    """A query whose names have been looked up."""

    client: Elasticsearch
    index: str
    named: ResolvedNames
    canonical: Canonical
    vector: Sequence[float]
    _known_names: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        client: Elasticsearch,
        index: str,
        query: Query,
        canonical: Canonical,
        vector: Sequence[float],
    ) -> SearchExecution:
        named = look_up(client, index, query, canonical)
        return cls(client, index, named, canonical, vector if may_fuse(query) else ())

    def results(
        self,
        where: Where,
        query: Query,
        every_copy: bool,
        attempts: Iterator[_Attempt] | None = None,
    ) -> Results:
        """Raises :class:`NotOneMoment` without a ``pit``; ``attempts`` are what that has left."""
        left = attempts or self._attempts(query)
        for attempt in left:
            try:
                clause = self._clause(attempt)
                page = self._page(where, attempt.query, clause, every_copy, alone=True)
                if page.articles:
                    break
            except NotOneMoment:
                raise NotOneMoment(iter([attempt]), left) from None
        try:
            return self._told(where, query, attempt, clause, page, every_copy=every_copy)
        except NotOneMoment:
            raise NotOneMoment(iter([attempt]), left) from None

    def _told(
        self,
        where: Where,
        query: Query,
        attempt: _Attempt,
        clause: dict[str, Any],
        page: Page,
        *,
        every_copy: bool,
    ) -> Results:
        """Tell what an attempt has found, and what else fits on the page."""
        unknown, loosened = self.named.unknown, attempt.wanted != "all" and page.total > 0
        words = attempt.respelled if page.total else {}
        if self.vector:
            _refuse_two_moments(where, page)
            clause, page = self._by_meaning(where, attempt, clause, every_copy)
        shower = self._shower(attempt)
        hits = self._hits(where, shower, clause, page, every_copy, loosened=loosened)
        further = self._further(where, attempt, page, every_copy)
        return Results(
            total=page.total,
            articles=page.articles,
            took_ms=page.took_ms + further.took_ms,
            hits=[*hits, *further.hits],
            facets=to_facets(page.facets),
            facet_values=facet_values(page.facets),
            loosened=loosened,
            further=further.total,
            respelled=words,
            did_you_mean=unknown,
            hints=[
                *(respelling(*pair) for pair in words.items()),
                *hints(query, unknown, page.total, attempt.wanted),
            ],
        )

    def _shower(self, attempt: _Attempt) -> Shower:
        more = widened(attempt.query, self.canonical, attempt.wanted)
        by_meaning = bool(self.vector)
        return Shower.of(attempt.query, self.canonical, attempt.respelled, by_meaning, more)

    def _clause(self, attempt: _Attempt) -> dict[str, Any]:
        asked = self.named.filters, attempt.wanted, self.canonical, attempt.given_names
        clause = clauses(attempt.query, *asked)
        if not attempt.query.all_versions:
            return clause
        kept = limits(attempt.query, self.named.filters, self.canonical)
        return or_earlier(clause, attempt.query.text, kept)

    def _given_names(self, query: Query) -> frozenset[str]:
        if query.text not in self._known_names:
            names = given_names(self.client, self.index, content(query))
            self._known_names[query.text] = names
        return self._known_names[query.text]

    def _further(
        self,
        where: Where,
        attempt: _Attempt,
        page: Page,
        every_copy: bool,
    ) -> _Further:
        """Fill a page that those with all words leave room on by those with most of them.

        Meaning, if it is asked, fills it better; and the newest first are no matter of words.
        """
        query, end = attempt.query, attempt.query.offset + attempt.query.size
        full = page.total >= end or not page.total or query.newest or self.vector
        if full or attempt.wanted != "all" or not looser(query) or not content(query):
            return _Further()
        _refuse_two_moments(where, page)
        most = replace(attempt, wanted="most", given_names=self._given_names(query))
        clause = {"bool": {"must": self._clause(most), "must_not": self._clause(attempt)}}
        rest = replace(
            query,
            offset=max(0, query.offset - page.total),
            size=query.size - len(page.hits),
        )
        more = self._page(where, rest, clause, every_copy, facets={})
        hits = self._hits(where, self._shower(most), clause, more, every_copy, loosened=True)
        return _Further(tuple(hits), more.total, more.took_ms)

    def _attempts(self, query: Query) -> Iterator[_Attempt]:
        """Yield the query, then, if it finds nothing, what may find more of what was meant."""
        yield _Attempt(query)
        words = self._respelled(query)
        if words:
            yield _Attempt(replace(query, text=corrected(query.text, words)), words)
        # What is far from it and finds nothing with the other words was not meant.
        words = near_enough(words)
        meant = replace(query, text=corrected(query.text, words))
        ways = () if self.named.misspelt and not content(meant) else looser(meant)
        names = self._given_names(meant) if ways else frozenset()
        for wanted in ways:
            yield _Attempt(meant, words, wanted, names)

    def _respelled(self, query: Query) -> dict[str, str]:
        """Return the misspelt words with the nearest ones, of equally near ones what finds most.

        Angla is as near to Angola as to Angela: beside Merkel one of them finds more.
        """
        tried = spellings(self.client, self.index, query.text)
        if len(tried) < 2:  # noqa: PLR2004 -- nothing to choose
            return tried[0].words if tried else {}
        finds = self._counts([replace(query, text=corrected(query.text, s.words)) for s in tried])
        best = max(range(len(tried)), key=lambda n: (finds[n] > 0, tried[n].alike, finds[n]))
        return tried[best].words

    def _counts(self, queries: Sequence[Query]) -> list[int]:
        """Return how many articles each query finds."""
        aggs = {
            str(n): {"filter": clauses(query, self.named.filters, canonical=self.canonical)}
            for n, query in enumerate(queries)
        }
        body = {"index": self.index, "size": 0, "track_total_hits": False}
        answer = ask(self.client, **body, aggs=aggs)["aggregations"]
        return [answer[str(n)]["doc_count"] for n in range(len(queries))]

    def _by_meaning(
        self,
        where: Where,
        attempt: _Attempt,
        clause: dict[str, Any],
        every_copy: bool,
    ) -> tuple[dict[str, Any], Page]:
        """Rank anew: what the words found, together with what is nearest in meaning."""
        query = attempt.query
        kept = limits(query, self.named.filters, self.canonical)
        nearest = neighbours(self.client, self.index, where, self.vector, kept)
        clause = either(clause, nearest)
        long = self._page(where, whole(query), clause, every_copy)
        loosened = attempt.wanted != "all"
        return clause, fused(long, nearest, query, loosened=loosened, every_copy=every_copy)

    def _page(
        self,
        where: Where,
        query: Query,
        clause: dict[str, Any],
        every_copy: bool,
        facets: Mapping[str, Any] = FACETS,
        *,
        alone: bool = False,
    ) -> Page:
        """Rank: ids, scores and stories of a page, with counts and facets.

        ``alone``: no other page may be put together with it. The first page brings what it
        shows, too. Later ones ask for all before them, and fusing for a hundred.
        """
        sort = _BY_SCORE if query.text.strip() and not query.newest else _BY_DATE
        body: dict[str, Any] = {
            **where,
            "query": clause,
            "sort": sort,
            "aggs": dict(facets),
            "source": False if query.offset or self.vector else {"includes": list(HIT_FIELDS)},
            "track_total_hits": True,
        }
        if every_copy:
            body |= {"sort": each_with_story(sort), "from_": query.offset, "size": query.size}
            return uncollapsed(ask(self.client, **body), sort)
        # A later page can only be told apart by putting together all before it.
        body["size"] = query.offset + query.size
        answers = [stories_found(lambda asked: ask(self.client, **asked), body)]
        if has_single(answers[0]):
            answers.append(ask(self.client, **of_single(body)))
            if "pit" not in where and not (alone and saw_the_same(*answers)):
                raise NotOneMoment
        return merged(answers, len(sort), query.offset, query.size)

    def _hits(
        self,
        where: Where,
        shower: Shower,
        clause: dict[str, Any],
        page: Page,
        every_copy: bool,
        *,
        loosened: bool,
    ) -> list[Hit]:
        """Fetch what the page shows of each article, with highlights and reasons."""
        if not page.hits:
            return []
        known = {hit["_id"]: hit for hit in page.hits if "_source" in hit}
        more, counts = self._more(where, clause, page, list(known), every_copy=every_copy)
        documents = known | more
        sources = {id_: source_of(document) for id_, document in documents.items()}
        foreign = foreign_matches(self.client, self.index, shower.marker.words, sources)
        shown = {
            id_: shower.shown(source, loosened=loosened, also=foreign.get(id_))
            for id_, source in sources.items()
        }
        hits = to_hits(page.hits, documents, counts, shown)
        return [replace(hit, loosened=loosened) for hit in hits]

    def _more(
        self,
        where: Where,
        clause: dict[str, Any],
        page: Page,
        known: Sequence[str],
        *,
        every_copy: bool,
    ) -> tuple[dict[str, Any], dict[str, int]]:
        """Return the documents of a page that are not ``known``, and the articles by story."""
        ids = [hit["_id"] for hit in page.hits if hit["_id"] not in known]
        copies = page.has_copies and not every_copy
        stories = [story for hit in page.hits if (story := story_of(hit))] if copies else []
        if not ids and not stories:
            return {}, {}
        answer = ask(
            self.client,
            **where,
            query=with_copies(clause, ids, stories),
            size=len(ids),
            track_total_hits=False,
            aggs=by_story(stories),
            source_includes=list(HIT_FIELDS),
        )
        return {hit["_id"]: hit for hit in answer["hits"]["hits"]}, counted(answer)


def _refuse_two_moments(where: Where, page: Page) -> None:
    """Raise :class:`NotOneMoment` where what a page says may be another for its second part."""
    if "pit" not in where and page.has_single:
        raise NotOneMoment
