"""Dates as people write them: what is read, at which precision, and what is said instead."""

from __future__ import annotations

import email.utils
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from german.dates import date_at_start, exact_date, read_date

#: One text -> what is read of it; a time has the offset that is written.
READ = {
    "2024": "2024",
    "2024-06": "2024-06",
    "06/2024": "2024-06",
    "Juni 2024": "2024-06",
    "Dez. 2024": "2024-12",
    "2024-6-9": "2024-06-09",
    "2024/06/19": "2024-06-19",
    "20240619": "2024-06-19",
    "19.06.2024": "2024-06-19",
    "19. 6. 2024": "2024-06-19",
    "19.6.24": "2024-06-19",
    "19.6.89": "1989-06-19",
    "19/06/2024": "2024-06-19",
    "06/19/2024": "2024-06-19",
    "04/04/2024": "2024-04-04",
    "30/12/99": "1999-12-30",
    "19. Juni 2024": "2024-06-19",
    "19.Juni 2024": "2024-06-19",
    "19. JUNI 2024": "2024-06-19",
    "1. März 2024": "2024-03-01",
    "24. Jänner 2024": "2024-01-24",
    "19-Jun-2024": "2024-06-19",
    "June 19th, 2024": "2024-06-19",
    "Mittwoch, 19. Juni 2024": "2024-06-19",
    "am Mittwoch, den 19. Juni 2024": "2024-06-19",
    "Mi., 19.06.2024": "2024-06-19",
    "19.06.2024, 14 Uhr": "2024-06-19T14:00:00",
    "19.06.2024 - 14:30 Uhr": "2024-06-19T14:30:00",
    "19. Juni 2024, 14:30 Uhr": "2024-06-19T14:30:00",
    "19. Juni 2024 um 9.05 Uhr": "2024-06-19T09:05:00",
    "2024-06-19 14:30": "2024-06-19T14:30:00",
    "2024-06-19T14:30:05.123+0200": "2024-06-19T14:30:05+02:00",
    "2024-06-19T14:30:00+02:00[Europe/Berlin]": "2024-06-19T14:30:00+02:00",
    "20240619T143000Z": "2024-06-19T14:30:00Z",
    "20240619T1430": "2024-06-19T14:30:00",
    "2024-06-19t14:30:00z": "2024-06-19T14:30:00Z",
    "19. JUNI 2024, 14.30 UHR": "2024-06-19T14:30:00",
    "Wed, 19 Jun 2024 14:30:00 +0200 (CEST)": "2024-06-19T14:30:00+02:00",
    "19 Jun 24 14:30:00 EST": "2024-06-19T14:30:00-05:00",
    "Wed, 19 Jun 2024 14:30:00 GMT": "2024-06-19T14:30:00Z",
    "2024-06-19T14:30:00-00:00": "2024-06-19T14:30:00Z",
    "Wed Jun 19 14:30:00 CEST 2024": "2024-06-19T14:30:00+02:00",
    "06/19/2024 2:30 PM": "2024-06-19T14:30:00",
    "19.06.2024 14:30 MESZ": "2024-06-19T14:30:00+02:00",
}


@pytest.mark.parametrize("text", READ)
def test_what_is_read(text: str) -> None:
    read = read_date(text)
    assert read.published, read.why
    assert (read.published.value, read.part, read.fault) == (READ[text], False, "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2024-02-31", "2024-02"),
        ("31.02.2024", "2024-02"),
        ("2024-13-01", "2024"),
        ("2024-06-xx", "2024-06"),
        ("2024-06-19T25:00", "2024-06-19"),
        ("19.06.2024 abends", "2024-06-19"),
        ("13-13-2024", "2024"),
        ("20240631", "2024-06"),
    ],
)
def test_what_does_not_exist_is_cut_away_and_told(text: str, kept: str) -> None:
    read = read_date(text)
    assert read.published
    assert (read.published.value, read.part) == (kept, True)


@pytest.mark.parametrize("text", ["03/04/2024", "03-04-2024", "03/04/24", "24-06-19", "24-06-31"])
def test_what_may_be_several_days_is_not_guessed(text: str) -> None:
    read = read_date(text)
    assert (read.published, read.fault) == (None, "ambiguous")
    assert text in read.why


@pytest.mark.parametrize(
    "text", ["", "gestern", "Stand: 2024", "0000-01-01", "1718798400", "Juni", "19062024"]
)
def test_what_is_no_date(text: str) -> None:
    read = read_date(text)
    assert (read.published, read.fault) == (None, "unreadable")
    assert "write 2024-06-19" in read.why


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("2024-06-19 14 Tote", " 14 Tote"),
        ("2024-06-19 3:0 im Finale", " 3:0 im Finale"),
        ("19. Juni 2024, 14:30 Uhr Wetter : Regen", " Wetter : Regen"),
        ("2024 Berlin", " Berlin"),
        ("Mai 2024 Berlin", " Berlin"),
    ],
)
def test_a_date_ends_where_other_text_begins(text: str, behind: str) -> None:
    read = date_at_start(text)
    assert read
    assert text[read.end :] == behind


@pytest.mark.parametrize("text", ["2024er Wein", "19.06. 24 Tote", "19. Juni 24 Tote", "Mo Farah"])
def test_no_date_stands_at_the_start(text: str) -> None:
    assert date_at_start(text) is None


@pytest.mark.parametrize("text", ["2024-06-19T12:00", "03/04/2024", "31.2.2024", "19.6.2024 x", ""])
def test_a_filter_takes_whole_days_alone(text: str) -> None:
    with pytest.raises(ValueError, match="date"):
        exact_date(text)


def test_a_filter_takes_what_people_write() -> None:
    wanted = ["19.6.2024", "2024-06-19", "19. Juni 2024", "2024/06/19"]
    assert {exact_date(text) for text in wanted} == {"2024-06-19"}


WAYS = (
    *("{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y%m%d}"),
    *("{0:%d.%m.%Y}", "{0.day}.{0.month}.{0.year}"),
)
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


@given(st.dates(date(1000, 1, 1)))
@example(date(9999, 12, 31))
def test_each_way_to_write_a_day_is_the_same_day(day: date) -> None:
    texts = [way.format(day) for way in WAYS]
    texts.append(f"{day.day}. {MONTHS[day.month - 1]} {day.year}")
    for text in texts:
        read = read_date(text)
        assert read.published, text
        assert (read.published.value, read.part) == (day.isoformat(), False), text


@given(
    st.datetimes(datetime.fromisoformat("1000-01-02"), datetime.fromisoformat("9999-12-30")),
    st.integers(-12 * 60, 14 * 60).filter(bool),
)
def test_iso_and_mail_times_are_read_as_the_library_reads_them(
    moment: datetime, minutes: int
) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    for text in (aware.isoformat(), email.utils.format_datetime(aware)):
        read = read_date(text)
        assert read.published, text
        assert read.published.value == aware.isoformat()
        assert not read.part


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{1,4}[-./ ][0-9a-z]{1,4}[-./ T][0-9:+Z ]{1,12}"))
@example("٢٠٢٤")
@example("2024-06-19T00:00+99:99")
def test_whatever_is_written_it_never_raises_and_gives_dates_that_exist(text: str) -> None:
    read = read_date(text)
    assert (read.published is None) == bool(read.fault) == bool(read.why)
    if read.published:
        value = read.published.value
        assert datetime.fromisoformat(value + "0001-01-01"[len(value) :])
        assert read.end > 0
