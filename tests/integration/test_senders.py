"""Other programs: by name with Celery alone, and with ``tasks.client``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from celery import Celery

from articles.errors import UsageError
from indexing.searching.search import get
from tasks.client import connect
from tasks.settings import redis_address
from tests.processes import Processes, files_in, states, wait_for
from worker.container import Container

#: What docs/programs.md shows: nothing of Depesche is imported.
BARE = """
import json, sys
from celery import Celery
app = Celery(broker=sys.argv[1], backend=sys.argv[1])
content = {"headline": "Neue Brücke", "body": "In Köln wurde gebaut.", "published": "2024-06"}
first = app.send_task("ingest.article", kwargs=content).get(timeout=60)
second = app.send_task("ingest.article", kwargs=content).get(timeout=60)
files = app.send_task("ingest.files", [sys.argv[2:]]).get(timeout=60)
print(json.dumps([first, second, files]))
"""


def _redis(container: Container) -> str:
    """As Celery alone reads the address of a socket."""
    assert container.settings.redis_url
    address = redis_address(container.settings)
    if not address.path:
        return container.settings.redis_url.get_secret_value()
    return f"redis+socket://{address.path}?virtual_host={address.database}"


def test_another_site_takes_what_is_for_any_and_no_batch_of_this_one(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """Red before: its intake took the message, found no such batch, and the batch waited."""
    settings = container.settings.model_copy(update={"site": "bremen", "data": tmp_path / "bremen"})
    parts = Container(settings)
    parts.folders  # noqa: B018
    bremen = Processes(parts)
    try:
        (container.folders.inbox / "hier.txt").write_text("Ein Brief\n\nAus Kiel.")
        wait_for(lambda: container.watcher.scan() == 1, "claimed")
        wait_for(lambda: container.queues.lengths()["intake"] == 1, "the message")
        bremen.start("intake")
        article = {"headline": "Meldung", "body": "Ein Satz."}
        sent = container.app.send_task("ingest.article", kwargs=article).get(timeout=120)
        document = get(container.client, container.settings.index, sent["id"])
        assert document is not None
        assert document["source"]["site"] == "bremen"
        assert container.queues.lengths()["intake"] == 1, "nobody else takes it"
        processes.start("intake")
        wait_for(lambda: files_in(container.folders.archive) == ["hier.txt"], "archived")
        assert (container.folders.data / "site").read_text() == f"{container.names.site}\n"
    finally:
        bremen.end()


def test_a_program_that_has_only_celery(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    (allowed / "brief.txt").write_text("Ein Brief\n\nAus Kiel.")
    (container.folders.inbox / ".versteckt.txt").write_text("Noch ein Brief\n\nAus Bremen.")
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    (allowed / "link.txt").symlink_to(secret)
    processes.start("intake", DEPESCHE_INGEST_FOLDERS=str(allowed))
    processes.start("enrich")
    paths = [
        str(allowed / "brief.txt"),
        str(container.folders.inbox / ".versteckt.txt"),
        str(secret),
        str(allowed / "link.txt"),
        str(allowed / ".." / "secret.txt"),
        str(allowed / "nicht-da.txt"),
    ]
    answer = subprocess.run(
        [sys.executable, "-c", BARE, _redis(container), *paths],
        capture_output=True, text=True, check=True, timeout=120, cwd=tmp_path,
    )  # fmt: skip
    first, second, files = json.loads(answer.stdout)
    assert first["fate"] == "indexed"
    assert (second["fate"], second["id"]) == ("duplicate", first["id"])
    assert [item["path"] for item in files] == paths
    fates = [item["fate"] for item in files]
    assert fates == ["indexed", "indexed", "failed", "failed", "failed", "failed"]
    assert all(item["reason"] for item in files[2:])
    assert (allowed / "brief.txt").exists(), "files outside the inbox are copied"
    assert secret.read_text() == "geheim"
    document = get(container.client, container.settings.index, first["id"])
    assert document is not None
    assert document["published_precision"] == "month"
    wait_for(lambda: states(container)["enriched"] == 3, "all enriched")
    assert len(files_in(container.folders.archive)) == 3


def test_the_client_of_the_same_environment(
    container: Container, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes.start("intake")
    monkeypatch.setenv("DEPESCHE_INDEX", container.settings.index)
    client = connect(_redis(container))
    fate = client.ingest_article(headline="Testfall", body="Ein Satz.").get(timeout=60)
    assert fate["fate"] == "indexed"
    with pytest.raises(UsageError, match="headlin"):
        client.ingest_article(headlin="Tippfehler")


def test_a_wrong_message_is_refused_and_the_worker_lives(
    container: Container, processes: Processes
) -> None:
    processes.start("intake")
    app = Celery(broker=_redis(container), backend=_redis(container))
    with pytest.raises(Exception, match="headline"):
        app.send_task("ingest.article", kwargs={"body": "ohne"}).get(timeout=60)
    with pytest.raises(Exception, match="list of paths"):
        app.send_task("ingest.files", ["no list"]).get(timeout=60)
    fate = app.send_task("ingest.article", kwargs={"headline": "Gut"}).get(timeout=60)
    assert fate["fate"] == "indexed"


def test_what_a_json_file_may_hold_may_be_sent_in_whatever_way(
    container: Container, processes: Processes
) -> None:
    processes.start("intake")
    app = Celery(broker=_redis(container), backend=_redis(container))
    whole = {"headline": "Gut", "body": "Aus Köln.", "id": 7, "agencies": "dpa", "lead": None}
    first = app.send_task("ingest.article", [whole]).get(timeout=60)
    assert (first["fate"], first["id"], first["warnings"]) == ("indexed", "s-7", [])
    again = app.send_task("ingest.article", ["Gut", "Aus Köln."], {"id": "7"}).get(timeout=60)
    assert (again["fate"], again["id"]) == ("duplicate", "s-7")
    other = app.send_task("ingest.article", ["Gut", "Aus Bonn."], {"id": 7}).get(timeout=60)
    assert (other["fate"], other["id"]) == ("corrected", "s-7")
    document = get(container.client, container.settings.index, "s-7")
    assert document is not None
    assert (document["body"], document.get("agency")) == ("Aus Bonn.", None)
