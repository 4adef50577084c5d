"""Wrong hosts, ports, schemes, passwords, rights, servers: one sentence that says what to set.

The sentences of Elasticsearch are its own, word for word as version 9.4 (and 8 for the version)
says them; a small HTTP server repeats them. Security's come without the header of the product.
"""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import DepescheError, ServiceUnavailable, UsageError
from articles.tls import Tls
from indexing.index.connect import connect, server_version
from indexing.index.faults import short
from indexing.writing.stored import by_id
from indexing.writing.write import create
from tests.listener import Listener
from tests.tls import Authority, TlsFront
from tests.unit.indexing.index.test_faults import Answer, server, taken

UNAUTHORIZED = (
    "action [indices:data/write/bulk[s]] is unauthorized for user [leser] with effective roles "
    "[depesche_reader] on indices [articles-v2], this action is granted by the index privileges "
    "[create_doc,create,delete,index,write,all]"
)
ARTICLES = [("1", {"headline": "H"}), ("2", {"headline": "H"})]


def security(reason: str, status: int) -> Answer:
    """As Elasticsearch's security answers."""
    error = {"type": "security_exception", "reason": reason}
    return status, {"error": {"root_cause": [error], **error}, "status": status}


def eight() -> Answer:
    """What Elasticsearch 8 answers to a client of 9, whatever it is asked."""
    kind = {
        "type": "media_type_header_exception",
        "reason": "Invalid media-type value on headers [Accept, Content-Type]",
    }
    cause = {
        "type": "status_exception",
        "reason": "Accept version must be either version 8 or 7, but found 9. "
        "Accept=application/vnd.elasticsearch+json; compatible-with=9",
    }
    return 400, {"error": {"root_cause": [kind], **kind, "caused_by": cause}, "status": 400}


def said(url: str, tls: Tls | None = None) -> DepescheError:
    """What the program says of that server."""
    with pytest.raises(DepescheError) as caught:
        server_version(connect(url, tls=tls))
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "DEPESCHE_ELASTICSEARCH" in sentence
    assert "geheim" not in sentence
    return caught.value


def test_a_server_of_version_8_is_named_and_no_article_is_refused_for_it() -> None:
    with server(lambda _: eight()) as url:
        assert str(said(url)).startswith("The server is 8.x, Depesche needs 9")
        with pytest.raises(UsageError, match=r"The server is 8\.x"):
            list(create(connect(url), "articles", ARTICLES))


NO_KEY = (
    "action [cluster:monitor/main] is unauthorized for API key id [k] of user [leser], "
    "this action is granted by the cluster privileges [monitor,manage,all]"
)
#: Of the request as a whole, the index is not named.
NO_WRITING = (
    "action [indices:data/write/bulk] is unauthorized for user [leser] with effective roles "
    "[depesche_reader], this action is granted by the index privileges [write,all]"
)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (UNAUTHORIZED, "user [leser] do indices:data/write/bulk[s] on the index articles-v2: give"),
        (UNAUTHORIZED, "one of the index privileges create_doc, create, delete, index, write, all"),
        (NO_KEY, "API key id [k] of user [leser] do cluster:monitor/main: give"),
        (NO_KEY, "one of the cluster privileges monitor, manage, all"),
        ("anything else [in brackets]", "refuses these credentials: "),
    ],
)
def test_a_right_that_is_missing_is_named_with_its_index(reason: str, words: str) -> None:
    with server(lambda _: security(reason, 403), product="") as url:
        assert words in str(said(url.replace("//", "//leser:geheim@")))
        with pytest.raises(UsageError):
            list(create(connect(url), "articles", ARTICLES))


def test_a_right_that_is_missing_on_a_shard_fails_no_article() -> None:
    """A bulk request may be let in, and its items refused: nothing is wrong with the articles."""

    def answer(body: bytes) -> Answer:
        status, content = taken(body)
        error = {"type": "security_exception", "reason": UNAUTHORIZED}
        for entry in content["items"]:
            entry["create"] |= {"status": 403, "error": error}
        return status, content

    with server(answer) as url, pytest.raises(UsageError, match=r"articles-v2.*create_doc"):
        list(create(connect(url), "articles", ARTICLES))


