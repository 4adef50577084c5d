"""Which words can be misspelt, and what stands in their place."""

from __future__ import annotations

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.searching.hints import unknown_name
from indexing.searching.results import Nearest, Unknown
from indexing.searching.spelling import Spelling, askable, near_enough, ranked, ways
from indexing.searching.syntax import Terms, as_term, corrected, parse, quoted


def test_short_words_numbers_prefixes_and_hyphened_words_are_not_judged() -> None:
    assert askable("Vogelgripe der 2024 Verteidig* Müller-Lüdenscheidt EU Vogelgripe") == [
        "Vogelgripe"
    ]


def test_a_german_noun_is_not_misspelt_though_no_article_has_it() -> None:
    assert askable("Lawine Inflatoin") == ["Inflatoin"]


def test_a_word_that_is_far_off_is_not_what_was_meant_unless_other_words_tell() -> None:
    assert near_enough({"Escape": "estate", "Angla": "angela", "Erdbebn": "erdbeben"}) == {
        "Angla": "angela",
        "Erdbebn": "erdbeben",
    }


def test_only_the_misspelt_word_is_replaced() -> None:
    text = 'Vogelgripe Mannheim "Vogelgripe im Mai" -Wien person:"Ute Sippel"'
    assert corrected(text, {"Vogelgripe": "vogelgrippe"}) == (
        'vogelgrippe Mannheim "Vogelgripe im Mai" -Wien person:"Ute Sippel"'
    )


def test_the_most_alike_wins_then_the_more_frequent() -> None:
    near = {"text": "erdbeben", "score": 0.9, "freq": 3}
    often = {"text": "erdleben", "score": 0.9, "freq": 1}
    far = {"text": "erdboden", "score": 0.7, "freq": 900}
    again = {"text": "erdbeben", "score": 0.9, "freq": 1}
    assert ranked([far, often, near, again]) == [
        ("erdbeben", 0.9),
        ("erdleben", 0.9),
        ("erdboden", 0.7),
    ]
    assert ranked([]) == []


def test_misspelt_words_are_respelled_together_in_every_way_the_nearest_first() -> None:
    near = {
        "Angla": [("angola", 0.8), ("angela", 0.8), ("angler", 0.6)],
        "Merkl": [("merkel", 0.8)],
    }
    assert ways(near) == [
        Spelling({"Angla": "angola", "Merkl": "merkel"}, 1.6),
        Spelling({"Angla": "angela", "Merkl": "merkel"}, 1.6),
        Spelling({"Angla": "angler", "Merkl": "merkel"}, 1.4),
    ]
    many = {f"Wort{n}": [(f"wort{n}a", 0.8), (f"wort{n}b", 0.8)] for n in range(30)}
    assert len(ways(many)) == 1, "of many there would be a billion ways"
    assert ways({}) == []


@given(st.text(max_size=80))
def test_any_text_stays_as_it_is_where_nothing_is_misspelt(text: str) -> None:
    assert corrected(text, {}) == text
    assert all(word in text for word in askable(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vertarg mit Paris", "Vertrag mit Paris"),
        ("Paris, Vertarg.", "Paris, Vertrag."),
        ("Vertargs", "Vertargs"),
        ("person:Vertarg Vertarg", "person:Vertarg Vertrag"),
        ("-Vertarg", "-Vertarg"),
        ("Ver\u00adtarg mit CDU\u2011Chef", "Vertrag mit CDU-Chef"),
    ],
)
def test_only_the_word_itself_is_replaced(text: str, expected: str) -> None:
    assert corrected(text, {"Vertarg": "Vertrag"}) == expected


#: What the index's words may look like: letters with marks between them, words of the query
#: language, quotation marks within Hebrew words.
INDEXED = st.one_of(
    st.sampled_from(["pilot:innen", "near", "in:2024", "person:in", "or", "not", "place:x", 'ה"ל']),
    st.text(min_size=1, max_size=12).filter(lambda word: not any(map(str.isspace, word))),
    st.text(alphabet='ab:"“-()*/.NEAROT', min_size=1, max_size=12),
)
QUERIES = st.lists(
    st.sampled_from(
        [
            *("Vertarg", "Berlin", "OR", "NOT", "near", '"der Vertarg im Mai"', "-Vertarg"),
            *("(Vertarg", "person:Vertarg", "Vertarg,", "Pilot:innen", "in:2024", "Wien)"),
            "Vertarg*",
        ]
    ),
    max_size=7,
).map(" ".join)


@example("Berlin OR Vertarg", "\x1b")
@given(QUERIES, INDEXED)
def test_no_word_of_an_article_makes_a_query_an_error(text: str, other: str) -> None:
    try:
        asked = parse(text)
    except UsageError:
        reject()
    meant = parse(corrected(text, {"Vertarg": other}))
    assert (meant.names, meant.dates) == (asked.names, asked.dates)
    assert meant.without_words == asked.without_words
    assert len(meant.near) == len(asked.near)


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for_as_a_term(text: str) -> None:
    terms = parse(as_term(text))
    assert terms in (Terms(text), Terms(phrases=terms.phrases))
    assert len(terms.phrases) <= 1


def test_what_the_query_language_would_read_otherwise_is_quoted() -> None:
    assert corrected("Pilotinen", {"Pilotinen": "pilot:innen"}) == '"pilot:innen"'
    assert corrected("neer Berlin", {"neer": "near"}) == '"near" Berlin'
    assert corrected('"alte Vertarg im"', {"Vertarg": "a:b"}) == '"alte Vertarg im"'
    assert parse(corrected("(Vertarg", {"Vertarg": "a:b"})) == Terms(phrases=("a:b",))
    assert corrected("(Vertarg OR Wien)", {"Vertarg": "a:b"}) == '("a:b" OR Wien)'


def test_a_name_with_quotation_marks_is_offered_so_that_it_can_be_asked_for() -> None:
    name = 'Dwayne "The Rock" Johnson'
    said = unknown_name(Unknown("person", "Dwayn Johnson", [Nearest("person", name, 3)]))
    assert f"person:{quoted(name)}" in said
    assert parse(f"person:{quoted(name)}").names == (("people", "Dwayne The Rock Johnson"),)
