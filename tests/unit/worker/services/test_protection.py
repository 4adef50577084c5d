"""What keeps others from the embedded services: rules that need no service and no other user."""

from __future__ import annotations

import base64
import hashlib
import os
import ssl
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from tasks import embedded
from tasks.broker import connect
from tasks.redis_address import parse
from worker.access_lists import Entry
from worker.services import adopt, certificate, credentials, folder, passage, sockets, start, user
from worker.services import elasticsearch_config as config
from worker.services.elasticsearch import ElasticsearchServer
from worker.services.ground import Ground
from worker.services.model import Plan
from worker.services.redis import RedisServer

TEXTS = {"jvm.options": "-Xmx1g\n"}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


# --- secrets


def test_secrets_are_made_once_and_closed(tmp_path: Path) -> None:
    made = credentials.ensure(tmp_path)
    assert credentials.ensure(tmp_path) == made
    assert made.password not in repr(made)
    assert "PRIVATE" not in repr(made)
    place = embedded.secrets_folder(tmp_path)
    assert mode(place) == 0o700
    assert {mode(path) for path in place.iterdir()} == {0o600}
    known = embedded.login(tmp_path)
    assert known.password == made.password
    assert made.password not in repr(known)


@pytest.mark.parametrize("lost", ["crt", "curl", "json", "key"])
def test_what_is_not_whole_is_made_anew(tmp_path: Path, lost: str) -> None:
    made = credentials.ensure(tmp_path)
    (embedded.secrets_folder(tmp_path) / f"elasticsearch.{lost}").unlink()
    again = credentials.ensure(tmp_path)
    assert again.password != made.password
    assert again.certificate != made.certificate


def test_the_line_of_a_user_is_as_elasticsearch_reads_it() -> None:
    line = credentials.users_line("geheim", b"s" * 32)
    name, _, rest = line.rstrip("\n").partition(":")
    assert name == "depesche"
    rounds, salt, digest = rest.removeprefix("{PBKDF2}").split("$")
    assert base64.b64decode(salt) == b"s" * 32
    wanted = hashlib.pbkdf2_hmac("sha512", b"geheim", b"s" * 32, int(rounds), 32)
    assert base64.b64decode(digest) == wanted
    assert credentials.users_line("geheim") != credentials.users_line("geheim")


def test_a_certificate_is_for_this_machine_and_trusted_alone(tmp_path: Path) -> None:
    cert, key = certificate.make("127.0.0.1")
    (tmp_path / "a.pem").write_text(cert + key)
    context = ssl.create_default_context(cafile=str(tmp_path / "a.pem"))
    context.load_cert_chain(tmp_path / "a.pem")
    (trusted,) = context.get_ca_certs()
    assert ("IP Address", "127.0.0.1") in trusted["subjectAltName"]


def test_a_login_goes_into_an_address_and_curl_shows_none(tmp_path: Path) -> None:
    known = embedded.Login("depesche", "a/b@c", tmp_path / "crt")
    assert known.into("https://127.0.0.1:9") == "https://depesche:a%2Fb%40c@127.0.0.1:9"
    made = credentials.ensure(tmp_path)
    command = embedded.curl(tmp_path, "https://127.0.0.1:9")
    assert made.password not in command
    assert "elasticsearch.crt" in command
    assert made.password in (embedded.secrets_folder(tmp_path) / "elasticsearch.curl").read_text()


@pytest.mark.parametrize(
    ("name", "url"), [("redis", "redis://127.0.0.1:6379/0"), ("elasticsearch", "http://a:9200")]
)
def test_what_an_earlier_version_left_open_is_not_spoken_to(
    tmp_path: Path, name: str, url: str
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / f"{name}.json").write_text(f'{{"url": "{url}"}}')
    with pytest.raises(UsageError, match="earlier version"):
        embedded.address(tmp_path, name)


def test_a_run_file_that_others_may_write_is_not_believed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    (run / "redis.json").write_text('{"url": "unix:///r.sock"}')
    assert embedded.address(tmp_path, "redis") == "unix:///r.sock"
    for path in (run, run / "redis.json"):
        before = mode(path)
        path.chmod(before | 0o020)
        with pytest.raises(UsageError, match="not believed"):
            embedded.address(tmp_path, "redis")
        path.chmod(before)


# --- what the servers are told


