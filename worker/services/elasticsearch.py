"""The embedded Elasticsearch: the user's own unpacked archive, or the fetched one."""

from __future__ import annotations

import base64
import json
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from articles.errors import UsageError
from tasks import embedded
from worker.services import credentials, fetch, ground, jdk, own_tmp, passage, ports, process, user
from worker.services import elasticsearch_config as config
from worker.services.model import Plan, service_folder
from worker.services.ports import LOOPBACK
from worker.services.process import Command
from worker.services.reporter import Reporter
from worker.services.runfile import Run

OLDEST = (9, 4)
_SECONDS = 5.0
_COPIED = ("roles.yml", "role_mapping.yml")
_PROGRAM = ("bin", "lib", "modules", "plugins", "config", "jdk")
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
    """How to start an Elasticsearch server, and to tell that it answers.

    It speaks TLS with a key of its own and knows one user, both made at its first start.
    """

    name = "elasticsearch"
    patience = 300.0  # Ten seconds on an idle machine, minutes on a very busy one.

    def __init__(self, plan: Plan) -> None:
        self.folder = service_folder(plan.data, self.name)
        self._plan = plan
        self._options = f"{config.heap_options(plan.heap)} {config.SYSTEM} {config.COMPILER}"
        self._build: Build | None = None
        self._tell: Reporter | None = None

    def prepare(self, tell: Reporter) -> None:
        """Find or fetch Elasticsearch and a Java for it, once. Raises ``UsageError`` otherwise."""
        if self._build:
            return
        self._build, self._tell = find_build(self._plan, tell), tell
        java = f"Java {self._build.java.version}" if self._build.java else "its own Java"
        tell.line(f"Elasticsearch {self._build.version}: {self._build.home}, on {java}")

    def place(self) -> str:
        """The address for the next start. Raises ``UsageError`` where its port is taken."""
        return _url(ports.choose(self._plan.elasticsearch_port, self.name))

    def command(self, url: str) -> Command:
        """Write the configuration; the command that starts the server at that address."""
        build = self._build
        if build is None:
            raise RuntimeError("prepare() comes first")
        account = user.account(self.folder / "data", self._plan.user)
        own = ground.Ground(self.folder, account)
        if account:
            check_program(build, account)
        for barrier in own.prepare():
            self._say(f"The user that Elasticsearch runs as may now pass through {barrier}.")
        own.write(_texts(build, port_of(url), credentials.ensure(self._plan.data)))
        needed = [self.folder, build.home, *([build.java.home] if build.java else [])]
        become = account.ids if account else None
        return Command(
            argv=own_tmp.command(_argv(build, self.folder), become, needed),
            folder=self.folder,
            log=self.folder / "output.log",
            cwd=build.home,
            env=_environment(build, self.folder, self._options),
        )

    def configured_url(self) -> str | None:
        """Where it was started last; in clear, where an earlier version did."""
        try:
            text = (self.folder / "config" / "elasticsearch.yml").read_text(encoding="utf-8")
        except OSError:
            return None
        match = re.search(r"^http\.port: (\d+)$", text, re.MULTILINE)
        if match is None:
            return None
        closed = "xpack.security.http.ssl.enabled: true\n" in text
        return _url(int(match[1]), "https" if closed else "http")

    def responds(self, url: str) -> bool:
        """Whether it says anything at all."""
        return self._ask(url, "/") is not None

    def loads(self, url: str) -> bool:  # noqa: ARG002
        """It answers while it does."""
        return False

    def answers(self, url: str, pid: int) -> bool:  # noqa: ARG002
        """Whether the cluster's health is at least yellow."""
        try:
            health = json.loads(self._ask(url, "/_cluster/health") or "{}")["status"]
        except (ValueError, KeyError, TypeError):
            return False
        return health in {"yellow", "green"}  # an error has a number for its status

    def confirm(self, run: Run) -> None:
        """See that the port is its own, and close its configuration. Raises ``UsageError`` else.

        Nobody else can have answered, without its key; this says it of the socket itself.
        """
        members = process.family(run, self.folder)
        if not any(ports.listens(member, port_of(run.url)) for member in members):
            raise UsageError(
                f"Another program listens on port {port_of(run.url)}, where Elasticsearch was to. "
                "Set DEPESCHE_ELASTICSEARCH_PORT to another, or to 0 for any free one."
            )
        ground.seal(self.folder)

    def _ask(self, url: str, path: str) -> bytes | None:
        """What it answers, or None: whoever is not the one that was started is not even asked.

        Not through a proxy that the environment names: it is our own.
        """
        login = embedded.login(self._plan.data)
        try:
            trusting = ssl.create_default_context(cafile=str(login.ca))
            connection = HTTPSConnection(LOOPBACK, port_of(url), timeout=_SECONDS, context=trusting)
        except OSError:
            return None
        word = base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
        try:
            connection.request("GET", path, headers={"Authorization": f"Basic {word}"})
            return connection.getresponse().read()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def _say(self, line: str) -> None:
        if self._tell:
            self._tell.line(line)


