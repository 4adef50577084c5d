"""What comes broken and is read whole: lines, entities, tags, letters encoded twice."""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Article
from articles.errors import Unreadable
from extraction.formats import mojibake
from extraction.formats.clean import clean, unusual_in
from extraction.formats.markup import without_markup
from extraction.formats.mojibake import unmixed
from extraction.formats.parse import parse
from tests.linear import assert_linear

HEADER = " date 2024-06-19 BERLIN : Streit um Wahlrecht\n\n"


def _read(text: str) -> Article:
    return parse(text.encode(), "a.txt")


def test_broken_words_are_whole_in_the_text_that_is_stored_and_it_says_so() -> None:
    article = _read(
        HEADER + "Die Vor-\nlage.\n\nDie Wahl-\nrechtsreform der Landes-\nund Ortsräte."
    )
    assert article.lead == "Die Vorlage."
    assert article.body == "Die Wahlrechtsreform der Landes- und Ortsräte."
    assert any("broken at the end of a line" in warning for warning in article.source.warnings)
    assert {"Reform", "Wahl"} <= {*article.parts}


def test_an_id_does_not_depend_on_the_rules_for_broken_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = HEADER + "Die Wahl-\nrechtsreform."
    read = _read(text)
    monkeypatch.setattr("extraction.formats.parse.whole_words", lambda texts: (dict(texts), 0))
    assert _read(text).key == read.key
    assert "Wahl-\n" in _read(text).body


def test_lines_of_other_languages_stay() -> None:
    english = "The government of the country said that this was a well-\nknown fact about the law."
    assert "well-\nknown" in _read(f"What they said about the law\n\n{english}").body


def test_no_character_that_cannot_be_seen_is_missed_by_looking_at_the_unusual_alone() -> None:
    for code in (*range(0x3000), *range(0xD800, 0xE000), 0xFEFF, 0xFFFE, 0xFFFF):
        kinds = {
            unicodedata.category(kept) for kept in clean(f"a{chr(code)}b") if kept not in "\n\t"
        }
        assert kinds.isdisjoint({"Cc", "Cs", "Zl", "Zp"}), hex(code)
    assert clean("ä" * 100_001 + "\x07") == "ä" * 100_001
    assert clean("ein \ud83d\x07 und\x84 so") == "ein \ufffd und„ so"


@given(st.text("az. \n\r\x00«»√§├╝¬äßÃÄ\x84¤âé€œ„…Ü中\ud83d", max_size=8))
def test_letters_encoded_twice_are_seen_among_the_unusual_alone(text: str) -> None:
    if mojibake._TWICE.search(text):
        assert mojibake._MAYBE.search(unusual_in(text))


def test_soft_hyphens_at_line_ends_join_and_all_hyphens_are_one() -> None:
    assert clean("Wahl\xad\nrecht und Ver\xadtrag\xad\n\nA") == "Wahlrecht und Vertrag\n\nA"
    assert clean("CDU\u2011Chef, Nord\u2010Süd") == "CDU-Chef, Nord-Süd"
    assert _read(HEADER + "Die Wahl\u2010\nrechtsreform.").body == "Die Wahlrechtsreform."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
        ("&#8222;Ja&#x201c;", "„Ja“"),
        ("M&amp;uuml;ller", "Müller"),
        ("Angela&nbsp;Merkel", "Angela Merkel"),
        ("Ver&shy;trag", "Vertrag"),
        ("<p>Eins</p><P class='x'>Zwei<br/>drei</p>", "Eins\n\nZwei\ndrei"),
        ("vor<script>if (a<b) alert('x')</script>nach", "vornach"),
        ('vor<style type="text/css">p{}</STYLE >nach<!-- nie -->', "vornach"),
        ('ein <a href="https://example.org/?a=1" hidden>Verweis</a>', "ein Verweis"),
        ("<o:p>Word</o:p>", "Word"),
        ('<iframe src="x" width=1 webkitallowfullscreen allowfullscreen></iframe>Film', "Film"),
        ('<blockquote class="x" data-instgrm-captioned>Bild</blockquote>', "Bild"),
        ("<details open>Mehr</details><option selected>1</option>", "Mehr\n\n1"),
        ("&lt;p&gt;Ganz &amp;amp; gar&lt;/p&gt;", "Ganz & gar"),
        ("<p>Das Element &lt;b&gt;</p>", "Das Element <b>"),
    ],
)
def test_entities_and_tags_are_read_with_a_warning(text: str, expected: str) -> None:
    plain, said = without_markup(text)
    assert plain.strip() == expected
    assert all("HTML" in warning for warning in said)
    assert said


@pytest.mark.parametrize(
    "text",
    [
        "a < b und c > d",
        "ich <3 dich",
        "<anna@example.org>",
        "AT&T, R&D; Q&A",
        "&unbekannt; &copy 2024",
        "<b und c>",
        "<Name der Redaktion bekannt>",
        "x <y> z",
        "<!-- ohne Ende",
        "https://example.org/?a=1&lang=de&b=2;",
    ],
)
def test_what_only_looks_like_html_stays(text: str) -> None:
    assert without_markup(text) == (text, ())


