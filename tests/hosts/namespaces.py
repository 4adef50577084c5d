"""A host as a network namespace of its own, with a link to each service that can be cut.

    10.77.<number>.1 ── link ── 10.77.<number>.2      where a proxy passes on to the service

As root, with `ip` of iproute2. A link that is cut drops all packets, as a switch
without power does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.faults.proxy import Proxy

#: Of each service: a link by which all of its packets go.
SERVICES = ("redis", "elasticsearch")


def possible() -> bool:
    """Whether this process may make namespaces."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return False
    trial = f"dep-trial-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", trial], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", trial], capture_output=True, check=False)
    return made.returncode == 0


class Namespace:
    """One host; ``number`` tells it from others, on both of its networks, and is even."""

    def __init__(self, number: int, urls: dict[str, str]) -> None:
        self.name = f"dep-{os.getpid()}-{number}"
        self.prefix = ("ip", "netns", "exec", self.name)
        self._number = number
        self._proxies: dict[str, Proxy] = {}
        self._urls = urls

    def __enter__(self) -> Namespace:
        _ip("netns", "add", self.name)
        _ip("-n", self.name, "link", "set", "lo", "up")
        for service in SERVICES:
            self._connect(service)
        # The certificate is one for this name.
        hosts = Path("/etc/netns", self.name, "hosts")
        hosts.parent.mkdir(parents=True)
        hosts.write_text(f"{self._address('elasticsearch')} localhost\n")
        return self

    def __exit__(self, *_: object) -> None:
        for proxy in self._proxies.values():
            proxy.close()
        subprocess.run(["ip", "netns", "del", self.name], check=False)
        shutil.rmtree(Path("/etc/netns", self.name), ignore_errors=True)

    def url(self, service: str) -> str:
        """Where it has that service."""
        host = "localhost" if service == "elasticsearch" else self._address(service)
        return self._proxies[service].url.replace("127.0.0.1", host)

    @contextmanager
    def cut(self, services: Sequence[str]) -> Iterator[None]:
        """Without these links while inside."""
        for service in services:
            _ip("link", "set", self._link(service), "down")
        try:
            yield
        finally:
            for service in services:
                _ip("link", "set", self._link(service), "up")

    def _connect(self, service: str) -> None:
        link, inside = self._link(service), f"in{SERVICES.index(service)}"
        _ip("link", "add", link, "type", "veth", "peer", "name", inside, "netns", self.name)
        _ip("addr", "add", f"{self._address(service)}/24", "dev", link)
        _ip("link", "set", link, "up")
        there = self._address(service).removesuffix(".1") + ".2"
        _ip("-n", self.name, "addr", "add", f"{there}/24", "dev", inside)
        _ip("-n", self.name, "link", "set", inside, "up")
        self._proxies[service] = Proxy(self._urls[service], self._address(service))

    def _link(self, service: str) -> str:
        return f"dep{os.getpid() % 100_000}{self._number + SERVICES.index(service)}"

    def _address(self, service: str) -> str:
        return f"10.77.{self._number + SERVICES.index(service)}.1"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
