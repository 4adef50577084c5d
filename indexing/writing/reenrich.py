"""What is asked to be read again (``reenrich``): kept beside the index, and no document marked.

A request says which documents, and has a number above all before it. A document notes for which
one it was last read (``enrichment.request``), so no clock is asked, and nothing is written to any
before it is read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from articles.errors import UsageError
from indexing.index import shared_rules
from indexing.index.faults import describe, error_of, translate_errors
from indexing.writing.own_query import is_own

Query = Mapping[str, Any]

#: Which of the documents beside the index holds them.
ID = "reenrich"
_NUMBER = "enrichment.request"
#: A higher number is another program's: the field holds twice as much.
MOST = 2**30
#: A number in a document that is so far above those that were made is another program's.
FAR = 2**20
#: Each open one is asked for with every look, once a second.
MOST_OPEN = 1_000
#: Characters of all that are written: what Python makes of one may take forty times as much.
_LONGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What matches ``query`` and was not read for this ``number`` or a later one is due.

    ``at`` (ISO 8601) is for people alone.
    """

    number: int
    query: Query
    at: str


@dataclass(frozen=True, slots=True)
class Requests:
    """``latest`` is the number of the last that was made; ``open`` are unfinished, latest first."""

    latest: int = 0
    open: tuple[Request, ...] = ()

    @property
    def number(self) -> int:
        """For which whatever is read now is read; 0 where none is open."""
        return self.latest if self.open else 0

    def asked(self, query: Query, at: str, known: int = 0) -> Requests:
        """One more, in the place of any with that query.

        ``known`` is the highest number in the documents: requests may have been lost. Behind the
        last number they begin anew, and none that is open lies ``FAR`` behind: documents get the
        latest.
        """
        number = max(self.latest, known) + 1
        number = number if number <= MOST else 1
        others = (
            replace(request, number=min(max(request.number, number - FAR), number))
            for request in self.open
            if request.query != query
        )
        return Requests(number, (Request(number, query, at), *others))

    def without(self, numbers: Collection[int]) -> Requests:
        """The same when these are finished."""
        left = (request for request in self.open if request.number not in numbers)
        return Requests(self.latest, tuple(left))


def stale(pipelines: Collection[str], everything: bool, only: Query | None = None) -> Query:
    """The query for what other pipelines have read, or for all; of these ``only`` what that finds.

    Until a document is read anew it keeps what was read before.
    """
    wanted = [{"term": {"enrichment.state": "enriched"}}, *([only] if only else [])]
    current = [] if everything else [{"terms": {"enrichment.pipeline": sorted(pipelines)}}]
    return {"bool": {"filter": wanted, "must_not": current}}


def due_by(*requests: Request) -> Query:
    """The query for what any of these still has to have read: what failed meanwhile is done.

    A document that another client wrote with dots in its keys may have two states, and any number:
    ``Stored.is_due`` is true of all that this finds.
    """
    each = [
        {
            "bool": {
                "filter": [{"term": {"enrichment.state": "enriched"}}, request.query],
                "must_not": [
                    {"terms": {"enrichment.state": ["pending", "failed"]}},
                    {"range": {_NUMBER: {"gte": request.number, "lte": request.number + 2 * FAR}}},
                ],
            }
        }
        for request in requests
    ]
    return {"bool": {"should": each, "minimum_should_match": 1}} if each else {"match_none": {}}


