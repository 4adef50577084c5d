"""From bytes to an article, whatever the bytes are."""

from __future__ import annotations

import codecs
import datetime as dt
import json
import time
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.article import Article, Published
from articles.errors import Unreadable
from extraction.formats import parse as module
from extraction.formats.header import read_header
from extraction.formats.parse import parse

HEADER = " date 2024-06-19 NORDKOREA : Putin schließt Pakt"
LEAD = "Zwei Staaten versprechen sich „Beistand“."
BODY = "MOSKAU/BERLIN dpa/taz | Der Verteidigungspakt gilt.\n\nEr wurde für Jahre geschlossen."
TEXT = f"{HEADER}\n\n{LEAD}\n\n{BODY}"


def read(text: str, path: str = "a.txt") -> Article:
    return parse(text.encode(), path)


def words_of(article: Article) -> Counter[str]:
    parts = (article.kicker, article.headline, article.lead, article.body)
    return Counter(" ".join(parts).split())


def test_main_format() -> None:
    article = parse(TEXT.encode(), "politik/2024/a.txt")
    assert article.headline == "Putin schließt Pakt"
    assert article.kicker == "NORDKOREA"
    assert article.published == Published("2024-06-19", "day")
    assert (article.lead, article.body) == (LEAD, BODY)
    assert article.dateline_places == ("Moskau", "Berlin")
    assert article.agencies == ("dpa", "taz")
    assert article.source.path == "politik/2024/a.txt"
    assert article.source.name == "a.txt"
    assert article.source.bytes == len(TEXT.encode())
    assert (article.source.format, article.source.encoding) == ("text", "utf-8")
    assert len(article.source.sha256) == 64
    assert article.source.warnings == ()


DAY = Published("2024-06-19", "day")
NOON = Published("2024-06-19T14:00:00+02:00", "second")
HEADERS = [
    (" date 2024-06-19 K A : H B", DAY, "K A", "H B"),
    ("date 2024-06-19 K : H", DAY, "K", "H"),
    ("\tDate\t2024-06-19  K  :  H ", DAY, "K", "H"),
    (" date 2024-06 K : H", Published("2024-06", "month"), "K", "H"),
    (" date 2024 K : H", Published("2024", "year"), "K", "H"),
    (" date 2024-06 : H", Published("2024-06", "month"), "", "H"),
    (" date 2024-06-19: H", DAY, "", "H"),
    (" date 2024-06-19:H", DAY, "", "H"),
    (" date 2024-06-19 Nur Schlagzeile", DAY, "", "Nur Schlagzeile"),
    (" date 2024-06-19 K : H : mehr : noch", DAY, "K", "H : mehr : noch"),
    (" date 2024-06-19 K : Nahost: Lage: ernst", DAY, "K", "Nahost: Lage: ernst"),
    (" date 2024-06-19 Ukraine: Lage : H", DAY, "Ukraine: Lage", "H"),
    (" date 2024-06-19 Ukraine: Lage ernst", DAY, "", "Ukraine: Lage ernst"),
    (" date 2024-06-19T12:00:00Z K : H", NOON, "K", "H"),
    (" date 2024-06-19T14:00+02:00 K : H", NOON, "K", "H"),
    (" date 2024-06-19T14:00:00 K : H", NOON, "K", "H"),
    (" date 19. Juni 2024, 14:00 Uhr K : H", NOON, "K", "H"),
    (" date Wed, 19 Jun 2024 14:00:00 +0200 K : H", NOON, "K", "H"),
    (" date 19.06.2024 K : H", DAY, "K", "H"),
    (" date 19.6.24 K : H", DAY, "K", "H"),
    (" date 19. Juni 2024 K : H", DAY, "K", "H"),
    (" date Mittwoch, 19. Juni 2024 K : H", DAY, "K", "H"),
    (" date Mi., 19.06.2024: H", DAY, "", "H"),
    (" date 19. Juni 2024, K : H", DAY, "K", "H"),
    (" date 2024/06/19 K : H", DAY, "K", "H"),
    (" date 20240619 K : H", DAY, "K", "H"),
    (" date 20240619T120000Z K : H", NOON, "K", "H"),
    (" date Juni 2024 K : H", Published("2024-06", "month"), "K", "H"),
    (" date 2024-06-19 14 Tote : H", DAY, "14 Tote", "H"),
    (" date 2024-06-19 3:0 im Finale : H", DAY, "3:0 im Finale", "H"),
    (" date 2024-6-9 K : H", Published("2024-06-09", "day"), "K", "H"),
]


