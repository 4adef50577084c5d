"""One reader of Redis addresses, which agrees with redis-py and Celery where they agree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from kombu.utils.url import url_to_parts
from redis.connection import parse_url

from articles.tls import Tls
from tasks.redis_address import RedisAddress, parse
from tasks.redis_client import parameters, pool

words = st.one_of(st.none(), st.text(min_size=1))
names = st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z]{1,5})?", fullmatch=True)
hosts = st.tuples(st.one_of(names, st.sampled_from(["127.0.0.1", "::1"])), st.integers(1, 65535))
files = st.one_of(st.none(), st.text(min_size=1))
tls = st.builds(Tls, files, files, files, st.booleans(), st.booleans())
sockets = st.text(min_size=1).filter(lambda path: bool(path.strip("/"))).map(lambda p: f"/{p}")


@st.composite
def addresses(draw: st.DrawFn) -> RedisAddress:
    """Of every kind, with all that people put into passwords."""
    common = RedisAddress(database=draw(st.integers(0, 99)), user=draw(words), password=draw(words))
    kind = draw(st.sampled_from(["server", "socket", "sentinels"]))
    if kind == "socket":
        return replace(common, path=draw(sockets))
    spoken = draw(st.one_of(st.none(), tls))
    if kind == "server":
        return replace(common, hosts=(draw(hosts),), tls=spoken)
    return replace(
        common,
        hosts=tuple(draw(st.lists(hosts, min_size=1, max_size=4))),
        tls=spoken,
        master=draw(st.text(min_size=1)),
        sentinel_user=draw(words),
        sentinel_password=draw(words),
    )


def written(address: RedisAddress) -> str:
    """The address as a careful person writes it: everything percent-encoded."""
    login = ""
    if address.user or address.password:
        login = f"{quote(address.user or '', '')}:{quote(address.password or '', '')}@"
    if address.path:
        return f"unix://{login}{quote(address.path)}?db={address.database}"
    values = {
        "master_name": address.master or None,
        "sentinel_username": address.sentinel_user,
        "sentinel_password": address.sentinel_password,
    }
    if spoken := address.tls:
        values |= {
            "ssl_ca_certs": spoken.ca,
            "ssl_certfile": spoken.cert,
            "ssl_keyfile": spoken.key,
            "ssl_cert_reqs": "required" if spoken.verify else "none",
            "ssl_check_hostname": str(spoken.check_hostname).lower(),
        }
    scheme = ("sentinel" if address.master else "redis") + ("s" if address.tls else "")
    query = urlencode({name: value for name, value in values.items() if value}, quote_via=quote)
    several = [
        f"{scheme}://{login}{f'[{host}]' if ':' in host else host}:{port}/{address.database}"
        for host, port in address.hosts
    ]
    return ";".join(several) + (f"?{query}" if query else "")


@given(addresses())
def test_what_is_written_is_read(address: RedisAddress) -> None:
    assert parse(written(address)) == address


@given(addresses())
def test_no_password_is_shown(address: RedisAddress) -> None:
    """By changing them: what is shown stays the same."""
    other = replace(address, password="s3cr3t", sentinel_password="s3cr3t")
    assert (str(other), repr(other)) == (str(address), repr(address))


@given(addresses().filter(lambda address: not address.master and not address.tls))
def test_redis_py_and_celery_read_the_same(address: RedisAddress) -> None:
    url = written(address)
    theirs: dict[str, Any] = parse_url(url)  # type: ignore[no-untyped-call]
    ours = parameters(address)
    assert {name: theirs[name] for name in theirs} == {name: ours[name] for name in theirs}
    if not address.path:
        parts = url_to_parts(url)
        assert (parts.hostname, parts.port) == address.hosts[0]
        assert (parts.username, parts.password) == (address.user, address.password)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://localhost", RedisAddress((("localhost", 6379),))),
        ("redis://localhost:1/3", RedisAddress((("localhost", 1),), database=3)),
        ("redis://localhost?db=3", RedisAddress((("localhost", 6379),), database=3)),
        ("redis://:a:b@h", RedisAddress((("h", 6379),), password="a:b")),
        ("redis://u:100%@h", RedisAddress((("h", 6379),), user="u", password="100%")),
        ("redis://:a+b;c@h", RedisAddress((("h", 6379),), password="a+b;c")),
        ("rediss://[::1]", RedisAddress((("::1", 6379),), tls=Tls())),
        (
            "rediss://h?ssl_cert_reqs=CERT_REQUIRED&ssl_ca_certs=/etc/ca%20.pem",
            RedisAddress((("h", 6379),), tls=Tls(ca="/etc/ca .pem")),
        ),
        ("rediss://h?ssl_cert_reqs=none", RedisAddress((("h", 6379),), tls=Tls(verify=False))),
        ("unix:///run/redis.sock", RedisAddress(path="/run/redis.sock")),
        ("unix://u:p%2Fw@/a%20b.sock?db=2", RedisAddress((), "/a b.sock", 2, "u", "p/w")),
        ("redis+socket:///a.sock?virtual_host=2", RedisAddress(path="/a.sock", database=2)),
        ("socket://:p@/a.sock?virtual_host=/2", RedisAddress((), "/a.sock", 2, None, "p")),
        (
            "sentinel://:p@a/1;sentinel://b:7/1?master_name=m",
            RedisAddress((("a", 26379), ("b", 7)), "", 1, None, "p", master="m"),
        ),
        (
            "sentinels://a;sentinels://:p@b?master_name=m&sentinel_password=s",
            RedisAddress(
                (("a", 26379), ("b", 26379)),
                password="p",
                tls=Tls(),
                master="m",
                sentinel_password="s",
            ),
        ),
    ],
)
def test_an_address(url: str, address: RedisAddress) -> None:
    assert parse(url) == address


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("", "begin with"),
        ("localhost:6379", "begin with"),
        ("http://h", "begin with"),
        ("redis://", "no host"),
        ("redis://h:port", "cannot be read"),
        ("redis://:ge/heim@h", "cannot be read"),
        ("redis://:ge?heim@h", "cannot be read"),
        ("redis://:ge#heim@h", "cannot be read"),
        ("redis://h:0", "port is 0"),
        ("redis://h/null", "no number"),
        ("redis://h/-1", "no number"),
        ("redis://h/1?db=2", "databases in it differ"),
        ("redis://h/0#1", "#"),
        ("redis:// h", "blank"),
        ("redis://h\n", "blank"),
        ("redis://a,b", "commas"),
        ("redis://a;redis://b", "only sentinels"),
        ("redis://a;unix:///b", "schemes in it differ"),
        ("redis://h?heim=1", "not known"),
        ("redis://h?ssl_ca_certs=/ca.pem", "begins with rediss://"),
        ("sentinel://h?master_name=m&ssl_ca_certs=/ca.pem", "begins with sentinels://"),
        ("rediss://h?ssl_cert_reqs=perhaps", "ssl_cert_reqs"),
        ("rediss://h?ssl_check_hostname=perhaps", "ssl_check_hostname"),
        ("unix://run/redis.sock", "third slash"),
        ("unix:///", "third slash"),
        ("sentinel://a;sentinel://b", "master_name"),
        ("sentinel://:x@a;sentinel://:y@b?master_name=m", "passwords in it differ"),
        ("redis+cluster://h", "Cluster"),
        ("rediss+cluster://h", "Cluster"),
        ("cluster://:geheim@h", "Cluster"),
        ("amqp://u:geheim@h//", "RabbitMQ is not supported"),
        ("pyamqp://u:geheim@h", "RabbitMQ"),
    ],
)
def test_no_address(url: str, word: str) -> None:
    with pytest.raises(ValueError, match=word) as wrong:
        parse(url)
    assert "heim" not in str(wrong.value)


@given(st.text())
def test_any_text_is_an_address_or_wrong(text: str) -> None:
    for url in (text, f"redis://{text}", f"sentinel://{text}?master_name=m", f"unix:///{text}"):
        try:
            assert isinstance(parse(url), RedisAddress)
        except ValueError as error:
            assert type(error) is ValueError  # noqa: PT017 -- no decoding, no other surprise


@given(addresses())
def test_each_makes_a_pool_and_asks_nobody(address: RedisAddress) -> None:
    """Connections themselves are made, which refuse options that they do not know."""
    options: dict[str, Any] = {
        "socket_timeout": 1.0,
        "socket_connect_timeout": 1.0,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "host": "elsewhere",
    }
    made = pool(address, **options)
    connection = made.connection_class(**made.connection_kwargs)
    assert connection.db == address.database
    assert (connection.username, connection.password) == (address.user, address.password)
    if not address.master:
        assert isinstance(connection, redis.SSLConnection) == bool(address.tls)
