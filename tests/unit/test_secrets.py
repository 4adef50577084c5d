"""No password of an address comes out again, whatever is in it and whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles.addresses import shown, without_logins
from articles.errors import DepescheError, UsageError
from indexing.index.connect import connect, without_credentials
from indexing.kibana import import_objects
from tasks.redis_address import parse
from tasks.settings import read_settings
from worker.care.places import masked, places
from worker.container import Container
from worker.services import download

#: What a password can consist of, with all that means something in an address.
PASSWORDS = st.text("ab9/@:?#[]%&;=,.+ \\<'\"", min_size=3, max_size=12).map("geheim".__add__)
HOSTS = st.sampled_from(
    ["host:9200", "host", "[::1]:9200", "[::1", "host:kein-port", "host:99999", ""]
)
PATHS = st.sampled_from(["", "/", "/0", "/prefix?a=b", "/#", "/x y"])
SCHEMES = st.sampled_from(["http", "https", "redis", "rediss", "sentinel", "unix", "ftp", ""])
ADDRESSES = st.tuples(SCHEMES, PASSWORDS, HOSTS, PATHS).map(
    lambda parts: f"{parts[0]}://desk:{parts[1]}@{parts[2]}{parts[3]}"
)
TWISTED = ("http://desk:geheim/a@host", "http://desk:geheim?a@host", "http://desk:geheim#a@host")
often = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def silent(text: object) -> None:
    assert "geheim" not in str(text)
    assert "geheim" not in repr(text)


def told(error: BaseException) -> str:
    """All that a traceback shows."""
    causes = []
    at: BaseException | None = error
    while at is not None:
        causes.append(f"{at!r} {at} {getattr(at, '__notes__', '')}")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n".join(causes)


@often
@given(ADDRESSES)
@example(TWISTED[0])
@example(TWISTED[1])
@example(TWISTED[2])
def test_what_is_shown_of_an_address(address: str) -> None:
    silent(masked(address))
    if " " not in address:  # in a sentence, a blank ends it
        silent(without_credentials(f"It says {address!r} cannot be reached"))
    silent(download.shown(address))


@often
@given(ADDRESSES)
@example(TWISTED[0])
def test_what_is_said_of_a_redis(address: str) -> None:
    try:
        silent(parse(address))
    except ValueError as error:
        silent(told(error))


@often
@given(ADDRESSES)
@example(TWISTED[0])
def test_what_is_said_of_an_elasticsearch(address: str) -> None:
    try:
        silent(connect(address))
    except DepescheError as error:
        silent(told(error))


@often
@given(address=ADDRESSES)
@example(address=TWISTED[0])
def test_what_settings_say(address: str, tmp_path: Path) -> None:
    names = ("REDIS_URL", "ELASTICSEARCH_URL", "KIBANA_URL", "ELASTICSEARCH_ARCHIVE")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPESCHE_DATA", str(tmp_path))
        for name in names:
            patch.setenv(f"DEPESCHE_{name}", address)
            try:
                known = read_settings()
            except DepescheError as error:
                silent(told(error))
            else:
                silent(known)
                silent(places(Container(known)))
            patch.delenv(f"DEPESCHE_{name}")


@often
@given(ADDRESSES, st.sampled_from([None, 401, 500, 200]))
@example(TWISTED[0], None)
def test_what_is_said_of_a_kibana(address: str, status: int | None) -> None:
    def post(*_: object, **__: object) -> httpx.Response:
        if status is None:
            raise httpx.ConnectError(f"no way to {address}")
        return httpx.Response(status, text="<html>no</html>")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.Client, "post", post)
        try:
            import_objects(address, b"")
        except DepescheError as error:
            silent(told(error))


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("http://a:b@c:1 und https://d:e@f/g", "http://c:1 und https://f/g"),
        ("http://host:9200/_doc/1 of desk@host", "http://host:9200/_doc/1 of desk@host"),
        ("http://host:9200,http://a:b@c", "http://host:9200,http://c"),
        ("ask me@host", "ask me@host"),
    ],
)
def test_the_rest_of_a_text_stays(text: str, rest: str) -> None:
    assert without_logins(text) == rest


@pytest.mark.parametrize("around", ["{}\n", " {}", "{}ü"])
def test_an_api_key_that_is_none_is_not_said(around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of a file, say, with the end of its line."""
    monkeypatch.setenv("DEPESCHE_ELASTICSEARCH_API_KEY", around.format("geheim"))
    with pytest.raises(UsageError, match="DEPESCHE_ELASTICSEARCH_API_KEY") as refused:
        read_settings()
    silent(refused.value)


def test_an_address_that_lacks_its_beginning_is_shown_without_its_password() -> None:
    assert shown("desk:geheim@host:5601") == "host:5601"
    with pytest.raises(DepescheError) as refused:
        import_objects("desk:geheim@host:5601", b"")
    silent(refused.value)
