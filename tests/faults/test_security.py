"""What a sender cannot do."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis

from tests.faults.outcome import article, assert_ended, command, drop, wait_until_ended
from tests.faults.poison import pipeline
from tests.processes import Processes, files_in, wait_for
from tests.redis_servers import Server
from worker.container import Container


def test_a_sender_has_only_what_is_configured(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """No path, link or name leads ``ingest.files`` out of the folders that are allowed."""
    allowed, forbidden = tmp_path / "allowed", tmp_path / "allowed-not"
    for folder in (allowed, forbidden):
        folder.mkdir()
        (folder / "brief.txt").write_bytes(article(folder.name))
    (allowed / "link.txt").symlink_to(forbidden / "brief.txt")
    (allowed / "folder").symlink_to(forbidden)
    (container.folders.inbox / "link.txt").symlink_to(forbidden / "brief.txt")
    refused = [
        "/etc/hostname",
        "/etc/passwd\x00.txt",
        "/proc/self/environ",
        "",
        ".",
        "brief.txt",
        str(allowed),
        str(forbidden / "brief.txt"),
        f"{allowed}/../allowed-not/brief.txt",
        str(allowed / "link.txt"),
        str(allowed / "folder" / "brief.txt"),
        str(container.folders.inbox / "link.txt"),
        str(container.folders.inbox / ".." / "settle.lock"),
        "/" + "a" * 5000,
        "\udcff",
    ]
    processes.start("intake", DEPESCHE_INGEST_FOLDERS=str(allowed))
    processes.start("enrich", **pipeline(tmp_path))
    sent = container.app.send_task("ingest.files", [[*refused, str(allowed / "brief.txt")]])
    fates = [item["fate"] for item in sent.get(timeout=60)]
    assert fates == ["failed"] * len(refused) + ["indexed"]
    assert (forbidden / "brief.txt").read_bytes() == article("allowed-not")
    (container.folders.inbox / "link.txt").unlink()
    wait_until_ended(container, 1)
    assert_ended(container, {"allowed/brief.txt": article("allowed")})


EVIL_NAMES = (
    "a..%2f..%2fauswärts.txt",
    "a\\..\\..\\auswärts.txt",
    "C:\\Windows\\auswärts.txt",
    "a...txt",
    "~root",
    "$(touch auswärts).txt",
    "`touch auswärts`.txt",
    "a;touch auswärts;.txt",
    "ordner../noch einer ../auswärts.txt",
    "archive/inbox/spool/auswärts.txt",
)
EVIL_IDS = (
    "../../../auswärts",
    "/tmp/auswärts",
    "..",
    ".",
    "a/b/c",
    "%2e%2e%2fauswärts",
    "a\\b",
    "*",
)


def test_no_name_and_no_id_leads_out(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """Paths in names, in ids and in messages stay words."""
    named = {name: article(name) for name in EVIL_NAMES}
    by_id = {
        f"id-{number}.json": json.dumps(
            {"id": evil_id, "headline": f"Nummer {number}", "body": f"Es regnet zum {number}. Mal."}
        ).encode()
        for number, evil_id in enumerate(EVIL_IDS)
    }
    environment = pipeline(tmp_path)
    processes.start_all(**environment)
    drop(container, named | by_id)
    beside = tmp_path / "daneben" / "files" / "fremd.txt"
    beside.parent.mkdir(parents=True)
    beside.write_bytes(article("daneben"))
    before = _outside(container, tmp_path)
    for name in ("../../daneben", str(tmp_path / "daneben"), "..", ""):
        container.publisher.intake(name)
    for number, evil_id in enumerate(EVIL_IDS):
        content = {"headline": f"Gesendet {number}", "body": f"Und {number}.", "id": f"x{evil_id}"}
        sent = container.app.send_task("ingest.article", kwargs=content)
        assert sent.get(timeout=60)["fate"] == "indexed"
    total = len(named) + 2 * len(EVIL_IDS)
    wait_until_ended(container, total)
    assert len(files_in(container.folders.archive)) == total
    assert set(named | by_id) <= set(files_in(container.folders.archive))
    assert _outside(container, tmp_path) == before
    assert not Path("auswärts").exists()
    assert not Path("/tmp/auswärts").exists()


def _outside(container: Container, folder: Path) -> list[Path]:
    """Every file and folder beside those of the data folder that it makes itself."""
    own = [
        container.folders.inbox,
        container.folders.spool,
        container.folders.archive,
        container.folders.run,
        container.settings.data / "site",
    ]
    return sorted(
        path
        for path in folder.rglob("*")
        if not any(path.is_relative_to(part) for part in own)
        and "ledger" not in path.name
        and path.name not in {"settle.lock", "aliases.txt-lock"}
    )


REDIS_PASSWORD, API_KEY = "geheim-eins", "geheim-drei"
SECRETS = [REDIS_PASSWORD]
QUESTIONS = (
    ("status",),
    ("status", "--json"),
    ("failed", "--all"),
    ("verify",),
    ("search", "Dessau"),
    ("search", '"'),
    ("show", "no-such-id"),
    ("retry",),
    ("index", "status"),
    ("ingest", "no-such-file.txt", "--wait"),
    ("work", "intake"),
    ("watch", "--no-such-option"),
)


@pytest.fixture
def locked_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis.Redis]:
    """A Redis that asks for a password."""
    folder = tmp_path_factory.mktemp("locked") / "redis"  # its own configuration holds it
    server = Server(folder, f"requirepass {REDIS_PASSWORD}")
    with redis.Redis(host="127.0.0.1", port=server.port, password=REDIS_PASSWORD) as queue:
        yield queue
    server.kill()


def _with_passwords(
    container: Container, redis_at: str = "127.0.0.1:1", elastic_at: str = ""
) -> dict[str, str]:
    """Addresses that hold passwords; of another Elasticsearch than the test's own where given."""
    own = urlsplit(_elasticsearch(container))
    user, password = own.username or "elastic", own.password or "geheim-zwei"
    index = elastic_at or own.netloc.rpartition("@")[2]
    return {
        "DEPESCHE_REDIS_URL": f"redis://:{REDIS_PASSWORD}@{redis_at or '127.0.0.1:1'}/0",
        "DEPESCHE_ELASTICSEARCH_URL": f"{own.scheme}://{user}:{password}@{index}",
        "DEPESCHE_LOG_LEVEL": "DEBUG",
    }


