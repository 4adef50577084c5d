"""Lines at the edge of a text that hold it back, and those that only speak of embargoes."""

from __future__ import annotations

import datetime as dt
import json
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Article, Published
from articles.errors import Unreadable
from extraction.formats import embargo_line
from extraction.formats.draft import Draft
from extraction.formats.embargo_line import end_of, without_embargo_line
from extraction.formats.parse import parse
from tests.unit.extraction.formats.held import free

NOON = dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)

MARKS = st.sampled_from(["Sperrfrist:", "SPERRFRIST:", "Sperrvermerk:", "Embargo:", "Embargo bis"])
DAYS = st.sampled_from(
    ["25.06.2024", "Freitag", "Fr.", "heute", "21. Juni 2024", "21.6.", "Mi., 19.06.2024", "Friday"]
)
TIMES = st.sampled_from(["", ", 18 Uhr", ", 18.30 Uhr", ", 10:00"])
AROUND = st.sampled_from([("", ""), ("+++ ", " +++"), ("(", ")"), ("*** ", "! ***"), ("- ", "")])


@given(MARKS, DAYS, TIMES, AROUND)
def test_a_line_that_says_until_when_is_one(
    mark: str, day: str, time: str, around: tuple[str, str]
) -> None:
    before, behind = around
    assert end_of(f"{before}{mark} {day}{time}{behind}") == f"{day}{time}".strip()


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("+++ SPERRFRIST 12.00 Uhr +++", "12.00 Uhr"),
        ("Achtung, Redaktionen: Sperrfrist 25. Juni 2024, 18 Uhr!", "25. Juni 2024, 18 Uhr"),
        ("Sperrfrist: 25.06.2024, 10 Uhr für Online, 12 Uhr Print", "2024-06-25"),
        ("(Sperrfrist bis Fr., 21.06.2024, 18.00 Uhr (MESZ))", "Fr., 21.06.2024, 18.00 Uhr MESZ"),
        ("Sperrfrist: Redebeginn", "Redebeginn"),
        ("Sperrfrist: frei ab 18 Uhr", "18 Uhr"),
        ("Sperrfrist bis auf weiteres", "auf weiteres"),
        ("Sperrfrist: aufgehoben", "aufgehoben"),
    ],
)
def test_ways_to_write_it(line: str, end: str) -> None:
    assert end_of(line) == end


@pytest.mark.parametrize(
    "line",
    [
        "Sperrfrist: Warum Journalisten sie brechen",
        "Sperrfrist: Keine Zeitung hielt sich daran, sagt der Minister",
        "Sperrfrist von 30 Tagen gefordert",
        "Sperrfrist 30 Tage",
        "Die Sperrfrist läuft ab",
        "Es gilt die Sperrfrist: 18 Uhr",
        "Embargo: Kiew stoppt Lieferungen",
        "Embargo bis 31. Juli 2025 verlängert",
        "Embargo gegen Russland",
        "Sperrfrist",
        f"Sperrfrist: 18 Uhr{' Wort' * 50}",
    ],
)
def test_news_of_embargoes_set_none(line: str) -> None:
    assert end_of(line) is None
    draft = Draft("plain", line, body=f"{line}\n\nText.\n\n{line}")
    assert without_embargo_line(draft) == draft


@given(st.text(alphabet="bckmpqwyz ", min_size=1, max_size=60).filter(str.strip))
def test_words_that_are_no_time_make_no_line(words: str) -> None:
    assert end_of(f"Sperrfrist: {words}") is None


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=8))
def test_whatever_stands_there_is_kept_but_for_such_lines(head: str, parts: list[str]) -> None:
    draft = Draft("plain", head, body="\n\n".join(parts))
    assert without_embargo_line(draft) == draft or "sperrfrist" in f"{head}{parts}".lower()


LINE = "Sperrfrist: Freitag, 18 Uhr"


@given(st.integers(0, 12), st.integers(1, 12))
def test_only_the_edges_of_a_text_set_one(place: int, count: int) -> None:
    parts = [f"Absatz {number}." for number in range(count)]
    parts.insert(min(place, count), LINE)
    draft = Draft(
        "plain", "Titel", body="\n\n".join(parts), published=Published("2024-06-19", "day")
    )
    held = without_embargo_line(draft)
    at_edge = place + 1 < 5 or count - place < 3
    assert (held.embargo is not None) == at_edge
    assert (LINE in held.body) != at_edge
    if held.embargo:
        assert held.embargo.value == "2024-06-21T18:00:00"
        assert without_embargo_line(held) == held


