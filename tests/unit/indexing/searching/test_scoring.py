"""What a word of a query is worth, as clauses."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.related import Related
from indexing.searching.scoring import BOOSTS, credit, worth


def texts_asked(words: str) -> set[str]:
    return {
        clause["match"]["text"]["query"]
        for word in worth(words.split())
        for clause in _flat(word.get("dis_max", {}).get("queries", []))
        if "match" in clause
    }


def _flat(clauses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for c in clauses for one in (*_flat(c.get("bool", {}).get("should", [])), c)]


def test_a_word_counts_by_its_noun_and_its_parts_too() -> None:
    assert texts_asked("Museen") == {"Museen", "Museum"}
    assert {"Munition", "Lieferung"} < texts_asked("Munitionslieferungen")


def test_the_same_word_in_small_letters_is_asked_for_once() -> None:
    assert texts_asked("vertrag") == {"vertrag"}


def test_only_two_and_more_words_can_stand_together() -> None:
    assert len(worth(["Vertrag"])) == 1
    assert worth(["Vertrag", "Putin"])[-1]["multi_match"]["type"] == "phrase"


def test_no_words_are_worth_nothing() -> None:
    assert worth([]) == []


@given(st.lists(st.text("abcÄßz-.", min_size=1), min_size=2, max_size=20, unique=True))
def test_every_word_counts_once_and_the_whole_once(words: list[str]) -> None:
    found = worth(words)
    assert len(found) == len(words) + 1
    assert all("dis_max" in one for one in found[:-1])


def test_a_name_that_is_a_filter_is_looked_for_in_the_text_too() -> None:
    (clause,) = worth([], [("Wladimir Putin", "Wladimir Putin")])
    assert clause["multi_match"]["query"] == "Wladimir Putin"


def test_of_a_name_as_written_and_as_the_archive_has_it_the_best_counts() -> None:
    (clause,) = worth([], [("EADS", "Airbus")])
    asked = [way["multi_match"]["query"] for way in clause["dis_max"]["queries"]]
    assert asked == ["EADS", "Airbus"]


def test_each_word_that_is_there_counts_more_than_how_often() -> None:
    given_for = [clause["constant_score"]["boost"] for clause in credit(["Vertrag", "Putin"])]
    assert len(given_for) == 2
    assert min(given_for) > 4 * max(BOOSTS.values())


def test_what_is_said_instead_of_a_word_counts_less_than_the_word() -> None:
    (clause,) = credit(["Konkurs"], {"Konkurs": [Related("synonym", "Pleite", word="Pleite")]})
    own, other = (way["constant_score"]["boost"] for way in clause["dis_max"]["queries"])
    assert other < own
