"""Containers give their members whole, by the same names each time, and say what is wrong."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.containers import archive
from extraction.containers.member import HEAD, TAIL, Limits, Member, Opened, Sample
from extraction.containers.names import safe_name
from extraction.containers.registry import is_named_so, kind_of
from extraction.formats.parse import parse
from tests.linear import assert_linear

ROWS = [
    {"headline": f"Nachricht {number}, ]}}", "body": 'Er sagte "ja" \\ [nein]'}
    for number in range(3)
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
MAILS = b"".join(
    b"From anna@example.org Mon Jun 17 09:12:00 2024\nSubject: Brief %d\n\nText\n>From hier\n\n"
    % number
    for number in range(3)
)


#: Tests are called after their data, which must be the same in all processes.
WRITTEN = (2024, 6, 19, 14, 30, 0)


def named(value: object) -> str:
    """What tests are called by."""
    return value if isinstance(value, str) else ""


def kind(path: str, data: bytes) -> str:
    known = kind_of(Sample(path, data[:HEAD], data[-TAIL:]))
    return known.name if known else ""


def members(
    path: str, data: bytes, limits: Limits | None = None, columns: bytes | None = None
) -> list[Member]:
    known = kind_of(Sample(path, data[:HEAD], data[-TAIL:]))
    assert known, path
    opened = Opened(path, io.BufferedReader(io.BytesIO(data)), limits or Limits(), lambda: columns)
    return list(known.members(opened))


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, WRITTEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            whole.writestr(info, data)
    return target.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as whole:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            whole.addfile(info, io.BytesIO(data))
    return target.getvalue()


@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("a.jsonl", LINES, "a file of JSON lines"),
        ("export", LINES, "a file of JSON lines"),
        ("a.json", json.dumps(ROWS).encode(), "a list of JSON objects"),
        ("a.json", b"\xef\xbb\xbf [\n {}]", "a list of JSON objects"),
        ("a.csv", b"Titel;Text\nA;B\n", "a table"),
        ("a.mbox", MAILS, "a box of mails"),
        ("Inbox", MAILS, "a box of mails"),
        ("a.zip", zipped({"a.txt": b"A"}), "a ZIP archive"),
        ("a.tar", tarred({"a.txt": b"A"}), "a TAR archive"),
        ("a.tgz", tarred({"a.txt": b"A"}, "w:gz"), "a packed file"),
        ("a.xz", lzma.compress(LINES), "a packed file"),
        ("a.docx", zipped({"[Content_Types].xml": b"", "word/document.xml": b"<w/>"}), ""),
        ("a.json", json.dumps(ROWS[0]).encode(), ""),
        ("a.txt", b"[Vorabmeldung] {x}\n\nText]", ""),
        ("a.txt", b"Titel;Text\nA;B\n", ""),
        ("a.eml", MAILS, ""),
        ("a.txt", b"From Berlin 2024\n\nText.", ""),
        ("leer.txt", b"", ""),
    ],
    ids=named,
)
def test_what_is_a_container(path: str, data: bytes, name: str) -> None:
    assert kind(path, data) == name


def test_json_lines_are_named_by_their_number() -> None:
    told = members("a.jsonl", b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n\n", 1) + b'{"halb')
    assert [member.name for member in told] == [f"000000{number}.json" for number in (1, 3, 4, 5)]
    assert [json.loads(member.data) for member in told[:3]] == ROWS
    assert told[3].data == b'{"halb', "its own reader says what is wrong with it"


def test_a_line_above_the_limit_costs_itself_alone() -> None:
    long = b'{"headline": "' + b"x" * 3_000_000 + b'"}\n'
    first, second, third = members("a.jsonl", b"{}\n" + long + b"{}\n", Limits(member_bytes=100))
    assert (first.fault, third.fault, third.data) == ("", "", b"{}")
    assert "line 2 is larger than the limit of 100 bytes" in second.fault


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.lists(st.dictionaries(st.text(max_size=8), JSON, max_size=4), min_size=1),
    st.booleans(),
    st.booleans(),
)
def test_the_items_of_a_list_are_the_items(rows: list[object], indented: bool, plain: bool) -> None:
    data = json.dumps(rows, indent=2 if indented else None, ensure_ascii=plain).encode(
        "utf-8", "surrogatepass"
    )
    assert [json.loads(member.data) for member in members("a.json", data)] == json.loads(data)


def test_a_list_is_cut_alike_wherever_its_parts_end(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps(ROWS, indent=1).encode()
    whole = members("a.json", data)
    for size in range(1, 60):
        monkeypatch.setattr("extraction.containers.json_list._PART", size)
        assert members("a.json", data) == whole


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (json.dumps(ROWS).encode()[:-9], "ends in the middle, after item 2"),
        (json.dumps(ROWS).encode() + b" {}", "Behind the list of 3 items there is more"),
    ],
)
def test_a_list_that_is_none_gives_its_items_and_says_so(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        members("a.json", data)


def test_an_item_above_the_limit_ends_a_list_in_flat_memory() -> None:
    data = b"[{}, {" + b'"x": "' + b"y" * 5_000_000 + b'"}]'
    with pytest.raises(Unreadable, match="Item 2 is larger"):
        members("a.json", data, Limits(member_bytes=1000))


def table(rows: list[list[str]], delimiter: str = ";") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_row_is_an_article_by_its_headings(delimiter: str, encoding: str) -> None:
    rows = [
        ["Datum", "Titel", "Volltext", "Autor", "Ressort", "Zeichen"],
        ["1.2.2024", "Über", "a\n\nb;c,d", "A; B", "Kultur; Bonn, Stadt", "x"],
    ]
    (member,) = members("a.csv", table(rows, delimiter).encode(encoding))
    assert member.name == "0000002.json"
    assert json.loads(member.data) == {
        "headline": "Über",
        "body": "a\n\nb;c,d",
        "published": "1.2.2024",
        "byline": ["A", "B"],
        "subjects": ["Kultur", "Bonn, Stadt"],
    }


def test_a_column_that_holds_rows_back_comes_along() -> None:
    rows = [["Titel", "Sperrfrist"], ["Über", "25.06.2024"], ["Unter", ""]]
    held, free = members("a.csv", table(rows, ";").encode(), columns=b'headline = "Titel"')
    assert json.loads(held.data) == {"headline": "Über", "sperrfrist": "25.06.2024"}
    assert json.loads(free.data) == {"headline": "Unter"}


def test_a_person_says_which_column_is_what() -> None:
    data = table([["Nr", "Zeile", "Rest"], ["7", "Oben", "Unten"]]).encode()
    with pytest.raises(
        Unreadable, match="None of its columns is known as the headline: 'Nr', 'Zeile'"
    ):
        members("a.csv", data)
    (member,) = members("a.csv", data, columns=b'headline = "zeile"\nbody = "Rest"\nid = "Nr"')
    assert json.loads(member.data) == {"headline": "Oben", "body": "Unten", "id": "7"}
    for wrong, said in {
        b'headline = "Spalte"': "names the column 'Spalte', and there are 'Nr'",
        b'ueberschrift = "Zeile"': "names 'ueberschrift': there are agencies",
        b"headline": "cannot be read",
        b'headline = "\xff"': "cannot be read",
        b'headline = "Zeile"\nbody = "Zeile"': "names the column 'Zeile' twice",
    }.items():
        with pytest.raises(Unreadable, match=said):
            members("a.csv", data, columns=wrong)


def test_a_row_with_too_many_cells_is_a_fault_and_an_empty_one_is_none() -> None:
    short, long = members("a.csv", b"Titel;Text;Datum\nA\n;;\n\nB;C;;D\n")
    assert (short.name, json.loads(short.data), short.fault) == (
        "0000002.json",
        {"headline": "A"},
        "",
    )
    assert (long.name, long.fault) == ("0000005.json", "row 5 has 4 cells, and the table 3 columns")
    assert json.loads(long.data) == ["B", "C", "", "D"]


def test_single_bytes_of_windows_in_a_table_of_utf_8_are_read() -> None:
    data = "Titel;Text\nÄrger;Größe\n".encode() * 1 + "Übel;".encode() + b"Gr\xf6\xdfe\n"
    assert json.loads(members("a.csv", data)[1].data)["body"] == "Größe"


def test_a_row_is_read_whole_however_long_its_line_is() -> None:
    text, columns = "x y " * 300_000 + '"Zitat"' * 60_000, [f"Spalte {n}" for n in range(10_000)]
    rows = [["Titel", "Text", *columns], ["A", text, *columns], ["B", "kurz"]]
    long, short = members("a.csv", table(rows).encode())
    assert json.loads(long.data) == {"headline": "A", "body": text.strip()}
    assert json.loads(short.data) == {"headline": "B", "body": "kurz"}
    long, short = members("a.csv", f"Titel;Text\nA;{'x' * 1_500_000}\nB;kurz\n".encode())
    assert len(json.loads(long.data)["body"]) == 1_500_000
    assert short.name == "0000003.json"


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('B;"offen\nC;d\nD;e\n', "Row 3, from line 3 on, .* is never closed"),
        ('B;"offen\nC;d\nD;"e"\nE;f\n', "Row 3, from line 3 on, .* expected after"),
        ('"\n";' * 600_000, "Row 3, from line 3 on, .* has more than"),
        ('";";' * 600_000, "Row 3, from line 3 on, .* has more than"),
    ],
)
def test_no_row_is_lost_in_the_quotation_of_another(rest: str, said: str) -> None:
    opened = Opened("a.csv", io.BytesIO(f"Titel;Text\nA;b\n{rest}".encode()), Limits(1_000_000))
    known = kind_of(Sample("a.csv", b""))
    assert known
    rows = known.members(opened)
    assert json.loads(next(rows).data)["headline"] == "A"
    with pytest.raises(Unreadable, match=said):
        list(rows)


def test_a_row_whose_quotation_is_wrong_is_a_fault_by_itself() -> None:
    wrong, right = members("a.csv", b'Titel;Text\nA;"b" c\nD;"e"\n')
    assert "row 2 cannot be read: ';' expected after" in wrong.fault
    assert json.loads(right.data) == {"headline": "D", "body": "e"}


@pytest.mark.parametrize("end", [b"x", b"\x00\xdcA\x00\n\x00"])
def test_bytes_that_are_no_letters_of_utf_16_are_a_fault_of_their_row(end: bytes) -> None:
    data = "Titel;Text\nA;b\nB;c\n".encode("utf-16") + end
    *rows, last = members("a.csv", data)
    assert [json.loads(row.data)["headline"] for row in rows] == ["A", "B"]
    assert "row 4 cannot be read: it has bytes that are no letters" in last.fault


def test_a_wrong_byte_spoils_nothing_else_in_its_cell() -> None:
    data = "Titel;Text\nA;\ufffd Größe und ".encode() + b"Gr\xf6\xdfe\n"
    assert json.loads(members("a.csv", data)[0].data)["body"] == "\ufffd Größe und Größe"


def test_a_sentence_of_a_mail_begins_none() -> None:
    first = MAILS + b"From Berlin to Paris in 2024 it went\nand on\n\n"
    told = members("a.mbox", first + MAILS)
    assert len(told) == 6
    assert told[2].data.endswith(b"From hier\n\nFrom Berlin to Paris in 2024 it went\nand on\n\n")


def test_a_mail_of_short_lines_takes_no_more_memory_than_it_has_bytes() -> None:
    data = MAILS + b"ab\n" * 100_000
    tracemalloc.start()
    *_, last = members("a.mbox", data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(last.data) > 300_000
    assert peak < 8 * len(data)


def test_mails_are_parted_and_what_was_quoted_is_not() -> None:
    told = members("a.mbox", MAILS)
    assert [member.name for member in told] == ["0000001.eml", "0000002.eml", "0000003.eml"]
    assert told[1].data == b"Subject: Brief 1\n\nText\nFrom hier\n\n"


FILES = {"a.txt": b"A", "b/ü.txt": "Ü".encode(), "b/c/d.txt": b"x" * 70_000}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.zip", zipped(FILES)),
        ("a.tar", tarred(FILES)),
        ("a.tar.gz", tarred(FILES, "w:gz")),
        ("a.tbz", tarred(FILES, "w:bz2")),
        ("a.tar.xz", tarred(FILES, "w:xz")),
        ("ohne", tarred(FILES, "w:xz")),
    ],
    ids=named,
)
def test_files_come_out_as_they_went_in(path: str, data: bytes) -> None:
    assert {member.name: member.data for member in members(path, data)} == FILES


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_what_is_packed_may_be_a_container_itself(pack: object) -> None:
    packed = pack(LINES)  # type: ignore[operator]
    ending = {gzip.compress: "gz", bz2.compress: "bz2", lzma.compress: "xz"}[pack]  # type: ignore[index]
    told = members(f"x/a.jsonl.{ending}", packed)
    assert [member.name for member in told] == [
        f"a.jsonl/000000{number}.json" for number in (1, 2, 3)
    ]
    (single,) = members(f"brief.txt.{ending}", pack(b"Text"))  # type: ignore[operator]
    assert single == Member("brief.txt", b"Text")


@pytest.mark.parametrize(
    "data", [zipped(FILES), tarred(FILES, "w:gz"), gzip.compress(LINES)], ids=["zip", "tgz", "gz"]
)
def test_whatever_is_cut_off_is_said_and_nothing_else_is_raised(data: bytes) -> None:
    for end in range(8, len(data) - 1, 37):
        cut = data[:end]
        if kind("a.bin", cut):
            with pytest.raises(Unreadable):
                members("a.bin", cut)


@given(st.data())
def test_whatever_the_bytes_are(data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from([zipped(FILES), tarred(FILES), tarred(FILES, "w:gz"), MAILS, LINES])
    )
    path = data.draw(st.sampled_from(["a", "a.csv", "a.jsonl", "a.json", "a.mbox", "a.tar"]))
    mutated = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 5))):
        mutated[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    known = kind_of(Sample(path, bytes(mutated[:HEAD]), bytes(mutated[-TAIL:])))
    if known:
        opened = Opened(path, io.BufferedReader(io.BytesIO(bytes(mutated))), Limits())
        try:
            for member in known.members(opened):
                assert safe_name(member.name) == member.name or "/" not in member.name
        except Unreadable:
            pass


def test_a_member_that_cannot_be_had_costs_itself_alone() -> None:
    data = bytearray(zipped({"a.txt": b"A" * 100, "b.txt": b"B" * 100}))
    data[data.index(b"a.txt") + 8] ^= 0xFF
    first, second = members("a.zip", bytes(data))
    assert "'a.txt' cannot be unpacked" in first.fault
    assert second == Member("b.txt", b"B" * 100)
    first, second = members("a.zip", zipped({"a": b"A" * 100, "b": b"B"}), Limits(member_bytes=50))
    assert "'a' is larger than the limit of 50 bytes" in first.fault
    assert second.data == b"B"


def test_bombs_are_no_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_FREE", 100_000)
    zeros = bytes(2_000_000)
    for path, data in {
        "a.zip": zipped({"a": zeros}),
        "a.gz": gzip.compress(zeros),
        "a.tgz": tarred({"a": zeros}, "w:gz"),
    }.items():
        with pytest.raises(Unreadable, match="unpacks to more than 100 times its size"):
            members(path, data, Limits(ratio=100))


def heads(*names: str, type_: bytes = tarfile.REGTYPE, size: int = 0) -> bytes:
    """Those of a TAR archive alone, in the form of GNU."""
    whole = b""
    for name in names:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = type_, "a.txt"
        head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        head[483:495] = tarfile.itn(size, 12, tarfile.GNU_FORMAT)  # type: ignore[attr-defined]
        head[148:156] = b" " * 8
        head[148:155] = b"%06o\0" % sum(head)
        whole += head
    return whole


def test_a_tar_that_is_not_whole_is_said_to_be() -> None:
    whole = tarred({"a.txt": b"A", "b.txt": b"B"})
    broken = bytearray(whole)
    broken[1024] ^= 1
    cut = [whole[:1024], whole[:1500], bytes(broken), whole + whole]
    cut += [heads("x") + heads("y", type_=tarfile.GNUTYPE_LONGNAME, size=0) + b"rest"]
    for data in cut:
        with pytest.raises(Unreadable, match="no whole TAR archive"):
            members("a.tar", data)
    assert len(members("a.tar", whole[:2048] + bytes(512))) == 2


def pax(type_: bytes, fields: dict[str, str]) -> bytes:
    """A head of POSIX's that says something of the file behind it, or of all."""
    body = b""
    for name, value in fields.items():
        rest = f" {name}={value}\n".encode()
        size = next(n for n in count(len(rest)) if n == len(rest) + len(str(n)))
        body += str(size).encode() + rest
    info = tarfile.TarInfo("head")
    info.type, info.size = type_, len(body)
    return info.tobuf(tarfile.USTAR_FORMAT) + body + bytes(-len(body) % 512)


