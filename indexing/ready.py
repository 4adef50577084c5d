"""Whether Elasticsearch would take writes now: asked before work is rung for."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch

from extraction.errors import ServiceAway
from indexing.faults import translate_errors


def check_writable(client: Elasticsearch, index: str) -> None:
    """Return if the index behind the alias takes writes.

    Raises ``ServiceAway`` where the server does not answer or a block holds writes off (a full
    disk sets one), ``Misuse`` where there is no such alias.
    """
    with translate_errors():
        answer = client.indices.get_settings(index=index, name="index.blocks.*")
    blocks = sorted({block for settings in answer.body.values() for block in _blocks(settings)})
    if blocks:
        raise ServiceAway(f"Elasticsearch holds writes off: {', '.join(blocks)} is set on {index}")


def _blocks(settings: dict[str, Any]) -> list[str]:
    blocks = settings.get("settings", {}).get("index", {}).get("blocks", {})
    return [f"index.blocks.{name}" for name, value in blocks.items() if str(value) == "true"]
