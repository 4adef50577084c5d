"""The head of a name tells its label."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.entities.heads import with_head_labels, with_years


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
    "surface",
    [
        "Gericht",
        "Museum",
        "Kreml",
        "Wahl",
        "Verband der Preise",
        "Kammerspiele",
        "Messe Xanten",
        "",
        " ",
    ],
)
def test_others_keep_theirs(surface: str) -> None:
    assert labelled(surface, "ORG") == "ORG"


def test_people_keep_their_names() -> None:
    assert labelled("Hans Bahnhof", "PER") == "PER"


@pytest.mark.parametrize(
    ("text", "surface", "whole"),
    [
        ("Die Kegel-WM 2006 beginnt", "Kegel-WM", "Kegel-WM 2006"),
        ("den Musterpreis 1999 bekam", "Musterpreis", "Musterpreis 1999"),
        ("Das Passgesetz 2006 zu ändern", "Passgesetz", "Passgesetz"),
        ("Zur Kegel-WM 2006.5", "Kegel-WM", "Kegel-WM"),
        ("Der Musterpreis 200612", "Musterpreis", "Musterpreis"),
    ],
)
def test_events_have_their_years(text: str, surface: str, whole: str) -> None:
    at = text.index(surface)
    mention = Mention("MISC", surface, surface, "body", at, at + len(surface))
    (made,) = with_years([mention], {"body": text})
    assert (made.surface, text[made.start : made.end]) == (whole, whole)
