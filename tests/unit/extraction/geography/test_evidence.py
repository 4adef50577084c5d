"""How likely a meaning is by itself and beside others, in powers of ten of inhabitants."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from math import exp, log10

import pytest

from extraction.geography import locate
from extraction.geography.cities import City, Table
from extraction.geography.evidence import Clues, Evidence
from extraction.geography.place import Kind, Place
from extraction.geography.senses import Sense, senses


def sense(
    name: str = "Neustadt",
    country: str = "DE",
    score: float = 5.0,
    kind: Kind = "city",
    at: tuple[float, float] | None = (50.0, 10.0),
    part: str = "",
    known: bool = False,
    weak: bool = False,
) -> Sense:
    latitude, longitude = at or (None, None)
    place = Place(name, country, latitude, longitude, kind)
    return Sense(place, score, part, weak, known)


@pytest.mark.parametrize(
    ("name", "score"),
    [
        ("Würzburg", log10(133_731 + 1_000) + 1.2 + 0.3),
        ("Zürich", log10(415_367 + 1_000) + 0.8 + 1.0 + 0.3),
        ("Lyon", log10(520_774 + 1_000) + 1.0 + 0.3),
        ("Boston", log10(653_833 + 1_000) - 0.5 + 1.0 + 0.3),
        ("Wien", log10(1_691_468 + 1_000) + 0.8 + 1.0 + 1.5 + 0.3),
        ("Ceará", log10(2_400_000 + 1_000) - 1.0 - 0.5),
        ("Manfalut", log10(117_925 + 1_000) - 0.5),
        ("Frankreich", 12.0),
    ],
)
def test_the_score_of_a_name_alone(name: str, score: float) -> None:
    assert senses(name)[0].score == pytest.approx(score, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "place", "kind", "weak", "known"),
    [
        ("Würzburg", "Würzburg", "city", False, False),
        ("Milano", "Mailand", "city", False, True),
        ("Ceará", "Ceará", "city", True, False),
        ("Manfalut", "Manfalūţ", "city", True, False),
        ("Kreuzberg", "Kreuzberg", "district", False, False),
        ("Bergedorf", "Bergedorf", "district", False, False),
        ("Hamburg", "Hamburg", "city", False, False),
        ("Kongo", "Demokratische Republik Kongo", "country", False, True),
    ],
)
def test_what_a_name_alone_stands_for(
    name: str, place: str, kind: str, weak: bool, known: bool
) -> None:
    first = senses(name)[0]
    assert (first.place.name, first.place.kind, first.weak, first.known) == (
        place,
        kind,
        weak,
        known,
    )


def test_meanings_come_likeliest_first_and_later_bearers_behind() -> None:
    assert [s.place.name for s in senses("Kongo")][1:] == ["Republik Kongo"]
    assert [(s.score, s.weak) for s in senses("Kongo")] == [(12.0, False), (11.0, True)]
    scores = [s.score for s in senses("Springfield")]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 3


def test_umlauts_are_no_matter_of_taste_at_home() -> None:
    assert senses("Wurzburg") == []
    assert all(s.place.name != "Wörth am Main" for s in senses("Worth"))
    assert senses("Zurich")[0].place.name == "Zürich"


def test_a_table_has_the_cities_of_a_folded_name() -> None:
    rows = [
        "Sankt Örten\tDE\t16\t52.5\t13.25\t999999\t\tSt. Örten;Örten\tSankt Örten\tOrten",
        "Örten\tDE\t16\t1.5\t-2.5\t1000000\t1\t\tÖrten\t",
    ]
    table = Table(rows)
    first, second = table.named("orten")
    assert (first.name, first.latitude, first.longitude) == ("Sankt Örten", 52.5, 13.25)
    assert (first.capital, second.capital) == (False, True)
    assert (first.known, second.known) == (("St. Örten", "Örten"), ())
    assert (first.is_district, second.is_district) == (True, False)
    assert [c.name for c in table.named("sankt orten")] == ["Sankt Örten"]
    assert table.named("köln") == []
    assert (first.standing("orten"), second.standing("orten")) == ("known", "main")
    assert second.standing("urten") == "alternate"


def test_only_the_city_states_have_districts() -> None:
    for part, district in (("16", True), ("04", True), ("02", False)):
        city = City("X", "DE", part, 0.0, 0.0, 5_000, False, (), ())
        assert city.is_district is district
    assert not City("X", "AT", "04", 0.0, 0.0, 5_000, False, (), ()).is_district


def test_a_country_that_is_named_makes_its_places_likelier() -> None:
    beside = Evidence(Counter({"DE": 1, "FR": 3}))
    assert beside.bonus(sense()) == pytest.approx(1.0 + 0.8 * 0.25)
    assert beside.bonus(sense(known=True)) == pytest.approx(2.2 + 0.8 * 0.25)
    assert Evidence(Counter({"DE": 3, "FR": 1})).bonus(sense()) == pytest.approx(1.6)
    assert beside.bonus(sense(country="IT")) == 0.0
    assert Evidence().bonus(sense(country="")) == 0.0


def test_so_does_its_part() -> None:
    beside = Evidence(Counter({"DE": 1}), parts={("DE", "11")})
    assert beside.bonus(sense(part="11")) == pytest.approx(1.8 + 3.5)
    assert beside.bonus(sense(part="12")) == pytest.approx(1.8)


@pytest.mark.parametrize(
    ("point", "kilometres"),
    [
        ((50.0, 10.0), 0.0),
        ((51.0, 10.0), 111.2),
        ((48.0, 10.0), 222.4),
        ((50.0, 12.0), 222.4 * 0.64279),
        ((52.0, 10.0), 222.4),
    ],
)
def test_so_does_a_place_near(point: tuple[float, float], kilometres: float) -> None:
    beside = Evidence(Counter({"DE": 1}), points=[(0.0, -120.0), point])
    assert beside.bonus(sense()) == pytest.approx(1.8 + 2.0 * exp(-kilometres / 150), abs=1e-4)


def test_the_date_line_parts_no_neighbours() -> None:
    fiji = Evidence(Counter({"FJ": 1}), points=[(0.0, 179.5)])
    near = fiji.bonus(sense(country="FJ", at=(0.0, -179.5)))
    assert near == pytest.approx(1.8 + 2.0 * exp(-111.2 / 150), abs=1e-4)


def test_without_a_point_nothing_is_near() -> None:
    beside = Evidence(Counter({"DE": 1}), points=[(50.0, 10.0)])
    assert beside.bonus(sense(at=None)) == pytest.approx(1.8)


def test_what_an_article_tells() -> None:
    clear = {
        "Neustadt": sense(),
        "Hessen": sense("Hessen", score=12.0, kind="region", part="05"),
        "Berlin": sense("Berlin", score=9.5, at=(52.5, 13.4)),
        "Ulm": sense("Ulm", score=6.6, at=(48.4, 10.0)),
        "Elsass": sense("Elsass", "FR", 12.0, "region", (48.3, 7.4)),
        "Ostsee": sense("Ostsee", "", 12.0, "water", None),
    }
    clues = Clues(clear, [sense("Wien", "AT", 9.8)], Counter({"PL": 4}))
    with clues.beside("Neustadt", {}) as told:
        assert told.countries == Counter({"DE": 3, "FR": 1, "AT": 1, "PL": 1})
        assert set(told.parts) == {("DE", "05")}
        assert list(told.points) == [(48.4, 10.0), (48.3, 7.4)]


def test_what_a_name_is_chosen_to_be_tells_of_others_and_what_is_added_of_one_alone() -> None:
    clues = Clues({"Ulm": sense("Ulm", score=6.6, at=(48.4, 10.0))}, [], ())
    clues.choose("Ulm", sense("Ulm", "US", 6.6, at=(30.0, -90.0)))
    with clues.beside("Neustadt", {"Ulm": sense("Ulm", "AT", 6.6, at=(47.0, 12.0))}) as told:
        assert (told.countries, [*told.points]) == (Counter({"AT": 1}), [(47.0, 12.0)])
    with clues.beside("Neustadt", {}) as told:
        assert (told.countries, [*told.points]) == (Counter({"US": 1}), [(30.0, -90.0)])
    with clues.beside("Ulm", {}) as told:
        assert not told.countries
        assert not told.points


@pytest.mark.parametrize(("score", "points"), [(7.5, []), (7.4, [(50.0, 10.0)])])
def test_a_city_that_is_named_everywhere_lies_near_nothing(
    score: float, points: list[tuple[float, float]]
) -> None:
    with Clues({"A": sense(score=score)}, [], ()).beside("", {}) as told:
        assert list(told.points) == points


@pytest.fixture
def meanings(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Sense]]:
    """What names mean in the test, in place of the lists."""
    known: dict[str, list[Sense]] = {}
    module = import_module("extraction.geography.locate")  # the package has a function so called
    monkeypatch.setattr(module, "read", lambda name: known.get(name, []))
    return known


@pytest.mark.parametrize(
    ("behind", "country", "place"),
    [
        (0.19, "FR", None),
        (0.21, "FR", (50.0, 10.0)),
        (0.49, "DE", (None, None)),
        (0.51, "DE", (50.0, 10.0)),
    ],
)
def test_a_meaning_must_lead(
    meanings: dict[str, list[Sense]],
    behind: float,
    country: str,
    place: tuple[float | None, float | None] | None,
) -> None:
    other = sense("Neustadt am Rhein", country, 5.0 - behind, at=(1.0, 2.0))
    meanings["Neustadt"] = [sense("Neustadt am Main"), other]
    located = locate(["Neustadt"]).places
    if place is None:
        assert not located
    else:
        first = located["Neustadt"]
        assert (first.latitude, first.longitude) == place
        assert first.name == ("Neustadt am Main" if place[0] else "Neustadt")


@pytest.mark.parametrize(("lead", "clear"), [(1.5, True), (1.4, False)])
def test_what_is_clear_decides_what_is_not(
    meanings: dict[str, list[Sense]], lead: float, clear: bool
) -> None:
    meanings["Twin"] = [sense("Twin", "AT", 4.0, weak=True), sense("Twin", "IT", 4.0, weak=True)]
    meanings["Clear"] = [sense("Clear", "AT", 6.0), sense("Clear", "FR", 6.0 - lead)]
    assert ("Twin" in locate(["Twin", "Clear"]).places) is clear
    assert "Twin" not in locate(["Twin"]).places


def test_a_weak_meaning_needs_its_country_or_an_article_of_none(
    meanings: dict[str, list[Sense]],
) -> None:
    meanings["Dorf"] = [sense("Dorf", "DE", 4.0, weak=True)]
    meanings["Village"] = [sense("Village", "FR", 4.0, weak=True)]
    meanings["Lyon"] = [sense("Lyon", "FR", 7.0)]
    assert locate(["Dorf"]).countries == ("DE",)
    assert locate(["Village"]).countries == ()
    assert locate(["Village", "Lyon"]).countries == ("FR",)
    assert set(locate(["Dorf", "Lyon"]).places) == {"Lyon"}
    assert set(locate(["Village"], ["Lyon"]).places) == {"Village"}
    assert set(locate(["Village"], ["Dorf"]).places) == set()
