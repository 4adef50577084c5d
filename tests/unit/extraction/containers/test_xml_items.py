"""Feeds and messages of NewsML-G2 give their items whole, as documents of their own."""

from __future__ import annotations

import codecs
import io
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.containers.member import HEAD, TAIL, Limits, Member, Opened, Sample
from extraction.containers.registry import is_named_so, kind_of
from extraction.containers.stream import buffered
from extraction.containers.xml_text import Ampersands
from extraction.formats.parse import parse
from extraction.formats.wire.tree import _BARE, _kept_or_escaped
from tests.linear import assert_linear

G2 = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def members(data: bytes, limits: Limits | None = None, path: str = "a.xml") -> Iterator[Member]:
    kind = kind_of(Sample(path, data[:HEAD], data[-TAIL:]))
    assert kind
    stream = io.BufferedReader(io.BytesIO(data))
    return kind.members(Opened(path, stream, limits or Limits()))


def rss(*items: str, head: str = "") -> bytes:
    inside = "".join(f"<item>{item}</item>\n" for item in items)
    return f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{head}{inside}</channel></rss>'.encode()


def message(*items: str) -> bytes:
    inside = "".join(items)
    return f"<newsMessage {G2}><header/><itemSet>{inside}</itemSet></newsMessage>".encode()


def news_item(kind: str, text: str) -> str:
    return (
        f'<newsItem guid="urn:{text}"><itemMeta><itemClass qcode="ninat:{kind}"/></itemMeta>'
        f"<contentMeta><headline>{text}</headline></contentMeta><contentSet>"
        '<inlineData contenttype="text/plain">Ein Text.</inlineData></contentSet></newsItem>'
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<rss><channel/></rss>", "a feed"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<feed xmlns="a">', "a feed"),
        (b'<rdf:RDF xmlns:rdf="x">', "a feed"),
        (b"<newsMessage>", "a message of NewsML-G2"),
        ('<?xml version="1.0"?><rss>'.encode("utf-16"), "a feed"),
        (b"<newsItem>", ""),
        (b"Text <rss>", ""),
        (b"<item>", ""),
    ],
    ids=["rss", "atom", "rdf", "message", "utf-16", "item", "text", "member"],
)
def test_what_is_a_feed_or_a_message(data: bytes, name: str) -> None:
    kind = kind_of(Sample("a.xml", data, data))
    assert (kind.name if kind else "") == name


def test_feeds_are_known_by_their_names_too() -> None:
    assert all(map(is_named_so, ("a.xml", "a.RSS", "b/a.atom", "a.rdf")))


def test_items_have_the_language_and_the_namespaces_of_what_is_around_them() -> None:
    head = "<language>de-AT</language><image><title>Bild</title></image>"
    data = rss("<title>A &amp; B</title><dc:creator>Anna Muster</dc:creator>", head=head)
    (member,) = members(data)
    assert member.name == "0000001.xml"
    article = parse(member.data, f"f.rss/{member.name}")
    assert (article.headline, article.byline) == ("A & B", ("Anna Muster",))
    assert b'xml:lang="de-AT"' in member.data


def test_an_item_s_own_namespaces_come_before_those_around_it() -> None:
    entry = b'<entry xmlns="urn:b" xml:lang="en"><title>T</title></entry>'
    (member,) = members(b'<feed xmlns="urn:a" xml:lang="de">' + entry + b"</feed>")
    assert member.data.endswith(entry)


