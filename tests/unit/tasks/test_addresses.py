"""A wrong address is refused in words that hold no password."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.addresses import split
from articles.errors import UsageError
from tasks.addresses import fault_of_elasticsearch, fault_of_redis
from tasks.settings import read_settings


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:9200",
        "https://elastic:ge%2Fheim@host:9200/unter/pfad/",
        "http://a:9200,http://b:9200",
        "https://u:p,w@a:9200, https://u:p,w@b:9200",
        "http://[::1]:9200",
    ],
)
def test_an_address_of_elasticsearch(address: str) -> None:
    assert fault_of_elasticsearch(address) == ""


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
        ("http://a:9200,http://elastic:geheim@b:0", "port is 0"),
        ("http://a:9200,", "cannot be read"),
        ("https://a:9200,b:9200", "behind a comma another address begins"),
        ("https://u:ge,heim@a,b:9200", "behind a comma another address begins"),
        ("http://a:9200;http://b:9200", "cannot be read"),
        ("https://u:geheim@a:9200,http://u:geheim@b:9200", "one cluster"),
        ("http://a:9200,http://u:geheim@A:9200/", "twice"),
        ("http://a:9200?pretty", "behind a ?"),
    ],
)
def test_no_address_of_elasticsearch(address: str, word: str) -> None:
    fault = fault_of_elasticsearch(address)
    assert word in fault
    assert "heim" not in fault


def test_several_are_split_at_commas_before_a_scheme() -> None:
    assert split("https://u:p,w@a:9200, http://b:9200") == ["https://u:p,w@a:9200", "http://b:9200"]


@given(st.text())
def test_nothing_of_an_address_is_repeated(text: str) -> None:
    secret = "s3cr3t"
    for address in (f"http://a:{secret}@{text}", f"{text}:{secret}@host", f"{text}{secret}"):
        assert secret not in fault_of_elasticsearch(address)
        assert secret not in fault_of_redis(address)
        assert secret not in fault_of_redis(address.replace("http", "redis"))


@pytest.mark.parametrize(
    ("setting", "address", "word"),
    [
        ("REDIS_URL", "redis://:geheim@host:port/0", "cannot be read"),
        ("REDIS_URL", "redis+cluster://:geheim@host:7000", "Cluster"),
        ("ELASTICSEARCH_URL", "http://a:geheim@host:port", "cannot be read"),
    ],
)
def test_a_wrong_address_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, setting: str, address: str, word: str
) -> None:
    monkeypatch.setenv(f"DEPESCHE_{setting}", address)
    with pytest.raises(UsageError, match=rf"DEPESCHE_{setting}: .*{word}") as caught:
        read_settings()
    assert "geheim" not in str(caught.value)
    assert "Value error" not in str(caught.value)
