"""Answers that a healthy Elasticsearch does not give, from a small HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from articles.errors import ServiceUnavailable, UsageError
from indexing.index.connect import connect, without_credentials
from indexing.index.faults import judge
from indexing.writing import bulk
from indexing.writing.bulk import item
from indexing.writing.states import counts
from indexing.writing.write import create

Answer = tuple[int, Any]


@contextmanager
def server(answer: Callable[[bytes], Answer], product: str = "Elasticsearch") -> Iterator[str]:
    """Serve every request with ``answer(body)``, a status and an object or a text."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, content = answer(body)
            text = content if isinstance(content, str) else json.dumps(content)
            self.send_response(status)
            kind = "text/html" if isinstance(content, str) else "application/json"
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(text.encode())))
            if product:
                self.send_header("x-elastic-product", product)
            self.end_headers()
            self.wfile.write(text.encode())

        do_PUT = do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def error(kind: str) -> dict[str, Any]:
    return {"error": {"type": kind, "reason": "because", "root_cause": [{"type": kind}]}}


@pytest.mark.parametrize(
    ("status", "kind", "verdict"),
    [
        (429, "es_rejected_execution_exception", "away"),
        (429, "cluster_block_exception", "away"),
        (403, "cluster_block_exception", "away"),
        (400, "index_closed_exception", "away"),
        (404, "search_context_missing_exception", "away"),
        (500, "node_closed_exception", "away"),
        (502, "", "away"),
        (503, "unavailable_shards_exception", "away"),
        (504, "", "away"),
        (401, "security_exception", "denied"),
        (403, "security_exception", "denied"),
        (404, "index_not_found_exception", "no_index"),
        (404, "document_missing_exception", "refused"),
        (409, "version_conflict_engine_exception", "conflict"),
        (400, "document_parsing_exception", "refused"),
        (413, "", "refused"),
    ],
)
def test_status_and_kind_decide(status: int, kind: str, verdict: str) -> None:
    assert judge(status, kind) == verdict


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((429, error("circuit_breaking_exception")), ServiceUnavailable),
        ((502, "<html>Bad gateway</html>"), ServiceUnavailable),
        ((503, error("master_not_discovered_exception")), ServiceUnavailable),
        ((403, error("cluster_block_exception")), ServiceUnavailable),
        ((401, error("security_exception")), UsageError),
        ((403, error("security_exception")), UsageError),
        ((404, error("index_not_found_exception")), UsageError),
    ],
)
def test_whole_requests_are_translated(answer: Answer, expected: type[Exception]) -> None:
    with server(lambda _: answer) as url, pytest.raises(expected):
        counts(connect(url), "articles")


@pytest.mark.parametrize("status", [200, 404])
def test_a_server_that_is_not_elasticsearch_is_named_as_such(status: int) -> None:
    with (
        server(lambda _: (status, "<html>Hello</html>"), product="") as url,
        pytest.raises(UsageError, match="not Elasticsearch"),
    ):
        counts(connect(url), "articles")


def fates(url: str, sizes: list[int]) -> list[tuple[str, str]]:
    documents = [(str(n), {"body": "x" * size}) for n, size in enumerate(sizes)]
    return [(fate.id, fate.result) for fate in create(connect(url), "articles", documents)]


def taken(body: bytes) -> Answer:
    ids = [json.loads(line)["create"]["_id"] for line in body.splitlines()[::2]]
    return 200, {"errors": False, "items": [{"create": {"_id": id_, "status": 201}} for id_ in ids]}


@pytest.mark.parametrize("status", [413, 400])
def test_one_document_too_large_for_the_server_harms_no_other(status: int) -> None:
    def answer(body: bytes) -> Answer:
        return taken(body) if len(body) < 5000 else (status, error("too_large"))

    with server(answer) as url:
        found = fates(url, [10, 10, 9000, 10, 9000, 10, 10])
    results = ["rejected" if n in {2, 4} else "created" for n in range(7)]
    assert found == list(zip("0123456", results, strict=True))


def test_a_busy_server_is_asked_once_and_all_else_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK_ITEMS", 2)
    asked: list[bytes] = []

    def answer(body: bytes) -> Answer:
        asked.append(body)
        return taken(body) if len(asked) == 1 else (429, error("es_rejected_execution_exception"))

    with server(answer) as url:
        found = fates(url, [1] * 7)
    assert [result for _, result in found] == ["created"] * 2 + ["away"] * 5
    assert len(asked) == 2


def test_items_that_find_their_shard_away_do_not_hide_behind_their_neighbours() -> None:
    def answer(body: bytes) -> Answer:
        status, content = taken(body)
        for n, kind in ((1, "unavailable_shards_exception"), (2, "cluster_block_exception")):
            content["items"][n]["create"] |= {"status": 503, **error(kind)}
        return status, content

    with server(answer) as url:
        found = fates(url, [1] * 4)
    assert [result for _, result in found] == ["created", "away", "away", "created"]


def test_a_chunk_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK_BYTES", 1000)
    lengths: list[int] = []

    def answer(body: bytes) -> Answer:
        lengths.append(len(body))
        return taken(body)

    with server(answer) as url:
        found = fates(url, [300] * 6 + [5000] + [300])
    assert [result for _, result in found] == ["created"] * 8
    assert len(lengths) == 5
    assert sum(length > 1000 for length in lengths) == 1


@pytest.mark.parametrize("value", [float("nan"), "\ud800", object()])
def test_what_is_no_json_is_a_fault_of_its_document(value: object) -> None:
    assert item("create", "1", {"body": value}).fault


def test_a_document_larger_than_any_request_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LARGEST_DOCUMENT", 100)
    assert "too large" in item("create", "1", {"body": "x" * 100}).fault


def test_an_unreachable_server_is_away_and_its_password_stays_secret() -> None:
    client = connect("http://elastic:geheim@127.0.0.1:1")
    (fate,) = create(client, "articles", [("1", {"headline": "H"})])
    assert fate.result == "away"
    assert "refused" in fate.reason
    with pytest.raises(ServiceUnavailable, match="refused") as caught:
        counts(client, "articles")
    assert "geheim" not in fate.reason + str(caught.value)


@pytest.mark.parametrize("url", ["http://u:geheim@host", "nonsense", "http://u:ge@heim@h:x"])
def test_an_unusable_address_is_misuse_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        connect(url)
    assert "geheim" not in str(caught.value)
    assert "heim@" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_credentials_are_taken_out_of_every_address_in_a_text() -> None:
    text = "http://a:b@c:1 und https://d@e:f@g/h"
    assert without_credentials(text) == "http://c:1 und https://g/h"
