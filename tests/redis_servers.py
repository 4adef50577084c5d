"""Genuine Redis servers, set as a test wants them."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from tests.processes import free_ports
from worker.services.redis import find_binary
from worker.services.redis_users import KEEPER, RIGHTS

#: Lines by which a server lets programs do what the embedded one does; the keeper has no password.
AS_EMBEDDED = (
    f"user default on nopass ~* &* -@all {RIGHTS}",
    f"user {KEEPER} on nopass ~* &* +@all",
)


def keeper(client: Redis) -> Redis:
    """Whoever may do everything with an embedded server; close it."""
    conf = Path(client.info("server")["config_file"]).read_text(encoding="utf-8")
    found = re.search(rf"^user {KEEPER} on >(\S+) ", conf, re.MULTILINE)
    assert found
    at = client.connection_pool.connection_kwargs["path"]
    return Redis(unix_socket_path=at, username=KEEPER, password=found[1])


def configure(client: Redis, name: str, value: str) -> None:
    """Set something of an embedded server."""
    with keeper(client) as own:
        own.config_set(name, value)


class Server:
    """A Redis server with these lines in its configuration; a sentinel with ``sentinel``."""

    def __init__(self, folder: Path, *lines: str, sentinel: bool = False) -> None:
        folder.mkdir(parents=True)
        self.port = free_ports(1)
        self.socket = folder / "redis.sock"
        config = folder / "redis.conf"
        common = (f"port {self.port}", "bind 127.0.0.1", f"dir {folder}", f"logfile {folder}/log")
        ours = (*common, *lines, *(() if sentinel else (f"unixsocket {self.socket}", 'save ""')))
        config.write_text("".join(f"{line}\n" for line in ours))
        argv = [str(find_binary()), str(config), *(["--sentinel"] if sentinel else [])]
        self._process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        self._wait()

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._process.wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                with Redis(port=self.port, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
                    client.ping()
                    return
            except RedisError as error:
                if "NOAUTH" in str(error) or "Authentication" in type(error).__name__:
                    return
                time.sleep(0.05)
        raise AssertionError("Redis does not answer")
