"""Kibana's import interface, played by a small HTTP server with answers as documented."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import ServiceUnavailable, UsageError
from indexing.kibana import Imported, _read, import_objects
from tests.kibana_server import EndlessServer, KibanaServer

NDJSON = b'{"type":"index-pattern","id":"articles","attributes":{"title":"articles"}}\n'


class Kibana(KibanaServer):
    """Gives one answer and remembers the last request."""

    def __init__(
        self, status: int, content: object, headers: Mapping[str, str] | None = None
    ) -> None:
        self.path, self.body = "", b""
        self.headers: dict[str, str] = {}
        text = content if isinstance(content, str) else json.dumps(content)

        def answer(path: str, headers: Message, body: bytes) -> tuple[int, str]:
            self.path, self.body = path, body
            self.headers = {name.lower(): value for name, value in headers.items()}
            return status, text

        super().__init__(answer, headers)


def test_objects_are_sent_as_a_file_that_replaces_what_is_there() -> None:
    with Kibana(200, {"success": True, "successCount": 1}) as kibana:
        assert import_objects(kibana.url + "/", NDJSON, api_key="abc") == Imported(1)
    assert kibana.path == "/api/saved_objects/_import?overwrite=true"
    assert kibana.headers["kbn-xsrf"]
    assert kibana.headers["authorization"] == "ApiKey abc"
    assert kibana.headers["content-type"].startswith("multipart/form-data")
    assert NDJSON in kibana.body
    assert b'filename="objects.ndjson"' in kibana.body


def test_a_space_and_a_user_are_passed_on() -> None:
    with Kibana(200, {"id": "news room", "successCount": 1}) as kibana:
        import_objects(kibana.url, NDJSON, user="elastic", password="p", space="news room")
    assert kibana.path == "/s/news%20room/api/saved_objects/_import?overwrite=true"
    assert kibana.headers["authorization"] == "Basic ZWxhc3RpYzpw"


def test_each_refused_object_is_named_with_its_reason() -> None:
    refused = {
        "success": False,
        "successCount": 1,
        "errors": [
            {
                "id": "overview",
                "type": "dashboard",
                "meta": {"title": "Overview"},
                "error": {
                    "type": "missing_references",
                    "references": [{"type": "index-pattern", "id": "articles"}],
                },
            },
            {"id": "x", "type": "wigwags", "error": {"type": "unsupported_type"}},
        ],
    }
    with Kibana(200, refused) as kibana:
        found = import_objects(kibana.url, NDJSON)
    assert found.count == 1
    assert found.errors == (
        "dashboard Overview: missing_references index-pattern articles",
        "wigwags x: unsupported_type",
    )


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (503, "Kibana server is not ready yet.", ServiceUnavailable),
        (429, {"message": "slow down"}, ServiceUnavailable),
        (401, {"message": "no"}, UsageError),
        (403, {"message": "no"}, UsageError),
        (404, {"message": "Not Found"}, UsageError),
        (415, {"message": "Invalid file extension"}, UsageError),
        (200, "<html>a login page</html>", UsageError),
    ],
)
def test_other_answers_are_translated(
    status: int, content: object, expected: type[Exception]
) -> None:
    with Kibana(status, content) as kibana, pytest.raises(expected):
        import_objects(kibana.url, NDJSON)


_ODD = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)


_REFUSED = (
    st.dictionaries(st.sampled_from(["error", "meta", "id", "type"]), _ODD)
    | st.builds(lambda odd: {"error": {"references": odd, "type": odd}}, _ODD)
    | st.builds(lambda odd: {"error": {"references": [{"id": odd}]}}, _ODD)
)


@given(_ODD | st.lists(_REFUSED, max_size=3))
def test_an_answer_of_other_types_is_told_and_ends_nothing(refused: object) -> None:
    done = _read(httpx.Response(200, json={"successCount": 1, "errors": refused}))
    assert len(done.errors) == (len(refused) if isinstance(refused, list) else 0)


@pytest.mark.parametrize("content", [b"\x80", b"[" * 100_000, b'{"successCount": "1"}', b"[]"])
def test_what_is_no_answer_to_an_import_is_said(content: bytes) -> None:
    with pytest.raises(UsageError, match="refuses the import: 200"):
        _read(httpx.Response(200, content=content))


def test_where_another_address_is_told_it_is_said() -> None:
    moved = {"location": "https://u:geheim@kibana.example/login"}
    with pytest.raises(UsageError, match=r"sent to https://kibana\.example/login") as caught:
        _read(httpx.Response(302, headers=moved))
    assert "geheim" not in str(caught.value)


def test_a_page_of_a_proxy_is_told_in_one_line() -> None:
    with pytest.raises(UsageError, match="413 <html> <h1>Too large</h1> </html>"):
        _read(httpx.Response(413, text="<html>\n<h1>Too large</h1>\n</html>\n"))


@pytest.mark.parametrize("packing", ["gzip", "br", "zstd", "GZIP, gzip", "rot13"])
def test_what_was_packed_unasked_is_not_unpacked(packing: str) -> None:
    """Of 300 bytes there may come a gigabyte: no look at its size comes early enough."""
    with (
        Kibana(200, '{"successCount": 1}', {"content-encoding": packing}) as kibana,
        pytest.raises(UsageError, match=r"answers 200 packed \(Content-Encoding: .*no Kibana"),
    ):
        import_objects(kibana.url, NDJSON)


def test_what_says_that_it_is_not_packed_is_read() -> None:
    with Kibana(200, {"successCount": 1}, {"content-encoding": "Identity"}) as kibana:
        assert import_objects(kibana.url, NDJSON) == Imported(1)


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", b" "),
    ],
)
def test_an_answer_without_end_is_given_up_and_hung_up_on(begins: bytes, goes_on: bytes) -> None:
    """Something comes within each timeout; who sends it would wait for ever to be hung up on."""
    with (
        EndlessServer(begins, goes_on) as kibana,
        pytest.raises(ServiceUnavailable, match=r"does not answer .*whole within 0\.2 seconds"),
    ):
        import_objects(kibana.url, NDJSON, seconds=0.2)


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (404, {"message": "Not Found"}, "no space 'sport'"),
        (403, {"message": "no"}, "refuses these credentials"),
        (200, "<html>a login page</html>", "does not say its space 'sport': 200 <html>"),
    ],
)
def test_into_a_space_that_nobody_sees_nothing_is_loaded(
    status: int, content: object, expected: str
) -> None:
    with Kibana(status, content) as kibana:
        with pytest.raises(UsageError, match=expected):
            import_objects(kibana.url, NDJSON, space="sport")
        assert (kibana.path, kibana.body) == ("/api/spaces/space/sport", b"")


def test_nobody_there_is_away_and_the_password_stays_secret() -> None:
    with pytest.raises(ServiceUnavailable) as caught:
        import_objects("http://u:geheim@127.0.0.1:1", NDJSON)
    assert "geheim" not in str(caught.value)
    assert "DEPESCHE_KIBANA_URL" in str(caught.value)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_names_the_settings_to_change(status: int) -> None:
    with (
        Kibana(status, {"message": "no"}) as kibana,
        pytest.raises(UsageError, match="DEPESCHE_KIBANA_USER and DEPESCHE_KIBANA_PASSWORD"),
    ):
        import_objects(kibana.url, NDJSON)


@pytest.mark.parametrize("url", ["127.0.0.1:5601", "ftp://host", ""])
def test_an_address_that_is_none_is_misuse(url: str) -> None:
    with pytest.raises(UsageError, match="DEPESCHE_KIBANA_URL"):
        import_objects(url, NDJSON)


def test_an_answer_that_is_larger_than_any_of_kibana_s_is_not_read_to_its_end() -> None:
    with (
        Kibana(200, "x" * 17 * 2**20) as kibana,
        pytest.raises(UsageError, match="answers with more than 16 MB: that is no Kibana"),
    ):
        import_objects(kibana.url, NDJSON)
