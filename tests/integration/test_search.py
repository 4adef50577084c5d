"""Searching German text on a real Elasticsearch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.article import Article, Enrichment, Published, Source
from articles.errors import UsageError
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.highlights import Highlight
from indexing.searching.search import Bucket, Query, Results, get, search
from indexing.searching.suggest import suggest
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.write import create

NOW = "2026-01-01T00:00:00+00:00"


def article(key: str, headline: str, body: str, published: Published, **more: Any) -> Article:
    source = Source(f"{key}.txt", f"{key}.txt", "ab" * 32, 3, "text", "utf-8")
    return Article(
        key=key, headline=headline, body=body, published=published, source=source, **more
    )


ARTICLES = {
    "pakt": (
        article(
            "pakt",
            "Russland und Nordkorea schließen einen Vertrag",
            "Die beiden Staaten wollen sich beistehen. Die Verträge gelten sofort. "
            "Beobachter in Seoul sind besorgt.",
            Published("2024-06-19", "day"),
            kicker="Moskau und Pjöngjang",
            lead="Wladimir Putin besucht Kim Jong Un.",
            agencies=("dpa",),
            subjects=("Außenpolitik", "Krieg, Konflikte und Frieden"),
            genre=("Bericht",),
        ),
        Enrichment(
            people=("Wladimir Putin", "Kim Jong Un"), places=("Nordkorea", "Russland", "Seoul")
        ),
    ),
    "muenchen": (
        article(
            "muenchen",
            "Neue Straße in München",
            "Der Stadtrat von München hat einen Vertrag gebilligt. Die Strasse wird breiter.",
            Published("2024-06", "month"),
            agencies=("dpa", "afp"),
        ),
        Enrichment(people=("Anna Putin-Müller",), organisations=("SPD",), places=("München",)),
    ),
    "haushalt": (
        article(
            "haushalt",
            "Streit über den Haushalt",
            "Im Bundestag wurde über den Vertrag der Koalition gestritten. Der Kanzler schwieg.",
            Published("2023", "year"),
        ),
        Enrichment(people=("Putin",), organisations=("SPD", "SPD Berlin"), places=("Berlin",)),
    ),
    "kurz": (
        article("kurz", "Kurz gemeldet", "Nichts Neues.", Published("2024-07-01", "day")),
        Enrichment(people=("Angela Merkel", "Kim Schmidt"), places=("Berlin-Mitte",)),
    ),
    "vertragen": (
        article(
            "vertragen",
            "Sport am Sonntag",
            "Die Trainer unterschrieben ihre Verträge.",
            Published("2024-05-31", "day"),
        ),
        Enrichment(),
    ),
}


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"depesche-test-{uuid4().hex}"
    create_index(client, alias)
    documents = [
        (key, to_document(text, NOW, NOW) | enrichment_fields(names, "p1", NOW))
        for key, (text, names) in ARTICLES.items()
    ]
    documents.append(("undatiert", {"headline": "Ohne Datum", "body": "Kein Vertrag."}))
    assert {fate.result for fate in create(client, alias, documents)} == {"created"}
    client.indices.refresh(index=alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


class Archive:
    """The index with its client: ``ids`` gives ids, best first."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self.client, self.index = client, index

    def search(self, text: str = "", **filters: Any) -> Results:
        return search(self.client, self.index, Query(text, **filters))

    def ids(self, text: str = "", **filters: Any) -> list[str]:
        return [hit.id for hit in self.search(text, **filters).hits]


@pytest.fixture
def archive(client: Elasticsearch, index: str) -> Archive:
    return Archive(client, index)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Staaten beistehen", {"pakt"}),
        ("Staat", {"pakt"}),
        ("Stadträte", {"muenchen"}),
        ("STADTRAT", {"muenchen"}),
        ("Muenchen", {"muenchen"}),
        ("Munchen", {"muenchen"}),
        ("München", {"muenchen"}),
        ("Strasse", {"muenchen"}),
        ("Straßen", {"muenchen"}),
        ("Pjoengjang", {"pakt"}),
        ("Putin Seoul", {"pakt"}),
        ("der Kanzler", {"haushalt"}),
        ("Vertrag -München", {"pakt", "haushalt", "vertragen", "undatiert"}),
        ('Vertrag -"der Koalition"', {"pakt", "muenchen", "vertragen", "undatiert"}),
        ("-Vertrag", {"kurz"}),
        ('"Vertrag gebilligt"', {"muenchen"}),
        ("„Vertrag der Koalition“", {"haushalt"}),
        ('"Vertrag Koalition"', set()),
        ('"Verträge gebilligt"', set()),
        ('"von München" Stadtrat', {"muenchen"}),
        ("über den", {"haushalt"}),
        ("Einhorn", set()),
        ("Vertrag Einhorn", set()),
        ("!!!", set()),
        ('"', set()),
        ("( and ) or not * ? ~ \\ [ } : / ^", set()),
    ],
)
def test_words_phrases_and_exclusions_find_what_they_should(
    archive: Archive, text: str, expected: set[str]
) -> None:
    hits = archive.search(text).hits
    assert {hit.id for hit in hits if not hit.loosened} == expected


