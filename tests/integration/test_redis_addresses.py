"""Whatever the address says: a worker, its results, the client and `status` are connected by it.

No Elasticsearch runs: an article that was sent waits in the spool then, and the worker says so,
which takes the message there and the result back.
"""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr
from redis import Redis

from articles.errors import ServiceUnavailable, UsageError
from depesche.client import Client
from tasks.redis_address import parse
from tasks.settings import Settings
from tests.listener import Listener
from tests.processes import Processes, wait_for
from tests.redis_servers import Server
from tests.tls import Authority, TlsFront
from worker.care import status
from worker.container import Container
from worker.reconcile.persistence import Persistence

#: What people have in passwords, and what URLs, shells and Redis make of it.
PASSWORD = "ä/b?c#d@e:f%g&h+i;j[k]l,m=n"
#: As docs/services.md says what a user of Redis needs.
ACL = f"user depesche on >{PASSWORD} ~* &* +@all -@admin -@dangerous"

Started = Callable[..., Server]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """Starts servers, and ends them."""
    servers: list[Server] = []

    def start(*lines: str, sentinel: bool = False) -> Server:
        folder = tmp_path / f"r{len(servers)}"
        servers.append(Server(folder, *lines, sentinel=sentinel))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whoever issues the certificates."""
    return Authority(tmp_path_factory.mktemp("tls") / "ca")


def parts(folder: Path, url: str, **files: Path) -> Container:
    """The parts on that address, with these files for TLS."""
    nobody = SecretStr("http://127.0.0.1:1")
    settings = Settings(data=folder / "data", redis_url=SecretStr(url), elasticsearch_url=nobody)
    return Container(settings.model_copy(update=files))


@pytest.fixture
def worked(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Sends an article through a worker process and asks `status`, all by one address."""

    def work(container: Container, **environment: str) -> None:
        running = Processes(container)
        request.addfinalizer(running.end)
        named = {f"DEPESCHE_{name}": value for name, value in environment.items()}
        running.start("intake", **named)
        sent = Client(container.settings).ingest_article(headline="Neue Brücke", body="In Köln.")
        assert sent.get(120).fate == "waiting"
        current = status.read(container)
        assert current.services["redis"] == "answers"
        assert current.queues == {"intake": 0, "enrich": 0, "celery": 0}
        running.end()
        del sent
        gc.collect()  # Celery's results speak to Redis when they go, and it goes next

    return work


def test_a_socket_a_user_an_odd_password_and_a_database(
    started: Started, worked: Callable[..., None], tmp_path: Path
) -> None:
    """The worker reads one dialect of addresses, the others the other."""
    server = started("user default off", ACL)
    login = f"depesche:{quote(PASSWORD, safe='')}"
    url = f"unix://{login}@{server.socket}?db=3"
    worked(parts(tmp_path, f"redis+socket://{login}@{server.socket}?virtual_host=3"), REDIS_URL=url)
    with Redis(port=server.port, username="depesche", password=PASSWORD, db=3) as client:
        assert client.dbsize(), "the result is in that database"


def test_tls_with_certificates_of_both_sides(
    started: Started, worked: Callable[..., None], authority: Authority, tmp_path: Path
) -> None:
    server = started(f'requirepass "{PASSWORD}"')
    ours = authority.issue("depesche")
    front = TlsFront(server.port, authority.issue("redis"), clients=authority.ca)
    url = f"rediss://:{quote(PASSWORD, safe='')}@localhost:{front.port}/1"
    files = {"redis_ca": authority.ca, "redis_cert": ours.cert, "redis_key": ours.key}
    environment = {name.upper(): str(file) for name, file in files.items()}
    worked(parts(tmp_path, url, **files), **environment)

    with pytest.raises(UsageError, match=r"set DEPESCHE_REDIS_CERT and DEPESCHE_REDIS_KEY"):
        parts(tmp_path, url, redis_ca=authority.ca).queues.lengths()
    with pytest.raises(UsageError, match=r"not trusted .*DEPESCHE_REDIS_CA"):
        parts(tmp_path, url).queues.lengths()
    with pytest.raises(ServiceUnavailable, match=r"\(DEPESCHE_REDIS_URL\).*wants redis://"):
        parts(tmp_path, f"rediss://localhost:{server.port}").queues.lengths()
    with pytest.raises((ServiceUnavailable, UsageError), match="rediss://"):
        parts(tmp_path, f"redis://localhost:{front.port}").queues.lengths()
    front.close()


