"""``correct``: what it takes, and what it and others say of it."""

from __future__ import annotations

import io
import json

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run
from worker.spool import deposit

TEXT = " date 2024 Amt : Bericht vom Hafen\n\nKarsten Holm war in Bremen."


@pytest.fixture
def id_(container: FakeContainer) -> str:
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(TEXT.encode()), "taz/a.txt")
    (fate,) = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return fate.id


def test_it_is_set_shown_listed_found_and_undone(run: Run, id_: str) -> None:
    said = run(
        "correct", "taz/a.txt", "--published", "2024-06", "--byline", "Anna Kern", "--by", "X"
    )
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0] == f"{id_}  taz/a.txt"
    assert "  published: 2024 → 2024-06" in lines
    assert "  byline: none → Anna Kern" in lines
    shown = run("show", id_).out
    assert "published: 2024-06 (" in shown
    assert ", X; its source says 2024)" in shown
    document = run("show", id_, "--json").json
    assert document["corrected_by_hand"] == ["byline", "published"]
    assert [line["who"] for line in document["by_hand"]] == ["X", "X"]
    assert "published: 2024-06 (by X)" in run("where", id_).out
    listed = run("correct", id_)
    assert "  published by hand since " in listed.out
    found = run("search", "corrected:published", "--json").json
    assert [hit["id"] for hit in found["hits"]] == [id_]
    undone = run("correct", id_, "--undo", "published", "--json").json
    assert [(one["field"], one["value"], one["who"]) for one in undone["settings"]] == [
        ("byline", ["Anna Kern"], "X")
    ]
    assert {"field": "published", "before": "2024-06", "after": "2024"} in undone["changed"]
    assert run("correct", id_, "--undo", "all").out.endswith("Nothing of it is set by hand.\n")


def test_an_article_is_found_by_an_id_that_was_given_to_it(run: Run, id_: str) -> None:
    assert run("correct", id_, "--id", "dpa:7").status == 0
    assert run("show", "s-dpa:7", "--json").json["id"] == id_
    assert "id: s-dpa:7 (" in run("show", id_).out


def test_wrong_use_is_said_and_a_dry_run_does_nothing(
    run: Run, id_: str, fake: FakeElasticsearch
) -> None:
    refused = run("correct", id_, "--published", "04/05/2024")
    assert refused.status == 2
    assert "can be 2024-05-04" in refused.err
    assert run("correct", id_, "--undo", "genre").status == 2
    assert run("correct", "t-nothing", "--kicker", "x").status == 2
    said = run("correct", id_, "--kicker", "", "--dry-run", "--json").json
    assert said["dry_run"] is True
    assert {"field": "kicker", "before": "Amt", "after": None} in said["changed"]
    assert fake.source(id_)["kicker"] == "Amt"


def test_with_elasticsearch_away_behind_the_note_it_says_that_it_comes_later(
    run: Run, id_: str, fake: FakeElasticsearch
) -> None:
    fake.go_away("_bulk")
    said = run("correct", id_, "--kicker", "Bremen", "--json")
    assert (said.status, bool(json.loads(said.out)["left"])) == (1, True)
    assert "the index gets it by itself later" in said.err