def test_the_form_as_written_beats_another_and_the_headline_beats_the_body(
    archive: Archive,
) -> None:
    # `pakt` has it in headline and body, `vertragen` as written, the others inflected.
    assert archive.ids("Verträge")[:2] == ["pakt", "vertragen"]
    assert archive.ids("Vertrag")[0] == "pakt"
    assert archive.ids("Vertrag")[-1] == "vertragen"
    assert set(archive.ids("Vertrag")) == set(archive.ids("Verträge"))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"people": ("Wladimir Putin",)}, {"pakt"}),
        ({"people": ("wladimir putin",)}, {"pakt"}),
        ({"people": ("Putin",)}, {"pakt", "muenchen", "haushalt"}),
        ({"people": ("Putin", "Kim Jong Un")}, {"pakt"}),
        ({"people": ("Kim",)}, {"pakt", "kurz"}),
        ({"people": ("Mueller",)}, {"muenchen"}),
        ({"people": ("Angela Schmidt",)}, set()),
        ({"people": ("Merkel, Angela",)}, {"kurz"}),
        ({"people": ("",)}, set()),
        ({"organisations": ("SPD",)}, {"muenchen", "haushalt"}),
        ({"organisations": ("SPD Berlin",)}, {"haushalt"}),
        ({"places": ("Berlin",)}, {"haushalt"}),
        ({"places": ("Mitte",)}, {"kurz"}),
        ({"places": ("muenchen",)}, {"muenchen"}),
        ({"places": ("Seoul",), "people": ("Putin",)}, {"pakt"}),
        ({"quoted": ("Putin",)}, set()),
        ({"text": "person:Putin place:Seoul"}, {"pakt"}),
        ({"text": 'Vertrag person:"Wladimir Putin" agency:dpa in:2024-06'}, {"pakt"}),
        ({"text": "subject:aussenpolitik genre:bericht"}, {"pakt"}),
        ({"text": "Vertrag subject:Konflikte"}, {"pakt"}),
        ({"text": "Vertrag person:Putin -subject:Außenpolitik"}, {"muenchen", "haushalt"}),
        ({"text": "Vertrag -person:Putin"}, {"undatiert", "vertragen"}),
        ({"text": "Vertrag", "people": ("Putin",), "places": ("Berlin",)}, {"haushalt"}),
    ],
)
def test_names_filter_by_canonical_name_or_part(
    archive: Archive, filters: dict[str, Any], expected: set[str]
) -> None:
    assert set(archive.ids(**filters)) == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2024-06-19", "2024-06-19", {"pakt", "muenchen"}),
        ("2024-06-01", "2024-06-01", {"muenchen"}),
        ("2024-06", "2024-06", {"pakt", "muenchen"}),
        ("2024-06-20", None, {"muenchen", "kurz"}),
        ("2024-07-01", None, {"kurz"}),
        (None, "2024-05-31", {"haushalt", "vertragen"}),
        (None, "2023-02", {"haushalt"}),
        ("2023-12-31", "2024-05", {"haushalt", "vertragen"}),
        ("2024", "2024", {"pakt", "muenchen", "kurz", "vertragen"}),
        ("2025", "9999", set()),
    ],
)
def test_a_date_of_lesser_precision_fits_wherever_it_overlaps(
    archive: Archive, since: str | None, until: str | None, expected: set[str]
) -> None:
    assert set(archive.ids(since=since, until=until)) == expected


def test_the_latest_come_first_when_asked(archive: Archive) -> None:
    by_rank, newest = archive.ids("Vertrag"), archive.ids("Vertrag", newest=True)
    assert newest == ["pakt", "muenchen", "vertragen", "haushalt", "undatiert"]
    assert set(newest) == set(by_rank)
    assert newest != by_rank


def test_without_a_text_the_latest_comes_first(archive: Archive) -> None:
    assert archive.ids() == ["kurz", "pakt", "muenchen", "vertragen", "haushalt", "undatiert"]
    assert archive.search().hits[0].score == 0


def test_pages_do_not_overlap_and_the_total_stays(archive: Archive) -> None:
    first, second = (archive.search("Vertrag", size=3, offset=offset) for offset in (0, 3))
    assert [len(first.hits), len(second.hits)] == [3, 2]
    assert first.total == second.total == 5
    assert not {hit.id for hit in first.hits} & {hit.id for hit in second.hits}
    assert archive.search("Vertrag", size=0).hits == []


