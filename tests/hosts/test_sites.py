"""Two hosts with data folders of their own, on one Redis and one index: two sites."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tasks.names import QueueNames
from tests.commands import Command
from tests.faults.outcome import article, command, drop, wait_until_ended
from tests.processes import Processes, files_in, states, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROUNDS = 8
#: Before, half of all messages were taken by the other host's intake: then up to 28 s.
SOON_SECONDS = 10.0


def _host(container: Container, site: str, data: Path) -> Processes:
    changes = {"site": site, "data": data, "ingest_folders": ()}
    parts = Container(container.settings.model_copy(update=changes))
    parts.folders  # noqa: B018
    return Processes(parts)


@pytest.fixture
def hosts(container: Container, tmp_path: Path) -> Iterator[dict[str, Processes]]:
    """Hamburg and Bremen, each with its watcher and intake."""
    running = {site: _host(container, site, tmp_path / site) for site in ("hamburg", "bremen")}
    for host in running.values():
        for name in ("watch", "intake"):
            host.start(name)
    yield running
    for host in running.values():
        host.end()


def _documents(container: Container) -> dict[str, dict[str, Any]]:
    index = container.settings.index
    container.client.indices.refresh(index=index)
    hits = container.client.search(index=index, size=1000)["hits"]["hits"]
    return {hit["_id"]: hit["_source"] for hit in hits}


def _settled(host: Processes) -> bool:
    folders = host.container.folders
    return not files_in(folders.inbox) and not files_in(folders.spool)


def _living(host: Processes) -> bool:
    beats = [seen.beat for seen in host.container.heartbeats.read()]
    return {(beat.site, beat.process) for beat in beats} >= {
        (site, name) for site in ("hamburg", "bremen") for name in ("watch", "intake")
    }


def _verified(host: Processes) -> tuple[int, dict[str, Any]]:
    done = command(host, "verify", "--json")
    return done.returncode, json.loads(done.stdout)


def test_two_sites_take_their_own_and_miss_their_own(
    container: Container, hosts: dict[str, Processes]
) -> None:
    hamburg, bremen = hosts["hamburg"], hosts["bremen"]
    wait_for(lambda: _living(hamburg), "both sites", 120)
    waited = []
    for number in range(ROUNDS):
        for site, host in hosts.items():
            drop(host.container, {f"{number}.txt": article(f"{site} {number}")})
        waited += [wait_for(lambda: all(map(_settled, hosts.values())), "indexed", 60)]
    print("seconds from inbox to archive:", [round(seconds, 1) for seconds in waited])
    again = sum(host.log("watch").count("reconcile.notified") for host in hosts.values())
    print(f"notified once more by a reconciler: {again} of {2 * ROUNDS}")
    assert max(waited[1:]) < SOON_SECONDS  # in the first all is loaded
    documents = _documents(container)
    assert len(documents) == 2 * ROUNDS
    for site in hosts:
        own = [one for one in documents.values() if one["source"]["site"] == site]
        assert len(own) == ROUNDS

    # A copy at the other site: one document that knows both.
    drop(bremen.container, {"copy.txt": article("hamburg 0")})
    wait_for(lambda: _settled(bremen), "the copy archived", 60)
    documents = _documents(container)
    assert len(documents) == 2 * ROUNDS
    (copied,) = [one for one in documents.values() if one.get("copies")]
    assert copied["source"]["site"] == "hamburg"
    assert [(c["site"], c["path"]) for c in copied["copies"]] == [("bremen", "copy.txt")]

    # Each misses its own alone.
    time.sleep(1.0)
    for host in hosts.values():
        code, told = _verified(host)
        assert (code, told["counts"]) == (0, {})
        assert sum(told["elsewhere"].values()) == ROUNDS
    (bremen.container.folders.archive / "3.txt").unlink()
    (bremen.container.folders.archive / "copy.txt").unlink()
    code, told = _verified(bremen)
    assert code == 1
    assert sorted(one["path"] for one in told["differences"]) == ["3.txt", "copy.txt"]
    assert _verified(hamburg)[0] == 0


def test_what_is_withdrawn_at_one_is_so_at_both_until_one_lets_it_in(
    container: Container, hosts: dict[str, Processes], tmp_path: Path
) -> None:
    hamburg, bremen = hosts["hamburg"], hosts["bremen"]
    wait_for(lambda: _living(hamburg), "both sites", 120)
    long = article("hamburg", 6)
    for host, name in ((hamburg, "a.txt"), (bremen, "b.txt")):
        drop(host.container, {name: long})
        wait_for(partial(_settled, host), "indexed", 120)
    archives = {site: host.container.folders.archive for site, host in hosts.items()}
    kept = {site: host.container.folders.withdrawn for site, host in hosts.items()}

    # Bremen's watcher dies between its tombstone and its files, and again between two of these.
    bremen.kill("watch")
    for gap in ("sharing.taken", "withdraw.moved"):
        bremen.start("watch", **{ARMED: f"{gap}:kill", ONCE: str(tmp_path)})
        if gap == "sharing.taken":
            Command(hamburg)("withdraw", "a.txt", "--reason", "court order")
            assert _documents(container) == {}
        wait_for((tmp_path / gap).exists, f"killed at {gap}", 60)
        bremen.kill("watch")
    bremen.start("watch")
    wait_for(lambda: files_in(kept["bremen"]) == ["b.txt"], "its file is away", 60)
    assert files_in(archives["bremen"]) == []

    # Nothing brings it back there: a drop, a back-up of the archive.
    drop(bremen.container, {"again.txt": long})
    wait_for(lambda: files_in(kept["bremen"]) == ["again.txt", "b.txt"], "refused", 60)
    (archives["bremen"] / "back-up.txt").write_bytes(long)
    assert Command(bremen).run("verify", "--repair").returncode == 0
    assert files_in(archives["bremen"]) == []
    assert _documents(container) == {}

    # Let in at Bremen it is back at both.
    Command(bremen)("restore", "b.txt")
    both = lambda: files_in(archives["hamburg"]) == ["a.txt"] and all(map(_settled, hosts.values()))  # noqa: E731
    print(f"restored at both after {wait_for(both, 'let in at Hamburg', 60):.1f} s")
    assert "b.txt" in files_in(archives["bremen"])
    assert len(_documents(container)) == 1

    # With both watchers at work it is quick.
    Command(hamburg)("withdraw", "a.txt", "--reason", "court order")
    seconds = wait_for(lambda: not files_in(archives["bremen"]), "taken away", 60)
    print(f"taken away at the other {seconds:.1f} s after the command had ended")
    assert seconds < SOON_SECONDS

    # Purged at Hamburg it is nowhere.
    begins = time.monotonic()
    purging = Command(hamburg).run("withdraw", "a.txt", "--reason", "x", "--purge", "--yes")
    assert purging.returncode == 0, purging.stderr
    nowhere = lambda: not any(map(files_in, (*archives.values(), *kept.values())))  # noqa: E731
    wait_for(nowhere, "purged at both", 120)
    print(f"purged at both {time.monotonic() - begins:.1f} s after it was asked")
    assert _documents(container) == {}


def test_files_and_articles_find_their_site(
    container: Container, hosts: dict[str, Processes]
) -> None:
    hamburg, bremen = hosts["hamburg"], hosts["bremen"]
    wait_for(lambda: _living(hamburg), "both sites", 120)
    for host in hosts.values():
        host.kill("watch")  # it would be faster
    app, names = container.app, hamburg.container.names
    for number, queue in enumerate(("celery", names.shared, "intake", names.own) * 3):
        path = bremen.container.folders.inbox / f"{number}.txt"
        path.write_bytes(article(f"bremen {number}"))
        own = queue == names.own  # a message in a site's own queue stays there
        asked = hamburg.container.folders.inbox / path.name if own else path
        if own:
            path.rename(asked)
        sent = app.send_task("ingest.files", [[str(asked)]], queue=queue)
        (told,) = sent.get(timeout=60)
        assert told["fate"] == "indexed", told
        document = _documents(container)[told["id"]]
        assert document["source"]["site"] == ("hamburg" if own else "bremen")
    sent = [
        app.send_task("ingest.article", kwargs={"headline": f"Meldung {number}", "body": "Text."})
        for number in range(10)
    ]
    assert {one.get(timeout=60)["fate"] for one in sent} == {"indexed"}

    done = command(bremen, "status", "--all-sites", "--json")
    told = json.loads(done.stdout)
    assert told.keys() == {"hamburg", "bremen"}
    assert all(told.values())
    hamburg.kill("intake")
    done = command(bremen, "status", "--all-sites")
    assert done.returncode == 1
    assert "hamburg: its intake does not answer" in done.stdout


def test_what_an_older_release_has_sent_is_taken(
    container: Container, hosts: dict[str, Processes]
) -> None:
    """In queues without an index's name, and in the hands of a worker that was killed."""
    import redis

    hamburg = hosts["hamburg"]
    container.app.send_task(
        "ingest.article", kwargs={"headline": "Wartet", "body": "Im alten."}, queue="intake"
    )
    queue = redis.Redis.from_url(container.settings.redis_url.get_secret_value())  # type: ignore[union-attr]
    wait_for(lambda: len(_documents(container)) == 1, "what waited", 120)
    for host in hosts.values():
        host.kill("intake")
    container.app.send_task(
        "ingest.article", kwargs={"headline": "Gehalten", "body": "Von einem alten."}, queue="old"
    )
    _, content = queue.brpop(["old"])  # type: ignore[misc]
    raw = json.loads(content)
    queue.hset("unacked", "tag", json.dumps([raw, "", "intake"]))
    queue.zadd("unacked_index", {"tag": time.time() - 3600})
    hamburg.start("intake")
    wait_for(lambda: len(_documents(container)) == 2, "what was held", 120)
    assert not queue.exists("unacked", "unacked_index")


def test_another_installation_on_the_same_redis_meets_nothing(
    container: Container, hosts: dict[str, Processes]
) -> None:
    """Its index is not there, so that nothing of it is taken: and nothing is taken for it."""
    others = QueueNames("another-index", "hamburg")
    sent = container.app.send_task("ingest.article", kwargs={"headline": "X"}, queue=others.shared)
    drop(hosts["hamburg"].container, {"a.txt": article("a")})
    wait_for(lambda: _settled(hosts["hamburg"]), "its own", 60)
    assert not sent.ready()
    assert len(_documents(container)) == 1
    hosts["bremen"].start("enrich")
    wait_until_ended(hosts["hamburg"].container, 1, seconds=600)
    assert states(container)["enriched"] == 1
