"""Datelines and bylines: the certain forms, and the ordinary text that must stay alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.formats.byline import read_byline
from extraction.formats.dateline import read_dateline

DATELINES = [
    ("BERLIN taz | ", ("Berlin",), ("taz",)),
    ("MOSKAU/BERLIN dpa | ", ("Moskau", "Berlin"), ("dpa",)),
    ("PARIS afp/rtr/taz | ", ("Paris",), ("afp", "rtr", "taz")),
    ("FRANKFURT AM MAIN epd | ", ("Frankfurt am Main",), ("epd",)),
    ("FRANKFURT/MAIN dpa | ", ("Frankfurt am Main",), ("dpa",)),
    ("FRANKFURT (ODER) dpa | ", ("Frankfurt (Oder)",), ("dpa",)),
    ("NEW YORK taz | ", ("New York",), ("taz",)),
    ("BERLIN/MÜNCHEN dpa/taz | ", ("Berlin", "München"), ("dpa", "taz")),
    ("taz | ", (), ("taz",)),
    ("BERLIN | ", ("Berlin",), ()),
    ("ROM | ", ("Rom",), ()),
    ("GAZA-STADT/TEL AVIV ap | ", ("Gaza-Stadt", "Tel Aviv"), ("ap",)),
    ("SÃO PAULO taz | ", ("São Paulo",), ("taz",)),
    ("DEN HAAG afp | ", ("Den Haag",), ("afp",)),
    ("PORT-AU-PRINCE ap | ", ("Port-au-Prince",), ("ap",)),
    ("N’DJAMENA afp | ", ("N’Djamena",), ("afp",)),
    ("WASHINGTON D.C. taz | ", ("Washington D.C.",), ("taz",)),
    ("GIEßEN epd | ", ("Gießen",), ("epd",)),
    ("MAGDEBURG dpa/lsa | ", ("Magdeburg",), ("dpa", "lsa")),
    ("BERLIN dpa, afp | ", ("Berlin",), ("dpa", "afp")),
    ("BERLIN taz| ", ("Berlin",), ("taz",)),
    ("BERLIN AFP | ", ("Berlin",), ("afp",)),
    ("Berlin (dpa) - ", ("Berlin",), ("dpa",)),
    ("BERLIN (dpa/AFP) – ", ("Berlin",), ("dpa", "afp")),
    ("Hamburg, 3. Juni (dpa) - ", ("Hamburg",), ("dpa",)),
    ("Köln, 12. 3. (KNA) – ", ("Köln",), ("kna",)),
    ("Washington/New York (AFP) — ", ("Washington", "New York"), ("afp",)),
    ("Frankfurt/Oder (dpa/bb) - ", ("Frankfurt (Oder)",), ("dpa", "bb")),
    ("Essen/Mülheim/Ruhr (dpa) - ", ("Essen", "Mülheim an der Ruhr"), ("dpa",)),
    ("Aachen (dpa). ", ("Aachen",), ("dpa",)),
    ("Berlin (Deutschland), 18.11.2007 – ", ("Berlin",), ()),
    ("ADDIS ABEBA, 3. Juni. ", ("Addis Abeba",), ()),
    ("WIEN/GRAZ, 3. Juni 1994. (APA) ", ("Wien", "Graz"), ("apa",)),
]
NO_DATELINES = [
    "CDU | SPD und FDP einigen sich.",
    "UPDATE | Neues aus dem Bundestag.",
    "foo | bar",
    "Er sagte taz | und dann nichts.",
    "Lesen Sie die taz | jeden Tag.",
    "Die Agentur (dpa) - sie meldet viel.",
    "Angela Merkel (CDU) - Bundeskanzlerin.",
    "Paris (Texas) - ein Film von Wim Wenders.",
    "Montag, 3. Juni – Konzert im Rathaus.",
    "BERLIN ist die Hauptstadt | Bonn war es.",
    "Das Ergebnis 3 | 1 stand fest.",
    "| leer davor",
    "NATO | Gipfel",
    "Bern, 7. Februar. Der Bundesrat tagt.",
    "BERN, den 7. Februar. Der Bundesrat tagt.",
    "",
]


@pytest.mark.parametrize(("written", "places", "agencies"), DATELINES)
def test_dateline_is_read(written: str, places: tuple[str, ...], agencies: tuple[str, ...]) -> None:
    body = f"{written}Der Text beginnt | hier (dpa) - so.\n\nZweiter Absatz."
    found = read_dateline(body)
    assert found is not None
    assert (found.places, found.agencies, found.end) == (places, agencies, len(written))


@pytest.mark.parametrize("body", NO_DATELINES)
def test_ordinary_text_is_no_dateline(body: str) -> None:
    assert read_dateline(body) is None


def test_dateline_after_a_byline() -> None:
    body = "Von Anna Muster\n\nKIEW taz | Der Text."
    found = read_dateline(body)
    assert found is not None
    assert body[found.end :] == "Der Text."
    assert found.places == ("Kiew",)


@given(st.text(alphabet="AB bz/|(),.-–\n\t3dpta", max_size=60))
def test_dateline_and_byline_end_inside_the_body(body: str) -> None:
    for found in (read_dateline(body), read_byline(body)):
        assert found is None or 0 < found.end <= len(body)


BYLINES = [
    ("Von Anna Muster", ("Anna Muster",)),
    ("VON ANNA MUSTER", ("Anna Muster",)),
    ("Aus Kiew Anna Muster", ("Anna Muster",)),
    ("AUS TEL AVIV ANNA MUSTER", ("Anna Muster",)),
    ("Von Anna Muster und Ben von der Heide", ("Anna Muster", "Ben von der Heide")),
    ("Von Anna Muster, Ben Bauer und Cem Demir", ("Anna Muster", "Ben Bauer", "Cem Demir")),
    ("Von Anna Muster, Berlin", ("Anna Muster",)),
    ("Von unserer Korrespondentin Anna Muster", ("Anna Muster",)),
    ("VON KARL-HEINZ VON DER MÜHLE", ("Karl-Heinz von der Mühle",)),
    ("Von Prof. Dr. Anna Muster", ("Anna Muster",)),
]


@pytest.mark.parametrize(("line", "names"), BYLINES)
def test_byline_is_read(line: str, names: tuple[str, ...]) -> None:
    found = read_byline(f"{line}\n\nText.")
    assert found is not None
    assert (found.names, found.end) == (names, len(line) + 2)


@pytest.mark.parametrize(
    "line",
    [
        "Von Berlin nach Rom",
        "Von Bonn und Köln",
        "Von heute an gilt das neue Gesetz.",
        "Von Angela Merkel gibt es Neues",
        "Aus Berlin kommt Anna Muster",
        "Aus Frankfurt Oder Anna Maria Muster",
        "Vonovia baut Wohnungen",
    ],
)
def test_ordinary_line_is_no_byline(line: str) -> None:
    assert read_byline(f"{line}\n\nText.") is None


@pytest.mark.parametrize(
    "written",
    ["MOSKAU, Montag (Reuters) - ", "MOSKAU (Reuters) -- ", "Moskau, Sonnabend (Reuters) – "],
)
def test_days_of_the_week_are_no_places_and_a_dash_may_be_two_hyphens(written: str) -> None:
    dateline = read_dateline(f"{written}Der Kreml schweigt.")
    assert dateline
    assert (dateline.places, dateline.agencies) == (("Moskau",), ("reuters",))
    assert dateline.end == len(written)
