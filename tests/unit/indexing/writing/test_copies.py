"""Which sites have a file of an article: the first copy of each, and never its own again."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Copy
from indexing.writing.copies import copies_of, note, sites_of, with_copy
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch

sites = st.sampled_from(["hamburg", "bremen", "kiel"])


@given(st.lists(sites, max_size=8))
def test_each_site_is_there_once_and_the_first_copy_of_it_stays(came: list[str]) -> None:
    document = {"source": {"site": "hamburg"}, "copies": list[object]()}
    for number, site in enumerate(came):
        if lines := with_copy(document, Copy(site, f"{number}.txt")):
            document["copies"] = lines
    kept = copies_of(document)
    others = list(dict.fromkeys(site for site in came if site != "hamburg"))
    assert [copy.site for copy in kept] == others
    assert [copy.path for copy in kept] == [f"{came.index(site)}.txt" for site in others]
    assert sites_of(document) == {"hamburg", *came}


def test_of_a_document_without_a_site_nothing_is_concluded() -> None:
    assert with_copy({"source": {"path": "a.txt"}}, Copy("bremen")) is None


def test_the_site_of_an_earlier_text_is_known() -> None:
    document = {"source": {"site": "hamburg"}, "history": [{"number": 1, "site": "kiel"}]}
    assert with_copy(document, Copy("kiel")) is None


@pytest.mark.parametrize("wrong", [None, [], {}, [{}], [{"site": ""}], {"path": "a"}])
def test_what_names_no_site_is_no_copy(wrong: object) -> None:
    assert copies_of({"copies": wrong}) == []


def test_copies_are_written_once_also_of_two_at_once(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    list(create(client, index, [("a", {"headline": "H", "source": {"site": "hamburg"}})]))
    came = [("a", Copy("bremen", "1")), ("a", Copy("kiel", "2")), ("a", Copy("bremen", "3"))]
    assert note(client, index, [*came, ("gone", Copy("kiel"))]) == {}
    kept = copies_of(fake.source("a"))
    assert [(copy.site, copy.path) for copy in kept] == [("bremen", "1"), ("kiel", "2")]