def test_another_authority_and_another_host_are_not_trusted(
    started: Started, authority: Authority, tmp_path: Path
) -> None:
    server = started()
    other = Authority(tmp_path / "other")
    front = TlsFront(server.port, other.issue("redis", "subjectAltName=DNS:redis.example.org"))
    url = f"rediss://localhost:{front.port}"
    with pytest.raises(UsageError, match=r"not trusted .*DEPESCHE_REDIS_CA"):
        parts(tmp_path, url, redis_ca=authority.ca).queues.lengths()
    with pytest.raises(UsageError, match=r"another host .*DEPESCHE_REDIS_URL"):
        parts(tmp_path, url, redis_ca=other.ca).queues.lengths()
    named = parts(tmp_path, f"{url}?ssl_check_hostname=false", redis_ca=other.ca)
    assert sum(named.queues.lengths().values()) == 0
    front.close()


def test_nothing_is_said_in_clear(tmp_path: Path) -> None:
    """A listener sees a TLS hello, from whoever connects, and no password."""
    heard: list[bytes] = []

    def hear(caller: socket.socket) -> None:
        with caller:
            caller.settimeout(5)
            heard.append(caller.recv(4096))

    with Listener(hear) as listener:
        container = parts(tmp_path, f"rediss://depesche:geheim@127.0.0.1:{listener.port}/0")
        assert not container.publisher.intake("batch")
        with pytest.raises((ServiceUnavailable, UsageError)):
            container.queues.lengths()
        with pytest.raises(Exception, match="connecting"):
            container.app.backend.client.ping()
    assert len(heard) >= 3
    assert all(said.startswith(b"\x16\x03") for said in heard), "the first bytes of a TLS hello"
    assert not any(b"geheim" in said for said in heard)


