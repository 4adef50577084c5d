"""Pages of the web: what is read of their articles, what is left out, what is refused."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.article import Article
from articles.errors import Unreadable
from benchmarks.page_set import Page, pages
from benchmarks.pages import f_of, ours, wrong_of
from extraction.formats.parse import parse
from tests.linear import assert_linear

FIRST = "Der erste Absatz des Textes ist lang genug, um nicht für eine Zeile am Rand zu gelten."
SECOND = "Ein zweiter Absatz folgt, und auch er sagt mehr, als in eine Überschrift passen würde."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"


def page(body: str = BODY, *, head: str = "", said: object = None, headline: str = "Pakt") -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(said)}</script>' if said else ""
    title = f"<title>{headline} | Bote</title>" if headline else ""
    h1 = f"<h1>{headline}</h1>" if headline else ""
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">{title}{head}{script}</head>'
        f"<body><nav><a href='/'>Start</a></nav><main>{h1}{body}</main></body></html>"
    ).encode()


def read(data: bytes, path: str = "a.html") -> Article:
    return parse(data, path)


@pytest.mark.parametrize("made", pages("tuned") + pages("held-out"), ids=lambda made: made.name)
def test_pages_of_thirty_systems_are_read_as_articles(made: Page) -> None:
    got = ours(made)
    assert f_of(made, got) > 0.9
    assert not {"headline", "date", "authors", "partial", "kicker"} & wrong_of(made, got).keys()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.html", page()),
        ("a.HTM", page()),
        ("a.txt", page()),
        ("ohne-endung", b"\xef\xbb\xbf\n" + page()),
        ("a.xhtml", b'<?xml version="1.0" encoding="utf-8"?>\n' + page()),
        ("a.html", b"<!-- saved from url=(0029)https://www.bote.example/a-1 -->" + page()),
        ("a.html", page().decode().encode("utf-16")),
    ],
)
def test_a_page_is_known_by_its_beginning_or_its_ending(path: str, data: bytes) -> None:
    article = read(data, path)
    assert (article.source.format, article.headline) == ("html", "Pakt")
    assert (article.lead, article.body) == (FIRST, SECOND)
    assert article.language == "de"


def test_what_only_ends_as_a_page_is_a_text() -> None:
    assert read(b"Pakt\n\nEin Satz < 3.", "a.html").source.format == "plain"


@pytest.mark.parametrize(
    "author",
    [
        "Anna Muster",
        ["Anna Muster"],
        {"@type": "Person", "name": "Anna Muster"},
        [{"@type": "Person", "name": ["Anna Muster"]}, {"@type": "Organization", "name": "dpa"}],
        {"@id": "#anna"},
    ],
)
@pytest.mark.parametrize("wrapped", [lambda node: node, lambda node: [node], None])
def test_all_shapes_of_json_ld_are_read(author: object, wrapped: object) -> None:
    node = {
        "@type": ["NewsArticle"],
        "headline": "Pakt",
        "datePublished": "2024-06-19T14:35:00+02:00",
        "author": author,
        "mainEntityOfPage": {"@id": "https://bote.example/pakt-1"},
    }
    anna = {"@type": "Person", "@id": "#anna", "name": "Anna Muster"}
    said = wrapped(node) if callable(wrapped) else None
    graph = {"@graph": [{"@type": "WebSite"}, anna, node]}
    article = read(page(said=[said, anna] if said else graph))
    assert article.byline == ("Anna Muster",)
    assert article.published is not None
    assert article.published.value == "2024-06-19T14:35:00+02:00"
    assert article.url == "https://bote.example/pakt-1"


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ('<meta name="DC.date" content="2024-06-19">', "2024-06-19"),
        ('<meta property="article:published_time" content="2024-06-19T12:35:00Z">', None),
        ('<meta name="parsely-pub-date" content="2024-06-19T14:35:00+02:00">', None),
        ('<meta name="sailthru.date" content="1718800500">', None),
        ('<time datetime="2024-06-19T14:35:00+02:00">neulich</time>', None),
        ("<p class='date'>19.06.2024, 14:35 Uhr</p>", None),
        ("<div>Stand: 19.06.2024, 14:35 Uhr</div>", None),
        ("<p>Mittwoch, 19. Juni 2024</p>", "2024-06-19"),
        ('<meta itemprop="datePublished" content="2024-06-19">', "2024-06-19"),
        ('<link rel="canonical" href="https://bote.example/2024/06/19/pakt">', "2024-06-19"),
    ],
)
def test_dates_are_found_wherever_they_stand_and_keep_their_precision(
    markup: str, value: str | None
) -> None:
    article = read(page(markup + BODY))
    assert article.published is not None
    assert article.published.value == (value or "2024-06-19T14:35:00+02:00")
    assert article.body == SECOND


def test_the_date_of_publication_comes_before_that_of_the_last_change() -> None:
    lines = "<p class=date>Stand: 21.06.2024</p><p class=date>Erschienen: 19.06.2024</p>"
    article = read(page(lines + BODY))
    assert article.published is not None
    assert article.published.value == "2024-06-19"


@pytest.mark.parametrize(
    ("markup", "agencies"),
    [
        (f"<p>{FIRST}</p><p>{SECOND} (dpa/lno)</p>", ("dpa", "lno")),
        (f"{BODY}<p>© dpa-infocom, dpa:240619-99-123456/2</p>", ("dpa",)),
        (f"{BODY}<p>Quelle: SZ/dpa, AFP</p>", ("dpa", "afp")),
        (f"<p>{FIRST}</p><p>Berlin (dpa) - {SECOND}</p><p>(KNA)</p>", ("dpa", "kna")),
        (f"<p class=author>dpa/AFP</p>{BODY}", ("dpa", "afp")),
        (BODY, ()),
    ],
)
def test_agencies_are_read_of_credits_and_datelines(markup: str, agencies: tuple[str, ...]) -> None:
    assert read(page(markup)).agencies == agencies


def test_the_home_page_is_no_articles_own_address() -> None:
    head = '<link rel="canonical" href="https://bote.example/">'
    assert read(page(head=head)).url is None
    head = '<base href="https://bote.example/x/"><link rel="canonical" href="../pakt-7">'
    assert read(page(head=head)).url == "https://bote.example/pakt-7"


def test_what_is_beside_the_article_is_left_out() -> None:
    beside = (
        "<figure><figcaption>Die Brücke am Abend</figcaption></figure>"
        '<div class="teaser"><a href=x>'
        "<p>Noch eine Meldung</p></a></div><p>Lesen Sie auch: <a href=y>Was kommt</a></p>"
        '<div class="author-box"><p>Anna Muster schreibt.</p></div><p>Anzeige</p>'
        '<section class="comments"><p>Das ist doch alles nicht neu.</p></section>'
    )
    article = read(page(f"<p>{FIRST}</p>{beside}<p>{SECOND}</p>"))
    assert (article.lead, article.body) == (FIRST, SECOND)


def test_a_name_is_not_believed_against_the_text() -> None:
    article = read(page(f'<div class="paywall related comments">{BODY}</div>'))
    assert (article.lead, article.body) == (FIRST, SECOND)


BARRIER = "<div><h3>Weiterlesen mit Bote+</h3><p>Jetzt Abo abschließen.</p></div>"
CLOSED = {"@type": "NewsArticle", "headline": "Pakt", "isAccessibleForFree": "False"}


def test_a_stub_before_a_paywall_is_marked() -> None:
    stub = read(page(f"{BODY}{BARRIER}", said=CLOSED))
    assert stub.partial
    assert any("for subscribers" in said for said in stub.source.warnings)
    assert read(page(said=CLOSED)).partial
    assert not read(page(BODY * 20, said=CLOSED)).partial
    assert not read(page()).partial


def test_the_whole_text_in_json_ld_is_taken_before_the_stub() -> None:
    whole = "\n\n".join([FIRST, SECOND, *(f"Absatz {n}: {SECOND}" for n in range(9))])
    article = read(page(f"<p>{FIRST}</p>{BARRIER}", said={**CLOSED, "articleBody": whole}))
    assert f"{article.lead}\n\n{article.body}" == whole
    assert read(page(said={**CLOSED, "wordCount": 900})).partial


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (page("<p>Bitte aktivieren Sie JavaScript.</p>", headline="Just a moment..."), "robots"),
        (page("<p>Die Seite ist weg.</p>", headline="404 - Seite nicht gefunden"), "error"),
        (page("<p>Wir setzen Cookies. Bitte stimmen Sie zu: Cookies akzeptieren.</p>"), "cookies"),
        (page("<nav><a href=x>Politik</a></nav>"), "no text"),
        (
            page("".join(f"<p><a href={n}>Meldung {n} aus der Stadt</a></p>" for n in range(40))),
            "links",
        ),
        (b"<html></html>", "no text"),
        (b"<html><body>Text</body></html>", "no text"),
        (b"<html>" + b"<div>" * 100_000 + b"x", "nested"),
        (page("<i></i><br>" * 60_000), "elements"),
        (page("x" * 4_000_001), "markup"),
        (page(f"<p {' '.join(f'a{n}=1' for n in range(60_000))}>x</p>"), "attributes"),
    ],
)
def test_what_holds_no_article_is_refused_with_advice(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        read(data)
    assert raised.value.advice


def test_a_page_of_a_folder_of_assets_is_no_article() -> None:
    with pytest.raises(Unreadable, match="belongs to a saved page"):
        read(page(), "Artikel-Dateien/saved_resource.html")


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "utf-8", "klingonisch"])
def test_other_charsets_are_read(declared: str) -> None:
    markup = page().decode().replace("utf-8", declared).replace("Pakt", "Größe „Köln“ – €")
    assert read(markup.encode("cp1252")).headline == "Größe „Köln“ – €"
    assert read(markup.encode()).headline == "Größe „Köln“ – €"


def test_a_charset_that_only_the_page_names_is_believed() -> None:
    markup = page().decode().replace("utf-8", "iso-8859-2").replace("Pakt", "Žďár nad Sázavou")
    article = read(markup.encode("iso-8859-2"))
    assert (article.headline, article.source.encoding) == ("Žďár nad Sázavou", "iso8859-2")


def test_nothing_is_fetched_and_no_entity_of_a_document_type_grows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a page was followed")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    bomb = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};">' for n in range(1, 40))
    kind = f'<!DOCTYPE html SYSTEM "http://bote.example/x.dtd" [<!ENTITY a0 "x">{bomb}'
    kind += '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    head = '<base href="http://bote.example/"><link rel="stylesheet" href="http://bote.example/x">'
    body = f"<iframe src='http://bote.example/'></iframe><p>&f;&a39;</p>{BODY}"
    data = page(body, head=head).decode().replace("<!DOCTYPE html>", kind)
    article = read(data.encode())
    assert FIRST in article.lead + article.body
    assert "root:" not in article.lead + article.body
    assert len(article.body) < 2_000


HOSTILE = {
    "attributes": "<p " + "a=1 " * 300_000 + ">x</p>",
    "open tags": "<b>x<p>" * 1_500,
    "blanks": "<p>" + " " * 1_500_000 + "x",
    "angles": "<" * 1_000_000,
    "blanks for machines": '<script type="application/ld+json">' + " " * 200_000 + "x</script><p>",
    "structured": '<script type="application/ld+json">' + "[" * 900_000 + "</script><p>x",
    "teasers": '<div class="teaser lead"><b>x</b></div>' * 3_000,
    "breaks": "<p>Wort<br>" * 2_500,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_pages_take_seconds_at_most(kind: str) -> None:
    start = process_time()
    with suppress(Unreadable):
        read(page(HOSTILE[kind]))
    assert process_time() - start < 20


def test_time_grows_with_the_text_alone() -> None:
    def work(text: str) -> object:
        with suppress(Unreadable):
            return read(page(text))
        return None

    assert_linear(work, f"<p>{FIRST}</p>", length=100_000)
    assert_linear(work, "<div class='lead byline'><span>19.06.2024</span> mit ", length=40_000)


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div class='teaser'>", "</div>", "<h1>", "</h1>", "<article>", "<!--"),
        *("-->", "<table><tr><td>", "&uuml;", "&#0;", "<script>", "</script>", "<time datetime=x>"),
        *('<meta name="date" content="2024-02-31">', "Von Anna Muster", "19.06.2024, 14:35 Uhr"),
        *('<script type=\'application/ld+json\'>{"@type":"NewsArticle"', "}", "\x00", "<svg>"),
        *("(dpa)", "Jetzt weiterlesen", "<a href='//['>", "<base href='http://['>", FIRST),
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30))
@settings(max_examples=80, deadline=None)
def test_whatever_a_page_holds_it_is_an_article_or_refused(pieces: list[str]) -> None:
    data = b"<html><body>" + " ".join(pieces).encode("utf-8", "replace")
    with suppress(Unreadable):
        assert read(data).headline


WORDS = st.lists(
    st.sampled_from(["Haus", "Straße", "läuft", "grün", "Zeit", "sagte", "Stadt"]), min_size=9
)


@given(st.lists(WORDS, min_size=2, max_size=8))
@settings(max_examples=40, deadline=None)
def test_no_paragraph_of_an_article_is_lost(texts: list[list[str]]) -> None:
    written = [f"Absatz {n} {' '.join(words)}." for n, words in enumerate(texts)]
    article = read(page("<article>" + "".join(f"<p>{text}</p>" for text in written) + "</article>"))
    assert [article.lead, *article.body.split("\n\n")] == written


@pytest.mark.parametrize(
    ("before", "behind"),
    [("<!--", "-->"), ("//<![CDATA[", "//]]>"), (" // <!-- ", " // --> \n"), ("", "")],
)
def test_what_hides_json_ld_from_old_browsers_is_no_part_of_it(before: str, behind: str) -> None:
    said = {"@type": "NewsArticle", "headline": "Neue Brücke", "datePublished": "2019-03-02"}
    script = f'<script type="application/ld+json">{before}{json.dumps(said)}{behind}</script>'
    published = read(page(f"<p>{FIRST}</p>", head=script)).published
    assert published is not None
    assert published.value == "2019-03-02"
