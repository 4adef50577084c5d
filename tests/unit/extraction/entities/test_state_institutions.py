"""An institution behind the adjective of its state is an organisation as a whole."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.analysed_text import analysed
from extraction.entities import gazetteer
from extraction.entities.names import canonical
from extraction.entities.state_institutions import with_state_institutions
from tests.linear import assert_linear


def marked(text: str, *given: tuple[Label, str]) -> list[tuple[str, str]]:
    """Return label and surface of all mentions, of which some are given."""
    mentions = [
        Mention(label, surface, surface, "body", at, at + len(surface))
        for label, surface in given
        if (at := text.index(surface)) >= 0
    ]
    cut = analysed({"body": text})
    return [
        (m.label, m.surface)
        for m in with_state_institutions(mentions, cut, gazetteer.shipped())
        if text[m.start : m.end] == m.surface
    ]


@pytest.mark.parametrize(
    "surface",
    [
        "iranische Marine",
        "polnischen Regierung",
        "US-amerikanischen Streitkräften",
        "russischen Verteidigungsministeriums",
        "türkische Verfassungsgericht",
        "deutschen Geheimdienstes",
        "britische Parlament",
    ],
)
def test_adjective_and_noun_are_one(surface: str) -> None:
    assert marked(f"Die {surface} schwieg.") == [("ORG", surface)]


@pytest.mark.parametrize(
    "text",
    [
        "Die politische Regierung schwieg.",
        "Die deutsche Regierungschefin schwieg.",
        "Die russische Marine-Basis brennt.",
        "Die neue Regierung schwieg.",
        "Die französischen Soldaten und die Armee kamen.",
    ],
)
def test_others_are_none(text: str) -> None:
    assert marked(text) == []


def test_what_stands_within_gives_way_and_longer_names_stay() -> None:
    assert marked("Die sudanesischen Streitkräfte", ("ORG", "sudanesischen")) == [
        ("ORG", "sudanesischen Streitkräfte")
    ]
    longer: tuple[Label, str] = ("ORG", "Britische Marine GmbH")
    assert marked("Die Britische Marine GmbH", longer) == [longer]


def test_the_name_is_in_the_nominative() -> None:
    text = "Ein Sprecher des iranischen Außenministeriums schwieg."
    cut = analysed({"body": text})
    (name,) = canonical(with_state_institutions([], cut, gazetteer.shipped()), cut)
    assert name.name == "iranisches Außenministerium"


@pytest.mark.parametrize("filling", ["iranische Marine ", "schsche ", "a-", "deutsche "])
def test_time_grows_with_the_text(filling: str) -> None:
    known = gazetteer.shipped()
    assert_linear(
        lambda text: with_state_institutions([], analysed({"body": text}), known), filling
    )
