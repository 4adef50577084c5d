"""KQL: read by Kibana's own grammar, and made the query that Kibana makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.searching.kql import DEEPEST, Is, Joined, Nested, Node, Not, Range, Value, parse
from indexing.searching.kql_query import fields_in, query_of

ZONE = "Europe/Berlin"


def is_(field: str | None, *parts: str, quoted: bool = False) -> Is:
    return Is(Value((field,)) if field else None, Value(parts, quoted))


@pytest.mark.parametrize(
    ("kql", "tree"),
    [
        ("", None),
        (" \n\t", None),
        ("Köln", is_(None, "Köln")),
        ("Rote Karte", is_(None, "Rote Karte")),
        ('"Rote  Karte"', is_(None, "Rote  Karte", quoted=True)),
        ("agency: dpa", is_("agency", "dpa")),
        (" agency :dpa ", is_("agency", "dpa")),
        ("people: Angela Merkel", is_("people", "Angela Merkel")),
        ("headline: *bahn*", is_("headline", "", "bahn", "")),
        (r"headline: \*bahn", is_("headline", "*bahn")),
        (r"headline: \\*", is_("headline", "\\", "")),
        ('headline: "*"', is_("headline", "*", quoted=True)),
        (r'headline: "er sagte \"ja\" \x"', is_("headline", 'er sagte "ja" \\x', quoted=True)),
        (r"headline: K\u00f6ln", is_("headline", "Köln")),
        (r"headline: dies \and das", is_("headline", "dies and das")),
        ("headline: or", is_("headline", "or")),
        ("headline: android", is_("headline", "android")),
        ("published >= 2024-06", Range(Value(("published",)), "gte", Value(("2024-06",)))),
        ("version>2", Range(Value(("version",)), "gt", Value(("2",)))),
        ('"headline.raw": *', Is(Value(("headline.raw",), True), Value(("", "")))),
    ],
)
def test_one_question(kql: str, tree: Node | None) -> None:
    assert parse(kql) == tree


def test_and_binds_closer_than_or_and_not_closest() -> None:
    a, b, c = is_("a", "1"), is_("b", "2"), is_("c", "3")
    assert parse("a: 1 or b: 2 AND not c: 3") == Joined("or", (a, Joined("and", (b, Not(c)))))
    assert parse("(a: 1 or b: 2) and c: 3") == Joined("and", (Joined("or", (a, b)), c))
    assert parse("not (a: 1 and b: 2)") == Not(Joined("and", (a, b)))


def test_values_in_brackets_share_their_field() -> None:
    dpa, afp, not_ap = is_("agency", "dpa"), is_("agency", "afp"), Not(is_("agency", "ap"))
    assert parse("agency: (dpa or afp)") == Joined("or", (dpa, afp))
    assert parse("agency:(dpa and (afp or not ap))") == Joined(
        "and", (dpa, Joined("or", (afp, not_ap)))
    )


def test_braces_ask_one_object() -> None:
    said = Joined("and", (is_("speaker", "Kim"), Not(is_("text", "Ja"))))
    assert parse("quotes: { speaker: Kim and not text: Ja }") == Nested(Value(("quotes",)), said)


@pytest.mark.parametrize(
    "kql",
    [
        *("(", "a: (b", "a:", "a: }", "a: 1)", 'a: "b', "a: 1 and ", "not ", "a >", "a: { b: 1"),
        *("<", "{}", "not not a: 1", r"a: \q", "a: b: c"),
        "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(kql: str) -> None:
    with pytest.raises(UsageError, match=r"KQL: .* at character"):
        parse(kql)


_NAMES = st.sampled_from(["people", "agency", "headline.raw", "story"])
_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _values() -> st.SearchStrategy[tuple[str, Node]]:
    """A field with a value in quotes, as it is written and as it is read."""
    pairs = st.tuples(_NAMES, _WORDS)
    return pairs.map(lambda p: (f"{p[0]}: {_quoted(p[1])}", is_(*p, quoted=True)))


def _more(inner: st.SearchStrategy[tuple[str, Node]]) -> st.SearchStrategy[tuple[str, Node]]:
    lists = st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
    joined = lists.map(
        lambda j: (
            f" {j[0]} ".join(f"({text})" for text, _ in j[1]),
            Joined(j[0], tuple(node for _, node in j[1])),  # type: ignore[arg-type]
        )
    )
    return joined | inner.map(lambda one: (f"not ({one[0]})", Not(one[1])))


@given(st.recursive(_values(), _more, max_leaves=8))
def test_what_is_written_is_read_again(written: tuple[str, Node]) -> None:
    assert parse(written[0]) == written[1]


@given(st.text(st.sampled_from('ab:(){}<>=*\\" andornot\n"'), max_size=40))
def test_any_text_is_read_or_refused(kql: str) -> None:
    try:
        parse(kql)
    except UsageError as error:
        assert str(error).startswith("KQL: ")  # noqa: PT017 -- either way is right


def should(*queries: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


@pytest.mark.parametrize(
    ("kql", "query"),
    [
        ("", {"match_all": {}}),
        ("*", {"match_all": {}}),
        ("agency: dpa", should({"term": {"agency": {"value": "dpa"}}})),
        ("people: kim*", should({"wildcard": {"people": {"value": "kim*"}}})),
        ("people.name: kim", should({"match": {"people.name": "kim"}})),
        ('text: "am Ziel"', should({"match_phrase": {"text": "am Ziel"}})),
        ("text: Zie*-a", should({"query_string": {"fields": ["text"], "query": r"Zie*\-a"}})),
        ("published: *", should({"exists": {"field": "published"}})),
        (
            "published < 2024-06",
            should({"range": {"published": {"lt": "2024-06", "time_zone": ZONE}}}),
        ),
        ("published > 0", should({"range": {"published": {"gt": "0"}}})),
        (
            'published: "2024-06-19"',
            should({"range": {"published": {"gte": "2024-06-19", "lte": "2024-06-19"}}}),
        ),
        ("version >= 2", should({"range": {"version": {"gte": "2"}}})),
        ("delay > 5", should({"range": {"delay": {"gt": "5"}}})),
        ("partial: true", should({"match": {"partial": True}})),
        (
            'mentioned_dates: "1990-10-03"',
            should({"match_phrase": {"mentioned_dates": "1990-10-03"}}),
        ),
        ("Köln", {"multi_match": {"type": "best_fields", "query": "Köln", "lenient": True}}),
        ('"Köln"', {"multi_match": {"type": "phrase", "query": "Köln", "lenient": True}}),
        ("Köl*", {"query_string": {"query": "Köl*"}}),
        (
            "enrichment.sta*: failed",
            should({"term": {"enrichment.state": {"value": "failed"}}}),
        ),
        (
            "quotes: { speaker: Kim }",
            {
                "nested": {
                    "path": "quotes",
                    "score_mode": "none",
                    "query": should({"term": {"quotes.speaker": {"value": "Kim"}}}),
                }
            },
        ),
        (
            "agency: dpa and not story: *",
            {
                "bool": {
                    "filter": [
                        should({"term": {"agency": {"value": "dpa"}}}),
                        {"bool": {"must_not": [should({"exists": {"field": "story"}})]}},
                    ]
                }
            },
        ),
    ],
)
def test_it_asks_what_kibana_asks(kql: str, query: dict[str, Any]) -> None:
    made = query_of(kql, ZONE, {"delay": "double"})
    without_zone = json.dumps(made).replace(f', "time_zone": "{ZONE}"', "")
    assert query in (made, json.loads(without_zone))


@pytest.mark.parametrize(
    ("kql", "said"),
    [
        ("peple: Kim", "no field 'peple'; 'people'"),
        ("quotes.speaker: Kim", "in braces: quotes:"),
        ("quotes: { agency: dpa }", "no field 'quotes.agency'"),
        ("people: { name: x }", "no objects"),
        ("agency: null", "not agency: "),
    ],
)
def test_what_would_find_nothing_in_silence_is_said(kql: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        query_of(kql, ZONE)


def test_the_fields_of_a_query() -> None:
    kql = "a: 1 and (b > 2 or not quotes: { speaker.name: x and text: * }) and Köln"
    assert fields_in(kql) == ["a", "b", "quotes", "quotes.speaker.name", "quotes.text"]
