"""How long each service has run: said by itself, and left out where it does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articles.errors import DepescheError

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


def of_elasticsearch(client: Elasticsearch) -> float | None:
    """Seconds since the start of the node that has run longest; it needs the right `monitor`."""
    from indexing.index.faults import translate_errors

    try:
        with translate_errors():
            answer = client.nodes.stats(metric="jvm", filter_path="nodes.*.jvm.uptime_in_millis")
        times = [node["jvm"]["uptime_in_millis"] / 1000 for node in answer["nodes"].values()]
    except (DepescheError, KeyError, TypeError):
        return None
    return max(times, default=None)
