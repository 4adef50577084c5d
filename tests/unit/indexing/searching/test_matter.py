"""Two articles are on one matter if names, what happens and titles agree, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.matter import Content, alike, content, near_in_time

ARTICLES = 1_000
FREQUENT = {"der": 900, "spiel": 300}


def made(title: str, text: str, *names: str) -> Content:
    """An article of these words; those not in ``FREQUENT`` are rare."""
    words = {word: FREQUENT.get(word, 5) for word in f"{title} {text}".split()}
    named = {f"people {name}": 5 for name in names}
    return Content(words, frozenset(title.split()), frozenset(words), named)


BEAR = made("bar wieder bayern", "der bar riss schafe jager suchen jj1", "Werner Schnappauf")
HUNT = made("finnische hunde jagen bar", "der bar jj1 riss schafe", "Werner Schnappauf")


def test_one_matter_is_alike_and_an_article_most_like_itself() -> None:
    assert 0.4 < alike(BEAR, HUNT, ARTICLES) < 1
    assert alike(BEAR, HUNT, ARTICLES) == pytest.approx(alike(HUNT, BEAR, ARTICLES))
    assert alike(BEAR, BEAR, ARTICLES) == pytest.approx(1)


@pytest.mark.parametrize(
    "other",
    [
        made("minister lobt bar", "der haushalt steuern schulden", "Anna Blum"),
        made("haushalt beschlossen", "der bar jj1 riss schafe", "Werner Schnappauf"),
        made("bar wieder bayern", "der haushalt steuern", "Anna Blum"),
        made("spiel", "der spiel", "Werner Schnappauf"),
    ],
    ids=["no name", "no title", "neither name nor what happens", "common words"],
)
def test_all_three_must_agree(other: Content) -> None:
    assert alike(BEAR, other, ARTICLES) < 0.1


def test_words_of_names_say_nothing_of_what_happens() -> None:
    names = ("Karl Torwart", "Emil Stürmer")
    first = made("heimsieg", "torwart sturmer heimsieg regen pfosten", *names)
    same = made("heimsieg", "torwart sturmer heimsieg regen", *names)
    other = made("heimsieg", "torwart sturmer heimsieg torwarts sturmern", *names)
    assert alike(first, same, ARTICLES) > 0.9
    # Both share three of their words with the first, but the other's are of names.
    assert alike(first, other, ARTICLES) < 0.85


def test_without_names_words_decide() -> None:
    first, second = (
        made("zirkus kolibri", f"der zirkus kolibri {more}") for more in ("kassel", "winter")
    )
    assert alike(first, second, ARTICLES) > 0.6
    assert alike(made("", ""), made("", ""), ARTICLES) == 0


def test_a_survey_of_everything_is_not_on_each_matter() -> None:
    others = " ".join(f"wort{n}" for n in range(60))
    survey = made(f"bar {others}", f"bar schafe jj1 {others}", "Werner Schnappauf", "A B", "C D")
    assert alike(BEAR, survey, ARTICLES) < alike(BEAR, HUNT, ARTICLES) / 2


@pytest.mark.parametrize("size", [100, 10_000, 1_000_000])
def test_the_value_means_the_same_in_archives_of_every_size(size: int) -> None:
    def scaled(c: Content) -> Content:
        words, names = (
            {k: max(1, v * size // ARTICLES) for k, v in counts.items()}
            for counts in (c.words, c.names)
        )
        return Content(words, c.title, c.opening, names)

    assert alike(scaled(BEAR), scaled(HUNT), size) == pytest.approx(
        alike(BEAR, HUNT, ARTICLES), abs=0.05
    )


WORDS = st.lists(st.sampled_from(["ab", "cd", "ef", "gh", "ij"]), max_size=6).map(" ".join)
CONTENTS = st.builds(made, WORDS, WORDS, st.sampled_from(["Ida Alt", "Bo Neu"]))


@given(CONTENTS, CONTENTS)
def test_it_is_the_same_both_ways_and_between_0_and_1(a: Content, b: Content) -> None:
    assert alike(a, b, ARTICLES) == pytest.approx(alike(b, a, ARTICLES))
    assert 0 <= alike(a, b, ARTICLES) <= 1 + 1e-9


def _field(*terms: tuple[str, int, int]) -> dict[str, Any]:
    return {
        "terms": {
            term: {"doc_freq": articles, "tokens": [{"position": place}]}
            for term, place, articles in terms
        }
    }


def test_content_is_read_from_term_vectors() -> None:
    vectors = {
        "text": _field(("bar", 0, 7), ("schaf", 300, 9), ("teil", 900, 3)),
        "headline": _field(("bar", 1, 2)),
        "body": _field(("schaf", 57, 4), ("spat", 58, 6)),
        "people": _field(("Werner Schnappauf", 0, 2)),
    }
    read = content(vectors)
    assert read.words == {"bar": 7, "schaf": 9, "spat": 6}
    assert (read.title, read.opening) == (frozenset({"bar"}), frozenset({"bar", "schaf"}))
    assert read.names == {"people Werner Schnappauf": 2}
    assert content({}) == Content({}, frozenset(), frozenset(), {})


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("2006-06-06", "2006-06-06T10:00:00+02:00", 1.0),
        ("2006-06-06", "2007-06-06", 0.5),
        ("2006-06-06", "2006", 1.0),
        ("", "2006-06-06", 1.0),
    ],
)
def test_what_lies_far_apart_is_less_likely_one_matter(
    first: str, second: str, near: float
) -> None:
    assert near_in_time(first, second) == near_in_time(second, first) == near
