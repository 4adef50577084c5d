"""The front door for Python: what the command line does, with types.

>>> from depesche import Archive, Client, Query
>>> with Archive.from_env() as archive:  # doctest: +SKIP
...     for hit in archive.search(Query("Verträge", people=("Putin",))).hits:
...         print(hit.published, hit.headline)
>>> Client.from_env().ingest_article(headline="Testfall", body="Ein Satz.").get()  # doctest: +SKIP

Importing it imports nothing else: each name is fetched when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.article import (
        Article,
        DateMention,
        Enrichment,
        Location,
        Mention,
        Published,
        Quote,
        Source,
        Version,
    )
    from articles.errors import (
        ArticleFault,
        DepescheError,
        MessageLost,
        Rejected,
        ServiceUnavailable,
        Unreadable,
        UsageError,
    )
    from depesche.archive import Archive
    from depesche.client import Client
    from depesche.export import Export
    from depesche.ingested import ArticleParts, Copied, Item, Receipt
    from depesche.stored import StoredArticle
    from indexing.entities.entity import Entity, Related
    from indexing.entities.entity_quotes import Saying
    from indexing.entities.entity_roles import ObservedRole
    from indexing.entities.ranking import Ranked, Ranking
    from indexing.entities.timeline import Timeline
    from indexing.searching.highlights import Highlight
    from indexing.searching.query import Query
    from indexing.searching.results import Bucket, Hit, Nearest, Results, Unknown
    from indexing.searching.shown import Reason
    from indexing.searching.similar import Alike
    from tasks.settings import Settings

    __version__: str

__all__ = [
    "Alike",
    "Archive",
    "Article",
    "ArticleFault",
    "ArticleParts",
    "Bucket",
    "Client",
    "Copied",
    "DateMention",
    "DepescheError",
    "Enrichment",
    "Entity",
    "Export",
    "Highlight",
    "Hit",
    "Item",
    "Location",
    "Mention",
    "MessageLost",
    "Nearest",
    "ObservedRole",
    "Published",
    "Query",
    "Quote",
    "Ranked",
    "Ranking",
    "Reason",
    "Receipt",
    "Rejected",
    "Related",
    "Results",
    "Saying",
    "ServiceUnavailable",
    "Settings",
    "Source",
    "StoredArticle",
    "Timeline",
    "Unknown",
    "Unreadable",
    "UsageError",
    "Version",
    "__version__",
]

#: Where each name is defined.
_HOMES = {
    "articles.article": (
        *("Article", "DateMention", "Enrichment", "Location"),
        *("Mention", "Published", "Quote", "Source", "Version"),
    ),
    "articles.errors": (
        *("ArticleFault", "DepescheError", "MessageLost", "Rejected"),
        *("ServiceUnavailable", "Unreadable", "UsageError"),
    ),
    "depesche.archive": ("Archive",),
    "depesche.client": ("Client",),
    "depesche.export": ("Export",),
    "depesche.ingested": ("ArticleParts", "Copied", "Item", "Receipt"),
    "depesche.stored": ("StoredArticle",),
    "indexing.entities.entity": ("Entity", "Related"),
    "indexing.entities.entity_quotes": ("Saying",),
    "indexing.entities.entity_roles": ("ObservedRole",),
    "indexing.entities.ranking": ("Ranked", "Ranking"),
    "indexing.entities.timeline": ("Timeline",),
    "indexing.searching.highlights": ("Highlight",),
    "indexing.searching.query": ("Query",),
    "indexing.searching.results": ("Bucket", "Hit", "Nearest", "Results", "Unknown"),
    "indexing.searching.shown": ("Reason",),
    "indexing.searching.similar": ("Alike",),
    "tasks.settings": ("Settings",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("depesche")
    elif name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
