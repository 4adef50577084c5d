"""Items of feeds as articles: RSS, Atom, exports of WordPress."""

from __future__ import annotations

import datetime as dt

import pytest

from articles.article import Article
from articles.errors import Unreadable
from extraction.formats.parse import parse
from tests.linear import assert_linear

NOW = dt.datetime(2024, 6, 22, 12, tzinfo=dt.UTC)
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements'
    '/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="de" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:wp="http://wordpress.org/export/1.2/" xml:base="https://a.example/"'
)
TEXT = "<content:encoded>&lt;p&gt;Text.&lt;/p&gt;</content:encoded>"


def rss(inside: str, title: str = "Pakt") -> Article:
    data = f"<item {SPACES}><title>{title}</title>{inside}</item>"
    return parse(data.encode(), "f.rss/0000001.xml", received=NOW)


def atom(inside: str, title: str = "<title>Pakt</title>") -> Article:
    data = f'<entry {ATOM} xml:base="https://a.example/x/">{title}{inside}</entry>'
    return parse(data.encode(), "f.atom/0000001.xml", received=NOW)


def test_the_whole_text_comes_before_the_teaser_which_is_the_lead() -> None:
    article = rss(f"<description>Ein Vorspann.</description>{TEXT}")
    assert (article.lead, article.body, article.partial) == ("Ein Vorspann.", "Text.", False)
    assert article.source.format == "rss"


def test_a_teaser_that_is_the_beginning_of_the_text_is_no_lead() -> None:
    text = "<content:encoded>&lt;p&gt;Der Rat hat am Abend beschlossen.&lt;/p&gt;</content:encoded>"
    article = rss(f"<description>Der Rat hat am […]</description>{text}")
    assert (article.lead, article.body) == ("", "Der Rat hat am Abend beschlossen.")


def test_a_teaser_alone_is_a_part_of_the_article() -> None:
    article = rss("<description>Nur ein Anreißer &amp;#8230;</description>")
    assert (article.body, article.partial) == ("Nur ein Anreißer …", True)
    assert "drop its page" in article.source.warnings[0]
    whole = rss(f"<description>{'Ein langer Satz. ' * 100}</description>")
    assert not whole.partial


def test_what_is_of_another_vocabulary_is_not_taken_for_the_item_s_own() -> None:
    media = "<media:title>Bild</media:title><media:description>Foto</media:description>"
    article = rss(f"{media}{TEXT}<excerpt:encoded>Auszug</excerpt:encoded>")
    assert (article.headline, article.lead, article.body) == ("Pakt", "", "Text.")


@pytest.mark.parametrize(
    ("inside", "url", "key"),
    [
        ("<link>https://a.example/1</link><guid>x</guid>", "https://a.example/1", "u-"),
        ("<guid>https://a.example/2</guid>", "https://a.example/2", "u-"),
        ('<guid isPermaLink="false">tag:a,1</guid>', None, "sh-"),
        ("<link>/3</link>", "https://a.example/3", "u-"),
        ("", None, "t-"),
    ],
    ids=["link", "permalink", "id", "relative", "content"],
)
def test_the_key_of_an_item_is_its_address_else_its_id(
    inside: str, url: str | None, key: str
) -> None:
    article = rss(inside + TEXT)
    assert article.url == url
    assert article.key.startswith(key)


def test_names_and_dates_of_an_item() -> None:
    article = rss(
        f"<author>post@a.example (Anna Muster)</author>{TEXT}"
        "<pubDate>Wed, 19 Jun 2024 14:30:00 +0200</pubDate><category>Kultur</category>"
    )
    assert (article.byline, article.language) == (("Anna Muster",), "de")
    assert article.published
    assert article.published.value == "2024-06-19T14:30:00+02:00"
    assert (article.subjects, article.modified, article.source.warnings) == (("Kultur",), "", ())


