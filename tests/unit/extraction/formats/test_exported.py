"""What was exported and is dropped again is the same article."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from articles.article import Article
from extraction.containers.member import Limits, Opened, Sample
from extraction.containers.registry import kind_of
from extraction.formats.parse import parse
from indexing.searching.export import FIELDS, header, line
from indexing.writing.document import to_document

SAMPLES = sorted(
    path for path in (Path(__file__).parents[4] / "seeds" / "articles").rglob("*") if path.is_file()
)
GIVEN = [
    {"headline": "Mit Id", "body": "Text.", "id": "dpa:7"},
    {"headline": "Mit Adresse", "body": "Text.", "url": "https://dpa.example/7", "agencies": []},
    {"headline": "Mit Zeit", "body": "Text.", "published": "2024-06-19T14:30:00+02:00"},
    {"headline": "Mit Monat", "body": "A\n\nB", "published": "2024-06", "byline": ["A B", "C D"]},
    {
        "headline": "Mit Version",
        "body": "Text.",
        "version": 2,
        "modified": "2024-06-20",
        "subjects": ["Krieg, Frieden", "medtop:16000000"],
        "genre": "Bericht",
        "slugline": "A/B",
    },
    {"headline": "=Formel; „mit“", "body": 'Zeile\nzwei "zitiert"; und, |', "kicker": "-1"},
]
ARTICLES = [parse(path.read_bytes(), path.name) for path in SAMPLES] + [
    parse(json.dumps(given).encode(), "a.json") for given in GIVEN
]
SAME = (
    *("key", "headline", "kicker", "lead", "body", "published", "dateline_places", "agencies"),
    *("byline", "language", "url", "subjects", "slugline", "genre", "modified"),
)


def row(article: Article) -> dict[str, object]:
    document = to_document(article, "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z")
    values: dict[str, object] = {"people": ["Wladimir Putin"], "story": "x", **document}
    told = {name: values.get(name) for name in FIELDS}
    marks = {"id": article.key, "source.path": "a.txt", "enrichment.state": "enriched"}
    return {**told, **marks, "source.version": article.source.version or None}


@pytest.mark.parametrize("kind", ["jsonl", "csv", "excel"])
def test_an_export_comes_back_whole(kind: str) -> None:
    data = (header(kind, FIELDS) + "".join(line(kind, row(a)) for a in ARTICLES)).encode()
    path = f"export.{'jsonl' if kind == 'jsonl' else 'csv'}"
    container = kind_of(Sample(path, data))
    assert container
    members = list(container.members(Opened(path, io.BytesIO(data), Limits())))
    assert len(members) == len(ARTICLES)
    for article, member in zip(ARTICLES, members, strict=True):
        back = parse(member.data, member.name)
        for name in SAME:
            assert getattr(back, name) == getattr(article, name), (article.headline, name)
        assert back.source.version == article.source.version
        assert not [said for said in back.source.warnings if "Unknown" in said]


def test_other_objects_are_read_as_before() -> None:
    article = parse(b'{"headline": "A", "body": "B.", "id": "s-7", "people": []}', "a.json")
    assert article.key == "s-s-7"
    assert article.source.warnings == ("Unknown fields were left out: 'people'.",)
