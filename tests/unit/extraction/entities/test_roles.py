"""Roles: what an article calls a person, and of what."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.article import Mention
from extraction.entities.names import canonical
from extraction.entities.role_nouns import role_of_word
from german.lexicon import genders

_MARKED = re.compile(r"\[([^\]|]+)\|(PER|LOC|ORG)\]")


def marked(text: str) -> tuple[str, list[Mention]]:
    """Read ``[Putin|PER]`` marks out of a text."""
    plain, mentions, at = "", [], 0
    for match in _MARKED.finditer(text):
        plain += text[at : match.start()]
        start, at = len(plain), match.end()
        plain += match[1]
        label = match[2]
        assert label in ("PER", "LOC", "ORG")
        mentions.append(Mention(label, "", match[1], "body", start, len(plain)))  # type: ignore[arg-type]
    return plain + text[at:], mentions


def roles(text: str) -> list[tuple[str, str, str]]:
    """Return name, role and what it is the role of, for each person."""
    plain, mentions = marked(text)
    found = canonical(mentions, {"body": plain})
    return [(m.name, m.role, m.role_of) for m in found if m.label == "PER"]


@pytest.mark.parametrize(
    ("text", "role", "of"),
    [
        ("[Russlands|LOC] Präsident [Wladimir Putin|PER] kam.", "Präsident", "Russland"),
        ("[Russlands|LOC] langjähriger Präsident [Putin|PER] kam.", "Präsident", "Russland"),
        ("Der russische Präsident [Putin|PER] kam.", "Präsident", "Russland"),
        ("mit dem russischen Präsidenten [Putin|PER]", "Präsident", "Russland"),
        ("[Präsident Putin|PER] kam.", "Präsident", ""),
        ("[US-Präsident Joe Biden|PER] kam.", "Präsident", "USA"),
        ("Bundeskanzler [Olaf Scholz|PER] ([SPD|ORG]) kam.", "Bundeskanzler", "SPD"),
        ("[Scholz|PER], Bundeskanzler seit 2021, kam.", "Bundeskanzler", ""),
        ("die CDU-Vorsitzende [Müller|PER]", "Vorsitzende", "CDU"),
        ("der CDU-Vorsitzende [Müller|PER]", "Vorsitzender", "CDU"),
        ("mit dem CDU-Vorsitzenden [Müller|PER]", "Vorsitzender", "CDU"),
        ("der CDU-Vorsitzenden [Eva Müller|PER]", "Vorsitzende", "CDU"),
        ("Verteidigungsministerin [Eva Müller|PER] kam.", "Verteidigungsministerin", ""),
        ("Ein Sprecher der Polizei, [Jan Kurz|PER], schwieg.", "Sprecher", "Polizei"),
        (
            "[Eva Kurz|PER], Professorin an der [Universität Köln|ORG],",
            "Professorin",
            "Universität Köln",
        ),
        ("der Präsident der [Ukraine|LOC], [Wolodymyr Selenskyj|PER],", "Präsident", "Ukraine"),
        ("der Ökonom [Jan Kurz|PER] vom [Ifo-Institut|ORG]", "Ökonom", "Ifo-Institut"),
        ("die IG Metall-Chefin [Eva Kurz|PER]", "Chefin", "IG Metall"),
        ("die Nobelpreisträgerin [Eva Kurz|PER]", "Nobelpreisträgerin", ""),
        ("Formel-1-Pilot [Jan Kurz|PER]", "Formel-1-Pilot", ""),
        ("Ex-BND-Chef [Jan Kurz|PER]", "Ex-Chef", "Bundesnachrichtendienst"),
        ("der Co-Vorsitzende [Jan Kurz|PER]", "Co-Vorsitzender", ""),
        ("Berliner Innensenatorin [Eva Kurz|PER]", "Innensenatorin", "Berlin"),
        ("des Soziologen [Jan Kurz|PER]", "Soziologe", ""),
        ("des Ministers [Jan Kurz|PER]", "Minister", ""),
        ("Professor Dr. [Jan Kurz|PER]", "Professor", ""),
        ("[Jan Kurz|PER] sagte, Minister seien fehlbar.", "", ""),
        ("Er kennt [Jan Kurz|PER], Minister [Ole Lang|PER] nicht.", "", ""),
        ("Das sagte der Minister. [Jan Kurz|PER] schwieg.", "", ""),
        ("Sie gilt als Schülerin [Angela Merkels|PER].", "", ""),
        ("[Gerhard Richter|PER] malt.", "", ""),
    ],
)
def test_roles(text: str, role: str, of: str) -> None:
    assert roles(text)[0][1:] == (role, of)


def test_whose_role_it_is_has_the_canonical_name() -> None:
    found = roles(
        "[Putin|PER] schwieg. [Putins|PER] Sprecher [Dmitri Peskow|PER] nicht. [Wladimir Putin|PER]"
    )
    assert found[2] == ("Dmitri Peskow", "Sprecher", "Wladimir Putin")


def test_a_role_tells_two_of_one_surname_apart() -> None:
    text = (
        "Ministerin [Anna Müller|PER] traf den Aktivisten [Jan Müller|PER]. "
        "Ministerin [Müller|PER] ging, Aktivist [Müller|PER] blieb. Frau [Müller|PER] weinte."
    )
    names = [name for name, _, _ in roles(text)]
    assert names == ["Anna Müller", "Jan Müller", "Anna Müller", "Jan Müller", "Anna Müller"]


def test_couples() -> None:
    for text in ("[Gerd|PER] und [Doris Zett|PER] kamen.", "[Gerd und Doris Zett|PER] kamen."):
        assert [name for name, _, _ in roles(text)] == ["Gerd Zett", "Doris Zett"]
    text = "[Selenskyj|PER] und [Donald Trump|PER] kamen."
    assert [name for name, _, _ in roles(text)] == ["Selenskyj", "Donald Trump"]


def test_the_noun_behind_a_genitive_is_no_name() -> None:
    assert roles("[Kickls Partei|PER]") == [("Kickl", "", "")]
    assert roles("[Jens Partei|PER]") == [("Jens Partei", "", "")]
    assert roles("[Herbert Kickl|PER] und [Kickls Partei|PER]")[1][0] == "Herbert Kickl"


def test_relatives_stand_back_behind_the_main_bearer() -> None:
    for wife in (
        "Die Witwe [Suha Arafat|PER] klagt.",
        "[Suha Arafat|PER], die Witwe, klagt.",
        "Seine Frau [Suha Arafat|PER] klagt.",
    ):
        found = roles(f"[Jassir Arafat|PER] starb. {wife} [Arafat|PER] war krank.")
        assert found[2][0] == "Jassir Arafat"


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("Präsidenten", "Präsident"),
        ("Biologen", "Biologe"),
        ("Ökonomen", "Ökonom"),
        ("Chefs", "Chef"),
        ("Klimaforscherin", "Klimaforscherin"),
        ("Ärztin", "Ärztin"),
        ("Regierungschef", "Regierungschef"),
    ],
)
def test_role_nouns_in_the_nominative(word: str, role: str) -> None:
    found = role_of_word(word)
    assert found is not None
    assert found.name == role


@pytest.mark.parametrize("word", ["Berlin", "Martin", "Vincent", "Haus", "präsident", "", "Merkel"])
def test_other_words_are_no_roles(word: str) -> None:
    assert role_of_word(word) is None


PARTS = st.sampled_from(
    [
        "Präsident ",
        "der ",
        "CDU-",
        "Sprecher der Polizei, ",
        ", ",
        "(SPD) ",
        "\n",
        "Dr. ",
        ". ",
        "X",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS | st.text(max_size=6), max_size=12).map("".join), st.text(max_size=40))
def test_any_text_around_a_name(before: str, after: str) -> None:
    text = f"{before}Jan Kurz{after}"
    mention = Mention("PER", "", "Jan Kurz", "body", len(before), len(before) + 8)
    (found,) = canonical([mention], {"body": text})
    assert (found.start, found.end, found.surface) == (mention.start, mention.end, "Jan Kurz")
    assert found.role in ("", found.role.strip())


@pytest.mark.no_cover
@pytest.mark.parametrize("filling", ["Der ", "Sprecher der ", "A, ", "„", "9", "der alte ", "a-"])
def test_time_grows_with_the_text_alone(filling: str) -> None:
    text = filling * (200_000 // len(filling))
    places = range(1000, 200_000, 400)
    mentions = [Mention("PER", "", f"Jan K{at}", "body", at, at + 9) for at in places]
    started = time.process_time()
    canonical(mentions, {"body": text})
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "word",
    [
        *("Minister", "Ingenieur", "Amateur", "Kommandeur", "Traditionalist", "Stylist", "Biologe"),
        *("Architekt", "Anwalt", "Botschafter", "Erbe", "Pilot", "Demoskop", "Chronist", "Torwart"),
    ],
)
def test_the_lexicon_does_not_contradict_roles(word: str) -> None:
    role = role_of_word(word, "der")
    assert role
    assert role.gender in genders(word)


@pytest.mark.parametrize("written", ["Sprecher:in", "Sprecher*in", "Sprecher_in", "SprecherIn"])
def test_a_role_for_both_genders_is_what_the_persons_own_makes_of_it(written: str) -> None:
    assert roles(f"Das sagte {written} [Anna Schmidt|PER].") == [("Anna Schmidt", "Sprecherin", "")]
    assert roles(f"Das sagte {written} [Peter Lenz|PER].") == [("Peter Lenz", "Sprecher", "")]


def test_so_are_adjectives() -> None:
    assert [role_of_word("Vorsitzende:r", gender=gender) for gender in ("f", "m")] == [
        ("Vorsitzende", "f"),
        ("Vorsitzender", "m"),
    ]
