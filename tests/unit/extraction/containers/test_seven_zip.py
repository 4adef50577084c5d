"""7z and zstd: their files, in parts, in proportion, and by names that lead nowhere."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py7zr import SevenZipFile

from articles.errors import TooSlow, Unreadable
from extraction.confined.limits import NORMAL
from extraction.containers import archive
from extraction.containers.member import Limits, Member
from extraction.documents import seven_zip
from tests.unit.extraction.containers.test_containers import LINES, ROWS, kind, members, tarred

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FILES = {"a.txt": b"Ein Text", "mai/b.txt": "Größe".encode(), "leer.txt": b""}


def seven(files: dict[str, bytes], password: str | None = None) -> bytes:
    target = BytesIO()
    with SevenZipFile(target, "w", password=password) as whole:
        for name, data in files.items():
            whole.writestr(data, name)
    return target.getvalue()


WHOLE = seven(FILES)


def test_a_7z_archive_is_its_files() -> None:
    assert kind("a.7z", WHOLE) == kind("ohne-endung", WHOLE) == "a 7-Zip archive"
    assert set(map(repr, members("a.7z", WHOLE))) == {
        repr(Member(name, data)) for name, data in FILES.items()
    }
    assert members("a.7z", WHOLE) == members("a.7z", WHOLE)


def test_a_large_one_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    data = seven({f"{number}.txt": b"x" * 100 for number in range(20)})
    monkeypatch.setattr(seven_zip, "_PART", 350)
    start: int | None = 0
    names: list[str] = []
    parts = 0
    while start is not None:
        said = seven_zip.read_seven_zip(data, NORMAL, start)
        names += [member["name"] for member in said["members"]]
        start, parts = said["following"], parts + 1
    assert names == [f"{number}.txt" for number in range(20)]
    assert parts > 4


def test_names_in_it_lead_nowhere() -> None:
    data = seven({"aa/aa/etc.txt": b"A"})
    evil = seven_zip_named(data, "aa/aa/etc.txt", "../../etc.txt")
    assert members("a.7z", evil) == [Member("etc.txt", b"A")]


def seven_zip_named(data: bytes, name: str, other: str) -> bytes:
    """The same with another name of the same length, and the sums of the head made right."""
    from zlib import crc32

    target = BytesIO()
    with SevenZipFile(target, "w") as whole:
        whole.header._encoded = whole.encoded_header_mode = False
        whole.writestr(b"A", name)
    raw = target.getvalue().replace(name.encode("utf-16-le"), other.encode("utf-16-le"))
    offset = int.from_bytes(raw[12:20], "little")
    length = int.from_bytes(raw[20:28], "little")
    head = raw[32 + offset : 32 + offset + length]
    start = raw[12:28] + crc32(head).to_bytes(4, "little")
    return raw[:8] + crc32(start).to_bytes(4, "little") + start + raw[32:]


def test_one_above_the_limit_costs_itself_alone() -> None:
    told = members("a.7z", seven({"a": b"A" * 100, "b": b"B"}), Limits(member_bytes=50))
    assert "'a' is larger than the limit of 50 bytes" in told[0].fault
    assert told[1].data == b"B"


@pytest.mark.parametrize(
    ("data", "limits", "says"),
    [
        (seven({"a": bytes(3_000_000)}), NORMAL, "more than 200 times its size"),
        (WHOLE, replace(NORMAL, unpacked=10), "DEPESCHE_READER_UNPACKED"),
        (seven(FILES, "geheim"), NORMAL, "encrypted"),
        (WHOLE[:-20], NORMAL, "no whole 7-Zip archive"),
    ],
    ids=["bomb", "large", "encrypted", "cut"],
)
def test_what_cannot_be_read_is_said(data: bytes, limits: object, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        members("a.7z", data, Limits(reader=limits))  # type: ignore[arg-type]
    assert raised.value.advice


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_cut_or_broken_it_is_read_or_refused(drawn: st.DataObject) -> None:
    raw = bytearray(drawn.draw(st.sampled_from([WHOLE, zstd.compress(LINES * 20)])))
    for _ in range(drawn.draw(st.integers(0, 6))):
        raw[drawn.draw(st.integers(0, len(raw) - 1))] = drawn.draw(st.integers(0, 255))
    end = drawn.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))
    if kind("a.bin", bytes(raw[:end])):
        with suppress(Unreadable, TooSlow):
            members("a.bin", bytes(raw[:end]))


def test_zstd_is_unpacked_as_gzip_is() -> None:
    told = members("zeilen.jsonl.zst", zstd.compress(LINES))
    assert [json.loads(member.data) for member in told] == ROWS
    assert told[0].name == "zeilen.jsonl/0000001.json"
    both = zstd.compress(tarred({"a.txt": b"A"}))
    assert members("a.tar.zst", both) == members("a.tzst", both) == [Member("a.txt", b"A")]
    frames = zstd.compress(b"eins\n") + zstd.compress(b"zwei\n")
    assert members("a.txt.zst", frames) == [Member("a.txt", b"eins\nzwei\n")]


def test_zstd_that_is_cut_off_or_a_bomb_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable, match="cannot be unpacked to its end"):
        members("a.zst", zstd.compress(LINES)[:-5])
    monkeypatch.setattr(archive, "_FREE", 100_000)
    with pytest.raises(Unreadable, match="unpacks to more than 200 times its size"):
        members("a.zst", zstd.compress(bytes(3_000_000)))