@pytest.mark.parametrize(("line", "published", "kicker", "headline"), HEADERS)
def test_header(line: str, published: Published, kicker: str, headline: str) -> None:
    article = read(f"{line}\n\n{LEAD}\n\n{BODY}")
    assert article.published == published
    assert (article.kicker, article.headline) == (kicker, headline)
    assert (article.lead, article.body) == (LEAD, BODY)
    assert article.source.warnings == ()


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("2024-02-31", Published("2024-02", "month")),
        ("2024-06-00", Published("2024-06", "month")),
        ("2023-02-29", Published("2023-02", "month")),
        ("2024-13", Published("2024", "year")),
        ("2024-13-01", Published("2024", "year")),
        ("2024-06-xx", Published("2024-06", "month")),
        ("2024-06-19T25:00:00Z", DAY),
        ("0000-01-01", None),
    ],
)
def test_date_that_does_not_exist_keeps_what_is_true(date: str, published: Published) -> None:
    article = read(f" date {date} K : H\n\n{LEAD}\n\n{BODY}")
    assert article.published == published
    assert (article.kicker, article.headline) == ("K", "H")
    assert date in article.source.warnings[0]


@pytest.mark.parametrize(
    ("date", "problem"), [("03/04/2024", "ambiguous"), ("0000-01-01", "unreadable")]
)
def test_what_cannot_be_told_is_no_date_and_said(date: str, problem: str) -> None:
    article = read(f" date {date} K : H\n\nText")
    assert (article.published, article.date_problem) == (None, problem)
    assert (article.kicker, article.headline) == ("K", "H")
    assert date in article.source.warnings[0]


@pytest.mark.parametrize(
    "line",
    [
        *("date 19.Jumi.2024 K : H", "date: 2024-06-19 K : H", "date gestern : H"),
        *("date im Juni KICKER : H", "date : H", "Datum: 19.06.2024", "Datum 19. Juni 2024 : H"),
    ],
)
def test_a_line_that_is_meant_for_a_header_is_told(line: str) -> None:
    article = read(f" {line}\n\nText.\n\nMehr.")
    assert (article.published, article.date_problem) == (None, "unreadable")
    assert (article.headline, article.source.format) == (line, "plain")
    assert "begins as a header" in article.source.warnings[0]


@pytest.mark.parametrize(
    "line",
    [
        *("Date 5: Wie es weiterging", "Date mit 30", "Ein Text", "Datum und Ort: alles offen"),
        *("Date mit dem Tod : Ein Film", "Date 5. Folge"),
    ],
)
def test_a_line_that_is_none_is_not(line: str) -> None:
    article = read(f"{line}\n\nText.\n\nMehr.")
    assert (article.date_problem, article.source.warnings) == ("missing", ())


def test_days_belong_to_the_zone_they_were_written_in() -> None:
    at_midnight = read(" date 2024-06-01T00:00:00+02:00 K : H\n\nText")
    assert at_midnight.published == Published("2024-06-01T00:00:00+02:00", "second")
    for zone, local in (("Europe/Berlin", "01T00:30:00+02:00"), ("UTC", "31T22:30:00+00:00")):
        for text in ("2024-05-31T22:30:00Z", "Fri, 31 May 2024 22:30:00 GMT"):
            article = parse(f" date {text} K : H\n\nT".encode(), "a.txt", zone=zone)
            assert article.published
            assert article.published.value[8:] == local


def test_the_key_knows_neither_setting_nor_offset() -> None:
    """Those of 0.1.0: what was archived then is known again when it is dropped again."""

    def key(date: str, zone: str = "Europe/Berlin") -> str:
        return parse(f" date {date} K : H\n\nText".encode(), "a.txt", zone=zone).key

    assert key("2024-06-19T12:00:00") == "t-0e9529b6507f4bc37e59df24f38a3a4de61530b7"
    assert key("2024-06-19T12:00:00", "UTC") == key("2024-06-19T12:00:00")
    assert key("2024-06-19T14:00:00+02:00") == "t-0e9529b6507f4bc37e59df24f38a3a4de61530b7"
    assert key("2024-06-19") == "t-f416c03780b933d75dc2e8656958680c39c2e32d"


