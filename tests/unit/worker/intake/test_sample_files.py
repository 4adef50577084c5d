"""One small file of each kind that is read ends as docs/formats.md says: seeds/formats.

Which, stands in ``tests/gold/formats.tsv``: the file, its fate, its format, the headlines of what
becomes of it. A new sample is a file and a line there.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.intake.fates import ItemFate

FOLDER = Path(str(files("seeds"))) / "formats"
TABLE = Path(__file__).parents[3] / "gold" / "formats.tsv"
_LARGEST = 20_000


def lines() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, fate, format_, headlines = line.split("\t")
            yield name, fate, format_, tuple(headlines.split(" | "))


EXPECTED = {name: rest for name, *rest in lines()}


@pytest.fixture(scope="module")
def samples() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}


def told(
    container: FakeContainer, fake: FakeElasticsearch, name: str, data: bytes
) -> tuple[ItemFate, list[dict[str, Any]]]:
    """How a sample ends, and the documents that are made of it."""
    with container.spool.filling() as batch:
        (batch.root / name).write_bytes(data)
    (fate,) = container.intake.batch(batch.name)
    ids = [id_ for index in fake.store.indices.values() for id_ in index.documents]
    documents = [fake.source(id_) for id_ in ids]
    return fate, sorted(documents, key=lambda document: str(document["source"]["path"]))


def test_each_sample_is_small_and_has_a_line(samples: dict[str, bytes]) -> None:
    assert set(samples) == set(EXPECTED)
    assert max(map(len, samples.values())) <= _LARGEST


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_ends_as_it_should(
    container: FakeContainer, fake: FakeElasticsearch, samples: dict[str, bytes], name: str
) -> None:
    expected, format_, headlines = EXPECTED[name]
    fate, documents = told(container, fake, name, samples[name])
    assert fate.fate == expected, fate.reason
    assert tuple(document["headline"] for document in documents) == headlines
    failed = [path for path in container.folders.failed.rglob("*") if path.is_file()]
    assert not failed
    if fate.fate == "unpacked":
        assert fate.reason.startswith(f"{format_}: {len(headlines)} indexed")
    else:
        assert [document["source"]["format"] for document in documents] == [format_]
    for document in documents:
        assert document["language"] == "de"
        assert document["body"] or document["lead"]
