"""Words whose form tells that they name a place or a thing."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.analysed_text import analysed
from extraction.entities.formed_names import with_formed


def _marked(text: str, *given: tuple[Label, str]) -> set[tuple[str, str]]:
    mentions = [
        Mention(label, name, name, "body", text.index(name), text.index(name) + len(name))
        for label, name in given
    ]
    made = with_formed(mentions, analysed({"body": text}))
    assert all(text[m.start : m.end] == m.surface for m in made)
    return {(m.label, m.surface) for m in made}


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("Sie spielen im Nordseestadion.", "LOC", "Nordseestadion"),
        ("Der Turm am Hilde-Domin-Platz ist alt.", "LOC", "Hilde-Domin-Platz"),
        ("Er lief durch die KWB-Arena.", "LOC", "KWB-Arena"),
        ("Auf dem Westfriedhof war es still.", "LOC", "Westfriedhof"),
        ("Der Text des Mietrechtsgesetzes liegt vor.", "MISC", "Mietrechtsgesetzes"),
        ("Sie bekam den Hilde-Domin-Preis.", "MISC", "Hilde-Domin-Preis"),
        ("Er kam wegen des G-20-Gipfels.", "MISC", "G-20-Gipfels"),
        ("Die Kegel-EM beginnt.", "MISC", "Kegel-EM"),
    ],
)
def test_names_by_their_form(text: str, label: str, name: str) -> None:
    assert _marked(text) == {(label, name)}


@pytest.mark.parametrize(
    "text",
    [
        "Ein Landesgesetz wird nötig, sagte er am Tennis-Platz.",
        "Der Parkplatz und der Arbeitsplatz, der Ölpreis und der Fußballpokal-Sieger.",
        "Die S-Bahn-Brücke neben der Einkaufsstraße ist gesperrt.",
        "Am Umkreis, im Wahlkreis, mit dem Reisepass.",
    ],
)
def test_nouns_stay_nouns(text: str) -> None:
    assert _marked(text) == set()


def test_takes_the_place_of_what_it_holds() -> None:
    text = "Die KWB-Arena und das Nordseestadion."
    given: tuple[tuple[Label, str], ...] = (("ORG", "KWB"), ("ORG", "Nordseestadion"))
    assert _marked(text, *given) == {("LOC", "KWB-Arena"), ("LOC", "Nordseestadion")}


def test_what_goes_beyond_it_stays() -> None:
    text = "Der Film „Flucht am Friedrichsplatz“ läuft."
    name = "Flucht am Friedrichsplatz"
    assert _marked(text, ("MISC", name)) == {("MISC", name)}