def test_elasticsearch_is_closed_whatever_modules_it_has() -> None:
    text = config.settings(9200, {"x-pack-security"})
    for line in (
        "xpack.security.enabled: true",
        "xpack.security.http.ssl.enabled: true",
        "xpack.security.transport.ssl.enabled: true",
        'xpack.security.transport.ssl.client_authentication: "required"',
        "http.cors.enabled: true",
        'search.max_keep_alive: "10m"',
        "search.default_allow_partial_results: false",
    ):
        assert f"{line}\n" in text
    assert "anonymous" not in text


def test_nobody_steers_the_workers_from_afar() -> None:
    assert connect("redis://localhost").conf.worker_enable_remote_control is False


@pytest.mark.parametrize("name", ["jvm.options.d", "x.options", "operator", ".x", "Users"])
def test_files_that_elasticsearch_would_obey_are_none_of_ours(tmp_path: Path, name: str) -> None:
    place = tmp_path / "services" / "elasticsearch"
    ground = Ground(place, None)
    ground.prepare()
    ground.write(TEXTS)
    (place / "config" / "elasticsearch.keystore").touch()
    ground.write(TEXTS)
    assert mode(place) == mode(place / "config") == mode(place / "data") == 0o700
    assert mode(place / "config" / "jvm.options") == 0o600
    (place / "config" / name).mkdir()
    with pytest.raises(UsageError, match=f"config holds .*: {name}"):
        ground.write(TEXTS)


def test_a_link_in_place_of_a_configuration_is_replaced_and_not_followed(tmp_path: Path) -> None:
    place = tmp_path / "services" / "elasticsearch"
    ground = Ground(place, None)
    ground.prepare()
    ground.write(TEXTS)
    treasure = tmp_path / "treasure"
    treasure.write_text("mine")
    (place / "config" / "jvm.options").unlink()
    (place / "config" / "jvm.options").symlink_to(treasure)
    ground.write(TEXTS)
    assert treasure.read_text() == "mine"
    assert (place / "config" / "jvm.options").read_text() == TEXTS["jvm.options"]


def test_an_elasticsearch_of_before_is_known_by_its_configuration(tmp_path: Path) -> None:
    server = ElasticsearchServer(Plan(tmp_path, None, 0))
    assert server.configured_url() is None
    file = tmp_path / "services" / "elasticsearch" / "config" / "elasticsearch.yml"
    file.parent.mkdir(parents=True)
    file.write_text("xpack.security.enabled: false\nhttp.port: 9201\n")
    assert server.configured_url() == "http://127.0.0.1:9201"
    file.write_text(config.settings(9202, set()))
    assert server.configured_url() == "https://127.0.0.1:9202"


def test_nobody_else_can_hold_the_lock_of_a_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for inside in ("lib", "jdk", "modules"):
        (home / inside).mkdir(parents=True)
    (home / "lib" / "elasticsearch-9.4.3.jar").touch()
    before = os.umask(0)
    try:
        with pytest.raises(UsageError, match="no port"):
            start(Plan(tmp_path / "data", home, 65_536), ["elasticsearch"], lambda _line: None)
    finally:
        os.umask(before)
    assert mode(tmp_path / "data") == 0o711
    for name in ("services", "services/elasticsearch"):
        assert mode(tmp_path / "data" / name) == 0o700


# --- sockets


def test_a_socket_lies_in_the_services_own_folder(tmp_path: Path) -> None:
    server = RedisServer(Plan(tmp_path, None, 0))
    url = server.place()
    assert sockets.path_of(url) == tmp_path / "services" / "redis" / "redis.sock"
    assert mode(tmp_path / "services" / "redis") == 0o700
    assert parse(url).path == str(sockets.path_of(url))
    server.command(url)
    assert server.configured_url() == url