def test_a_right_to_write_that_is_missing_is_named_with_the_index_that_was_meant() -> None:
    with (
        server(lambda _: security(NO_WRITING, 403), product="") as url,
        pytest.raises(UsageError, match=r"bulk on the index articles: .* write, all"),
    ):
        list(create(connect(url), "articles", ARTICLES))


def test_a_path_that_no_proxy_takes_away_is_named() -> None:
    missing = {"type": "index_not_found_exception", "reason": "no such index [unter]"}
    answer = 404, {"error": {"root_cause": [missing], **missing, "index": "unter"}, "status": 404}
    with server(lambda _: answer) as url:
        fault = said(f"{url}/unter")
    assert isinstance(fault, UsageError)
    assert "takes the path in DEPESCHE_ELASTICSEARCH_URL for the name of an index" in str(fault)


def test_a_right_to_read_that_is_missing_is_named() -> None:
    error = {"type": "security_exception", "reason": UNAUTHORIZED.replace("write/bulk", "read/get")}
    answer = 200, {"docs": [{"_id": "1", "error": error}]}
    with server(lambda _: answer) as url, pytest.raises(UsageError, match="data/read/get"):
        by_id(connect(url), "articles", ["1"], [])


def test_a_wrong_password_is_named() -> None:
    reason = "unable to authenticate user [leser] for REST request [/]"
    with server(lambda _: security(reason, 401), product="") as url:
        fault = said(url.replace("//", "//leser:geheim@"))
    assert isinstance(fault, UsageError)
    assert reason in str(fault)


PAGE = "<html><head><title>Anmeldung</title></head><body><p>Bitte [melden]</p></body></html>"


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 405])
def test_the_page_of_a_proxy_is_no_elasticsearch_and_fails_no_article(status: int) -> None:
    with server(lambda _: (status, PAGE), product="") as url:
        fault = said(url + "/unter")
        with pytest.raises(UsageError, match="not Elasticsearch"):
            list(create(connect(url), "articles", ARTICLES[:1]))
    assert isinstance(fault, UsageError)
    assert "/unter (DEPESCHE_ELASTICSEARCH_URL) is not Elasticsearch" in str(fault)
    assert "Anmeldung" in str(fault)
    assert "<" not in str(fault)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxy_without_its_server_is_away(status: int) -> None:
    with (
        server(lambda _: (status, PAGE), product="") as url,
        pytest.raises(ServiceUnavailable, match=f"{status} Anmeldung"),
    ):
        server_version(connect(url))


def test_json_that_is_none_is_no_elasticsearch() -> None:
    with saying(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"X-Elastic-Product: Elasticsearch\r\nContent-Length: 4\r\n\r\n{no}"
    ) as url:
        assert "not Elasticsearch" in str(said(url))


@contextmanager
def saying(words: bytes, heard: list[bytes] | None = None) -> Iterator[str]:
    """The address of a server that says the same to everybody; ``heard`` gets what they say."""

    def answer(caller: socket.socket) -> None:
        with caller:
            said = caller.recv(65536)
            if heard is not None:
                heard.append(said)
            caller.sendall(words)

    with Listener(answer) as listener:
        yield f"http://127.0.0.1:{listener.port}"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1", "refused"),
        ("http://nirgends.invalid:9200", "no host has that name"),
        ("http://a..b:9200", "does not answer"),
        (f"http://{'a' * 70}.de:9200", "does not answer"),
        ("https://127.0.0.1:1", "refused"),
    ],
)
def test_nobody_there(url: str, words: str) -> None:
    fault = said(url)
    assert isinstance(fault, ServiceUnavailable)
    assert words in str(fault)
    assert url in str(fault)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls") / "ca")


@pytest.fixture
def behind_tls(authority: Authority) -> Iterator[tuple[str, TlsFront]]:
    """A server of HTTP, and TLS before it."""
    with server(lambda _: (200, {"version": {"number": "9.4.3"}})) as url:
        front = TlsFront(int(url.rpartition(":")[2]), authority.issue("elasticsearch"))
        yield url, front
        front.close()


