"""What is purged is in no file of the data folder, of Redis, or of Elasticsearch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from depesche.client import Client
from tests.commands import Command
from tests.processes import Processes, states, wait_for
from worker.container import Container

#: Words that are in no other text, and long enough to stand in the index's files as they are.
WORD = "zwirbelkranichstegverordnungsentwurf"
BODY = f"Im Rathaus liegt seit Montag der {WORD} aus. " + "Karsten Holm war in Bremen. " * 12
OTHER = "Die Straßenbahn fährt ab Montag wieder bis zum Hafen. " * 6


def holding(*folders: Path) -> list[str]:
    """The files that hold the word."""
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and WORD.encode() in path.read_bytes().lower()
    ]


@pytest.mark.slow  # Elasticsearch lets go of what it has removed after half a minute
def test_a_purged_article_is_in_no_file(
    container: Container, processes: Processes, service_urls: dict[str, str]
) -> None:
    depesche = Command(processes)
    processes.start_all(DEPESCHE_LOG_LEVEL="DEBUG")
    sent = Client(container.settings).ingest_article(headline="Verordnung", body=BODY)
    (container.folders.inbox / "twin.json").write_text(
        json.dumps({"headline": "Verordnung", "body": BODY})
    )
    (container.folders.inbox / "other.txt").write_text(f"Andere Meldung\n\n{OTHER}")
    (container.folders.inbox / "leer.txt").touch()
    item = sent.get(timeout=60)
    wait_for(lambda: states(container)["enriched"] == 2, "both enriched")
    depesche("index", "migrate", "--force")
    services = Path(service_urls["data"])
    container.client.indices.flush(index=f"{container.settings.index}-v*")
    before = holding(container.settings.data, services)
    assert any("archive/" in path for path in before), before
    assert any("elasticsearch" in path for path in before), before
    assert any("redis" in path for path in before), before

    said = depesche("withdraw", item.id, "--reason", "court order", "--purge", "--yes")
    assert "purged" in said
    assert holding(container.settings.data, services) == []
    assert states(container) == {"enriched": 1}
    for by in ("published", "received"):
        said = depesche("expire", "--before", "2100-01-01", "--by", by, "--dry-run")
        assert said == "1 article would be withdrawn.\n"
    (one,) = json.loads(depesche("withdrawn", "--json"))
    assert (one["id"], one["reason"], one["todo"]) == (item.id, "court order", [])
