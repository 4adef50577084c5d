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
    ],
)
def test_who_is_meant(names: list[str], text: str, expected: str) -> None:
    assert (
        archive_names(names, frozenset(text.replace(",", "").split()), shipped())[names[0]]
        == expected
    )


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
