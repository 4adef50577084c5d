"""One organisation, one name: by what the list knows and what the article tells."""

from __future__ import annotations

import pytest

from articles.article import Mention
from extraction.entities.bearers import archive_names
from extraction.entities.names import canonical
from extraction.entities.organisation_list import shipped


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (["Rotes Kreuz"], "In Wien und Graz, Österreich", "Österreichisches Rotes Kreuz"),
        (["Rotes Kreuz"], "Deutschland und der Bundestag", "Deutsches Rotes Kreuz"),
        (["Rotes Kreuz"], "", "Rotes Kreuz"),
        (["Rotes Kreuz", "SRK"], "Deutschland", "Schweizerisches Rotes Kreuz"),
        (["Sozialdemokraten", "SPÖ"], "Deutschland", "SPÖ"),
        (["Weltsicherheitsrat"], "", "UN-Sicherheitsrat"),
        (["Bayern"], "", "Bayern"),
        (["Bayern", "FC Bayern"], "", "FC Bayern München"),
        (["Union", "1. FC Union Berlin"], "", "1. FC Union Berlin"),
        (["Union", "CDU/CSU"], "", "CDU/CSU"),
        (["Union", "CSU"], "", "CDU/CSU"),
        (["Union", "SPD", "Grüne"], "", "CDU/CSU"),
        (["Union", "Europäische Kommission"], "", "EU"),
        (["Union", "SC Freiburg", "VfL Wolfsburg"], "", "1. FC Union Berlin"),
        (["Union"], "", "Union"),
        (["Sozialdemokraten", "FPÖ"], "", "SPÖ"),
    ],
)
def test_who_is_meant(names: list[str], text: str, expected: str) -> None:
    assert (
        archive_names(names, frozenset(text.replace(",", "").split()), shipped())[names[0]]
        == expected
    )


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"AT": 1}, "Österreichisches Rotes Kreuz"),
        ({"AT": 2, "DE": 1}, "Österreichisches Rotes Kreuz"),
        ({"AT": 1, "DE": 1}, "Rotes Kreuz"),
        ({"SD": 3}, "Rotes Kreuz"),
    ],
)
def test_whose_it_is_where_the_article_lies(places: dict[str, int], expected: str) -> None:
    names = archive_names(["Rotes Kreuz"], frozenset(), shipped(), places)
    assert names["Rotes Kreuz"] == expected


def test_forms_of_a_name_that_several_bear_are_one() -> None:
    assert named("Das Rote Kreuz half. Helfer des Roten Kreuzes kamen.", "Rote Kreuz") == {
        "Rotes Kreuz"
    }


def test_a_union_may_be_one_that_was_named_before() -> None:
    text = "Die Afrikanische Union tagt. Die Union fordert Hilfe."
    mentions = [
        Mention("ORG", "", "Afrikanische Union", "body", 4, 22),
        Mention("ORG", "", "Union", "body", 33, 38),
    ]
    assert {m.name for m in canonical(mentions, {"body": text})} == {"Afrikanische Union"}


def named(text: str, *surfaces: str) -> set[str]:
    mentions = [
        Mention("ORG", "", surface, "body", text.index(surface), text.index(surface) + len(surface))
        for surface in surfaces
    ]
    return {m.name for m in canonical(mentions, {"body": text})}


@pytest.mark.parametrize(
    ("surfaces", "name"),
    [
        (("UN-Sicherheitsrat", "Weltsicherheitsrat"), "UN-Sicherheitsrat"),
        (("Europäischen Union", "EU"), "EU"),
        (("Weißen Hauses", "Weiße Haus"), "Weißes Haus"),
        (("Bundesbildungsministerium", "BMBF"), "Bundesforschungsministerium"),
        (("Juve", "Juventus"), "Juventus Turin"),
    ],
)
def test_forms_of_one_organisation(surfaces: tuple[str, ...], name: str) -> None:
    assert named(f"Es sprachen der {' und der '.join(surfaces)}.", *surfaces) == {name}


def test_what_the_article_defines_beats_the_list() -> None:
    text = "Die Rote Hilfe (RXH) und die RXH"
    assert named(text, "Rote Hilfe", "RXH") == {"Rote Hilfe"}
