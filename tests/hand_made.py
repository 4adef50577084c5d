"""A small archive: the sample articles and some more, with enrichments made by hand."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

from elasticsearch import Elasticsearch

from articles.article import Article, Enrichment, Mention, Quote
from extraction.formats.parse import parse
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.write import create

NOW = "2026-01-01T00:00:00+00:00"
PUTIN, KIM = "Wladimir Putin", "Kim Jong Un"
PAKT = "2024-06-19-verteidigungspakt"

MORE = {
    "hanoi": " date 2024-06-20 Asien : Putin zu Gast in Hanoi\n\n"
    "Russlands Präsident wirbt in Vietnam um Handel.\n\n"
    "Wladimir Putin ist am Donnerstag in Hanoi empfangen worden. Nach dem Verteidigungspakt mit "
    "Nordkorea unterzeichneten Russland und Vietnam Verträge über Öl und Getreide.",
    "moskau": " date 2024-05-07 Russland : Putin vereidigt\n\n"
    "Der Präsident beginnt im Kreml eine neue Amtszeit.\n\n"
    "In Moskau ist Wladimir Putin am Dienstag vereidigt worden. Viele Staaten blieben der "
    "Feier im Kreml fern.",
    "pakt-spaeter": " date 2024-06-19 Russland und Nordkorea : Putin und Kim besiegeln Pakt\n\n"
    "Eine spätere Fassung derselben Meldung.\n\n"
    "Russland und Nordkorea rücken enger zusammen. Präsident Putin und Machthaber Kim Jong "
    "Un haben am Mittwoch in Pjöngjang einen Verteidigungspakt unterzeichnet.",
    "wahl": " date 2024 Jahr : Ein Jahr der Wahlen\n\nEin Ausblick.\n\n"
    "In Russland und in den USA wird gewählt. Von Putin ist in Moskau viel die Rede.",
}


def _putin(*surfaces: str, role: str = "", of: str = "") -> tuple[Mention, ...]:
    said = [Mention("PER", PUTIN, surface, "body", 0, len(surface)) for surface in surfaces]
    return (replace(said[0], role=role, role_of=of), *said[1:])


def _quote(text: str, speaker: str, cue: str = "sagte") -> Quote:
    return Quote(text, "direct", speaker, "PER" if speaker else "", cue, "body", 0, len(text))


ENRICHMENTS = {
    PAKT: Enrichment(
        people=(PUTIN, KIM, "Shin Won Sik", "Hanna Reuter"),
        organisations=("UN-Sicherheitsrat", "Freie Universität Berlin"),
        places=("Nordkorea", "Russland", "Pjöngjang", "Seoul"),
        countries=("KP", "RU", "KR"),
        keyphrases=("Verteidigungspakt", "Munitionslieferungen"),
        quotes=(
            _quote("Der Pakt ist ein Tauschgeschäft, und Putin braucht ihn.", "Hanna Reuter"),
            _quote("Wir stehen einander bei.", PUTIN, "erklärte"),
        ),
        mentions=_putin("Wladimir Putin", "Putins", "Putin", role="Präsident", of="Russland"),
    ),
    "pakt-spaeter": Enrichment(
        people=(PUTIN, KIM),
        places=("Nordkorea", "Russland"),
        keyphrases=("Verteidigungspakt",),
        mentions=_putin("Wladimir Putin", role="Präsident"),
    ),
    "hanoi": Enrichment(
        people=(PUTIN,),
        places=("Hanoi", "Russland", "Nordkorea"),
        keyphrases=("Verteidigungspakt", "Verträge über Öl"),
        mentions=_putin("Putin", "Wladimir Putin", role="Präsident", of="Russland"),
        quotes=(_quote("Wir sind gekommen, um zu bleiben.", PUTIN),),
    ),
    "moskau": Enrichment(people=(PUTIN,), places=("Moskau",), mentions=_putin("Wladimir Putin")),
    "wahl": Enrichment(people=(PUTIN,), places=("Russland", "USA"), mentions=_putin("Putin")),
    "2024-06-25-beitrittsverhandlungen": Enrichment(
        people=("Oksana Melnyk", "Andrei Rusu", "Birgit Haßler"),
        organisations=("Europäische Union",),
        places=("Brüssel", "Kiew", "Ukraine"),
        countries=("BE", "UA"),
        keyphrases=("Beitrittsverhandlungen",),
        quotes=(_quote("Das ist ein historischer Tag.", "Oksana Melnyk"),),
    ),
    "2024-05-28-hilfslieferungen-gaza": Enrichment(
        people=("Judith Amsler",), organisations=("Vereinte Nationen",), places=("Gaza-Stadt",)
    ),
}


def fill(client: Elasticsearch, index: str) -> dict[str, str]:
    """Write the archive into an index that is there; gives the document's id for each name.

    `pakt-spaeter` is of the story of the sample on the pact.
    """
    articles = _articles()
    ids = {name: article.key for name, article in articles.items()}
    documents: list[tuple[str, dict[str, Any]]] = []
    for name, article in articles.items():
        enrichment = ENRICHMENTS.get(name, Enrichment())
        story = {"story": ids[PAKT if name == "pakt-spaeter" else name]}
        fields = to_document(article, NOW, NOW) | enrichment_fields(enrichment, "p1", NOW) | story
        documents.append((article.key, fields))
    assert {fate.result for fate in create(client, index, documents)} == {"created"}
    client.indices.refresh(index=index)
    return ids


def _articles() -> dict[str, Article]:
    samples = {
        entry.name.removesuffix(".txt"): entry.read_bytes()
        for entry in (files("seeds") / "articles").iterdir()
    }
    texts = samples | {name: text.encode() for name, text in MORE.items()}
    return {name: parse(data, f"{name}.txt") for name, data in texts.items()}
