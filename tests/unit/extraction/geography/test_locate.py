"""Places: names to countries, coordinates and German names."""

from __future__ import annotations

from collections import Counter

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.places import HALVES, gold, wrong
from extraction.geography import german_name, locate
from extraction.geography.lists import entries
from extraction.geography.senses import senses
from extraction.geography.state_words import states_derived, states_named
from extraction.geography.surface import read
from tests.linear import assert_linear

NO_STATE = {"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
NEARER_BEARERS = {"MF", "MS"}  # St. Martin and Montserrat are first of all other places


def country(name: str, *others: str) -> str:
    place = locate([name, *others]).places.get(name)
    return place.country if place else "unknown"


@pytest.mark.parametrize("half", HALVES)
def test_the_gold_set_is_right_in_nine_of_ten(half: str) -> None:
    texts = list(gold(half))
    marks = sum(len(text.marks) for text in texts)
    missed = [mark for text in texts for mark in wrong(text)]
    assert marks >= 70
    assert len(missed) <= marks / 10, missed


def test_every_country_that_babel_knows_has_its_code() -> None:
    german = Locale("de").territories
    wanted = {str(code) for code in german if len(str(code)) == 2} - NO_STATE - NEARER_BEARERS
    assert wanted <= {code for code, *_ in entries("countries.txt")}
    missed = [code for code in wanted if senses(german[code])[0].place.country != code]
    assert not missed


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("USA", "US"),
        ("Vereinigten Staaten", "US"),
        ("Großbritannien", "GB"),
        ("Großbritanniens", "GB"),
        ("Nordkorea", "KP"),
        ("Elfenbeinküste", "CI"),
        ("Tschechien", "CZ"),
        ("Weißrussland", "BY"),
        ("Türkei", "TR"),
        ("Berlins", "DE"),
        ("Den Haag", "NL"),
        ("Kreuzberg", "DE"),
        ("Berlin-Kreuzberg", "DE"),
        ("Ostukraine", "UA"),
        ("Provinz Idlib", "SY"),
        ("US-Bundesstaat Washington", "US"),
        ("Kanton Freiburg", "CH"),
        ("Hamburger Flughafen", "DE"),
        ("Rhein-Sieg-Kreis", "DE"),
        ("Westjapans", "JP"),
        ("Paris (Texas)", "US"),
        ("Rhein", ""),
        ("Ostsee", ""),
        ("Afrika", ""),
        ("Hamburger Straße", "unknown"),
        ("Köln-Paris", "unknown"),
        ("Guttenberg", "unknown"),
        ("Oberammersbachhausen", "unknown"),
    ],
)
def test_a_name_alone(name: str, code: str) -> None:
    assert country(name) == code


@pytest.mark.parametrize(
    ("names", "canonical"),
    [
        (["Frankfurt"], "Frankfurt am Main"),
        (["Frankfurt", "Berlin"], "Frankfurt am Main"),
        (["Frankfurt", "Brandenburg"], "Frankfurt (Oder)"),
        (["Halle", "Magdeburg"], "Halle (Saale)"),
        (["Tripoli", "Libanon"], "Tripoli"),
        (["Tripoli", "Libyen"], "Tripolis"),
        (["Kongo", "Brazzaville"], "Republik Kongo"),
        (["Kongo", "Goma"], "Demokratische Republik Kongo"),
        (["Cambridge", "Massachusetts", "Boston"], "Cambridge (Massachusetts)"),
        (["Valencia", "Caracas"], "Valencia (Venezuela)"),
    ],
)
def test_the_other_places_decide(names: list[str], canonical: str) -> None:
    assert locate(names).places[names[0]].name == canonical


def test_the_dateline_decides_and_counts_for_nothing() -> None:
    assert locate(["Tripoli"], ["Beirut"]).countries == ("LB",)
    assert locate(["Tripoli"], ["Peking"]).countries == ("LY",)


def test_a_region_has_towns_near() -> None:
    assert locate(["Perth", "Schottland"]).countries == ("GB",)


def test_a_small_place_far_away_needs_its_country() -> None:
    assert country("Manfalut") == "unknown"
    assert country("Manfalut", "Kairo") == "EG"


def test_countries_are_ranked_by_mentions() -> None:
    assert locate(["Rom", "Paris", "Lyon"]).countries == ("FR", "IT")
    assert locate(Counter({"Rom": 3, "Paris": 1, "Lyon": 1})).countries == ("IT", "FR")


def test_a_country_is_no_point() -> None:
    located = locate(["Frankreich", "Paris", "Elsass", "Afrika"])
    assert located.countries == ("FR",)
    assert [(round(a), round(b)) for a, b in located.points] == [(49, 2), (48, 7)]


@pytest.mark.parametrize(
    ("name", "german"),
    [
        ("Pyongyang", "Pjöngjang"),
        ("Beijing", "Peking"),
        ("Kyjiw", "Kiew"),
        ("Weißrussland", "Belarus"),
        ("Vereinigte Staaten", "USA"),
        ("Milano", "Mailand"),
        ("Moskau", "Moskau"),
        ("Frankfurt", "Frankfurt"),
        ("Tripoli", "Tripoli"),
        ("Rheinland", "Rheinland"),
        ("Entenhausen", "Entenhausen"),
        ("", ""),
    ],
)
def test_german_names(name: str, german: str) -> None:
    assert german_name(name) == german


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("die russische Hauptstadt", {"RU"}),
        ("der saudi-arabische Außenminister", {"SA"}),
        ("an der deutsch-polnischen Grenze", {"DE", "PL"}),
        ("die Schweizer Regierung und der US-Präsident", {"CH", "US"}),
        ("der amtierende türkische Ministerpräsident", {"TR"}),
        ("ein russischer Schriftsteller mit deutschem Pass", set()),
        ("ein türkischer Staatsbürger", set()),
        ("die politische Führung", set()),
    ],
)
def test_adjectives_count_where_they_name_the_state(text: str, codes: set[str]) -> None:
    assert set(states_named([text])) == codes


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("russischer", {"RU"}),
        ("deutsch-polnischen", {"DE", "PL"}),
        ("US-amerikanische", {"US"}),
        ("Iraker", {"IQ"}),
        ("Londoner", {"GB"}),
        ("Hamburger", {"DE"}),
        ("europäische", set()),
        ("Bäcker", set()),
        ("", set()),
    ],
)
def test_words_made_of_places_names_count_for_their_states(word: str, codes: set[str]) -> None:
    assert set(states_derived([word, word])) == codes
    assert set(locate([], derived=[word, word]).countries) == codes
    assert not states_derived([word])


def test_an_adjective_that_two_rules_see_counts_once() -> None:
    texts = {"body": "In Rom sprach die russische Regierung."}
    assert locate(["Rom"] * 3, (), texts, ["russische"] * 2).countries == ("IT", "RU")


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for(name: str) -> None:
    read(name)
    german_name(name)
    locate([name, "Paris"], [name], {"body": name})


@pytest.mark.no_cover
@pytest.mark.parametrize("piece", ["sch", "deutsche ", "a-", "(", "Nord", "US-", "deutsche guten "])
def test_long_texts_take_linear_time(piece: str) -> None:
    assert_linear(lambda text: states_named([text]), piece)
    assert_linear(read, piece)
