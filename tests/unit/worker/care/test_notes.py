"""What other rooms tell goes into ``status`` a line each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from articles.errors import ServiceUnavailable
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care import status as standing
from worker.care.note import Note
from worker.care.notes import gather
from worker.commands.standing import print_status
from worker.container import Container


def told(container: Container) -> Iterator[Note]:
    names = tuple(f"{number}.txt" for number in range(7))
    yield Note("odd", "Odd files", "Look at them", names)


def what_cannot_look(container: Container) -> Iterator[Note]:
    raise ServiceUnavailable("it is away")


def test_one_that_cannot_look_costs_no_other_its_part(container: FakeContainer) -> None:
    notes = list(gather(container, [what_cannot_look, told]))
    assert [note.kind for note in notes] == ["not_known", "odd"]
    assert notes[0].text == "what cannot look: it is away"


def test_notes_are_printed_and_what_to_do_is_among_what_to_do(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(standing, "OF_DISK", (told,))
    status = standing.read(container)
    assert status.to_do == ["Look at them"]
    print_status(status)
    said = capsys.readouterr().out
    assert "Odd files (0.txt, 1.txt, 2.txt, 3.txt, 4.txt, … 2 more (--json))" in said
    assert status.as_dict()["notes"][0]["items"][-1] == "6.txt"


def test_the_index_is_asked_only_where_it_answers(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "OF_INDEX", (told,))
    monkeypatch.setattr(standing, "OF_DISK", ())
    assert [note.kind for note in standing.read(container).notes] == ["odd"]
    fake.go_away()
    assert standing.read(container).notes == []
