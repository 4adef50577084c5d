"""Articles are read anew from their bytes; what differs becomes a version, and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from articles.article import Article
from articles.errors import Unreadable
from extraction.formats import parse as parsing
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run
from worker.care import reparse as care
from worker.care.compared import Compared
from worker.care.correct import correct, finish
from worker.care.reparse import Reparsed, found, reparse
from worker.care.verify import verify
from worker.spool import deposit

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nDer Rat von Bremen berät.\n\nVon Karsten Holm"


def packed(*numbers: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number in numbers:
            archive.writestr(f"{number}.txt", TEXT.format(number))
    return data.getvalue()


@pytest.fixture
def ids(container: FakeContainer) -> list[str]:
    """Three articles, two of them from a ZIP."""
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(TEXT.format(1).encode()), "a.txt")
        deposit.put(batch, io.BytesIO(packed(2, 3)), "z.zip")
    container.intake.batch(batch.name)
    for left in container.spool.batches():
        container.intake.batch(left.name)
    container.client.indices.refresh(index=container.settings.index)
    return sorted(hit["_id"] for hit in _hits(container))


def _hits(container: FakeContainer) -> Iterator[dict[str, Any]]:
    yield from container.client.search(index=container.settings.index, size=10)["hits"]["hits"]


def read(
    container: FakeContainer, query: str = "", *, dry_run: bool = False
) -> dict[str, Reparsed]:
    told = reparse(container, found(container, query)[0], dry_run=dry_run)
    return {one.path: one for one in told}


@pytest.fixture
def other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the last paragraph is read as the byline of articles with an even number."""

    def otherwise(data: bytes, path: str, **more: Any) -> Article:
        text = data.decode()
        if "Bericht 2" in text:
            text = text.replace("\n\nVon Karsten Holm", "\n\nKarsten Holm schreibt das.")
        if "Bericht 3" in text:
            raise Unreadable("it is no article any more", "")
        return parsing.parse(text.encode(), path, **more)

    monkeypatch.setattr(care, "parse", otherwise)


def test_read_as_before_nothing_is_written(
    container: FakeContainer, fake: FakeElasticsearch, ids: list[str]
) -> None:
    before = {id_: fake.source(id_) for id_ in ids}
    assert {one.fate for one in read(container).values()} == {"same"}
    assert len(before) == 3
    assert {id_: fake.source(id_) for id_ in ids} == before


@pytest.mark.usefixtures("other_rules")
def test_what_is_read_otherwise_is_a_version_in_a_container_too(
    container: FakeContainer, fake: FakeElasticsearch, ids: list[str]
) -> None:
    before = {id_: fake.source(id_) for id_ in ids}
    dry = read(container, dry_run=True)
    assert {path: one.fate for path, one in dry.items()} == {
        "a.txt": "same",
        "z.zip/2.txt": "reparsed",
        "z.zip/3.txt": "unreadable",
    }
    assert {id_: fake.source(id_) for id_ in ids} == before, "a dry run writes nothing"
    correct(container, dry["z.zip/2.txt"].id, {"published": ["2024-05"]}, "desk")
    finish(container)
    one = read(container, "Bericht")["z.zip/2.txt"]
    document = fake.source(one.id)
    assert (document["version"], bool(document["reparsed"])) == (2, True)
    assert "Karsten Holm schreibt das." in document["body"]
    assert document["published"] == "2024-05"
    assert container.publisher.documents[-1] == ([one.id], False)
    assert read(container)["z.zip/2.txt"].fate == "same"
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {}


@pytest.mark.usefixtures("other_rules", "ids")
def test_the_command_counts_shows_and_lists(run: Run) -> None:
    said = run("reparse", "--dry-run", "--diff")
    assert said.status == 1
    assert "3 articles read: " in said.out
    assert "1 reparsed" in said.out
    assert "nothing written (--dry-run)" in said.out
    assert "{+ schreibt das.+}" in said.out
    assert "it is no article any more" in said.err
    done = run("reparse", "--json").json
    assert done["counts"] == {"same": 1, "reparsed": 1, "unreadable": 1}
    (one,) = (one for one in done["articles"] if one["fate"] == "reparsed")
    assert "body" in one["changed"]
    listed = run("show", one["id"], "--versions").out
    assert "(reparsed)" in listed
    assert "Von Karsten Holm" in str(run("show", one["id"], "--version", "1", "--json").json)
    assert "reparsed" in run("where", one["id"]).out


def test_a_file_that_is_gone_is_said(container: FakeContainer, ids: list[str]) -> None:
    assert len(ids) == 3
    (container.folders.archive / "a.txt").unlink()
    assert read(container)["a.txt"].fate == "no_file"


def test_a_file_that_cannot_be_read_is_not_said_to_be_gone(
    container: FakeContainer, ids: list[str], leased: Callable[[Path], Callable[[], None]]
) -> None:
    assert ids
    leased(container.folders.archive / "a.txt")
    told = read(container)["a.txt"]
    assert told.fate == "unreadable"
    assert "a.txt cannot be read" in told.why


@pytest.mark.parametrize("path", ["press/\\ud800", "press/\\x00", "press/../a.txt"])
def test_a_mirror_s_path_that_no_file_has_keeps_no_other_article(
    container: FakeContainer, ids: list[str], tmp_path: Path, path: str
) -> None:
    (tmp_path / "press").mkdir()
    container.mirrors.add(tmp_path / "press")
    source = {"path": path, "sha256": "0" * 64}
    container.client.update(index="articles", id=ids[0], doc={"source": source})
    told = read(container)
    assert len(told) == 3
    assert told[path].fate == "no_file"


@pytest.mark.parametrize("received", ["2024", "2024-06-19", "9999-12-31", "0001-01-01T00:00+14:00"])
def test_a_time_as_others_write_it_ends_no_reading(
    run: Run, container: FakeContainer, ids: list[str], received: str
) -> None:
    """Elasticsearch takes a year alone, and what has no zone."""
    container.client.update(
        index=container.settings.index, id=ids[0], doc={"received_at": received}, refresh=True
    )
    assert {one.fate for one in read(container).values()} == {"same"}
    assert run("show", ids[0], "--version", "1", "--json").json["headline"]