def said_of(body: bytes) -> bytes:
    """A head of POSIX's with these bytes, and a file behind it."""
    info = tarfile.TarInfo("head")
    info.type, info.size = tarfile.XHDTYPE, len(body)
    return info.tobuf(tarfile.USTAR_FORMAT) + body + bytes(-len(body) % 512) + FILE


FILE = tarred({"a.txt": b"A"})


def test_of_a_tar_that_says_that_it_is_long_no_more_is_asked_than_there_is() -> None:
    """Red before: blocks without end were read behind its end, for two minutes of a processor."""
    asked = 0

    class Counting(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            nonlocal asked
            asked += 1
            return super().read(size)

    stream = Counting(pax(tarfile.XHDTYPE, {"path": "a.txt", "size": "9" * 10}) + heads("a.txt"))
    with pytest.raises(Unreadable, match="no whole TAR archive"):
        list(archive._tar(Opened("a.tar", stream, Limits())))
    assert asked < 1000


OLD_HOLES = heads("a", type_=tarfile.GNUTYPE_SPARSE, size=1_000_000) + FILE
MAP = {"GNU.sparse.map": "0,1," + ",".join(f"{30_000_000 + 2 * n},1" for n in range(8_000))}
NEW_HOLES = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "1"}


@pytest.mark.parametrize(
    "data",
    [OLD_HOLES, *(pax(tarfile.XHDTYPE, fields) + FILE for fields in (MAP, NEW_HOLES))],
    ids=["of GNU's", "0.1", "1.0"],
)
def test_a_file_with_holes_is_never_read(data: bytes) -> None:
    """Putting one together takes the library time that grows with the square of its pieces."""
    first = members("a.tar", data)[0]
    assert "was packed with holes: pack it without --sparse" in first.fault


