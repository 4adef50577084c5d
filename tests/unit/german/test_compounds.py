"""Parts of compounds: what is split, what stays whole, and that no string does harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.compounds import compound_words, lemma, nested, parts
from tests.linear import assert_linear

COMPOUNDS = [
    ("Verteidigungspakt", ("Verteidigung", "Pakt")),
    ("Munitionslieferungen", ("Munition", "Lieferung")),
    ("Bundesverfassungsgericht", ("Bund", "Verfassung", "Gericht")),
    ("Länderfinanzausgleichs", ("Land", "Finanzen", "Ausgleich")),
    ("Wohnhaus", ("wohnen", "Haus")),
    ("Großbrand", ("groß", "Brand")),
    ("Schulbehörde", ("Schule", "Behörde")),
    ("Friedensverhandlungen", ("Frieden", "Verhandlung")),
    ("Ölpreis", ("Öl", "Preis")),
    ("CDU-Vorsitzende", ("CDU", "Vorsitzende")),
    ("Nato-Gipfel", ("Nato", "Gipfel")),
    ("SPD-Bundestagsfraktion", ("SPD", "Bundestag", "Fraktion")),
    ("Haushalts-", ("Haushalt",)),
    ("Irakkrieg", ("Irak", "Krieg")),
    ("Türkeibeitritts", ("Türkei", "Beitritt")),
]
WHOLE = ["Regierung", "Minister", "Berliner", "Tempel", "Verein", "Personal", "Bundestag"]
NAMES = [
    "Merkel",
    "Hamburg",
    "Altmaier",
    "Heidelbergs",
    "Frankreichs",
    "Leutheusser-Schnarrenberger",
    "NATO",
    "Kongolesen",
    "Gazastreifens",
    "Perücke",
    "Kriminalität",
]


@pytest.mark.parametrize(("word", "right"), COMPOUNDS)
def test_compounds_are_split_into_lemmas(word: str, right: tuple[str, ...]) -> None:
    assert parts(word) == right


@pytest.mark.parametrize(
    "word", [*WHOLE, *NAMES, "Handlungen", "Hersteller", "", "-", "-a-", "weiter"]
)
def test_other_words_stay_whole(word: str) -> None:
    assert parts(word) == ()


def test_known_words_inside_are_given_too() -> None:
    assert "Verfassungsgericht" in nested("Bundesverfassungsgericht")
    assert nested("Nato-Gipfel") == ()


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("Munitionslieferungen", "Munitionslieferung"),
        ("Häuser", "Haus"),
        ("EU-Sanktionen", "EU-Sanktion"),
        ("Merkel", "Merkel"),
        ("weiter", "weiter"),
    ],
)
def test_lemmas_are_nominative_singular(word: str, right: str) -> None:
    assert lemma(word) == right


def test_a_text_gives_each_part_once_and_leaves_names_alone() -> None:
    text = "Seehofers Grenzkontrollen: Der Grenzschutz hilft der Haushalts- und Finanzpolitik."
    found = compound_words(text, ["Horst Seehofer"])
    assert found == ["Grenze", "Kontrolle", "Schutz", "Haushalt", "Finanzen", "Politik"]


@given(st.text())
def test_no_text_raises(text: str) -> None:
    compound_words(text)
    assert isinstance(lemma(text), str)
    assert isinstance(parts(text), tuple)


@pytest.mark.no_cover
@pytest.mark.parametrize("scrap", ["A", "A-", "Haus", "Bundes", "„", "1-", "Ää-Öö-"])
def test_long_runs_take_no_time(scrap: str) -> None:
    assert_linear(compound_words, scrap)
