"""Canonical names: one name for one person, place or organisation of an article."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.entities.names import canonical
from extraction.entities.trim import tidy


def mentions(label: Label, *surfaces: str) -> list[Mention]:
    """Make mentions that stand in the body one after the other, as written."""
    made, at = [], 0
    for surface in surfaces:
        made.append(Mention(label, surface, surface, "body", at, at + len(surface)))
        at += len(surface) + 1
    return made


def names(label: Label, *surfaces: str) -> list[str]:
    return [mention.name for mention in canonical(mentions(label, *surfaces))]


@pytest.mark.parametrize(
    ("surfaces", "person"),
    [
        (("Putin", "Putins", "Wladimir Putin"), "Wladimir Putin"),
        (("Wladimir Putin", "Wladimir Wladimirowitsch Putin"), "Wladimir Putin"),
        (("W. Putin", "Wladimir Putin"), "Wladimir Putin"),
        (("Angela Merkels", "Merkel"), "Angela Merkel"),
        (("Wolodymyr Selenskyjs", "Selenskyj"), "Wolodymyr Selenskyj"),
        (("Selenskyjs", "Wolodymyr Selenskyj"), "Wolodymyr Selenskyj"),
        (("Scholz'", "Olaf Scholz", "Scholz’"), "Olaf Scholz"),
        (("Hans’", "Hans", "Hans'"), "Hans"),
        (("Präsident Putin", "Wladimir Putin"), "Wladimir Putin"),
        (("Bundeskanzlerin Angela Merkel", "Kanzlerin Merkel"), "Angela Merkel"),
        (("Nato-Generalsekretär Jens Stoltenberg", "Stoltenbergs"), "Jens Stoltenberg"),
        (("Dr. Müller", "Herr Müller", "Prof. Dr. Eva Müller"), "Eva Müller"),
        (("Ekrem İmamoğlu", "Imamoglus", "Imamoglu"), "Ekrem İmamoğlu"),
        (("Luiz Inácio Lula da Silva", "Lula"), "Luiz Inácio Lula da Silva"),
        (("Wladimir Putin", "Vladimir Putin", "Putin", "Wladimir Putin"), "Wladimir Putin"),
        (("Shin Won-sik", "Shin Won Sik", "Shin Won-sik"), "Shin Won-sik"),
        (("Kim Jong Un", "Kim", "Kims"), "Kim Jong Un"),
        (("Ursula von der Leyen", "von der Leyen", "Leyen"), "Ursula von der Leyen"),
        (("Jan Peters", "Peters"), "Jan Peters"),
        (("Johannes Klaus", "Klaus"), "Johannes Klaus"),
        (("Alexis Tsipras", "Tsipras"), "Alexis Tsipras"),
    ],
)
def test_one_person(surfaces: tuple[str, ...], person: str) -> None:
    assert set(names("PER", *surfaces)) == {person}


@pytest.mark.parametrize("name", ["Jens", "Hans", "Johannes Klaus", "Jan Peters", "Evo Morales"])
def test_a_person_keeps_an_s_of_his_own(name: str) -> None:
    assert names("PER", name) == [name]


@pytest.mark.parametrize("name", ["Merkel", "Putin", "Kohl", "Barack Obama"])
def test_a_known_surname_loses_its_ending_without_help(name: str) -> None:
    assert names("PER", name + "s") == [name]


def test_peters_is_not_peter_where_somebody_is_called_peters() -> None:
    assert names("PER", "Jan Peters", "Peter Müller", "Peters") == [
        "Jan Peters",
        "Peter Müller",
        "Jan Peters",
    ]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Abd Rabbo Mansur Hadi", "Abed Rabbo Mansour Hadi", "Hadi"),
        ("Muammar al-Gaddafi", "Muammar el Gaddafi", "Gaddafi", "Muammar Gadhafi"),
        ("Mohammed bin Salman", "Muhammad bin Salman"),
        ("Baschar al-Assad", "Bashar Assad", "al-Assad"),
        ("Alexander Van der Bellen", "Van der Bellen", "Bellen"),
        ("Karl-Theodor zu Guttenberg", "Zu Guttenberg", "Guttenberg"),
    ],
)
def test_one_person_has_one_name_over_spellings(spellings: tuple[str, ...]) -> None:
    assert names("PER", *spellings) == [spellings[0]] * len(spellings)


@pytest.mark.parametrize(
    "people",
    [
        ("Jan Müller", "Jana Müller"),
        ("Kim Jong Un", "Kim Jong Il"),
        ("Mohammed bin Salman", "Mohammed bin Zayed"),
        ("Peter Schmidt", "Petra Schmidt"),
    ],
)
def test_names_that_are_only_alike_are_two_people(people: tuple[str, ...]) -> None:
    assert names("PER", *people) == [*people]


def test_people_of_one_surname_stay_apart() -> None:
    surfaces = ("Helmut Kohl", "Kohl", "Hannelore Kohl", "Kohl", "Helmut Kohl", "Kohls")
    assert names("PER", *surfaces) == [
        *("Helmut Kohl", "Helmut Kohl"),
        *("Hannelore Kohl", "Hannelore Kohl"),
        *("Helmut Kohl", "Helmut Kohl"),
    ]


def test_a_surname_before_all_of_its_bearers_means_the_one_mentioned_most() -> None:
    surfaces = ("Kohl", "Hannelore Kohl", "Helmut Kohl", "Helmut Kohl")
    assert names("PER", *surfaces)[0] == "Helmut Kohl"


def test_a_shorter_name_of_two_people_is_a_third() -> None:
    surfaces = ("Hans Müller", "Hans Peter Müller", "Hans Georg Müller")
    assert names("PER", *surfaces) == list(surfaces)


def test_the_headline_stands_before_the_body() -> None:
    body = mentions("PER", "Helmut Kohl", "Hannelore Kohl", "Hannelore Kohl")
    headline = Mention("PER", "Kohl", "Kohl", "headline", 0, 4)
    assert canonical([*body, headline])[0].name == "Hannelore Kohl"


@pytest.mark.parametrize(
    ("surface", "place"),
    [
        ("Nordkoreas", "Nordkorea"),
        ("Deutschlands", "Deutschland"),
        ("Brüssels", "Brüssel"),
        ("Berlins", "Berlin"),
        ("Europas", "Europa"),
        ("Südostasiens", "Südostasien"),
        ("Paris'", "Paris"),
        ("Vereinigten Staaten", "USA"),
        ("Vereinigten Arabischen Emirate", "Vereinigte Arabische Emirate"),
        *((name, name) for name in ("Paris", "Texas", "Honduras", "Niederlande", "USA", "Wales")),
        *((name, name) for name in ("Hannover", "Münster", "Laos", "Barbados", "Los Angeles")),
    ],
)
def test_places_alone(surface: str, place: str) -> None:
    assert names("LOC", surface) == [place]


def test_an_unknown_place_loses_its_ending_where_the_article_has_it_without() -> None:
    assert names("LOC", "Klein Wusterns", "Klein Wustern") == ["Klein Wustern"] * 2
    assert names("LOC", "Klein Wusterns") == ["Klein Wusterns"]


@pytest.mark.parametrize(
    "word",
    ["deutsche", "russischen", "Berliner", "Schweizer", "Deutschen", "New Yorker", "St. Pöltner"],
)
def test_adjectives_and_inhabitants_are_no_places(word: str) -> None:
    assert names("LOC", word) == []


@pytest.mark.parametrize(
    ("surfaces", "organisation"),
    [
        (("Nato", "NATO", "Nato"), "Nato"),
        (("Bundestages", "Bundestags", "Bundestag"), "Bundestag"),
        (("Googles", "Google"), "Google"),
        (("McDonald’s",), "McDonald’s"),
        (("Siemens",), "Siemens"),
        (("Reuters",), "Reuters"),
        (("Auswärtigen Amts",), "Auswärtiges Amt"),
        (("Deutschen Roten Kreuzes",), "Deutsches Rotes Kreuz"),
    ],
)
def test_organisations(surfaces: tuple[str, ...], organisation: str) -> None:
    assert set(names("ORG", *surfaces)) == {organisation}


def test_labels_never_meet() -> None:
    paris = [
        Mention("PER", "", "Paris", "body", 0, 5),
        Mention("LOC", "", "Paris", "body", 6, 11),
        Mention("PER", "", "Paris Hilton", "body", 12, 24),
        Mention("ORG", "", "Hilton", "body", 25, 31),
    ]
    assert [(m.label, m.name) for m in canonical(paris)] == [
        ("PER", "Paris Hilton"),
        ("LOC", "Paris"),
        ("PER", "Paris Hilton"),
        ("ORG", "Hilton"),
    ]


def test_a_title_without_a_name_is_nobody() -> None:
    assert names("PER", "Präsident", "Frau Dr.") == []


def test_a_title_may_be_a_surname() -> None:
    assert names("PER", "Richter", "Gerhard Richter") == ["Gerhard Richter"] * 2


@pytest.mark.parametrize("name", ["Fischer", "Böhmisch", "Nitsche", "Deutschmann"])
def test_surnames_that_look_like_adjectives(name: str) -> None:
    assert names("PER", name, f"Eva {name}") == [f"Eva {name}"] * 2


WORDS = [
    "Jan",
    "Peter",
    "Peters",
    "Hans",
    "Hans'",
    "Kohl",
    "Kohls",
    "von",
    "Won-sik",
    "W.",
    "Dr.",
    "s",
]
SURFACES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
FOUND = st.lists(
    st.builds(
        lambda label, surface, field, start: Mention(
            label, surface, surface, field, start, start + len(surface)
        ),
        st.sampled_from(["PER", "LOC", "ORG", "MISC"]),
        SURFACES | st.text(min_size=1, max_size=12),
        st.sampled_from(["kicker", "headline", "lead", "body"]),
        st.integers(0, 200),
    ),
    max_size=25,
)


@settings(max_examples=100, deadline=None)
@given(FOUND)
def test_any_mentions(found: list[Mention]) -> None:
    once = canonical(found)
    assert canonical(once) == once
    where = {(m.surface, m.field, m.start, m.end) for m in found}
    for mention in once:
        assert (mention.surface, mention.field, mention.start, mention.end) in where
        assert mention.name.strip()


def _named(text: str, *marked: tuple[Label, str]) -> list[str]:
    """Return the canonical names of what is marked, each time that it stands in the text."""
    made = [
        Mention(label, surface, surface, "body", match.start(), match.end())
        for label, surface in marked
        for match in re.finditer(re.escape(surface), text)
    ]
    return [mention.name for mention in canonical(made, {"body": text})]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Um 300 v. Chr. und 70 n. Chr. stand er da.", ("PER", "Chr.")),
        ("Um 300 v. Chr. stand er da.", ("MISC", "Chr")),
        ("Die St. wurde geschlossen.", ("LOC", "St.")),
        ("Sammy Davis, Jr. kam.", ("PER", "Jr.")),
        ("Am Dr. lag es nicht.", ("PER", "Dr")),
    ],
)
def test_an_abbreviation_alone_names_nobody(text: str, marked: tuple[Label, str]) -> None:
    assert _named(text, marked) == []


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Es sprach Chr. Meyer.", "Chr. Meyer"),
        ("Das sagte Jan.", "Jan"),
        ("Es kam Max.", "Max."),
        ("Das sagte Abt.", "Abt"),
    ],
)
def test_names_before_a_point_or_with_an_abbreviation_stay(text: str, surface: str) -> None:
    assert len(_named(text, ("PER", surface))) == 1


@pytest.mark.parametrize(
    ("text", "surface", "person"),
    [
        ("Die Kritik an Habecks Heizungsgesetz wächst.", "Habecks", "Habeck"),
        ("Baerbocks neuer Plan hilft.", "Baerbocks", "Baerbock"),
        ("Mit Hans’ Hilfe gelang es.", "Hans’", "Hans"),
        ("Mit Hans' Hilfe gelang es.", "Hans'", "Hans"),
        ("Hendriks Vorschlag hilft.", "Hendriks", "Hendriks"),
        ("Gut, dass Hicks Reden hielt.", "Hicks", "Hicks"),
        ("Habecks gibt es viele.", "Habecks", "Habecks"),
    ],
)
def test_a_genitive_goes_where_a_noun_follows_that_it_governs(
    text: str, surface: str, person: str
) -> None:
    assert _named(text, ("PER", surface)) == [person]


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("Bundesamt für Sicherheit in", "Bundesamt für Sicherheit"),
        ("UN-Büro für die", "UN-Büro"),
        ("Auf und davon", "Auf und davon"),
        ("Pro", "Pro"),
        ("in", "in"),
    ],
)
def test_no_name_ends_in_a_small_word(marked: str, name: str) -> None:
    text = f"Das {marked} dem Haus"
    bounds = tidy(text, 4, 4 + len(marked))
    assert bounds
    assert text[slice(*bounds)] == name


def test_an_event_without_its_year_is_that_of_the_article() -> None:
    assert set(names("MISC", "Kegel-WM 2006", "Kegel-WM")) == {"Kegel-WM 2006"}
    both = names("MISC", "Kegel-WM 2006", "Kegel-WM 2010", "Kegel-WM")
    assert both == ["Kegel-WM 2006", "Kegel-WM 2010", "Kegel-WM"]
