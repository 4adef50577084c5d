"""The same articles in three indices: Depesche's, and two with built-in analyzers."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from elasticsearch import Elasticsearch

from benchmarks import news_gold
from benchmarks.samples import text_of
from benchmarks.wikinews import articles, main_format
from depesche.canonical import CanonicalNames
from extraction.formats.parse import parse as read
from extraction.meaning import Encoder, gist
from extraction.tagging import pipeline
from extraction.text import Text
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.query import Canonical
from indexing.searching.syntax import parse
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.write import create

_SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
_NOW = "2026-01-01T00:00:00+00:00"
_NEWSPAPER = Path("search") / "gnad-test-1003.tar.xz"
#: Elasticsearch's own analyzers, any of the words being enough.
RIVALS = ("german", "standard")
_FIELDS = ["headline", "lead", "body"]
_BATCH = 100

Documents = Mapping[str, dict[str, Any]]


def documents(data: Path) -> dict[str, dict[str, Any]]:
    """Return the Wikinews articles and the samples by id, as intake would write them."""
    texts = {article.number: main_format(article).encode() for article in articles(data)}
    texts |= {path.stem: path.read_bytes() for path in sorted(_SEEDS.glob("*.txt"))}
    return {id_: to_document(read(text, f"{id_}.txt"), _NOW, _NOW) for id_, text in texts.items()}


@cache
def newspaper(data: Path) -> dict[str, dict[str, Any]]:
    """Return the articles of 10kGNAD's test part (Schabus, Skowron, Trapp 2017) with their names.

    They are read by the shipped model, which takes a minute. Raises ``FileNotFoundError``.
    """
    with tarfile.open(data / _NEWSPAPER) as archive:
        files = [(member.name, archive.extractfile(member)) for member in archive.getmembers()]
        return _enriched({Path(name).stem: file.read() for name, file in files if file is not None})


def wikinews(data: Path) -> dict[str, dict[str, Any]]:
    """Return the Wikinews articles with their names, which takes a minute."""
    return _enriched({a.number: main_format(a).encode() for a in articles(data)})


@cache
def news(data: Path) -> dict[str, dict[str, Any]]:
    """Return the annotated news articles, Wikinews and written ones, with the names found."""
    return _enriched({article.stem: article.text.encode() for article in news_gold.articles(data)})


@cache
def shipped_names() -> Canonical:
    """Return what gives a name its form in the archive by the rules that everybody has."""
    return CanonicalNames(Path(os.devnull)).current()


def _enriched(texts: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    parsed = {id_: read(text, f"{id_}.txt") for id_, text in texts.items()}
    enriched = pipeline.read(pipeline.load(), map(text_of, parsed.values()))
    return {
        id_: to_document(article, _NOW, _NOW) | enrichment_fields(enrichment, "", _NOW)
        for (id_, article), enrichment in zip(parsed.items(), enriched, strict=True)
    }


def with_vectors(originals: Documents, encoder: Encoder | None) -> Documents:
    """Return the documents with vectors as enrichment would write them; as they are without."""
    if encoder is None:
        return originals
    vectors = encoder.passages([gist(Text.of(document)) for document in originals.values()])
    pairs = zip(originals.items(), vectors, strict=True)
    return {id_: {**document, "meaning": list(v)} for (id_, document), v in pairs}


def vector_of(text: str, encoder: Encoder | None) -> tuple[float, ...]:
    """Return the vector of a query's words, ``()`` without an encoder or without words."""
    words = parse(text, as_written=True).words
    return encoder.query(words) if encoder and words else ()


@contextmanager
def indexed(client: Elasticsearch, originals: Documents) -> Iterator[tuple[str, dict[str, str]]]:
    """Index ``originals``; give our alias and the rivals' indices by analyzer; delete all then."""
    alias = f"relevance-{uuid4().hex}"
    plain = {analyzer: f"{alias}-{analyzer}" for analyzer in RIVALS}
    try:
        create_index(client, alias)
        _fill(client, alias, list(originals.items()))
        for analyzer, index in plain.items():
            fields = {key: {"type": "text", "analyzer": analyzer} for key in _FIELDS}
            client.indices.create(index=index, mappings={"properties": fields})
            _fill_plain(client, index, list(originals.items()))
        yield alias, plain
    finally:
        names = ",".join([f"{alias}-v{MAPPING_VERSION}", *plain.values()])
        client.indices.delete(index=names, ignore_unavailable=True)


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
    """Return what a built-in analyzer finds: any of the words, phrases, none of the excluded.

    Names are words here, since there is nothing else to ask for them.
    """
    terms = parse(text, as_written=True)
    must = [_match(phrase, type="phrase") for phrase in terms.phrases]
    words = " ".join([terms.words, *(name for _, name in terms.names)]).strip()
    must += [_match(words)] if words else []
    without = [_match(phrase, type="phrase") for phrase in terms.without_phrases]
    without += [_match(word) for word in terms.without_words]
    query = {"bool": {"must": must, "must_not": without}}
    hits = client.search(index=plain, query=query, size=size, source=False)["hits"]["hits"]
    return [hit["_id"] for hit in hits]


def _match(text: str, **more: Any) -> dict[str, Any]:
    return {"multi_match": {"query": text, "fields": _FIELDS, **more}}
