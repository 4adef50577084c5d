"""A stage for hostile users: a data folder that they can reach, and the pipeline at work on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexing.index.connect import connect
from indexing.index.manage import create_index
from tests.fakes import elastic
from tests.fakes.elastic import FakeElasticsearch
from worker.folders import Folders

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
        """All that is indexed."""
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


@contextmanager
def place_of_its_own() -> Iterator[Path]:
    """A folder that everybody may pass through; it goes."""
    place = Path(tempfile.mkdtemp(prefix="depesche-"))
    place.chmod(0o711)
    try:
        yield place
    finally:
        shutil.rmtree(place)


@contextmanager
def folders_of_depesche() -> Iterator[Folders]:
    """A data folder of Depesche's user."""
    with place_of_its_own() as place:
        made = Folders(place / "data").prepare()
        for path in (made.data, *made.data.iterdir()):
            os.chown(path, DEPESCHE, DEPESCHE)
        yield made


@contextmanager
def staged(as_root: bool) -> Iterator[Stage]:
    """Everybody may put things into the inbox, as into ``/tmp``; skipped where that cannot be."""
    if as_root and os.geteuid() != 0:
        pytest.skip("only root can work as root")
    user = DEPESCHE if os.geteuid() == 0 and not as_root else 0
    with place_of_its_own() as place:
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