@pytest.mark.parametrize(
    ("date", "problem", "warned", "doubted"),
    [
        ("2024-06-20", "", False, False),
        ("2024-06-27", "", True, False),
        ("2024-07", "", True, False),
        ("2203-04-01", "future", True, True),
        ("2025", "future", True, True),
        ("1990-01-01", "", False, False),
        ("1605", "", False, False),
        ("1604-12-31", "past", True, True),
        ("0001-01-01", "past", True, True),
    ],
)
def test_a_date_in_the_future_or_of_no_newspaper_is_told_and_doubted(
    date: str, problem: str, warned: bool, doubted: bool
) -> None:
    data = f" date {date} K : H\n\nText".encode()
    article = parse(data, "a.txt", received=dt.datetime(2024, 6, 19, tzinfo=dt.UTC))
    assert article.published
    assert (article.published.value, article.published.doubted) == (date, doubted)
    assert article.date_problem == problem
    told = ("after the day", "before there were newspapers")
    warnings = [each for each in article.source.warnings if any(part in each for part in told)]
    assert bool(warnings) == warned


@pytest.mark.parametrize("line", ["dates 2024 x", "date 2024er Wein", "Update 2024-06-19 x"])
def test_ordinary_first_line_is_no_header(line: str) -> None:
    article = read(f"{line}\n\nText.")
    assert (article.headline, article.published, article.source.format) == (line, None, "plain")


def test_missing_headline_is_taken_from_the_text() -> None:
    article = read(" date 2024-06-19 WETTER :\n\nEs regnet\n\nHeute.\n\nMorgen.")
    assert (article.kicker, article.headline, article.lead) == ("WETTER", "Es regnet", "Heute.")
    assert "headline" in article.source.warnings[0]


@pytest.mark.parametrize("text", [" date 2024-06-19", " date 2024-06-19 K :\n\n "])
def test_header_with_nothing_behind_it(text: str) -> None:
    with pytest.raises(Unreadable, match="no headline"):
        read(text)


def test_headline_alone_is_an_article() -> None:
    article = read(HEADER)
    assert (article.lead, article.body) == ("", "")
    assert article.source.warnings == ("There is a headline, but no text.",)


def test_one_paragraph_is_body() -> None:
    article = read(f"{HEADER}\n\nEin einziger Absatz.")
    assert (article.lead, article.body) == ("", "Ein einziger Absatz.")


def test_dateline_in_the_first_paragraph_means_no_lead() -> None:
    article = read(f"{HEADER}\n\n{BODY}")
    assert (article.lead, article.body) == ("", BODY)
    assert article.dateline_places == ("Moskau", "Berlin")


def test_no_empty_line_below_the_header() -> None:
    article = read(f"{HEADER}\n{LEAD}\n\n{BODY}")
    assert (article.lead, article.body) == (LEAD, BODY)


def test_lines_inside_a_paragraph_stay() -> None:
    article = read(f"{HEADER}\n\n\n \t\n{LEAD}\n\nEine Zeile\nnoch eine\n \nAbsatz\n\n\n")
    assert article.body == "Eine Zeile\nnoch eine\n\nAbsatz"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n\nVon Anna Muster\n\n{LEAD}\n\n{BODY}",
        f"{HEADER}\n\n{LEAD}\n\nVon Anna Muster\n\n{BODY}",
        f"{HEADER}\n\nVon Anna Muster\n{LEAD}\n\n{BODY}",
    ],
)
def test_byline_stands_at_the_head_of_the_body(text: str) -> None:
    article = read(text)
    assert article.byline == ("Anna Muster",)
    assert (article.lead, article.body) == (LEAD, f"Von Anna Muster\n\n{BODY}")
    assert article.dateline_places == ("Moskau", "Berlin")


