"""Searching the archive.

>>> from indexing.connect import connect
>>> from indexing.search import Query, search
>>> client = connect("http://localhost:9200")
>>> results = search(client, "articles", Query("Verträge", people=("Putin",)))  # doctest: +SKIP
>>> results.total, results.hits[0].headline, results.facets["people"]  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from indexing.ask import ask, moment
from indexing.collapse import (
    Page,
    counted,
    counting,
    has_single,
    merged,
    of_single,
    of_stories,
    story_of,
    uncollapsed,
)
from indexing.faults import translate_errors
from indexing.hints import hints, respelling
from indexing.meaning import either, fused, may_fuse, neighbours, whole
from indexing.named import Named, look_up
from indexing.query import (
    DEEPEST,
    FACETS,
    Canonical,
    Query,
    as_written,
    check,
    clauses,
    highlighting,
    limits,
    may_loosen,
)
from indexing.results import (
    HIT_FIELDS,
    Bucket,
    Hit,
    Nearest,
    Results,
    Unknown,
    to_facets,
    to_hits,
)
from indexing.spelling import corrected, respelled

__all__ = ["Bucket", "Hit", "Nearest", "Query", "Results", "Unknown", "get", "pages", "search"]

_BY_SCORE = [{"_score": "desc"}, {"published": {"order": "desc", "missing": "_last"}}]
_BY_DATE = [*_BY_SCORE[1:], {"received_at": "desc"}]
_TAGS = ("<em>", "</em>")


def search(
    client: Elasticsearch,
    index: str,
    query: Query,
    tags: tuple[str, str] = _TAGS,
    *,
    every_copy: bool = False,
    canonical: Canonical = as_written,
    vector: Sequence[float] = (),
) -> Results:
    """Find articles; best first with a text, latest first without.

    Of each story the best article is a hit and tells how many copies it has; with ``every_copy``
    all are hits. Where nothing is found, words that no article has are taken for misspelt, and
    of three or more words most are enough. ``tags`` stand before and after each match in the
    highlights, whose text is not escaped. ``canonical`` gives the name under which the archive
    has a name of an index field (``people``), for the name filters. With the query's ``vector``
    what is nearest in meaning is found too. Facets count all articles found.

    Raises :class:`Misuse` for a query that cannot be, with a sentence that says why, and
    :class:`ServiceAway`.
    """
    check(query)
    with moment(client, index) as pit:
        asked = _Asked.of(client, index, query, canonical, vector)
        return asked.results(pit, query, tags, every_copy)


def pages(
    client: Elasticsearch,
    index: str,
    query: Query,
    tags: tuple[str, str] = _TAGS,
    *,
    every_copy: bool = False,
    canonical: Canonical = as_written,
    vector: Sequence[float] = (),
) -> Generator[Results, None, None]:
    """Yield one page of ``query.size`` after the other, from ``query.offset`` on.

    All are from one point in time: articles that come or change meanwhile neither shift nor
    repeat a hit. They end after 10,000 hits; ``indexing.export`` has no end. Where nothing is
    found there is one page, which says so. Close the generator to free what Elasticsearch holds.
    Raises as :func:`search`, and ``ServiceAway`` where more than five minutes pass between pages.
    """
    check(query)
    with moment(client, index) as pit:
        asked = _Asked.of(client, index, query, canonical, vector)
        for offset in range(query.offset, DEEPEST, query.size or DEEPEST):
            part = replace(query, offset=offset, size=min(query.size, DEEPEST - offset))
            results = asked.results(pit, part, tags, every_copy)
            if results.hits or offset == query.offset:
                yield results
            if len(results.hits) < max(query.size, 1):
                return


def get(client: Elasticsearch, index: str, id_: str) -> dict[str, Any] | None:
    """Return the article's document with its ``id``, ``None`` if there is none.

    Raises :class:`ServiceAway` and :class:`Misuse`.
    """
    try:
        with translate_errors():
            answer = client.get(index=index, id=id_)
    except NotFoundError:
        return None
    return {"id": answer["_id"], **answer["_source"]}


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A query as it is asked: with words respelled (as written -> as asked), or loosened."""

    query: Query
    respelled: dict[str, str] = field(default_factory=dict)
    loosened: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query whose names have been looked up."""

    client: Elasticsearch
    index: str
    named: Named
    canonical: Canonical
    vector: Sequence[float]

    @classmethod
    def of(
        cls,
        client: Elasticsearch,
        index: str,
        query: Query,
        canonical: Canonical,
        vector: Sequence[float],
    ) -> _Asked:
        named = look_up(client, index, query, canonical)
        return cls(client, index, named, canonical, vector if may_fuse(query) else ())

    def results(
        self, pit: dict[str, str], query: Query, tags: tuple[str, str], every_copy: bool
    ) -> Results:
        for attempt in self._attempts(query):
            clause = clauses(attempt.query, self.named.filters, attempt.loosened, self.canonical)
            page = self._page(pit, attempt.query, clause, every_copy)
            if page.articles:
                break
        unknown, loosened = self.named.unknown, attempt.loosened and page.total > 0
        words = attempt.respelled if page.total else {}
        if self.vector:
            clause, page = self._by_meaning(pit, attempt, clause, every_copy)
        return Results(
            total=page.total,
            articles=page.articles,
            took_ms=page.took_ms,
            hits=self._hits(pit, attempt.query, clause, page, tags, every_copy),
            facets=to_facets(page.facets),
            loosened=loosened,
            respelled=words,
            did_you_mean=unknown,
            hints=[
                *(respelling(*pair) for pair in words.items()),
                *hints(query, unknown, page.total, loosened=loosened),
            ],
        )

    def _attempts(self, query: Query) -> Iterator[_Attempt]:
        """Yield the query, then, if it finds nothing, what may find more of what was meant."""
        yield _Attempt(query)
        words = respelled(self.client, self.index, query.text)
        meant = replace(query, text=corrected(query.text, words))
        if words:
            yield _Attempt(meant, words)
        if may_loosen(query):
            yield _Attempt(meant, words, loosened=True)

    def _by_meaning(
        self,
        pit: dict[str, str],
        attempt: _Attempt,
        clause: dict[str, Any],
        every_copy: bool,
    ) -> tuple[dict[str, Any], Page]:
        """Rank anew: what the words found, together with what is nearest in meaning."""
        query = attempt.query
        kept = limits(query, self.named.filters, self.canonical)
        nearest = neighbours(self.client, self.index, pit, self.vector, kept)
        clause = either(clause, nearest)
        long = self._page(pit, whole(query), clause, every_copy)
        return clause, fused(long, nearest, query, loosened=attempt.loosened, every_copy=every_copy)

    def _page(
        self, pit: dict[str, str], query: Query, clause: dict[str, Any], every_copy: bool
    ) -> Page:
        """Rank: ids, scores and stories of a page, with counts and facets."""
        sort = _BY_SCORE if query.text.strip() else _BY_DATE
        body: dict[str, Any] = {
            "pit": pit,
            "query": clause,
            "sort": sort,
            "aggs": FACETS,
            "source": False,
            "track_total_hits": True,
            "docvalue_fields": ["story"],
        }
        if every_copy:
            return uncollapsed(ask(self.client, **body, from_=query.offset, size=query.size))
        # A later page can only be told apart by putting together all before it.
        body["size"] = query.offset + query.size
        answers = [ask(self.client, **of_stories(body))]
        if has_single(answers[0]):
            answers.append(ask(self.client, **of_single(body)))
        return merged(answers, len(sort), query.offset, query.size)

    def _hits(
        self,
        pit: dict[str, str],
        query: Query,
        clause: dict[str, Any],
        page: Page,
        tags: tuple[str, str],
        every_copy: bool,
    ) -> list[Hit]:
        """Fetch what the page shows of each article, with highlights."""
        if not page.hits:
            return []
        stories = [] if every_copy else [story for hit in page.hits if (story := story_of(hit))]
        ids = [hit["_id"] for hit in page.hits]
        answer = ask(
            self.client,
            pit=pit,
            query={"ids": {"values": ids}},
            aggs={"copies": counting(clause, stories)} if stories else {},
            source_includes=list(HIT_FIELDS),
            highlight=highlighting(query.text, *tags),
            size=len(ids),
            track_total_hits=False,
        )
        documents = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
        counts = counted(answer["aggregations"]["copies"]) if stories else {}
        return to_hits(page.hits, documents, counts, tags)
