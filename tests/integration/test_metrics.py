"""Metrics of real processes, read as Prometheus reads them."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.processes import Processes, free_ports, wait_for
from worker.container import Container
from worker.metrics.exporter import PORTS, Process

GOOD = " date 2024-06-19 Probe : Messung\n\nDer Vorspann.\n\nIn Dessau sprach Petra Lindenau."
FILES = 8
Sample = Callable[..., float]


def scrape(port: int) -> Sample:
    """One process's metrics: a function from name and labels to the sum, 0 where there is none."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text
    samples = [s for f in text_string_to_metric_families(text) for s in f.samples]

    def value(name: str, **labels: str) -> float:
        return sum(
            s.value for s in samples if s.name == name and labels.items() <= s.labels.items()
        )

    return value


def test_each_process_says_what_it_did(container: Container, processes: Processes) -> None:
    base = free_ports(len(PORTS))
    processes.start_all(DEPESCHE_METRICS_PORT=str(base), DEPESCHE_ENRICH_PROCESSES="2")

    def of(process: Process) -> Sample:
        return scrape(base + PORTS[process])

    (container.folders.inbox / "good.txt").write_text(GOOD)
    (container.folders.inbox / "bad.txt").write_bytes(b"")
    wait_for(lambda: _enriched(container), "the good one to be enriched")
    wait_for(lambda: of("intake")("depesche_articles_total") == 2, "both to be counted")

    watch, intake, enrich = of("watch"), of("intake"), of("enrich")
    assert watch("depesche_articles_total", fate="claimed") == 2
    assert watch("depesche_documents", state="enriched") == 1
    assert watch("depesche_documents", state="pending") == 0
    assert watch("depesche_service_up") == 2
    assert watch("depesche_seconds_left") == 0
    assert intake("depesche_articles_total", fate="indexed") == 1
    assert intake("depesche_articles_total", fate="failed") == 1
    assert intake("depesche_failures_total", stage="parse") == 1
    assert 0 < intake("depesche_delay_seconds_sum", until="indexed") < 60
    assert enrich("depesche_articles_total", fate="enriched") == 1
    again = {"stage": "enrich.stories_again"}
    wait_for(lambda: of("enrich")("depesche_stage_seconds_count", **again) >= 1, "the second look")
    # On a busy machine two messages may go out for the article; one of them has its write refused.
    for stage in ("fetch", "names", "read", "stories", "write"):
        assert enrich("depesche_stage_seconds_count", stage=f"enrich.{stage}") >= 1


def test_renewed_children_go_on_counting(container: Container, processes: Processes) -> None:
    """In the tables of those before them: a worker that runs for months has no more of them."""
    base = free_ports(len(PORTS))
    for number in range(FILES):
        text = GOOD.replace("Messung", f"Messung {number}")
        (container.folders.inbox / f"{number}.txt").write_text(text)
    processes.start_all(
        DEPESCHE_METRICS_PORT=str(base),
        DEPESCHE_RENEW="2",
        DEPESCHE_ENRICH_BATCH="1",
    )
    wait_for(lambda: _enriched(container, FILES), "all to be enriched")
    counted = scrape(base + PORTS["enrich"])("depesche_articles_total", fate="enriched")
    assert counted == FILES


def test_a_service_that_is_away_is_said_to_be(container: Container, processes: Processes) -> None:
    base = free_ports(len(PORTS))
    processes.start(
        "watch", DEPESCHE_METRICS_PORT=str(base), DEPESCHE_ELASTICSEARCH_URL="https://127.0.0.1:9"
    )
    wait_for(lambda: _served(base), "the metrics to be served")
    watch = scrape(base)
    assert watch("depesche_service_up", service="elasticsearch") == 0
    assert watch("depesche_service_up", service="redis") == 1
    assert watch("depesche_queue_messages", queue="enrich") == 0


def test_a_port_that_is_taken_stops_no_work(container: Container, processes: Processes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        processes.start("watch", DEPESCHE_METRICS_PORT=str(taken.getsockname()[1]))
        (container.folders.inbox / "good.txt").write_text(GOOD)
        wait_for(lambda: len(container.spool) == 1, "the file to be claimed")
    assert "metrics.not_served" in processes.log("watch")


def _served(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _enriched(container: Container, count: int = 1) -> bool:
    container.client.indices.refresh(index=container.settings.index)
    query = {"term": {"enrichment.state": "enriched"}}
    return bool(
        container.client.count(index=container.settings.index, query=query)["count"] == count
    )
