"""What withdrawals ask of a genuine Elasticsearch beside documents."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from indexing.index import point_in_time, withdrawals
from indexing.writing.withdraw import open_searches
from indexing.writing.withdrawals import reached, read_in_parts, since

WORDS = {"site": "x", "reason": "r", "who": "w", "at": "2024-01-01T00:00:00Z"}


@pytest.fixture
def told(client: Elasticsearch, index: str) -> str:
    """The index of withdrawals beside that, with thirty documents of which a third is restored."""
    withdrawals.make(client, index)
    for number in range(30):
        restored = number % 3 == 0
        about = {"id": f"s-{number}", "revision": 1, "restored": restored, **WORDS}
        client.index(index=withdrawals.name(index), id=f"s-{number}", document=about)
    return index


def test_in_pages_by_the_number_of_the_write(
    client: Elasticsearch, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(point_in_time, "_PAGE", 10)
    client.index(
        index=withdrawals.name(told),
        id="s-0",
        document={"id": "s-0", "revision": 2, "restored": False, **WORDS},
    )
    pages = list(since(client, told, 4))
    assert [page.ids for page in pages] == [
        tuple(f"s-{number}" for number in range(5, 15)),
        tuple(f"s-{number}" for number in range(15, 25)),
        (*(f"s-{number}" for number in range(25, 30)), "s-0"),
    ]
    assert [page.upto for page in pages] == [14, 24, 30]
    restored = frozenset[str]().union(*(page.restored for page in pages))
    assert restored == {f"s-{number}" for number in range(6, 30, 3)}
    there = reached(client, told)
    assert there is not None
    assert there.upto == pages[-1].upto
    (part,) = read_in_parts(client, told, [f"s-{number}" for number in range(30)])
    assert [one.revision for one in part] == [2, *[1] * 29]


def test_a_point_in_time_that_is_open_is_counted(client: Elasticsearch, index: str) -> None:
    """By it what was removed is found, and its file stays, also when all is written anew."""
    assert open_searches(client, index) == 0
    with point_in_time.point_in_time(client, index):
        assert open_searches(client, index) == 1
    assert open_searches(client, index) == 0
