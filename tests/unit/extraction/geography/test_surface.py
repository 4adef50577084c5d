"""What is taken off a name, and what it then stands for."""

from __future__ import annotations

import pytest

from extraction.geography import german_name, locate
from extraction.geography.lands import lands
from extraction.geography.state_words import states_named
from extraction.geography.surface import addition, read
from german.folding import place_key


@pytest.mark.parametrize(
    ("name", "place", "kind", "point"),
    [
        ("Ulms", "Ulm", "city", True),
        ("Paris'", "Paris", "city", True),
        ("Stadt  Ulm", "Ulm", "city", True),
        ("Hansestadt Hamburg", "Hamburg", "city", True),
        ("Rebellenhochburg Aleppo", "Aleppo", "city", True),
        ("Modemetropole Mailand", "Mailand", "city", True),
        ("Schwarzmeerort Warna", "Warna", "city", True),
        ("Balkanlandes Albanien", "Albanien", "country", True),
        ("Ex-Sowjetrepublik Georgien", "Georgien", "country", True),
        ("Innenstadt Ulm", "Innenstadt Ulm", "district", True),
        ("Kanton Freiburg", "Freiburg (Kanton)", "region", True),
        ("US-Bundesstaat Washington", "Washington (Bundesstaat)", "region", True),
        ("Region Toskana", "Toskana", "region", True),
        ("Provinz Idlib", "Provinz Idlib", "region", True),
        ("Landkreis Passau", "Landkreis Passau", "region", True),
        ("Flughafen Köln", "Flughafen Köln", "district", True),
        ("Hafen Hamburgs", "Hafen Hamburgs", "district", True),
        ("Ostukraine", "Ostukraine", "region", False),
        ("Nord-Irland", "Nord-Irland", "region", False),
        ("Westjapans", "Westjapan", "region", False),
        ("Südostfrankreich", "Südostfrankreich", "region", False),
        ("Nordberlin", "Nordberlin", "district", True),
        ("Köln-Mülheim", "Köln-Mülheim", "district", True),
        ("Hamburger Flughafen", "Hamburger Flughafen", "district", True),
        ("Bremer Rathaus", "Bremer Rathaus", "district", True),
        ("Münchner Osten", "Münchner Osten", "district", True),
        ("Dresdner Hauptbahnhof", "Dresdner Hauptbahnhof", "district", True),
        ("Basler Zoo", "Basler Zoo", "district", True),
        ("Kasseler Rathaus", "Kasseler Rathaus", "district", True),
        ("Rhein-Sieg-Kreis", "Rhein-Sieg-Kreis", "region", False),
        ("Frankfurt/Main", "Frankfurt am Main", "city", True),
        ("Vereinigten Staaten", "USA", "country", True),
    ],
)
def test_what_a_surface_stands_for(name: str, place: str, kind: str, point: bool) -> None:
    first = read(name)[0].place
    assert (first.name, first.kind) == (place, kind)
    assert (first.latitude is not None) is point
    assert (first.longitude is not None) is point


@pytest.mark.parametrize(
    "name", ["Is", "Köln-Paris", "Paris-Belleville", "Ulmer Flughafen Xy", "Xyer Dom", "Südxyz", ""]
)
def test_what_stands_for_nothing(name: str) -> None:
    assert list(read(name)) == []


def test_hollywood_is_that_of_the_films() -> None:
    located = locate(["Hollywood", "Los Angeles"])
    assert located.places["Hollywood"].name == "Hollywood"


def test_what_is_added_explains() -> None:
    assert addition("Paris (Texas)") == "Texas"
    assert addition("Paris, Texas") == "Texas"
    assert addition("Paris") == ""
    located = locate(["Paris (Texas)"])
    assert (located.countries, located.places["Paris (Texas)"].name) == (("US",), "Paris (Texas)")


def test_parts_of_lands_are_places_of_their_own() -> None:
    (rhineland,) = lands()["rheinland"]
    assert (rhineland.place.name, rhineland.place.kind, rhineland.part) == (
        "Rheinland",
        "region",
        "07",
    )
    assert [land.rank for land in lands()["kongo"]] == [0, 1]
    (sea,) = lands()["ostsee"]
    assert (sea.place.country, sea.place.latitude, sea.place.kind) == ("", None, "water")


def test_points_are_of_cities_districts_and_regions_each_once() -> None:
    located = locate(["Köln-Mülheim", "Köln", "Toskana", "Frankreich", "Ostsee", "Westjapan"])
    assert [(round(a), round(b)) for a, b in located.points] == [(51, 7), (43, 11)]
    assert located.countries == ("DE", "IT", "FR", "JP")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("die russische Regierung, die russische Armee", {"RU": 2}),
        ("die deutsch-polnische Grenze", {"DE": 1, "PL": 1}),
        ("der saudi-arabische Minister", {"SA": 1}),
        ("die US-Regierung und der Schweizer Nationalrat", {"US": 1}),
        ("die Schweizer Regierung", {"CH": 1}),
        ("die Russische Regierung", {"RU": 1}),
    ],
)
def test_how_often_a_state_is_named(text: str, codes: dict[str, int]) -> None:
    assert states_named([text]) == codes
    assert states_named([text, text]) == {code: 2 * n for code, n in codes.items()}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ŁÓDŹ", "lodz"),
        ("Tromsø", "tromso"),
        ("Đà Nẵng", "da nang"),
        ("L’Aquila", "laquila"),
        ("Halle/Saale", "halle saale"),
        ("Frankfurt (Oder)", "frankfurt oder"),
        ("St. Pölten", "sankt polten"),
        ("Budapest", "budapest"),
        ("Ærø", "aero"),
    ],
)
def test_folded(name: str, key: str) -> None:
    assert place_key(name) == key


@pytest.mark.parametrize(
    ("name", "german"),
    [("Lisboa", "Lissabon"), ("Halle", "Halle"), ("Cambridge", "Cambridge")],
)
def test_only_a_name_of_one_place_is_translated(name: str, german: str) -> None:
    assert german_name(name) == german
