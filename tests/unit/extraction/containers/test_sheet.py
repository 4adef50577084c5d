"""Workbooks are tables: an article a row, whichever program wrote them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import TooSlow, Unreadable
from extraction.confined.limits import NORMAL
from extraction.containers.member import Limits, Member
from extraction.documents import sheet
from tests.unit.extraction.containers.test_containers import kind, members
from tests.unit.extraction.documents.made_sheets import Cell, ods, packed, xlsx

HEADINGS: list[Cell] = ["Titel", "Volltext", "Datum", "ID"]
ROWS: list[list[Cell]] = [
    HEADINGS,
    ["Neue Brücke", "Der Rat\n\nhat es <so> beschlossen.", date(2024, 6, 19), 17],
    ["", "", "", ""],
    ["Zweite", "Text", "Juni 2024", 2.5],
]


def told(member: Member) -> dict[str, str]:
    values: dict[str, str] = json.loads(member.data)
    return values


@pytest.mark.parametrize("above", [0, 3])
def test_a_workbook_is_a_table(above: int) -> None:
    data = xlsx({"Artikel": ROWS}, above=above)
    assert kind("a.xlsx", data) == kind("ohne-endung", data) == "a workbook"
    first, second = members("a.xlsx", data)
    assert told(first) == {
        "headline": "Neue Brücke",
        "body": "Der Rat\n\nhat es <so> beschlossen.",
        "published": "2024-06-19",
        "id": "17",
    }
    assert told(second)["id"] == "2.5"
    assert [m.name for m in (first, second)] == [
        f"{number + above:07}.json" for number in (2, 4)
    ], "rows are counted as the program shows them"


def test_a_workbook_of_opendocument_is_read() -> None:
    data = ods([["Überschrift", "Text"], ["Neue Brücke", "Der Rat"]])
    assert kind("a.ods", data) == "a workbook"
    (member,) = members("a.ods", data)
    assert told(member) == {"headline": "Neue Brücke", "body": "Der Rat"}


def test_the_first_sheet_that_is_shown_and_has_rows_is_read_and_others_are_counted() -> None:
    sheets: dict[str, list[list[Cell]]] = {
        "Leer": [],
        "Geheim": ROWS,
        "Artikel": ROWS[:2],
        "Notizen/2": [["x"]],
    }
    first, *others = members("a.xlsx", xlsx(sheets, hidden=["Geheim"]))
    assert told(first)["headline"] == "Neue Brücke"
    assert others == [Member("Leer", left=True), Member("Notizen_2", left=True)]


def test_columns_are_named_as_those_of_any_table() -> None:
    data = xlsx({"A": [["Zeile", "Langtext"], ["Neue Brücke", "Der Rat"]]})
    (member,) = members("a.xlsx", data, columns=b'headline = "Zeile"\nbody = "Langtext"\n')
    assert told(member) == {"headline": "Neue Brücke", "body": "Der Rat"}
    with pytest.raises(Unreadable, match="known as the headline: 'Zeile', 'Langtext'"):
        members("a.xlsx", data)


def test_a_long_sheet_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[Cell]] = [["Titel", "Text"]]
    rows += [[f"Nummer {number}", "x" * 50] for number in range(30)]
    data = xlsx({"A": rows})
    monkeypatch.setattr(sheet, "_PART", 400)
    start: int | None = 0
    read: list[list[str]] = []
    parts = 0
    while start is not None:
        part = sheet.read_sheet(data, NORMAL, start)
        read, start, parts = read + part.rows, part.following, parts + 1
    assert read == rows
    assert parts > 3


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (xlsx({"A": []}), "The table is empty"),
        (xlsx({"A": ROWS})[:-30], "broken"),
        (packed({"[Content_Types].xml": "", "xl/workbook.xml": "<x"}), "broken"),
        (xlsx({"A": [["Titel"], ["x" * 3_000_000]]}), "unpacks to more than 200 times"),
    ],
    ids=["empty", "cut", "no-xml", "bomb"],
)
def test_what_cannot_be_read_is_said(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        members("a.xlsx", data)
    assert raised.value.advice


def test_its_limits_are_those_of_readers() -> None:
    few = Limits(reader=replace(NORMAL, unpacked=100))
    with pytest.raises(Unreadable, match="more than 100 bytes"):
        members("a.xlsx", xlsx({"A": ROWS}), few)


@pytest.mark.parametrize("data", [xlsx({"A": ROWS}), ods([["Titel"], ["x"]])], ids=["xlsx", "ods"])
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_cut_or_broken_it_is_read_or_refused(data: bytes, drawn: st.DataObject) -> None:
    raw = bytearray(data)
    for _ in range(drawn.draw(st.integers(0, 6))):
        raw[drawn.draw(st.integers(0, len(raw) - 1))] = drawn.draw(st.integers(0, 255))
    end = drawn.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))
    if kind("a.xlsx", bytes(raw[:end])):
        with suppress(Unreadable, TooSlow):
            members("a.xlsx", bytes(raw[:end]))
