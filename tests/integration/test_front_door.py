"""``import depesche`` against real services, and the examples of the documents as they stand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import depesche
from depesche import Archive, Client, Query, UsageError
from tests.commands import Command
from tests.processes import Processes, states, wait_for
from worker.container import Container

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "seeds" / "articles"
TOTAL = len(list(SAMPLES.glob("*.txt")))


def blocks(name: str) -> str:
    """The Python of a document that imports the front door, in one piece."""
    text = (ROOT / "docs" / name).read_text("utf-8")
    wanted = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return "\n".join(code for code in wanted if "from depesche import" in code)


@pytest.fixture
def filled(container: Container, processes: Processes) -> Container:
    """The samples, copied in by the front door, indexed and enriched."""
    processes.start_all()
    told: list[int] = []
    copied = Client(container.settings).copy_files([SAMPLES])
    items = copied.wait(timeout=120, progress=told.append)
    assert copied.files == TOTAL == len(items) == told[-1]
    assert {item.fate for item in items} == {"indexed"}
    wait_for(lambda: states(container)["enriched"] == TOTAL, "the samples enriched")
    return container


def test_an_archive_does_what_the_commands_do(
    filled: Container, processes: Processes, tmp_path: Path
) -> None:
    command = Command(processes)
    with Archive.of(filled.settings) as archive:
        results = archive.search("Verträge")
        shown = json.loads(command("search", "Verträge", "--json"))
        assert [hit.id for hit in results.hits] == [hit["id"] for hit in shown["hits"]]
        assert results.total == shown["total"] > 0

        stored = archive.get(results.hits[0].id)
        assert stored is not None
        document = json.loads(command("show", stored.id, "--json"))
        assert stored.article.headline == document["headline"]
        assert stored.source.path == document["source"]["path"]
        assert list(stored.enrichment.people) == document["people"]
        assert len(stored.enrichment.mentions) == len(document["mentions"]) > 0
        assert stored.state == "enriched"
        assert archive.get("nichts") is None

        entity = archive.entity("wladimir putin")
        assert entity is not None
        assert entity.name == "Wladimir Putin"
        assert archive.entity("Niemand Sonst") is None
        assert "Wladimir Putin" in [b.value for b in archive.near("Wladimir Putni")]
        assert archive.entities("place", size=3).names
        assert archive.suggest("Wlad")[0].value == "Wladimir Putin"
        assert archive.similar(stored.id, size=2) is not None
        assert stored.id in [version.id for version in archive.story(stored.id)]

        pages = list(archive.pages(Query(size=5), every_copy=True))
        assert sum(len(page.hits) for page in pages) == TOTAL
        export = archive.export(fields=["id", "headline"])
        assert export.total == TOTAL == len({article["id"] for article in export})
        written = tmp_path / "all.jsonl"
        command("export", "--fields", "id,headline", "--output", str(written))
        assert sorted(written.read_text("utf-8").splitlines()) == sorted(
            json.dumps(article, ensure_ascii=False) for article in export
        )
        with pytest.raises(UsageError):
            archive.search("in:gestern")


def test_other_names_are_found_from_python_as_on_the_command_line(
    filled: Container, processes: Processes
) -> None:
    with Archive.of(filled.settings) as archive:
        asked = Query(people=("Der Machthaber im Kreml",))
        assert archive.search(asked).total == 0
        command = Command(processes)
        command("entities", "merge", "Der Machthaber im Kreml", "Wladimir Putin")
        total = archive.search(asked).total
        assert total == archive.search(Query(people=("Wladimir Putin",))).total > 0
        assert total == archive.export(asked).total
        shown = json.loads(command("search", "--person", "Der Machthaber im Kreml", "--json"))
        assert shown["total"] == total


def test_articles_and_files_get_their_fates(container: Container, processes: Processes) -> None:
    processes.start("intake")
    client = Client(container.settings)
    body = "KÖLN dpa | Über den Fluss."
    first = client.ingest_article(headline="Brücke eröffnet", body=body, id="7").get(60)
    assert (first.fate, first.reason) == ("indexed", "")
    again = client.ingest_article(headline="Brücke eröffnet", body=body, id="7").get(60)
    assert (again.fate, again.id) == ("duplicate", first.id)

    rhine = "KÖLN dpa | Über den Rhein."
    other = client.ingest_article(headline="Brücke eröffnet", body=rhine, id=7).get(60)
    assert (other.fate, other.id) == ("corrected", first.id)
    assert other.reason == "version 2 of its article"
    odd = client.ingest_article(headline="Ohne Adresse", url="n/a", agencies="dpa").get(60)
    assert odd.fate == "indexed"
    assert any("no web address" in warning for warning in odd.warnings)

    many: list[depesche.ArticleParts] = [{"headline": f"Nummer {n}"} for n in range(5)]
    assert {item.fate for item in client.ingest_articles(many, ahead=2)} == {"indexed"}

    dropped, outside = container.folders.inbox / "a.txt", container.settings.data.parent / "b.txt"
    for file in (dropped, outside):
        file.write_text(f"Titel {file.name}\n\nText.")
    taken, refused = client.ingest_files([dropped, outside]).get(60)
    assert (taken.path, taken.fate, refused.fate) == (str(dropped), "indexed", "failed")
    assert "DEPESCHE_INGEST_FOLDERS" in refused.reason

    with Archive.of(container.settings) as archive:
        stored = archive.get(first.id)
        numbers = [version.number for version in archive.versions(first.id)]
        earlier = archive.version(first.id, 1)
        found = [archive.search(Query("Fluss", all_versions=told)).total for told in (False, True)]
    assert found == [0, 1]
    assert stored is not None
    assert (stored.article.body, numbers) == (rhine, [2, 1])
    assert earlier
    assert earlier["body"] == body
    assert (stored.article.headline, stored.article.agencies) == ("Brücke eröffnet", ("dpa",))


@pytest.mark.parametrize("document", ["programs.md", "searching.md"])
def test_the_examples_run_as_they_stand(
    document: str, filled: Container, processes: Processes, tmp_path: Path
) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    done = subprocess.run(
        [sys.executable, "-c", blocks(document)],
        cwd=tmp_path,
        env={**Command(processes)._environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Putin" in done.stdout
