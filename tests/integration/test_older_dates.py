"""What 0.1.0 wrote of dates, after a migration: by the days of the place, on a real Elasticsearch.

The script of ``indexing.index.derived`` and ``extraction.formats`` must make the same of a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from extraction.formats.parse import parse
from indexing.index import mapping
from indexing.index.foreign import foreign_texts
from indexing.index.migrate import migrate
from indexing.searching.search import Query, search
from indexing.writing.document import to_document

RECEIVED = "2026-11-28T08:00:00.000000Z"
#: What a file says, and the value that 0.1.0 made of it.
DATES = {
    "2024-05-31T22:30:00Z": "2024-05-31T22:30:00Z",
    "2024-12-31T23:30:00Z": "2024-12-31T23:30:00Z",
    "1850-06-19T12:00:00Z": "1850-06-19T12:00:00Z",
    "2024-06-19": "2024-06-19",
    "2024-06": "2024-06",
    "2024": "2024",
    "1999": "1999",
    "2203-04-01": "2203-04-01",
    "0001-01-01": "0001-01-01",
    "2026-12-10": "2026-12-10",
    "03/04/2024": None,
    "": None,
}
#: What another client may have written, that Elasticsearch takes and no article has.
OF_OTHERS: dict[str, Any] = {
    "received_at": "2024",
    "published": ["2024-06-19", "2024-06-20"],
    "language": ["de", "en"],
    "headline": ["The treaty", "signed"],
    "published_precision": 7,
}
NEW = ("published_day", "date_problem", "shown_at")
FIELDS = ("published", "published_range", "published_day", "published_precision", "shown_at")


@pytest.fixture
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"depesche-test-{uuid4().hex}"
    yield alias
    for name in client.indices.get(index=f"{alias}*"):
        client.indices.delete(index=name)


def _present(written: str) -> dict[str, Any]:
    line = f" date {written} K : H" if written else "H"
    data = f"{line}\n\nEin Text.".encode()
    return to_document(
        parse(data, "a.txt", received=datetime(2026, 11, 28, tzinfo=UTC)), RECEIVED, RECEIVED
    )


def _older(written: str) -> dict[str, Any]:
    """The document as 0.1.0 wrote it."""
    document = _present(written)
    for name in NEW:
        document.pop(name, None)
    if (value := DATES[written]) and "T" in value:
        document |= {"published": value, "published_range": {"gte": value, "lte": value}}
    if written and not value:
        document["source"]["warnings"] = [f"The date {written!r} could not be read."]
    return document


def test_dates_of_an_older_index_become_local(client: Elasticsearch, index: str) -> None:
    old = mapping.mappings()
    kept = {name: field for name, field in old["properties"].items() if name not in NEW}
    about = {**old, "properties": kept, "_meta": {"version": 2, "sha256": "older"}}
    settings = mapping.settings(refresh_interval="-1")
    client.indices.create(
        index=f"{index}-v2",
        settings=settings,
        mappings=about,
        aliases={index: {"is_write_index": True}},
    )
    for written in DATES:
        client.index(index=index, id=written or "none", document=_older(written), refresh=True)

    texts = {"headline": "The treaty", "body": "It was signed.", "language": "en"}
    client.index(index=index, id="english", document=_older("1999") | texts, refresh=True)

    for number, (field, value) in enumerate(OF_OTHERS.items()):
        other = _older("2024-05-31T22:30:00Z") | {field: value}
        client.index(index=index, id=f"other-{number}", document=other, refresh=True)

    assert migrate(client, index, lambda _: None)

    for number, (field, value) in enumerate(OF_OTHERS.items()):
        assert client.get(index=index, id=f"other-{number}")["_source"][field] == value
        client.delete(index=index, id=f"other-{number}", refresh=True)
    english = client.get(index=index, id="english")["_source"]
    assert english["foreign"] == foreign_texts(english)
    assert english["foreign"] == {"en": ["K", "The treaty", "It was signed."]}
    assert "foreign" not in client.get(index=index, id="2024-06")["_source"]
    for written in DATES:
        source = client.get(index=index, id=written or "none")["_source"]
        wanted = _present(written)
        assert {n: source.get(n) for n in FIELDS} == {n: wanted.get(n) for n in FIELDS}
        problem = {"ambiguous": "unreadable"}.get(wanted.get("date_problem") or "")
        assert source.get("date_problem") == (problem or wanted.get("date_problem"))
    found = search(client, index, Query("in:2024-06-01"))
    assert {hit.id for hit in found.hits} == {"2024-05-31T22:30:00Z", "2024-06", "2024"}
    months = search(client, index, Query("in:2025 OR in:2024")).facets["month"]
    assert [(bucket.value, bucket.count) for bucket in months] == [("2025-01", 1), ("2024-06", 3)]
    newest = [hit.id for hit in search(client, index, Query(size=20)).hits]
    assert newest[0] == "2026-12-10"
    assert set(newest[-4:]) == {"2203-04-01", "0001-01-01", "03/04/2024", "none"}

    again = client.get(index=index, id="2024-05-31T22:30:00Z")["_source"]
    assert migrate(client, index, lambda _: None, force=True, zone="Asia/Tokyo")
    assert client.get(index=index, id="2024-05-31T22:30:00Z")["_source"] == again
    instant = datetime.fromisoformat(again["published"])
    assert instant.astimezone(UTC).isoformat() == "2024-05-31T22:30:00+00:00"
