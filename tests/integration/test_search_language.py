"""OR, near, unknown names, other names and whole sentences, on a real Elasticsearch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.article import Enrichment
from articles.errors import UsageError
from extraction.formats.parse import parse
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.export import find
from indexing.searching.search import Nearest, Query, Results, Unknown, search
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.write import create
from tests.commands import Command
from tests.hand_made import PUTIN, fill
from tests.processes import Processes
from worker.container import Container

NOW = "2026-01-01T00:00:00+00:00"
FAR = "und dann noch viel mehr Worte " * 5
TEXTS = {
    "nah": "Gipfel\n\nKim Jong Un unterschrieb in Seoul die neuen Verträge. Viele lobten das.",
    "fern": f"Reise\n\nKim Jong Un kam an. {FAR} Von Verträgen sprach keiner.",
    "pakt": "Bündnis\n\nIm Museum wurde der Verteidigungspakt gefeiert, in Köln.",
    "museen": f"Kultur\n\nDie Museen öffnen. {FAR} Der Pakt steht.",
    "tag": "Datum\n\nDer Pakt wurde am 28. Januar von Dr. Angela Merkel, z. B. in Köln, besiegelt.",
}
NAMES = {
    "nah": Enrichment(people=("Kim Jong Un",), places=("Seoul",)),
    "fern": Enrichment(people=("Kim Jong Un", "Angela Merkel"), organisations=("Grüne",)),
    "tag": Enrichment(people=("Angela Merkel", "Angelika Merk"), places=("Köln",)),
}


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-query-{uuid4().hex}"
    create_index(client, alias)
    documents = []
    for key, text in TEXTS.items():
        document = to_document(parse(text.encode(), f"{key}.txt"), NOW, NOW)
        names = NAMES.get(key, Enrichment())
        document |= enrichment_fields(names, "p1", NOW) | {"agency": ["dpa"]}
        documents.append((key, document))
    assert {fate.result for fate in create(client, alias, documents)} == {"created"}
    client.indices.refresh(index=alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


MERKEL = Nearest("person", "Angela Merkel", 2)
MERK = Nearest("person", "Angelika Merk", 1)


def ids(results: Results) -> set[str]:
    return {hit.id for hit in results.hits}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Kim Jong Un" near Vertrag', {"nah"}),
        ("Vertrag near Kim", {"nah"}),
        ("Kim near Seoul near Verträge", {"nah"}),
        ("Kim Vertrag", {"nah", "fern"}),
        ("Pakt near Museen", {"pakt"}),
        ("Museum near Verteidig*", {"pakt"}),
        ("Koeln near Pakt", {"pakt", "tag"}),
        ('"der Verteidigungspakt" near Köln', {"pakt"}),
        ('"Un Kim" near Vertrag', set()),
        ("Gipfel near Kim", set()),
        ("Museum OR Seoul", {"nah", "pakt", "museen"}),
        ('Köln OR Seoul -"Dr. Angela"', {"nah", "pakt"}),
        ('"Jong Un" OR "am 28. Januar"', {"nah", "fern", "tag"}),
        ("person:Merkel OR place:Seoul", {"nah", "fern", "tag"}),
        ("Kim person:Merkel OR in:2024", {"fern"}),
        ("Museum AND Köln", {"pakt"}),
        ("Köln NOT Museum", {"tag"}),
    ],
)
def test_operators(client: Elasticsearch, index: str, text: str, expected: set[str]) -> None:
    assert ids(search(client, index, Query(text))) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Januar", "am 28. <em>Januar</em> von Dr. Angela"),
        ("Merkel Pakt", "Der <em>Pakt</em> wurde am 28. Januar von Dr. Angela <em>Merkel</em>, z."),
        ("Januar near Köln", "<em>Januar</em> von Dr. Angela Merkel, z. B. in <em>Köln</em>, b"),
        ("Seoul OR Januar", "am 28. <em>Januar</em> von"),
    ],
)
def test_a_sentence_is_shown_whole(
    client: Elasticsearch, index: str, text: str, shown: str
) -> None:
    hits = {hit.id: hit for hit in search(client, index, Query(text)).hits}
    sentence, *others = [highlight.html() for highlight in hits["tag"].highlights]
    assert not others
    assert shown in sentence
    assert sentence.startswith("Der ")
    assert sentence.endswith("besiegelt.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('person:"Angla Merkel"', Unknown("person", "Angla Merkel", [MERKEL])),
        ("person:Merkl", Unknown("person", "Merkl", [MERKEL, MERK])),
        ("place:Söul", Unknown("place", "Söul", [Nearest("place", "Seoul", 1)])),
        ('place:"Angela Merkel"', Unknown("place", "Angela Merkel", [MERKEL])),
        ("agency:dpaa", Unknown("agency", "dpaa", [Nearest("agency", "dpa", 5)])),
        ("person:Xylophon", Unknown("person", "Xylophon", [])),
    ],
)
def test_an_unknown_name_is_said_and_the_nearest_is_given(
    client: Elasticsearch, index: str, text: str, expected: Unknown
) -> None:
    results = search(client, index, Query(text))
    assert results.total == 0
    assert results.did_you_mean == [expected]
    assert f"“{expected.name}”" in results.hints[0]
    assert find(client, index, Query(text)).did_you_mean == (expected,)


@pytest.mark.parametrize("text", ["Pakt -person:Merkl", "Pakt person:Merkl OR Museum"])
def test_unknown_names_beside_others_are_said_too(
    client: Elasticsearch, index: str, text: str
) -> None:
    results = search(client, index, Query(text))
    assert results.total > 0
    assert results.did_you_mean == [Unknown("person", "Merkl", [MERKEL, MERK])]
    assert "Angela Merkel" in results.hints[0]


def test_known_names_are_not_doubted(client: Elasticsearch, index: str) -> None:
    results = search(client, index, Query("person:Merkel place:Seoul"))
    assert (results.total, results.did_you_mean) == (0, [])
    assert "without filters" in results.hints[0]
    assert search(client, index, Query("person:Merkel agency:dpa")).hints == []


def canonical_of(field: str, name: str) -> str:
    return {("organisations", "Bündnis 90"): "Grüne", ("people", "Kanzlerin"): "Angela Merkel"}.get(
        (field, name), name
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('organisation:"Bündnis 90"', {"fern"}),
        ("person:Kanzlerin", {"fern", "tag"}),
        ("person:Kim", {"nah", "fern"}),
        ("Kim -person:Kanzlerin", {"nah"}),
        ("person:Kanzlerin OR place:Seoul", {"nah", "fern", "tag"}),
    ],
)
def test_other_names_find_the_canonical_one(
    client: Elasticsearch, index: str, text: str, expected: set[str]
) -> None:
    assert ids(search(client, index, Query(text), canonical=canonical_of)) == expected


def test_a_loosened_search_says_so(client: Elasticsearch, index: str) -> None:
    results = search(client, index, Query("Kim Seoul Verträge Einhorn"))
    assert [hit.id for hit in results.hits] == ["nah", "fern"]
    assert results.loosened
    assert "at least half of them" in results.hints[0]
    exact = search(client, index, Query("Kim Seoul Verträge neuen"))
    assert (exact.loosened, exact.hints) == (False, [])
    nothing = search(client, index, Query("Einhorn Nashorn Zweihorn Dreihorn"))
    assert not nothing.loosened
    assert "fewer words" in nothing.hints[0]


def test_operators_beyond_measure_are_refused(client: Elasticsearch, index: str) -> None:
    many = " OR ".join(f"w{n}" for n in range(250))
    assert search(client, index, Query(many)).total == 0
    with pytest.raises(UsageError, match="more than 300"):
        search(client, index, Query(" OR ".join(f"{n}" for n in range(301))))
    chain = " near ".join(f"w{n}" for n in range(180))
    assert search(client, index, Query(chain)).total == 0


def test_on_the_command_line(container: Container, processes: Processes) -> None:
    fill(container.client, container.settings.index)
    depesche = Command(processes)
    printed = depesche("search", "besiegeln OR Verteidigungspakt")
    assert "stories in" in printed
    assert "+1 copy" in printed
    assert "+1 copy" not in depesche("search", "Verteidigungspakt", "--all")

    unknown = depesche.run("search", "person:Putim", "--json")
    assert unknown.returncode == 1
    assert 'did you mean person:"Wladimir Putin"' in unknown.stderr
    said = json.loads(unknown.stdout)
    assert said["did_you_mean"][0]["nearest"][0]["name"] == "Wladimir Putin"
    assert said["hints"]
    assert "fewer words" in depesche.run("search", "Einhorn Nashorn").stderr
    assert "did you mean" in depesche.run("export", "person:Putim").stderr
    assert "near lacks a term" in depesche("search", "near", status=2)

    rule = f"merge ORG: Uni Dahlem = Freie Universität Berlin\nmerge PER: Kreml-Chef = {PUTIN}\n"
    (container.folders.data / "aliases.txt").write_text(rule, "utf-8")
    assert "Verteidigungspakt" in depesche("search", "--organisation", "Uni Dahlem")
    assert "Hanoi" in depesche("search", "Hanoi person:Kreml-Chef")
    assert depesche("export", "--person", "Kreml-Chef", "--fields", "id")
