"""The words of a query that say what is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.function_words import content_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wer wurde neuer Trainer von Aue", ["neuer", "Trainer", "Aue"]),
        ("Wie hoch ist die Pendlerpauschale", ["Pendlerpauschale"]),
        ("Was heißt Grexit", ["Grexit"]),
        ("wie viele Menschen leben in Graz", ["Menschen", "leben", "Graz"]),
        ("Vertrag mit dem Iran", ["Vertrag", "Iran"]),
        ("hoch verschuldet", ["hoch", "verschuldet"]),
        # A capital beside another word with one: a name.
        ("Will Smith", ["Will", "Smith"]),
        ("Interview mit Will Smith", ["Interview", "Will", "Smith"]),
        ("Wer ist Will Smith", ["Will", "Smith"]),
        ("Man Ray", ["Man", "Ray"]),
        # Every sentence begins with a capital.
        ("Will Merkel zurücktreten", ["Merkel", "zurücktreten"]),
        ("Die Grünen", ["Grünen"]),
        ("Der Kanzler in Berlin", ["Kanzler", "Berlin"]),
        # Where every word of a question has one they say nothing.
        ("Wer Wurde Trainer Von Aue", ["Trainer", "Aue"]),
        ("WER WURDE TRAINER", ["TRAINER"]),
        ("Geld kommt an", ["Geld", "kommt"]),
        ("Vertrag Vertrag", ["Vertrag"]),
        ("der die das", ["der", "die", "das"]),
        ("", []),
    ],
)
def test_what_only_asks_or_binds_is_left_out(text: str, expected: list[str]) -> None:
    assert content_words(text.split()) == expected


@given(st.lists(st.sampled_from(["wer", "ist", "Kanzler", "wie", "hoch", "Berg", "der"])))
def test_words_stay_in_order_and_some_always_stay(words: list[str]) -> None:
    kept = content_words(words)
    assert bool(kept) == bool(words)
    assert len(set(kept)) == len(kept)
    left = iter(words)
    assert all(word in left for word in kept)