def _url(port: int, scheme: str = "https") -> str:
    return f"{scheme}://{LOOPBACK}:{port}"


def port_of(url: str) -> int:
    """The port in an address of the embedded Elasticsearch."""
    return urlsplit(url).port or 0


def find_build(plan: Plan, tell: Reporter) -> Build:
    """The user's own Elasticsearch if the plan names one, else the fetched one.

    Raises ``UsageError`` if it does not do, or without a Java or Maven where they are needed.
    """
    if plan.elasticsearch_home is not None:
        home = plan.elasticsearch_home.expanduser()
    else:
        home = fetch.ensure(plan.cache or fetch.default_cache(os.environ), tell, plan.archive)
    home = home.resolve()  # a link in ``/tmp`` is not there any more in one of its own
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


def check_program(build: Build, account: user.Account) -> None:
    """Raise ``UsageError`` where the account cannot read the program, or could write it."""
    jar = build.home / "lib" / f"elasticsearch-{build.version}.jar"
    for path in [jar, build.java.java] if build.java else [jar]:
        passage.check(path, account)
    for folder in (build.home, *(build.home / name for name in _PROGRAM)):
        if folder.exists() and ground.writable(folder.stat(), account):
            raise UsageError(
                f"{folder} may be written by the user that Elasticsearch runs as (uid "
                f"{account.uid}) or by everybody: `chown -R root {build.home}` and "
                f"`chmod -R go-w {build.home}`."
            )


def _argv(build: Build, folder: Path) -> list[str]:
    # The paths are given here rather than in the file: by them the process is recognised again.
    paths = [f"-Epath.data={folder / 'data'}", f"-Epath.logs={folder / 'logs'}"]
    if build.script:
        return [str(build.script), *paths]
    if build.java is None:
        raise UsageError(f"{build.home} has neither bin/elasticsearch nor a use for another Java.")
    java = [str(build.java.java), "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"]
    return [*java, "-cp", "lib/*:lib/tools/server-launcher/*", _LAUNCHER, *paths]


def _environment(build: Build, folder: Path, options: str) -> Mapping[str, str]:
    """A bare one: whatever else the caller's holds is none of the server's business.

    ``ES_JAVA_OPTS`` is Elasticsearch's own name for further options of its JVM: the last one wins.
    """
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8",
        "ES_HOME": str(build.home),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "LIBFFI_TMPDIR": str(folder / "tmp"),
        "ES_DISTRIBUTION_TYPE": "zip",
        "ES_JAVA_OPTS": f"{options} {os.environ.get('ES_JAVA_OPTS', '')}".rstrip(),
    }
    if build.java:
        java = {"JAVA": str(build.java.java), "JAVA_TYPE": "ES_JAVA_HOME"}
        environment |= {**java, "ES_JAVA_HOME": str(build.java.home)}
    return environment


def _texts(build: Build, port: int, known: credentials.Credentials) -> dict[str, str]:
    """The files of the folder ``config``."""
    source = build.home / "config"
    options = (source / "jvm.options").read_text(encoding="utf-8")
    copied = {name: source / name for name in _COPIED if (source / name).is_file()}
    return {
        **{name: path.read_text(encoding="utf-8") for name, path in copied.items()},
        "elasticsearch.yml": config.settings(port, build.modules),
        "jvm.options": config.jvm_options(options, build.java.modules if build.java else None),
        "log4j2.properties": config.LOGGING,
        "users": credentials.users_line(known.password),
        "users_roles": f"superuser:{credentials.USER}\n",
        config.CERTIFICATE: known.certificate,
        config.KEY: known.key,
    }
