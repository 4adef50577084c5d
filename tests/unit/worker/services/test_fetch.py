"""Fetching Elasticsearch: a small stand-in from a server here, and by a stand-in for Maven."""

from __future__ import annotations

import hashlib
import io
import os
import re
import socket
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath

import pytest

from articles.errors import ServiceUnavailable, UsageError
from worker.services import Plan, Reporter, fetch, jdk, maven, official, unpack
from worker.services import elasticsearch as es

NAME = "/elasticsearch-9.4.3-linux-x86_64.tar.gz"
TOP = "elasticsearch-9.4.3"


def no_java() -> jdk.Jdk:
    raise UsageError("Elasticsearch needs a JDK 21 or newer, and none was found.")


def make_tar(*more: tarfile.TarInfo) -> bytes:
    """What elastic.co gives out, without what makes it large."""
    content = os.urandom(200_000)  # does not shrink: there is something to be broken off
    files = {
        f"{TOP}/lib/elasticsearch-9.4.3.jar": (0o600, content),
        f"{TOP}/bin/elasticsearch": (0o755, b"#!/bin/sh\n"),
        f"{TOP}/jdk/bin/java": (0o755, b"#!/bin/sh\n"),
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        folder = tarfile.TarInfo(f"{TOP}/plugins")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name, (mode, data) in files.items():
            info = tarfile.TarInfo(name)
            info.mode, info.size = mode, len(data)
            tar.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo(f"{TOP}/jdk/legal/LICENSE")
        link.type, link.linkname = tarfile.SYMTYPE, "../bin/java"
        twin = tarfile.TarInfo(f"{TOP}/jdk/legal/again")
        twin.type, twin.linkname = tarfile.LNKTYPE, f"{TOP}/jdk/bin/java"
        for info in (link, twin, *more):
            tar.addfile(info)
    return packed.getvalue()


@dataclass
class Site:
    """A server of archives, and how it misbehaves."""

    archive: bytes
    checksum: bytes
    breaks: list[int] = field(default_factory=list)  #: bytes after which each answer breaks off
    ranges: bool = True
    status: int = 200
    asked: list[str] = field(default_factory=list)  #: the range of each request for the archive
    logins: set[str | None] = field(default_factory=set)
    url: str = ""

    @property
    def address(self) -> str:
        return f"{self.url}{NAME}"


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.logins.add(self.headers.get("Authorization"))
            if site.status != 200:
                self.send_error(site.status)
            elif self.path == f"{NAME}.sha512":
                self._answer(200, site.checksum, {})
            else:
                self._archive()

        def _archive(self) -> None:
            wanted = self.headers.get("Range", "")
            site.asked.append(wanted)
            start = int(wanted[6:-1]) if wanted and site.ranges else 0
            if start and start >= len(site.archive):
                self.send_error(416)
                return
            rest, total = site.archive[start:], len(site.archive)
            headers = {"Content-Range": f"bytes {start}-{total - 1}/{total}"} if start else {}
            self._answer(206 if start else 200, rest, headers, site.breaks)

        def _answer(
            self, status: int, body: bytes, headers: dict[str, str], breaks: list[int] | None = None
        ) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[: breaks.pop(0)] if breaks else body)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    archive = make_tar()
    text = f"{hashlib.sha512(archive).hexdigest()}  {NAME[1:]}\n"
    here = Site(archive, text.encode())
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(here)) as server:
        here.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield here
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, on a machine with neither Maven nor Java."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("worker.services.download._PAUSE", 0.0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "cache"