@pytest.mark.parametrize("piece", ["1", "2 ", "9 a=b\n", "0 a=b\n", " ", "5 x=\n"])
def test_what_is_said_of_a_file_is_read_in_linear_time(piece: str) -> None:
    def read(body: str) -> None:
        for end in ("", "="):
            with suppress(Unreadable):
                members("a.tar", said_of(body.encode() + end.encode()))

    assert_linear(read, piece)


def test_what_is_said_of_a_file_counts_where_it_is_so_long_as_it_says() -> None:
    name = f"presse/{'ü' * 150}.txt"
    said = pax(tarfile.XHDTYPE, {"mtime": "1718787600.5", "path": name, "size": "1"})
    (member,) = members("a.tar", said + FILE)
    assert (member.name, member.data) == (safe_name(name), b"A")
    for body in (b"8 a=b\n", b"x a=b\n", b"6 a-b\n", b"6 a=bc", b"99 a=b\n", b"11 size=-1\n"):
        with pytest.raises(Unreadable, match="no whole TAR archive"):
            members("a.tar", said_of(body))


@pytest.mark.parametrize("path", ["a.zip", "a.wacz"])
def test_a_table_of_contents_has_an_end(tmp_path: Path, path: str) -> None:
    """A hole costs its sender nothing, of terabytes neither, and would be read into memory."""
    size = 1 << 28
    ends = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, 4)
    ends += struct.pack("<4sIQI", b"PK\6\7", 0, 4 + size, 1)
    ends += struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    with (tmp_path / path).open("wb") as file:
        file.write(b"PK\3\4")
        file.seek(4 + size)
        file.write(ends)
    with (tmp_path / path).open("rb") as stream:
        known = kind_of(Sample(path, stream.read(HEAD), ends))
        assert known
        with pytest.raises(Unreadable, match="table of contents has more than 134,217,728 bytes"):
            list(known.members(Opened(path, stream, Limits())))


