"""Dates cut to their precision cover the right span."""

from datetime import UTC, datetime

import pytest

from indexing.index.dates import moment_of, span


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024", {"gte": "2024-01-01", "lt": "2025-01-01"}),
        ("2024-02", {"gte": "2024-02-01", "lt": "2024-03-01"}),
        ("2024-12", {"gte": "2024-12-01", "lt": "2025-01-01"}),
        ("2024-02-29", {"gte": "2024-02-29", "lt": "2024-03-01"}),
        ("2023-12-31", {"gte": "2023-12-31", "lt": "2024-01-01"}),
        ("2024-06-19T12:00:00Z", {"gte": "2024-06-19T12:00:00Z", "lte": "2024-06-19T12:00:00Z"}),
        ("9999", {"gte": "9999-01-01", "lte": "9999-12-31T23:59:59.999Z"}),
        ("9999-12", {"gte": "9999-12-01", "lte": "9999-12-31T23:59:59.999Z"}),
        ("9999-12-31", {"gte": "9999-12-31", "lte": "9999-12-31T23:59:59.999Z"}),
    ],
)
def test_a_date_covers_what_its_precision_says(value: str, expected: dict[str, str]) -> None:
    assert span(value) == expected


@pytest.mark.parametrize("value", ["2024-13", "2023-02-29", "0000", "gestern", "", "2024-6"])
def test_a_date_that_does_not_exist_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        span(value)


def test_a_moment_is_told_in_utc() -> None:
    noon = datetime(2024, 6, 19, 12, tzinfo=UTC)
    for text in ("2024-06-19T12:00:00Z", "2024-06-19T14:00+02:00", "2024-06-19T12:00"):
        assert moment_of(text) == noon
    assert moment_of("2024-06-19") == datetime(2024, 6, 19, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2024", "gestern", "0001-01-01T00:00+14:00"])
def test_what_is_no_moment_tells_none(text: str) -> None:
    assert moment_of(text) is None
