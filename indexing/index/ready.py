"""Whether Elasticsearch would take writes now: asked before work is published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from articles.errors import ServiceUnavailable, UsageError
from indexing.index.faults import answers_as_elasticsearch, translate_errors
from indexing.index.mapping import MAPPING_VERSION

_PARTS = "*.settings.index.blocks.*,*.mappings._meta.version,*.mappings._source,*.aliases"


def check_readable(client: Elasticsearch, index: str) -> None:
    """Return if the server is Elasticsearch 9 and would show what is behind the alias, if it is.

    Raises ``ServiceUnavailable`` where it does not answer, ``UsageError`` where it refuses.
    """
    with translate_errors():
        try:
            client.indices.get(index=index, filter_path=_PARTS)
        except NotFoundError as error:
            if not answers_as_elasticsearch(error):
                raise


def check_writable(client: Elasticsearch, index: str, fields: Iterable[str] = ()) -> None:
    """Return if the index behind the alias takes what this program writes, ``fields`` too.

    Raises ``ServiceUnavailable`` where the server does not answer or a block holds writes off (a
    full disk sets one), ``UsageError`` where there is no such alias or its index has an older
    mapping or lacks one of ``fields``, and where the alias has several.
    """
    with translate_errors():
        answer = client.indices.get(index=index, filter_path=_PARTS)
    blocks = sorted({block for described in answer.body.values() for block in _blocks(described)})
    if blocks:
        raise ServiceUnavailable(
            f"Elasticsearch holds writes off: {', '.join(blocks)} is set on {index}"
        )
    if len(answer.body) > 1:
        names = ", ".join(sorted(answer.body))
        raise UsageError(f"The alias {index!r} points to several indices: {names}. Work waits.")
    if any(map(_leaves_out, answer.body.values())):
        raise UsageError(
            f"The index {index!r} keeps no whole documents (_source in its mapping, by an index "
            "template of others, perhaps). Work waits: an update would lose what was not kept."
        )
    version = min(
        (_version(described) for described in answer.body.values()), default=MAPPING_VERSION
    )
    if version < MAPPING_VERSION:
        raise UsageError(
            f"The index {index!r} has mapping version {version}, and {MAPPING_VERSION} is needed: "
            "run `depesche index migrate`. Work waits until then."
        )
    for field in fields:
        check_field(client, index, field)


def check_field(client: Elasticsearch, index: str, field: str) -> None:
    """Return if the index behind the alias has ``field``, which a setting asks for.

    Raises ``ServiceUnavailable``, and ``UsageError`` where it has not: it was made before that
    field.
    """
    with translate_errors():
        answer = client.indices.get_field_mapping(index=index, fields=field)
    if not all(described["mappings"] for described in answer.body.values()):
        raise UsageError(
            f"The index {index!r} has no field {field!r} yet: run `depesche index migrate`, "
            f"or switch DEPESCHE_{field.upper()} off."
        )


def _blocks(about: dict[str, Any]) -> list[str]:
    blocks = about.get("settings", {}).get("index", {}).get("blocks", {})
    return [f"index.blocks.{name}" for name, value in blocks.items() if str(value) == "true"]


def _leaves_out(about: dict[str, Any]) -> bool:
    """An update makes a document anew of what was kept of it: the rest would be gone."""
    source = about.get("mappings", {}).get("_source", {})
    return bool(source.get("excludes") or source.get("includes"))


def _version(about: dict[str, Any]) -> int:
    """Another's mark that is no number counts as that of an index which must be made anew."""
    version = about.get("mappings", {}).get("_meta", {}).get("version", MAPPING_VERSION)
    return version if isinstance(version, int) else 0
