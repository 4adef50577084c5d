"""Organisations by knowledge: what is sure always, what is something else too by the article."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.entities.listed_names import with_listed
from extraction.entities.named_bodies import is_named_after
from tests.linear import assert_linear


def mention(text: str, label: Label, surface: str) -> Mention:
    start = text.index(surface)
    return Mention(label, surface, surface, "body", start, start + len(surface))


def marked(text: str, *tagged: tuple[Label, str]) -> list[tuple[str, str]]:
    mentions = [mention(text, *one) for one in tagged]
    return [(m.label, m.surface) for m in with_listed(mentions, {"body": text})]


def organisations(text: str, *tagged: tuple[Label, str]) -> list[str]:
    return [surface for label, surface in marked(text, *tagged) if label == "ORG"]


@pytest.mark.parametrize(
    "name",
    [
        *("Bundesregierung", "EU-Kommission", "Kreml", "Weißen Haus", "Auswärtigen Amt", "Nato"),
        *(
            "Verfassungsschutz",
            "Bundespolizei",
            "Bild-Zeitung",
            "Europaparlament",
            "Weltsicherheitsrat",
        ),
        *("US-Kongress", "Pentagon", "Technischen Hilfswerk", "Europäischen Gerichtshofs", "taz"),
    ],
)
def test_institutions_are_found_alone(name: str) -> None:
    text = f"Das war gestern aus dem {name} zu hören."
    assert organisations(text) == [name]
    assert organisations(text, ("PER", name)) == [name]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Im Wappen steht ein Stern, darüber eine Krone.", []),
        ("Das Magazin Stern zeigt das Wappen.", ["Stern"]),
        ("Das berichtet der „Stern“ am Montag.", ["Stern"]),
        ("Nach Angaben des Spiegel ist es so.", ["Spiegel"]),
        ("Der Spiegel hängt an der Wand, die Zeit vergeht, die Welt schläft.", []),
        ("Die Zeit drängt. Die Welt schaut zu.", []),
        ("Der Autobauer Ford baut Stellen ab.", ["Ford"]),
        ("Betty Ford kam nach Bayern.", []),
        ("Volkswagen, BMW und Opel wachsen, Ford nicht.", ["Volkswagen", "BMW", "Opel", "Ford"]),
        ("Der FC Bayern spielt, Bayern gewinnt.", ["FC Bayern", "Bayern"]),
        ("In Bayern gewinnt die SPD.", ["SPD"]),
        ("SPD und Grüne stimmten zu, die Union nicht.", ["SPD", "Grüne", "Union"]),
        ("Die Union der Komponisten tagt im Grünen.", []),
        ("Die USA zittern: Der Kongress tagt.", ["Kongress"]),
        ("Der Kongress der Ärzte tagt.", []),
        ("Eine Boeing 737 landete, Boeing schwieg.", ["Boeing"]),
        ("Nachrichtenagentur dpa und SPD-Chef Meier", ["dpa"]),
    ],
)
def test_the_article_decides_on_what_is_something_else_too(text: str, found: list[str]) -> None:
    assert organisations(text) == found


def test_a_quoted_noun_is_no_company() -> None:
    assert organisations("Er sprach von einer „Allianz“.", ("ORG", "Allianz")) == []
    assert organisations("Er arbeitet bei der Allianz.", ("ORG", "Allianz")) == ["Allianz"]


def test_a_longer_name_stays_whole() -> None:
    text = "Die Freunde der Bundeswehr Kiel tagen."
    longer = "Freunde der Bundeswehr Kiel"
    assert organisations(text, ("ORG", longer)) == [longer]


def test_what_says_the_kind_is_no_part_of_a_name() -> None:
    assert organisations("die Tageszeitung taz", ("ORG", "Tageszeitung taz")) == ["taz"]


def test_leagues_and_prizes_are_no_organisations() -> None:
    text = "Er gewann die Champions League und den Friedensnobelpreis."
    tagged: tuple[Label, str] = ("ORG", "Champions League")
    assert marked(text, tagged) == [("MISC", "Champions League"), ("MISC", "Friedensnobelpreis")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("die iranische Regierung", ["iranische Regierung"]),
        ("des russischen Außenministeriums", ["russischen Außenministeriums"]),
        ("das US-Bauministerium", ["US-Bauministerium"]),
        ("das Landgericht Osnabrück", ["Landgericht Osnabrück"]),
        ("das Landgericht Frankfurt am Main", ["Landgericht Frankfurt am Main"]),
        ("die Freiwillige Feuerwehr Köln", ["Freiwillige Feuerwehr Köln"]),
        ("der Thüringer Senat, der Berliner Senat", ["Berliner Senat"]),
        ("die Regierung, das Parlament, die neue Regierung, die Polizei", []),
        ("das Landgericht Nahm alles zurück", []),
        (
            "die Windpark Lindental AG und die Firma Blum GmbH",
            ["Windpark Lindental AG", "Blum GmbH"],
        ),
        ("die Possehl-Stiftung, eine Elite-Universität", ["Possehl-Stiftung"]),
        (
            "beim TSV Abtswind und 1. FC Wülfershausen 04",
            ["TSV Abtswind", "1. FC Wülfershausen 04"],
        ),
    ],
)
def test_institutions_by_their_form(text: str, found: list[str]) -> None:
    assert organisations(text) == found


@pytest.mark.parametrize("word", ["Top-Klinik", "US-Universität", "Privat-Museum", "Schul-Zentrum"])
def test_what_is_named_after_nobody(word: str) -> None:
    assert not is_named_after(word)


def test_the_agency_of_the_dateline_is_not_named_by_the_article() -> None:
    text = "BERLIN dpa | Die dpa meldet."
    mentions = with_listed([], {"body": text}, behind=text.index("Die"))
    assert [(m.surface, m.start) for m in mentions] == [("dpa", text.rindex("dpa"))]


WORDS = [
    "Stern",
    "der",
    "Nato",
    "FC",
    "Bayern",
    "Köln",
    "GmbH",
    "iranische",
    "Regierung",
    ".",
    "„",
    "“",
]


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.data())
def test_mentions_are_sorted_and_apart(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    starts = [sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
    tagged = [
        Mention("ORG", word, word, "body", start, start + len(word))
        for word, start in zip(words, starts, strict=True)
        if word[0].isupper() and data.draw(st.booleans())
    ]
    done = with_listed(tagged, {"body": text})
    assert all(text[m.start : m.end] == m.surface for m in done)
    assert all(one.end <= other.start for one, other in pairwise(done))


@pytest.mark.parametrize("piece", ["Stern der Nato ", "GmbH ", "Landgericht Köln "])
def test_reading_takes_as_long_as_the_text_is(piece: str) -> None:
    assert_linear(lambda text: with_listed([], {"body": text}), piece)
