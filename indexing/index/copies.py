"""How many shards an index has and how many replicas of each, and how many it should have."""

from __future__ import annotations

from dataclasses import dataclass

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors


@dataclass(frozen=True, slots=True)
class Copies:
    """What is: copies that are on no node are ``unassigned``; the ``nodes`` keep data."""

    shards: int
    replicas: int
    unassigned: int
    nodes: int


def wanted_replicas(setting: int | None, nodes: int, now: int = 0) -> int:
    """How many replicas an index should have on so many data ``nodes``, that has ``now``.

    Where nobody says it: one, as soon as another node could hold it. Never fewer than it has, for
    a node may only be away.
    """
    return max(now, 1 if nodes > 1 else 0) if setting is None else setting


def data_nodes(client: Elasticsearch) -> int:
    """How many nodes of the cluster keep data; needs the right ``monitor``."""
    with translate_errors():
        health = client.cluster.health(filter_path="number_of_data_nodes")
    return int(health["number_of_data_nodes"])


def copies_of(client: Elasticsearch, index: str) -> Copies:
    """How the index behind an alias is spread. Raises as the other looks at an index do."""
    with translate_errors():
        answer = client.indices.get(index=index, filter_path="*.settings.index.number_of_*")
        health = client.cluster.health(index=index)
    kept = next(iter(answer.body.values()))["settings"]["index"]
    return Copies(
        shards=int(kept["number_of_shards"]),
        replicas=int(kept["number_of_replicas"]),
        unassigned=int(health["unassigned_shards"]),
        nodes=int(health["number_of_data_nodes"]),
    )


def follow(client: Elasticsearch, index: str, setting: int | None) -> tuple[int, int] | None:
    """Give the index the replicas it should have; before and after, ``None`` where it has them.

    Raises ``UsageError`` where the right ``manage`` is missing, and ``ServiceUnavailable``.
    """
    there = copies_of(client, index)
    wanted = wanted_replicas(setting, there.nodes, there.replicas)
    if wanted == there.replicas:
        return None
    with translate_errors():
        client.indices.put_settings(index=index, settings={"index.number_of_replicas": wanted})
    return there.replicas, wanted