def parsed(text: str) -> Requests:
    """Requests as :func:`written` has them. Raises ``UsageError`` where they are none."""
    if len(text) > _LONGEST:
        raise UsageError(f"What is to be read again is another program's: {len(text):,} characters")
    try:
        content = json.loads(text)
        each = content["open"]
        made = (Request(int(one["number"]), dict(one["query"]), str(one["at"])) for one in each)
        requests = Requests(int(content["latest"]), tuple(made))
        own = all(is_own(request.query) for request in requests.open)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise UsageError(f"Another program wrote what is to be read again: {error}") from error
    if not own:
        raise UsageError("Another program wrote what is to be read again: a query of another kind")
    # One above the latest would be due for ever: documents get the latest.
    numbers = [request.number for request in requests.open]
    if not (0 <= requests.latest <= MOST and all(0 < n <= requests.latest for n in numbers)):
        raise UsageError("Another program wrote what is to be read again: numbers that none has")
    if len(requests.open) > MOST_OPEN:
        raise UsageError(f"More than {MOST_OPEN:,} requests to read again: another program's")
    return requests


def written(requests: Requests) -> str:
    """The text that holds them."""
    return json.dumps(asdict(requests))


def read(client: Elasticsearch, index: str) -> Requests:
    """The requests as they are. Raises as all requests do, and as :func:`parsed`."""
    stored = shared_rules.read(client, index, ID)
    return parsed(stored.text) if stored else Requests()


def known(client: Elasticsearch, index: str) -> Requests:
    """The requests to read again; none where they may not be read, or one of them is another's.

    Raises :class:`ServiceUnavailable`.
    """
    try:
        requests = read(client, index)
        if requests.open:
            _count(client, index, _deepest(due_by(*requests.open)))
    except UsageError:
        return Requests()
    return requests


def _deepest(query: Query) -> Query:
    """The same as deep as anybody asks for it: Elasticsearch takes thirty levels, and no more."""
    return {"bool": {"filter": [{"bool": {"should": [query]}}]}}


def ask(client: Elasticsearch, index: str, query: Query, at: str) -> int:
    """Have what matches read again; how many that are. Where there are none, nothing is asked.

    Raises ``ServiceUnavailable`` and ``UsageError``; repeatable.
    """
    if not (count := matching(client, index, query)):
        return 0
    while True:
        stored = shared_rules.read(client, index, ID)
        requests = parsed(stored.text) if stored else Requests()
        asked = requests.asked(query, at, _highest(client, index, requests.latest + FAR))
        if len(asked.open) > MOST_OPEN:
            raise UsageError(f"{MOST_OPEN:,} requests to read again are open: wait for some.")
        if len(text := written(asked)) > _LONGEST:
            raise UsageError("That many requests to read again are open, or long: wait for some.")
        if shared_rules.write(client, index, text, stored, ID):
            return count


def finish(client: Elasticsearch, index: str, numbers: Collection[int]) -> None:
    """Close these, of which nothing is left; where others write meanwhile, the next look does."""
    stored = shared_rules.read(client, index, ID)
    if stored:
        left = parsed(stored.text).without(numbers)
        shared_rules.write(client, index, written(left), stored, ID)


def matching(client: Elasticsearch, index: str, query: Query) -> int:
    """How many documents a query finds, the last written ones too.

    Raises as all requests do, and ``UsageError`` for what is no query.
    """
    with translate_errors():
        client.indices.refresh(index=index)
    return _count(client, index, query)


def _count(client: Elasticsearch, index: str, query: Query) -> int:
    with asks_well():
        return int(client.count(index=index, query=dict(query))["count"])


@contextmanager
def asks_well() -> Iterator[None]:
    """As ``translate_errors``, and ``UsageError`` where Elasticsearch takes it for no query."""
    try:
        with translate_errors():
            yield
    except BadRequestError as error:
        raise UsageError(
            f"What is to be read again cannot be asked for: {describe(error_of(error))}"
        ) from error


def _highest(client: Elasticsearch, index: str, most: int) -> int:
    """The highest number of a document, of those that are no higher than ``most``."""
    highest = {"highest": {"max": {"field": _NUMBER}}}
    with translate_errors():
        answer = client.search(
            index=index,
            query={"range": {_NUMBER: {"lte": most}}},
            size=0,
            aggs=highest,
            allow_partial_search_results=False,
        )
    return int(answer["aggregations"]["highest"]["value"] or 0)
