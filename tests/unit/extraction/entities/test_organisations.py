"""Organisations, places and labels: one entity under all its names."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.entities.acronyms import by_initials, fits
from extraction.entities.gazetteer import shipped
from extraction.entities.kinds import without_genitive
from extraction.entities.names import canonical
from extraction.entities.nominative import dictionary_form
from german.lexicon import gender


def found(text: str, *surfaces: tuple[Label, str]) -> list[tuple[str, str]]:
    """Mark the surfaces one after the other in ``text``; return labels and names."""
    mentions, at = [], 0
    for label, surface in surfaces:
        at = text.index(surface, at)
        mentions.append(Mention(label, "", surface, "body", at, at + len(surface)))
        at += len(surface)
    return [(m.label, m.name) for m in canonical(mentions, {"body": text})]


def organisations(text: str, *surfaces: str) -> list[str]:
    return [name for _, name in found(text, *(("ORG", surface) for surface in surfaces))]


@pytest.mark.parametrize(
    ("name", "determiner", "nominative"),
    [
        ("Freien Universität Berlin", "der", "Freie Universität Berlin"),
        ("Internationalen Währungsfonds", "des", "Internationaler Währungsfonds"),
        ("Auswärtigen Amt", "dem", "Auswärtiges Amt"),
        ("Auswärtigen Amts", "des", "Auswärtiges Amt"),
        ("Deutschen Bahn", "der", "Deutsche Bahn"),
        ("Deutsche Bahn", "die", "Deutsche Bahn"),
        ("Bundesverfassungsgerichts", "des", "Bundesverfassungsgericht"),
        ("Bundestages", "des", "Bundestag"),
        ("Europäische Parlament", "das", "Europäisches Parlament"),
        ("Deutsche Fußballbund", "der", "Deutscher Fußballbund"),
        ("Süddeutschen Zeitung", "der", "Süddeutsche Zeitung"),
        ("Zentralrats der Juden", "des", "Zentralrat der Juden"),
        (
            "Deutschen Zentrums für Luft- und Raumfahrt",
            "des",
            "Deutsches Zentrum für Luft- und Raumfahrt",
        ),
        ("Max-Planck-Instituts für Physik", "des", "Max-Planck-Institut für Physik"),
        ("Amtsgerichts Köln", "des", "Amtsgericht Köln"),
        ("Olympischen Spielen", "den", "Olympische Spiele"),
        ("Die Linke", "", "Linke"),
        *((name, "der", name) for name in ("Leipziger Messe", "Frankfurter Rundschau")),
        *((name, "dem", name) for name in ("Flughafen Bremen", "Camden Canal Market")),
        ("Demokratischen Partei Thailands", "der", "Demokratische Partei Thailands"),
    ],
)
def test_dictionary_form(name: str, determiner: str, nominative: str) -> None:
    assert dictionary_form(name, determiner, "ORG", shipped()) == nominative


@pytest.mark.parametrize(
    ("name", "nominative"),
    [
        ("Grünen Gewölbes", "Grünes Gewölbe"),
        ("Amerikanischen Sektors", "Amerikanischer Sektor"),
        ("Kaiserlichen Marstalls", "Kaiserlicher Marstall"),
        ("Goldenen Vlieses", "Goldenes Vlies"),
        ("Eisernen Vorhangs", "Eiserner Vorhang"),
        ("Deutschen Herbstes", "Deutscher Herbst"),
        ("Ökumenischen Konzils", "Ökumenisches Konzil"),
        ("Deutschen Pavillons", "Deutscher Pavillon"),
        ("Grünen Bandes", "Grünes Band"),
        ("Heiligen Stuhls", "Heiliger Stuhl"),
        ("Bayerischen Verdienstordens", "Bayerischer Verdienstorden"),
        ("Historischen Kaufhauses", "Historisches Kaufhaus"),
        ("Schwäbischen Alphorns", "Schwäbisches Alphorn"),
        ("Sächsischen Tresors", "Sächsischer Tresor"),
        ("Roten Teppichs", "Roter Teppich"),
        ("Kleinen Katechismus", "Kleiner Katechismus"),
        ("Westlichen Korridors", "Westlicher Korridor"),
    ],
)
@pytest.mark.parametrize("label", ["ORG", "MISC"])
def test_genitives_of_nouns_that_head_no_organisations(
    name: str, nominative: str, label: Label
) -> None:
    assert dictionary_form(name, "des", label, shipped()) == nominative


@pytest.mark.parametrize(
    ("name", "determiner", "nominative"),
    [
        ("Freien Wähler", "der", "Freie Wähler"),
        ("Freien Wählern", "den", "Freie Wähler"),
        ("Berliner Philharmoniker", "der", "Berliner Philharmoniker"),
        ("Alten Meister", "die", "Alte Meister"),
        ("Alten Meister", "der", "Alte Meister"),
        ("Letzte Ritter", "der", "Letzter Ritter"),
        ("Jungen Piraten", "die", "Junge Piraten"),
    ],
)
def test_plurals_are_told_by_what_stands_before(
    name: str, determiner: str, nominative: str
) -> None:
    assert dictionary_form(name, determiner, "ORG", shipped()) == nominative


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("Bundesamt", "n"),
        ("Verwaltungsgericht", "n"),
        ("Kommission", "f"),
        ("Gesundheitsbehörde", "f"),
        ("Stiftungsrat", "m"),
        ("Fußball-Bund", "m"),
        ("Nationen", "p"),
        ("Xyz", ""),
    ],
)
def test_gender_by_the_last_part(noun: str, expected: str) -> None:
    assert gender(noun) == expected


@pytest.mark.parametrize("noun", ["Währungsfonds", "Ausschuss", "Reuters", "Siemens", "Campus"])
def test_an_s_of_its_own_stays(noun: str) -> None:
    assert without_genitive(noun) == noun


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("BSI", "Bundesamt für Sicherheit in der Informationstechnik"),
        ("BKA", "Bundeskriminalamt"),
        ("DWD", "Deutscher Wetterdienst"),
        ("EZB", "Europäische Zentralbank"),
        ("vzbv", "Verbraucherzentrale Bundesverband"),
        ("VGH", "Verwaltungsgerichtshof Mannheim"),
    ],
)
def test_letters_that_fit(short: str, long: str) -> None:
    assert fits(short, long)


@pytest.mark.parametrize(
    ("short", "long"),
    [("CDU", "Freie Universität"), ("NBA", "Bundesamt"), ("BSI", "Bundesamt für Güterverkehr")],
)
def test_letters_that_do_not_fit(short: str, long: str) -> None:
    assert not fits(short, long)


def test_initials_that_fit_two_names_tell_nothing() -> None:
    assert by_initials(["DB"], ["Deutsche Bahn", "Deutsche Bank"]) == {}


@pytest.mark.parametrize(
    ("text", "surfaces", "name"),
    [
        (
            "Das Amt für Xylophone (AXY) und AXY",
            ("Amt für Xylophone", "AXY", "AXY"),
            "Amt für Xylophone",
        ),
        ("AXY (Amt für Xylophone)", ("AXY", "Amt für Xylophone"), "Amt für Xylophone"),
        ("Amt für Xylophone (AXY). AXY", ("Amt für Xylophone (AXY)", "AXY"), "Amt für Xylophone"),
        ("Das Kölner Xylophonamt und das KXA", ("Kölner Xylophonamt", "KXA"), "Kölner Xylophonamt"),
        ("Nordatlantikpakt, NATO, Natos", ("Nordatlantikpakt", "NATO"), "Nato"),
        ("die Vereinten Nationen und UN", ("Vereinten Nationen", "UN"), "UN"),
        (
            "Thyssen AG, der Thyssen-Konzern, Thyssens",
            ("Thyssen AG", "Thyssen-Konzern", "Thyssens"),
            "Thyssen",
        ),
        ("Borussia Xanten, Xanten", ("Borussia Xanten", "Xanten"), "Borussia Xanten"),
        (
            "Das Landgericht Xanten tagt. Das Landgericht",
            ("Landgericht Xanten", "Landgericht"),
            "Landgericht Xanten",
        ),
        ("der Deutsche Fußball Verband (DFB)", ("Deutsche Fußball Verband", "DFB"), "DFB"),
        ("die Gewerkschaft Verdi", ("Gewerkschaft Verdi",), "Verdi"),
        ("Neue Volkspartei (XQZ)", ("Neue Volkspartei", "XQZ"), "Neue Volkspartei"),
        ("Deutscher Xtag, Xtag", ("Deutscher Xtag", "Xtag"), "Deutscher Xtag"),
        ("Xinstitut für Physik, Xinstitut", ("Xinstitut für Physik", "Xinstitut"), None),
        ("Xantia Münster gewinnt, Xantia siegt", ("Xantia Münster", "Xantia"), "Xantia Münster"),
        ("SGX Palmen Münster, SGX", ("SGX Palmen Münster", "SGX"), "SGX Palmen Münster"),
        ("Das Bundesxylophonamt, das Xylophonamt", ("Bundesxylophonamt", "Xylophonamt"), None),
        ("die Grünen, Bündnis 90/Die Grünen", ("Grünen", "Bündnis 90/Die Grünen"), "Grüne"),
    ],
)
def test_one_organisation(text: str, surfaces: tuple[str, ...], name: str | None) -> None:
    assert set(organisations(text, *surfaces)) == {name or surfaces[0]}


def test_what_the_article_spells_out_beats_the_aliases() -> None:
    text = "Die Rapid Support Forces kämpfen; die RSF siegt."
    assert set(organisations(text, "Rapid Support Forces", "RSF")) == {"Rapid Support Forces"}


def test_parties_and_their_branches_stay_apart() -> None:
    assert organisations("CDU und CDU Sachsen", "CDU", "CDU Sachsen") == ["CDU", "CDU Sachsen"]
    branch = "XQZ-Kreisverband Münster"
    assert organisations(f"XQZ, {branch}", "XQZ", branch) == ["XQZ", branch]


def test_quarters_and_rivers() -> None:
    places = found(
        "Frankfurt am Main. Frankfurt", ("LOC", "Frankfurt am Main"), ("LOC", "Frankfurt")
    )
    assert {name for _, name in places} == {"Frankfurt am Main"}


def test_a_tagger_slip_is_settled_by_the_majority() -> None:
    text = "Merkel, Merkel, Merkel, Angela Merkel, Merkel"
    slips: list[tuple[Label, str]] = [
        *(("PER", surface) for surface in ("Merkel", "Merkel", "Merkel", "Angela Merkel")),
        ("ORG", "Merkel"),
    ]
    assert set(found(text, *slips)) == {("PER", "Angela Merkel")}


def test_a_place_beside_a_person_of_its_name_stays_a_place() -> None:
    text = "Paris Hilton, Paris Hilton, Paris Hilton kam in Paris an. Das Hilton war voll."
    hilton: tuple[Label, str] = ("PER", "Paris Hilton")
    result = found(text, hilton, hilton, hilton, ("LOC", "Paris"), ("ORG", "Hilton"))
    assert result[3:] == [("LOC", "Paris"), ("ORG", "Hilton")]


def test_what_the_aliases_know_keeps_its_label() -> None:
    assert found("Die SPD tagt.", ("LOC", "SPD")) == [("ORG", "SPD")]
    assert found("Bayern gewann.", ("ORG", "Bayern")) == [("ORG", "Bayern")]
