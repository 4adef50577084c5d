"""What is older than it may be kept: by publication, by receipt, by the licence of its agency."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from articles.errors import UsageError
from indexing.searching.expired import Expiry
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.care.test_withdraw import documents, dropped, files
from worker.care.expire import expire, expire_by_licence, expired
from worker.care.licence import by_licence, licence
from worker.care.withdraw import Order


@pytest.fixture
def ids(container: FakeContainer, fake: FakeElasticsearch) -> dict[str, str]:
    """Of dpa and of the desk, from May, from 2024, from July, and of no date; all came in June."""
    dates = {"may": "2024-05-31", "year": "2024", "july": "2024-07-01", "none": None}
    articles = {
        f"{name}_json": json.dumps(
            {
                "headline": f"Bericht {name}",
                "body": f"Karsten Holm war in Bremen ({name}).",
                "agencies": ["dpa"] if name in {"may", "year"} else [],
                **({"published": date} if date else {}),
            }
        )
        for name, date in dates.items()
    }
    fates = dropped(container, **articles)
    for fate in fates.values():
        moment = {"received_at": "2024-06-15T12:00:00.000000Z"}
        fake.store.single("articles").update(fate.id, moment)
    container.client.indices.refresh(index="articles")
    return {path.removesuffix(".json"): fate.id for path, fate in fates.items()}


@pytest.mark.parametrize(
    ("expiry", "names"),
    [
        (Expiry("2024-05-31"), set()),
        (Expiry("2024-06-01"), {"may"}),
        (Expiry("2024-06-16"), {"may", "none"}),
        (Expiry("2024-12-31"), {"may", "none", "july"}),
        (Expiry("2025-01-01"), {"may", "none", "july", "year"}),
        (Expiry("2025-01-01", agencies=("DPA", "afp")), {"may", "year"}),
        (Expiry("2025-01-01", query='"Bericht july"'), {"july"}),
        (Expiry("2024-06-15", by="received"), set()),
        (Expiry("2024-06-16", by="received"), {"may", "none", "july", "year"}),
    ],
)
def test_what_is_older(
    container: FakeContainer, ids: dict[str, str], expiry: Expiry, names: set[str]
) -> None:
    found = {one.id for page in expired(container, expiry) for one in page}
    assert found == {ids[name] for name in names}


def test_a_query_is_not_loosened(container: FakeContainer, ids: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="No article has all"):
        list(expired(container, Expiry("2030-01-01", query="Bericht Raumstation july Zirkus")))


def test_they_are_withdrawn_as_expired(
    container: FakeContainer, fake: FakeElasticsearch, ids: dict[str, str]
) -> None:
    seen: list[int] = []
    order = Order("expired", "desk")
    assert expire(container, Expiry("2024-06-16"), order, seen.append) == sum(seen) == 2
    assert documents(fake) == {ids["year"], ids["july"]}
    assert files(container.folders.withdrawn) == ["may.json", "none.json"]
    assert {one.reason for one in container.tombstones.all()} == {"expired"}


def test_a_licence_counts_days_of_the_place() -> None:
    late = datetime(2024, 6, 30, 23, tzinfo=UTC)
    assert by_licence({"dpa": 30, "afp": 0}, late, "Europe/Berlin") == [
        Expiry("2024-06-01", agencies=("dpa",), licence=True),
        Expiry("2024-07-01", agencies=("afp",), licence=True),
    ]


def test_a_licence_ends_by_itself(
    container: FakeContainer, fake: FakeElasticsearch, ids: dict[str, str]
) -> None:
    kept = {"retention": {"dpa": 30}, "retention_purge": True}
    container.settings = container.settings.model_copy(update=kept)
    assert expire_by_licence(container, datetime(2024, 6, 30, tzinfo=UTC)) == 0
    assert expire_by_licence(container, datetime(2024, 7, 1, tzinfo=UTC)) == 1
    assert ids["may"] not in documents(fake)
    assert files(container.folders.withdrawn) == []


@pytest.mark.parametrize("agency", ["dpa", "eigen"])
def test_another_s_text_under_an_id_ends_the_licence_of_no_other(
    container: FakeContainer, fake: FakeElasticsearch, agency: str
) -> None:
    """Red before: with an old date and an agency it had the whole article taken down, for good."""
    container.settings = container.settings.model_copy(
        update={"retention": {"dpa": 30}, "retention_purge": True}
    )
    own = {"headline": "Eigen", "body": "Karsten Holm war in Bremen.", "id": "7"}
    old = {"headline": "Alt", "body": "Zwei Sätze von früher.", "id": "7", "agencies": ["dpa"]}
    dropped(container, eigen_json=json.dumps({**own, "agencies": [agency]}))
    fates = dropped(container, alt_json=json.dumps({**old, "published": "2020-01-01"}))
    container.client.indices.refresh(index="articles")
    assert {fate.fate for fate in fates.values()} == {"corrected"}
    assert expire_by_licence(container, datetime.now(UTC)) == 0
    assert documents(fake) == {"s-7"}
    (note,) = licence(container)
    assert note.items == ("s-7",)