def test_schemes_and_authorities(
    behind_tls: tuple[str, TlsFront], authority: Authority, tmp_path: Path
) -> None:
    clear, front = behind_tls
    ours = Tls(ca=str(authority.ca))
    url = f"https://localhost:{front.port}"
    assert server_version(connect(url, tls=ours)) == "9.4.3"
    assert server_version(connect(f"{url}/", tls=ours)) == "9.4.3"
    other = Tls(ca=str(Authority(tmp_path / "other").ca))
    for wrong in (None, other):
        fault = said(url, tls=wrong)
        assert isinstance(fault, UsageError)
        assert "name the file of its CA in DEPESCHE_ELASTICSEARCH_CA" in str(fault)
    fault = said(clear.replace("http://", "https://"), tls=ours)
    assert isinstance(fault, UsageError)
    assert "speaks no TLS: DEPESCHE_ELASTICSEARCH_URL must begin with http://" in str(fault)
    fault = said(url.replace("https", "http"))
    assert "a server that speaks https:// alone does this" in str(fault)


def test_a_certificate_of_ours(authority: Authority) -> None:
    pair = authority.issue("depesche")
    with server(lambda _: (200, {"version": {"number": "9.4.3"}})) as clear:
        port = int(clear.rpartition(":")[2])
        front = TlsFront(port, authority.issue("elasticsearch"), clients=authority.ca)
        url, ca = f"https://localhost:{front.port}", str(authority.ca)
        with_ours = Tls(ca, str(pair.cert), str(pair.key))
        assert server_version(connect(url, tls=with_ours)) == "9.4.3"
        fault = said(url, tls=Tls(ca))
        front.close()
    assert "set DEPESCHE_ELASTICSEARCH_CERT and DEPESCHE_ELASTICSEARCH_KEY" in str(fault)


def test_of_several_servers_one_that_is_away_is_passed_over() -> None:
    with server(lambda _: (200, {"version": {"number": "9.4.3"}})) as url:
        client = connect(f"http://127.0.0.1:1, http://127.0.0.1:2,{url}/unter")
        assert [server_version(client) for _ in range(4)] == ["9.4.3"] * 4
    assert isinstance(said("http://127.0.0.1:1,http://127.0.0.1:2"), ServiceUnavailable)


def without_master() -> Answer:
    """What a node says that has lost the others."""
    error = {"type": "master_not_discovered_exception", "reason": None}
    return 503, {"error": {"root_cause": [error], **error}, "status": 503}


def test_of_several_servers_one_that_has_lost_its_cluster_is_passed_over() -> None:
    with (
        server(lambda _: without_master()) as lost,
        server(lambda _: (200, {"version": {"number": "9.4.3"}})) as url,
    ):
        client = connect(f"{lost},{url}")
        assert [server_version(client) for _ in range(4)] == ["9.4.3"] * 4
        for addresses in (lost, f"{lost},{lost}/unter"):
            with pytest.raises(ServiceUnavailable, match="master_not_discovered"):
                server_version(connect(addresses))


@contextmanager
def silent() -> Iterator[str]:
    """A host that answers no connection: its queue of them is full."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_of_several_servers_one_that_takes_no_connection_is_passed_over_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("indexing.index.connect.CONNECT_SECONDS", 0.1)
    with silent() as gone, server(lambda _: (200, {"version": {"number": "9.4.3"}})) as url:
        client = connect(f"{gone},{url}", timeout=20.0)
        started = time.monotonic()
        assert [server_version(client) for _ in range(4)] == ["9.4.3"] * 4
        assert server_version(client.options(request_timeout=20)) == "9.4.3"
        assert time.monotonic() - started < 10.0


@pytest.mark.parametrize("key", [None, "a2V5"])
def test_a_path_a_user_an_odd_password_and_a_key(key: str | None) -> None:
    heard: list[bytes] = []
    with saying(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", heard) as url:
        login = url.replace("//", "//u:p%2Fw%40x%3A,%25@")
        with pytest.raises(UsageError):
            server_version(connect(f"{login}/unter/pfad/", key))
    line, *headers = heard[0].decode().split("\r\n")
    expected = f"ApiKey {key}" if key else f"Basic {base64.b64encode(b'u:p/w@x:,%').decode()}"
    assert line == "GET /unter/pfad/ HTTP/1.1"
    assert f"authorization: {expected}" in [h.lower()[:14] + h[14:] for h in headers]


@given(st.text())
def test_an_answer_is_short_and_on_one_line(text: str) -> None:
    for answer in (text, f"<html>{text}", json.dumps({"error": text})):
        assert len(short(answer)) <= 502
        assert len(short(answer).splitlines()) <= 1
