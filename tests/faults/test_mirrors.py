"""Kills in every gap of a mirror's scan: the index is as the tree is, and nothing is twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.outcome import article
from tests.processes import Processes, files_in, wait_for
from worker.care.compared import Compared
from worker.care.verify import verify
from worker.container import Container
from worker.processes.everything import COMMANDS
from worker.processes.supervise import Supervisor

FILES = 12
GAPS = [
    "mirror.scanned:kill:2",
    "mirror.moved:kill:4",
    "mirror.sent:kill:2",
    "mirror.put:kill",
    "mirror.righted:kill",
    "mirror.settled:kill:2",
    "mirror.taken_over:kill",
    "intake.indexed:killall",
]


@pytest.mark.slow
def test_killed_in_every_gap_of_a_scan(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    root, fired = tmp_path / "tree", tmp_path / "fired"
    root.mkdir()
    environment = processes.armed(
        GAPS, fired, DEPESCHE_MIRROR_SECONDS="1", DEPESCHE_MIRROR_GRACE_SECONDS="2"
    )
    for number in range(FILES):
        (root / f"{number}.txt").write_bytes(article(number))
    mirror = container.mirrors.add(root, "press")
    wanted = {gap.split(":")[0] for gap in GAPS}
    with Supervisor(COMMANDS, environment).running():
        wait_for(lambda: _follows(container, root), "all files indexed")
        ids = _ids(container)
        _change(root)
        wait_for(lambda: {path.name for path in fired.iterdir()} == wanted, "every kill")
        wait_for(lambda: _follows(container, root), "all changes followed")
        wait_for(lambda: not any(container.folders.spool.iterdir()), "an empty spool")
    after = _ids(container)
    kept = {"press/0.txt": "press/0.txt", "press/neu/1.txt": "press/1.txt"}
    kept["press/neu/5.txt"] = "press/5.txt"
    assert {new: after[new] for new in kept} == {new: ids[old] for new, old in kept.items()}
    assert len(set(after.values())) == len(after)
    assert files_in(container.folders.archive) == files_in(container.folders.failed) == []
    with mirror.opened() as state:
        assert state.counts() == {"indexed": FILES - 1, "gone": 0}
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {}


def _change(root: Path) -> None:
    """One is corrected, one moved, one moved and changed, two deleted, one new."""
    (root / "neu").mkdir()
    (root / "1.txt").rename(root / "neu" / "1.txt")
    (root / "0.txt.tmp").write_bytes(article("null, berichtigt"))
    (root / "0.txt.tmp").rename(root / "0.txt")
    (root / "2.txt").unlink()
    (root / "3.txt").unlink()
    (root / "5.txt").unlink()
    (root / "neu" / "5.txt").write_bytes(article(5) + b" Das wurde berichtigt.")
    new = article("vier im neuen Ordner").replace(b"-06-19", b"-07-19")  # it is none of the others
    (root / "neu" / "4.txt").write_bytes(new)


def _follows(container: Container, root: Path) -> bool:
    """Whether the enriched documents are those of the files, with their texts."""
    container.client.indices.refresh(index=container.settings.index)
    answer = container.client.search(index=container.settings.index, size=100)
    sources = [hit["_source"] for hit in answer["hits"]["hits"]]
    if any(source["enrichment"]["state"] != "enriched" for source in sources):
        return False
    indexed = Counter((s["source"]["path"], s["headline"]) for s in sources)
    return indexed == Counter(
        (f"press/{path.relative_to(root)}", path.read_text().splitlines()[0].partition(" : ")[2])
        for path in root.rglob("*.txt")
    )


def _ids(container: Container) -> dict[str, str]:
    answer = container.client.search(index=container.settings.index, size=100)
    return {hit["_source"]["source"]["path"]: hit["_id"] for hit in answer["hits"]["hits"]}
