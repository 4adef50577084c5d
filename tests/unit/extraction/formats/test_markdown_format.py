"""Markdown with front matter or without; what only begins with dashes stays a text."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.formats.markdown_format import parted, plain_text
from extraction.formats.parse import parse

YAML = """---
title: "Stadtrat beschließt Haushalt"
Datum: 19. Juni 2024
author: [Anna Muster, {name: Ben Bauer}]
description: Nach langer Debatte steht der *Etat*.
url: https://example.org/haushalt
lang: de
draft: false
categories: Stadt
tags:
  - Kommunales
lastmod: 2024-06-20
---
"""
TOML = '+++\ntitle = "Stadtrat beschließt Haushalt"\ndate = 2024-06-19T10:00:00+02:00\n+++\n'
BODY = "MAGDEBURG dpa | Der **Stadtrat** hat den [Haushalt](https://example.org) beschlossen.\n"


@pytest.mark.parametrize("path", ["a.md", "a.Markdown", "notiz.txt"])
def test_front_matter_becomes_the_parts_of_an_article(path: str) -> None:
    article = parse(f"{YAML}\n{BODY}".encode(), path)
    assert article.source.format == "markdown"
    assert article.headline == "Stadtrat beschließt Haushalt"
    assert article.lead == "Nach langer Debatte steht der Etat."
    assert article.body == "MAGDEBURG dpa | Der Stadtrat hat den Haushalt beschlossen."
    assert article.byline == ("Anna Muster", "Ben Bauer")
    assert article.published is not None
    assert article.published.value == "2024-06-19"
    assert article.url == "https://example.org/haushalt"
    assert (article.agencies, article.dateline_places) == (("dpa",), ("Magdeburg",))
    (said,) = article.source.warnings
    assert said.endswith(": 'draft'.")
    assert (article.subjects, article.modified) == (("Kommunales", "Stadt"), "2024-06-20")


def test_toml_is_read_too() -> None:
    article = parse(f"{TOML}\n{BODY}".encode(), "hugo.md")
    assert article.headline == "Stadtrat beschließt Haushalt"
    assert article.published is not None
    assert article.published.value == "2024-06-19T10:00:00+02:00"


def test_without_front_matter_the_first_heading_is_the_headline() -> None:
    article = parse(
        b"# Neuer *Pakt*\n\nEin Vorspann.\n\nEin Absatz.\n\n## Zwischen\n\nMehr.", "a.md"
    )
    assert (article.headline, article.lead) == ("Neuer Pakt", "Ein Vorspann.")
    assert article.body == "Ein Absatz.\n\nZwischen\n\nMehr."


def test_a_title_that_stands_there_twice_is_one_headline() -> None:
    article = parse(f"{TOML}# Stadtrat beschließt Haushalt\n\n{BODY}".encode(), "a.md")
    assert article.body.startswith("MAGDEBURG")
    assert article.lead == ""


def test_marks_addresses_and_images_go_and_lists_and_tables_stay() -> None:
    marked = (
        "Ein ~~alter~~ `Begriff`\\\nmit Zeile\n\n- eins\n- zwei\n\n1. drei\n\n> Zitat\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n![Bild](x.png)\n\n```\nCode\n```\n"
    )
    assert plain_text(marked).split("\n\n") == [
        *("Ein alter Begriff\nmit Zeile", "eins", "zwei", "drei", "Zitat", "a b", "c d", "Code\n"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nEin Text zwischen Strichen.\n\n---\n\nNoch einer.",
        "---\nEilmeldung: Pakt geschlossen\n---\nDer Text.",
        "+++ Eilmeldung +++\n\nDer Text.",
        "---\ntitle: ohne Ende\n\nDer Text.",
    ],
)
def test_what_only_begins_so_is_a_text(text: str) -> None:
    assert parse(text.encode(), "a.txt").source.format == "plain"


@pytest.mark.parametrize(
    ("matter", "says"),
    [
        ("---\ntitle: [a\n---\nText", "cannot be read"),
        ("+++\ntitle = a\n+++\nText", "cannot be read"),
        ("---\ntitle: &a [*a]\n---\nText", "cannot be read"),
        ("---\ndate: 2024-06-19\n---\n", "headline"),
    ],
)
def test_broken_front_matter_fails_with_a_sentence(matter: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        parse(matter.encode(), "a.md")
    assert raised.value.advice


def test_aliases_that_multiply_are_not_followed() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    text = f"---\na0: &a0 [x]\n{levels}title: *a11\nauthor: *a11\nheadline: Pakt\n---\nText\n"
    assert parse(text.encode(), "a.md").headline == "Pakt"


@given(st.text(max_size=300), st.sampled_from(["", "---\n", YAML, TOML, "+++\n"]))
def test_whatever_stands_there_it_is_read_or_refused(text: str, head: str) -> None:
    with suppress(Unreadable):
        parse((head + text).encode("utf-8", "ignore"), "a.md")


@given(st.text(max_size=300))
def test_front_matter_and_text_are_all_there_is(text: str) -> None:
    matter, rest = parted(text)
    assert text.startswith(matter)
    assert text.endswith(rest)