def test_a_hit_tells_what_a_list_needs(archive: Archive) -> None:
    (hit,) = archive.search("Stadtrat").hits
    assert (hit.headline, hit.kicker, hit.published) == ("Neue Straße in München", "", "2024-06")
    assert (hit.people, hit.organisations) == (["Anna Putin-Müller"], ["SPD"])
    assert (hit.places, hit.state) == (["München"], "enriched")
    assert hit.score > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vertrag", ["Die <em>Verträge</em> gelten sofort."]),
        ('"die Verträge"', ["<em>Die Verträge</em> gelten sofort."]),
        ("gilt gelten", []),
        (
            "Kim Beobachter",
            [
                "Wladimir Putin besucht <em>Kim</em> Jong Un.",
                "<em>Beobachter</em> in Seoul sind besorgt.",
            ],
        ),
        ("Nordkorea", ["Russland und <em>Nordkorea</em> schließen einen Vertrag"]),
        ("Pjöngjang", ["Moskau und <em>Pjöngjang</em>"]),
    ],
)
def test_highlights_are_whole_sentences_with_the_form_that_matched(
    archive: Archive, text: str, expected: list[str]
) -> None:
    hits = {hit.id: hit for hit in archive.search(text).hits if not hit.loosened}
    shown = hits["pakt"].highlights if "pakt" in hits else []
    assert [highlight.html() for highlight in shown] == expected


def test_the_caller_chooses_the_tags(archive: Archive) -> None:
    (highlight,) = archive.search("Stadtrat").hits[0].highlights
    assert highlight.html("[", "]") == "Der [Stadtrat] von München hat einen Vertrag gebilligt."


def test_without_a_text_the_name_is_shown(archive: Archive) -> None:
    (hit,) = archive.search(places=("Seoul",)).hits
    assert hit.highlights == [Highlight("Beobachter in Seoul sind besorgt.", ((14, 19),))]
    (hit,) = archive.search("-Vertrag").hits
    assert hit.highlights == []


def test_facets_follow_the_query(archive: Archive) -> None:
    facets = archive.search("Vertrag").facets
    assert facets["agency"] == [Bucket("dpa", 2), Bucket("afp", 1)]
    assert Bucket("Außenpolitik", 1) in facets["subjects"]
    assert facets["organisations"][0] == Bucket("SPD", 2)
    # The one of 2023 is known by its year only: it belongs to no month.
    assert facets["month"] == [Bucket("2024-06", 2), Bucket("2024-05", 1)]
    assert Bucket("Angela Merkel", 1) not in facets["people"]
    facets = archive.search("Vertrag", people=("Wladimir Putin",)).facets
    assert facets["places"] == [
        Bucket("Nordkorea", 1),
        Bucket("Russland", 1),
        Bucket("Seoul", 1),
    ]
    assert archive.search("Einhorn").facets["people"] == []


@pytest.mark.parametrize(
    "query",
    [
        Query(" ".join(f"w{n}" for n in range(300))),
        Query("a " * 1000),
        Query('"' * 2000),
        Query("-" * 2000),
        Query("-a " * 600),
        Query("\x00 \ud7ff 😀"),
        Query("x" * 2000, people=("y" * 2000,)),
        Query(people=tuple(f"Name {n}" for n in range(200))),
    ],
)
def test_odd_queries_are_answered(archive: Archive, query: Query) -> None:
    assert search(archive.client, archive.index, query).total >= 0


def test_a_missing_index_says_what_to_do(client: Elasticsearch) -> None:
    missing = f"depesche-test-{uuid4().hex}"
    with pytest.raises(UsageError, match="depesche index create"):
        search(client, missing, Query("x"))
    with pytest.raises(UsageError, match="depesche index create"):
        get(client, missing, "1")


def test_one_article_is_given_with_everything(archive: Archive) -> None:
    document = get(archive.client, archive.index, "muenchen")
    assert document
    assert document["id"] == "muenchen"
    assert document["published"] == "2024-06"
    assert document["places"] == ["München"]
    assert get(archive.client, archive.index, "einhorn") is None


def test_a_text_of_five_million_characters_can_be_found(client: Elasticsearch) -> None:
    index = f"depesche-test-{uuid4().hex}"
    create_index(client, index)
    try:
        body = "Anfangswort " + "Haus und Hof. " * 360_000 + "Schlusswort"
        assert len(body) > 5_000_000
        (fate,) = create(client, index, [("gross", {"headline": "Groß", "body": body})])
        assert fate.result == "created", fate.reason
        client.indices.refresh(index=index)
        assert [hit.id for hit in search(client, index, Query("Schlusswort")).hits] == ["gross"]
        (hit,) = search(client, index, Query("Anfangswort")).hits
        assert hit.highlights == [Highlight("Anfangswort Haus und Hof.", ((0, 11),))]
        (hit,) = search(client, index, Query('"Haus und Hof"')).hits
        assert hit.highlights
    finally:
        client.indices.delete(index=f"{index}-v{MAPPING_VERSION}")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("put", "person", ["Anna Putin-Müller", "Putin", "Wladimir Putin"]),
        ("wlad pu", "person", ["Wladimir Putin"]),
        ("munch", "place", ["München"]),
        ("spd", "organisation", ["SPD", "SPD Berlin"]),
        (".*", "person", []),
        ("x_[", "person", []),
    ],
)
def test_names_are_completed(archive: Archive, text: str, kind: str, expected: list[str]) -> None:
    names = suggest(archive.client, archive.index, text, kind)
    assert sorted(name for name, _ in names) == expected
    assert all(count >= 1 for _, count in names)
