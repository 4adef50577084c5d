"""The same articles in two indices: Depesche's, and one with the built-in `german` analyzer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from elasticsearch import Elasticsearch

from benchmarks.wikinews import articles, main_format
from extraction.formats.parse import parse as read
from extraction.meaning import Encoder, gist
from extraction.text import Text
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.syntax import parse
from indexing.writing.document import to_document
from indexing.writing.write import create

_SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
_NOW = "2026-01-01T00:00:00+00:00"
_FIELDS = ["headline", "lead", "body"]
_BATCH = 100

Documents = Mapping[str, dict[str, Any]]


def documents(data: Path) -> dict[str, dict[str, Any]]:
    """Return the Wikinews articles and the samples by id, as intake would write them."""
    texts = {article.number: main_format(article).encode() for article in articles(data)}
    texts |= {path.stem: path.read_bytes() for path in sorted(_SEEDS.glob("*.txt"))}
    return {id_: to_document(read(text, f"{id_}.txt"), _NOW, _NOW) for id_, text in texts.items()}


def with_vectors(originals: Documents, encoder: Encoder | None) -> Documents:
    """Return the documents with vectors as enrichment would write them; as they are without."""
    if encoder is None:
        return originals
    vectors = encoder.passages([gist(Text.of(document)) for document in originals.values()])
    pairs = zip(originals.items(), vectors, strict=True)
    return {id_: {**document, "meaning": list(v)} for (id_, document), v in pairs}


def vector_of(text: str, encoder: Encoder | None) -> tuple[float, ...]:
    """Return the vector of a query's words, ``()`` without an encoder or without words."""
    words = parse(text).words
    return encoder.query(words) if encoder and words else ()


@contextmanager
def both(client: Elasticsearch, originals: Documents) -> Iterator[tuple[str, str]]:
    """Index ``originals`` twice; give our alias and the built-in index; delete both at the end."""
    alias = f"relevance-{uuid4().hex}"
    plain = f"{alias}-german"
    try:
        create_index(client, alias)
        _fill(client, alias, list(originals.items()))
        text = {"type": "text", "analyzer": "german"}
        fields = dict.fromkeys(_FIELDS, text)
        client.indices.create(index=plain, mappings={"properties": fields})
        _fill_plain(client, plain, list(originals.items()))
        yield alias, plain
    finally:
        client.indices.delete(index=f"{alias}-v{MAPPING_VERSION},{plain}", ignore_unavailable=True)


def _fill(client: Elasticsearch, alias: str, items: Sequence[tuple[str, dict[str, Any]]]) -> None:
    for start in range(0, len(items), _BATCH):
        fates = create(client, alias, items[start : start + _BATCH])
        if any(fate.result != "created" for fate in fates):
            raise RuntimeError(f"not all was indexed: {fates}")
    client.indices.refresh(index=alias)


def _fill_plain(
    client: Elasticsearch, plain: str, items: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    lines: list[dict[str, Any]] = []
    for id_, document in items:
        texts = {name: document[name] for name in _FIELDS if name in document}
        lines += [{"index": {"_id": id_}}, texts]
    for start in range(0, len(lines), 2 * _BATCH):
        client.bulk(index=plain, operations=lines[start : start + 2 * _BATCH])
    client.indices.refresh(index=plain)


def built_in(client: Elasticsearch, plain: str, text: str, size: int = 10) -> list[str]:
    """Return what the built-in analyzer finds: any of the words, phrases, none of the excluded."""
    terms = parse(text)
    must = [_match(phrase, type="phrase") for phrase in terms.phrases]
    must += [_match(terms.words)] if terms.words else []
    without = [_match(phrase, type="phrase") for phrase in terms.without_phrases]
    without += [_match(word) for word in terms.without_words]
    query = {"bool": {"must": must, "must_not": without}}
    hits = client.search(index=plain, query=query, size=size, source=False)["hits"]["hits"]
    return [hit["_id"] for hit in hits]


def _match(text: str, **more: Any) -> dict[str, Any]:
    return {"multi_match": {"query": text, "fields": _FIELDS, **more}}
