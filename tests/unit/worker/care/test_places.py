"""Addresses are named without what logs in."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.parts import FakeContainer
from worker.care.places import masked, places


def test_where_it_looks_is_named(container: FakeContainer) -> None:
    assert places(container) == {
        "data": str(container.settings.data),
        "index": "articles",
        "site": container.names.site,
        "redis": "redis://127.0.0.1:1/0",
        "elasticsearch": container.settings.elasticsearch_url.get_secret_value(),  # type: ignore[union-attr]
    }


def test_a_model_is_named_where_it_is_not_the_standard_one(container: FakeContainer) -> None:
    container.settings = container.settings.model_copy(update={"spacy_model": "large"})
    assert places(container)["model"] == "large"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("redis://:geheim@localhost:6379/0", "redis://***@localhost:6379/0"),
        ("rediss://du:ge@heim@host/1", "rediss://***@host/1"),
        ("http://a:geheim@x:9200,http://b:geheim@y:9200", "http://***@x:9200,http://***@y:9200"),
        ("unix://:geheim@/run/redis.sock?db=1", "unix://***@/run/redis.sock?db=1"),
        (
            "sentinel://:geheim@a;sentinel://b/0?master_name=m&sentinel_password=geheim&x=1",
            "sentinel://***@a;sentinel://b/0?master_name=m&sentinel_password=***&x=1",
        ),
    ],
)
def test_who_logs_in_is_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


@given(st.text(min_size=3), st.text(min_size=3))
def test_no_password_is_ever_shown(user: str, password: str) -> None:
    login = f"{quote(user, safe='')}:p{quote(password, safe='')}w"
    shown = masked(f"redis://{login}@host:6379/0?password=p{quote(password, safe='')}w")
    assert shown == "redis://***@host:6379/0?password=***"
