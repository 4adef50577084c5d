"""Words that were broken at the ends of lines: put together, kept hyphened, kept a pair."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.line_ends import is_known, whole_words


def _whole(text: str) -> str:
    return whole_words({"body": text})[0]["body"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("die Wahl-\nrechtsreform kommt", "die Wahlrechtsreform kommt"),
        ("Angela Mer-\nkel sagte", "Angela Merkel sagte"),
        ("sie ver-  \n  langen das", "sie verlangen das"),
        ("das Bundes-\nverfassungs-\ngericht", "das Bundesverfassungsgericht"),
        ("BUNDES-\nKANZLER", "BUNDESKANZLER"),
        ("eine Werk-\nstatt", "eine Werkstatt"),
        ("ein Kür-\nbis", "ein Kürbis"),
        ("so-\nwie an-\nstatt", "sowie anstatt"),
        ("CDU-Politi-\nkerin", "CDU-Politikerin"),
        ("die Verlage-\nrinnen", "die Verlagerinnen"),
        ("die Pilot*-\ninnen", "die Pilot*innen"),
        ("eine Pilot:-\nin", "eine Pilot:in"),
        ("die Mitarbeiter/-\ninnen", "die Mitarbeiter/-innen"),
        ("die Schüler-\nInnen", "die SchülerInnen"),
    ],
)
def test_one_word_is_one_again(text: str, expected: str) -> None:
    assert _whole(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CDU-\nPolitiker", "CDU-Politiker"),
        ("Frau Müller-\nLüdenscheidt", "Frau Müller-Lüdenscheidt"),
        ("das Nord-\nSüd-Gefälle", "das Nord-Süd-Gefälle"),
        ("US-\namerikanische", "US-amerikanische"),
        ("die deutsch-\nfranzösische", "die deutsch-französische"),
        ("rot-\ngrüne", "rot-grüne"),
        ("saudi-\narabische", "saudi-arabische"),
        ("ein Start-\nup", "ein Start-up"),
        ("die 22-\njährige", "die 22-jährige"),
        ("eine x-\nbeliebige e-\nmail", "eine x-beliebige e-mail"),
        ("eine DC-\n9", "eine DC-9"),
        ("CDU-\nCSU", "CDU-CSU"),
        ("der Nicht-\nInnen-Raum", "der Nicht-Innen-Raum"),
        ("der CDU-\nInnen", "der CDU-Innen"),
        ("ein Kopf-\nan-Kopf-Rennen", "ein Kopf-an-Kopf-Rennen"),
    ],
)
def test_a_hyphen_that_belongs_to_the_word_stays_without_the_line_end(
    text: str, expected: str
) -> None:
    assert _whole(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("die Landes-\nund Bundesregierung", "die Landes- und Bundesregierung"),
        ("Vor-\noder Nachteile", "Vor- oder Nachteile"),
        ("ein-\nbis zweimal", "ein- bis zweimal"),
        ("die 18-\nbis 25-Jährigen", "die 18- bis 25-Jährigen"),
        ("Landes- und Bundesregierung", "Landes- und Bundesregierung"),
        ("die Bund-\nund-Länder-Runde", "die Bund-und-Länder-Runde"),
    ],
)
def test_the_first_half_of_a_pair_keeps_its_hyphen(text: str, expected: str) -> None:
    assert _whole(text) == expected


def test_the_text_itself_decides_before_any_rule() -> None:
    assert _whole("Xebo-\nrin. Xebo-rin kam.") == "Xebo-rin. Xebo-rin kam."
    assert _whole("Kim Jong-\nun und Jong-un") == "Kim Jong-un und Jong-un"
    fields = {"headline": "WebStandard wächst", "body": "Der Web-\nStandard"}
    assert whole_words(fields) == ({"headline": "WebStandard wächst", "body": "Der WebStandard"}, 1)


@pytest.mark.parametrize(
    "text",
    ["Kosten:\n- Miete\n- Strom", "Er kam –\ndann", "Wahl-\n\nrecht", "a -\nb", "–-\n"],
)
def test_dashes_lists_and_paragraphs_stay(text: str) -> None:
    assert whole_words({"body": text}) == ({"body": text}, 0)


@given(st.text(alphabet="aB-ü \n1und", max_size=60))
def test_nothing_but_hyphens_blanks_and_line_ends_changes(text: str) -> None:
    whole = _whole(text)
    assert re.sub(r"[-\s]", "", whole) == re.sub(r"[-\s]", "", text)
    assert whole_words({"body": whole})[1] == 0


def test_the_lexicon_knows_nouns_compounds_and_names() -> None:
    assert all(map(is_known, ("Wahlrechtsreform", "Regierungen", "Merkels", "Angela", "dennoch")))
    assert not is_known("Zweibis")
