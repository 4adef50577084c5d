"""Three nodes of Elasticsearch on loopback, one cluster, each of which a test may kill."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import psutil

from tasks.embedded import login, secrets_folder
from tests.processes import free_ports, wait_for
from worker.services import Plan, credentials, process
from worker.services.elasticsearch import ElasticsearchServer
from worker.services.reporter import Reporter

HEAP = "512m"
_ALONE = ("discovery.type:", "node.name:", "transport.port:")
#: For a node to start: three start at once, perhaps on a machine with other work.
PATIENCE = 1200.0


class Node(ElasticsearchServer):
    """The embedded server as it is started always, but for what makes it one of several."""

    def __init__(self, data: Path, number: int, ports: Sequence[int]) -> None:
        """``ports``: those of HTTP of all nodes, then those between the nodes."""
        home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
        super().__init__(Plan(data, Path(home) if home else None, ports[number], heap=HEAP))
        self.data, self.number = data, number
        self.url = f"https://127.0.0.1:{ports[number]}"
        self._transports = ports[len(ports) // 2 :]
        self._leader: psutil.Process | None = None

    def start(self) -> None:
        """Start it on what it has on disk, and do not wait for it."""
        self.prepare(Reporter(None))
        command = self.command(self.url)
        self._join(self.folder / "config" / "elasticsearch.yml")
        self._leader = process.launch(command)

    def wait(self) -> None:
        """Until it is one of the cluster."""
        wait_for(lambda: self.answers(self.url, 0), f"node {self.number}", PATIENCE)

    def kill(self) -> None:
        """SIGKILL the launcher and the server."""
        if self._leader and process.lives(self._leader):
            os.killpg(self._leader.pid, signal.SIGKILL)
            process.wait_gone(process.family(None, self.folder), 10.0)

    def _join(self, file: Path) -> None:
        lines = [line for line in file.read_text().splitlines() if not line.startswith(_ALONE)]
        seeds = [f"127.0.0.1:{port}" for port in self._transports]
        lines += [
            f"node.name: node-{self.number}",
            f"transport.port: {self._transports[self.number]}",
            f"discovery.seed_hosts: {seeds}",
            f"cluster.initial_master_nodes: {[f'node-{n}' for n in range(len(seeds))]}",
        ]
        file.write_text("\n".join(lines) + "\n")  # its owner and rights stay


class Nodes:
    """All of them; they know each other by one certificate and have one user."""

    def __init__(self, folders: Sequence[Path]) -> None:
        ports = range(first := free_ports(2 * len(folders)), first + 2 * len(folders))
        self.all = [Node(folder, number, ports) for number, folder in enumerate(folders)]
        for folder in folders:
            folder.mkdir()
            credentials.ensure(folder)
        known = secrets_folder(folders[0].resolve())
        for folder in folders[1:]:
            for file in known.iterdir():
                (secrets_folder(folder.resolve()) / file.name).write_bytes(file.read_bytes())
        self.login = login(folders[0])

    def start(self) -> None:
        """Start all, and wait until they are one cluster."""
        for node in self.all:
            node.start()
        for node in self.all:
            node.wait()

    def kill(self) -> None:
        """End all for good."""
        for node in self.all:
            node.kill()

    @property
    def urls(self) -> str:
        """Their addresses, with commas."""
        return ",".join(self.login.into(node.url) for node in self.all)
