"""What the client sends, and how it tells what became of it."""

from __future__ import annotations

import errno
import fcntl
import inspect
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from celery.exceptions import TimeoutError as NoResult
from celery.result import AsyncResult
from kombu.exceptions import OperationalError
from pydantic import SecretStr

from articles.errors import MessageLost, ServiceUnavailable, UsageError
from articles.parts import NAMES
from depesche import copying, ingested, manned
from depesche.client import Client
from depesche.ingested import ArticleParts, Item, Receipt, item
from tasks.broker import connect
from tasks.names import INTAKE_ARTICLE, INTAKE_FILES
from tasks.settings import Settings
from worker.atomic import write_bytes
from worker.container import Container
from worker.folders import Folders
from worker.heartbeat.beat import Beat
from worker.heartbeat.files import BeatFile
from worker.inbox import dropping

ANSWER = {
    "path": "sent/a.json",
    "fate": "indexed",
    "id": "t-1",
    "warnings": ["Ein Wort."],
    "reason": "",
}


APP = connect("redis://127.0.0.1:9")


class Result:
    """A result of Celery's: an answer, or what is raised for it."""

    id = "task"
    app = APP

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def ready(self) -> bool:
        return not isinstance(self.answer, NoResult)

    def get(self, timeout: float | None) -> Any:
        assert timeout != 0, "Celery would wait for ever"
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class App:
    """Takes what is sent in place of Celery."""

    conf = APP.conf

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any, Any]] = []
        self.answer: Any = ANSWER
        self.away = False

    def send_task(self, name: str, args: Any = None, kwargs: Any = None) -> Result:
        if self.away:
            raise OperationalError("connection refused")
        self.sent.append((name, args, kwargs))
        return Result(self.answer)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    app = App()
    monkeypatch.setattr(Container, "app", app)
    return app


@pytest.fixture
def client(tmp_path: Path) -> Client:
    Folders(tmp_path / "data").prepare()
    return Client(Settings(data=tmp_path / "data", redis_url=SecretStr("redis://127.0.0.1:9")))


def receipt(answer: Any) -> Receipt[Item]:
    return Receipt(cast("AsyncResult", Result(answer)), item)


def test_the_parameters_are_those_of_the_schema() -> None:
    assert set(inspect.signature(Client.ingest_article).parameters) == {"self", *NAMES}
    assert set(ArticleParts.__annotations__) == NAMES


def test_an_article_is_sent_by_its_parts_and_the_answer_has_types(app: App, client: Client) -> None:
    sent = client.ingest_article(headline="Titel", body="Text.", agencies=("dpa",), id="7")
    kwargs = {"headline": "Titel", "body": "Text.", "agencies": ["dpa"], "id": "7"}
    assert app.sent == [(INTAKE_ARTICLE, None, kwargs)]
    assert sent.task_id == "task"
    assert sent.ready()
    assert sent.get() == Item("sent/a.json", "indexed", "t-1", warnings=("Ein Wort.",))


def test_one_string_is_a_list_of_one_and_none_is_said_by_an_empty_list(
    app: App, client: Client
) -> None:
    client.ingest_article(headline="Titel", agencies="dpa", byline=[], id=7, published=None)
    (sent,) = (kwargs for _, _, kwargs in app.sent)
    assert sent == {"headline": "Titel", "agencies": ["dpa"], "byline": [], "id": 7}


def test_the_warnings_of_an_article_come_back(app: App, client: Client) -> None:
    app.answer = {**ANSWER, "warnings": ["'x' is no language."]}
    assert client.ingest_article(headline="Titel").get().warnings == ("'x' is no language.",)


def test_what_is_wrong_is_said_before_anything_is_sent(app: App, client: Client) -> None:
    with pytest.raises(UsageError, match="headline"):
        client.ingest_article(headline=" ")
    assert not app.sent


@pytest.mark.parametrize(
    "send",
    [
        lambda client: client.ingest_files("a.txt"),
        lambda client: client.copy_files(Path("folder")),
        lambda client: list(client.ingest_articles([{"headline": "Titel"}], ahead=0)),
    ],
)
def test_what_would_send_letters_or_nothing_is_refused(
    app: App, client: Client, send: Callable[[Client], object]
) -> None:
    with pytest.raises(UsageError):
        send(client)
    assert not app.sent