def test_packages_and_pictures_in_a_message_are_left_alone() -> None:
    data = message(
        "<packageItem><itemMeta/></packageItem>",
        news_item("text", "Pakt"),
        news_item("picture", "Bild"),
        news_item("text", "Wahl"),
    )
    told = list(members(data))
    assert [member.left for member in told] == [True, False, True, False]
    assert [member.name for member in told] == [f"000000{number}.xml" for number in (1, 2, 3, 4)]
    articles = [parse(member.data, "m.xml/x.xml") for member in told if not member.left]
    assert [article.headline for article in articles] == ["Pakt", "Wahl"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_members_are_utf_8_whatever_the_feed_declares(codec: str) -> None:
    titles = [
        f"Größe {number} – „“" if codec != "iso-8859-1" else "Größe" for number in range(3_000)
    ]
    whole = rss(*(f"<title>{title}</title>" for title in titles)).decode()
    declared = codec.removesuffix("-sig")
    data = f'<?xml version="1.0" encoding="{declared}"?>\n{whole}'.encode(codec)
    for title, member in zip(titles, members(data), strict=True):
        assert f"<title>{title}</title>" in member.data.decode()


def test_wrong_bytes_and_controls_of_a_feed_are_mended() -> None:
    data = rss("<title>Größe</title>", "<title>Stra\x0bße &uuml;&nbsp;</title>")
    data = data.replace("Größe".encode(), "Größe".encode("cp1252")) + b"\n"
    first, second = members(b"<?xml version='1.0'?>\n<!-- \xc3\xa4\xc3\xb6 -->\n" + data)
    assert "Größe" in first.data.decode()
    assert "Straße &uuml;&nbsp;" in second.data.decode(), "its own reader knows them"


@pytest.mark.parametrize(
    ("data", "count", "says"),
    [
        (rss("<title>A</title>", "<title>B</title>")[:-10], 2, "ends in the middle, after item 2"),
        (rss("<title>A</title>", "<b>B</i>", "C"), 1, "Behind item 1 the XML is broken"),
        (rss("<title>A</title>") + b"<x/>", 1, "Behind item 1 the XML is broken: junk"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]>' + rss("&a;"), 0, "entities of its own"),
        (b'<!DOCTYPE rss [<!ENTITY a SYSTEM "/etc/hostname">]>' + rss("&a;"), 0, "of its own"),
        (rss("<a>" * 300), 0, "nested deeper than 200"),
    ],
    ids=["cut", "tags", "junk", "entity", "external", "deep"],
)
def test_what_is_wrong_comes_behind_what_is_whole(data: bytes, count: int, says: str) -> None:
    told = members(data)
    whole = [next(told) for _ in range(count)]
    assert not any(member.fault for member in whole)
    with pytest.raises(Unreadable, match=says):
        next(told)


def test_a_document_type_is_never_asked_for() -> None:
    declared = b'<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://192.0.2.1/rss.dtd">'
    (member,) = members(declared + rss("<title>&eacute;</title>"))
    assert parse(member.data, "x.xml").headline == "é"


def test_an_item_above_the_limit_costs_itself_alone_or_the_rest() -> None:
    long = f"<title>{'x' * 500}</title>"
    told = list(members(rss("<a/>", long, "<b/>"), Limits(member_bytes=400)))
    assert [bool(member.fault) for member in told] == [False, True, False]
    huge = members(rss("<a/>", "x" * 3_000_000), Limits(member_bytes=400))
    assert next(huge).data.endswith(b"><a/></item>")
    with pytest.raises(Unreadable, match="Item 2 is larger than the limit"):
        next(huge)


def test_memory_stays_flat_however_many_items_there_are() -> None:
    item = b"<item><title>T</title><description>" + b"Ein Satz. " * 1_000 + b"</description></item>"
    data = b"<rss><channel>" + item * 3_000 + b"</channel></rss>"
    tracemalloc.start()
    count = sum(1 for _ in members(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < len(data) // 2) == (3_000, True)


@settings(max_examples=40)
@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60),
        max_size=8,
    ),
    st.sampled_from([1, 7, 64, 4_000]),
)
def test_each_item_comes_whole_however_the_bytes_come(texts: list[str], size: int) -> None:
    items = [f"<title>{'<![CDATA[' + t.replace(']]>', '') + ']]>'}</title>" for t in texts]
    data = rss(*items)
    at = iter(range(0, len(data), size))
    stream = buffered(lambda _most: data[(n := next(at, len(data))) : n + size])
    kind = kind_of(Sample("a.rss", data[:HEAD], data[-TAIL:]))
    assert kind
    told = list(kind.members(Opened("a.rss", stream, Limits())))
    assert [member.data.count(b"<title>") for member in told] == [1] * len(texts)
    assert all(member.data.endswith(b"</item>") for member in told)


def test_an_article_that_links_to_a_picture_is_no_picture() -> None:
    link = '<link residref="urn:b"><itemClass qcode="ninat:picture"/></link></itemMeta>'
    (member,) = members(message(news_item("text", "Pakt").replace("</itemMeta>", link)))
    assert not member.left


def test_posts_alone_of_an_export_of_wordpress_are_members() -> None:
    items = (
        f"<title>A</title><wp:post_type>{kind}</wp:post_type>" for kind in ("post", "attachment")
    )
    assert [member.left for member in members(rss(*items))] == [False, True]


def test_items_are_of_the_address_of_their_feed() -> None:
    head = "<atom:link>https://b.example</atom:link><link>https://a.example/</link>"
    (member,) = members(rss("<title>A</title><link>/1</link>", head=head))
    assert parse(member.data, "f.rss/1.xml").url == "https://a.example/1"


