"""A wrong address is refused in words that hold no password."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from tasks.addresses import ELASTICSEARCH, REDIS, fault_of_address
from tasks.settings import read_settings


@pytest.mark.parametrize(
    "address",
    [
        "redis://localhost:6379/0",
        "redis://:geheim@redis:6379/0",
        "rediss://user:p%2Fw@redis.example.org",
        "redis://[::1]:6379",
        "unix:///run/redis.sock",
        "redis+socket:///run/redis.sock?virtual_host=0",
    ],
)
def test_a_redis_address(address: str) -> None:
    assert fault_of_address(address, REDIS) == ""


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("localhost:9200", "begin with http"),
        ("http://", "no host"),
        ("http://elastic:geheim@host:kein-port", "cannot be read"),
        ("http://elastic:geheim@[::1", "cannot be read"),
        ("http://elastic:geheim@host:99999", "cannot be read"),
        ("http://elastic:ge/heim@host:9200", "cannot be read"),
        ("http://elastic:geheim@host:9200 oder so", "cannot be read"),
        ("http://host:0", "port is 0"),
        ("redis://:geheim@host", "begin with http"),
    ],
)
def test_no_address_of_elasticsearch(address: str, word: str) -> None:
    fault = fault_of_address(address, ELASTICSEARCH)
    assert word in fault
    assert "heim" not in fault


@given(st.text())
def test_nothing_of_an_address_is_repeated(text: str) -> None:
    secret = "s3cr3t"
    for address in (f"http://a:{secret}@{text}", f"{text}:{secret}@host", f"{text}{secret}"):
        assert secret not in fault_of_address(address, ELASTICSEARCH)


def test_a_wrong_address_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPESCHE_REDIS_URL", "redis://:geheim@host:port/0")
    with pytest.raises(UsageError, match=r"DEPESCHE_REDIS_URL: .*cannot be read") as caught:
        read_settings()
    assert "geheim" not in str(caught.value)
