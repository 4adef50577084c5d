"""Whoever may put files into the inbox can do that, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexing.index.connect import connect
from indexing.index.manage import create_index
from tests.fakes import elastic
from tests.fakes.elastic import FakeElasticsearch
from tests.processes import files_in, wait_for
from worker.folders import Folders
from worker.spool.spool import Spool

ROOT = Path(__file__).parents[2]
NOBODY, ANOTHER, DEPESCHE = 65534, 64321, 64322
SECRET = " date 2024-06-19 Geheim : Nur für die Leitung\n\nDer Vorspann.\n\nEin GEHEIMNIS.\n"
FAIR = " date 2024-06-19 Probe : Redlich {}\n\nDer Vorspann {}.\n\nIn Dessau der Nachbar {}.\n"


@dataclass(frozen=True)
class Stage:
    """A data folder that strangers can reach, and what lies outside of it."""

    place: Path
    folders: Folders
    fake: FakeElasticsearch
    user: int

    @property
    def outside(self) -> Path:
        return self.place / "outside"

    def texts(self) -> str:
        """All that is indexed, and all names and bytes that are in the data folder."""
        documents = [
            str(document.source)
            for index in self.fake.store.indices.values()
            for document in index.documents.values()
        ]
        return "\n".join(documents)

    @contextmanager
    def working(self) -> Iterator[None]:
        """The pipeline runs as the stage's user while inside."""
        arguments = [str(self.folders.data), self.fake.url, str(self.user)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.security.pipeline", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
        )
        try:
            yield
            assert process.poll() is None, "the pipeline ended"
        finally:
            process.communicate(b"", 60)

    def attack(self, way: str, uid: int, seconds: float) -> subprocess.Popen[bytes]:
        """A hostile dropper at work."""
        script = ROOT / "tests" / "security" / "dropper.py"
        words = [way, str(uid), str(self.folders.inbox), str(self.outside), str(seconds)]
        command = [sys.executable, "-I", str(script), *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, cwd="/")


@pytest.fixture(params=["root", "a plain user"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Everybody may put things into the inbox, as into ``/tmp``."""
    as_root = os.geteuid() == 0
    if request.param == "root" and not as_root:
        pytest.skip("only root can work as root")
    user = DEPESCHE if as_root and request.param != "root" else 0
    place = Path(tempfile.mkdtemp(prefix="depesche-"))
    place.chmod(0o711)
    try:
        (place / "outside").mkdir(0o700)
        for name in ("geheim.txt", "zweiter.txt"):
            secret = place / "outside" / name
            secret.write_text(SECRET)
            os.utime(secret, (1e9, 1.5e9))
        folders = Folders(place / "data").prepare()
        folders.inbox.chmod(0o1777)
        if user:
            for path in [place / "outside", *place.rglob("*")]:
                os.chown(path, user, user)
        with elastic.running() as fake, connect(fake.url) as client:
            create_index(client, "articles")
            yield Stage(place, folders, fake, user)
    finally:
        shutil.rmtree(place)


def _seen(folder: Path) -> dict[str, tuple[int, ...]]:
    """What tells that a file was moved, changed or read (where the system notes reading)."""
    looks = {path.name: path.lstat() for path in folder.iterdir()}
    return {n: (s.st_ino, s.st_ctime_ns, s.st_atime_ns, s.st_nlink) for n, s in looks.items()}


def _drop_fairly(inbox: Path, number: int) -> str:
    """What a neighbour puts in, partly in a folder that all may write to."""
    relative = f"redlich-{number}.txt" if number % 2 else f"nachbar/{number}/brief.txt"
    path = inbox / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(FAIR.format(number, number, number))
    if os.geteuid() == 0:
        for each in {part, path.parent, path.parent.parent} - {inbox, inbox.parent}:
            os.chown(each, ANOTHER, ANOTHER)
        for folder in {path.parent, path.parent.parent} - {inbox, inbox.parent}:
            folder.chmod(0o777)
    part.rename(path)
    return relative


def _attacked(stage: Stage, way: str, seconds: float) -> None:
    uid = NOBODY if os.geteuid() == 0 else os.geteuid()
    before, fair = _seen(stage.outside), list[str]()
    with stage.working():
        fair.append(_drop_fairly(stage.folders.inbox, 0))
        wait_for(lambda: files_in(stage.folders.archive) == fair, "it works", 20)
        attacker = stage.attack(way, uid, seconds)
        while attacker.poll() is None:
            fair.append(_drop_fairly(stage.folders.inbox, len(fair)))
            time.sleep(0.05)
        steps = int(attacker.communicate()[0])
        shutil.rmtree(stage.folders.inbox / way)
        spool = Spool(stage.folders.spool)
        wait_for(lambda: len(spool) == 0, "no batch is stuck", 60)
        archived = lambda: set(fair) <= set(files_in(stage.folders.archive))  # noqa: E731
        wait_for(archived, "every neighbour's file is archived", 60)
    baits = len(files_in(stage.folders.archive)) - len(fair)
    refused = len(list(stage.folders.spool.glob("refused/*")))
    print(f"{way}, {seconds:.0f} s: {steps} steps, {baits} baits in, {refused} refused")
    assert _seen(stage.outside) == before
    assert "GEHEIMNIS" not in stage.texts()
    assert not [path for path in stage.folders.archive.rglob("*") if path.is_symlink()]
    assert not [path for path in stage.folders.failed.rglob("*") if path.is_symlink()]


@pytest.mark.parametrize("way", ["exchange", "swap"])
def test_a_dropper_reaches_nothing_outside(stage: Stage, way: str) -> None:
    _attacked(stage, way, 3.0)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["exchange", "swap"])
def test_a_dropper_reaches_nothing_outside_for_a_minute(stage: Stage, way: str) -> None:
    _attacked(stage, way, 60.0)
