"""Names that a tagger cut are made whole; names of organisations from the list win."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.entities.listed_names import with_listed
from extraction.entities.whole_names import with_whole_names


def marked(text: str, *surfaces: tuple[Label, str]) -> list[Mention]:
    """Mark the surfaces one after the other."""
    mentions, at = [], 0
    for label, surface in surfaces:
        at = text.index(surface, at)
        mentions.append(Mention(label, surface, surface, "body", at, at + len(surface)))
        at += len(surface)
    return mentions


@pytest.mark.parametrize(
    ("text", "surface", "whole"),
    [
        ("Machthaber Kim Jong Un schwieg", "Kim Jong", "Kim Jong Un"),
        ("Minister Shin Won Sik beriet", "Shin Won", "Shin Won Sik"),
        ("Kim Jong Team gewinnt", "Kim Jong", "Kim Jong"),
        ("Da kam Kim Jong. Un jour", "Kim Jong", "Kim Jong"),
        ("Verteidiger Kevin-Prince Boateng traf", "Boateng", "Kevin-Prince Boateng"),
        ("Chef Torsten Müller-Ötvös ging", "Müller-Ötvös", "Torsten Müller-Ötvös"),
        ("Da kam Torsten Müller an", "Torsten", "Torsten Müller"),
        ("Familie Wallert kam", "Wallert", "Wallert"),
        ("Herrn Roßmüller traf er", "Roßmüller", "Roßmüller"),
        ("Falls Demjanjuk kommt", "Demjanjuk", "Demjanjuk"),
        ("Dem Imam Khomeini folgte", "Khomeini", "Khomeini"),
        ("Gestern traf Angela Merkels Kurs auf Kritik", "Angela Merkels", "Angela Merkels"),
        ("Barack Obamas Wunsch", "Barack Obamas", "Barack Obamas"),
    ],
)
def test_cut_names(text: str, surface: str, whole: str) -> None:
    assert [
        m.surface for m in with_whole_names(marked(text, ("PER", surface)), {"body": text})
    ] == [whole]


@pytest.mark.parametrize(
    ("text", "surface", "whole"),
    [
        ("Zone im Nahen Osten gefordert", "Nahen", "Nahen Osten"),
        ("Empfänger in Nahen und Mittleren Osten", "Nahen", "Nahen und Mittleren Osten"),
        ("Bad Münster an der Nahe. Osten ist", "Nahe", "Nahe"),
    ],
)
def test_cut_regions(text: str, surface: str, whole: str) -> None:
    found = with_whole_names(marked(text, ("LOC", surface)), {"body": text})
    assert [m.surface for m in found] == [whole]


def test_parts_marked_apart_become_one() -> None:
    text = "Das sagte Angela Fernandez Perez."
    found = with_whole_names(
        marked(text, ("PER", "Angela"), ("PER", "Fernandez Perez")), {"body": text}
    )
    assert [m.surface for m in found] == ["Angela Fernandez Perez"]


def test_neighbours_with_full_names_stay_two() -> None:
    text = "Es siegte Angela Maria Schulz."
    both = marked(text, ("PER", "Angela"), ("PER", "Maria Schulz"))
    assert with_whole_names(both, {"body": text}) == both


@pytest.mark.parametrize(
    ("text", "torn", "whole"),
    [
        ("Laut Scotland Yard", [("LOC", "Scotland Yard")], ["Scotland Yard"]),
        ("Laut Scotland Yard", [("LOC", "Scotland"), ("PER", "Yard")], ["Scotland Yard"]),
        ("Laut Ärzte ohne Grenzen", [], ["Ärzte ohne Grenzen"]),
        ("in der Süddeutschen Zeitung", [], ["Süddeutschen Zeitung"]),
        (
            "New York Times Magazine",
            [("ORG", "New York Times Magazine")],
            ["New York Times Magazine"],
        ),
        ("Scotland Yards", [], ["Scotland Yards"]),
        ("Scotland Yardstick", [], []),
        ("Er ist in New York, Times ist neu", [("LOC", "New York")], ["New York"]),
    ],
)
def test_listed_organisations(text: str, torn: list[tuple[Label, str]], whole: list[str]) -> None:
    found = with_listed(marked(text, *torn), {"body": text})
    assert [m.surface for m in found] == whole


WORDS = ["Kim", "Jong", "Un", "Angela", "Merkel", "Scotland", "Yard", "der", ".", "Torsten"]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.data())
def test_mentions_never_overlap(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    starts = [sum(len(w) + 1 for w in words[:i]) for i in range(len(words))]
    names = [
        Mention("PER", word, word, "body", start, start + len(word))
        for word, start in zip(words, starts, strict=True)
        if word[0].isupper() and data.draw(st.booleans())
    ]
    found = with_whole_names(with_listed(names, {"body": text}), {"body": text})
    ordered = sorted(found, key=lambda m: m.start)
    assert all(text[m.start : m.end] == m.surface for m in ordered)
    assert all(one.end <= other.start for one, other in pairwise(ordered))
