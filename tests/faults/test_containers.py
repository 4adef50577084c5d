"""Kill the intake worker in every gap of files that hold many articles: each is there once."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import files_in, paths_in_index, wait_for
from tests.unit.worker.intake.test_unpack import NEWER
from worker.care.compared import Compared
from worker.care.verify import verify
from worker.container import Container
from worker.failpoint import ARMED, ONCE
from worker.processes.everything import COMMANDS
from worker.processes.supervise import Supervisor

BAD, FILES = 3, 600
POINTS = [
    "unpack.put:kill:2",
    "unpack.noted:kill:2",
    "unpack.recorded:kill",
    "intake.read:kill:2",
    "intake.indexed:killall:2",
    "intake.recorded:kill:2",
    "intake.moved:kill:50",
    "intake.settled:killall:2",
    "intake.notified:kill:2",
    "spool.emptied:kill:2",
]


def _row(number: int) -> str:
    body = f"In Fall {number} war Petra Lindenau in Dessau."
    return json.dumps({"headline": f"Meldung {number}", "body": body, "id": f"probe:{number}"})


@contextmanager
def _killed_at(container: Container, fired: Path, points: list[str]) -> Iterator[None]:
    """Watch and intake, which die at each of these points once."""
    settings = container.settings
    assert settings.redis_url
    assert settings.elasticsearch_url
    environment = {
        "DEPESCHE_DATA": str(settings.data),
        "DEPESCHE_INDEX": settings.index,
        "DEPESCHE_REDIS_URL": settings.redis_url.get_secret_value(),
        "DEPESCHE_ELASTICSEARCH_URL": settings.elasticsearch_url.get_secret_value(),
        "DEPESCHE_ELASTICSEARCH_CA": str(settings.elasticsearch_ca or ""),
        ARMED: " ".join(points),
        ONCE: str(fired),
        "DEPESCHE_LOG_LEVEL": "ERROR",
    }
    commands = {name: COMMANDS[name] for name in ("watch", "intake")}
    with Supervisor(commands, environment).running():
        yield


@pytest.mark.timeout(3_000)
@pytest.mark.parametrize(
    ("rows", "seconds"), [(1_500, 240), pytest.param(10_000, 2_400, marks=pytest.mark.slow)]
)
def test_killed_in_every_gap_of_containers(
    container: Container, tmp_path: Path, rows: int, seconds: int
) -> None:
    inbox, fired = container.folders.inbox, tmp_path / "fired"
    fired.mkdir()
    lines = [_row(number) for number in range(rows)] + ["{kaputt"] * BAD
    (inbox / "zeilen.jsonl").write_text("\n".join(lines))
    with zipfile.ZipFile(tmp_path / "presse.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../bombe.txt", b"0" * 50_000_000)
        for number in range(rows, rows + FILES):
            archive.writestr(f"{number % 7}/{number}.json", _row(number))
    (tmp_path / "presse.zip").rename(inbox / "presse.zip")
    with _killed_at(container, fired, POINTS):
        done = rows + FILES + 2
        wait_for(lambda: len(files_in(container.folders.archive)) == done, "the files", seconds)
        wait_for(lambda: not any(container.folders.spool.iterdir()), "an empty spool", 60)
    assert {path.name for path in fired.iterdir()} == {point.split(":")[0] for point in POINTS}
    lines_in = {f"zeilen.jsonl/{number:07}.json" for number in range(1, rows + 1)}
    files = {f"presse.zip/{number % 7}/{number}.json" for number in range(rows, rows + FILES)}
    assert paths_in_index(container) == Counter([*lines_in, *files])
    bad = [f"zeilen.jsonl/{number:07}.json" for number in range(rows + 1, rows + BAD + 1)]
    assert files_in(container.folders.failed) == ["presse.zip/bombe.txt", *bad]
    counts = container.ledger.counts()
    assert counts == {"indexed": rows + FILES, "duplicate": 0, "failed": BAD + 1, "unpacked": 2}
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {}


@pytest.mark.slow
def test_killed_while_each_newer_kind_is_unpacked(container: Container, tmp_path: Path) -> None:
    """7z, a workbook, a mail, an archive of the web: the first three gaps, by real deaths."""
    fired = tmp_path / "fired"
    fired.mkdir()
    for name, (data, _) in NEWER.items():
        (container.folders.inbox / name).write_bytes(data)
    points = ["unpack.put:kill", "unpack.noted:kill:2", "intake.indexed:killall:2"]
    there = {f"{name}/{member}" for name, (_, members) in NEWER.items() for member in members}
    with _killed_at(container, fired, points):
        done = len(there) + len(NEWER)
        wait_for(lambda: len(files_in(container.folders.archive)) == done, "the files", 240)
        wait_for(lambda: not any(container.folders.spool.iterdir()), "an empty spool", 60)
    assert {path.name for path in fired.iterdir()} == {point.split(":")[0] for point in points}
    assert paths_in_index(container) == Counter(there)
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {}