def test_plain_text() -> None:
    article = read(f"Eine Schlagzeile: kurz\n\n{LEAD}\n\n{BODY}")
    assert (article.headline, article.kicker) == ("Eine Schlagzeile: kurz", "")
    assert (article.lead, article.body) == (LEAD, BODY)
    assert (article.published, article.source.format) == (None, "plain")


def test_long_first_line_gives_its_first_sentence_as_headline() -> None:
    line = "Am 3. Juni regnete es in Köln heftig. " + "Dann schien die Sonne. " * 30
    article = read(f"{line}\n\nEnde.")
    assert article.headline == "Am 3. Juni regnete es in Köln heftig."
    assert (article.lead, article.body) == ("", f"{line.strip()}\n\nEnde.")


@pytest.mark.parametrize("line", ["wort " * 100, "x" * 1000, " date 2024 " + "wort " * 100])
def test_long_first_line_without_sentences_is_cut(line: str) -> None:
    article = read(line)
    assert len(article.headline) <= 300
    assert article.headline.endswith("…")
    assert set(line.replace("date 2024", "").split()) <= set(words_of(article))


def test_too_large_and_just_not() -> None:
    with pytest.raises(Unreadable, match="more than the limit of 10"):
        parse(b"x" * 11, "a.txt", limit=10)
    assert parse(b"x" * 10, "a.txt", limit=10).headline == "x" * 10


