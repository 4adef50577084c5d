"""What of a text is marked for a query, and as what."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.typed import typed
from indexing.searching.marker import Marker


def marked(marker: Marker, text: str, *, loosened: bool = False) -> list[str]:
    matches = marker.matches(text)
    kept = marker.kept(matches, loosened=loosened)
    shown = {(m.start, m.end, m.kind) for m in matches if (m.asked, m.kind) in kept}
    return [f"{text[start:end]}/{kind}" for start, end, kind in sorted(shown)]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("Pakt", "Der Verteidigungspakt, die Pakte.", "Verteidigungspakt/compound Pakte/form"),
        ("Museum", "Die Museen öffnen.", "Museen/form"),
        ("Muenchen", "In München.", "München/spelling"),
        ("Kosovo-Krieg", "Im Kosovokrieg.", "Kosovokrieg/spelling"),
        ("Munitionslieferung", "Die Lieferung der Munition.", "Lieferung/part Munition/part"),
        # Not every Munition of an article that has the whole.
        ("Munitionslieferung", "Munitionslieferung von Munition", "Munitionslieferung/word"),
        # Nor a part alone.
        ("Mordprozess", "Der Prozess beginnt.", ""),
        ("Pilot", "Die Pilot:innen streiken.", "Pilot/word Pilot:innen/form"),
        ("Eier", "Die Feier, drei Eier.", "Eier/word"),
        ("Reis", "Der Kreis, die Preise.", ""),
        ("Brenner", "Ein Brennpunkt am Brenner.", "Brenner/word"),
        ("Nuklear*", "Nukleares und Atom", "Nukleares/pattern"),
        ("Wa*en", "Atomwaffen und Waffen", "Waffen/pattern"),
        ("3:2", "Es war 3:2, 3 von 2.", "3:2/word"),
        ("10.000", "10 000 und 10’000, 10 und 000.", "10 000/word 10’000/word"),
        ("USA", "Die U.S.A und die USA.", "U.S.A/word USA/word"),
        ("C++", "In C++ und C.", "C++/word"),
        ("iPhone6s", "Das iPhone 6s.", "iPhone 6s/spelling"),
        ("Moody's", "Nun warnt Moody’s.", "Moody’s/word"),
        ("Prozent", "Um 50 Prozent und 50 %.", "Prozent/word %/word"),
    ],
)  # fmt: skip
def test_what_matches_is_marked_and_nothing_else(words: str, text: str, expected: str) -> None:
    shown = marked(Marker([typed(words)]), text)
    assert " ".join(part.strip() for part in shown) == expected


def test_a_part_is_enough_where_the_article_lacks_words() -> None:
    assert marked(Marker(["Mordprozess"]), "Der Prozess.", loosened=True) == ["Prozess/part"]


def test_phrases_are_marked_as_written() -> None:
    marker = Marker(phrases=["der Vertrag", "50 %"])
    text = "Der Vertrag, der Verträge: 50 Prozent."
    assert marked(marker, text) == ["Der Vertrag/phrase", "50 Prozent/phrase"]


def test_names_are_marked_whole_and_by_their_surname() -> None:
    marker = Marker(names=[("person:Merkel", ["Angela Merkel", "Merkel"])])
    text = "Angela Merkels Rede, Angela, Merkel und die Merkelraute."
    assert marked(marker, text) == ["Angela Merkels/name", "Merkels/name", "Merkel/name"]


@dataclass
class Expansion:
    kind: str = "family"
    forms: tuple[str, ...] = ()
    word: str = ""
    apart: tuple[str, ...] = ()
    particle: str = ""
    pattern: str = ""


def test_what_a_query_is_widened_by_is_marked_as_of_its_kind() -> None:
    ways = [
        Expansion(forms=("festgenommen",), apart=("nahm", "nimmt"), particle="fest"),
        Expansion("regional", word="Verhaftung"),
        Expansion("spelling", pattern="ow?etschkin"),
    ]
    marker = Marker(["Festnahme"], more={"Festnahme": ways})
    text = "Er wurde festgenommen, man nahm Owetschkin am Montag fest: Verhaftungen."
    assert marked(marker, text) == [
        "festgenommen/family", "nahm/family", "Owetschkin/spelling", "fest/family",
        "Verhaftungen/regional",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=12), max_size=4), st.text(max_size=80))
def test_any_words_and_any_text_will_do(words: list[str], text: str) -> None:
    marker = Marker([typed(word) for word in words], phrases=words, names=[("x", words)])
    matches = marker.matches(text)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    marker.kept(matches, loosened=True)


@given(st.from_regex(r"[A-Za-zäöüß]{4,12}", fullmatch=True), st.text(max_size=20))
def test_a_word_is_found_in_a_text_that_has_it(word: str, around: str) -> None:
    text = f"{around} {word} {around}"
    assert word in {text[m.start : m.end] for m in Marker([word]).matches(text)}


_WORDS = st.text("aeouäöüßéłcstBÄ", min_size=1, max_size=7)


@given(_WORDS, st.lists(_WORDS, max_size=12).map(" ".join))
def test_words_that_are_told_apart_together_are_those_that_each_look_would_tell(
    word: str, text: str
) -> None:
    each = Marker([word])
    each._perhaps = re.compile(".")
    assert Marker([word]).matches(text) == each.matches(text)


@given(_WORDS, _WORDS, st.lists(_WORDS, max_size=12).map(" ".join))
def test_rows_and_verbs_are_looked_for_in_every_text_that_may_have_them(
    first: str, second: str, around: str
) -> None:
    verb = Expansion(apart=(first.lower(),), particle=second.lower())
    row = f"{first} {second}"
    marker, each = (
        Marker(["x"], phrases=[row], names=[("y", [row])], more={"x": [verb]}) for _ in range(2)
    )
    each._perhaps = re.compile(".")
    text = f"{around} {row} {around}"
    assert marker.matches(text) == each.matches(text)
    assert "phrase" in {match.kind for match in marker.matches(text)}
