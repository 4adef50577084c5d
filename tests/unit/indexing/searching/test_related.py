"""What else a word of a query is found by, and the clauses for it."""

from __future__ import annotations

import json

from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from extraction.formats.parse import parse
from indexing.searching.query import Query, as_written, clauses, looser
from indexing.searching.related import Related, related, related_words
from indexing.searching.related_queries import finding, scoring
from indexing.searching.search import search
from indexing.writing.document import to_document
from indexing.writing.write import create


def kinds(word: str) -> set[tuple[str, str]]:
    return {(way.kind, way.said) for way in related(word)}


def text_of(query: str) -> str:
    return json.dumps(clauses(Query(query), []), ensure_ascii=False)


def test_a_word_has_its_family_equal_words_and_spellings() -> None:
    assert ("family", "festnehmen") in kinds("Festnahme")
    assert kinds("Jänner") == {("regional", "Januar")}
    assert ("abbreviation", "Lastwagen") in kinds("Lkw")
    assert kinds("Ovechkin") == {("spelling", "Ovechkin")}
    assert kinds("Haus") == kinds("Nuklear*") == kinds("2024") == set()


def test_the_last_part_of_a_compound_has_a_family_and_every_part_equal_words() -> None:
    assert ("family", "fälschen") in kinds("Wahlfälschung")
    assert all(way.beside == ("Wahl",) for way in related("Wahlfälschung"))
    assert ("family", "austreten") in kinds("EU-Austritt")
    assert kinds("Spitalsarzt") == {("regional", "Krankenhaus")}


def test_a_noun_that_is_no_kind_of_its_last_part_has_a_family_of_its_own() -> None:
    assert ("family", "freisprechen") in kinds("Freispruch")
    assert ("family", "töten") in kinds("Tote")


def test_synonyms_are_asked_for_only_where_not_all_words_are_found() -> None:
    strict, loose = (related_words(["Busunglück"], as_written, loosely=x) for x in (False, True))
    unfall = Related("synonym", "Unfall", word="Unfall", beside=("Bus",))
    assert unfall in loose["Busunglück"]
    assert unfall not in strict.get("Busunglück", ())
    assert [len(looser(Query(text))) for text in ("Konkurs", "Nashorn", "Konkurs AND Bank")] == [
        2,
        0,
        0,
    ]


def test_a_name_alone_may_stand_in_the_text_and_an_agency_may_not() -> None:
    assert looser(Query("place:Xanten")) == looser(Query(places=("Xanten",))) == ("most",)
    assert looser(Query("agency:dpa")) == looser(Query("quoted:Merkel")) == ()
    asked = json.dumps(clauses(Query("place:Xanten"), [{"term": {"places": "Xanten"}}], "most"))
    assert '"multi_match": {"query": "Xanten", "type": "phrase"' in asked


def test_a_form_that_is_another_word_without_umlauts_is_left_out() -> None:
    (way,) = (way for way in related("Fälschung") if way.forms)
    assert "gefälscht" in way.forms
    assert "fälschen" not in way.forms


def test_phrases_exclusions_alternatives_near_and_all_who_say_and_mean_the_word_itself() -> None:
    asked = ['"Festnahme"', "Krieg -Festnahme", "Festnahme OR Krieg", "Festnahme near Krieg"]
    assert not [query for query in [*asked, "Krieg AND Festnahme"] if "genommen" in text_of(query)]
    assert "festgenommen" in text_of("Festnahme")
    assert "festgenommen" in text_of("Festnahme Krieg")


def test_a_long_name_finds_those_that_have_the_acronym_alone() -> None:
    named = Related("abbreviation", "Technisches Hilfswerk", field="organisations")
    ways = related_words(["Technisches", "Hilfswerk", "Hochwasser"], as_written)
    assert named in ways["Technisches"]
    assert named in ways["Hilfswerk"]
    assert named not in ways.get("Hochwasser", ())
    for words in ("Barack Obama", "Kontrollen Grenze", "technisches Hilfswerk"):
        found = related_words(words.split(), as_written)
        assert not [way for ways in found.values() for way in ways if way.field == "organisations"]


def test_an_acronym_is_found_in_the_capitals_that_the_archive_has() -> None:
    asked = json.dumps(finding(Related("abbreviation", "Ödp", field="organisations")))
    assert all(json.dumps(form) in asked for form in ("Ödp", "ÖDP", "ödp"))


def test_a_verb_is_found_in_two_parts_in_their_order() -> None:
    (way,) = related("Festnahme")
    assert '"ordered": true' in json.dumps(finding(way)).lower()
    assert "nahm" in way.apart


def test_parts_of_a_compound_stand_near_or_apart() -> None:
    way = next(way for way in related("Wahlfälschung") if way.forms)
    assert "intervals" in finding(way)
    assert "intervals" not in json.dumps(finding(way, apart=True))


def test_words_in_a_row_may_name_a_person_or_an_organisation() -> None:
    def canonical(_field: str, name: str) -> str:
        return {"Europäische Zentralbank": "EZB"}.get(name, name)

    ways = related_words(["Barack", "Obama", "Europäische", "Zentralbank"], canonical)
    assert Related("name", "Barack Obama", field="people") in ways["Barack"]
    assert Related("name", "Obama", field="people") in ways["Barack"]
    assert Related("abbreviation", "EZB", field="organisations") in ways["Zentralbank"]
    ezb = related_words(["EZB"], as_written)
    assert Related("abbreviation", "EZB", field="organisations") in ezb["EZB"]


def test_nouns_in_a_row_are_nobody() -> None:
    assert not related_words(["Vertrag", "Krieg"], as_written)


def test_what_is_related_ranks_below_the_word() -> None:
    ways = [way for word in ("Festnahme", "Jänner", "EU-Austritt") for way in related(word)]
    assert all(scoring(way)["bool"]["boost"] < 1 for way in ways)


@given(st.lists(st.text("abcÄßzOvin-.*", min_size=1), max_size=40))
def test_a_query_of_any_words_stays_small(words: list[str]) -> None:
    ways = related_words(words, as_written)
    assert sum(map(len, ways.values())) < 200
    for way in (way for each in ways.values() for way in each):
        json.dumps([finding(way), finding(way, apart=True), scoring(way)])


def test_a_search_marks_what_a_word_is_found_by_and_says_so(
    client: Elasticsearch, index: str
) -> None:
    text = b" date 2024-06-20 Amt : Bericht\n\nDie Polizei hat ihn festgenommen.\n"
    document = to_document(parse(text, "a.txt"), "2024-06-20T00:00:00Z", "2024-06-20T00:00:00Z")
    list(create(client, index, [("a", document)], refresh=True))
    (hit,) = search(client, index, Query("Festnahme")).hits
    assert [(reason.kind, reason.found) for reason in hit.reasons] == [("family", "festgenommen")]
