"""Names inside longer words, with what a tagger says of the word and without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.analysed_text import analysed
from extraction.entities import aliases, gazetteer
from extraction.entities.aliases import Aliases
from extraction.entities.compound_names import Compound, names_inside
from tests.linear import assert_linear


def inside(
    text: str, label: Label | None = None, *full: tuple[Label, str, str], rules: str = ""
) -> list[tuple[str, str, str]]:
    """Return label, name and surface of the names in a text that begins with a compound."""
    mentions = [
        Mention(
            kind, name, surface, "body", text.index(surface), text.index(surface) + len(surface)
        )
        for kind, name, surface in full
    ]
    word = Compound(label, "body", 0, len(text.split(maxsplit=1)[0]))
    laid_down = Aliases.merged(aliases.shipped(), Aliases.read([rules]))
    cut = analysed({"body": text})
    marked = [word] if label else []
    names = names_inside(marked, mentions, cut, gazetteer.shipped(), laid_down)
    assert all(text[m.start : m.end] == m.surface for m in names)
    return [(m.label, m.name, m.surface) for m in names]


@pytest.mark.parametrize(
    ("word", "label", "name", "surface"),
    [
        ("Nato-Generalsekretär", "ORG", "Nato", "Nato"),
        ("US-Präsident", "LOC", "USA", "US"),
        ("UN-Sanktionen", "ORG", "UN", "UN"),
        ("Ukrainekrieg", "LOC", "Ukraine", "Ukraine"),
        ("Ukrainepolitik", "LOC", "Ukraine", "Ukraine"),
        ("deutschlandweit", "LOC", "Deutschland", "deutschland"),
        ("Zapf-Werk", "ORG", "Zapf", "Zapf"),
        ("Ex-Zapf-Chef", "ORG", "Zapf", "Zapf"),
        ("Anti-Zapf-Demo", "PER", "Zapf", "Zapf"),
        ("Angela-Merkel-Platz", "PER", "Angela Merkel", "Angela-Merkel"),
        ("CDU/CSU-Fraktion", "ORG", "CDU/CSU", "CDU/CSU"),
    ],
)
def test_a_word_that_the_tagger_marked_holds_a_name(
    word: str, label: Label, name: str, surface: str
) -> None:
    assert inside(f"{word} genannt", label) == [(label, name, surface)]


def test_the_article_tells_whose_name_it_is() -> None:
    merkel: tuple[Label, str, str] = ("PER", "Angela Merkel", "Angela Merkel")
    assert inside("Merkel-Besuch: Angela Merkel kam", "PER", merkel) == [
        ("PER", "Angela Merkel", "Merkel")
    ]
    zapf: tuple[Label, str, str] = ("ORG", "Zapf", "Zapf")
    assert inside("Zapfwerk gehört Zapf", "ORG", zapf) == [("ORG", "Zapf", "Zapf")]


def test_what_nobody_knows_stays_without_a_hyphen() -> None:
    assert inside("Xyzwerk steht", "ORG") == []
    assert inside("Ukrainexyzq steht", "LOC") == []


def test_names_hold_names_in_front_of_a_hyphen_and_a_noun() -> None:
    kongress: tuple[Label, str, str] = ("ORG", "US-Kongress", "US-Kongress")
    assert inside("US-Kongress tagt", None, kongress) == [("LOC", "USA", "US")]
    assert inside("Nato-Gipfel tagt") == [("ORG", "Nato", "Nato")]
    assert inside("US-Dollar steigt") == []


@pytest.mark.parametrize(
    ("word", "label", "name"),
    [
        ("Bundestagswahlkampf", "ORG", "Bundestag"),
        ("Ukrainehilfe", "LOC", "Ukraine"),
        ("Irakkriegs", "LOC", "Irak"),
    ],
)
def test_states_and_parliaments_begin_words(word: str, label: Label, name: str) -> None:
    assert inside(f"{word} genannt") == [(label, name, name)]


@pytest.mark.parametrize(
    ("word", "label", "name", "surface"),
    [
        ("Nordseeinsel", "LOC", "Nordsee", "Nordsee"),
        ("Elbfähren", "LOC", "Elbe", "Elb"),
        ("kremlnahe", "ORG", "Kreml", "kreml"),
        ("EU-weit", "ORG", "EU", "EU"),
        ("Bundesligaspiel", "MISC", "Bundesliga", "Bundesliga"),
        ("Putin-Verehrer", "PER", "Wladimir Putin", "Putin"),
        ("China-Geschäft", "LOC", "China", "China"),
        ("Ex-Merkel-Berater", "PER", "Angela Merkel", "Merkel"),
        ("Max-Planck-Institut", "PER", "Max Planck", "Max-Planck"),
        ("Airbus-Werk", "ORG", "Airbus", "Airbus"),
    ],
)
def test_the_lists_know_names_in_words_that_no_tagger_marked(
    word: str, label: Label, name: str, surface: str
) -> None:
    assert inside(f"{word} genannt") == [(label, name, surface)]


@pytest.mark.parametrize(
    ("word", "tagged", "label", "name"),
    [
        ("Xyzo-Anhänger", "ORG", "PER", "Xyzo"),
        ("Ibiza-Affäre", "ORG", "LOC", "Ibiza"),
        ("A7-Ausbau", "ORG", "LOC", "A7"),
        ("Zapf-Werk", "ORG", "ORG", "Zapf"),
    ],
)
def test_a_list_or_the_noun_behind_knows_better_than_the_tagger(
    word: str, tagged: Label, label: Label, name: str
) -> None:
    assert inside(f"{word} genannt", tagged) == [(label, name, name)]


def test_a_word_may_hold_several_names() -> None:
    assert inside("FDP-Bundestagsabgeordneter genannt") == [
        ("ORG", "FDP", "FDP"),
        ("ORG", "Bundestag", "Bundestag"),
    ]


@pytest.mark.parametrize(
    "word", ["Österreichische", "Afrikanischen", "Deutschlandfunk", "Europameisterin"]
)
def test_adjectives_and_what_is_called_otherwise_hold_no_state(word: str) -> None:
    assert inside(f"{word} genannt") == []


@pytest.mark.parametrize("word", ["Sachsen-Anhalt", "Berlin-Tiergarten", "Mexiko-Stadt"])
def test_a_place_with_a_hyphen_is_no_compound(word: str) -> None:
    assert inside(f"{word} genannt") == []


def test_what_an_article_names_begins_words_in_it() -> None:
    person: tuple[Label, str, str] = ("PER", "Jana Xyzowski", "Jana Xyzowski")
    assert inside("Xyzowskiprozess: Jana Xyzowski schweigt", None, person) == [
        ("PER", "Jana Xyzowski", "Xyzowski")
    ]


def test_letters_are_no_surname() -> None:
    person: tuple[Label, str, str] = ("PER", "Kim Jong Un", "Kim Jong Un")
    assert inside("UN-Sanktionen treffen Kim Jong Un", None, person) == [("ORG", "UN", "UN")]


def test_a_noun_may_stand_behind_the_next_word() -> None:
    assert ("ORG", "Ryanair", "Ryanair") in inside("Ryanair- und Easyjet-Flüge genannt")


@pytest.mark.parametrize(
    "word", ["Bundestages", "Ukrainerinnen", "Polenta", "Irakqwrtz", "Berlins"]
)
def test_endings_make_no_compound(word: str) -> None:
    assert inside(f"{word} genannt") == []


@pytest.mark.parametrize("word", ["Zapf-Werk", "Bild-Qwrt", "E-Mail", "Erst-Wahl", "nato-gipfel"])
def test_no_name_is_guessed_where_no_tagger_marked_the_word(word: str) -> None:
    assert inside(f"{word} genannt") == []


def test_the_branch_is_not_the_company() -> None:
    assert inside("US-Telekomkonzern Verizon", None) == [("LOC", "USA", "US")]
    assert inside("Telekom-Chef Höttges", None) == [("ORG", "Deutsche Telekom", "Telekom")]


def test_names_of_people_and_places_hold_none() -> None:
    place: tuple[Label, str, str] = ("LOC", "Berlin-Mitte", "Berlin-Mitte")
    assert inside("Berlin-Mitte", None, place) == []


def test_rules_about_names_hold_inside_words_too() -> None:
    assert inside("Nato-Gipfel", "ORG", rules="rename ORG: Nato = Bündnis") == [
        ("ORG", "Bündnis", "Nato")
    ]
    assert inside("Nato-Gipfel", "ORG", rules="block ORG: Nato") == []


@given(st.text(alphabet="aäAB-‑/n’ \n", max_size=30), st.sampled_from(["PER", "LOC", "ORG", None]))
def test_any_text_is_read(text: str, label: Label | None) -> None:
    word = Compound(label, "body", 0, len(text))
    cut = analysed({"body": text})
    names = names_inside([word], [], cut, gazetteer.shipped(), aliases.shipped())
    assert all(text[m.start : m.end] == m.surface and m.surface for m in names)


@pytest.mark.parametrize(
    "filling", ["Nato-Gipfel ", "a-", "Aa-", "Irakkrieg", "Irak" + "x" * 50 + " "]
)
def test_time_grows_with_the_text(filling: str) -> None:
    def read(text: str) -> object:
        known = gazetteer.shipped(), aliases.shipped()
        return names_inside([], [], analysed({"body": text}), *known)

    assert_linear(read, filling)
