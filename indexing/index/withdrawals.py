"""The index beside that of the articles in which all sites say what they have withdrawn.

One document an article, under its id, and no text of it, no headline, no path: what is restored
stays in it and says so, for other sites have to learn that, too.
"""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.shared_rules import make_beside

#: They are kept and never asked for.
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
#: More of what somebody has written is shown, and neither counted nor found.
_WORDS = {"type": "keyword", "ignore_above": 1000}
PROPERTIES: dict[str, dict[str, Any]] = {
    "id": {"type": "keyword"},
    "at": {"type": "date"},
    "reason": _WORDS,
    "who": _WORDS,
    "site": {"type": "keyword"},
    "purged": {"type": "boolean"},
    "restored": {"type": "boolean"},
    "revision": {"type": "long"},
    "told_by": _KEPT,
    "keys": _KEPT,
    "day": _KEPT,
    "minhash": _KEPT,
}


def name(index: str) -> str:
    """The index, of those whose articles are behind the alias ``index``."""
    return f"{index}-withdrawals"


def make(client: Elasticsearch, index: str) -> None:
    """Make it, if it is not there. It needs the right ``create_index``."""
    make_beside(client, name(index), {"dynamic": "strict", "properties": PROPERTIES})
