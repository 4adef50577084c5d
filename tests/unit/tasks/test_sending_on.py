"""A message of files that another site takes is sent on under its own id, and done nowhere else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest
from celery import Celery

from articles.errors import UsageError
from tasks.broker import connect
from tasks.names import INTAKE_FILES, SITE_ASKED
from tasks.register import register_intake

THERE = "depesche.articles.bremen.intake"


class Work:
    """Says what it was asked for; ``/there/`` lies at another site."""

    def __init__(self) -> None:
        self.did: list[object] = []

    def sends_on(self, paths: Sequence[str], came_from: str) -> str:
        return THERE if paths[0].startswith("/there/") else ""

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        self.did.append(list(paths))
        return [{"path": path} for path in paths]

    def batch(self, name: str, *, before_others: bool = False) -> object:
        return name

    def article(self, parts: dict[str, Any]) -> dict[str, Any]:
        return parts

    def asked(self, question: str, said: dict[str, Any]) -> dict[str, Any]:
        return {question: said}


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def app(work: Work) -> Celery:
    made = connect("redis://127.0.0.1:1")
    register_intake(made, work, 10.0)
    return made


def test_it_is_sent_on_under_its_own_id(
    app: Celery, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(app, "send_task", lambda *args, **options: sent.append((*args, options)))
    done = app.tasks[INTAKE_FILES].apply([["/there/a.txt"]], task_id="eins")
    assert done.state == "IGNORED"
    ((name, args, options),) = sent
    assert (name, args) == (INTAKE_FILES, [["/there/a.txt"]])
    assert (options["task_id"], options["queue"]) == ("eins", THERE)
    assert work.did == []


def test_what_lies_here_is_done_here(app: Celery, work: Work) -> None:
    done = app.tasks[INTAKE_FILES].apply([["/here/a.txt"]])
    assert done.get() == [{"path": "/here/a.txt"}]
    assert work.did == [["/here/a.txt"]]


@pytest.mark.parametrize("said", [None, {}, {"paths": []}, 7, "text"])
def test_a_question_about_the_site_is_answered(app: Celery, said: object) -> None:
    """Also one of a newer release, which says more."""
    answer = app.tasks[SITE_ASKED].apply(["status", said, "more"]).get()
    assert answer == {"status": said if isinstance(said, dict) else {}}


def test_questions_keep_nobody_waiting_for_long(
    app: Celery, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages of 400 bytes stood before everybody's files for a third of a second each."""
    monkeypatch.setattr("tasks.share.IN_ADVANCE", 0.08)
    asked: list[str] = []

    def slowly(question: str, said: dict[str, Any]) -> dict[str, Any]:
        asked.append(question)
        time.sleep(0.05)
        return said

    work.asked = slowly  # type: ignore[method-assign]
    for _ in range(5):
        app.tasks[SITE_ASKED].apply(["status"])
    assert len(asked) == 2


def test_a_question_names_so_many_files_and_no_more(app: Celery) -> None:
    """Each that has failed would be compared with all of them."""
    with pytest.raises(UsageError, match="at most 1,000 names"):
        app.tasks[SITE_ASKED].apply(["retry", {"paths": ["x"] * 1_001}]).get()


@pytest.mark.parametrize(
    "said",
    [
        {"paths": ["x" * 16_385]},
        {"paths": "x" * 16_385},
        {"reason": "x" * 16_385},
        {"paths": [["x" * 100_000]]},
        {"paths": [7]},
    ],
)
def test_nor_are_they_longer_than_any_path(app: Celery, said: object) -> None:
    with pytest.raises(UsageError, match="at most 16,384 characters"):
        app.tasks[SITE_ASKED].apply(["retry", said]).get()


def test_what_a_question_says_beside_texts_is_not_read(app: Celery) -> None:
    """It was taken for a list of names, of any length."""
    said = {"paths": {str(number): 1 for number in range(2_000)}, "reason": "x"}
    answer = app.tasks[SITE_ASKED].apply(["retry", said]).get()
    assert answer == {"retry": {"reason": "x"}}


def test_a_message_that_names_no_files_is_refused_in_words(app: Celery, work: Work) -> None:
    for words in ((), (["/here/a.txt"], 3), ("/here/a.txt",)):
        with pytest.raises(UsageError, match="takes one argument"):
            app.tasks[INTAKE_FILES].apply(words).get()
    with pytest.raises(UsageError, match="takes one argument"):
        app.tasks[INTAKE_FILES].apply(kwargs={"files": ["/here/a.txt"]}).get()
    named = app.tasks[INTAKE_FILES].apply(kwargs={"paths": ["/here/a.txt"]}).get()
    assert named == [{"path": "/here/a.txt"}]
    assert work.did == [["/here/a.txt"]]
