"""The versions of an article, as a person is shown them."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run
from worker.commands.difference import differences, words

FIRST = "Am Dienstag stieg der Pegel in Dessau.\n\nEs blieb trocken."
SECOND = "Am Mittwoch stieg der Pegel in Dessau.\n\nEs blieb trocken."


@pytest.fixture
def corrected(container: FakeContainer) -> FakeContainer:
    """One article with two texts."""
    for body in (FIRST, SECOND):
        with container.spool.filling() as batch:
            content = json.dumps({"headline": "Pegel", "body": body, "id": "7"})
            (batch.root / "a.json").write_text(content)
        container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return container


def test_all_texts_are_listed_and_each_is_shown(run: Run, corrected: FakeContainer) -> None:
    listed = run("show", "s-7", "--versions")
    lines = listed.out.splitlines()
    assert lines[1].startswith("2 (current)")
    assert lines[1].rstrip().endswith("a.json  body")
    assert lines[2].startswith("1 ")
    told = run("show", "s-7", "--versions", "--json").json
    assert [(v["number"], v["current"], v["path"]) for v in told] == [
        (2, True, "a.json"),
        (1, False, "a.json"),
    ]
    assert "Mittwoch" in run("show", "s-7").out
    assert "2, of 2 (--versions)" in run("show", "s-7").out
    assert "Dienstag" in run("show", "s-7", "--version", "1").out
    assert run("show", "s-7", "--version", "1", "--json").json["body"] == FIRST
    assert run("show", "s-7", "--version", "2", "--json").json["body"] == SECOND
    assert "earlier" not in run("show", "s-7", "--json").json


def test_what_was_changed_is_shown_word_by_word(run: Run, corrected: FakeContainer) -> None:
    said = run("show", "s-7", "--diff")
    assert "Am [-Dienstag-]{+Mittwoch+} stieg" in said.out
    assert "trocken" not in said.out
    told = run("show", "s-7", "--diff", "--version", "1", "--json").json
    assert {"kind": "gone", "text": "Dienstag"} in told["body"]
    assert "The texts are the same." in run("show", "s-7", "--diff", "--version", "2").out


def test_what_cannot_be_shown_is_said(run: Run, corrected: FakeContainer) -> None:
    assert "has 1, 2." in run("show", "s-7", "--version", "5").err
    (corrected.folders.archive / "a.json").unlink()
    said = run("show", "s-7", "--version", "1")
    assert (said.status, "is not in" in said.err) == (2, True)


def test_an_article_of_one_text_has_nothing_to_compare(run: Run, ids: dict[str, str]) -> None:
    assert "one version only" in run("show", ids["moskau"], "--diff").err
    assert len(run("show", ids["moskau"], "--versions", "--json").json) == 1


def test_earlier_texts_are_found_only_where_that_is_asked_for(
    run: Run, corrected: FakeContainer, fake: FakeElasticsearch
) -> None:
    assert run("search", "Dienstag").status == 1
    said = run("search", "Dienstag", "--all-versions")
    assert said.out.startswith("1 article")
    assert "in an earlier version" in said.out
    assert run("search", "Mittwoch", "--all-versions", "--json").json["total"] == 1
    assert "earlier" not in run("search", "Mittwoch", "--all-versions").out
    assert run("search", '"Dienstag stieg"', "--all-versions", "--json").json["total"] == 1
    assert run("search", "Dienstag -Pegel", "--all-versions").status == 1


TEXTS = st.text("ab ,\n", max_size=30)


@given(TEXTS, TEXTS)
def test_the_words_of_both_texts_are_there_and_in_order(old: str, new: str) -> None:
    parts = words(old, new)
    assert "".join(part.text for part in parts if part.kind != "new") == old
    assert "".join(part.text for part in parts if part.kind != "gone") == new


def test_fields_that_are_no_texts_are_compared_whole() -> None:
    parts = differences({"byline": ["A", "B"]}, {"byline": ["A"], "published": "2024"})
    assert [part.kind for part in parts["published"]] == ["new", "same"]
    assert "B" in next(part.text for part in parts["byline"] if part.kind == "gone")


def test_words_that_repeat_themselves_take_seconds_at_most() -> None:
    # Each match is of one word, and was looked for among all: minutes for each such paragraph.
    old = "\n\n".join(" ".join(f"a x{at}z{n}" for n in range(700)) for at in range(3))
    new = old.replace("x", "y")
    start = time.process_time()
    parts = differences({"body": old}, {"body": new})["body"]
    assert time.process_time() - start < 30
    for kind, text in (("gone", old), ("new", new)):
        assert "".join(p.text for p in parts if p.kind in (kind, "same")).strip() == text
