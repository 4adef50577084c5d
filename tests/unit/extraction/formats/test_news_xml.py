"""NewsML-G2 and NITF as articles; what must not be published is none; hostile XML fails."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from articles.article import Article
from articles.errors import Unreadable
from extraction.formats.parse import parse
from tests.linear import assert_linear
from tests.unit.extraction.formats.held import free

SAMPLES = Path(__file__).parents[4] / "seeds" / "formats"
NOON = dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC)
G2 = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def read(data: str | bytes, path: str = "a.xml", received: dt.datetime | None = NOON) -> Article:
    whole = data.encode() if isinstance(data, str) else data
    return free(parse(whole, path, received=received))


def refused(data: str | bytes, received: dt.datetime | None = NOON) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        read(data, received=received)
    assert raised.value.advice
    return raised.value


def newsml(management: str = "", content: str = "", body: str = "<p>Text.</p><p>Mehr.</p>") -> str:
    return (
        f'<newsItem {G2} guid="urn:newsml:a:1"><itemMeta>{management}</itemMeta><contentMeta>'
        f"<headline>Pakt</headline>{content}</contentMeta><contentSet>"
        f'<inlineXML contenttype="application/xhtml+xml"><html><body>{body}</body></html>'
        "</inlineXML></contentSet></newsItem>"
    )


def nitf(data: str = "", head: str = "<hedline><hl1>Pakt</hl1></hedline>", body: str = "") -> str:
    return (
        f"<nitf><head><docdata {data}</docdata></head><body><body.head>{head}</body.head>"
        f"<body.content>{body or '<p>Text.</p>'}</body.content></body></nitf>"
    )


def test_newsml_g2_is_read_as_an_article() -> None:
    article = read((SAMPLES / "newsml-g2.xml").read_bytes())
    assert article.key == "s-urn:newsml:agentur.example:20240619:pegel-passau"
    assert (article.kicker, article.source.format) == ("Hochwasser", "newsml-g2")
    assert article.headline == "Pegel in Passau sinkt langsamer als erwartet"
    assert article.lead == "Die Stadt hält ihre Dämme noch bis zum Wochenende besetzt."
    assert article.published
    assert article.published.value == "2024-06-19T14:30:00+02:00"
    assert (article.dateline_places, article.agencies) == (("Passau",), ("dpa",))
    assert (article.byline, article.language) == (("Lena Huber",), "de")
    assert article.url == "https://agentur.example/2024/06/19/pegel-passau"
    first, second = article.body.split("\n\n")
    assert first.startswith("Passau (dpa) - Der Pegel")
    assert "Mittwochmittag auf 6,80" in first
    assert second.startswith("Oberbürgermeister"), "no caption between them"
    assert (article.subjects, article.genre) == (("Hochwasser", "Donau"), ("Bericht",))
    assert (article.slugline, article.source.version) == ("Hochwasser/Bayern", "2")
    assert article.source.warnings == ()


def test_a_later_version_says_when_it_was_made() -> None:
    first, later = "2024-06-19T14:30:00+02:00", "2024-06-19T16:05:00+02:00"
    times = "<firstCreated>{}</firstCreated><versionCreated>{}</versionCreated>"
    article = read(newsml(times.format(first, later)))
    assert article.published
    assert (article.published.value, article.modified) == (first, later)
    assert read(newsml(times.format(first, first))).modified == ""
    assert read(newsml(f"<versionCreated>{first}</versionCreated>")).modified == ""


def test_what_nitf_says_of_itself() -> None:
    data = (
        '<du-key key="Bücherei/Weimar" version="3"/><key-list><keyword key="Kauf"/></key-list>'
        '</docdata><tobject><tobject.property tobject.property.type="analysis"/>'
        '<tobject.subject tobject.subject.refnum="01000000" tobject.subject.type="Kultur"/>'
        '</tobject><revision-history norm="20240621T100000+0200"/><docdata>'
    )
    article = read(nitf(f">{data}"))
    assert (article.subjects, article.genre) == (("Kultur", "Kauf"), ("analysis",))
    assert (article.slugline, article.source.version) == ("Bücherei/Weimar", "3")
    assert article.modified == "2024-06-21T10:00:00+02:00"


def test_nitf_is_read_as_an_article() -> None:
    article = read((SAMPLES / "nitf.xml").read_bytes())
    assert (article.key, article.source.format) == ("s-Blatt.example:20240621-0042", "nitf")
    assert article.headline == "Bücherei zieht ins alte Postamt"
    assert article.lead == "Der Rat hat den Kauf des Gebäudes beschlossen."
    assert article.body.startswith("Umbau beginnt im Herbst\n\nDie Bücherei der Stadt zieht")
    assert "am Markt. Das hat" in article.body, "line ends of XML are none of the text"
    assert article.published
    assert article.published.value == "2024-06-21T09:00:00+02:00"
    assert (article.byline, article.dateline_places) == (("Thomas Reuter",), ("Weimar",))
    assert article.source.encoding == "cp1252", "which Latin-1 means"


def test_the_headline_of_a_page_within_newsml_goes_from_its_text() -> None:
    body = (
        '<header><p class="genre">Extra</p><h1>Pakt</h1></header>'
        '<section class="main"><p>Moskau (dpa) - Der Text.</p><p>Mehr<br/>davon.</p></section>'
    )
    article = read(newsml(body=body))
    assert article.body == "Moskau (dpa) - Der Text.\n\nMehr\ndavon."
    assert (article.agencies, article.dateline_places) == (("dpa",), ("Moskau",))


def test_plain_text_within_newsml_is_read() -> None:
    whole = (
        newsml().replace("inlineXML", "inlineData").replace("application/xhtml+xml", "text/plain")
    )
    start, end = whole.index("<html>"), whole.index("</html>") + len("</html>")
    article = read(f"{whole[:start]}Vorspann.\n\nText &amp; mehr.{whole[end:]}")
    assert (article.lead, article.body) == ("Vorspann.", "Text & mehr.")


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda: newsml('<pubStatus qcode="stat:canceled"/>'), "has taken it back"),
        (lambda: newsml('<pubStatus qcode="stat:withheld"/>'), "holds it back"),
        (lambda: newsml("<embargoed/>"), "embargo whose end cannot be read"),
        (lambda: newsml("<embargoed>irgendwann</embargoed>"), "end cannot be read .until 'irg"),
        (lambda: newsml("<embargoed>2024-06-19T14:01:00+02:00</embargoed>"), "until 2024-06-19T14"),
        (lambda: newsml("<embargoed>2024-06</embargoed>"), "end cannot be read"),
        (lambda: nitf('management-status="killed">'), "has taken it back"),
        (lambda: nitf('management-status="embargoed">'), "holds it back"),
        (
            lambda: nitf('><date.release norm="20240620T060000Z"/>'),
            "until 2024-06-20T08:00:00.000",
        ),
    ],
    ids=[
        "canceled",
        "withheld",
        "no end",
        "unreadable",
        "a minute",
        "month",
        "killed",
        "held",
        "n",
    ],
)
def test_what_must_not_be_published_fails_and_says_why(write: Callable[[], str], says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        read(write())
    assert raised.value.advice


def test_an_embargo_that_has_ended_holds_nobody_up() -> None:
    assert read(newsml("<embargoed>2024-06-19T14:00:00+02:00</embargoed>")).headline == "Pakt"
    assert read(newsml("<embargoed>2024-06-18</embargoed>")).headline == "Pakt"
    assert read(nitf('><date.release norm="20240619T115959Z"/>')).headline == "Pakt"


def test_who_does_not_know_the_time_publishes_nothing_with_an_embargo() -> None:
    assert "embargo" in refused(newsml("<embargoed>2024-06-18</embargoed>"), None).reason


def test_an_embargo_in_a_note_to_editors_holds_it_back() -> None:
    note = "<edNote>Achtung, Sperrfrist: 20.06.2024, 10:00 Uhr</edNote>"
    assert "until 2024-06-20T10:00:00" in refused(newsml(note)).reason
    assert read(newsml("<edNote>Zum Embargo finden Sie Bilder</edNote>")).headline == "Pakt"


def test_a_dateline_without_a_location_and_a_headline_that_is_the_title() -> None:
    head = (
        '<hedline><hl1>Pakt</hl1></hedline><dateline>Oslo (NTB)<story.date norm="2024"/></dateline>'
    )
    article = read(nitf(">", head=head))
    assert (article.dateline_places, article.published and article.published.value) == (
        ("Oslo",),
        "2024",
    )
    untitled = newsml("<title>Titel</title>").replace("<headline>Pakt</headline>", "")
    assert read(untitled).headline == "Titel"


def test_an_unknown_status_is_said() -> None:
    assert "which Depesche does not know" in read(nitf('management-status="x">')).source.warnings[0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (f"<packageItem {G2}><groupSet/></packageItem>", "refers to items"),
        (f"<conceptItem {G2}/>", "conceptItem of NewsML-G2, which holds no article"),
        ("<NewsML><NewsItem/></NewsML>", "NewsML 1"),
        (f'<newsItem {G2} guid="a"/>', "not fetched"),
        (newsml('<itemClass qcode="ninat:picture"/>', body=""), "is picture, and no text"),
        (newsml()[:-5], "XML is broken"),
        (newsml(body="<p>&unknown;</p>"), "XML is broken: Entity 'unknown' not defined"),
        (nitf(">", head=""), "headline"),
        ("<a><b/></a>", "binary|XML"),
    ],
    ids=["package", "concept", "old", "empty", "picture", "cut", "entity", "headless", "other"],
)
def test_what_is_no_article_says_why(data: str, says: str) -> None:
    if data.startswith("<a>"):
        data = f"<?xml version='1.0'?>{data}"
    with pytest.raises(Unreadable, match=says):
        read(data)


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE nitf [<!ENTITY a "haha"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE nitf [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]>',
    ],
    ids=["bomb", "file", "parameter"],
)
def test_entities_of_its_own_are_refused(declared: str) -> None:
    assert "entities of its own" in refused(declared + nitf(">", body="<p>&b;&x;</p>")).reason


def test_a_document_type_elsewhere_is_never_asked_for() -> None:
    declared = '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "http://192.0.2.1/nitf.dtd">'
    assert read(declared + nitf(">", body="<p>M&uuml;ller &#38; S&ouml;hne</p>")).body == (
        "Müller & Söhne"
    )


def test_includes_lead_nowhere() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>'
    assert read(nitf(">", body=f"<p>Text.</p>{include}")).body == "Text."


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "iso8859-15", "cp1250", "koi8-r"])
def test_the_encoding_is_what_the_xml_declares(codec: str) -> None:
    text = {"koi8-r": "Москва", "cp1250": "Łódź"}.get(
        codec, "Größe" if codec != "iso8859-15" else "5 €"
    )
    name = {"utf-8-sig": "utf-8"}.get(codec, codec)
    whole = f'<?xml version="1.0" encoding="{name}"?>\n{nitf(">", body=f"<p>{text}</p>")}'
    assert read(whole.encode(codec)).body == text


@pytest.mark.parametrize(
    ("inner", "says"),
    [("<p/>" * 400_001, "more than 400,000 tags"), ("<p " + "a='' " * 400_001, "attributes")],
    ids=["tags", "attributes"],
)
def test_what_would_be_a_huge_tree_is_refused_before_there_is_one(inner: str, says: str) -> None:
    assert says in refused(nitf(">", body=inner)).reason


def test_attributes_of_one_tag_are_counted_before_they_are_compared() -> None:
    many = " ".join(f"a{n}='1'" for n in range(1_001))
    assert "a tag with more than 1,000 attributes" in refused(nitf(">", body=f"<p {many}/>")).reason
    said = "<p>Er sagte: <![CDATA[a <b 'c " + "d=e " * 1_100 + "]]></p>"
    assert read(nitf(">", body=said)).body.startswith("Er sagte: a")


def test_what_is_nested_too_deep_is_broken() -> None:
    assert "broken" in refused(nitf(">", body="<p>" * 5_000 + "</p>" * 5_000)).reason


@pytest.mark.parametrize(
    "piece",
    [
        "<p>Ein Absatz.</p>",
        "<br/>",
        "&uuml;",
        "<!-- - -->",
        "<media/>",
        "&",
        "<hl2/>",
        "<p a='b'/>",
    ],
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    def read_any(text: str) -> None:
        for whole in (nitf(">", body=text), newsml(body=text), f"<!--{text}", f"<!DOCTYPE [{text}"):
            with contextlib.suppress(Unreadable):
                read(whole)

    assert_linear(read_any, piece)


@pytest.mark.parametrize(
    ("path", "data", "says"),
    [
        (
            "a.cdf",
            '<CHANNEL HREF="https://x.example"><ITEM><TITLE>Eine Brücke</TITLE></ITEM></CHANNEL>',
            "CDF",
        ),
        ("a.txt", "<!-- von 1998 -->\n<Channel><Item/></Channel>", "CDF"),
        ("a.xml", "<meldung><titel>Eine Brücke</titel></meldung>", "root 'meldung'"),
        ("a.XML", '<?xml version="1.0"?><meldung>Eine Brücke</meldung>', "root 'meldung'"),
    ],
)
def test_xml_of_other_kinds_is_no_text(path: str, data: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as fault:
        parse(data.encode(), path)
    assert fault.value.advice


def test_a_text_that_begins_with_a_tag_and_is_called_one_stays_one() -> None:
    assert parse("<b>Neue Brücke</b>\n\nDer Rat.".encode(), "a.txt").headline == "Neue Brücke"


def test_the_dateline_beside_a_text_counts_where_that_has_none() -> None:
    # As in the IPTC's example of located, subject and dateline.
    article = read(newsml(content="<dateline>MOSCOW, Monday (Reuters)</dateline>"))
    assert (article.dateline_places, article.agencies) == (("Moscow",), ("reuters",))
