"""What was removed from an index after it had been copied: it goes from the copy, too."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from elasticsearch import Elasticsearch, NotFoundError

from indexing.index.faults import translate_errors
from indexing.index.point_in_time import pages


def follow_removals(client: Elasticsearch, old: str, new: str) -> int:
    """Remove from ``new`` what ``old`` does not hold; how many that were.

    Nothing may write to either meanwhile. It looks at every id: for seldom use. Raises
    ``ServiceUnavailable`` and ``UsageError``.
    """
    gone = 0
    for hits in pages(client, new, {"match_all": {}}):
        for id_ in _missing(client, old, [hit["_id"] for hit in hits]):
            with suppress(NotFoundError), translate_errors():
                client.delete(index=new, id=id_)
            gone += 1
    return gone


def _missing(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[str]:
    with translate_errors():
        answer = client.mget(index=index, ids=list(ids), source=False)
    # One that could not be read must not look like one that is gone.
    return [entry["_id"] for entry in answer["docs"] if entry.get("found") is False]