def test_columns_that_nobody_has_cost_no_row_anything() -> None:
    wide = b"headline," + b"x," * 17_000 + b"\na\n"
    with pytest.raises(Unreadable, match="more than 16,384 columns"):
        members("a.csv", wide)
    with pytest.raises(Unreadable, match="Two of its columns are called 'embargo'"):
        members("a.csv", b"headline,Embargo,embargo\na,,\n")


@pytest.mark.parametrize("told", [b"headline" + b".a" * 400 + b" = 1", b"headline = ['a']"])
def test_what_names_no_column_is_said(told: bytes) -> None:
    with pytest.raises(Unreadable, match="says of 'headline' is no heading"):
        members("a.csv", b"Titel\na\n", columns=told)


@pytest.mark.parametrize(
    "data",
    [
        pax(tarfile.XGLTYPE, {"x" * 900_000: ""}) * 5,
        pax(tarfile.XHDTYPE, {"x": ""}) * 1_500,
    ],
    ids=["for all", "one behind the other"],
)
def test_what_stands_before_a_file_has_an_end(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"TAR archive: (before one|maximum rec)"):
        members("a.tgz", gzip.compress(data))


def test_what_is_said_for_all_files_is_not_kept() -> None:
    info = tarfile.TarInfo("a.txt").tobuf()
    peaks = []
    for times in (1, 20):
        said = [{f"{n}-{m}": "x" * 90 for m in range(5_000)} for n in range(times)]
        data = b"".join(pax(tarfile.XGLTYPE, each) + info for each in said) + bytes(1024)
        tracemalloc.start()
        assert len(members("a.tar", data)) == times
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_would_unpack_at_once_is_not_begun(method: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as whole:
        whole.writestr("a.txt", bytes(100_000_000), method)
        whole.writestr("b.txt", b"B")
    data = bytearray(target.getvalue())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + place, 100)  # it lies about its size
    tracemalloc.start()
    bomb, other = members("a.zip", bytes(data))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "is packed in a way that is not read" in bomb.fault
    assert other.data == b"B"
    assert most < 10_000_000


