"""What a sender cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.outcome import article, assert_ended, wait_until_ended
from tests.faults.poison import pipeline
from tests.processes import Processes
from worker.house import House

pytestmark = pytest.mark.slow


def test_a_sender_has_only_what_is_configured(
    house: House, processes: Processes, tmp_path: Path
) -> None:
    """No path, link or name leads ``ingest.files`` out of the folders that are allowed."""
    allowed, other = tmp_path / "allowed", tmp_path / "allowed-not"
    for folder in (allowed, other):
        folder.mkdir()
        (folder / "brief.txt").write_bytes(article(folder.name))
    (allowed / "link.txt").symlink_to(other / "brief.txt")
    (allowed / "folder").symlink_to(other)
    (house.folders.inbox / "link.txt").symlink_to(other / "brief.txt")
    refused = [
        "/etc/hostname",
        "/etc/passwd\x00.txt",
        "/proc/self/environ",
        "",
        ".",
        "brief.txt",
        str(allowed),
        str(other / "brief.txt"),
        f"{allowed}/../allowed-not/brief.txt",
        str(allowed / "link.txt"),
        str(allowed / "folder" / "brief.txt"),
        str(house.folders.inbox / "link.txt"),
        str(house.folders.inbox / ".." / "run" / "settle.lock"),
        "/" + "a" * 5000,
        "\udcff",
    ]
    processes.start("intake", DEPESCHE_INGEST_FOLDERS=str(allowed))
    processes.start("enrich", **pipeline(tmp_path))
    sent = house.app.send_task("ingest.files", [[*refused, str(allowed / "brief.txt")]])
    fates = [item["fate"] for item in sent.get(timeout=60)]
    assert fates == ["failed"] * len(refused) + ["indexed"]
    assert (other / "brief.txt").read_bytes() == article("allowed-not")
    (house.folders.inbox / "link.txt").unlink()
    wait_until_ended(house, 1)
    assert_ended(house, {"allowed/brief.txt": article("allowed")})
