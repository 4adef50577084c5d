"""Rows of ``depesche export``, dropped again: the parts that an article was made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from articles import parts
from articles.fields import seen_in

#: Which no other program writes, and an export without ``--fields`` always does.
MARKS = ("source.path", "enrichment.state")
_PARTS = {
    "agency": "agencies",
    "dateline_place": "dateline_places",
    "source.version": "version",
}
#: A key made of an address or of the content, which is made again of the same.
_MADE = re.compile(r"[ut]-[0-9a-f]{40}\Z")


def is_exported(values: Mapping[str, Any]) -> bool:
    """Whether these are an exported row."""
    return any(mark in values for mark in MARKS) and "id" in values


def parts_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of an exported row: what was read out of the text is read again."""
    ours = {field.name for field in seen_in("export")} - parts.NAMES
    given = {_PARTS.get(name, name): value for name, value in values.items()}
    kept = {name: value for name, value in given.items() if name not in ours}
    return {**kept, "id": _own_id(values["id"])}


def _own_id(key: object) -> object:
    """Return the source's own id, of which the key of its document was made; None: it had none."""
    if not isinstance(key, str) or _MADE.match(key):
        return None
    return key.removeprefix("s-")