@dataclass
class Told:
    lines: list[str] = field(default_factory=list)

    @property
    def reporter(self) -> Reporter:
        return Reporter(self.lines.append)

    def __str__(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def told() -> Told:
    return Told()


Fetch = Callable[[], Path]


@pytest.fixture
def fetched(site: Site, cache: Path, told: Told) -> Fetch:
    return lambda: fetch.ensure(cache, told.reporter, site.address, no_java)


def kept(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if not path.name.endswith(".lock"))


# --- from its makers


def test_a_machine_without_java_and_maven_gets_one_that_runs(fetched: Fetch, cache: Path) -> None:
    home = fetched()
    assert home == cache / "elasticsearch-9.4.3"
    assert kept(cache) == ["elasticsearch-9.4.3"]
    assert (home / "plugins").is_dir()
    modes = {path: (home / path).stat().st_mode & 0o777 for path in ("bin/elasticsearch", "lib")}
    assert set(modes.values()) == {0o755}
    assert (home / "lib" / "elasticsearch-9.4.3.jar").stat().st_mode & 0o777 == 0o644
    assert (home / "jdk" / "legal" / "LICENSE").read_bytes() == b"#!/bin/sh\n"
    assert (home / "jdk" / "legal" / "again").read_bytes() == b"#!/bin/sh\n"
    build = es.find_build(Plan(cache, home, 0), Reporter(print))
    assert build.java is None
    assert build.script == home / "bin" / "elasticsearch"


def test_what_is_there_is_not_fetched_again(fetched: Fetch, site: Site) -> None:
    fetched()
    fetched()
    assert len(site.asked) == 1


def test_one_by_maven_that_has_no_java_any_more_gives_way(fetched: Fetch, cache: Path) -> None:
    make_home(cache / "elasticsearch-9.4.3")
    assert (fetched() / "jdk").is_dir()


def test_broken_off_it_goes_on_where_it_was(fetched: Fetch, site: Site, told: Told) -> None:
    site.breaks = [1000, 0, 50_000]
    assert (fetched() / "jdk").is_dir()
    assert site.asked == ["", "bytes=1000-", "bytes=1000-", "bytes=51000-"]
    assert str(told).count("broken off") == 3


def test_broken_off_for_long_it_goes_on_at_the_next_start(
    fetched: Fetch, site: Site, cache: Path
) -> None:
    site.breaks = [1000, *[0] * 10]
    with pytest.raises(UsageError, match=r"broke off at .* next start goes on.*Maven"):
        fetched()
    assert kept(cache) == [f"{NAME[1:]}.part"]
    assert (cache / f"{NAME[1:]}.part").stat().st_size == 1000
    site.breaks, site.asked = [], []
    assert (fetched() / "jdk").is_dir()
    assert site.asked == ["bytes=1000-"]
    assert kept(cache) == ["elasticsearch-9.4.3"]


def test_a_server_without_ranges_begins_anew(fetched: Fetch, site: Site) -> None:
    site.breaks, site.ranges = [1000], False
    assert (fetched() / "jdk").is_dir()


@pytest.mark.parametrize("size", [1000, 10_000_000])
def test_remains_of_another_archive_are_thrown_away(
    fetched: Fetch, site: Site, cache: Path, size: int
) -> None:
    cache.mkdir()
    (cache / f"{NAME[1:]}.part").write_bytes(bytes(size))
    assert (fetched() / "jdk").is_dir()
    assert site.asked[-1] == ""


def test_a_wrong_checksum_is_refused_and_nothing_kept(
    fetched: Fetch, site: Site, cache: Path
) -> None:
    site.checksum = b"0" * 128
    with pytest.raises(UsageError, match=r"is not what .*sha512 says.*nothing was kept"):
        fetched()
    assert kept(cache) == []


@pytest.mark.parametrize(
    ("checksum", "why"), [(b"<html>Log in</html>", "holds no SHA-512"), (b"", "holds no SHA-512")]
)
def test_what_is_no_checksum(fetched: Fetch, site: Site, checksum: bytes, why: str) -> None:
    site.checksum = checksum
    with pytest.raises(UsageError, match=why):
        fetched()
    assert site.asked == []


def test_an_archive_that_is_not_there(fetched: Fetch, site: Site, cache: Path) -> None:
    site.status = 404
    with pytest.raises(UsageError, match=r"404.*Maven, which fetches it too, is not on the PATH"):
        fetched()
    assert kept(cache) == []


def test_no_archive_though_its_checksum_is_right(fetched: Fetch, site: Site, cache: Path) -> None:
    site.archive = b"no archive"
    site.checksum = hashlib.sha512(site.archive).hexdigest().encode()
    with pytest.raises(UsageError, match="no archive that can be unpacked"):
        fetched()
    assert kept(cache) == []


@pytest.mark.parametrize("status", [200, 404])
def test_the_password_of_a_mirror_is_sent_and_never_said(
    site: Site, cache: Path, told: Told, status: int
) -> None:
    site.status, site.checksum = status, b"0" * 128
    address = site.address.replace("http://", "http://desk:hunter2@")
    with pytest.raises(UsageError) as caught:
        fetch.ensure(cache, told.reporter, address, no_java)
    assert site.logins == {"Basic ZGVzazpodW50ZXIy"}
    assert "127.0.0.1" in str(caught.value)
    assert "hunter2" not in f"{caught.value}{told}"


def test_an_archive_of_another_version(fetched: Fetch, site: Site, cache: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("elasticsearch-9.9.9/lib/elasticsearch-9.9.9.jar"))
    site.archive = packed.getvalue()
    site.checksum = hashlib.sha512(site.archive).hexdigest().encode()
    with pytest.raises(UsageError, match=r"holds 9\.9\.9, not 9\.4\.3"):
        fetched()
    assert kept(cache) == []


def test_where_no_way_leads_there_it_says_so_soon(
    cache: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that takes a connection and says nothing, as behind some firewalls."""
    monkeypatch.setattr("worker.services.download.REACH_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}{NAME}"
        with pytest.raises(UsageError, match=r"127\.0\.0\.1 cannot be reached.*Maven"):
            fetch.ensure(cache, told.reporter, address, no_java)
    assert any("cannot be reached" in line and "Maven is asked" in line for line in told.lines)


def test_the_archive_for_this_machine() -> None:
    def name(*machine: str) -> str:
        return str(official.address("9.4.3", "", *machine)).rpartition("/")[2]

    assert name("Linux", "x86_64") == "elasticsearch-9.4.3-linux-x86_64.tar.gz"
    assert name("Linux", "aarch64") == "elasticsearch-9.4.3-linux-aarch64.tar.gz"
    assert name("Darwin", "arm64") == "elasticsearch-9.4.3-darwin-aarch64.tar.gz"
    assert official.address("9.4.3", "", "FreeBSD", "amd64") is None
    assert official.address("9.4.3", "none", "Linux", "x86_64") is None
    assert official.address("9.4.3", "http://mirror/e.tar.gz") == "http://mirror/e.tar.gz"


@pytest.mark.parametrize(
    ("name", "link", "kind"),
    [
        (f"{TOP}/../../evil", "", tarfile.REGTYPE),
        (f"{TOP}/a\\..\\evil", "", tarfile.REGTYPE),
        (f"{TOP}/link", "../../evil", tarfile.SYMTYPE),
        (f"{TOP}/link", "/etc/passwd", tarfile.SYMTYPE),
        (f"{TOP}/deep/link", "../../../evil", tarfile.SYMTYPE),
        (f"{TOP}/link", f"{TOP}/../../evil", tarfile.LNKTYPE),
        (f"{TOP}/link", "/etc/passwd", tarfile.LNKTYPE),
    ],
)
def test_an_archive_that_leads_out_is_refused(
    tmp_path: Path, name: str, link: str, kind: bytes
) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    (tmp_path / "a.tar.gz").write_bytes(make_tar(member))
    with pytest.raises(UsageError, match="leads out"):
        unpack.untar(tmp_path / "a.tar.gz", tmp_path / "deep" / "home")
    assert not list(tmp_path.rglob("evil"))


def test_an_archive_with_a_device_is_refused(tmp_path: Path) -> None:
    member = tarfile.TarInfo(f"{TOP}/null")
    member.type = tarfile.CHRTYPE
    (tmp_path / "a.tar.gz").write_bytes(make_tar(member))
    with pytest.raises(UsageError, match="no file, folder or link"):
        unpack.untar(tmp_path / "a.tar.gz", tmp_path / "home")


# --- by Maven


def test_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert fetch.default_cache({"XDG_CACHE_HOME": "/somewhere"}) == Path("/somewhere/depesche")
    assert fetch.default_cache({"XDG_CACHE_HOME": "relative"}) == Path.home() / ".cache/depesche"


def test_roots_cache_is_where_its_server_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert fetch.default_cache({}) == Path("/var/cache/depesche")
    assert fetch.default_cache({"XDG_CACHE_HOME": "/somewhere"}) == Path("/somewhere/depesche")


def some_java() -> jdk.Jdk:
    return jdk.Jdk(Path("/java"), 21, frozenset())


def test_what_is_in_the_cache_is_not_fetched(cache: Path, told: Told) -> None:
    make_home(cache / "elasticsearch-9.4.3")
    assert fetch.ensure(cache, told.reporter, "none", some_java) == cache / "elasticsearch-9.4.3"
    assert told.lines == []


def test_nothing_comes_out_of_another_cache(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: root's was filled out of its `HOME`, with links and folders of anybody's."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(fetch, "ROOTS_CACHE", cache)
    make_home(tmp_path / ".cache" / "depesche" / "elasticsearch-9.4.3")
    with pytest.raises(UsageError, match="Install Maven"):
        fetch.ensure(cache, told.reporter, "none", some_java)
    assert kept(cache) == []


def test_no_maven_says_what_to_do(cache: Path, told: Told) -> None:
    with pytest.raises(UsageError, match=r"Install Maven.*DEPESCHE_ELASTICSEARCH_HOME"):
        fetch.ensure(cache, told.reporter, "none", some_java)


def test_no_java_is_said_before_maven_fetches_in_vain(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_maven(tmp_path, monkeypatch, "exit 1")
    with pytest.raises(UsageError, match="needs a JDK"):
        fetch.ensure(cache, told.reporter, "none", no_java)


def test_maven_takes_no_options_from_a_folder_above(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its start script looks for the first `.mvn` upwards, for options of its Java."""
    make_maven(tmp_path, monkeypatch, "[ -d .mvn ] && echo 'none above'; exit 1")
    with pytest.raises(ServiceUnavailable, match="none above"):
        fetch.ensure(cache, told.reporter, "none", some_java)


@pytest.mark.parametrize("mode", [0o700, 0o777])
def test_which_settings_of_maven_are_not_used_is_said(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """Red before: a group's `HOME`, and a proxy in its `settings.xml` was passed over silently."""
    home = tmp_path / "home"
    (home / ".m2").mkdir(parents=True)
    home.chmod(mode)
    monkeypatch.setenv("HOME", str(home))
    make_maven(tmp_path, monkeypatch, "exit 1")
    with pytest.raises(ServiceUnavailable):
        fetch.ensure(cache, told.reporter, "none", some_java)
    said = [line for line in told.lines if ".m2" in line or ".mavenrc" in line]
    why = f"Maven does not obey {home}/.m2: another user may write it, or put it there."
    assert said == ([why] if mode == 0o777 else [])


def test_failed_fetch_shows_what_maven_said_and_leaves_nothing(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cache / "fetching-killed" / "repository").mkdir(parents=True)
    make_maven(tmp_path, monkeypatch, "echo 'Unknown host'; exit 1")
    with pytest.raises(ServiceUnavailable, match="Unknown host"):
        fetch.ensure(cache, told.reporter, "none", some_java)
    (lock,) = cache.iterdir()
    assert lock.name == "elasticsearch-9.4.3.lock"
    assert lock.stat().st_mode & 0o777 == 0o600, "who may open it can hold it"


#: A stand-in that fetches the plugin and an archive, each as `touch` leaves it.
WRONG = f"""
for word; do case "$word" in
-DoutputDirectory=*) out=${{word#*=}} ;;
-Dmaven.repo.local=*) repository=${{word#*=}} ;;
esac; done
printf '%s\\n' "$@" > "$out/../words"
/bin/mkdir -p "$repository/{maven.PLUGIN_FILE.rpartition("/")[0]}"
: > "$repository/{maven.PLUGIN_FILE}"
: > "$out/{maven.ARCHIVE}"
"""


def test_a_plugin_of_maven_that_is_not_as_known_is_refused(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is in the sentence, and not the archive's, which is wrong as well."""
    make_maven(tmp_path, monkeypatch, WRONG)
    with pytest.raises(ServiceUnavailable, match=r"is not .*dependency-plugin.* as known"):
        fetch.ensure(cache, told.reporter, "none", some_java)
    assert kept(cache) == ["words"]


def test_a_maven_that_fetched_by_another_plugin_is_refused(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_maven(tmp_path, monkeypatch, WRONG.replace(": >", ": #", 1))
    with pytest.raises(ServiceUnavailable, match=f"did not fetch by {maven.PLUGIN}"):
        fetch.ensure(cache, told.reporter, "none", some_java)


def test_maven_is_told_the_plugins_version_and_the_list_to_hold_to(
    cache: Path, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_maven(tmp_path, monkeypatch, WRONG)
    with pytest.raises(ServiceUnavailable):
        fetch.ensure(cache, told.reporter, "none", some_java)
    words = (cache / "words").read_text().splitlines()
    assert f"{maven.PLUGIN}:copy" in words
    assert "-C" in words
    assert "-Daether.artifactResolver.postProcessor.trustedChecksums=true" in words
    assert any(word.startswith("-Daether.trustedChecksumsSource.summaryFile.b") for word in words)


def test_the_list_knows_plugin_and_archive_and_only_digests() -> None:
    listed = maven.known()
    assert maven.PLUGIN_FILE in listed
    assert maven.PLUGIN_FILE.replace(".jar", ".pom") in listed
    assert maven.PLUGIN.rpartition(":")[2] in maven.PLUGIN_FILE
    assert listed[next(path for path in listed if path.endswith(maven.ARCHIVE))] == maven.SHA256
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in listed.values())
    assert len(listed) > 200


def make_maven(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    maven = folder / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text(f"#!/bin/sh\n{script}\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", str(maven.parent))


def make_home(home: Path) -> None:
    (home / "lib").mkdir(parents=True)
    (home / "lib" / "elasticsearch-9.4.3.jar").touch()


def test_unzip_takes_one_folder_readable_for_all(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"top/es/lib/a.jar": 0o600, "top/web/b.jar": 0o644})
    unpack.unzip(archive, PurePosixPath("top/es"), tmp_path / "home")
    found = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert found == [tmp_path / "home" / "lib" / "a.jar"]
    assert found[0].stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("name", ["top/es/../../evil", "top/es/..\\evil"])
def test_unzip_refuses_names_that_lead_out(tmp_path: Path, name: str) -> None:
    archive = make_zip(tmp_path / "a.zip", {name: 0o644})
    with pytest.raises(UsageError, match="leads out"):
        unpack.unzip(archive, PurePosixPath("top/es"), tmp_path / "deep" / "home")
    assert not list(tmp_path.rglob("evil"))


def make_zip(path: Path, names: dict[str, int]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in names.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, "text")
    return path