def test_sentinels_name_another_master(
    started: Started, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    password = "geheim"
    login = (f"requirepass {password}", f"masterauth {password}")
    common = (*login, "repl-diskless-sync-delay 0")
    master = started(*common)
    replica = started(*common, f"replicaof 127.0.0.1 {master.port}")
    sentinels = [
        started(
            f"sentinel monitor presse 127.0.0.1 {master.port} 1",
            f"sentinel auth-pass presse {password}",
            "sentinel down-after-milliseconds presse 1000",
            "sentinel failover-timeout presse 4000",
            sentinel=True,
        )
        for _ in range(2)
    ]
    # The first of them is nobody: the next one is asked.
    urls = [
        f"sentinel://:{password}@127.0.0.1:{port}/2" for port in (1, *(s.port for s in sentinels))
    ]
    container = parts(tmp_path, ";".join(urls) + "?master_name=presse")
    running = Processes(container)
    request.addfinalizer(running.end)
    running.start("intake")
    client = Client(container.settings)
    assert client.ingest_article(headline="Vorher").get(120).fate == "waiting"
    with Redis(port=replica.port, password=password) as link:
        wait_for(lambda: link.info("replication")["master_link_status"] == "up", "the replica")
    with Redis(port=sentinels[0].port) as sentinel:
        wait_for(lambda: len(sentinel.sentinel_slaves("presse")) == 1, "the replica to be known")
        wait_for(lambda: len(sentinel.sentinel_sentinels("presse")) == 1, "the other sentinel")

    master.kill()
    killed = time.monotonic()
    with Redis(port=replica.port, password=password) as link:
        wait_for(lambda: link.info("replication")["role"] == "master", "a new master", 120)

    def again() -> bool:
        try:
            return client.ingest_article(headline="Nachher").get(10).fate == "waiting"
        except (ServiceUnavailable, TimeoutError):
            return False

    wait_for(again, "the worker on the new master", 120)
    print(
        f"an article is worked again {time.monotonic() - killed:.1f} s after the master was killed"
    )
    assert running.ended() == []
    current = status.read(container)
    assert current.services["redis"] == "answers"


def test_what_is_wrong_is_one_sentence(started: Started, tmp_path: Path) -> None:
    server = started("user default on >richtig ~* &* +@all", "user leser on >lesen ~* +ping")
    wrong = {
        f"redis://:falsch@127.0.0.1:{server.port}": "refuses the user or the password",
        f"redis://127.0.0.1:{server.port}": "refuses the user or the password",
        f"redis://leser:lesen@127.0.0.1:{server.port}": "lacks a right: .*llen",
        f"redis://:richtig@127.0.0.1:{server.port}/99": "no database 99",
    }
    for url, words in wrong.items():
        with pytest.raises(UsageError, match=words) as said:
            parts(tmp_path, url).queues.lengths()
        assert "DEPESCHE_REDIS_URL" in str(said.value)
        assert "\n" not in str(said.value)
        assert not {"falsch", "lesen@", "richtig"} & set(str(said.value).split(":"))
    nobody = ("redis://127.0.0.1:1", "redis://nirgends.invalid", f"unix://{tmp_path}/nichts")
    for url in (*nobody, "sentinel://127.0.0.1:1?master_name=presse"):
        with pytest.raises(ServiceUnavailable, match=r"Redis does not answer.*DEPESCHE_REDIS_URL"):
            parts(tmp_path, url).queues.lengths()


def test_a_cluster_is_refused_by_name(started: Started, tmp_path: Path) -> None:
    server = started("cluster-enabled yes")
    with pytest.raises(UsageError, match="Redis Cluster, which is not supported"):
        parts(tmp_path, f"redis://127.0.0.1:{server.port}").queues.lengths()


def test_a_result_that_is_let_go_looks_for_no_redis(started: Started, tmp_path: Path) -> None:
    server = started()
    container = parts(tmp_path, f"redis://127.0.0.1:{server.port}")
    client = Client(container.settings)
    receipts = [client.ingest_article(headline="Neue Brücke") for _ in range(4)]
    server.kill()
    start = time.monotonic()
    while receipts:  # the first words to a dead server go nowhere, the next ones fail
        receipts.pop()
        gc.collect()
        time.sleep(0.1)
    assert time.monotonic() - start < 15, "Celery would look for it for 20 seconds"


@pytest.mark.parametrize("kind", ["appendonly yes", "appendonly no"])
def test_what_was_taken_out_is_in_no_file_of_it(
    started: Started, tmp_path: Path, kind: str
) -> None:
    server = started(kind)
    with Redis(port=server.port) as client:
        client.set("message", "Zwirbelkranichsteg " * 10)
        if kind == "appendonly no":
            client.save()
        wait_for(lambda: _written(tmp_path), "the message on the disk", 10)
        client.delete("message")
        Persistence(parse(f"redis://127.0.0.1:{server.port}/0")).write_anew()
        assert not _written(tmp_path)


@pytest.mark.parametrize("how", ["append only", "snapshots"])
def test_what_redis_began_to_write_before_is_waited_for_and_written_once_more(
    started: Started, tmp_path: Path, how: str
) -> None:
    """Red before: it was refused ("in progress"), and what was written held the message still."""
    server = started(f"appendonly {'yes' if how == 'append only' else 'no'}")
    with Redis(port=server.port) as client:
        client.set("message", "Zwirbelkranich")
        client.mset({f"key {number}": "x" for number in range(10)})
        client.config_set("rdb-key-save-delay", 100_000)  # microseconds
        client.bgrewriteaof() if how == "append only" else client.bgsave()
        client.delete("message")
        client.config_set("rdb-key-save-delay", 0)
        Persistence(parse(f"redis://127.0.0.1:{server.port}/0")).write_anew()
    assert not _written(tmp_path)


def test_what_a_snapshot_of_before_its_start_holds_is_written_anew(
    started: Started, tmp_path: Path
) -> None:
    """Red before: what it has saved since it was started was asked for alone."""
    server = started("appendonly no")
    with Redis(port=server.port) as client:
        client.set("message", "Zwirbelkranich")
        client.save()
    server.kill()
    server = started("appendonly no", f"dir {tmp_path}/r0")
    with Redis(port=server.port) as client:
        client.delete("message")
        Persistence(parse(f"redis://127.0.0.1:{server.port}/0")).write_anew()
    assert not _written(tmp_path)


def _written(folder: Path) -> bool:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return any(b"Zwirbelkranich" in path.read_bytes() for path in files)
