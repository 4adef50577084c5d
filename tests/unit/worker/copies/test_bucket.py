"""Copies in S3: a genuine server (moto's) where the two packages for it are installed."""

from __future__ import annotations

import io
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from articles.errors import ServiceUnavailable, UsageError
from tasks.settings import Settings, elasticsearch_url
from tests.fakes.bucket import Memory
from tests.fakes.parts import FakeContainer
from worker.care.archive_copies import archive_copies
from worker.care.compared import Compared
from worker.care.taking_away import finish
from worker.care.verify_copies import copy_again, look_at_copies
from worker.care.withdraw import Order, withdraw
from worker.copies.bucket import Bucket
from worker.copies.copier import Copier
from worker.processes.itself import itself
from worker.spool import deposit

REASON = "the server is not here: pip install obstore 'moto[server]'"
TEXT = f" date 2024-06-20 Amt : Bericht\n\n{'Karsten Holm war in Bremen. ' * 12}"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    pytest.importorskip("obstore", reason=REASON)
    server = pytest.importorskip("moto.server", reason=REASON)
    running: Any = server.ThreadedMotoServer(port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    running.stop()


@pytest.fixture
def address(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket, and who may use it in the environment."""
    login = {"AWS_ACCESS_KEY_ID": "anna", "AWS_SECRET_ACCESS_KEY": "geheim"}
    for name, value in {**login, "AWS_REGION": "eu-central-1", "AWS_ENDPOINT": endpoint}.items():
        monkeypatch.setenv(name, value)
    httpx.post(f"{endpoint}/moto-api/reset")
    httpx.put(f"{endpoint}/archiv", headers={"x-amz-create-bucket": "1"}).raise_for_status()
    return "s3://archiv/depesche"


@pytest.mark.parametrize("key", ["a.txt", "taz/Größe & Straße (1).txt", "100%25/%FF%0A.txt"])
def test_bytes_come_back_under_the_key_that_they_went_under(address: str, key: str) -> None:
    bucket = Bucket(address)
    assert bucket.digest(key) is None
    content = os.urandom(12_000_000 if key == "a.txt" else 100)
    bucket.put(key, io.BytesIO(content))
    assert bucket.digest(key) == sha256(content).hexdigest()
    assert list(bucket.listed()) == [key]
    bucket.delete(key)
    bucket.delete(key)
    assert list(bucket.listed()) == []


def test_what_is_wrong_is_one_sentence(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServiceUnavailable, match=r"s3://nirgends: a\.txt") as said:
        Bucket("s3://nirgends").put("a.txt", io.BytesIO(b"x"))
    assert "\n" not in str(said.value)
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(ServiceUnavailable, match=address):
        Bucket(address).digest("a.txt")


@pytest.mark.parametrize("wrong", ["archiv", "file:///tmp", "s3://", "s3://A B/c"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="archive"):
        Settings(archive=wrong)


def test_without_the_extra_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "obstore.exceptions", None)
    with pytest.raises(UsageError, match="pip install"):
        Bucket("s3://archiv")


def test_a_purged_text_is_in_no_copy_and_verify_finds_what_differs(
    container: FakeContainer, address: str
) -> None:
    container.settings = container.settings.model_copy(update={"archive": address})
    folders, bucket = container.folders, Bucket(address)
    with container.spool.filling() as batch:
        for name in ("taz/a.txt", "b.txt", "c.txt"):
            deposit.put(batch, io.BytesIO(f"{TEXT} {name}".encode()), name)
    ids = {fate.path: fate.id for fate in container.intake.batch(batch.name)}
    container.client.indices.refresh(index=container.settings.index)
    copier = Copier(folders, container.copies, bucket)
    copier.step()
    assert sorted(bucket.listed()) == ["b.txt", "c.txt", "taz/a.txt"]
    assert list(archive_copies(container)) == []

    withdraw(container, [ids["taz/a.txt"]], Order("court order", "desk", purge=True))
    finish(container)
    (note,) = archive_copies(container)
    assert "1 copy to be removed there" in note.text
    copier.step()
    assert sorted(bucket.listed()) == ["b.txt", "c.txt"]

    bucket.put("taz/a.txt", io.BytesIO(f"{TEXT} taz/a.txt".encode()))  # somebody's back-up
    bucket.put("b.txt", io.BytesIO(b"anders"))
    (folders.archive / "c.txt").unlink()
    with closing(Compared()) as compared:
        look_at_copies(container, compared)
        assert compared.counts() == {"no_copy": 1, "copy_withdrawn": 1, "copy_only": 1}
        assert copy_again(container, compared) == 2
    copier.step()
    copier.step()
    with closing(Compared()) as compared:
        look_at_copies(container, compared)
        assert compared.counts() == {"copy_only": 1}


def test_no_hole_is_read_to_be_compared_with_its_copy(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has none (``copier.py``), and ``verify`` calls it unreadable."""
    where = container.settings.model_copy(update={"archive": "s3://archiv"})
    monkeypatch.setattr(container, "settings", where)
    monkeypatch.setitem(container.__dict__, "bucket", Memory())
    with (container.folders.archive / "a.tar").open("wb") as hole:
        hole.truncate(80 << 20)
    (container.folders.archive / "b.txt").write_text(TEXT)
    with closing(Compared()) as compared:
        look_at_copies(container, compared)
        ((difference,),) = compared.pages("no_copy", 10)
    assert difference.path == "b.txt"


def test_the_watch_process_copies(container: FakeContainer, address: str, tmp_path: Path) -> None:
    settings = container.settings
    environment = {
        "DEPESCHE_DATA": str(settings.data),
        "DEPESCHE_INDEX": settings.index,
        "DEPESCHE_ARCHIVE": address,
        "DEPESCHE_REDIS_URL": "redis://127.0.0.1:1/0",  # it is away: copies wait for nobody
        "DEPESCHE_ELASTICSEARCH_URL": elasticsearch_url(settings),
    }
    (container.folders.archive / "a.txt").write_text(TEXT)
    watching = subprocess.Popen(itself("watch"), env={**os.environ, **environment})
    try:
        end = time.monotonic() + 60
        while list(Bucket(address).listed()) != ["a.txt"]:
            assert watching.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        watching.terminate()
        assert watching.wait(30) == 0


def test_copies_that_cannot_be_removed_are_said(container: FakeContainer, tmp_path: Path) -> None:
    assert list(archive_copies(container)) == []
    container.copies.leave("a.txt", b"a.txt")
    assert list(archive_copies(container)) == []  # there never were any
    container.copies.begin("a.txt", b"a.txt")
    container.copies.leave("a.txt", b"a.txt")
    (note,) = archive_copies(container)
    assert note.wrong
    assert "1 copy of what was taken away cannot be removed" in note.text
