"""Whoever reaches Redis may answer for a site: what has another shape is no answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.parts import FakeContainer
from worker.care import all_sites
from worker.care.all_sites import QUESTIONS, answer, ask
from worker.commands import sites

WELL: dict[str, Any] = {
    "status": {
        "status": {"verdict": "All is well.", "files": {"inbox": 0}, "to_do": []},
        "exit_status": 0,
    },
    "failed": {"files": [{"path": "a", "stage": "parse", "error": "b", "times": 1}]},
    "retry": {"files": 1, "documents": 0},
    "verified": {"verified": {"at": "2026-01-01T00:00:00Z", "counts": {"no_file": 1}}},
}
FORGED: list[Any] = [None, [], {}, "x", -1, [[1]], True, 10**400, 1e999, {"a": None}]
COMMANDS: dict[str, Callable[[FakeContainer, bool], int]] = {
    "status": sites.print_status_of_all,
    "failed": sites.print_failed_of_all,
    "verified": sites.print_verified_of_all,
    "retry": lambda container, _: sites.retry_at_all(container, [], ""),
}


def forged(whole: Any) -> list[Any]:
    """The same with another value in each place, without each name, and more deeply nested."""
    made = list(FORGED)
    if isinstance(whole, dict):
        made += [{k: v for k, v in whole.items() if k != name} for name in whole]
        made += [{**whole, name: bad} for name in whole for bad in forged(whole[name])]
        made += [{**whole, "more": bad} for bad in forged(None)]
    elif isinstance(whole, list):
        made += [[bad] for each in whole for bad in forged(each)]
    deep: Any = None
    for _ in range(900):
        deep = [deep]
    return [*made, deep]


class Answers:
    """In the place of Celery's result."""

    def __init__(self, got: Any) -> None:
        self._got = got

    def get(self, **_: Any) -> Any:
        return self._got


@pytest.fixture
def other(container: FakeContainer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has another site answer that."""
    container.heartbeats.runs("intake", site="bremen")
    said: list[Any] = [None]
    monkeypatch.setattr(type(container.app), "send_task", lambda *_, **__: Answers(said[0]))

    def answers(got: Any) -> None:
        said[0] = got

    return answers


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_no_answer_hides_no_other_site(
    question: str,
    container: FakeContainer,
    other: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """14 of 28 ended `status --all-sites` with a traceback, for every site."""
    monkeypatch.setattr(all_sites, "answer", lambda *_: WELL[question])
    for got in forged(WELL[question]):
        other(got)
        for as_json in (False, True):
            assert COMMANDS[question](container, as_json) in {0, 1, 2}, got
            told = capsys.readouterr().out
            if question != "retry":
                assert container.names.site in told
            if as_json and question != "retry":
                json.loads(told, parse_constant=pytest.fail)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_one(question: str, container: FakeContainer, other: Any) -> None:
    for got in (WELL[question], json.loads(json.dumps(answer(container, question, {})))):
        other(got)
        assert ask(container, question, {}, seconds=1.0)["bremen"] == got