def test_files_are_sent_by_their_whole_path(
    app: App, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app.answer = [ANSWER, {**ANSWER, "fate": "failed", "reason": "empty", "newer": 1}]
    got = client.ingest_files(["a.txt", tmp_path / "b.txt"]).get()
    assert app.sent == [(INTAKE_FILES, [[str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]], None)]
    assert [(item.fate, item.reason) for item in got] == [("indexed", ""), ("failed", "empty")]


def test_many_articles_are_sent_as_their_answers_are_taken(app: App, client: Client) -> None:
    def articles() -> Iterator[ArticleParts]:
        for number in range(1000):
            yield {"headline": f"Nummer {number}"}

    answers = client.ingest_articles(articles(), ahead=4)
    assert not app.sent
    next(answers)
    assert len(app.sent) == 4
    assert next(answers).fate == "indexed"
    assert len(app.sent) == 5
    assert len(list(answers)) == 998
    assert [kwargs["headline"] for _, _, kwargs in app.sent[:2]] == ["Nummer 0", "Nummer 1"]


def test_without_redis_it_is_unavailable(app: App, client: Client) -> None:
    app.away = True
    for send in (
        lambda: client.ingest_article(headline="Titel"),
        lambda: client.ingest_files(["a.txt"]),
        lambda: next(client.ingest_articles([{"headline": "Titel"}])),
    ):
        with pytest.raises(ServiceUnavailable, match="Redis does not answer"):
            send()
    with pytest.raises(ServiceUnavailable):
        receipt(ConnectionResetError("gone")).get()
    lost = RuntimeError("retry limit exceeded")
    lost.__cause__ = ConnectionResetError("gone")
    with pytest.raises(ServiceUnavailable, match="gone"):
        receipt(lost).get()
    with pytest.raises(RuntimeError, match="a bug"):
        receipt(RuntimeError("a bug")).get()


def test_no_answer_is_a_timeout_and_what_the_task_raised_is_raised() -> None:
    waiting = receipt(NoResult())
    assert not waiting.ready()
    with pytest.raises(TimeoutError, match=r"within 0\.5 seconds"):
        waiting.get(timeout=0.5)
    with pytest.raises(UsageError, match="wrong"):
        receipt(UsageError("wrong")).get()


def test_whoever_has_no_time_looks_once_and_goes_on() -> None:
    assert receipt(ANSWER).get(timeout=0).fate == "indexed"
    with pytest.raises(TimeoutError, match="within 0 seconds"):
        receipt(NoResult()).get(timeout=0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether Redis still has it is asked at once."""
    monkeypatch.setattr(ingested, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(ingested, "BETWEEN_LOOKS", 0.01)


def test_a_message_that_redis_lost_is_said_to_be_lost_before_the_time_is_over(
    impatient: None,
) -> None:
    start = time.monotonic()
    lost = Receipt(cast("AsyncResult", Result(NoResult())), item, lambda task: False)
    with pytest.raises(MessageLost, match="Send it again"):
        lost.get(timeout=600)
    assert time.monotonic() - start < 60
    with pytest.raises(MessageLost):
        lost.get(timeout=None)


def test_one_that_is_on_its_way_between_queue_and_worker_is_not_lost(impatient: None) -> None:
    looks = iter([False, True, False])
    receipt = Receipt(cast("AsyncResult", Result(NoResult())), item, lambda task: next(looks, True))
    with pytest.raises(TimeoutError, match="waits in Redis"):
        receipt.get(timeout=0.2)
    assert next(looks, None) is None, "it was looked at again"


def test_one_whose_answer_came_between_two_looks_is_not_lost(impatient: None) -> None:
    result = Result(NoResult())

    def look(task: str) -> bool:
        result.answer = ANSWER
        return False

    assert Receipt(cast("AsyncResult", result), item, look).get(timeout=60).fate == "indexed"


def test_who_may_not_look_into_the_queues_waits_as_long_as_wanted(impatient: None) -> None:
    def look(task: str) -> bool:
        raise UsageError("Redis: its user lacks a right")

    with pytest.raises(TimeoutError, match="waits in Redis"):
        Receipt(cast("AsyncResult", Result(NoResult())), item, look).get(timeout=0.1)


def test_without_redis_nothing_is_said_to_be_lost(impatient: None) -> None:
    def look(task: str) -> bool:
        raise ServiceUnavailable("Redis does not answer")

    with pytest.raises(ServiceUnavailable) as raised:
        Receipt(cast("AsyncResult", Result(NoResult())), item, look).get(timeout=60)
    assert not isinstance(raised.value, MessageLost)


def test_an_article_is_dropped_into_the_inbox_as_a_file(client: Client, tmp_path: Path) -> None:
    path = client.drop_article(headline="Titel", body="Text.", agencies=["dpa"])
    file = tmp_path / "data" / "inbox" / path
    assert json.loads(file.read_text()) == {
        "headline": "Titel",
        "body": "Text.",
        "agencies": ["dpa"],
    }
    assert [each.name for each in file.parent.iterdir()] == [file.name], "nothing is left beside it"
    assert client.drop_article(headline="Titel", body="Text.", agencies=["dpa"]) == path
    with pytest.raises(UsageError, match="headline"):
        client.drop_article(headline=" ")


def test_where_the_disk_takes_no_file_it_is_said(client: Client, tmp_path: Path) -> None:
    (tmp_path / "data" / "inbox" / "sent").write_text("keine Mappe")
    with pytest.raises(ServiceUnavailable, match="takes no file"):
        client.drop_article(headline="Titel")


def test_a_folder_that_the_watcher_removes_meanwhile_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders, removed = Folders(tmp_path).prepare(), list[Path]()

    def remove_first(path: Path, content: bytes, folder: int) -> None:
        if not removed:
            (folders.inbox / "sent" / "heute").rmdir()
            removed.append(path)
        write_bytes(path, content, folder=folder)

    monkeypatch.setattr(dropping, "write_bytes", remove_first)
    assert dropping.drop(folders, "sent/heute/a.json", b"{}").read_bytes() == b"{}"
    assert removed


def test_an_article_is_not_dropped_where_the_disk_was(client: Client, tmp_path: Path) -> None:
    client.drop_article(headline="Titel")
    (tmp_path / "data").rename(tmp_path / "weg")
    for folder in ([], [tmp_path / "data"]):  # it may be the place where the disk was mounted
        for empty in folder:
            empty.mkdir()
        with pytest.raises(ServiceUnavailable, match="disk is away"):
            client.drop_article(headline="Titel")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_client_makes_no_data_folder(tmp_path: Path) -> None:
    client = Client(
        Settings(data=tmp_path / "woanders", redis_url=SecretStr("redis://127.0.0.1:9"))
    )
    for send in (
        lambda: client.copy_files([tmp_path]),
        lambda: client.drop_article(headline="Titel"),
    ):
        with pytest.raises(UsageError, match="DEPESCHE_DATA"):
            send()
    assert list(tmp_path.iterdir()) == []


def test_what_is_gone_or_closed_harms_no_other(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: whoever owns a part of the tree had nothing of the rest copied."""
    folder = tmp_path / "baum"
    for name in ("a.txt", "fort.txt", "link.txt", "unter/b.txt", "weg/c.txt", "zu/d.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    scandir, listed = os.scandir, copying.listed

    def closed(path: Any) -> Any:
        if path == folder / "zu":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    def listed_then_changed(paths: Sequence[Path]) -> Any:
        both = listed(paths)
        (folder / "fort.txt").unlink()
        (folder / "link.txt").unlink()
        (folder / "link.txt").symlink_to("/etc/hostname")
        shutil.rmtree(folder / "weg")
        (folder / "weg").symlink_to("/etc")
        return both

    monkeypatch.setattr(os, "scandir", closed)
    monkeypatch.setattr(copying, "listed", listed_then_changed)
    copied = client.copy_files([folder])
    assert copied.files == 2
    assert sorted(Path(path).name for path in copied.refused) == [
        "c.txt", "fort.txt", "link.txt", "zu",
    ]  # fmt: skip
    assert {Path(name) for names in copied._batches.values() for name in names} == {
        Path("baum/a.txt"), Path("baum/unter/b.txt"),
    }  # fmt: skip


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="only Linux has leases")
def test_what_somebody_holds_by_a_lease_harms_no_other(client: Client, tmp_path: Path) -> None:
    """Red before: nothing behind it was copied."""
    folder = tmp_path / "texte"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text("x")
    ignored = signal.signal(signal.SIGIO, signal.SIG_IGN)
    try:
        with (folder / "b.txt").open("r+") as held:
            fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            copied = client.copy_files([folder])
    finally:
        signal.signal(signal.SIGIO, ignored)
    assert (copied.files, [Path(name).name for name in copied.refused]) == (2, ["b.txt"])


def test_a_hole_is_refused_by_its_size_and_harms_no_other(client: Client, tmp_path: Path) -> None:
    folder = tmp_path / "texte"
    folder.mkdir()
    (folder / "a.txt").write_text("Titel\n\nText.")
    with (folder / "loch.txt").open("wb") as file:
        file.truncate(2 * 2**30)
    copied = client.copy_files([folder])
    assert copied.files == 1
    (reason,) = copied.refused.values()
    assert "2,147,483,648 bytes" in reason
    assert "DEPESCHE_MAX_FILE_BYTES" in reason
    alone = client.copy_files([folder / "loch.txt"])
    assert (alone.files, len(alone.refused), alone.wait()) == (0, 1, [])
    (batch,) = (tmp_path / "data" / "spool").iterdir()
    assert [path.name for path in (batch / "files").rglob("*.txt")] == ["a.txt"]


def test_a_hole_that_is_called_a_container_harms_no_other(client: Client, tmp_path: Path) -> None:
    """Red before: the command ended, and what came behind it was not copied."""
    folder = tmp_path / "texte"
    folder.mkdir()
    (folder / "b.txt").write_text("Titel\n\nText.")
    with (folder / "a.zip").open("wb") as file:
        file.truncate(2 * 2**30)
    copied = client.copy_files([folder])
    (reason,) = copied.refused.values()
    assert (copied.files, "It has holes" in reason) == (1, True)


def test_no_link_in_the_inbox_leads_a_dropped_article_out(client: Client, tmp_path: Path) -> None:
    (tmp_path / "fremd").mkdir()
    (tmp_path / "data" / "inbox" / "sent").symlink_to(tmp_path / "fremd")
    with pytest.raises(ServiceUnavailable, match="inbox"):
        client.drop_article(headline="Titel")
    assert list((tmp_path / "fremd").iterdir()) == []


def test_copies_wait_in_the_spool_until_they_have_an_end(client: Client, tmp_path: Path) -> None:
    Folders(tmp_path / "data").prepare()
    folder = tmp_path / "texte"
    folder.mkdir()
    for name in ("a.txt", "b.txt", ".c.txt"):
        (folder / name).write_text("Titel\n\nText.")
    told: list[tuple[int, int]] = []
    copied = client.copy_files([folder], lambda done, total: told.append((done, total)))
    assert copied.files == 2
    assert list(copied.skipped) == [str(folder / ".c.txt")]
    assert told == [(1, 2), (2, 2)]
    batches = list((tmp_path / "data" / "spool").iterdir())
    assert len(batches) == 1
    with pytest.raises(TimeoutError, match="Not all files"):
        copied.wait(timeout=0.0)
    with pytest.raises(UsageError, match="no such file"):
        client.copy_files([tmp_path / "nichts"])


def test_who_waits_is_told_once_that_nobody_takes_the_files(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Folders(tmp_path / "data").prepare()
    said = _told_while_waiting(client, tmp_path, monkeypatch)
    assert len(said) == 1
    assert "`intake` was never seen" in said[0]
    assert "depesche up" in said[0]


def test_who_waits_for_a_worker_that_lives_is_told_nothing(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = Folders(tmp_path / "data").prepare()
    BeatFile(folders.alive).write(Beat("intake", "host", 7))
    assert _told_while_waiting(client, tmp_path, monkeypatch) == []


def _told_while_waiting(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """What who waits for a file is told within half a second; nobody takes it."""
    monkeypatch.setattr(manned, "LOOK_SECONDS", 0.0)
    (tmp_path / "a.txt").write_text("Titel\n\nText.")
    said: list[str] = []
    with pytest.raises(TimeoutError):
        client.copy_files([tmp_path / "a.txt"]).wait(timeout=0.5, hindered=said.append)
    return said


@pytest.mark.parametrize(
    "answer",
    [
        7, None, [], "indexed", {}, {"path": "a"}, {"path": [1], "fate": "indexed"},
        {"path": "a", "fate": "indexed", "warnings": 7},
        {"path": "a", "fate": "indexed", "warnings": [7]},
    ],
)  # fmt: skip
def test_an_answer_of_no_worker_s_is_told(answer: Any) -> None:
    """Red before: a bare TypeError, or an item with other types than it says."""
    with pytest.raises(MessageLost, match="another program wrote it"):
        receipt(answer).get()
