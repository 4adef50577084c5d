"""Keys: what makes two files one article; and paths that can always be written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import KEYS
from extraction.formats.identity import canonical_url, document_key, os_path_of, printable_path


def test_kinds_of_keys_never_collide() -> None:
    keys = {
        document_key(source_id="42", headline="H"),
        document_key(source_id="u-42 ä", headline="H"),
        document_key(url="https://example.org/42", headline="H"),
        document_key(headline="H"),
    }
    assert len(keys) == 4
    assert {key[: key.index("-") + 1] for key in keys} == set(KEYS)


def test_the_sources_own_id_beats_url_and_content() -> None:
    one = document_key(source_id="dpa:2024-1", url="https://a.example/1", headline="A")
    two = document_key(source_id="dpa:2024-1", url="https://b.example/2", headline="B")
    assert one == two == "s-dpa:2024-1"


@pytest.mark.parametrize(
    "url",
    [
        "https://Example.ORG/a/b/",
        "HTTPS://example.org:443/a/b#teil",
        "https://example.org/a/b?utm_source=x&utm_medium=y",
        " https://example.org/a/b?fbclid=1 ",
    ],
)
def test_urls_of_one_page_are_one(url: str) -> None:
    assert canonical_url(url) == "https://example.org/a/b"


@pytest.mark.parametrize(
    "url", ["https://example.org/A/b", "http://example.org/a/b", "https://example.org/a/b?id=1"]
)
def test_urls_of_other_pages_stay_apart(url: str) -> None:
    assert canonical_url(url) != "https://example.org/a/b"
    assert canonical_url(url) == url


def test_no_url_is_left_alone() -> None:
    assert canonical_url("http://[kaputt") == "http://[kaputt"
    assert canonical_url("http://x:99999999/") == "http://x:99999999/"


def test_content_key_looks_at_every_part_and_its_place() -> None:
    keys = {
        document_key(kicker="a", headline="b", lead="c", body="d"),
        document_key(kicker="x", headline="b", lead="c", body="d"),
        document_key(kicker="a", headline="x", lead="c", body="d"),
        document_key(kicker="a", headline="b", lead="x", body="d"),
        document_key(kicker="a", headline="b", lead="c", body="x"),
        document_key(kicker="a b", headline="", lead="c", body="d"),
        document_key(date="2024-06", kicker="a", headline="b", lead="c", body="d"),
        document_key(date="2024", kicker="a", headline="b", lead="c", body="d"),
    }
    assert len(keys) == 8


def test_runs_of_white_space_do_not_count() -> None:
    assert document_key(headline="b", body="a  b\n\nc") == document_key(
        headline=" b", body="a\u00a0b c\n"
    )
    assert document_key(headline="b", body="ab") != document_key(headline="b", body="a b")


@given(st.text(max_size=600), st.text(max_size=600), st.text(max_size=30))
def test_every_key_is_a_valid_document_id(source_id: str, url: str, text: str) -> None:
    for key in (
        document_key(source_id=source_id),
        document_key(url=url),
        document_key(headline=text),
    ):
        assert key.isascii()
        assert key.isprintable()
        assert " " not in key
        assert 3 <= len(key) <= 512
        assert not key.startswith("_")


@given(st.binary(max_size=40))
def test_printable_path_of_any_bytes_can_be_undone(path: bytes) -> None:
    shown = printable_path(path)
    shown.encode("utf-8")
    assert shown.isprintable() or not {"\n", "\r", "\t", "\x00"} & set(shown)
    assert os_path_of(shown).encode("utf-8", "surrogateescape") == path
    assert printable_path(os_path_of(shown)) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("sport/a b.txt", "sport/a b.txt"),
        ("über/größe.txt", "über/größe.txt"),
        (b"caf\xe9.txt", "caf\\xe9.txt"),
        ("a\nb.txt", "a\\x0ab.txt"),
        ("a\\nb.txt", "a\\\\nb.txt"),
        ("a\u0085b\u202e.txt", "a\\u0085b\\u202e.txt"),
    ],
)
def test_printable_path(path: bytes | str, shown: str) -> None:
    assert printable_path(path) == shown