VARIANTS = {
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "CR": TEXT.replace("\n", "\r").encode(),
    "BOM": codecs.BOM_UTF8 + TEXT.encode(),
    "cp1252": TEXT.encode("cp1252"),
    "utf-16": TEXT.encode("utf-16"),
    "newline at the end": (TEXT + "\n\n").encode(),
    "blanks at the ends of lines": TEXT.replace("\n", "  \n").encode(),
    "no blank at the start": TEXT.strip().encode(),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_one_article_has_one_key(name: str) -> None:
    original, variant = parse(TEXT.encode(), "a.txt"), parse(VARIANTS[name], "other/b.text")
    assert variant.key == original.key
    assert (variant.lead, variant.headline) == (original.lead, original.headline)
    assert parse(TEXT.replace("gilt", "endet").encode(), "a.txt").key != original.key


def as_json(**values: object) -> bytes:
    return json.dumps({"headline": "H", "body": "Text.", **values}).encode()


def test_json() -> None:
    article = parse(
        as_json(
            headline="Über  Pakt",
            kicker="K",
            lead="Lead",
            body=BODY,
            published="2024-06",
            byline="Anna Muster",
            language="de",
            url="https://example.org/a",
        ),
        "a.JSON",
    )
    assert article.headline == "Über Pakt"
    assert (article.kicker, article.lead, article.body) == ("K", "Lead", BODY)
    assert article.published == Published("2024-06", "month")
    assert article.byline == ("Anna Muster",)
    assert article.agencies == ("dpa", "taz")
    assert (article.language, article.url) == ("de", "https://example.org/a")
    assert article.source.format == "json"
    assert article.key.startswith("u-")


def test_json_says_places_and_agencies_itself() -> None:
    article = parse(as_json(body=BODY, agencies=[], dateline_places=["Genf"]), "a.json")
    assert (article.dateline_places, article.agencies) == (("Genf",), ())


@pytest.mark.parametrize(("given_id", "key"), [("x-1", "s-x-1"), (17, "s-17")])
def test_json_id_is_the_key(given_id: object, key: str) -> None:
    assert parse(as_json(id=given_id, url="https://example.org"), "a.json").key == key


def test_json_and_text_of_one_article_are_one() -> None:
    data = as_json(
        headline="Putin schließt Pakt", kicker="NORDKOREA", lead=LEAD, body=BODY,
        published="2024-06-19",
    )  # fmt: skip
    assert parse(data, "a.json").key == parse(TEXT.encode(), "a.txt").key
    assert parse(data, "ohne-endung").source.format == "json"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"[1]", "a list"),
        (b"null", "null"),
        (b'{"headline": "H"', "line 1, column 17"),
        (b'{"body": "x"}', "'headline' is missing"),
        (b'{"headline": " "}', "'headline' is missing"),
        (b'{"headline": "\\u200b"}', "nothing that can be read"),
        (as_json(headline=1), "'headline' must be a string, not a number"),
        (as_json(body=["x"]), "'body' must be a string, not a list"),
        (as_json(byline=[1]), "'byline' must be a list of strings"),
        (as_json(agencies={"a": 1}), "'agencies'.*an object"),
        (as_json(published=2024), "'published'"),
        (as_json(id=True), "'id' must be a string"),
        (as_json(url="x" * 3000), "'url' is longer"),
        (b"[" * 100_000, "50,000 opening brackets"),
        (b"[" * 40_000, "cannot be read"),
        (b'{"headline": ' + b"1" * 5000 + b"}", "cannot be read"),
        (b'{"headline": "A"}\n{"headline": "B"}', "line 2"),
        (b"Nur Text", "not valid JSON"),
    ],
)
def test_wrong_json_is_refused_with_a_reason(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        parse(data, "a.json")
    assert raised.value.advice


def test_odd_json_goes_on_with_warnings() -> None:
    article = parse(as_json(published="gestern", body="", author="x", lead=None), "a.json")
    assert article.published is None
    said = " ".join(article.source.warnings)
    assert all(word in said for word in ("gestern", "'author'", "no body"))


def test_json_surrogates_can_be_written() -> None:
    article = parse(b'{"headline": "\\ud800 x", "body": "\\u0000y"}', "a.json")
    assert (article.headline, article.body) == ("\ufffd x", "y")


def test_braces_in_a_text_are_no_json() -> None:
    assert read("{kein JSON}").source.format == "plain"
    assert read('{"a": 1} und {"b": 2}').source.format == "plain"
    with pytest.raises(Unreadable, match="'headline' is missing"):
        read('{"a": 1}')


def test_what_json_says_twice_is_told() -> None:
    twice = '{"headline": "A", "body": "x", "headline": "B", "id": {"a": 1, "a": 2}, "id": "7"}'
    article = parse(twice.encode(), "a.json")
    assert (article.headline, article.key) == ("B", "s-7")
    said = "Said twice, of which the last was taken: 'headline', 'id'."
    assert article.source.warnings == (said,)


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.json", "a"]))
@example(b"\xef\xbb\xbf\x00", "a.txt")
@example(b"\xff\xfe\x00", "a.txt")
@example(b"<![CDATA[", "a.txt")
def test_any_bytes_are_an_article_or_unreadable(data: bytes, path: str) -> None:
    try:
        article = parse(data, path)
    except Unreadable as fault:
        told = (fault.reason, fault.advice)
        assert all(told)
    else:
        assert article.headline.strip()
        repr(article).encode("utf-8")
        assert 3 <= len(article.key) <= 512


PREFIXES = ["", " date 2024-06-19 ", "date 2024 ", " date 2024-02-31 : ", " date 2024-06 K : "]
WORDS = ["Über", "BERLIN", "taz", "|", ":", "Von", "Anna", "Muster", "(dpa)", "-", "a:"]
TOKENS = [*WORDS, "\n", "\n\n", "\t"]


@given(st.sampled_from(PREFIXES), st.lists(st.sampled_from(TOKENS), min_size=1, max_size=25))
def test_no_word_of_a_text_is_lost(prefix: str, tokens: list[str]) -> None:
    text = " ".join(tokens)
    if not text.replace(":", "").strip():
        return
    if prefix and "\n" not in text.strip() and text.rstrip().endswith(":"):
        return  # a kicker and nothing else is no article: test_header_with_nothing_behind_it
    expected = Counter(word for word in text.split() if word != ":")
    assert expected <= words_of(read(prefix + text))


def word_texts(at_least: int, at_most: int) -> st.SearchStrategy[str]:
    words = st.text(alphabet="abcäöüßABC:.!„“-", min_size=1).filter(lambda word: word != ":")
    return st.lists(words, min_size=at_least, max_size=at_most).map(" ".join)


@given(
    st.dates().map(str),
    word_texts(0, 3),
    word_texts(1, 8),
)
def test_header_round_trip(date: str, kicker: str, headline: str) -> None:
    line = f" date {date} {kicker} : {headline}" if kicker else f" date {date} : {headline}"
    header = read_header(line)
    assert header is not None
    assert header.published == Published(date, "day")
    assert (header.kicker, header.headline) == (kicker, headline)


@given(word_texts(2, 30))
@example("ä““ ä““")  # in CP1252, three bytes that are one Chinese character in UTF-8
def test_encodings_and_line_ends_keep_the_key(text: str) -> None:
    full = f" date 2024-06-19 K : Größe über ß\n\n{text}\n\n{text} ende"
    expected = read(full).key
    for data in (
        full.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + full.encode(),
        full.encode("cp1252"),
        full.encode("utf-16"),
    ):
        assert parse(data, "b.txt").key == expected


LARGE = {
    "many paragraphs": b"x\n\n" * 100_000,
    "no newline": b"x" * 1_000_000,
    "one line of words": b"ab " * 340_000,
    "blanks": b"a" + b" " * 1_000_000 + b"b",
    "blank lines": b"a" + b"\n " * 500_000 + b"b",
    "umlauts in CP1252": b"\xe4" * 1_000_000,
    "bars": b"A | " * 200_000,
    "brackets": b"Berlin (" * 200_000,
    "colons": b" date 2024 " + b"a : " * 200_000,
    "byline": b"x\n\nVon " + b"A " * 400_000,
    "mixed": "ü".encode() * 200_000 + b"\xe4" * 180_000,
    "json": b'{"headline": "' + b"a " * 400_000 + b'"}',
}


@pytest.mark.no_cover
@pytest.mark.parametrize("name", LARGE)
@pytest.mark.timeout(60)
def test_large_and_odd_files_take_linear_time(name: str) -> None:
    # Anything quadratic in these would run for minutes.
    started = time.process_time()
    article = parse(LARGE[name], "a.txt")
    assert time.process_time() - started < 5
    assert article.headline
    assert len(article.headline) <= 300


@pytest.mark.no_cover
@pytest.mark.timeout(60)
def test_what_the_limit_allows_is_an_article() -> None:
    data = (b"Ein Satz von vielen in einer langen Liste.\n" * 120_000)[:5_000_000]
    article = parse(data, "a.txt", limit=5_000_000)
    assert article.source.bytes == 5_000_000
    assert len(article.body) > 4_900_000
    with pytest.raises(Unreadable, match="limit"):
        parse(data + b"x", "a.txt", limit=5_000_000)


def test_what_makes_a_document_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="49,000,000 bytes, more than the limit of 33,554,432"):
        parse(b"x" * 49_000_000, "a.txt")


