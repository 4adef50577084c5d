"""What is taken for a site's answer: who may send messages may answer with anything."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery

from tests.fakes.parts import FakeContainer
from worker.care.all_sites import QUESTIONS, answer, ask
from worker.care.answers import SHAPES, is_answer
from worker.care.verified import note
from worker.commands import sites

_OK: dict[str, Any] = {"verdict": "All is well.", "files": {"failed": 1}, "to_do": []}
_NO_STATUS: tuple[Any, ...] = (
    *(None, {}, [], _OK | {"verdict": 1}, _OK | {"files": []}),
    *(_OK | {"files": {"failed": "x"}}, _OK | {"to_do": [1]}),
)
_NO_CODES: tuple[Any, ...] = (None, "x", True, -1, 256, 10**400, 0.5)
_NO_FILES: tuple[Any, ...] = (None, [1], [{}], {"a": 1}, "x", [{"path": 1}])
_NO_COUNTS: tuple[Any, ...] = (None, "1", True)
_NO_VERIFIED: tuple[Any, ...] = (None, 1, [], {"at": 1}, {"at": "x", "counts": {"a": "b"}})
_STRANGE: tuple[Any, ...] = (
    *(None, 1, "x", [], {}, {"files": [{"path": "a", "error": "b"}]}),
    *({"status": status, "exit_status": 0} for status in _NO_STATUS),
    *({"status": _OK, "exit_status": code} for code in _NO_CODES),
    *({"files": files} for files in _NO_FILES),
    *({"files": count, "documents": 0} for count in _NO_COUNTS),
    *({"verified": last} for last in _NO_VERIFIED),
)
_TOLD = {
    "status": lambda parts: sites.print_status_of_all(parts, as_json=False),
    "failed": lambda parts: sites.print_failed_of_all(parts, as_json=False),
    "retry": lambda parts: sites.retry_at_all(parts, [], ""),
    "verified": lambda parts: sites.print_verified_of_all(parts, as_json=False),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_s_own_answer_is_one(container: FakeContainer, question: str) -> None:
    assert SHAPES.keys() == QUESTIONS.keys()
    (container.folders.failed / "a.txt").write_text("kein Artikel")
    for _ in range(2):
        assert is_answer(question, json.loads(json.dumps(answer(container, question, {}))))
        note(container, {"no_file": 2})


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_site_that_answers_otherwise_does_not_answer(
    container: FakeContainer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    question: str,
) -> None:
    """The others' answers are told."""
    container.heartbeats.runs("intake", "watch", site="xsite")
    for strange in (*_STRANGE, KeyError("status")):

        def get(strange: Any = strange, **_: object) -> Any:
            if isinstance(strange, Exception):  # as Celery where it is no result at all
                raise strange
            return strange

        monkeypatch.setattr(Celery, "send_task", lambda *_, get=get, **__: SimpleNamespace(get=get))
        assert ask(container, question, {})["xsite"] is None
        assert _TOLD[question](container) == 1
        told = capsys.readouterr()
        assert f"xsite: {sites.SILENT}" in told.out + told.err
