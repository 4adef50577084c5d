"""What Prometheus is told: by the parts while they work, and by a look at each scrape."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from billiard.process import current_process
from prometheus_client import CollectorRegistry, values

from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.meter import Meter
from worker.metrics.exporter import PORTS, exported
from worker.metrics.figures import BYTES, Table
from worker.metrics.prometheus_meter import MOST_REASONS, PrometheusMeter
from worker.metrics.server import MOST_CONNECTIONS
from worker.metrics.state_collector import StateCollector


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def meter(registry: CollectorRegistry) -> PrometheusMeter:
    return PrometheusMeter(registry)


def test_articles_are_counted_by_their_fate(
    meter: PrometheusMeter, registry: CollectorRegistry
) -> None:
    meter.articles("indexed")
    meter.articles("claimed", 3)
    counted = {
        fate: registry.get_sample_value("depesche_articles_total", {"fate": fate})
        for fate in ("indexed", "claimed", "failed")
    }
    assert counted == {"indexed": 1.0, "claimed": 3.0, "failed": None}


def test_a_stage_is_timed(meter: PrometheusMeter, registry: CollectorRegistry) -> None:
    with meter.stage("intake.read"):
        pass
    labels = {"stage": "intake.read"}
    assert registry.get_sample_value("depesche_stage_seconds_count", labels) == 1.0


def test_a_delay_is_from_the_claim_on(meter: PrometheusMeter, registry: CollectorRegistry) -> None:
    claimed = datetime.now(UTC) - timedelta(seconds=100)
    meter.delay("indexed", claimed.isoformat())
    meter.delay("indexed", "2999-01-01T00:00:00Z")  # a clock that is wrong
    meter.delay("indexed", "gestern")
    meter.delay("indexed", "2024-01-01T00:00:00")
    labels = {"until": "indexed"}
    assert registry.get_sample_value("depesche_delay_seconds_count", labels) == 2.0
    total = registry.get_sample_value("depesche_delay_seconds_sum", labels)
    assert total == pytest.approx(100, abs=5)


def test_reasons_beyond_what_a_process_keeps_are_others(
    meter: PrometheusMeter, registry: CollectorRegistry
) -> None:
    letters = "abcdefghij"
    reasons = [f"broken {a}{b}" for a in letters for b in letters][: MOST_REASONS + 2]
    for reason in [*reasons, reasons[0]]:
        meter.failed("parse", reason)

    def counted(reason: str) -> float | None:
        labels = {"stage": "parse", "reason": reason}
        return registry.get_sample_value("depesche_failures_total", labels)

    assert [counted(reasons[0]), counted(reasons[-1]), counted("other")] == [2.0, None, 2.0]


def _seen(collector: StateCollector) -> dict[str, dict[str, float]]:
    return {
        family.name: {"/".join(s.labels.values()): s.value for s in family.samples}
        for family in collector.collect()
    }


def test_what_stands_where_is_asked_at_each_look(container: FakeContainer) -> None:
    container.queues.waits["intake"] = 4
    container.heartbeats.runs("enrich")
    now = datetime.now(UTC).isoformat()
    documents = [
        (key, {"indexed_at": now, "enrichment": {"state": state, "at": now}})
        for key, state in {"a": "pending", "b": "enriched", "c": "failed"}.items()
    ]
    list(create(container.client, "articles", documents, refresh=True))
    seen = _seen(StateCollector(container, lambda: 2))
    assert seen["depesche_queue_messages"] == {"intake": 4.0, "enrich": 0.0, "celery": 0.0}
    assert seen["depesche_documents"] == {"pending": 1.0, "enriched": 1.0, "failed": 1.0}
    # They took less than a second: the rate is taken over one. Another is pending since.
    assert seen["depesche_rate"]["indexed"] == 3.0
    assert 1 / 60 < seen["depesche_rate"]["enriched"] <= 1.0
    left = 3 / seen["depesche_rate"]["enriched"]  # one document and two files
    assert seen["depesche_seconds_left"] == {"": pytest.approx(left)}
    assert seen["depesche_workers"] == {"watch": 0.0, "intake": 0.0, "enrich": 1.0}
    assert seen["depesche_inbox_waiting"] == {"": 2.0}
    assert seen["depesche_service_up"] == {"redis": 1.0, "elasticsearch": 1.0}


def test_a_service_that_is_away_costs_its_own_part(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    container.queues.away = True
    fake.go_away()
    with container.spool.filling():
        pass
    seen = _seen(StateCollector(container, lambda: 0))
    assert seen["depesche_service_up"] == {"redis": 0.0, "elasticsearch": 0.0}
    assert seen["depesche_spool_batches"] == {"": 1.0}
    assert not seen.keys() & {"depesche_documents", "depesche_queue_messages"}


def test_without_a_port_nobody_counts(container: FakeContainer) -> None:
    before = container.meter
    with exported(container, "intake"):
        assert container.meter is before
        assert type(container.meter) is Meter


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the exporter sets for its whole process is as before after the test."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)


@pytest.mark.usefixtures("as_before")
def test_a_port_that_is_set_is_served(container: FakeContainer) -> None:
    port = _free_port()
    update = {"metrics_port": port - PORTS["intake"]}
    container.settings = container.settings.model_copy(update=update)
    with exported(container, "intake", waiting=lambda: 7):
        container.meter.articles("indexed", 5)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
    assert 'depesche_articles_total{fate="indexed"} 5.0' in text
    assert "depesche_inbox_waiting 7.0" in text


@pytest.mark.usefixtures("as_before")
def test_a_port_that_is_taken_costs_the_metrics_and_not_the_work(container: FakeContainer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        update = {"metrics_port": taken.getsockname()[1]}
        container.settings = container.settings.model_copy(update=update)
        with exported(container, "watch"):
            container.meter.articles("indexed")


@pytest.fixture
def port(container: FakeContainer) -> int:
    """At which enrichment serves what it counts."""
    port = _free_port()
    update = {"metrics_port": port - PORTS["enrich"], "enrich_processes": 2}
    container.settings = container.settings.model_copy(update=update)
    return port


def _told(port: int) -> set[str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        return set(answer.read().decode().splitlines())


def _in_a_child(index: int, work: Callable[[], None]) -> int:
    """How a fork ends that has this place in the pool."""
    child = os.fork()
    if child == 0:
        current_process().index = index
        try:
            work()
        finally:
            os._exit(sys.exc_info()[0] is not None)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.usefixtures("as_before")
def test_figures_lie_in_no_file_and_those_of_all_forks_are_added_up(
    container: FakeContainer, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in a folder that is cleared up is another's then: his links, and bytes that he takes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with exported(container, "enrich"):
        count = container.meter.articles
        count("enriched")
        assert list(tmp_path.iterdir()) == []
        monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")
        assert _in_a_child(0, lambda: count("enriched", 10)) == 0
        assert _in_a_child(1, lambda: count("failed")) == 0
        assert _in_a_child(0, lambda: count("enriched", 100)) == 0
        container.meter.delay("enriched", datetime.now(UTC).isoformat())
        told = _told(port)
    assert 'depesche_articles_total{fate="enriched"} 111.0' in told
    assert 'depesche_articles_total{fate="failed"} 1.0' in told
    assert 'depesche_delay_seconds_bucket{le="86400.0",until="enriched"} 1.0' in told
    assert 'depesche_delay_seconds_count{until="enriched"} 1.0' in told
    assert "# TYPE depesche_delay_seconds histogram" in told


@pytest.mark.usefixtures("as_before")
def test_a_fork_beyond_those_that_were_foreseen_works_and_is_not_counted(
    container: FakeContainer, port: int
) -> None:
    with exported(container, "enrich"):
        assert _in_a_child(2, lambda: container.meter.articles("enriched")) == 0
        assert not any('fate="enriched"' in line for line in _told(port))


def test_what_a_table_has_no_room_for_is_not_counted_and_the_rest_is() -> None:
    table, key = Table(), "k" * 1_001
    for number in range(2 * BYTES // len(key)):
        table.add(f"{key}{number}", 1)
    table.add(f"{key}0", 1)
    kept = dict(table.figures())
    assert BYTES // (len(key) + 30) <= len(kept) < BYTES // len(key)
    assert (kept[f"{key}0"], kept[f"{key}1"]) == (2.0, 1.0)


@pytest.mark.usefixtures("as_before")
def test_who_connects_and_says_nothing_holds_a_few_threads_alone(container: FakeContainer) -> None:
    port, held = _free_port(), list[socket.socket]()
    container.settings = container.settings.model_copy(update={"metrics_port": port})
    with exported(container, "watch"):
        before = threading.active_count()
        for _ in range(5 * MOST_CONNECTIONS):
            held.append(socket.create_connection(("127.0.0.1", port), timeout=60))
        closed = sum(connection.recv(1) == b"" for connection in held[MOST_CONNECTIONS:])
        assert closed == 4 * MOST_CONNECTIONS
        assert threading.active_count() <= before + MOST_CONNECTIONS
        for connection in held:
            connection.close()
