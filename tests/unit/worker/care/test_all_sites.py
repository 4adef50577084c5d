"""What a site answers of its own folder, and how the answers of all are told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from articles.errors import UsageError
from tests.fakes.parts import FakeContainer
from worker.care.all_sites import Answer, _others, answer
from worker.care.verified import NAME, last, note
from worker.commands import sites

REFUSED = {"path": "a.txt", "error": "no headline", "stage": "parse"}


def status(verdict: str, code: int) -> Answer:
    about = {"verdict": verdict, "to_do": ["`depesche failed`"], "files": {"failed": 1}}
    return {"status": about, "exit_status": code}


def of_all(monkeypatch: pytest.MonkeyPatch, **answers: Answer | None) -> None:
    monkeypatch.setattr(sites, "ask", lambda *_: answers)


def test_each_question_is_answered_with_plain_data(container: FakeContainer) -> None:
    said = answer(container, "status", {})
    assert said["exit_status"] == 0
    assert json.loads(json.dumps(said))["status"]["places"]["site"] == container.names.site
    (container.folders.failed / "a.txt").write_text("kein Artikel")
    (file,) = answer(container, "failed", {})["files"]
    assert file["path"] == "a.txt"
    assert answer(container, "retry", {"paths": ["b"], "reason": ""})["files"] == 0
    assert answer(container, "retry", {})["files"] == 1
    with pytest.raises(UsageError, match="no answer to 'more'"):
        answer(container, "more", {})


def test_the_others_are_those_that_were_seen_lately(container: FakeContainer) -> None:
    forged = ("", "*", "a/b", "\x1b[2J", "\ud800", "x" * 9_000)
    for site in ("bremen", "kiel", *forged, container.names.site):
        container.heartbeats.runs("intake", "watch", site=site)
    container.heartbeats.runs("enrich", site="an enriching host is no site")
    assert _others(container) == ["bremen", "kiel"]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"a": status("All is well.", 0)}, 0),
        ({"a": status("All is well.", 0), "b": status("Waiting.", 1)}, 1),
        ({"a": status("All is well.", 0), "b": None}, 1),
    ],
)
def test_the_status_of_all_is_the_worst(
    answers: dict[str, Any],
    code: int,
    container: FakeContainer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    of_all(monkeypatch, **answers)
    assert sites.print_status_of_all(container, as_json=False) == code
    told = capsys.readouterr().out
    for site, said in answers.items():
        assert f"{site}: {said['status']['verdict'] if said else sites.SILENT}" in told
    assert sites.print_status_of_all(container, as_json=True) == code
    assert json.loads(capsys.readouterr().out).keys() == answers.keys()


def test_what_failed_is_told_by_site(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of_all(monkeypatch, a={"files": [REFUSED]}, b={"files": []})
    assert sites.print_failed_of_all(container, as_json=False) == 1
    told = capsys.readouterr().out
    assert "a: 1 file\n    a.txt  parse: no headline\nb: 0 files\n" in told
    of_all(monkeypatch, a={"files": []})
    assert sites.print_failed_of_all(container, as_json=False) == 0


def test_what_is_named_and_nowhere_is_no_success(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing, one = {"files": 0, "documents": 0}, {"files": 1, "documents": 0}
    of_all(monkeypatch, a=nothing, b=one)
    assert sites.retry_at_all(container, ["x.txt"], "") == 0
    of_all(monkeypatch, a=nothing, b=nothing)
    assert sites.retry_at_all(container, ["x.txt"], "") == 1
    assert sites.retry_at_all(container, [], "") == 0
    of_all(monkeypatch, a=nothing, b=None)
    assert sites.retry_at_all(container, [], "") == 1


def test_what_each_site_s_last_verify_has_left(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(container, "verified", {}) == {"verified": {}}
    note(container, {"no_file": 2})
    said = json.loads(json.dumps(answer(container, "verified", {})))
    assert said["verified"]["counts"] == {"no_file": 2}
    well = {"verified": {"at": "2026-01-01T00:00:00Z", "counts": {}}}
    for answers, code in (
        ({"a": well}, 0),
        ({"a": well, "b": said}, 1),
        ({"a": {"verified": {}}}, 1),
        ({"a": None}, 1),
    ):
        of_all(monkeypatch, **answers)
        assert sites.print_verified_of_all(container, as_json=True) == code
        assert json.loads(capsys.readouterr().out).keys() == answers.keys()
    of_all(monkeypatch, a=well, b=said, c={"verified": {}}, d=None)
    sites.print_verified_of_all(container, as_json=False)
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(", ")[2] for line in told[:2]] == ["all was well", "2 no_file"]
    assert ["never verified" in line or sites.SILENT in line for line in told[2:]] == [True, True]
    (container.folders.data / NAME).write_text("[]")
    assert last(container) == {}