def test_links_and_devices_are_told_as_left_alone() -> None:
    data = heads("a", type_=tarfile.LNKTYPE) + heads("b", type_=tarfile.FIFOTYPE) + bytes(1024)
    assert members("a.tar", data) == [Member("a", left=True), Member("b", left=True)]
    link = zipfile.ZipInfo("c")
    link.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as whole:
        whole.writestr(link, "/etc/passwd")
        whole.writestr("qq", "no name")
    assert members("a.zip", target.getvalue().replace(b"qq", b"\0\0")) == [Member("c", left=True)]


def strange() -> Iterator[tuple[str, str]]:
    yield "../../etc/passwd", "etc/passwd"
    yield "/abs/./a//b.txt", "abs/a/b.txt"
    yield "C:\\Texte\\a.txt", "Texte/a.txt"
    yield "..", ""
    yield "a\0b", "ab"


@pytest.mark.parametrize(("written", "name"), list(strange()))
def test_no_name_leads_out(written: str, name: str) -> None:
    assert safe_name(written) == name


@given(st.text(), st.text())
def test_every_name_can_be_that_of_a_file_and_different_ones_stay_so(one: str, other: str) -> None:
    name = safe_name(one)
    assert all(part not in {"", ".", ".."} for part in name.split("/")) or not name
    assert safe_name(name) == name
    for part in name.split("/"):
        assert len(part.encode("utf-8", "surrogateescape")) <= 255
    long = "ä" * 300
    assert safe_name(f"{long}a") != safe_name(f"{long}b")
    if (
        one != other
        and "\\" not in one + other
        and "\0" not in one + other
        and "/" not in one + other
    ):
        assert name != safe_name(other) or not name


