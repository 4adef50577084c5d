"""Archives of the web: the pages in them, with address and day, and nothing else."""

from __future__ import annotations

import gzip
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from articles.errors import Unreadable
from extraction.containers.member import Limits
from extraction.formats.parse import parse
from tests.unit.extraction.containers.test_containers import kind, members

PAGE = (
    "<html><head><title>Neue Brücke</title></head><body><h1>Neue Brücke</h1>"
    "<p>Der Rat der Stadt hat am Montag beschlossen, die Brücke über den Fluss zu erneuern.</p>"
    "<p>Die Arbeiten beginnen im Herbst und dauern zwei Jahre, sagte die Baudezernentin.</p>"
    "</body></html>"
)
HTML = "text/html; charset=utf-8"
Record = tuple[str, str, str, bytes, dict[str, str]]


def page(path: str, text: str = PAGE, **fields: str) -> Record:
    return f"https://example.org/{path}", "200 OK", HTML, text.encode(), fields


PAGES: list[Record] = [
    page(""),
    ("https://example.org/a.png", "200 OK", "image/png", b"\x89PNG", {}),
    ("https://example.org/weg", "404 Not Found", HTML, b"weg", {}),
    page("bruecke.html"),
    (
        *("https://example.org/gepackt.html", "200 OK", HTML),
        *(gzip.compress(PAGE.encode(), mtime=0), {"Content-Encoding": "gzip"}),
    ),
    (
        *("https://example.org/alt.html", "200 OK", "text/html"),
        *(PAGE.replace("</head>", "<meta charset=latin-1></head>").encode("latin-1"), {}),
    ),
]


def warc(records: list[Record], *, packed: bool) -> bytes:
    target = BytesIO()
    writer = WARCWriter(target, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "x"}))
    for address, status, type_, body, fields in records:
        head = StatusAndHeaders(status, [("Content-Type", type_), *fields.items()], "HTTP/1.1")
        times = {"WARC-Date": "2024-06-19T12:00:00Z", "WARC-Record-ID": "<urn:uuid:1>"}
        for kind_ in ("request", "response"):
            record = writer.create_warc_record(
                *(address, kind_),
                payload=BytesIO(body if kind_ == "response" else b""),
                http_headers=head,
                warc_headers_dict=dict(times),
            )
            writer.write_record(record)
    data: bytes = target.getvalue()
    return data


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_its_pages_are_members_and_all_else_is_left_alone(packed: bool) -> None:
    name = "a.warc.gz" if packed else "a.warc"
    data = warc(PAGES, packed=packed)
    assert kind(name, data) == "a web archive"
    told = members(name, data)
    assert len(told) == 1 + 2 * len(PAGES)
    pages = [member for member in told if not member.left]
    assert [member.name for member in pages] == [f"{n:07}.mhtml" for n in (9, 11, 13)]
    for member, file in zip(pages, ("bruecke", "gepackt", "alt"), strict=True):
        article = parse(member.data, f"{name}/{member.name}")
        assert (article.headline, article.source.format) == ("Neue Brücke", "mhtml")
        assert article.url == f"https://example.org/{file}.html"
        assert "Die Arbeiten beginnen im Herbst" in article.body
        assert article.published is not None
        assert article.published.value.startswith("2024-06-19T14:00:00")
        assert any("captured (2024-06-19T12:00:00Z)" in said for said in article.source.warnings)


def test_a_date_of_the_page_comes_before_that_of_its_capture() -> None:
    dated = PAGE.replace("<p>", "<time datetime='2019-03-02'>2. März 2019</time><p>", 1)
    told = members("a.warc", warc([page("a.html", dated)], packed=False))
    article = parse(told[-1].data, "a.warc/a.mhtml")
    assert article.published is not None
    assert article.published.value.startswith("2019-03-02")
    assert not any("captured" in said for said in article.source.warnings)


def test_wacz_is_its_archives_alone() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as whole:
        whole.writestr("archive/data.warc.gz", warc([page("a.html")], packed=True))
        whole.writestr("pages/pages.jsonl", "{}\n{}\n")
        whole.writestr("datapackage.json", "{}")
    assert kind("a.wacz", target.getvalue()) == "a web archive (WACZ)"
    told = members("a.wacz", target.getvalue())
    assert [m.name for m in told if not m.left] == ["archive/data.warc.gz/0000003.mhtml"]
    assert {"pages/pages.jsonl", "datapackage.json"} <= {m.name for m in told if m.left}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_one_that_is_cut_off_is_said_and_what_came_before_is_had(packed: bool) -> None:
    name = "a.warc.gz" if packed else "a.warc"
    whole = warc(PAGES, packed=packed)
    with pytest.raises(Unreadable) as raised:
        members(name, whole[: len(whole) - 120])
    assert raised.value.advice


def test_a_page_above_the_limit_costs_itself_alone() -> None:
    records = [page("lang.html", PAGE + "x" * 3_000), page("kurz.html")]
    _, _, long, _, short = members(
        "a.warc", warc(records, packed=False), Limits(member_bytes=2_000)
    )
    assert "the page https://example.org/lang.html is larger than the limit" in long.fault
    assert not short.fault


WHOLE = {packed: warc(PAGES, packed=packed) for packed in (False, True)}


@settings(max_examples=60, deadline=None)
@given(st.booleans(), st.data())
def test_cut_or_broken_it_is_read_or_refused(packed: bool, drawn: st.DataObject) -> None:
    raw = bytearray(WHOLE[packed])
    for _ in range(drawn.draw(st.integers(0, 6))):
        raw[drawn.draw(st.integers(0, len(raw) - 1))] = drawn.draw(st.integers(0, 255))
    end = drawn.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))
    if kind("a.warc.gz", bytes(raw[:end])):
        with suppress(Unreadable):
            members("a.warc.gz", bytes(raw[:end]))


def test_a_record_that_is_longer_than_it_says_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    data = warc([page("a.html"), page("b.html", PAGE.replace("Neue", "Alte"))], packed=False)
    longer = data.replace(b"zwei Jahre, sagte", b"zwei Jahre und drei Monate, sagte", 1)
    found = members("a.warc", longer)
    told = [(member.name, member.fault) for member in found if member.fault]
    assert told == [
        ("0000003.rest", "record 3 is longer than it says of itself: its end was not read")
    ]
    assert [member.name for member in found if member.data] == ["0000003.mhtml", "0000005.mhtml"]
    assert capsys.readouterr().err == "", "lines of others' files are none of our log"
