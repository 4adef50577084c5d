"""What a worker's main loop says of itself, and how its children tell it what they wait for."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from articles.errors import ServiceUnavailable
from worker.heartbeat.shared import SharedWord
from worker.intake.fates import ItemFate
from worker.intake.senders import Senders
from worker.processes import consumer
from worker.processes.telling import TellingEnrich, TellingIntake

WAITS = ItemFate("a.txt", "waiting", "", "Elasticsearch does not answer")
DONE = ItemFate("b.txt", "indexed", "t-1")


class Work:
    """Senders with these fates."""

    def __init__(self, *fates: ItemFate) -> None:
        self.fates = list(fates)

    def batch(self, name: str, *, before_others: bool = False) -> list[ItemFate]:
        return self.fates

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        return [{"path": f.path, "fate": f.fate, "reason": f.reason} for f in self.fates]

    def article(self, parts: dict[str, Any]) -> dict[str, Any]:
        return self.files(())[0]


def senders(*fates: ItemFate) -> Senders:
    return cast("Senders", Work(*fates))


def test_intake_tells_what_waits_until_something_is_done() -> None:
    word = SharedWord()
    TellingIntake(senders(DONE, WAITS), word).batch("b")
    assert word.heard() == "Elasticsearch does not answer"
    TellingIntake(senders(), word).batch("gone")
    assert word.heard(), "an empty batch tells nothing"
    TellingIntake(senders(DONE), word).files(["b.txt"])
    assert word.heard() == ""
    TellingIntake(senders(WAITS), word).article({"headline": "Titel"})
    assert word.heard()


def test_enrichment_tells_what_waits_until_something_is_done() -> None:
    class Enricher:
        away = True

        def documents(self, ids: Sequence[str], careful: bool, request: int) -> object:
            if self.away:
                raise ServiceUnavailable("Elasticsearch does not answer")
            return len(ids)

    word, enricher = SharedWord(), Enricher()
    telling = TellingEnrich(enricher, word)
    with pytest.raises(ServiceUnavailable):
        telling.documents(["t-1"], careful=False, request=0)
    assert word.heard() == "Elasticsearch does not answer"
    enricher.away = False
    assert telling.documents(["t-1"], careful=False, request=0) == 1
    assert word.heard() == ""


def test_a_worker_says_how_much_it_has_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    assert consumer._doing("") == ("idle", "")
    monkeypatch.setattr(consumer, "time", SimpleNamespace(time=lambda: 1000.0))
    requests = [SimpleNamespace(time_start=start) for start in (966.0, 990.0, None)]
    monkeypatch.setattr(consumer, "active_requests", requests)
    assert consumer._doing("") == ("works", "3 messages, for 34 s")
    assert consumer._doing("Elasticsearch is away") == ("waits", "Elasticsearch is away")