def test_tags_part_paragraphs_and_so_lead_and_body() -> None:
    article = _read("Titel\n<p>Der Vorspann.</p><p>Der Text von M&uuml;ller.</p>")
    assert (article.headline, article.lead, article.body) == (
        "Titel",
        "Der Vorspann.",
        "Der Text von Müller.",
    )
    assert len(article.source.warnings) == 2


def test_json_values_are_read_likewise() -> None:
    values = {
        "headline": "Gr\u00c3\u00bc\u00c3\u0178e an M&uuml;ller",
        "body": "<p>Ein Satz.</p><script>x</script>",
        "byline": ["J&ouml;rg M&uuml;ller"],
        "url": "https://example.org/?a=1&amp;b=2",
    }
    article = parse(json.dumps(values).encode(), "a.json")
    assert article.headline == "Grüße an Müller"
    assert article.body == "Ein Satz."
    assert article.byline == ("Jörg Müller",)
    assert article.url == values["url"]
    assert len(article.source.warnings) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GrÃ¼ÃŸe aus MÃ¼nchen", "Grüße aus München"),
        ("Köln bleibt\nMÃ¼nchen auch", "Köln bleibt\nMünchen auch"),
        ("â€žZitatâ€œ sagte sie", "„Zitat“ sagte sie"),
        ("Preis: 5â‚¬ nach Â§ 218", "Preis: 5€ nach § 218"),
        ("NoÃ«l", "Noël"),
        ("M√ºller", "Müller"),
        ("grÃƒÂ¼n", "grün"),
        ("\u00c3\u0081lvaro", "Álvaro"),
    ],
)
def test_letters_that_were_encoded_twice_are_mended(text: str, expected: str) -> None:
    plain, said = unmixed(text)
    assert plain == expected
    assert "encoded twice" in said[0]


@pytest.mark.parametrize(
    "text",
    [
        "JOÃO CONCEIÇÃO aus São Paulo",
        "der Buchstabe »Ã«",
        "das Ã ist ein Buchstabe",
        "LINGUIÇA À MODA, ÂNGELA",
        "„Straß“ – groß…",
        "Ångström, Citroën, Crêpe, Łódź, Škoda",
        "Fuß‘ und Maß—",
        "Größe √2 ≠ 1",
    ],
)
def test_right_letters_stay(text: str) -> None:
    assert unmixed(text) == (text, ())


def test_a_text_that_was_encoded_twice_says_so_in_the_article() -> None:
    article = _read(HEADER + "GrÃ¼ÃŸe aus MÃ¼nchen.")
    assert article.body == "Grüße aus München."
    assert any("encoded twice" in warning for warning in article.source.warnings)


def test_how_much_went_with_scripts_and_comments_is_said() -> None:
    plain, said = without_markup("Das <script>-Element lädt nach </script>, sagt er.<b>!</b>")
    assert plain == "Das , sagt er.!"
    assert said[0].endswith("text: 3, with 36 characters of scripts, styles or comments.")


def test_a_list_of_broken_values_has_few_warnings() -> None:
    names = [f"MÃ¼ller{n}" for n in range(300)]
    written = json.dumps({"headline": "Titel", "byline": names})
    article = parse(written.encode(), "a.json")
    assert article.byline[1] == "Müller1"
    assert len(article.source.warnings) < 25
    assert any("more such warnings" in warning for warning in article.source.warnings)


def test_a_warning_shows_the_beginning_of_a_word_without_end() -> None:
    _, (warning,) = unmixed("Ã¼" * 50_000)
    assert len(warning) < 200


@given(st.text(max_size=200))
def test_any_text_can_be_mended(text: str) -> None:
    plain, _ = unmixed(text)
    marked, _ = without_markup(clean(plain))
    assert isinstance(marked, str)


@given(st.text(alphabet="<>pscript/ !-&;amlt\n='\"", max_size=80))
def test_any_markup_can_be_mended(text: str) -> None:
    plain, said = without_markup(text)
    assert said or plain == text


@pytest.mark.parametrize(
    "piece", ["<", "<script>", "<!--", "&amp;", "<a ", "<b", '<p a="', "<a a=b", "</p>", "Ã¼", "â"]
)
def test_mending_is_linear(piece: str) -> None:
    assert_linear(lambda text: without_markup(unmixed(text)[0]), piece)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.txt", "Titel\n\n<b>Ein</b> Text{}."),
        ("a.adoc", "= Titel\n:keywords: Hafen{}x\n\nEin Text"),
    ],
)
def test_a_run_of_blanks_is_looked_at_once(path: str, text: str) -> None:
    def read(run: str) -> None:
        with suppress(Unreadable):
            parse(text.format(run).encode(), path)

    assert_linear(read, " ", length=100_000)
