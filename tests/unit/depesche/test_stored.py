"""A document back as the article and enrichment that it was made from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from articles.article import (
    Article,
    DateMention,
    Enrichment,
    Location,
    Mention,
    Published,
    Quote,
    Source,
)
from depesche.stored import to_stored
from indexing.writing.document import enrichment_fields, to_document

RECEIVED, INDEXED = "2024-06-19T10:00:00Z", "2024-06-19T10:01:00Z"
ARTICLE = Article(
    key="t-1",
    headline="Pakt geschlossen",
    kicker="Bündnis",
    lead="Ein Pakt.",
    body="BERLIN dpa | Erster Absatz.\n\nZweiter.",
    source=Source("a/b.txt", "b.txt", "00ff", 12, "text", "utf-8", ("odd",)),
    published=Published("2024-06", "month"),
    dateline_places=("BERLIN",),
    agencies=("dpa",),
    byline=("Hanna Reuter", "K. Lang"),
    language="de",
    url="https://example.org/1",
    signature=("k1", "k2"),
    minhash="m",
    parts=("pakt",),
)
ENRICHMENT = Enrichment(
    people=("Wladimir Putin",),
    organisations=("Nato",),
    places=("Moskau",),
    misc=("Olympia",),
    mentions=(
        Mention("PER", "Wladimir Putin", "Putins", "body", 3, 9, "Präsident", "Russland"),
        Mention("LOC", "Moskau", "Moskau", "lead", 0, 6),
    ),
    countries=("RU",),
    locations=((55.75, 37.62),),
    located=(
        Location("Moskau", "RU", "city", 55.75, 37.62),
        Location("Elba", "", "water", None, None),
    ),
    quotes=(Quote("Ein Satz", "direct", "Wladimir Putin", "PER", "sagte", "body", 0, 20),),
    dates=(
        DateMention("am Mittwoch", "day", "2024-06-19", "2024-06-19", "2024-06-19", "body", 1, 9),
    ),
    keyphrases=("Pakt",),
)


def document(article: Article = ARTICLE, enrichment: Enrichment | None = ENRICHMENT) -> Any:
    content = {
        "id": article.key,
        **to_document(article, "2024-06-19T10:00:00Z", "2024-06-19T10:01:00Z"),
    }
    if enrichment:
        content |= enrichment_fields(enrichment, "model+e3", "2024-06-19T10:02:00Z")
    return content


def test_what_goes_in_comes_out() -> None:
    stored = to_stored({**document(), "story": "s-1"})
    assert stored.article == ARTICLE
    assert stored.enrichment == ENRICHMENT
    assert (stored.id, stored.state, stored.story) == ("t-1", "enriched", "s-1")
    assert (stored.pipeline, stored.error) == ("model+e3", "")
    assert stored.source == ARTICLE.source
    assert (stored.received_at, stored.indexed_at) == (
        "2024-06-19T10:00:00Z",
        "2024-06-19T10:01:00Z",
    )


def test_a_pending_article_with_the_least_there_can_be() -> None:
    article = Article("t-2", "Nur dies", replace(ARTICLE.source, warnings=()))
    stored = to_stored(document(article, None))
    assert stored.article == article
    assert stored.enrichment == Enrichment()
    assert stored.state == "pending"


def test_a_failed_one_says_why() -> None:
    content = document(enrichment=None)
    content["enrichment"] = {"state": "failed", "error": "it took too long", "attempts": 3}
    stored = to_stored(content)
    assert (stored.state, stored.error, stored.pipeline) == ("failed", "it took too long", "")


def test_records_of_another_pipeline_are_no_fault() -> None:
    content = document()
    content["quotes"].append({"text": "alt", "speaker": "Putin", "cue": "sagte"})  # mapping 1
    content["mentions"] = [{**content["mentions"][0], "newer": True}]
    content["agency"] = "dpa"  # an array of one, as another program may have written it
    stored = to_stored(content)
    assert stored.enrichment.quotes == ENRICHMENT.quotes
    assert stored.enrichment.mentions == ENRICHMENT.mentions[:1]
    assert stored.article.agencies == ("dpa",)


@pytest.mark.parametrize("name", ["mentions", "quotes", "dates", "located", "locations"])
def test_a_single_record_may_stand_without_brackets(name: str) -> None:
    content = document()
    content[name] = content[name][:1]
    assert content[name]
    assert to_stored(content | {name: content[name][0]}) == to_stored(content)
