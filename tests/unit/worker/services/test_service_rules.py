"""The embedded services' pure rules, and the refusals that need no service."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from articles.errors import UsageError
from worker.services import (
    Plan,
    Reporter,
    jdk,
    keeper,
    passage,
    ports,
    process,
    redis,
    runfile,
    running,
    sockets,
    stop,
)
from worker.services import elasticsearch as es
from worker.services import elasticsearch_config as config
from worker.services.model import service_folder
from worker.services.runfile import Run
from worker.services.user import Account

RELEASE = 'JAVA_VERSION="{version}"\nMODULES="java.base jdk.attach jdk.jlink"\nOS_NAME="Linux"\n'


def silent() -> Reporter:
    return Reporter(lambda _line: None)


def make_java(home: Path, release: str = "", listed: str = "") -> Path:
    """A folder that looks like a Java: a program that lists modules, and a release file."""
    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\nprintf '%s' '{listed}'\n")
    java.chmod(0o755)
    if release:
        (home / "release").write_text(release)
    return home


# --- Java


@pytest.mark.parametrize(
    ("version", "number"),
    [("21.0.4+7-LTS", 21), ("25", 25), ("25-ea", 25), ("1.8.0_392", 8), ("17.0.15", 17)],
)
def test_version_of_java(version: str, number: int) -> None:
    assert jdk.first_number(version) == number


@pytest.mark.parametrize("text", ["", "unknown", "-1"])
def test_no_version_of_java(text: str) -> None:
    assert jdk.first_number(text) is None


def test_release_file_without_modules_says_too_little() -> None:
    assert jdk.from_release('JAVA_VERSION="21.0.4"\n') is None


def test_the_program_is_asked_where_no_release_file_says(tmp_path: Path) -> None:
    home = make_java(tmp_path / "jvm", listed="java.base@21.0.4\njdk.attach@21.0.4\n")
    assert jdk.inspect(home) == jdk.Jdk(home, 21, frozenset({"java.base", "jdk.attach"}))


def test_first_fit_java_is_taken_and_unfit_ones_passed_over(tmp_path: Path) -> None:
    old = make_java(tmp_path / "a-17", RELEASE.format(version="17.0.1"))
    jre = make_java(tmp_path / "b-22", 'JAVA_VERSION="22"\nMODULES="java.base"\n')
    older, newer = (
        make_java(tmp_path / f"jvm/{v}", RELEASE.format(version=v)) for v in ("21", "24")
    )
    environment = {"JAVA_HOME": str(old), "ES_JAVA_HOME": str(jre)}
    assert jdk.find(environment, [f"{tmp_path}/jvm/*"]).home == newer
    environment["PATH"] = str(older / "bin")
    assert jdk.find(environment, [f"{tmp_path}/jvm/*"]).home == older


def test_no_java_at_all_says_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"JDK 21 or newer.*Install one.*JAVA_HOME") as caught:
        jdk.find({}, [])
    assert "DEPESCHE_ELASTICSEARCH_HOME" in str(caught.value)


def test_unfit_javas_are_named(tmp_path: Path) -> None:
    make_java(tmp_path / "old", RELEASE.format(version="17.0.1"))
    make_java(tmp_path / "jre", 'JAVA_VERSION="22"\nMODULES="java.base jdk.jlink"\n')
    with pytest.raises(UsageError) as caught:
        jdk.find({"PATH": ""}, [f"{tmp_path}/*"])
    assert f"{tmp_path}/old is Java 17" in str(caught.value)
    assert f"{tmp_path}/jre is no full JDK, it lacks jdk.attach" in str(caught.value)


# --- Elasticsearch


def test_settings_of_absent_modules_are_left_out() -> None:
    bare = config.settings(9200, {"x-pack-core"})
    full = config.settings(9200, {"ingest-geoip", "x-pack-ml", "x-pack-inference"})
    assert "geoip" not in bare
    assert "ingest.geoip.downloader.enabled: false\n" in full
    assert "xpack.inference.elastic.authorization.enabled: false\n" in full
    for line in ('network.host: "127.0.0.1"\n', "http.port: 9200\n"):
        assert line in bare
        assert line in full


def test_jvm_options_lose_the_vector_module_only_where_java_lacks_it() -> None:
    text = "-XX:+UseG1GC\n20-:--add-modules=jdk.incubator.vector\n-Xlog:gc*,gc+age:file=gc.log\n"
    kept = "-XX:+UseG1GC\n20-:--add-modules=jdk.incubator.vector\n"
    assert config.jvm_options(text, {"jdk.incubator.vector"}) == kept
    assert config.jvm_options(text, None) == kept
    assert config.jvm_options(text, {"java.base"}) == "-XX:+UseG1GC\n"


@pytest.mark.parametrize("heap", ["", "1", "0m", "1g -Dx", "-1g", "1t"])
def test_heap_that_is_none(heap: str) -> None:
    with pytest.raises(UsageError, match="heap size"):
        config.heap_options(heap)


def test_heap() -> None:
    assert config.heap_options("512m") == "-Xms512m -Xmx512m"


@pytest.mark.parametrize("version", ["8.19.0", "9.3.9", "10.0.0"])
def test_other_versions_of_elasticsearch_are_refused(tmp_path: Path, version: str) -> None:
    make_home(tmp_path, version)
    with pytest.raises(UsageError, match=rf"DEPESCHE_ELASTICSEARCH_HOME.*{version}"):
        es.checked_version(tmp_path)


def test_folder_without_elasticsearch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="DEPESCHE_ELASTICSEARCH_HOME"):
        es.checked_version(tmp_path)


@pytest.mark.parametrize("version", ["9.4.3", "9.12.0"])
def test_versions_that_do(tmp_path: Path, version: str) -> None:
    make_home(tmp_path, version)
    assert es.checked_version(tmp_path) == version


def make_home(home: Path, version: str) -> None:
    (home / "lib").mkdir(parents=True)
    (home / "lib" / f"elasticsearch-{version}.jar").touch()
    (home / "lib" / "elasticsearch-cli-1.0.0.jar").touch()


# --- Redis


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", 7),
        ("Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64", 9),
        ("Redis server v=6.2.1 sha=0", 6),
        ("no version", None),
    ],
)
def test_version_of_redis(text: str, number: int | None) -> None:
    assert redis.first_number(text) == number


def test_redis_configuration_keeps_a_folder_with_blanks_in_one_word() -> None:
    text = redis.configuration(Path('/data "x" y/redis.sock'))
    assert sockets.path_in(text) == Path('/data "x" y/redis.sock')
    assert 'unixsocket "/data \\"x\\" y/redis.sock"\n' in text
    for line in ("port 0", "unixsocketperm 700", "appendonly yes", "maxmemory-policy noeviction"):
        assert f"{line}\n" in text


def test_old_redis_on_the_path_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=6.2.1 sha=0'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(redis, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="DEPESCHE_REDIS_URL"):
        redis.find_binary()


# --- ports


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server((ports.LOOPBACK, 0)) as sock:
        yield sock


@pytest.mark.parametrize("service", ["redis", "elasticsearch"])
def test_taken_port_is_refused(listener: socket.socket, service: str) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(UsageError, match=rf"port {port} .*DEPESCHE_{service.upper()}_PORT"):
        ports.choose(port, service)


def test_port_zero_is_a_free_one(listener: socket.socket) -> None:
    chosen = ports.choose(0, "redis")
    assert chosen not in (0, listener.getsockname()[1])
    assert ports.choose(chosen, "redis") == chosen


@pytest.mark.parametrize("port", [-1, 65536])
def test_number_that_is_no_port(port: int) -> None:
    with pytest.raises(UsageError, match="is no port"):
        ports.choose(port, "redis")


# --- whose process it is


@pytest.fixture
def foreign() -> Iterator[psutil.Process]:
    """A process that is not ours, but has the number that a run file names."""
    words = [sys.executable, "-c", "import time; time.sleep(60)", "/elsewhere/services/redis/x"]
    with subprocess.Popen(words, start_new_session=True) as child:
        yield psutil.Process(child.pid)
        child.kill()


def make_run(found: psutil.Process) -> Run:
    return Run("redis", found.pid, found.create_time(), "unix:///r.sock?db=0")


def test_foreign_process_is_never_signalled(tmp_path: Path, foreign: psutil.Process) -> None:
    runfile.keep(tmp_path, make_run(foreign))
    assert running(tmp_path) == {}
    assert stop(tmp_path, timeout=1) == []
    assert foreign.is_running()
    assert foreign.status() != psutil.STATUS_ZOMBIE
    assert runfile.read(tmp_path, "redis") is None


def test_process_that_began_at_another_time_is_foreign(foreign: psutil.Process) -> None:
    run, folder = make_run(foreign), Path("/elsewhere/services/redis")
    assert process.leader(run, folder) == foreign
    earlier = replace(run, create_time=run.create_time - 60)
    assert process.leader(earlier, folder) is None
    assert process.family(earlier, folder) == []
    assert not process.end(earlier, folder, timeout=1)
    assert foreign.is_running()


def test_name_of_another_folder_that_begins_alike_is_foreign() -> None:
    assert process.names_folder(["-Dx=/d/services/redis/tmp"], Path("/d/services/redis"))
    assert not process.names_folder(["/d/services/redis2/redis.conf"], Path("/d/services/redis"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"pid": 1}',
        '{"name": "redis", "pid": -1, "create_time": 0, "url": "", "port": 1}',
    ],
)
def test_damaged_run_file_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "redis.json").write_text(text)
    assert runfile.read(tmp_path, "redis") is None
    assert stop(tmp_path) == []


def test_run_file_comes_back_as_written(tmp_path: Path) -> None:
    run = Run("redis", 4711, 1.5, "unix:///r.sock?db=0")
    runfile.keep(tmp_path, run)
    assert runfile.read(tmp_path, "redis") == run
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["redis.json"]


def test_nothing_runs_under_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert running(tmp_path / "none") == {}
    assert stop(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()


def test_service_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kafka"):
        stop(tmp_path, ["kafka"])


# --- whom to run as


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "may"),
    [
        (0o700, 0, 0, True),
        (0o700, 7, 7, False),
        (0o701, 7, 7, True),
        (0o710, 7, 0, True),
        (0o701, 7, 0, False),  # The group's bits count for its members, not those of others.
    ],
)
def test_who_may_pass(mode: int, uid: int, gid: int, may: bool) -> None:
    status = os.stat_result((mode, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert passage.permitted(status, Account(uid, gid), 0o1) is may


def test_folder_that_bars_the_way_is_named(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    tmp_path.chmod(0o755)
    inner.parent.chmod(0o700)
    barrier = passage.unreachable(inner, Account(54321, 54321))
    assert barrier in inner.parents
    assert passage.unreachable(inner, Account(os.getuid(), os.getgid())) is None


def test_plan_marks_its_processes_by_the_real_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    plan = Plan(tmp_path / "link", None, 0)
    assert service_folder(plan.data, "redis") == tmp_path.resolve() / "services" / "redis"


# --- what dies again and again


def test_a_service_that_dies_again_and_again_is_started_at_growing_intervals() -> None:
    pauses = [keeper.pause(deaths) for deaths in range(1, 12)]
    assert pauses[:4] == [0.0, 2.0, 4.0, 8.0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == keeper.LONGEST_PAUSE