@pytest.mark.parametrize(
    "said",
    [
        '<m:modified xmlns:m="http://purl.org/dc/terms/">2024-06-19T16:00:00+02:00</m:modified>',
        '<a:updated xmlns:a="http://www.w3.org/2005/Atom">2024-06-19T16:00:00+02:00</a:updated>',
        (
            '<w:post_modified xmlns:w="http://wordpress.org/export/1.2/">2024-06-19 16:00:00'
            "</w:post_modified>"
        ),
    ],
    ids=["dublin core", "atom", "wordpress"],
)
def test_when_an_item_was_last_changed(said: str) -> None:
    article = rss(f"{TEXT}<pubDate>Wed, 19 Jun 2024 14:30:00 +0200</pubDate>{said}")
    assert article.modified == "2024-06-19T16:00:00+02:00"


def test_captions_and_the_footers_of_blogs_are_no_text() -> None:
    html = (
        "<p>Text.</p><figure><img/><figcaption>Bild</figcaption></figure><script>x()</script>"
        '<p>The post <a href="/1">Pakt</a> appeared first on <a href="/">A</a>.</p>'
    )
    assert rss(f"<content:encoded><![CDATA[{html}]]></content:encoded>").body == "Text."


def test_wordpress_parts_paragraphs_by_empty_lines() -> None:
    html = "Ein <b>Satz</b>\nund mehr.\n\n<h2>Dann</h2>\nNoch <em>einer</em>.\n \nDer letzte."
    article = rss(f"<content:encoded><![CDATA[{html}]]></content:encoded>")
    whole = [article.lead, *article.body.split("\n\n")]
    assert whole == ["Ein Satz und mehr.", "Dann", "Noch einer.", "Der letzte."]


@pytest.mark.parametrize("status", ["draft", "private", "pending", "future", "inherit"])
def test_what_wordpress_has_not_published_is_no_article(status: str) -> None:
    with pytest.raises(Unreadable, match="holds it back"):
        rss(f"{TEXT}<wp:status>{status}</wp:status>")
    assert rss(f"{TEXT}<wp:status>publish</wp:status>").source.warnings == ()


def test_an_entry_of_atom() -> None:
    article = atom(
        '<link rel="self" href="s"/><link href="../1"/><id>tag:a,2024:1</id>'
        "<updated>2024-06-20T10:00:00Z</updated><published>2024-06-19</published>"
        "<author><name>Anna Muster</name></author>"
        '<content type="html">&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;</content>',
        '<title type="html">&lt;b&gt;Pakt&lt;/b&gt; &amp;amp; mehr</title>',
    )
    assert (article.headline, article.url) == ("Pakt & mehr", "https://a.example/1")
    assert (article.lead, article.body) == ("Eins.", "Zwei.")
    assert (article.byline, article.source.format) == (("Anna Muster",), "atom")
    assert article.published
    assert (article.published.value, article.published.precision) == ("2024-06-19", "day")
    assert article.source.warnings == ()


def test_an_entry_s_xhtml_and_its_id_where_there_is_no_address() -> None:
    article = atom(
        '<id>urn:uuid:1</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        "<p>Ein<br/>Text</p></div></content>"
    )
    assert (article.body, article.key) == ("Ein\nText", "s-urn:uuid:1")


def test_a_draft_of_atom_is_no_article() -> None:
    app = '<app:control xmlns:app="http://www.w3.org/2007/app"><app:draft>yes</app:draft></app:control>'
    with pytest.raises(Unreadable, match="holds it back"):
        atom(f"<content>Text</content>{app}")


@pytest.mark.parametrize(
    "piece",
    [
        "<p>Ein Satz.</p>",
        "&lt;div&gt;",
        "&lt;p&gt;",
        "<![CDATA[<b>]]>",
        "<x>",
        "The post ",
        "&amp;#",
    ],
)
def test_time_grows_with_the_item_alone(piece: str) -> None:
    def read(text: str) -> None:
        for whole in (
            f"<description>{text}</description>",
            f"<content:encoded>{text}</content:encoded>",
        ):
            try:
                rss(whole)
            except Unreadable:
                continue

    assert_linear(read, piece)


def test_attributes_without_end_in_a_text_are_refused_before_they_are_compared() -> None:
    text = f"&lt;p {' '.join(f'a{n}' for n in range(20_000))}&gt;Text"
    with pytest.raises(Unreadable, match="a tag with more than 2,000 attributes"):
        rss(f"<description>{text}</description>")