def _elasticsearch(container: Container) -> str:
    assert container.settings.elasticsearch_url
    return container.settings.elasticsearch_url.get_secret_value()


@pytest.fixture(autouse=True)
def _elastic_password(container: Container) -> Iterator[None]:
    """The real one: without it nothing is answered."""
    SECRETS[1:] = [urlsplit(_elasticsearch(container)).password or "geheim-zwei", API_KEY]
    yield
    del SECRETS[1:]


def _assert_silent(said: str, where: str) -> None:
    for secret in SECRETS:
        assert secret not in said, f"{where} says {secret}: {said[-2000:]}"


def _ask(processes: Processes, questions: tuple[tuple[str, ...], ...], **env: str) -> None:
    for question in questions:
        done = command(processes, *question, **env)
        _assert_silent(done.stdout + done.stderr, f"{question} with {env}")


def _command_lines() -> list[list[str]]:
    lines = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has just ended
            lines.append(process.cmdline())
    return lines


def _assert_files_silent(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _assert_silent(path.read_bytes().decode("latin-1"), str(path))


def test_passwords_are_never_said(
    container: Container, processes: Processes, tmp_path: Path, locked_redis: redis.Redis
) -> None:
    """Not in logs, status, errors, reasons or command lines, in good days and in bad ones."""
    good, bad = {"gut.txt": article("gut")}, {"schlecht.txt": b"\x00\x01\x02" * 40}
    port = locked_redis.connection_pool.connection_kwargs["port"]
    env: Mapping[str, str] = _with_passwords(container, f"127.0.0.1:{port}")
    processes.start_all(**pipeline(tmp_path), **env)
    drop(container, good | bad)
    wait_until_ended(container, 1, failed=1)
    _assert_silent(str(_command_lines()), "the process table")
    _ask(processes, QUESTIONS[:10], **env)
    locked_redis.client_kill_filter(_type="normal", skipme=True)
    wait_for(lambda: "connection" in processes.log("intake").lower(), "a word on it", 30)
    processes.end()
    wrong = _with_passwords(container, elastic_at="127.0.0.1:1") | {
        "DEPESCHE_REDIS_URL": f"redis://:{REDIS_PASSWORD}x@127.0.0.1:1/0"
    }
    _ask(processes, QUESTIONS[:10], **wrong)
    _ask(processes, QUESTIONS[:1], DEPESCHE_ELASTICSEARCH_API_KEY=API_KEY, **wrong)
    _assert_files_silent(tmp_path)


@pytest.mark.parametrize(
    ("redis_at", "elastic_at"),
    [
        ("127.0.0.1:kein-port", ""),
        ("[::1", ""),
        ("127.0.0.1:99999", ""),
        ("", "127.0.0.1:kein-port"),
        ("", "[::1"),
        ("", "127.0.0.1:99999"),
        ("", "127.0.0.1:9200 oder so"),
    ],
)
def test_passwords_in_addresses_that_are_none(
    container: Container, processes: Processes, redis_at: str, elastic_at: str
) -> None:
    """The mistake is named, the password is not."""
    env = _with_passwords(container, redis_at, elastic_at)
    _ask(processes, (("status",), ("work", "enrich"), ("up", "--detach"), ("search", "x")), **env)
    assert os.listdir(container.folders.inbox) == []
