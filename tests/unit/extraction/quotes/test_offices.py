"""Whom a phrase means that names an office and whose it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.quotes import read_quotes
from extraction.quotes.offices import Offices

Q = "„Wir haben noch Zeit dafür“"
#: Surface: label, canonical name, role, whose.
NAMES: dict[str, tuple[Label, str, str, str]] = {
    "Wladimir Putin": ("PER", "Wladimir Putin", "Präsident", "Russland"),
    "Pedro Sánchez": ("PER", "Pedro Sánchez", "Ministerpräsident", "Spanien"),
    "Anna Muster": ("PER", "Anna Muster", "Präsidentin", "Europäische Kommission"),
    "Eva Lenz": ("PER", "Eva Lenz", "Chefin", "SPD"),
    "Jens Wolf": ("PER", "Jens Wolf", "Trainer", "Hamburger SV"),
    "Olaf Kern": ("PER", "Olaf Kern", "Bundeskanzler", ""),
    "Paul Alt": ("PER", "Paul Alt", "Ex-Präsident", "Russland"),
    "Russlands": ("LOC", "Russland", "", ""),
    "Spaniens": ("LOC", "Spanien", "", ""),
    "EU-Kommission": ("ORG", "Europäische Kommission", "", ""),
    "Leipzigs": ("LOC", "Leipzig", "", ""),
}


def speaker(said_by: str, *people: str) -> str:
    """Return who speaks in an article that names the people before and then ``said_by``."""
    text = f"Es kamen {', '.join(people)} nach Bonn. Es war kalt. {Q}, sagte {said_by}."
    there = [(text.index(surface), surface) for surface in NAMES if surface in text]
    mentions = []
    for start, surface in sorted(there):
        label, name, role, of = NAMES[surface]
        place = ("body", start, start + len(surface))
        mentions.append(Mention(label, name, surface, *place, role=role, role_of=of))
    (quote,) = read_quotes({"body": text}, mentions)
    return quote.speaker


EVERYBODY = tuple(name for name, (label, *_) in NAMES.items() if label == "PER")


@pytest.mark.parametrize(
    ("phrase", "person"),
    [
        ("Russlands Präsident", "Wladimir Putin"),
        ("Russlands Staatschef", "Wladimir Putin"),
        ("der russische Präsident", "Wladimir Putin"),
        ("der Präsident Russlands", "der Präsident Russlands"),  # no article before Russlands
        ("der Kremlchef", "Wladimir Putin"),
        ("Spaniens Regierungschef", "Pedro Sánchez"),
        ("der spanische Premier", "Pedro Sánchez"),
        ("die Kommissionspräsidentin", "Anna Muster"),
        ("die Präsidentin der EU-Kommission", "Anna Muster"),
        ("die SPD-Chefin", "Eva Lenz"),
        ("die SPD-Vorsitzende", "Eva Lenz"),
        ("der HSV-Trainer", "Jens Wolf"),
        ("der HSV-Coach", "Jens Wolf"),
        ("der deutsche Regierungschef", "Olaf Kern"),
    ],
)
def test_whose_office_it_is(phrase: str, person: str) -> None:
    assert speaker(phrase, *EVERYBODY) == person


@pytest.mark.parametrize(
    "phrase",
    [
        "der frühere russische Präsident",
        "ein russischer Präsident",
        "der portugiesische Ministerpräsident",
        "der Trainer der Leipziger",
        "Leipzigs Trainer",
        "Spaniens Präsidentin",
    ],
)
def test_what_the_article_does_not_tell(phrase: str) -> None:
    assert speaker(phrase, *EVERYBODY) == phrase


def test_two_who_hold_it_are_nobody() -> None:
    people = [
        Mention("PER", name, name, "body", 0, 9, role="Präsident", role_of="Russland")
        for name in ("Wladimir Putin", "Dmitri Medwedew")
    ]
    text = f"Es war kalt. {Q}, sagte Russlands Präsident."
    at = text.index("Russlands")
    land = Mention("LOC", "Russland", "Russlands", "body", at, at + len("Russlands"))
    (quote,) = read_quotes({"headline": "Alle da", "body": text}, [land, *_in_headline(people)])
    assert quote.speaker == "Russlands Präsident"
    (quote,) = read_quotes({"headline": "Alle da", "body": text}, [land, *_in_headline(people[:1])])
    assert quote.speaker == "Wladimir Putin"


def _in_headline(people: list[Mention]) -> list[Mention]:
    return [Mention(m.label, m.name, "Alle", "headline", 0, 4, m.role, m.role_of) for m in people]


@given(st.text(max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_any_role_can_be_noted(name: str, role: str, of: str) -> None:
    holders = Offices([Mention("PER", name, name, "body", 0, 1, role=role, role_of=of)]).holders
    assert all(people == {name: None} for people in holders.values())
