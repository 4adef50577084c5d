"""The embedded services, attacked by other users of the machine and by web pages.

Elasticsearch and Redis are those that the other tests use, too, set as everybody gets them.
"""

from __future__ import annotations

import base64
import http.client
import os
import socket
import ssl
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from tasks.embedded import Login, login, secrets_folder
from tests.security.stranger import STRANGERS, as_root, as_user
from worker.services import Endpoint, process, runfile, running
from worker.services.elasticsearch import port_of
from worker.services.model import service_folder
from worker.services.sockets import path_of
from worker.services.user import OWN


@pytest.fixture
def data(service_urls: dict[str, str]) -> Path:
    """The data folder of the services that run."""
    if "elasticsearch" not in running(Path(service_urls["data"])):
        pytest.skip("DEPESCHE_TEST_ELASTICSEARCH_URL names a server that is not ours to attack")
    return Path(service_urls["data"])


@pytest.fixture
def elastic(data: Path) -> Endpoint:
    return running(data)["elasticsearch"]


def _tries(path: Path) -> str:
    return path.read_text(errors="replace")


def test_java_finds_nothing_of_others_where_it_attaches_to_itself(data: Path) -> None:
    server = runfile.read(data, "elasticsearch")
    assert server is not None
    own = Path(f"/proc/{server.pid}/root/tmp")
    log = (data / "services" / "elasticsearch" / "output.log").read_text(errors="replace")
    assert not own.samefile("/tmp") or "/tmp is shared with all" in log


# --- who reads the secrets


@as_root
@pytest.mark.parametrize("uid", STRANGERS)
def test_a_stranger_reads_no_secret_and_no_run_file(data: Path, uid: int) -> None:
    folders = [secrets_folder(data), data / "run", *(data / "services").iterdir()]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"elasticsearch.json", "elasticsearch.key", "http.key", "users", "redis.conf"} <= names
    for path in files:
        assert isinstance(as_user(uid, partial(_tries, path)), PermissionError), path
    for folder in folders:
        assert isinstance(as_user(uid, partial(os.listdir, folder)), PermissionError), folder


def test_only_their_owner_may_read_the_secrets(data: Path) -> None:
    """What holds for a plain user, too, who cannot try it as another."""
    for folder in (secrets_folder(data), data / "run", data / "services" / "redis"):
        status = folder.stat()
        assert (status.st_uid, status.st_mode & 0o777) == (os.geteuid(), 0o700)
    for path in secrets_folder(data).iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_no_secret_is_on_a_command_line_or_in_a_log(data: Path, elastic: Endpoint) -> None:
    password = login(data).password
    assert len(password) > 40
    for other in psutil.process_iter():
        with suppress(psutil.Error):
            assert password not in " ".join(other.cmdline())
    for log in (data / "services").rglob("*.log"):
        assert password not in log.read_text(errors="replace")
    assert password not in (data / "run" / "elasticsearch.json").read_text()
    assert password not in repr(elastic)
    key = secrets_folder(data) / "elasticsearch.key"
    assert "PRIVATE KEY" in key.read_text()


# --- who talks to Redis


@as_root
@pytest.mark.parametrize("uid", STRANGERS)
def test_a_stranger_cannot_talk_to_redis(data: Path, uid: int) -> None:
    path = str(path_of(running(data)["redis"].url))

    def connected() -> None:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)

    connected()
    assert isinstance(as_user(uid, connected), PermissionError)


def test_redis_listens_on_no_port(data: Path) -> None:
    assert psutil.Process(running(data)["redis"].pid).net_connections("tcp") == []


# --- who talks to Elasticsearch

HOSTILE = {"Host": "attacker.example:9200", "Origin": "http://attacker.example"}


def _asked(
    known: Login, endpoint: Endpoint, method: str, path: str, headers: dict[str, str]
) -> tuple[int, dict[str, str]]:
    context = ssl.create_default_context(cafile=str(known.ca))
    to = http.client.HTTPSConnection(
        "127.0.0.1", port_of(endpoint.url), context=context, timeout=60
    )
    to.request(method, path, body="{}" if method == "POST" else None, headers=headers)
    answer = to.getresponse()
    answer.read()
    to.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


