"""Addresses and languages that cannot be so cost a warning, and make no key."""

from __future__ import annotations

import json

import pytest

from articles.article import Article
from extraction.formats.believable import contradicted, is_language, is_web_address
from extraction.formats.parse import parse

GERMAN = "Der Bundestag hat am Mittwoch nach langer Debatte über das Gesetz abgestimmt. " * 3


def read(**values: object) -> Article:
    return parse(json.dumps({"headline": "Titel", "body": GERMAN, **values}).encode(), "a.json")


@pytest.mark.parametrize(
    "url",
    [
        "https://taz.de/!5123/",
        "http://www.example.org:8080/a?b=c#d",
        "HTTPS://Example.ORG/",
        "https://münchen.example/straße",
        "http://localhost:8000/a",
        "http://192.168.0.1/a",
        "http://[2001:db8::1]/a",
    ],
)
def test_web_addresses(url: str) -> None:
    assert is_web_address(url)
    assert read(url=url).url == url
    assert read(url=url).key.startswith("u-")
    assert not read(url=url).source.warnings


@pytest.mark.parametrize(
    "url",
    [
        *("n/a", "-", "unbekannt", "www.taz.de/a", "/artikel/1", "https://", "https:///a"),
        *("https://a b.example/", "http://taz/", "ftp://taz.de/a", "javascript:alert(1)"),
        *("urn:newsml:dpa.com:1", "mailto:a@b.example", "http://[kaputt", "http://x.y:99999999/"),
        *("https://example.org/a b", "file:///etc/passwd"),
    ],
)
def test_what_is_no_web_address_is_said_and_is_neither_kept_nor_the_key(url: str) -> None:
    assert not is_web_address(url)
    article = read(url=url)
    assert article.url is None
    assert article.key == read().key
    (warning,) = article.source.warnings
    assert url[:20] in warning
    assert "no web address" in warning


@pytest.mark.parametrize("code", ["de", "DE", "de-AT", "de_DE", "zh-Hant-TW", "en"])
def test_languages(code: str) -> None:
    assert is_language(code)


@pytest.mark.parametrize("code", ["deutsch", "xx", "german", "d", "de AT", "ger", "de-", "??"])
def test_what_is_no_language_is_said_and_decides_nothing(code: str) -> None:
    assert not is_language(code)
    article = read(headline="Xyzzy", body="Plugh.", language=code)
    assert article.language == "und"
    assert f"{code!r} is no language" in article.source.warnings[0]


def test_a_language_that_the_text_contradicts_is_said() -> None:
    article = read(language="en-GB")
    assert article.language == "de"
    assert article.source.warnings == (
        "The language is given as 'en-GB', but the text is in 'de': that counts.",
    )
    assert not read(language="de-AT").source.warnings


def test_varieties_of_one_language_do_not_contradict_each_other() -> None:
    assert not contradicted("no", "nb")
    assert not contradicted("sr", "hr")
    assert not contradicted(None, "de")
    assert not contradicted("en", "und")