def test_names_that_may_be_containers() -> None:
    assert is_named_so("x/A.ZIP")
    assert is_named_so("a.jsonl.gz")
    assert not is_named_so("a.txt")


def stored(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as whole:
        for name, data in files.items():
            whole.writestr(name, data)
    return target.getvalue()


WORD = {"[Content_Types].xml": b"", "word/document.xml": b"<w/>"}
OPEN = {
    "mimetype": b"application/vnd.oasis.opendocument.text",
    "content.xml": b"<a/>",
    "META-INF/manifest.xml": b"<a/>",
}
BOOK = {"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<a/>"}


@pytest.mark.parametrize("document", [WORD, OPEN, BOOK])
@pytest.mark.parametrize("pack", [stored, zipped])
@pytest.mark.parametrize("turn", [list, reversed])
def test_documents_are_none_however_they_are_packed(document, pack, turn):  # type: ignore[no-untyped-def]
    packed = pack({name: document[name] for name in turn(list(document))})
    assert kind("ohne Endung", packed) == ""


@pytest.mark.parametrize("document", [WORD, OPEN, BOOK, {**WORD, "xl/a.xml": b""}])
def test_an_archive_is_told_by_its_own_names_not_by_those_of_archives_in_it(
    document: dict[str, bytes],
) -> None:
    data = stored({"a/brief": stored(document), "a/b.txt": b"B"})
    assert kind("briefe.zip", data) == "a ZIP archive"
    assert [m.name for m in members("briefe.zip", data)] == ["a/brief", "a/b.txt"]


@pytest.mark.parametrize("name", ["xl/a.txt", "ppt/a.txt", "bexl/a.txt", "word/a.txt"])
def test_folders_and_bytes_that_look_like_an_offices_are_unpacked(name: str) -> None:
    data = stored({name: b"... xl/ppt/word/[Content_Types].xml opendocument ..."})
    assert kind("a.zip", data) == "a ZIP archive"


def test_a_document_with_a_long_table_of_contents_is_one() -> None:
    pictures = {f"word/media/{'bild' * 30}{number}.png": b"" for number in range(900)}
    data = zipped({**WORD, **pictures})
    assert len(data) > 2 * TAIL
    assert kind("ohne Endung", data) == ""


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_any_bytes_may_be_an_archives_ends(head: bytes, tail: bytes) -> None:
    kind("a", b"PK\x03\x04" + head + b"PK\x01\x02" + tail + b"PK\x05\x06" + head)


def test_an_encrypted_member_fails_with_that_sentence() -> None:
    data = bytearray(zipped({"geheim.txt": b"A" * 100, "b.txt": b"B"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    first, second = members("a.zip", bytes(data))
    assert first.fault == "'geheim.txt' is encrypted: pack it again without a password."
    assert second == Member("b.txt", b"B")


CODES = "bdt016{} 3 pl 226  dpa 052{}"


def wires(count: int, before: str = "") -> bytes:
    return "".join(
        f"{before}{CODES.format(n, n)}\n\nTitel {n} =\n\nBonn (dpa) - Text {n}.\n\n191430 Jun 24\n"
        for n in range(count)
    ).encode()


@pytest.mark.parametrize("before", ["", "\n\n", "ZCZC\n", "\r\n"])
def test_messages_of_a_wire_are_parted_by_their_codes(before: str) -> None:
    data = wires(3, before)
    assert kind("a.txt", data) == "a stream of wire messages"
    found = members("a.txt", data)
    assert [member.name for member in found] == [f"000000{n}.iptc" for n in (1, 2, 3)]
    assert b"".join(member.data for member in found) == data
    read = [parse(member.data, member.name) for member in found]
    assert [article.headline for article in read] == ["Titel 0", "Titel 1", "Titel 2"]
    assert [article.body for article in read] == [f"Bonn (dpa) - Text {n}." for n in range(3)]
    assert kind("a.txt", wires(1, before)) == ""


@pytest.mark.parametrize("mark", [b"Neustart des Reaktors", b"ustar ", b"ustar"])
def test_an_article_that_has_the_mark_of_a_tar_archive_in_its_place_is_none(mark: bytes) -> None:
    """Of a million it was one: there ``Neustarten`` stood 257 bytes behind the top."""
    begins = 257 - mark.index(b"ustar")
    text = (
        (b"Bremen. Das Amt sagte am Montag, es sei so. " * 10)[:begins] + mark + b" war am Montag."
    )
    assert kind("a.txt", text) == ""
    assert kind("a.tar", text) == ""


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_archives_of_each_format_are_known(format_: int) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=format_) as whole:
        info = tarfile.TarInfo("a.txt")
        info.size = 4
        whole.addfile(info, io.BytesIO(b"Text"))
    data = target.getvalue()
    assert kind("a", data) == "a TAR archive"
    if format_ == tarfile.USTAR_FORMAT:
        for mark in (b"ustar 0\0", b"ustar 00", b"ustar   "):
            assert kind("a", marked(data, mark)) == "a TAR archive"


def test_one_whose_sum_does_not_fit_its_mark_is_none() -> None:
    assert kind("a", (b"x" * 257 + b"ustar 0\0" + bytes(247)) * 2) == ""


def marked(data: bytes, mark: bytes) -> bytes:
    """A TAR archive with another mark, as some write it, and the sum that goes with it."""
    head = bytearray(data[:257] + mark + data[265:512])
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + data[512:]


def test_a_text_that_begins_like_a_packed_file_is_a_text() -> None:
    assert kind("a.txt", b"BZheute: Der Stadtrat tagt.") == ""
    assert kind("a.bz2", bz2.compress(b"")) == kind("a.bz2", bz2.compress(b"x")) == "a packed file"