def test_the_limit_holds_for_the_text_in_whatever_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_ARTICLE", 1_000)
    data = " date 2024 Maß\n\n".encode("cp1252") + b"\xfc" * 600
    with pytest.raises(Unreadable, match="1,204 bytes in UTF-8, more than the limit of 1,000"):
        parse(data, "a.txt")
    assert parse(data[:400], "a.txt").source.encoding == "cp1252"


@pytest.mark.parametrize(
    ("said", "kept", "warned"),
    [
        ({"subjects": [{"name": "Politik"}, "Kultur"]}, (("Politik", "Kultur"), (), ""), ""),
        (
            {"subjects": {"label": "Politik"}, "genre": "Bericht"},
            (("Politik",), ("Bericht",), ""),
            "",
        ),
        ({"genre": {"x": 1}, "version": 1.5}, ((), (), "1.5"), "'genre' must be"),
        ({"subjects": [[1]], "modified": 3, "version": 2}, ((), (), "2"), "'modified' must be"),
        ({"subjects": "x" * 3000, "slugline": ["a"], "version": True}, ((), (), ""), "longer than"),
    ],
)
def test_what_describes_an_article_costs_none(
    said: dict[str, object], kept: tuple[object, ...], warned: str
) -> None:
    article = parse(json.dumps({"headline": "A", "body": "B.", **said}).encode(), "a.json")
    assert (article.subjects, article.genre, article.source.version) == kept
    said_of_it = " ".join(article.source.warnings)
    assert warned in said_of_it
    assert bool(warned) == bool(said_of_it)


def test_lists_in_lists_cost_no_stack() -> None:
    deep = "[" * 900 + "]" * 900
    article = parse(f'{{"headline": "A", "body": "B.", "subjects": {deep}}}'.encode(), "a.json")
    assert article.subjects == ()
