"""News as its senders really send it: nothing that is held back gets out, no text is lost."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest

from articles.article import Article
from articles.errors import Unreadable
from extraction.formats.parse import parse
from tests.linear import assert_linear
from tests.unit.extraction.formats.held import free

NOON = dt.datetime(2024, 6, 22, 12, tzinfo=dt.UTC)
G2 = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
CODES = "bdt0163 3 pl 226  dpa 0525"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:wp="http://wordpress.org/export/1.2/" xml:base="https://a.example/"'
)
NOTE = "Sperrfrist: 25.06.2024, 10 Uhr"
TEXT = "<content:encoded>&lt;p&gt;Text.&lt;/p&gt;</content:encoded>"


def read(data: str | bytes, path: str = "a.xml") -> Article:
    return free(parse(data.encode() if isinstance(data, str) else data, path, received=NOON))


def rss(inside: str, title: str = "<title>Pakt</title>") -> Article:
    return read(f"<item {SPACES}>{title}{inside}</item>")


def html(content: str) -> Article:
    return rss(f"<content:encoded><![CDATA[{content}]]></content:encoded>")


def page(body: str) -> str:
    return f"<inlineXML><html {XHTML}><body>{body}</body></html></inlineXML>"


def newsml(contents: str, meta: str = "", more: str = "") -> str:
    return (
        f'<newsItem {G2} guid="urn:a:1">{more}<itemMeta>{meta}</itemMeta><contentMeta><headline>'
        f"Pakt</headline></contentMeta><contentSet>{contents}</contentSet></newsItem>"
    )


def nitf(
    data: str = "", head: str = "", contents: str = "<body.content><p>T.</p></body.content>"
) -> str:
    return (
        f"<nitf><head><docdata>{data}</docdata></head><body><body.head><hedline><hl1>Pakt</hl1>"
        f"</hedline>{head}</body.head>{contents}</body></nitf>"
    )


def ninjs(**values: object) -> str:
    whole = {"uri": "urn:a:1", "headline": "Pakt", "versioncreated": "2024-06-19T10:00:00Z"}
    return json.dumps({**whole, **values})


def wire(text: str, line: str = "Pakt =") -> Article:
    return read(f"{CODES}\n\n{line}\n\n{text}", "a.txt")


def whole(article: Article) -> str:
    return "\n\n".join(filter(None, (article.lead, article.body)))


WITHHELD = '<pubStatus qcode="stat:withheld"/><embargoed>2024-06-01T00:00:00Z</embargoed>'
RELEASED = '<date.release norm="20240619T100000Z"/>'


@pytest.mark.parametrize(
    "write",
    [
        lambda: newsml(page("<p>T.</p>"), WITHHELD),
        lambda: ninjs(body_html="T", pubstatus="withheld", embargoed="2024-01-01T00:00:00Z"),
        lambda: newsml(
            page("<p>T.</p>"), more=f"<rightsInfo><usageTerms>{NOTE}</usageTerms></rightsInfo>"
        ),
        lambda: nitf(head=f"<note><p>{NOTE}</p></note>"),
        lambda: nitf(RELEASED + f'<ed-msg info="{NOTE}"/>'),
        lambda: newsml(f"<inlineXML>{nitf(head=f'<note><p>{NOTE}</p></note>')}</inlineXML>"),
        lambda: (
            f"<item {SPACES}><title>A</title>{TEXT}<wp:status>publish</wp:status>"
            "<wp:post_password>geheim</wp:post_password></item>"
        ),
        lambda: json.dumps({"headline": "Pakt", "body": "T", "embargoed": "2030-01-01"}),
        lambda: ninjs(body="T", pubstatus="canceled"),
        lambda: json.dumps(
            {"urn": "a", "pubstatus": "canceled", "headline": "A", "article_html": "T"}
        ),
        lambda: "---\ntitle: Pakt\ndraft: true\n---\n\nText.",
        lambda: "---\ntitle: Pakt\npublished: false\n---\n\nText.",
        lambda: f"{CODES}\n\nPakt =\n\nSPERRFRIST 25.06.2024, 10.00 UHR\n\nBonn (dpa) - T.",
        lambda: f"{CODES}\n\nAchtung Redaktionen: Sperrfrist 25. Juni 2024, 18 Uhr!\nA =\n\nT.",
        lambda: f"{CODES}\n\nEMBARGOED UNTIL 25 June 2024 10:00\nPakt =\n\nText.",
        lambda: f"{CODES}\n\n+++ {NOTE} +++\nPakt =\n\nText.",
        lambda: f"{CODES}\n\nSperrvermerk: 25.06.2024, 10 Uhr (MESZ)\nPakt =\n\nText.",
    ],
    ids=[
        *("withheld", "ninjs", "terms", "note", "release and note", "nitf in g2", "password"),
        *(
            "json",
            "ninjs with body",
            "digital wires",
            "draft",
            "jekyll",
            "capitals",
            "desks",
            "english",
        ),
        *("crosses", "mark"),
    ],
)
def test_what_is_held_back_does_not_get_out(write: Callable[[], str]) -> None:
    data = write()
    path = "a.json" if data.startswith("{") else "a.xml" if data.startswith("<") else "a.txt"
    with pytest.raises(
        Unreadable, match=r"holds it back|taken it back|under embargo until"
    ) as told:
        read(data, path)
    assert told.value.advice


@pytest.mark.parametrize(
    "line",
    ["Sperrfrist für Gesetz gefordert =", "Embargoed until 2030: Akten =", "Sperrfrist 30 Tage ="],
)
def test_news_of_embargoes_is_under_none(line: str) -> None:
    assert wire("Bonn (dpa) - Text.", line).headline == line.removesuffix(" =")


@pytest.mark.parametrize(
    "values",
    [
        {"status": "ok", "embargo": None, "draft": False},
        {"embargo": "aufgehoben", "status": 3},
        {"embargoed": "2024-06-01T00:00:00Z", "pubstatus": "usable"},
    ],
    ids=["words of others", "lifted", "over"],
)
def test_what_is_free_is_read_as_ever(values: dict[str, object]) -> None:
    assert read(json.dumps({"headline": "Pakt", "body": "T", **values}), "a.json").body == "T"


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        (page("<p>Kurz.</p>") + page("<p>Lang eins.</p><p>Zwei.</p>"), "Lang eins.\n\nZwei."),
        (
            f"<inlineXML><p {XHTML}>Eins.</p><ul><li>Punkt</li></ul><p>a<br/>3</p></inlineXML>",
            "Eins.\n\nPunkt\n\na\n3",
        ),
        (
            '<inlineData contenttype="application/xhtml+xml">&lt;p&gt;Eins.&lt;/p&gt;</inlineData>',
            "Eins.",
        ),
        (
            page("<header><h1>Pakt</h1><p>Extra</p><p>Der Vorspann.</p></header><p>Text.</p>"),
            "Der Vorspann.\n\nText.",
        ),
    ],
    ids=["renditions", "roots", "escaped", "head"],
)
def test_newsml_loses_no_text(contents: str, says: str) -> None:
    assert whole(read(newsml(contents))) == says


def test_nitf_loses_no_text() -> None:
    two = "<body.content><p>Eins.</p></body.content><body.content><p>Zwei.</p></body.content>"
    assert whole(read(nitf(contents=two))) == "Eins.\n\nZwei."
    leads = "<abstract><p>A.</p></abstract><abstract><p>B.</p></abstract>"
    assert read(nitf(head=leads)).lead == "A.\n\nB."


def test_a_fraction_is_one_and_a_break_parts_words() -> None:
    fraction = "3 <frac><frac-num>1</frac-num><frac-den>2</frac-den></frac> Euro"
    assert (
        read(nitf(contents=f"<body.content><p>{fraction}</p></body.content>")).body == "3 1/2 Euro"
    )
    assert read(nitf().replace("Pakt", "Pakt<br/>heute")).headline == "Pakt heute"
    assert read(nitf().replace("Pakt", "a &LT; b")).headline == "a < b"


def test_the_main_body_of_ninjs_comes_before_short_ones() -> None:
    bodies = [
        {"role": "short", "contentType": "text/html", "value": "<p>Kurz.</p>"},
        {"role": "main", "contentType": "text/html", "value": "<p>Lang.</p><p>Mehr.</p>"},
    ]
    assert whole(read(ninjs(bodies=bodies), "a.json")) == "Lang.\n\nMehr."
    sports = ninjs(body_sportsml="<sports-content/>", body_text="Text.")
    assert read(sports, "a.json").body == "Text."


def test_names_and_dates_of_ninjs_as_superdesk_writes_it() -> None:
    data = ninjs(
        body_html="<p>T.</p>",
        authors=[{"name": "Anna Muster"}],
        firstcreated="0000-00-00T00:00:00",
        versioncreated="2024-06-19T22:30:00+0000",
        representationtype="incomplete",
    )
    article = read(data, "a.json")
    assert article.byline == ("Anna Muster",)
    assert article.published
    assert article.published.value == "2024-06-20T00:30:00+02:00", "an instant, and no place"
    assert article.partial


def test_digital_wires_of_dpa_are_read() -> None:
    data = {"urn": "urn:newsml:a:1", "pubstatus": "usable", "headline": "Pakt", "kicker": "Asien"}
    data |= {"version_created": "2024-06-19T15:00:00+02:00", "article_html": "<p>A.</p><p>B.</p>"}
    article = read(json.dumps(data), "a.json")
    assert (article.key, article.kicker, whole(article)) == (
        "s-urn:newsml:a:1",
        "Asien",
        "A.\n\nB.",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Die Zahl a<b. Rest des Textes.<br>Mehr.", "Die Zahl a<b. Rest des Textes.\nMehr."),
        ("<p>Mail an <anna@a.example> bitte.</p>", "Mail an <anna@a.example> bitte."),
        ("<p>Eins.</p><!-- offen <p>Zwei.</p>", "Eins.\n\noffen\n\nZwei."),
        ("Eins.<br />\n<br />\nZwei.", "Eins.\n\nZwei."),
        (f"<p>Vor.</p>{'<div>' * 400}<p>Tief.</p>{'</div>' * 400}", "Vor.\n\nTief."),
        (
            "<figure><table><tr><td>a</td><td>3</td></tr></table><figcaption>B</figcaption></figure>",
            "a 3",
        ),
        ("<figure><img src='a'/><figcaption>Bild</figcaption></figure><p>Text.</p>", "Text."),
    ],
    ids=["no tag", "address", "comment", "breaks", "deep", "table", "picture"],
)
def test_html_loses_no_text(content: str, says: str) -> None:
    assert whole(html(content)) == says


def test_html_that_is_nested_too_deep_says_so() -> None:
    with pytest.raises(Unreadable, match="nested deeper than"):
        html(f"<p>Vor.</p>{'<div>' * 3_000}<p>Tief.</p>")


def test_a_text_within_marks_of_cdata_is_one() -> None:
    article = rss("<description>&lt;![CDATA[&lt;p&gt;Text.&lt;/p&gt;]]&gt;</description>")
    assert article.body == "Text."


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        ("<guid>1</guid>", "s-a.example:1"),
        ('<guid isPermaLink="false">urn:x:1</guid>', "s-urn:x:1"),
        ("<link>https://a.example</link><guid>f-1</guid>", "s-a.example:f-1"),
        ("<link>/</link>", "t-"),
        ("<link>https://a.example/t#17</link>", "sh-"),
        ("<link>https://a.example/t#xtor=RSS-1</link>", "u-"),
    ],
    ids=["number", "of the world", "podcast", "home", "part", "tracking"],
)
def test_items_of_other_feeds_and_pages_have_other_keys(inside: str, key: str) -> None:
    assert rss(inside + TEXT).key.startswith(key)


def test_an_id_of_a_feed_that_nobody_knows_is_none() -> None:
    plain = SPACES.replace(' xml:base="https://a.example/"', "")
    assert read(f"<item {plain}><title>A</title><guid>1</guid>{TEXT}</item>").key.startswith("t-")


def test_two_parts_of_a_page_are_two_articles() -> None:
    first, second = (rss(f"<link>/t#p{number}</link>{TEXT}") for number in (1, 2))
    assert first.key != second.key
    assert first.url == "https://a.example/t#p1"


@pytest.mark.parametrize("kind", ["attachment", "nav_menu_item", "wp_block"])
def test_what_is_no_post_of_wordpress_is_no_article(kind: str) -> None:
    with pytest.raises(Unreadable, match="no article of WordPress"):
        rss(f"{TEXT}<wp:post_type>{kind}</wp:post_type><wp:status>publish</wp:status>")
    assert rss(f"{TEXT}<wp:post_type>artikel</wp:post_type>").body == "Text."


def test_shortcodes_of_wordpress_are_no_text() -> None:
    content = "[caption id='a']<img src='a'/> Bild[/caption]\n\nText.\n\n[gallery ids='1,2']"
    inside = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    assert rss(f"{inside}<wp:status>publish</wp:status>").body == "Text."


def test_an_item_without_a_title_has_its_first_paragraph_as_headline() -> None:
    article = rss("<description>&lt;p&gt;Kurz gesagt.&lt;/p&gt;</description>", title="")
    assert article.headline == "Kurz gesagt."


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Wed, 19 Jun 2024 23:30:00 +0000", "2024-06-20T01:30:00+02:00"),
        ("Thu, 01 Jan 1970 00:00:00 +0000", ""),
        ("Wed, 19 Jun 2024 23:30:00 +0100", "2024-06-19T23:30:00+01:00"),
    ],
    ids=["no place", "no date", "a place"],
)
def test_dates_of_items(written: str, value: str) -> None:
    article = rss(f"<pubDate>{written}</pubDate>{TEXT}")
    assert (article.published.value if article.published else "") == value


def test_prefixes_that_nobody_declared_cost_nothing() -> None:
    article = read(f"<item><title>A</title><media:content url='a'/>{TEXT}</item>")
    assert article.body == "Text."
    with pytest.raises(Unreadable, match="XML is broken"):
        read(f"<item><title>A</b><media:content url='a'/>{TEXT}</item>")


def test_pictures_within_atom_are_no_text() -> None:
    data = (
        '<entry xmlns="http://www.w3.org/2005/Atom"><title>A</title><summary>Text.</summary>'
        '<content type="image/png">iVBORw0KGgo=</content></entry>'
    )
    assert read(data).body == "Text."


@pytest.mark.parametrize(
    ("time", "value"),
    [
        ("191430 MEZ Jan 98", "1998-01-19T14:30:00+01:00"),
        ("191430 EDT Jun 24", "2024-06-19T14:30:00-04:00"),
        ("191430 XYZ Jun 24", "2024-06-19"),
        ("191430 GMT Jun 24", "2024-06-19T16:30:00+02:00"),
    ],
    ids=["last century", "america", "unknown zone", "gmt"],
)
def test_when_a_message_was_sent(time: str, value: str) -> None:
    article = wire(f"Bonn (dpa) - Text.\n\ndpa ab n1\n{time}\n")
    assert article.published
    assert article.published.value == value


def test_headlines_in_capitals_are_headlines() -> None:
    article = wire("MOSKAU (AFP) - Eins.\n\nZwei.", "PUTIN UND KIM UNTERZEICHNEN PAKT")
    assert article.headline == "PUTIN UND KIM UNTERZEICHNEN PAKT"
    assert wire("Bonn (dpa) - T.", "Gespräch über die\nEU =").headline == "Gespräch über die EU"


@pytest.mark.parametrize(
    "line", ["Sie seien nicht zur Veröffentlichung bestimmt, hieß es.", "# 1 der Charts ist X."]
)
def test_what_looks_like_notes_to_editors_cuts_no_text(line: str) -> None:
    assert wire(f"Bonn (dpa) - T.\n\n{line}\n\nDas Ende.").body.endswith(f"{line}\n\nDas Ende.")


@pytest.mark.parametrize("line", ["so ist es nun mal", "bayern 3", "und dann war es aus"])
def test_a_last_line_in_small_letters_is_text(line: str) -> None:
    assert wire(f"Bonn (dpa) - Text.\n\n{line}\n\ndpa ab cd n1\n").body.endswith(line)


def test_a_message_as_afp_writes_it() -> None:
    text = "WIEN, 20. Juni (AFP) - Text.\n\nab/cd\nAFP 201430 GMT JUN 24\n"
    article = wire(text, "Wahl/Wien\nWahl in Wien\n  - Von Anna Muster -\n=(Bild)=")
    assert (article.headline, article.byline) == ("Wahl in Wien", ("Anna Muster",))
    assert article.body == "WIEN, 20. Juni (AFP) - Text."
    assert article.published
    assert article.published.value == "2024-06-20T16:30:00+02:00"


def test_of_several_languages_the_item_s_own_is_read() -> None:
    contents = (
        '<inlineXML xml:lang="fr"><p>Un texte plus long, avec beaucoup de mots.</p></inlineXML>'
        '<inlineXML xml:lang="de"><p>Ein deutscher Text.</p></inlineXML>'
    )
    head = '<language tag="de"/><headline xml:lang="fr">Pacte</headline>'
    article = read(newsml(contents).replace("<contentMeta>", f"<contentMeta>{head}"))
    assert (article.headline, article.body) == ("Pakt", "Ein deutscher Text.")


def test_words_of_atom_that_look_like_tags_cut_nothing() -> None:
    data = (
        '<entry xmlns="http://www.w3.org/2005/Atom"><title type="text">Wie &lt;script&gt; wirkt'
        "</title><content>Das Element &lt;style&gt; steht hier.</content></entry>"
    )
    article = read(data)
    assert (article.headline, article.body.split()[-1]) == ("Wie wirkt", "hier.")
    assert "HTML tags were taken out" in article.source.warnings[0]


@pytest.mark.parametrize(
    "tracking", ["?xtor=RSS-1", "?WT.mc_id=b&amp;at_medium=rss", "#xtor=RSS-2"]
)
def test_where_a_reader_came_from_tells_no_items_apart(tracking: str) -> None:
    link = "<link>https://a.example/1{}</link>"
    assert rss(link.format(tracking) + TEXT).key == rss(link.format("") + TEXT).key


def test_all_texts_of_an_item_are_read() -> None:
    assert whole(rss(TEXT + TEXT.replace("Text.", "Mehr."))) == "Text.\n\nMehr."


@pytest.mark.parametrize(
    "data",
    [
        f"{CODES}\n\nA =\n\nT.\n\n191430 Jun 24\n\nbdt0164 3 wi 12  dpa 1\n\nB =\n\nT.",
        f"\x01{CODES}\r\nA/\r\n\x02A =\r\n\r\nT.\x03191430 Jun 24\x04\x02B =\r\n\r\nT.\x03",
    ],
    ids=["codes", "begins"],
)
def test_two_messages_are_not_read_as_one(data: str) -> None:
    with pytest.raises(Unreadable, match="several messages"):
        read(data, "a.txt")


def test_a_telex_is_a_message() -> None:
    article = read(f"ZCZC\n{CODES}\n\nPakt =\n\nBonn (dpa) - Text.\n\nNNNN\n", "a.txt")
    assert (article.headline, article.body) == ("Pakt", "Bonn (dpa) - Text.")
    assert read("ZCZC war ein Zeichen\n\nText.", "a.txt").source.format == "plain"


def test_letters_of_dos_are_known() -> None:
    text = f"{CODES}\n\nMinisterium kürzt Zuschüsse =\n\nBonn (dpa) - Die Straße für Äpfel."
    article = read(text.encode("cp850"), "a.txt")
    assert (article.headline, article.source.encoding) == ("Ministerium kürzt Zuschüsse", "cp850")
    assert article.body == "Bonn (dpa) - Die Straße für Äpfel."
    assert (
        read("Er sagte„nein“ und\x84 für".encode("cp1252", "ignore"), "a.txt").source.encoding
        != "cp850"
    )


def test_addresses_with_a_tilde_are_no_letters_of_seven_bits() -> None:
    text = "Bonn (dpa) - http://a.example/~user http://b.example/~other"
    assert wire(text).body == text


def test_the_head_of_a_review_is_none_of_the_article() -> None:
    text = "Titel: Der Roman\nAutor: Max Dichter\nVerlag: Haus\n\nEine Rezension.\n\nMehr."
    article = read(text, "a.txt")
    assert (article.source.format, article.byline) == ("plain", ())


def test_fields_that_are_said_twice_or_hold_text_are_not_lost() -> None:
    twice = read("Titel: A\nAutor: Anna Muster\nAutor: Ben Bauer\n\nText.", "a.txt")
    assert twice.byline == ("Anna Muster, Ben Bauer",)
    long = read(f"Titel: A\nDatum: 2024\nText: {'Ein Satz. ' * 30}\n\nNachtrag.", "a.txt")
    assert "Ein Satz." in whole(long)


@pytest.mark.parametrize("piece", ["a", "<byttl>ab</byttl>x", "a@", "<person>"])
def test_time_grows_with_names_alone(piece: str) -> None:
    def read_any(text: str) -> None:
        for data in (
            f"<item {SPACES}><title>A</title><author>{text}</author>{TEXT}</item>",
            nitf(head=f"<byline>{text}</byline>"),
        ):
            try:
                read(data)
            except Unreadable:
                continue

    assert_linear(read_any, piece)


@pytest.mark.parametrize("piece", ["<", "a<b ", "<a b", '<a "', "<header><p>", "<figure><table>"])
def test_time_grows_with_html_alone(piece: str) -> None:
    def read_any(text: str) -> None:
        try:
            html(text)
        except Unreadable:
            return

    assert_linear(read_any, piece)
