"""The day of an article is the day in the place where its time was written."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.article import Published
from extraction.formats.published import key_date, localised

ZONES = ["Europe/Berlin", "UTC", "America/New_York", "Asia/Kathmandu"]


@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("2024-06-19T00:30:00+02:00", "2024-06-19T00:30:00+02:00"),
        ("2024-06-19T00:30:00-07:00", "2024-06-19T00:30:00-07:00"),
        ("2024-06-18T22:30:00Z", "2024-06-19T00:30:00+02:00"),
        ("2024-06-19T00:30:00", "2024-06-19T00:30:00+02:00"),
        ("2024-12-19T00:30:00", "2024-12-19T00:30:00+01:00"),
        ("1850-06-19T00:30:00", "1850-06-19T00:30:00+00:53"),
    ],
)
def test_a_time_keeps_its_offset_or_gets_that_of_the_zone(written: str, local: str) -> None:
    assert localised(Published(written, "second")).value[:19] == local[:19]
    assert localised(Published(written, "second")).value[19:] == local[19:]


@pytest.mark.parametrize("value", ["2024", "2024-06", "2024-06-19"])
def test_what_has_no_time_of_day_stays(value: str) -> None:
    published = Published(value, "day" if value.count("-") == 2 else "month")
    assert localised(published, "America/New_York") == published
    assert key_date(published) == value


@given(st.datetimes(), st.sampled_from(ZONES), st.booleans())
@example(datetime.fromisoformat("0001-01-01"), "America/New_York", True)
@example(datetime.fromisoformat("9999-12-31T23:59"), "Asia/Kathmandu", True)
@example(datetime.fromisoformat("1893-01-01"), "Europe/Berlin", False)
def test_the_instant_stays_and_the_day_is_local(moment: datetime, zone: str, utc: bool) -> None:
    written = moment.replace(microsecond=0).isoformat() + ("Z" if utc else "")
    published = localised(Published(written, "second"), zone)
    value = datetime.fromisoformat(published.value)
    if utc:
        assert value == datetime.fromisoformat(written)
    else:
        assert published.value[:10] == written[:10]
    assert len(published.value) <= len("2024-06-19T00:00:00+02:00"), "no seconds in an offset"
