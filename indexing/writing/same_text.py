"""Whether a document has the text of an article that comes under its id.

Nothing in a document but its texts can tell: ``source.sha256`` is of the bytes of one file, and an
article may come again in other bytes (another format, other white space, a name of a field more).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from elasticsearch import Elasticsearch

from articles.article import TEXT_FIELDS
from indexing.index.source import source_of
from indexing.writing.by_hand import as_source
from indexing.writing.stored import in_parts


def text_digest(fields: Mapping[str, Any]) -> str:
    """Return a hash of the texts, every run of white space counted as one blank.

    What was set by hand plays no part: the texts are those of the source.
    """
    fields = as_source(fields) if fields.get("by_hand") else fields
    digest = sha256()
    for name in TEXT_FIELDS:
        digest.update(" ".join((fields.get(name) or "").split()).encode("utf-8", "replace"))
        digest.update(b"\x00")
    return digest.hexdigest()


def digests(client: Elasticsearch, index: str, ids: Sequence[str]) -> dict[str, str]:
    """Return the digest of each document that there is now, by id; "" where it cannot be read.

    That is none of any text: another program has made the document too large for an answer.
    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    found = dict[str, str]()
    for part in in_parts(client, index, ids, [*TEXT_FIELDS, "by_hand"]):
        for entry in part.entries:
            found[entry["_id"]] = "" if part.error else text_digest(source_of(entry))
    return found
