"""The embedded services for real: a genuine Elasticsearch and a genuine Redis are started."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from redis import Redis
from redis.exceptions import ResponseError

from articles.errors import DepescheError, ServiceUnavailable, UsageError
from tests.conftest import OpenFolder
from worker.services import NAMES, Endpoint, Plan, Reporter, running, start, stop
from worker.services.elasticsearch import find_build
from worker.services.process import lives
from worker.services.redis_users import LEAST_MEMORY

#: What sets the server, loads code, or keeps it from everybody else with one command.
HOLDING_ALL: tuple[tuple[str | int, ...], ...] = (
    ("CONFIG", "GET", "dir"),
    ("MODULE", "LIST"),
    ("DEBUG", "SLEEP", "0"),
    ("EVAL", "return 1", "0"),
    ("FUNCTION", "LIST"),
    ("REPLICAOF", "127.0.0.1", "1"),
    ("ACL", "SETUSER", "default", "-@write"),
    ("CLIENT", "PAUSE", "1"),
    ("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"),
    ("SHUTDOWN", "NOSAVE"),
    ("MONITOR",),
    ("LCS", "a", "b"),
)
#: What takes longer than to send it, or makes more of it, and some of it again at each start.
MAKING_MUCH = (
    "SUNIONSTORE d s s", "SINTERSTORE d s s", "SDIFFSTORE d s s", "SUNION s s",
    "ZUNIONSTORE d 2 z z", "ZINTERSTORE d 2 z z", "ZDIFFSTORE d 2 z z", "ZRANGESTORE d z 0 -1",
    "SORT l", "SORT_RO l", "LINSERT l BEFORE a b", "LPOS l a", "LREM l 0 a", "LMOVE l d LEFT LEFT",
    "KEYS *", "SCAN 0 MATCH *a*a", "SSCAN s 0 MATCH *a*a", "HSCAN h 0", "ZSCAN z 0",
    "PSUBSCRIBE *a*a", "SRANDMEMBER s -9", "HRANDFIELD h -9", "ZRANDMEMBER z -9",
    "SETRANGE b 9 x", "APPEND b x", "SETBIT b 9 1", "BITOP AND d b b", "COPY b d", "RENAME b d",
    "DUMP b", "SWAPDB 0 1", "MOVE b 1", "CLIENT TRACKING on BCAST", "CLIENT NO-EVICT on", "BGSAVE",
)  # fmt: skip
START = """
import json, sys
from pathlib import Path
from worker.services import Plan, start
home = Path(sys.argv[2]) if sys.argv[2] else None
endpoints = start(Plan(Path(sys.argv[1]), home, 0, heap="512m"), say=print)
print(json.dumps({e.name: [e.url, e.pid] for e in endpoints}))
"""


def given_home() -> Path | None:
    given = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
    return Path(given) if given else None


@pytest.fixture(scope="module", autouse=True)
def _startable() -> None:
    """Where services cannot be started, say why; on CI that is a failure."""
    try:
        find_build(Plan(Path(), given_home(), 0), Reporter(print))
    except DepescheError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture
def data(open_folder: OpenFolder) -> Iterator[Path]:
    """A data folder with a blank in its name, and nothing that runs there afterwards."""
    folder = open_folder("the data")
    yield folder
    stop(folder)
    assert processes_of(folder) == []


def make_plan(data: Path, *, elasticsearch_port: int = 0) -> Plan:
    return Plan(data, given_home(), elasticsearch_port, heap="512m")


def processes_of(data: Path) -> list[str]:
    """Every process on the machine that names the services of this data folder."""
    mark = f"{data.resolve()}/services/"
    lines = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    return [line for line in lines if mark in line]


def start_elsewhere(data: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", START, str(data), str(given_home() or "")]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def redis_of(endpoints: dict[str, Endpoint]) -> Redis:
    return Redis.from_url(endpoints["redis"].url, decode_responses=True)


def elasticsearch_of(endpoints: dict[str, Endpoint]) -> httpx.Client:
    endpoint = endpoints["elasticsearch"]
    assert endpoint.login
    return httpx.Client(
        base_url=endpoint.url,
        auth=(endpoint.login.user, endpoint.login.password),
        verify=ssl.create_default_context(cafile=str(endpoint.login.ca)),
        timeout=30,
        trust_env=False,
    )


def put(endpoints: dict[str, Endpoint]) -> None:
    with redis_of(endpoints) as client:
        client.set("headline", "Präsident")
    with elasticsearch_of(endpoints) as client:
        body = {"settings": {"number_of_replicas": 0}}
        assert client.put("/kept", json=body).status_code == httpx.codes.OK
        answer = client.put("/kept/_doc/1", json={"headline": "Präsident"})
        assert answer.status_code == httpx.codes.CREATED


def assert_kept(endpoints: dict[str, Endpoint]) -> None:
    with redis_of(endpoints) as client:
        assert client.get("headline") == "Präsident"
    with elasticsearch_of(endpoints) as client:
        assert client.get("/kept/_doc/1").json()["_source"] == {"headline": "Präsident"}


@pytest.mark.timeout(900)
def test_started_twice_stopped_killed_and_nothing_lost(data: Path) -> None:
    # Two programs at the same moment: one starts, the other finds what runs.
    both = [start_elsewhere(data), start_elsewhere(data)]
    told = [child.communicate()[0].splitlines()[-1] for child in both]
    assert json.loads(told[0]) == json.loads(told[1])
    first = running(data)
    assert {
        endpoint.name: [endpoint.url, endpoint.pid] for endpoint in first.values()
    } == json.loads(told[0])
    assert set(first) == set(NAMES)
    assert all(endpoint.ours for endpoint in first.values())
    option = os.environ["ES_JAVA_OPTS"]
    assert any(option in command for command in processes_of(data))
    # Both starters have ended and the services go on; a third start finds the same ones.
    assert [first[endpoint.name] for endpoint in start(make_plan(data))] == list(first.values())
    put(first)
    assert_closed_to_strays(first)

    assert set(stop(data)) == set(NAMES)
    assert processes_of(data) == []
    assert running(data) == {}
    assert stop(data) == []

    start(make_plan(data))
    second = running(data)
    assert {endpoint.pid for endpoint in second.values()}.isdisjoint(
        {endpoint.pid for endpoint in first.values()}
    )
    assert_kept(second)

    for endpoint in second.values():
        assert endpoint.pid is not None
        psutil.Process(endpoint.pid).kill()
    wait_until_gone(data)
    start(make_plan(data))
    assert_kept(running(data))


def assert_closed_to_strays(endpoints: dict[str, Endpoint]) -> None:
    """No index comes into being by a mistyped name; Redis throws nothing away."""
    with elasticsearch_of(endpoints) as client:
        assert client.put("/stray/_doc/1", json={}).status_code == httpx.codes.NOT_FOUND
    with redis_of(endpoints) as client:
        for command in (*HOLDING_ALL, *(text.split() for text in MAKING_MUCH)):
            with pytest.raises(ResponseError, match=r"permissions|not allowed"):
                client.execute_command(*command)
        memory = client.info("memory")
        assert memory["maxmemory_policy"] == "noeviction"
        assert memory["maxmemory"] >= LEAST_MEMORY
        assert client.info("persistence")["aof_enabled"] == 1


def wait_until_gone(data: Path) -> None:
    """A killed launcher is seen as dead at once, whatever its child still does."""
    deadline = time.monotonic() + 10
    while running(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running(data) == {}


def test_port_of_another_program_is_refused(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} .*DEPESCHE_ELASTICSEARCH_PORT"):
            start(make_plan(data, elasticsearch_port=port), say=print)
        # Untouched: it still takes connections. And what was started beside it is stopped again.
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    assert running(data) == {}


def test_failed_start_shows_the_end_of_the_log(data: Path) -> None:
    start(make_plan(data), ["redis"])
    stop(data)
    (manifest,) = data.rglob("*.manifest")
    manifest.write_text("nonsense\n")
    with pytest.raises(
        ServiceUnavailable, match=r"(?s)ended while it.*redis\.log.*AOF MANIFEST"
    ) as caught:
        start(make_plan(data), ["redis"])
    assert str(data) in str(caught.value)
    assert running(data) == {}


def test_stubborn_service_is_killed_after_the_timeout(data: Path) -> None:
    (endpoint,) = start(make_plan(data), ["redis"])
    server = psutil.Process(endpoint.pid)
    server.suspend()  # It cannot heed a polite signal.
    assert stop(data, timeout=0.5) == ["redis"]
    assert not lives(server)  # Who should wait for the dead child may not have done so yet.
