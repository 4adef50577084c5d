"""What `up` has to say of the index that it finds."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.processes.one_up import Record
from worker.processes.own_index import why_work_waits


def test_an_index_of_an_earlier_release_is_said_with_what_to_do(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    assert why_work_waits(container) == ""
    fake.store.single("articles").mappings["_meta"] = {"version": 1}
    assert "run `depesche index migrate`" in why_work_waits(container)
    fake.go_away()
    assert why_work_waits(container) != ""


def test_who_has_started_it_in_the_background_learns_it(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.write([])
    assert record.waits() == ""
    record.write([], ready=True, waits="run `depesche index migrate`")
    assert (record.is_ready(), record.waits()) == (True, "run `depesche index migrate`")