def test_a_long_path_has_its_socket_elsewhere_and_keeps_it(tmp_path: Path) -> None:
    deep = tmp_path / ("ä b" * 15) / ("d" * 60)
    deep.mkdir(parents=True)
    server = RedisServer(Plan(deep, None, 0))
    url = server.place()
    place = sockets.path_of(url).parent
    assert not place.is_relative_to(deep)
    assert folder.is_private(place, os.geteuid())
    server.command(url)
    assert server.place() == url, "the workers know no other"
    place.rmdir()
    assert server.place() == url, "nor where somebody has cleared up meanwhile"
    assert mode(place) == 0o700
    place.chmod(0o755)
    other = server.place()
    assert other != url, "others could have put a server there"
    place.rmdir()
    sockets.path_of(other).parent.rmdir()


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_any_path_comes_back_from_address_and_configuration(name: str) -> None:
    from worker.services.redis import configuration

    path = Path("/run") / name.replace("/", "_") / "redis.sock"
    assert sockets.path_of(sockets.url_of(path)) == path
    assert parse(sockets.url_of(path)).path == str(path)
    assert sockets.path_in(configuration(path)) == path
    assert urlsplit(sockets.url_of(path)).scheme == embedded.SCHEMES["redis"]


# --- logs


def test_of_a_log_no_more_than_its_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "depesche.log"
    log.write_text("begin\n" + "ä" * 200_000 + "\nend\n")
    ((_, path, text),) = folder.newest_logs(tmp_path)
    assert path == log
    assert text.endswith("\nend\n")
    assert "begin" not in text
    log.write_text("begin\nend\n")
    ((_, _, text),) = folder.newest_logs(tmp_path)
    assert text == "begin\nend\n"


# --- who passes

RIGHTS = st.integers(0, 7)


@given(RIGHTS, RIGHTS, RIGHTS, st.integers(1, 65_535))
def test_a_passage_adds_one_right_and_takes_none(
    own: int, group: int, others: int, uid: int
) -> None:
    nobody = 0xFFFFFFFF
    before = [(1, own, nobody), (4, group, nobody), (32, others, nobody)]
    after = passage.with_passage(before, uid)
    assert [entry for entry in after if entry[0] in {1, 4, 32}] == before
    assert [entry for entry in after if entry[0] == 2] == [(2, 1, uid)]
    ((_, mask, _),) = [entry for entry in after if entry[0] == 16]
    assert mask == group | 1
    assert passage.with_passage(after, uid) == after
    assert after == sorted(after)
    other = passage.with_passage(after, uid + 1)
    assert [entry[2] for entry in other if entry[0] == 2] == [uid, uid + 1]


NAMED = st.dictionaries(st.tuples(st.sampled_from([2, 8]), st.integers(1, 5)), RIGHTS)


@given(RIGHTS, RIGHTS, NAMED, st.integers(1, 5))
def test_a_passage_lets_nobody_in_again_whom_the_mask_has_shut_out(
    group: int, mask: int, named: dict[tuple[int, int], int], uid: int
) -> None:
    """As `chmod 700` does: the list stays, and its mask lets nobody in."""
    nobody = 0xFFFFFFFF
    listed = [(tag, rights, who) for (tag, who), rights in named.items()]
    before = [(1, 7, nobody), (4, group, nobody), *listed, (16, mask, nobody), (32, 0, nobody)]
    after = passage.with_passage(before, uid)

    def may(entries: list[Entry]) -> dict[tuple[int, int], int]:
        (most,) = [rights for tag, rights, _ in entries if tag == 16]
        masked = [entry for entry in entries if entry[0] in {2, 4, 8}]
        return {(tag, who): rights & most for tag, rights, who in masked}

    his = may(before).get((2, uid), 0) | 1
    assert may(after) == {**may(before), (2, uid): his}
    assert passage.with_passage(after, uid) == after


def test_a_number_is_the_same_for_a_name_and_passes_over_what_is_taken() -> None:
    first = user.own("/data", lambda _: False)
    assert first in user.OWN
    assert user.own("/data", lambda _: False) == first
    second = user.own("/data", lambda number: number == first)
    assert second in user.OWN
    assert second != first
    with pytest.raises(UsageError, match="--as"):
        user.own("/data", lambda _: True)


# --- the cache


def test_no_program_is_run_out_of_a_folder_that_everybody_may_write(tmp_path: Path) -> None:
    cache, home = tmp_path / "cache", tmp_path / "cache" / "elasticsearch-1"
    home.mkdir(parents=True)
    for folder_ in (cache, home):
        adopt.check(cache, home)
        before = mode(folder_)
        folder_.chmod(before | 0o002)
        with pytest.raises(UsageError, match=f"{folder_} may be written by everybody"):
            adopt.check(cache, home)
        folder_.chmod(before)