@pytest.mark.parametrize("before", [b"\n\n", codecs.BOM_UTF8 * 2, codecs.BOM_UTF8 + b"\r\n "])
def test_what_stands_before_the_declaration_is_left_out(before: bytes) -> None:
    data = before + b"<?xml version='1.0'?>" + rss("<title>A</title>")
    assert [parse(member.data, "f.rss/1.xml").headline for member in members(data)] == ["A"]


def test_attributes_around_items_are_not_multiplied() -> None:
    around = " ".join(f'xmlns:a{number}="urn:{number}"' for number in range(2_000))
    data = rss(*["<title>A</title>"] * 3).replace(b"<rss", f"<rss {around}".encode())
    with pytest.raises(Unreadable, match="characters of attributes"):
        list(members(data))


def test_a_language_without_end_costs_no_memory() -> None:
    data = b"<rss><channel><language>" + b"Deutsch und mehr...\n" * 150_000
    told = members(data)
    tracemalloc.start()
    with pytest.raises(Unreadable, match="ends in the middle"):
        list(told)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(data)


@pytest.mark.parametrize(("codec", "title"), [("iso-8859-15", "5 € Größe"), ("cp1250", "Łódź")])
def test_an_encoding_that_is_needed_late_is_the_declared_one(codec: str, title: str) -> None:
    text = rss(f"<title>{title}</title>", head=f"<!-- {'x' * HEAD} -->").decode()
    data = f'<?xml version="1.0" encoding="{codec}"?>\n{text}'.encode(codec)
    (member,) = members(data)
    assert title in member.data.decode()


def whole(parts: list[bytes]) -> bytes:
    mender = Ampersands()
    return b"".join(
        mender.mended(part, last=number == len(parts)) for number, part in enumerate(parts, 1)
    )


PIECES = ["&", "&amp;", "&nbsp;", "&#38;", "&x", ";", "a", " ", "<![CDATA[", "]]>", "<!--", "-->"]


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.lists(st.integers(0, 200), max_size=6))
def test_ampersands_are_mended_however_the_bytes_come(pieces: list[str], cuts: list[int]) -> None:
    data = "".join(pieces).encode()
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    parts = [data[first:end] for first, end in pairwise(places)]
    mended = whole(parts)
    assert mended == whole([data])
    assert whole([mended]) == mended, "what is right stays"
    assert mended.replace(b"&amp;", b"&") == data.replace(b"&amp;", b"&")


def test_a_feed_with_bare_ampersands_is_read_whole() -> None:
    link = "<link>https://a.example/?a=1&b=2</link>"
    data = rss(
        f"<title>F & A: Müller & Co.</title>{link}<description>R&D &amp; mehr</description>",
        "<title><![CDATA[Q&A &copy]]></title><description>Zwei.</description>",
    )
    first, second = (parse(member.data, member.name) for member in members(data))
    assert (first.headline, first.body) == ("F & A: Müller & Co.", "R&D & mehr")
    assert first.url == "https://a.example/?a=1&b=2"
    assert second.headline.startswith("Q&A")


def test_an_item_with_bare_ampersands_is_read() -> None:
    data = news_item("text", "Müller & Co.").replace("Ein Text.", "<![CDATA[R&D & mehr]]> & A&B")
    item = parse(data.replace("<newsItem ", f"<newsItem {G2} ").encode(), "a.xml")
    assert (item.headline, item.body) == ("Müller & Co.", "R&D & mehr & A&B")


@pytest.mark.parametrize("piece", ["&", "<![CDATA[", "<!--", "&amp", "]]>&", "<![CDATA[&]]"])
def test_mending_takes_time_in_proportion(piece: str) -> None:
    assert_linear(lambda text: whole([text.encode()]), piece, length=400_000)
    assert_linear(lambda text: _BARE.sub(_kept_or_escaped, text), piece, length=400_000)


def test_an_item_without_anything_takes_none_of_what_is_behind_it() -> None:
    items = "<item/><item><title>Hafen</title></item ><item/>" + "<item/>" * 10_000
    data = f"<rss><channel>{items}</channel></rss>".encode()
    found = [member.data for member in members(data)]
    assert len(found) == 10_003
    assert found[1].endswith(b"<item><title>Hafen</title></item >")
    assert all(each.endswith(b"<item/>") for each in (found[0], *found[3:]))
