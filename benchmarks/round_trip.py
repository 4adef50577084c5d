"""Whether an export comes back whole: ``python -m benchmarks.round_trip --data DIR``.

``--articles`` (10,000) are dropped into an empty archive, enriched and exported as JSON lines, and
the export is dropped into another empty archive. Compared are the documents of both: ids, texts,
dates, agencies, places of the dateline and bylines at once, and names, quotes and dates of the
texts when all are enriched: bare surnames are answered out of the archive as it is at that moment,
and may come back otherwise. A third of the articles are those of a newspaper (10kGNAD's test split)
with other days, a third made of sentences of Wikinews, a third the same with an id of their own.

Starts the project's own services.
"""

from __future__ import annotations

import argparse
import json
import tarfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, table
from benchmarks.speed.corpus import Corpus
from benchmarks.speed.ground import Ground, drop, enriched, ground, searchable, until
from indexing.index.point_in_time import pages
from tests.commands import Command
from worker.container import Container

NEWSPAPER = Path("search") / "gnad-test-1003.tar.xz"
_NEVER = {"received_at", "indexed_at", "source", "enrichment", "story", "signature", "minhash"}
_SHOWN = 5
Document = dict[str, Any]


def texts(data: Path, corpus: Corpus, count: int) -> Iterator[tuple[str, str]]:
    """Yield the names and contents of so many files, no two with the same id."""
    newspaper = _newspaper(data)
    for number in range(count):
        day = f"20{number % 25:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        if number % 3 == 0:
            headline, _, body = newspaper[number // 3 % len(newspaper)].partition("\n")
            yield f"{number:06}.txt", f" date {day} Probe : {headline} ({number})\n\n{body.strip()}"
        elif number % 3 == 1:
            yield f"{number:06}.txt", corpus.text(number)
        else:
            head, _, body = corpus.text(number).partition("\n\n")
            given = {
                "id": f"probe-{number}",
                "headline": head.partition(" : ")[2],
                "body": body,
                "published": f"{day}T{number % 24:02}:30:00+02:00",
            }
            yield f"{number:06}.json", json.dumps(given, ensure_ascii=False)


def _newspaper(data: Path) -> list[str]:
    with tarfile.open(data / NEWSPAPER) as archive:
        files = (archive.extractfile(member) for member in archive if member.isfile())
        return [file.read().decode("utf-8").strip() for file in files if file]


def filled(place: Ground, count: int, data: Path) -> tuple[dict[str, Document], Path]:
    """Drop the articles into an empty archive; its documents, and their export."""
    export = place.folder / "export.jsonl"
    with place.container() as (container, running):
        staged = container.settings.data / "staged"
        staged.mkdir()
        for name, text in texts(data, place.corpus, count):
            (staged / name).write_text(text, "utf-8")
        running.start_all()
        drop(container, staged)
        documents = settled(container, count)
        Command(running)("export", "--output", str(export))
        return documents, export


def returned(place: Ground, count: int, export: Path) -> dict[str, Document]:
    """Drop the export into an empty archive; its documents."""
    with place.container() as (container, running):
        (container.folders.inbox / "export.jsonl").write_bytes(export.read_bytes())
        running.start_all()
        return settled(container, count)


def settled(container: Container, count: int) -> dict[str, Document]:
    """Wait until so many are read; all documents by their ids."""
    until(lambda: searchable(container) >= count, "all to be indexed", every=1.0)
    until(lambda: enriched(container) + _failed(container) >= count, "all to be read", every=1.0)
    return {
        hit["_id"]: hit["_source"]
        for page in pages(
            container.client, container.settings.index, {"match_all": {}}, source=["*"]
        )
        for hit in page
    }


def _failed(container: Container) -> int:
    """How many enrichment has given up, whose names are missing: they are compared as well."""
    query = {"term": {"enrichment.state": "failed"}}
    count = int(container.client.count(index=container.settings.index, query=query)["count"])
    if count:
        print(f"{count:,} failed in enrichment", flush=True)
    return count


def compared(before: Mapping[str, Document], after: Mapping[str, Document]) -> dict[str, list[str]]:
    """Return for each field the ids of articles that came back with another one."""
    other: dict[str, list[str]] = {"id": sorted(before.keys() ^ after.keys())}
    other["people, by surname"] = []
    for id_ in before.keys() & after.keys():
        for name in (before[id_].keys() | after[id_].keys()) - _NEVER:
            other.setdefault(name, [])
            if before[id_].get(name) != after[id_].get(name):
                other[name].append(id_)
        if _surnames(before[id_]) != _surnames(after[id_]):
            other["people, by surname"].append(id_)
    return other


def _surnames(document: Document) -> set[str]:
    """Whom a bare surname means, the archive tells as it is at that moment."""
    return {name.split()[-1] for name in document.get("people") or () if name.strip()}


def main() -> None:
    """Print how many came back, and what came back otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--elasticsearch", help="one that runs already")
    chosen = parser.parse_args()
    begin = time.monotonic()
    with ground(chosen.data, chosen.elasticsearch) as place:
        before, export = filled(place, chosen.articles, chosen.data)
        after = returned(place, len(before), export)
    print(table(_figures(before, after, time.monotonic() - begin)))


def _figures(
    before: Mapping[str, Document], after: Mapping[str, Document], seconds: float
) -> list[Figure]:
    other = compared(before, after)
    for name, ids in other.items():
        for id_ in ids[:_SHOWN]:
            print(f"{name} of {id_}: {_short(before, id_, name)} -> {_short(after, id_, name)}")
    counts = Counter({name: len(ids) for name, ids in other.items()})
    return [
        Figure("articles", len(before), None, f"in {seconds:.0f} s"),
        *(
            Figure(
                f"{name} as before",
                1 - counts[name] / len(before),
                1.0,
                f"{counts[name]:,} are not",
            )
            for name in sorted(counts)
        ),
    ]


def _short(documents: Mapping[str, Document], id_: str, name: str) -> str:
    return repr(documents.get(id_, {}).get(name))[:200]


if __name__ == "__main__":
    main()
