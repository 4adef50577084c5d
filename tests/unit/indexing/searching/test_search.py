"""A search from what is asked to what is shown: hits, stories, facets, hints, pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, UsageError
from extraction.formats.parse import parse
from indexing.searching.highlights import Highlight
from indexing.searching.search import Query, Results, get, pages, search
from indexing.writing.document import to_document
from indexing.writing.stored import fetch_texts
from indexing.writing.write import Update, create, enriched
from tests.fakes.elastic import FakeElasticsearch
from tests.hand_made import KIM, NOW, PAKT, PUTIN
from tests.unit.indexing.searching.conftest import Ask


def _named(results: Results, ids: dict[str, str]) -> list[str]:
    names = {id_: name for name, id_ in ids.items()}
    return [names[hit.id] for hit in results.hits]


def _whole(results: Results) -> Results:
    """Only what has all words."""
    return replace(results, hits=[hit for hit in results.hits if not hit.loosened])


def test_all_words_must_occur_in_any_form(ask: Ask, ids: dict[str, str]) -> None:
    assert _named(_whole(ask("Vertrag Vietnam")), ids) == ["hanoi"]
    assert _named(_whole(ask("Verträge Vietnams")), ids) == ["hanoi"]


def test_what_is_named_in_the_headline_comes_first(ask: Ask, ids: dict[str, str]) -> None:
    results = ask("Hanoi")
    assert _named(results, ids)[0] == "hanoi"
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_of_a_story_the_best_is_shown_with_its_copies(ask: Ask, ids: dict[str, str]) -> None:
    results = ask(people=("Kim Jong Un",))
    assert (results.total, results.articles) == (1, 2)
    (hit,) = results.hits
    assert (hit.story, hit.copies) == (ids[PAKT], 1)
    single = ask(people=("Kim Jong Un",), every_copy=True)
    assert (single.total, single.articles) == (2, 2)
    assert {copy.id for copy in single.hits} == {ids[PAKT], ids["pakt-spaeter"]}
    assert {copy.copies for copy in single.hits} == {0}


def test_facets_count_articles_and_not_stories(ask: Ask) -> None:
    people = ask(people=("Putin",)).facets["people"]
    assert [(bucket.value, bucket.count) for bucket in people[:2]] == [(PUTIN, 5), (KIM, 2)]
    months = ask(people=("Putin",)).facets["month"]
    assert [(bucket.value, bucket.count) for bucket in months] == [("2024-06", 3), ("2024-05", 1)]


def test_without_words_the_latest_is_first(ask: Ask) -> None:
    dates = [hit.published for hit in ask(size=50).hits]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) > 15


def test_the_newest_first_where_that_is_asked(ask: Ask) -> None:
    dates = [hit.published for hit in ask("Putin", newest=True).hits]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    ("since", "until", "names"),
    [
        ("2024-06-20", None, {"hanoi", "wahl"}),
        (None, "2024-05", {"moskau", "wahl"}),
        ("2024-05", "2024-05", {"moskau", "wahl"}),
        ("2025", None, set()),
    ],
)
def test_dates_overlap(
    ask: Ask, ids: dict[str, str], since: str | None, until: str | None, names: set[str]
) -> None:
    assert set(_named(ask(people=("Putin",), since=since, until=until), ids)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("person:Putin -Hanoi -Verteidigungspakt", {"moskau", "wahl"}),
        ("person:Putin NOT Hanoi NOT Verteidigungspakt", {"moskau", "wahl"}),
        ('"wirbt in Vietnam"', {"hanoi"}),
        ('"in Vietnam wirbt"', set()),
        ("Hanoi OR vereidigt", {PAKT, "hanoi", "moskau"}),
        ("person:Putin in:2024-05", {"moskau", "wahl"}),
        ("place:Moskau -person:Kim", {"moskau"}),
        ('"Wladimir Putin" near Getreide', set()),
        ("Öl near Getreide place:Hanoi", {"hanoi"}),
        ("Vereid*", {"moskau"}),
        ("quoted:Putin Vietnam", {"hanoi"}),
    ],
)
def test_the_language_finds_what_it_says(
    ask: Ask, ids: dict[str, str], text: str, names: set[str]
) -> None:
    assert set(_named(_whole(ask(text)), ids)) == names


def test_matches_stand_between_the_tags_in_whole_sentences(ask: Ask) -> None:
    (hit,) = ask("vereidigt").hits
    (sentence,) = hit.highlights
    assert sentence.text == "In Moskau ist Wladimir Putin am Dienstag vereidigt worden."
    assert [sentence.text[start:end] for start, end in sentence.marks] == ["vereidigt"]


def test_a_hit_says_why_it_is_one(ask: Ask) -> None:
    hit, *_ = ask("Hanoi OR Xylophon").hits
    assert [reason.kind for reason in hit.reasons] == ["word"]
    for text in (
        "Hanoi Vietnam",
        "Hanoi Raumschiff",
        "Vereidigd",
        "person:Putin",
        "Getreideraumschiff",
    ):
        results = ask(text, size=50)
        assert results.hits
        for found in results.hits:
            assert found.reasons, (text, found)
            lacking = [reason for reason in found.reasons if reason.kind == "lacking"]
            assert bool(lacking) <= found.loosened


@pytest.mark.parametrize("text", ["||", "!", '""', "--", '"', "(", "-!", "…"])
def test_signs_alone_find_nothing_and_say_so(ask: Ask, text: str) -> None:
    results = ask(text)
    assert (results.total, results.hits) == (0, [])
    assert "no letter or digit" in results.hints[0]
    assert ask(f"{text} Hanoi").total == ask("Hanoi").total


def test_without_words_the_lead_s_beginning_is_shown(ask: Ask) -> None:
    (hit,) = ask(places=("Hanoi",)).hits
    named = "Wladimir Putin ist am Donnerstag in Hanoi empfangen worden."
    assert hit.highlights == [Highlight(named, ((36, 41),))]
    (hit,) = (hit for hit in ask(size=50).hits if hit.places[:1] == ["Hanoi"])
    assert hit.highlights == [Highlight("Russlands Präsident wirbt in Vietnam um Handel.")]


def test_a_misspelt_word_is_respelled_and_said(ask: Ask, ids: dict[str, str]) -> None:
    results = ask("Vereidigd")
    assert _named(ask("Verteidigungspackt"), ids)[0] in {PAKT, "hanoi"}
    assert results.respelled == {"Vereidigd": "vereidigt"}
    assert results.hints == ["No article has “Vereidigd”: these have “vereidigt”."]


def test_a_word_that_occurs_is_not_respelled(ask: Ask) -> None:
    assert ask("vereidigt").respelled == {}


def test_of_many_words_most_are_enough_where_no_article_has_all(
    ask: Ask, ids: dict[str, str]
) -> None:
    results = ask("Hanoi Vietnam Getreide Raumschiff")
    assert results.loosened
    assert _named(results, ids)[0] == "hanoi"
    assert any("at least half of them" in hint for hint in results.hints)
    assert all(hit.loosened for hit in results.hits)


def test_one_word_of_two_is_enough_where_no_article_has_both(ask: Ask, ids: dict[str, str]) -> None:
    results = ask("Hanoi Raumschiff")
    assert (results.loosened, _named(results, ids)[0]) == (True, "hanoi")
    assert ask("Xylophonist").total == 0
    assert ask("Hanoi AND Raumschiff").total == 0
    assert ask("Hanoi AND Vietnam").further == 0


def test_names_are_kept_and_count_among_the_words(ask: Ask, ids: dict[str, str]) -> None:
    results = ask("place:Hanoi Xylophonist")
    assert (results.loosened, _named(results, ids)) == (True, ["hanoi"])
    assert ask("place:Hanoi Xylophonist Quantenschaum").total == 0
    assert [h.loosened for h in ask("person:Putin Vietnam").hits].index(True) == 1


def test_a_name_that_readers_missed_is_enough_in_the_text_of_what_has_all_words(
    ask: Ask, ids: dict[str, str]
) -> None:
    missed = ids["2024-06-19-verteidigungspakt"]  # it says Hanoi, which is none of its places
    assert missed in [hit.id for hit in ask("Hanoi Nordkorea").hits if not hit.loosened]
    assert missed not in [hit.id for hit in ask("place:Hanoi").hits]
    hits = ask("place:Hanoi Nordkorea", size=50).hits
    (at,) = (at for at, hit in enumerate(hits) if hit.id == missed)
    assert hits[at].loosened
    assert ("name", "place:Hanoi") in {(r.kind, r.asked) for r in hits[at].reasons}
    assert missed not in [hit.id for hit in ask("place:Hanoi Xylophonist").hits]


def test_of_a_compound_that_nobody_has_one_part_is_enough(ask: Ask, ids: dict[str, str]) -> None:
    results = ask("Getreideraumschiff")
    assert "hanoi" in _named(results, ids)
    assert any("some, or parts of them" in hint for hint in results.hints)


def test_behind_those_with_all_words_come_those_with_most(ask: Ask, ids: dict[str, str]) -> None:
    results = ask("Hanoi Vietnam", size=50)
    whole = [hit.loosened for hit in results.hits].index(True)
    assert whole == results.total
    assert all(hit.loosened for hit in results.hits[whole:])
    assert len(results.hits) == results.total + results.further
    few = [hit.id for at in range(0, 50, 3) for hit in ask("Hanoi Vietnam", size=3, offset=at).hits]
    assert few == [hit.id for hit in results.hits]


def test_the_newest_first_are_those_with_all_words_alone(ask: Ask) -> None:
    results = ask("Hanoi Vietnam", newest=True)
    assert (results.further, any(hit.loosened for hit in results.hits)) == (0, False)


def test_words_that_only_ask_need_not_be_there(ask: Ask, ids: dict[str, str]) -> None:
    results = ask("Wer wurde in Moskau vereidigt?")
    assert (results.loosened, results.total) == (False, 1)
    assert _named(results, ids)[0] == "moskau"


def test_a_full_name_is_found_by_its_surname(
    ask: Ask, client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    """Whoever the archive knows as Wladimir Putin is meant by `Putin`."""
    texts = ["Kran in Mekka\n\nEr fiel um, sagte Putin.", "Wladimir\n\nKran, Wladimir."]
    articles = [parse(text.encode(), f"{n}.txt") for n, text in enumerate(texts)]
    list(create(client, index, [(a.key, to_document(a, NOW, NOW)) for a in articles], refresh=True))
    assert ask("Wladimir Putin Kran").hits[0].headline == "Kran in Mekka"


def test_where_nothing_is_found_it_is_said_what_to_try(ask: Ask) -> None:
    results = ask("Xylophonist Quantenschaum")
    assert (results.total, results.hits, results.loosened) == (0, [], False)
    assert results.hints
    assert all(hint.startswith("Nothing was found. Try ") for hint in results.hints)


def test_an_unknown_name_has_its_nearest(ask: Ask) -> None:
    results = ask(people=("Wladimr Putin",))
    (unknown,) = results.did_you_mean
    assert (unknown.kind, unknown.name) == ("person", "Wladimr Putin")
    assert [(near.name, near.articles) for near in unknown.nearest] == [(PUTIN, 5)]
    assert results.total == 0


def test_a_canonical_name_is_asked_for_instead(ask: Ask) -> None:
    def canonical(field: str, name: str) -> str:
        return {("people", "Der Zar"): PUTIN}.get((field, name), name)

    assert ask(people=("Der Zar",)).total == 0
    assert ask(people=("Der Zar",), canonical=canonical).articles == 5
    assert ask("-person:„Der Zar“ place:Russland", canonical=canonical).articles == 0


def test_pages_neither_repeat_nor_miss(ask: Ask) -> None:
    whole = [hit.id for hit in ask("person:Putin OR place:Brüssel OR place:Gaza-Stadt").hits]
    parts = [
        hit.id
        for offset in range(0, 8, 2)
        for hit in ask(
            "person:Putin OR place:Brüssel OR place:Gaza-Stadt", size=2, offset=offset
        ).hits
    ]
    assert parts == whole
    assert len(whole) == 6


def test_all_pages_are_of_one_moment(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    seen = []
    with closing(pages(client, index, Query(people=("Putin",), size=2))) as each:
        for page in each:
            seen += [hit.id for hit in page.hits]
            new = {"people": [PUTIN], "headline": "später", "story": f"s{len(seen)}"}
            list(create(client, index, [(f"neu-{len(seen)}", new)], refresh=True))
    assert len(seen) == len(set(seen)) == 4
    assert not any(id_.startswith("neu") for id_ in seen)


def test_where_nothing_is_found_there_is_one_page_that_says_so(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    (page,) = pages(client, index, Query("Xylophonist"))
    assert page.total == 0
    assert page.hints


def test_a_page_without_hits_counts(client: Elasticsearch, index: str, ids: dict[str, str]) -> None:
    (page,) = pages(client, index, Query(people=("Putin",), size=0))
    assert (page.total, page.hits) == (4, [])


def test_articles_that_wait_for_enrichment_are_found_one_by_one(
    client: Elasticsearch, index: str, ask: Ask
) -> None:
    for key in "ab":
        document = {"headline": "Ein Flugboot ist da", "published_day": "2024-08-30"}
        list(create(client, index, [(key, document)], refresh=True))
    results = ask("Flugboot")
    assert (results.total, results.articles) == (2, 2)
    assert [(hit.story, hit.copies, hit.state) for hit in results.hits] == [("", 0, "")] * 2
    mixed = ask(size=3)
    assert {hit.id for hit in mixed.hits[:2]} == {"a", "b"}
    assert mixed.hits[2].story


def test_a_document_is_given_as_it_stands(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    document = get(client, index, ids["hanoi"])
    assert document
    assert (document["id"], document["people"]) == (ids["hanoi"], [PUTIN])
    assert get(client, index, "t-0") is None


@pytest.fixture
def move(client: Elasticsearch, index: str) -> Callable[[], None]:
    """One that waits gets its story, and another headline."""
    document = {"headline": "Ein Flugboot ist da", "published_day": "2024-08-30"}
    list(create(client, index, [("waits", document)], refresh=True))

    def moved() -> None:
        (stored,) = fetch_texts(client, index, ["waits"])
        fields = {"headline": "Das Flugboot ist weg", "story": "s1"}
        enriched(client, index, [Update(stored.id, stored.seq_no, stored.primary_term, fields)])
        client.indices.refresh(index=index)

    return moved


def test_what_gets_its_story_during_a_search_is_found_once(
    client: Elasticsearch,
    index: str,
    ids: dict[str, str],
    fake: FakeElasticsearch,
    move: Callable[[], None],
) -> None:
    """Between the request for stories and that for articles without: it is looked once more."""
    path = f"POST /{index}/_search"
    fake.before(path, lambda: fake.before(path, move))
    results = search(client, index, Query("Flugboot"))
    assert [(hit.id, hit.headline) for hit in results.hits] == [("waits", "Das Flugboot ist weg")]
    assert results.total == 1


def test_on_pages_it_stays_as_it_was(
    client: Elasticsearch,
    index: str,
    ids: dict[str, str],
    fake: FakeElasticsearch,
    move: Callable[[], None],
) -> None:
    fake.before("POST /_search", lambda: fake.before("POST /_search", move))
    (page,) = pages(client, index, Query("Flugboot"))
    assert [(hit.id, hit.headline) for hit in page.hits] == [("waits", "Ein Flugboot ist da")]


def test_what_waits_costs_one_request_more(
    client: Elasticsearch,
    index: str,
    ids: dict[str, str],
    fake: FakeElasticsearch,
    move: Callable[[], None],
) -> None:
    before = len(fake.asked)
    assert search(client, index, Query("Flugboot", newest=True)).total == 1
    assert fake.asked[before:] == [f"POST /{index}/_search"] * 2


def test_what_changes_during_a_search_is_looked_for_in_the_same_way(
    client: Elasticsearch,
    index: str,
    ids: dict[str, str],
    fake: FakeElasticsearch,
    move: Callable[[], None],
) -> None:
    """A point in time needs no second look for spellings."""
    path, before, moved = f"POST /{index}/_search", len(fake.asked), list[int]()
    query = Query("Flugbot", newest=True)
    assert search(client, index, query).total == 1
    requests = len(fake.asked) - before

    def at_last() -> None:
        move()
        moved.append(len(fake.asked))

    hook: Callable[[], None] = at_last
    for _ in range(requests - 1):
        hook = partial(fake.before, path, hook)
    fake.before(path, hook)
    assert search(client, index, query).total == 1
    assert fake.asked[moved[0] :] == [f"POST /{index}/_pit", "POST /_search", "DELETE /_pit"]
    assert requests > 3


def test_what_has_a_second_part_is_of_one_moment(
    client: Elasticsearch,
    index: str,
    ids: dict[str, str],
    fake: FakeElasticsearch,
    move: Callable[[], None],
) -> None:
    """Those with most of the words are asked for by themselves, and one may have all by then."""
    before = len(fake.asked)
    assert search(client, index, Query("Flugboot")).total == 1
    assert f"POST /{index}/_pit" in fake.asked[before:]


def test_where_each_hit_is_alone_a_search_is_one_request(
    client: Elasticsearch, index: str, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    before = len(fake.asked)
    assert search(client, index, Query("Hanoi")).hits
    assert fake.asked[before:] == [f"POST /{index}/_search"]


@pytest.mark.parametrize(
    "query",
    [
        Query("x" * 2001),
        Query(" ".join(f"w{n}" for n in range(301))),
        Query(size=-1),
        Query(offset=-1),
        Query(size=1, offset=10_000),
        Query(since="gestern"),
        Query(since="2024-13"),
        Query(since="2024-02", until="2024-01"),
        Query("person:"),
    ],
)
def test_what_cannot_be_asked_is_explained(client: Elasticsearch, index: str, query: Query) -> None:
    with pytest.raises(UsageError):
        search(client, index, query)


def test_a_server_away_and_a_query_that_it_cannot_take_are_told(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, ids: dict[str, str]
) -> None:
    fake.refuse("_search", 400, "search_phase_execution_exception")
    with pytest.raises(UsageError, match="cannot make sense"):
        search(client, index, Query("Putin"))
    fake.refuse("_search", 400, "search_phase_execution_exception")
    with pytest.raises(UsageError), closing(pages(client, index, Query("Putin"))) as each:
        next(each)
    fake.go_away("_search")
    with pytest.raises(ServiceUnavailable):
        search(client, index, Query("Putin"))
    assert any(line == "DELETE /_pit" for line in fake.asked)
    fake.come_back()
    with pytest.raises(UsageError, match="index create"):
        search(client, "nowhere", Query("Putin"))


def test_of_equally_near_words_the_one_that_fits_the_others_is_meant(
    ask: Ask, client: Elasticsearch, index: str
) -> None:
    """Angola is as near to Angla as Angela, and is written more often."""
    texts = [f"Angola {n}\n\nIn Angola wurde gewählt." for n in range(3)]
    texts.append("Kanzlerin\n\nAngela Merkel sprach in Bonn.")
    articles = [parse(text.encode(), f"{n}.txt") for n, text in enumerate(texts)]
    list(create(client, index, [(a.key, to_document(a, NOW, NOW)) for a in articles], refresh=True))
    assert ask("Angla").respelled == {"Angla": "angola"}
    for text in ("Angla Merkel", "Merkel Angla", "Angla Merkl"):
        results = ask(text)
        assert results.respelled["Angla"] == "angela"
        assert [hit.headline for hit in results.hits] == ["Kanzlerin"]
    assert ask("Angla Xyzzyqua").respelled == {"Angla": "angola"}
