"""Articles and enrichments as documents."""

from dataclasses import replace

from articles.article import (
    Article,
    DateMention,
    Enrichment,
    Mention,
    Published,
    Quote,
    Source,
)
from articles.fields import BY_NAME
from indexing.index.mapping import mappings
from indexing.writing.document import _MADE, MOST, enrichment_fields, to_document

SOURCE = Source("a/b.txt", "b.txt", "00" * 32, 12, "text", "cp1252", ("decoded as cp1252",))
ARTICLE = Article(
    key="k",
    headline="Vertrag unterzeichnet",
    source=SOURCE,
    kicker="Europa",
    lead="Der Lead.",
    body="Der Text.",
    published=Published("2024-06", "month"),
    dateline_places=("MOSKAU", "BERLIN"),
    agencies=("dpa",),
    byline=("Anna Beispiel",),
    language="de",
    url="https://example.org/1",
)
TIMES = ("2026-01-01T00:00:00.123456+00:00", "2026-01-01T00:00:01+00:00")


def test_a_full_article_keeps_everything_and_is_pending() -> None:
    document = to_document(ARTICLE, *TIMES)
    assert document["kicker"] == "Europa"
    assert document["published"] == "2024-06"
    assert document["published_precision"] == "month"
    assert document["published_range"] == {"gte": "2024-06-01", "lt": "2024-07-01"}
    assert document["dateline_place"] == ["MOSKAU", "BERLIN"]
    assert document["agency"] == ["dpa"]
    assert document["source"]["warnings"] == ["decoded as cp1252"]
    assert document["received_at"] == "2026-01-01T00:00:00.123456+00:00"
    assert document["enrichment"] == {"state": "pending", "attempts": 0}


def test_what_an_article_lacks_is_left_out() -> None:
    document = to_document(Article(key="k", headline="H", source=SOURCE), *TIMES)
    times = {"received_at", "shown_at", "indexed_at"}
    assert set(document) == {"headline", "source", "enrichment", *times}


def test_an_article_stands_by_its_publication_or_by_its_receipt() -> None:
    assert to_document(ARTICLE, *TIMES)["shown_at"] == "2024-06"
    doubted = replace(ARTICLE, published=Published("2124-06-19", "day", doubted=True))
    for undated in (doubted, replace(ARTICLE, published=None)):
        assert to_document(undated, *TIMES)["shown_at"] == TIMES[0]


def test_only_what_is_a_part_of_its_article_says_so() -> None:
    part = Article(key="k", headline="H", source=SOURCE, partial=True)
    assert to_document(part, *TIMES)["partial"] is True


def test_an_empty_enrichment_still_replaces_every_array() -> None:
    fields = enrichment_fields(Enrichment(), "p1", TIMES[0])
    assert [fields[name] for name in ("people", "organisations", "places", "misc", "mentions")] == (
        [[]] * 5
    )
    assert fields["enrichment"]["state"] == "enriched"
    assert fields["enrichment"]["error"] is None


def test_mentions_are_written_whole() -> None:
    mention = Mention("PER", "Wladimir Putin", "Putins", "body", 3, 9)
    fields = enrichment_fields(
        Enrichment(people=("Wladimir Putin",), mentions=(mention,)), "p1", TIMES[0]
    )
    assert fields["mentions"] == [
        {
            "label": "PER",
            "name": "Wladimir Putin",
            "surface": "Putins",
            "field": "body",
            "start": 3,
            "end": 9,
            "role": "",
            "role_of": "",
        }
    ]


def test_every_field_that_is_written_is_in_the_strict_mapping() -> None:
    known = mappings()["properties"]
    written = to_document(ARTICLE, *TIMES) | enrichment_fields(Enrichment(), "p1", TIMES[0])
    assert set(written) <= set(known)
    assert set(written["source"]) <= set(known["source"]["properties"])
    assert set(written["enrichment"]) <= set(known["enrichment"]["properties"])


def test_of_very_many_mentions_the_first_are_kept() -> None:
    many = (Mention("PER", "A", "A", "body", 0, 1),) * (MOST + 1)
    assert len(enrichment_fields(Enrichment(mentions=many), "p1", TIMES[0])["mentions"]) == MOST


def test_the_meaning_is_whole_or_not_there() -> None:
    assert "meaning" not in enrichment_fields(Enrichment(), "p1", TIMES[0])
    fields = enrichment_fields(Enrichment(meaning=(0.5, 0.5)), "p1", TIMES[0])
    assert fields["meaning"] == [0.5, 0.5]


def test_what_is_made_of_several_values_is_made_for_fields_that_exist() -> None:
    assert _MADE.keys() <= BY_NAME.keys()
    dates = (
        DateMention("Mittwoch", "day", "2024-06-19", "2024-06-19", "2024-06-19", "body", 0, 8),
        DateMention("am Mittwoch", "day", "2024-06-19", "2024-06-19", "2024-06-19", "body", 9, 20),
        DateMention("bald", "vague", "FUTURE_REF", "", "", "body", 21, 25),
    )
    quotes = tuple(
        Quote("Ja.", "direct", speaker, label, "sagte", "body", 0, 3)
        for speaker, label in (("B", "PER"), ("A", "PER"), ("A", "PER"), ("Nato", "ORG"))
    )
    read = Enrichment(dates=dates, quotes=quotes, locations=((1.0, 2.0),))
    fields = enrichment_fields(read, "p1", TIMES[0])
    assert fields["mentioned_dates"] == [{"gte": "2024-06-19", "lte": "2024-06-19"}]
    assert fields["quoted_people"] == ["A", "B"]
    assert fields["locations"] == [{"lat": 1.0, "lon": 2.0}]
    assert [date["surface"] for date in fields["dates"]] == ["Mittwoch", "am Mittwoch", "bald"]


def test_of_very_many_names_the_first_are_kept() -> None:
    names = tuple(f"Name {number}" for number in range(MOST + 1))
    enrichment = Enrichment(people=names, organisations=names, places=names, misc=names)
    fields = enrichment_fields(enrichment, "p1", TIMES[0])
    for kind in ("people", "organisations", "places", "misc"):
        assert fields[kind] == list(names[:MOST])
