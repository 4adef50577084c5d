"""The embedded Elasticsearch: the user's own unpacked archive, or the fetched one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from articles.errors import UsageError
from worker.services import elasticsearch_config as config
from worker.services import fetch, jdk, user
from worker.services.model import Plan, service_folder
from worker.services.ports import LOOPBACK, port_in
from worker.services.process import Command
from worker.services.reporter import Reporter

OLDEST = (9, 4)
_SECONDS = 5.0
_FOLDERS = ("config", "data", "logs", "tmp")
_COPIED = ("roles.yml", "role_mapping.yml", "users", "users_roles")
_LAUNCHER = "org.elasticsearch.server.launcher.ServerLauncher"


@dataclass(frozen=True)
class Build:
    """An unpacked Elasticsearch and the Java it runs on (None: the one it brings along)."""

    home: Path
    version: str
    java: jdk.Jdk | None

    @property
    def script(self) -> Path | None:
        """Its own start script, where it has one."""
        script = self.home / "bin" / "elasticsearch"
        return script if os.access(script, os.X_OK) else None

    @property
    def modules(self) -> frozenset[str]:
        """The names of the modules it comes with."""
        return frozenset(path.name for path in (self.home / "modules").iterdir())


class ElasticsearchServer:
    """How to start an Elasticsearch server, and to tell that it answers."""

    name = "elasticsearch"
    patience = 300.0  # Ten seconds on an idle machine, minutes on a very busy one.

    def __init__(self, plan: Plan) -> None:
        self.port = plan.elasticsearch_port
        self.folder = service_folder(plan.data, self.name)
        self._plan = plan
        self._heap = config.heap_options(plan.heap)
        self._build: Build | None = None

    def prepare(self, tell: Reporter) -> None:
        """Find or fetch Elasticsearch and a Java for it. Raises ``UsageError`` otherwise."""
        self._build = find_build(self._plan, tell)
        java = f"Java {self._build.java.version}" if self._build.java else "its own Java"
        tell.line(f"Elasticsearch {self._build.version}: {self._build.home}, on {java}")

    def command(self, port: int) -> Command:
        """Write the configuration; the command that starts the server on ``port``."""
        build = self._build
        if build is None:
            raise RuntimeError("prepare() comes first")
        account = user.account(self.folder / "data", _needed(build, self.folder))
        # Its parent stays ours: what root writes there, the server cannot lead elsewhere by a link.
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711 if account else 0o700)
        _write_config(build, self.folder, port)
        become: Sequence[str] = ()
        if account:
            become = account.become
            for name in _FOLDERS:
                user.hand_over(self.folder / name, account)
        return Command(
            argv=(*become, *_argv(build, self.folder)),
            folder=self.folder,
            log=self.folder / "output.log",
            cwd=build.home,
            env=_environment(build, self.folder, self._heap),
            user=(account.uid, account.gid) if account and not become else None,
        )

    def url(self, port: int) -> str:
        """Where it can be talked to."""
        return f"http://{LOOPBACK}:{port}"

    def configured_port(self) -> int | None:
        """The port that it was started on last."""
        return port_in(self.folder / "config" / "elasticsearch.yml", r"^http\.port: (\d+)$")

    def responds(self, url: str) -> bool:
        """Whether it says anything at all."""
        return _ask(url, "/") is not None

    def answers(self, url: str, pid: int) -> bool:  # noqa: ARG002
        """Whether the cluster's health is at least yellow."""
        try:
            health = json.loads(_ask(url, "/_cluster/health") or "{}")["status"]
        except (ValueError, KeyError, TypeError):
            return False
        return bool(health != "red")


def _ask(url: str, path: str) -> bytes | None:
    """What it answers, or None. Not through a proxy that the environment names: it is our own."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def find_build(plan: Plan, tell: Reporter) -> Build:
    """The user's own Elasticsearch if the plan names one, else the fetched one.

    Raises ``UsageError`` if it does not do, or without a Java or Maven where they are needed.
    """
    if plan.elasticsearch_home is not None:
        home = plan.elasticsearch_home.expanduser().resolve()
    else:
        home = fetch.ensure(plan.cache or fetch.default_cache(os.environ), tell, plan.archive)
    version = checked_version(home)
    return Build(home, version, None if config.brings_java(home) else jdk.find())


def checked_version(home: Path) -> str:
    """The version at ``home``. Raises ``UsageError`` if it is none, or not one that will do."""
    version = config.version_of(home)
    if version is None:
        raise UsageError(
            f"DEPESCHE_ELASTICSEARCH_HOME: {home} is no unpacked Elasticsearch "
            "(it has no lib/elasticsearch-*.jar)."
        )
    major, minor = (int(number) for number in version.split(".")[:2])
    if major != OLDEST[0] or minor < OLDEST[1]:
        raise UsageError(
            f"DEPESCHE_ELASTICSEARCH_HOME: {home} is Elasticsearch {version}; "
            "9.4 or a later 9 is needed."
        )
    return version


def _needed(build: Build, folder: Path) -> list[Path]:
    """What the server's user must be able to reach; it owns the folders it writes to."""
    paths = [folder / "data", build.home / "lib" / f"elasticsearch-{build.version}.jar"]
    return [*paths, build.java.java] if build.java else paths


def _argv(build: Build, folder: Path) -> list[str]:
    # The paths are given here rather than in the file: by them the process is recognised again.
    paths = [f"-Epath.data={folder / 'data'}", f"-Epath.logs={folder / 'logs'}"]
    if build.script:
        return [str(build.script), *paths]
    if build.java is None:
        raise UsageError(f"{build.home} has neither bin/elasticsearch nor a use for another Java.")
    java = [str(build.java.java), "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"]
    return [*java, "-cp", "lib/*:lib/tools/server-launcher/*", _LAUNCHER, *paths]


def _environment(build: Build, folder: Path, heap: str) -> Mapping[str, str]:
    """A bare one: whatever else the caller's holds is none of the server's business."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8",
        "ES_HOME": str(build.home),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "LIBFFI_TMPDIR": str(folder / "tmp"),
        "ES_DISTRIBUTION_TYPE": "zip",
        "ES_JAVA_OPTS": heap,
    }
    if build.java:
        java = {"JAVA": str(build.java.java), "JAVA_TYPE": "ES_JAVA_HOME"}
        environment |= {**java, "ES_JAVA_HOME": str(build.java.home)}
    return environment


def _write_config(build: Build, folder: Path, port: int) -> None:
    for name in _FOLDERS:
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    source, target = build.home / "config", folder / "config"
    options = (source / "jvm.options").read_text(encoding="utf-8")
    java_modules = build.java.modules if build.java else None
    texts = {
        "elasticsearch.yml": config.settings(port, build.modules),
        "jvm.options": config.jvm_options(options, java_modules),
        "log4j2.properties": config.LOGGING,
    }
    for name in _COPIED:
        if (source / name).is_file():
            texts[name] = (source / name).read_text(encoding="utf-8")
    for name, text in texts.items():
        (target / name).unlink(missing_ok=True)
        with (target / name).open("x", encoding="utf-8") as file:
            file.write(text)
