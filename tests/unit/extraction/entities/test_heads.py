"""The head of a name tells its label."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.entities.heads import with_head_labels


def labelled(surface: str, label: Label) -> Label:
    (mention,) = with_head_labels([Mention(label, surface, surface, "body", 0, len(surface))])
    assert mention.surface == surface
    return mention.label


@pytest.mark.parametrize(
    ("surface", "label"),
    [
        ("Diesterweg-Gymnasium", "ORG"),
        ("Landgerichts Köln", "ORG"),
        ("Museum für Naturkunde", "ORG"),
        ("Weserstadion GmbH", "ORG"),
        ("Münchner Flughafen", "LOC"),
        ("Alter Messplatz", "LOC"),
        ("DFB-Pokal", "MISC"),
        ("Deutschen Buchpreises", "MISC"),
        ("Bundestagswahl 2005", "MISC"),
        ("Zweiter Weltkrieg", "MISC"),
        ("Muster-Medaille", "MISC"),
        ("Bayerisches Trachten- und Schützenfest", "MISC"),
        ("Große Moschee", "LOC"),
        ("Befreiungsarmee", "ORG"),
    ],
)
def test_heads_tell_the_label(surface: str, label: Label) -> None:
    wrong: tuple[Label, ...] = ("ORG", "LOC", "MISC")
    assert {labelled(surface, given) for given in wrong} == {label}


@pytest.mark.parametrize(
    "surface", ["Gericht", "Museum", "Kreml", "Wahl", "Verband der Preise", "Kammerspiele", "", " "]
)
def test_others_keep_theirs(surface: str) -> None:
    assert labelled(surface, "ORG") == "ORG"


def test_people_keep_their_names() -> None:
    assert labelled("Hans Bahnhof", "PER") == "PER"
