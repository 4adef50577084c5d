"""Parquet: a row an article, group by group, whatever the types of its columns are."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from arro3.core import DataType
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import TooSlow, Unreadable
from extraction.confined.limits import NORMAL
from extraction.containers import parquet as container
from extraction.containers.member import Limits, Opened
from extraction.documents import parquet as reader
from extraction.documents import thrift
from extraction.documents.thrift import Items, read_struct, written
from tests.unit.extraction.containers.test_containers import kind, members
from tests.unit.extraction.documents.made_parquet import NAMES, TEXT, column, parquet

TYPES = {"Titel": TEXT, "Text": TEXT, "Autor": NAMES, "Datum": DataType.date32()}
ROWS: list[dict[str, object]] = [
    {"Titel": "Neue Brücke", "Text": "Der Rat.", "Autor": ["Anna Muster", "Ben Bauer"]},
    {"Titel": "Zweite", "Text": None, "Datum": "2024-06-19"},
    {"Titel": None, "Text": None},
    {"Titel": "Letzte 😀", "Text": "Ende.", "Autor": []},
]
WHOLE = parquet(ROWS, TYPES)
ARTICLES = [
    {"headline": "Neue Brücke", "body": "Der Rat.", "byline": ["Anna Muster", "Ben Bauer"]},
    {"headline": "Zweite", "published": "2024-06-19"},
    {"headline": "Letzte 😀", "body": "Ende."},
]


def rows(data: bytes, columns: bytes | None = None) -> list[dict[str, object]]:
    return [json.loads(member.data) for member in members("a.parquet", data, columns=columns)]


@pytest.mark.parametrize("packed", ["snappy", "zstd(3)", "gzip(6)", "brotli(3)", "lz4_raw", "lz4"])
@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_a_row_is_an_article_however_it_is_packed_and_in_groups_of_any_size(
    packed: str, size: int
) -> None:
    data = parquet(ROWS, TYPES, compression=packed, max_row_group_size=size)
    assert kind("a.parquet", data) == kind("ohne-endung", data) == "a Parquet file"
    assert rows(data) == ARTICLES


@pytest.mark.parametrize(
    "how",
    [
        {"writer_version": "parquet_2_0"},
        {"dictionary_enabled": False},
        {"dictionary_enabled": False, "column_encoding": {"Titel": "delta_byte_array"}},
        {"skip_arrow_metadata": True, "bloom_filter_enabled": True},
    ],
)
def test_and_however_it_is_written(how: dict[str, Any]) -> None:
    assert rows(parquet(ROWS, TYPES, **how)) == ARTICLES


def test_the_place_of_a_row_is_its_name() -> None:
    names = [member.name for member in members("a.parquet", WHOLE)]
    assert names == ["0000001.json", "0000002.json", "0000004.json"]


def test_headings_of_others_are_named_in_columns_toml() -> None:
    data = parquet(
        [{"Zeile": "Neue Brücke", "Langtext": "Der Rat"}], {"Zeile": TEXT, "Langtext": TEXT}
    )
    told = b'headline = "Zeile"\nbody = "Langtext"\n'
    assert rows(data, told) == [{"headline": "Neue Brücke", "body": "Der Rat"}]
    with pytest.raises(Unreadable, match=r"None of its columns.*'Zeile'"):
        members("a.parquet", data)


def test_values_of_all_types_are_as_a_person_would_write_them() -> None:
    numbers = {"i": (DataType.int64(), 5, "5"), "f": (DataType.float64(), 2.0, "2")}
    times = {
        "s": (DataType.timestamp("s"), "2024-06-19T00:00:00", "2024-06-19"),
        "ns": (DataType.timestamp("ns"), "2024-06-19T14:30:00", "2024-06-19T14:30:00"),
        # As an instant: no confined process knows where Berlin's clocks stand.
        "tz": (
            *(DataType.timestamp("us", tz="Europe/Berlin"), "2024-06-19T14:30:00Z"),
            "2024-06-19T14:30:00+00:00",
        ),
        "t": (DataType.time32("s"), "14:30:00", "14:30:00"),
    }
    others = {
        "dec": (DataType.decimal128(5, 2), "1.50", "1.50"),
        "b": (DataType.bool(), True, "True"),
        "bin": (DataType.binary(), "c3bc", "ü"),
        "list": (DataType.list(DataType.float32()), [0.5], ""),
        "struct": (DataType.struct([column("a", TEXT)]), {"a": "x"}, ""),
    }
    known = {**numbers, **times, **others}
    data = parquet(
        [{name: v for name, (_, v, _) in known.items()}, {}],
        {n: k for n, (k, _, _) in known.items()},
    )
    ((columns, (first, second)),) = told(data)
    assert dict(zip(columns, first, strict=True)) == {name: w for name, (_, _, w) in known.items()}
    assert not any(second)


def told(data: bytes) -> list[tuple[list[str], list[list[str]]]]:
    with opened(data) as one:
        footer, ends = container._footer(one)
        said = reader.read_parquet(footer, NORMAL, 0, None)
        groups = container._groups(said["groups"], ends)
        read = ((container._bytes(one, group), group, said["file"]) for group in groups)
    return [part for each in read for part in container._parts(one, *each)]


@contextmanager
def opened(data: bytes, limits: Limits | None = None) -> Iterator[Opened]:
    yield Opened("a.parquet", io.BytesIO(data), limits or Limits())


def test_a_group_is_told_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{"Titel": f"Zeile {number}", "Text": "x" * 100} for number in range(1_000)]
    data = parquet(many, TYPES)
    monkeypatch.setattr(reader, "_PART", 20_000)
    footer, begin, end = _only_group(data)
    start, parts, seen = 0, 0, list[str]()
    while start is not None:
        said = reader.read_parquet(data[begin:end], NORMAL, start, footer)
        seen += [row[0] for row in said["rows"]]
        start, parts = said["following"], parts + 1
    assert seen == [f"Zeile {number}" for number in range(1_000)]
    assert parts > 3


def _only_group(data: bytes) -> tuple[dict[str, str], int, int]:
    length = int.from_bytes(data[-8:-4], "little")
    said = reader.read_parquet(data[-8 - length : -8], NORMAL, 0, None)
    ((begin, end, group),) = said["groups"]
    return {"file": said["file"], "group": group}, begin, end


def test_of_a_file_only_the_bytes_of_one_group_are_read() -> None:
    many = [{"Titel": f"Zeile {number}", "Text": "x" * number} for number in range(100)]
    data = parquet(many, TYPES, max_row_group_size=10, compression="uncompressed")

    class Watched(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1) -> bytes:
            got = super().read(size)
            self.most = max(self.most, len(got))
            return got

    stream = Watched(data)
    count = len(list(container.KIND.members(Opened("a.parquet", stream, Limits()))))
    assert count == 100
    assert stream.most < len(data) / 3


@pytest.mark.parametrize(
    ("data", "limits", "says"),
    [
        (WHOLE[:-20], NORMAL, "cut off"),
        (WHOLE[:4], NORMAL, "cut off"),
        (b"PARE" + WHOLE[4:-4] + b"PARE", NORMAL, "encrypted"),
        (WHOLE, replace(NORMAL, unpacked=10), "DEPESCHE_READER_UNPACKED"),
        (b"PAR1" + bytes(40) + (40).to_bytes(4, "little") + b"PAR1", NORMAL, "table is empty"),
        (b"PAR1" + b"\xff" * 40 + (40).to_bytes(4, "little") + b"PAR1", NORMAL, "broken"),
        (b"PAR1" + b"\x19" * 40 + (40).to_bytes(4, "little") + b"PAR1", NORMAL, "broken"),
        (parquet([], TYPES), NORMAL, "table is empty"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, limits: Any, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        members("a.parquet", data, Limits(reader=limits))
    assert raised.value.advice


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_cut_or_broken_it_is_read_or_refused(drawn: st.DataObject) -> None:
    raw = bytearray(WHOLE)
    for _ in range(drawn.draw(st.integers(1, 6))):
        raw[drawn.draw(st.integers(4, len(raw) - 5))] = drawn.draw(st.integers(0, 255))
    with suppress(Unreadable, TooSlow):
        members("a.parquet", bytes(raw))


NUMBERS = st.integers(-(2**63), 2**63 - 1)
VALUES = st.recursive(
    st.one_of(
        st.tuples(st.sampled_from([thrift.I16, thrift.I32, thrift.I64]), NUMBERS),
        st.tuples(st.just(thrift.BINARY), st.binary(max_size=200)),
        st.tuples(st.just(thrift.DOUBLE), st.binary(min_size=8, max_size=8)),
        st.booleans().map(lambda true: (thrift.TRUE if true else thrift.FALSE, true)),
        st.lists(NUMBERS, max_size=20).map(lambda i: (thrift.LIST, Items(thrift.I64, i))),
    ),
    lambda inner: st.one_of(
        st.dictionaries(st.integers(1, 400), inner, max_size=4).map(lambda s: (thrift.STRUCT, s)),
        st.lists(st.dictionaries(st.integers(1, 40), inner, max_size=2), max_size=3).map(
            lambda items: (thrift.LIST, Items(thrift.STRUCT, items))
        ),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.integers(1, 2_000), VALUES, max_size=6))
def test_structures_are_read_as_they_were_written(struct: thrift.Struct) -> None:
    assert read_struct(written(struct)) == struct


@given(st.binary(max_size=200))
def test_other_bytes_are_a_structure_or_broken(data: bytes) -> None:
    with suppress(ValueError):
        read_struct(data)


def test_structures_without_end_are_broken() -> None:
    for data in (b"\x1c" * 100_000, b"\x19\xfc\xff\xff\xff\xff\x0f" * 10, b"\x15" + b"\xff" * 20):
        with pytest.raises(ValueError, match=r"deep|cut|items|end"):
            read_struct(data)


def regrouped(data: bytes, change: Callable[[Items], Items]) -> bytes:
    """With other groups in its footer."""
    length = int.from_bytes(data[-8:-4], "little")
    footer = read_struct(data[-8 - length : -8])
    kind, groups = footer[4]
    footer[4] = (kind, change(groups))
    told = written(footer)
    return data[: -8 - length] + told + len(told).to_bytes(4, "little") + b"PAR1"


def test_the_same_pages_are_not_read_a_thousand_times() -> None:
    """343 kB held an intake process for nine minutes, and could for hours."""
    data = regrouped(WHOLE, lambda groups: Items(groups.of, list(groups.items) * 1_000))
    with pytest.raises(Unreadable, match="its groups lie in each other") as raised:
        rows(data)
    assert raised.value.advice
    two = parquet(ROWS, TYPES, max_row_group_size=2)
    assert rows(regrouped(two, lambda groups: Items(groups.of, groups.items[::-1])))


def test_nor_the_pages_of_one_column_as_another_s() -> None:
    def shared(groups: Items) -> Items:
        columns = groups.items[0][1][1].items
        columns[1] = columns[0]
        return groups

    with pytest.raises(Unreadable, match="its columns lie in each other"):
        rows(regrouped(WHOLE, shared))


def test_a_row_gives_no_more_than_its_share_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes two minutes in all may: half a minute for each row, of thousands, may not."""
    now = 0.0
    monkeypatch.setattr(container, "_clock", lambda: now)

    def parts(seconds: float, count: int, of: int) -> Iterator[tuple[list[str], list[list[str]]]]:
        nonlocal now
        for _ in range(count):
            now += seconds
            yield ["Titel"], [["Wort"]] * of

    for _ in container._Patience().watched(parts(1.0, 1_000, 1)):
        now += 1_000  # what others do with the rows
    assert len(list(container._Patience().watched(parts(30.0, 1_000, 30)))) == 1_000
    slow = container._Patience().watched(parts(30.0, 1_000, 1))
    assert len(list(islice(slow, 4))) == 4
    with pytest.raises(Unreadable, match="hardly one"):
        next(slow)


def test_groups_without_a_word_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader's limit is of one group: of thousands, each at that limit, nobody had an end."""
    monkeypatch.setattr(container, "_MOST_SECONDS", 0.0, raising=False)
    empty: list[dict[str, object]] = [{"Titel": None}] * 3
    with pytest.raises(Unreadable, match="no word came"):
        rows(parquet([*ROWS, *empty], TYPES, max_row_group_size=1))
    assert len(rows(parquet([*ROWS, *empty], TYPES, max_row_group_size=7))) == len(ARTICLES)
