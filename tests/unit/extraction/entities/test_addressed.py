"""People whom a tagger takes for places, their spouses, and inhabitants who are nobody's names."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.entities.names import canonical


def named(text: str, *found: tuple[str, Label]) -> list[tuple[str, Label]]:
    """Return names and labels of the mentions, each searched behind the one before."""
    mentions, at = [], 0
    for surface, label in found:
        at = text.index(surface, at)
        mentions.append(Mention(label, surface, surface, "body", at, at + len(surface)))
        at += len(surface)
    return [(m.name, m.label) for m in canonical(mentions, {"body": text})]


@pytest.mark.parametrize(
    "text",
    [
        "Umweltministerin Lindenau wies die Kritik zurück.",
        "Am Abend kam Frau Lindenau dazu.",
        "„Das stimmt nicht“, sagte Lindenau in Dessau.",
        "Die CDU-Politikerin Lindenau schwieg.",
    ],
)
def test_what_is_addressed_is_a_person(text: str) -> None:
    assert named(text, ("Lindenau", "LOC")) == [("Lindenau", "PER")]


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Minister:in Petra Lindenau sprach.", "Petra Lindenau", "PER"),
        ("Ministerpräsident Luís Montenegro sprach.", "Luís Montenegro", "PER"),
        ("Bürgermeister Bad Homburgs", "Bad Homburgs", "LOC"),
        ("Das Fest in Petra Lindenau.", "Petra Lindenau", "LOC"),
    ],
)
def test_a_full_name_behind_an_office_is_a_person(text: str, name: str, label: Label) -> None:
    assert [of for _, of in named(text, (name, "LOC"))] == [label]


def test_other_mentions_follow_but_not_the_town() -> None:
    text = "Ministerin Lindenau kam. Später sprach Lindenau. Das Fest war in Lindenau."
    found = named(text, *[("Lindenau", "LOC")] * 3)  # type: ignore[arg-type]
    assert [label for _, label in found] == ["PER", "PER", "LOC"]


@pytest.mark.parametrize(
    ("text", "surface", "label"),
    [
        ("Der Gegner Schalke gewann.", "Schalke", "LOC"),
        ("Präsident Berlin sagt man nicht.", "Berlin", "LOC"),
        ("Bürgermeister Dornbirns ist er.", "Dornbirns", "LOC"),
        ("„Nein“, sagte Greenpeace.", "Greenpeace", "ORG"),
        ("Der Sprecher SAP schwieg.", "SAP", "ORG"),
    ],
)
def test_places_and_organisations_stay(text: str, surface: str, label: Label) -> None:
    assert [found for _, found in named(text, (surface, label))] == [label]


def test_a_minister_is_not_his_wife() -> None:
    text = "Minister Lenz kam mit seiner Frau Sabine. Lenz sprach. Sabine Lenz schwieg."
    found = named(text, ("Lenz", "PER"), ("Sabine", "PER"), ("Lenz", "PER"), ("Sabine Lenz", "PER"))
    assert [name for name, _ in found] == ["Lenz", "Sabine Lenz", "Lenz", "Sabine Lenz"]


def test_a_second_surname_may_be_left_out() -> None:
    found = named(
        "Ana Ruiz Soto kam. Ana Ruiz ging.", ("Ana Ruiz Soto", "PER"), ("Ana Ruiz", "PER")
    )
    assert {name for name, _ in found} == {"Ana Ruiz Soto"}


def test_inhabitants_are_no_names() -> None:
    text = "Betrunken: Sachse am Bahnhof. Der Sachse schlief."
    assert named(text, ("Sachse", "PER"), ("Sachse", "PER")) == []
    text = "Jens Sachse kam. Der Sachse schlief."
    assert len(named(text, ("Jens Sachse", "PER"), ("Sachse", "PER"))) == 2
    assert named("Münchner und Dresdner", ("Münchner", "LOC"), ("Dresdner", "LOC")) == []
