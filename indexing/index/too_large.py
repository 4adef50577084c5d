"""What Elasticsearch would end of, were it to copy it: it is looked for before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import TooLarge, UsageError
from indexing.index.answers import limited
from indexing.index.faults import translate_errors
from indexing.index.point_in_time import every_hit

#: Documents that are named, of any number.
_NAMED = 10


def refuse_too_large(client: Elasticsearch, index: str, asked: Mapping[str, Any]) -> None:
    """Raise ``UsageError`` where what is ``asked`` for, a part of what is copied, holds such ones.

    Elasticsearch makes no values of what it sends, but of what it copies: so each is read here as
    far as it may go (``answers.py``). A write gets a new number, so that what was looked at is what
    is copied, or is copied as a later part. Raises ``ServiceUnavailable``.
    """
    search = {name: asked[name] for name in ("query", "slice") if name in asked}
    large = list[str]()
    for hits in every_hit(client, index, asked["size"], source=True, **search):
        unread = [hit["_id"] for hit in hits if "_source" not in hit]
        large += [id_ for id_ in unread if _is_too_large(client, index, id_)]
        if len(large) >= _NAMED:
            break
    if large:
        raise UsageError(
            f"Too large to be copied: {', '.join(large)}. Elasticsearch might end of it. Another "
            "program wrote what they hold: delete these documents, and migrate again."
        )


def _is_too_large(client: Elasticsearch, index: str, id_: str) -> bool:
    """By itself; it may have been too much for a moment, or be another by now."""
    try:
        with translate_errors(), limited():
            client.mget(index=index, ids=[id_])
    except TooLarge:
        return True
    with translate_errors():
        client.indices.refresh(index=index)  # what is no more shall not be copied
    return False
