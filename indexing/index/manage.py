"""Index versions behind one alias: making the first and seeing where things stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from articles.errors import UsageError
from indexing.index import mapping
from indexing.index.copies import data_nodes, wanted_replicas
from indexing.index.faults import kind_of, no_index, translate_errors
from indexing.index.released import RELEASED, readable

#: Seconds to wait for changes of the cluster's state, which a busy machine makes slowly.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """Where an alias points.

    ``version`` is 0 for an index that Depesche did not make; ``current`` tells whether its
    mapping is the one of this program; ``writable`` is false while a block holds writes off;
    ``size`` is in bytes; ``others`` are older versions and unfinished newer ones.
    """

    alias: str
    concrete: str
    version: int
    documents: int
    size: int
    shards: int
    replicas: int
    current: bool
    writable: bool
    others: tuple[str, ...]


def create_index(
    client: Elasticsearch,
    index: str,
    *,
    shards: int | None = None,
    replicas: int | None = None,
    refresh_interval: str = "500ms",
) -> bool:
    """Make ``<index>-v<N>`` with its aliases; false where ``index`` is there already.

    Without ``shards`` it has one; without ``replicas`` one where another node could hold it.

    Index and alias come into being in one step, so two processes may call this at once. Raises
    :class:`UsageError` where something else has one of the names, :class:`ServiceUnavailable`.
    """
    client = client.options(request_timeout=PATIENCE)
    if concrete_of(client, index):
        return False
    name = f"{index}-v{mapping.MAPPING_VERSION}"
    copies = wanted_replicas(replicas, data_nodes(client))
    settings = mapping.settings(shards or 1, copies, refresh_interval)
    if make(client, name, settings, mapping.mappings(), index):
        return True
    if concrete_of(client, index):  # another process was quicker
        return False
    raise UsageError(
        f"The index {name!r} exists, but no alias {index!r} points to it: "
        "put the alias back or delete that index."
    )


def make(
    client: Elasticsearch,
    name: str,
    settings: dict[str, Any],
    mappings: dict[str, Any],
    alias: str | None = None,
) -> bool:
    """Make the concrete index ``name``, with ``alias`` if given; false where it exists."""
    aliases: dict[str, dict[str, Any]] = {}
    if alias:
        aliases = {alias: {"is_write_index": True}, readable(alias): {"filter": RELEASED}}
    try:
        with translate_errors():
            client.indices.create(
                index=name,
                settings=settings,
                mappings=mappings,
                aliases=aliases,
                wait_for_active_shards=1,
            )
    except BadRequestError as error:
        if kind_of(error) == "resource_already_exists_exception":
            return False
        raise UsageError(f"The index {name!r} cannot be made: {error}") from error
    return True


def concrete_of(client: Elasticsearch, index: str) -> str | None:
    """Return the concrete index behind the alias ``index``, ``None`` where there is no alias.

    Raises :class:`UsageError` where ``index`` is itself a concrete index or the alias has several.
    """
    # One request: between two, another process may make what the first did not see.
    with translate_errors():
        lenient = client.options(ignore_status=404)
        answer = lenient.indices.get(index=index, features=["aliases"])
    if answer.meta.status == 404:  # noqa: PLR2004
        return None
    if index in answer:
        raise UsageError(
            f"{index!r} is an index and not an alias: choose another DEPESCHE_INDEX, "
            "or reindex it under another name and delete it."
        )
    names = sorted(answer)
    if len(names) > 1:
        raise UsageError(f"The alias {index!r} points to several indices: {', '.join(names)}.")
    return str(names[0])


def index_status(client: Elasticsearch, index: str) -> IndexStatus:
    """Return where the alias stands; raises :class:`UsageError` where there is none."""
    concrete = concrete_of(client, index)
    if concrete is None:
        raise no_index(index)
    versions = family(client, index)
    about = versions[concrete]
    with translate_errors():
        stats = client.indices.stats(index=concrete, metric=["docs", "store"])
        count = client.count(index=concrete)["count"]
    meta = about["mappings"].get("_meta", {})
    return IndexStatus(
        alias=index,
        concrete=concrete,
        version=meta.get("version", 0),
        documents=count,
        size=stats["_all"]["total"]["store"]["size_in_bytes"],
        shards=int(about["settings"]["index"]["number_of_shards"]),
        replicas=int(about["settings"]["index"]["number_of_replicas"]),
        current=meta.get("sha256") == mapping.fingerprint(),
        writable="blocks" not in about["settings"]["index"],
        others=tuple(sorted(set(versions) - {concrete})),
    )


def old_versions(client: Elasticsearch, index: str) -> list[str]:
    """Return the versions that a migration has left; not one that is being built.

    Raises :class:`UsageError` where there is no alias, :class:`ServiceUnavailable`.
    """
    concrete = concrete_of(client, index)
    if concrete is None:
        raise no_index(index)
    versions = family(client, index)
    return sorted(
        name
        for name, about in versions.items()
        if name != concrete and about["mappings"].get("_meta", {}).get("migrating_from") != concrete
    )


def drop(client: Elasticsearch, names: list[str]) -> None:
    """Delete concrete indices for good. Raises as :func:`old_versions`."""
    with translate_errors():
        client.options(request_timeout=PATIENCE, ignore_status=404).indices.delete(index=names)


def family(client: Elasticsearch, index: str) -> dict[str, Any]:
    """Return every version of the alias ``index``, by name, with its settings and mappings."""
    with translate_errors():
        versions = client.indices.get(index=f"{index},{index}-v*")
    ours = re.compile(re.escape(index) + r"-v\d+(-\d+)?")
    return {
        name: about
        for name, about in versions.items()
        if ours.fullmatch(name) or index in about["aliases"]
    }
