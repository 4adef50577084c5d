"""Whether the Elasticsearch of several nodes is whole: its addresses, the copies of its shards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from articles.addresses import split
from articles.errors import DepescheError
from tasks.settings import Settings, elasticsearch_url
from worker.care.note import Note
from worker.care.places import masked
from worker.container import Container
from worker.wording import counted

if TYPE_CHECKING:
    from indexing.index.copies import Copies

#: For each address by itself: one that is slow today is none that is gone.
SECONDS = 3.0


def addresses(container: Container) -> Iterator[Note]:
    """Which of several addresses do not answer: work goes on by the others, until they go, too."""
    servers = split(elasticsearch_url(container.settings))
    if len(servers) == 1:
        return
    if away := [masked(server) for server in servers if not _answers(container, server)]:
        yield Note(
            "addresses_away",
            f"{len(away)} of {len(servers)} Elasticsearch addresses do not answer: "
            f"{', '.join(away)}",
            "Start those nodes of Elasticsearch, or take them out of DEPESCHE_ELASTICSEARCH_URL",
            tuple(away),
            wrong=True,
        )


def _answers(container: Container, server: str) -> bool:
    from indexing.index.connect import server_version

    try:
        with container.connected(server, timeout=SECONDS) as client:
            server_version(client)
    except DepescheError:
        return False
    return True


def copies(container: Container) -> Iterator[Note]:
    """How the index is spread, where that is not what the settings or the cluster want."""
    from indexing.index.copies import copies_of

    yield from told(copies_of(container.client, container.settings.index), container.settings)


def told(there: Copies, settings: Settings) -> Iterator[Note]:
    """The notes on it."""
    from indexing.index.copies import wanted_replicas

    wanted = wanted_replicas(settings.replicas, there.nodes, there.replicas)
    if wanted != there.replicas:
        yield Note(
            "replicas",
            f"the index has {counted(there.replicas, 'replica')} of each shard instead of {wanted} "
            f"(the cluster has {counted(there.nodes, 'data node')})",
            "Give the index its replicas: `depesche index create`",
        )
    if settings.shards not in {None, there.shards}:
        yield Note(
            "shards",
            f"the index has {counted(there.shards, 'shard')}, DEPESCHE_SHARDS is {settings.shards}",
            "Build the index anew with as many shards: `depesche index migrate`",
        )
    if there.unassigned:
        yield Note(
            "unassigned",
            f"{counted(there.unassigned, 'copy', 'copies')} of the index's shards are on no node "
            f"(the cluster has {counted(there.nodes, 'data node')})",
            "Start the missing node: `GET _cluster/allocation/explain` says more",
            wrong=True,
        )
