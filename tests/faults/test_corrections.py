"""Kills in every gap of a correction: one current text an article, no version lost, none twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from articles.article import Version
from indexing.writing.versions import current, every
from tests.faults.outcome import digest, drop
from tests.processes import Processes, files_in, states, wait_for
from worker.care.compared import Compared
from worker.care.verify import verify
from worker.container import Container
from worker.processes.everything import COMMANDS
from worker.processes.supervise import Supervisor

ARTICLES, ROUNDS = 4, 3
GAPS = [
    "intake.created:kill",
    "intake.corrected:kill",
    "intake.indexed:killall",
    "intake.recorded:kill",
    "intake.moved:kill:2",
    "intake.settled:kill",
    "enrich.read:kill",
]


def _texts(number: int) -> dict[str, bytes]:
    """Of each article its next text: by its id under any name, or without one under its path."""
    files: dict[str, bytes] = {}
    for article in range(ARTICLES):
        body = f"Karsten Holm sprach in Dessau über den Fall {article}, zum {number}. Mal."
        whole = json.dumps({"headline": "Bericht", "body": body, "id": f"a-{article}"})
        files[f"{number}/mit-{article}.json"] = whole.encode()
        head = f" date 2024-06-19 Probe : Messung {article}\n\nDer Vorspann.\n\n"
        files[f"ohne-{article}.txt"] = (head + body).encode()
    return files


@pytest.mark.slow
def test_killed_in_every_gap_of_a_correction(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    fired = tmp_path / "fired"
    environment = processes.armed(GAPS, fired)
    dropped = Counter(map(digest, _texts(0).values()))
    _index(container, _texts(0))
    with Supervisor(COMMANDS, environment).running():
        for number in range(1, ROUNDS):
            drop(container, _texts(number))
            dropped.update(map(digest, _texts(number).values()))
            wait_for(lambda: _ended(container), f"the end of round {number}")
    assert {path.name for path in fired.iterdir()} == {gap.split(":")[0] for gap in GAPS}
    _assert_versions(container, dropped)
    fates = container.ledger.counts()
    first = 2 * ARTICLES
    assert (fates["indexed"], fates["corrected"]) == (first, first * (ROUNDS - 1))
    assert (fates["duplicate"], fates["failed"]) == (0, 0)
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {}


def _index(container: Container, texts: Mapping[str, bytes]) -> None:
    """The first texts, before anything is killed."""
    with container.spool.filling() as batch:
        for name, content in texts.items():
            (batch.root / name).parent.mkdir(exist_ok=True)
            (batch.root / name).write_bytes(content)
    container.intake.batch(batch.name)


def _ended(container: Container) -> bool:
    folders = container.folders
    left = files_in(folders.inbox) or files_in(folders.spool) or any(folders.spool.iterdir())
    return not left and states(container) == Counter({"enriched": 2 * ARTICLES})


def _assert_versions(container: Container, dropped: Counter[str]) -> None:
    """Each dropped text is a version once, its bytes are archived, the last one is current."""
    answer = container.client.search(index=container.settings.index, size=100)
    documents = [hit["_source"] for hit in answer["hits"]["hits"]]
    versions: list[Version] = [v for document in documents for v in every(document)]
    assert Counter(version.sha256 for version in versions) == dropped
    archive = container.folders.archive
    assert Counter(digest((archive / name).read_bytes()) for name in files_in(archive)) == dropped
    for document in documents:
        assert document["body"].endswith(f"zum {ROUNDS - 1}. Mal.")
        assert current(document).number == ROUNDS
        assert sorted(v.number for v in every(document)) == [*range(1, ROUNDS + 1)]
