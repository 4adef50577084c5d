"""Nicknames between the names of people."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.entities.nicknames import with_nicknames


def _names(text: str, *surfaces: tuple[Label, str]) -> list[str]:
    mentions, at = [], 0
    for label, surface in surfaces:
        at = text.index(surface, at)
        mentions.append(Mention(label, surface, surface, "body", at, at + len(surface)))
        at += len(surface)
    return [m.surface for m in with_nicknames(mentions, {"body": text})]


@pytest.mark.parametrize("quotes", ["„“", '""', "»«"])
def test_one_name(quotes: str) -> None:
    name = f"Jonas {quotes[0]}Adler{quotes[1]} Wermelau"
    given: list[tuple[Label, str]] = [("PER", "Jonas"), ("MISC", "Adler"), ("LOC", "Wermelau")]
    assert _names(f"Es gewann {name} klar.", *given) == [name]


def test_a_name_that_ends_within() -> None:
    name = "Jonas „Adler“ Wermelau"
    assert _names(f"Es gewann {name} klar.", ("PER", "Jonas „Adler")) == [name]


def test_what_is_said_is_no_nickname() -> None:
    assert _names("Da rief Jonas „Nein“ Richtung Tor.", ("PER", "Jonas")) == ["Jonas"]
    assert _names("Die Firma Wermel „Adler“ Bau.", ("PER", "Wermel")) == ["Wermel"]