@pytest.mark.parametrize(
    ("end", "until"),
    [
        ("heute, 20 Uhr", "2024-06-19T20:00:00"),
        ("12.00 Uhr", "2024-06-19T12:00:00"),
        ("Mittwoch", "2024-06-19"),
        ("Dienstag, 0.01 Uhr", "2024-06-25T00:01:00"),
        ("Freitag, 24 Uhr", "2024-06-21"),
        ("21.6., 18 Uhr", "2024-06-21T18:00:00"),
        ("3. Januar", "2025-01-03"),
        ("Redebeginn", "2024-06-19"),
        ("25.06.2024, 10 Uhr MESZ", "2024-06-25T10:00:00+02:00"),
    ],
)
def test_until_when_is_told_by_the_date_of_the_article(end: str, until: str) -> None:
    draft = Draft("plain", "A", body=f"Sperrfrist: {end}\n\nText.")
    dated = Draft("plain", "A", body=draft.body, published=Published("2024-06-19", "day"))
    held = without_embargo_line(dated)
    assert held.embargo
    assert (held.embargo.value, held.body) == (until, "Text.")
    if "2024" not in end:
        with pytest.raises(Unreadable, match="end cannot be read"):
            without_embargo_line(draft)


def read(data: str | bytes, path: str, received: dt.datetime = NOON) -> Article:
    return free(parse(data.encode() if isinstance(data, str) else data, path, received=received))


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Presse <presse@amt.example>", "Amt baut um"
    message["Date"] = "Wed, 19 Jun 2024 10:00:00 +0200"
    message.set_content(f"+++ {LINE} +++\n\nDas Amt baut um.\n\nMehr am Freitag.\n")
    return message.as_bytes()


PAGE = (
    "<html><head><title>Amt baut um</title><meta property='article:published_time'"
    " content='2024-06-19T10:00:00+02:00'></head><body><article><h1>Amt baut um</h1>"
    f"<p>{LINE}</p><p>Das Amt baut um, und zwar alle Zimmer im zweiten Stock seines Hauses.</p>"
    "<p>Mehr dazu sagt die Leiterin am Freitag vor der Presse in Köln.</p></article></body></html>"
)
HELD: dict[str, str | bytes] = {
    "a.txt": f" date 2024-06-19 Amt : Amt baut um\n\n{LINE}\n\nDas Amt baut um.\n\nMehr.",
    "unten.txt": f" date 2024-06-19 Amt : Amt baut um\n\nDas Amt baut um.\n\nMehr.\n\n{LINE}\n",
    "oben.txt": "SPERRFRIST: 21.06.2024, 18 Uhr\nAmt baut um\n\nDas Amt baut um.\n\nMehr.",
    "kopf.txt": f"Titel: Amt baut um\nDatum: 19.06.2024\n{LINE}\n\nDas Amt baut um.\n\nMehr.",
    "a.md": f"---\ntitle: Amt baut um\ndate: 2024-06-19\n---\n{LINE}\n\nDas Amt baut um.",
    "a.eml": mail(),
    "a.html": PAGE,
    "zeile.json": json.dumps(
        {"headline": "Amt baut um", "body": f"{LINE}\n\nText.", "published": "2024-06-19"}
    ),
}


@pytest.mark.parametrize("path", HELD)
def test_every_format_is_held_back_until_then_and_comes_without_the_line(path: str) -> None:
    with pytest.raises(Unreadable, match="under embargo until 2024-06-21T18:00:00"):
        read(HELD[path], path)
    article = read(HELD[path], path, LATER)
    assert article.headline == "Amt baut um"
    assert "perrfrist" not in f"{article.lead}{article.body}"


def test_what_is_lifted_holds_nobody_up() -> None:
    article = read("Amt baut um\n\nSperrfrist: aufgehoben\n\nDas Amt baut um.\n\nMehr.", "a.txt")
    assert (article.lead, article.body) == ("Das Amt baut um.", "Mehr.")


@given(
    st.lists(
        st.sampled_from(
            ["SPERR", "ſperr", "frist", "frıst", "FRİST", "ver", "merK", " ", "Embargo"]
        )
    ).map("".join)
)
def test_the_first_look_misses_nothing_that_the_pattern_finds(text: str) -> None:
    assert embargo_line._may_set_one(text) == bool(embargo_line._SOME.search(text))