@pytest.mark.parametrize("headers", [{}, HOSTILE], ids=["a local user", "a web page"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/_search"),
        ("GET", "/_cat/indices"),
        ("POST", "/articles/_delete_by_query"),
        ("DELETE", "/articles"),
        ("OPTIONS", "/articles/_search"),
    ],
)
def test_without_the_password_nobody_reads_or_deletes(
    data: Path, elastic: Endpoint, method: str, path: str, headers: dict[str, str]
) -> None:
    """DNS rebinding, which makes a page one of ours, gains nothing: it has no password."""
    status, answered = _asked(
        login(data), elastic, method, path, {**headers, "Content-Type": "application/json"}
    )
    assert status in {401, 403} or (method == "OPTIONS" and status < 300)
    assert not [name for name in answered if name.startswith("access-control-")]


@pytest.mark.parametrize("origin", ["http://attacker.example", "null"])
@pytest.mark.parametrize("path", ["/articles/_delete_by_query?q=none", "/articles/_close"])
def test_no_page_posts_by_a_password_that_the_browser_knows(
    data: Path, elastic: Endpoint, path: str, origin: str
) -> None:
    """Red before: what a form or `no-cors` posts went through, and deleted what it named."""
    known = login(data)
    secret = base64.b64encode(f"{known.user}:{known.password}".encode()).decode()
    mine = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
    assert _asked(known, elastic, "GET", "/_cat/indices", mine)[0] == 200
    assert _asked(known, elastic, "POST", path, mine | {"Origin": origin})[0] == 403


def test_in_clear_it_answers_nobody(elastic: Endpoint) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port_of(elastic.url), timeout=60)
    client.request("GET", "/")
    with pytest.raises((http.client.HTTPException, OSError)):
        client.getresponse()


def _ports(data: Path, endpoint: Endpoint) -> set[int]:
    run = runfile.read(data, endpoint.name)
    members = process.family(run, service_folder(data, endpoint.name))
    listening = [c for p in members for c in p.net_connections("tcp") if c.status == "LISTEN"]
    return {connection.laddr[1] for connection in listening}


def test_between_nodes_it_wants_its_own_key(data: Path, elastic: Endpoint) -> None:
    """Who could talk to that port could say that he is the system itself."""
    (port,) = _ports(data, elastic) - {port_of(elastic.url)}
    context = ssl.create_default_context(cafile=str(login(data).ca))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as inside,
        pytest.raises(ssl.SSLError, match=r"(?i)certificate"),
    ):
        inside.recv(1)  # with TLS 1.3 the refusal comes with the first answer
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        plain.sendall(b"ES" + (13).to_bytes(4) + bytes(13))
        answered = b""
        with suppress(ConnectionResetError):
            answered = plain.recv(100)
        assert not answered.startswith(b"ES")


@as_root
def test_it_runs_as_a_user_of_its_own_without_any_right_of_roots(
    data: Path, elastic: Endpoint
) -> None:
    members = process.family(
        runfile.read(data, "elasticsearch"), service_folder(data, elastic.name)
    )
    assert len(members) >= 2
    for member in members:
        assert member.uids().real in OWN
        assert set(member.uids()) == {member.uids().real}
        status = Path(f"/proc/{member.pid}/status").read_text()
        rights = [line.split() for line in status.splitlines() if line.startswith("Cap")]
        held = {name.rstrip(":"): int(value, 16) for name, value in rights}
        assert held["CapPrm"] == held["CapEff"] == held["CapAmb"] == held["CapInh"] == 0


@as_root
def test_its_own_user_can_neither_change_what_it_runs_nor_pass_for_root(
    data: Path, elastic: Endpoint
) -> None:
    folder = service_folder(data, "elasticsearch")
    uid = (folder / "data").stat().st_uid
    config = folder / "config"

    def planted() -> None:
        (config / "jvm.options.d").mkdir()

    def replaced() -> None:
        (config / "jvm.options").unlink()

    def moved() -> None:
        config.rename(folder / "aside")

    def read() -> str:
        return Path("/etc/shadow").read_text()

    for attack in (planted, replaced, moved, read):
        assert isinstance(as_user(uid, attack), PermissionError), attack
    assert isinstance(as_user(uid, lambda: os.listdir(config)), list), "it may read it"
    (program,) = {
        Path(p.environ()["ES_HOME"])
        for p in process.family(runfile.read(data, "elasticsearch"), folder)[:1]
    }
    for inside in (program, program / "lib", next((program / "lib").glob("elasticsearch-*.jar"))):
        assert as_user(uid, partial(os.access, inside, os.W_OK)) is False
        assert as_user(uid, partial(os.access, inside, os.R_OK)) is True
