"""What a person reads in a panel of Kibana: rows of cells, as texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.kibana_objects import RECORDS, Line, layers
from tests.kibana_panels import view_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A row has a cell a column; ``kind`` is that of Lens (``lnsMetric``, ``line`` …)."""

    title: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def shown(panel: Line, answered: Line) -> Shown:
    """Return what a panel of Lens shows of the answer that came for it."""
    attributes = panel["embeddableConfig"]["attributes"]
    (layer,) = layers(panel)
    columns = layer["columns"]
    order = layer["columnOrder"]
    names = _names(view_of(panel)["attributes"])
    state = attributes["state"]["visualization"]
    table = Shown(
        attributes["title"],
        state.get("preferredSeriesType") or attributes["visualizationType"],
        tuple(columns[key]["label"] for key in order),
        tuple(_rows(answered, columns, order, names)),
    )
    beside = {c["columnId"] for c in state.get("columns", []) if c.get("isTransposed")}
    return _beside_one_another(table) if beside else table


def _beside_one_another(table: Shown) -> Shown:
    """Of rows of two names and a number: a row each first name, a column each second one."""
    heads = tuple(dict.fromkeys(row[1] for row in table.rows))
    numbers = {row[:2]: row[2] for row in table.rows}
    first = dict.fromkeys(row[0] for row in table.rows)
    rows = tuple((name, *(numbers.get((name, head), "–") for head in heads)) for name in first)
    return replace(table, columns=(table.columns[0], *heads), rows=rows)


def listed(search: Line, found: Sequence[Line]) -> Shown:
    """Return what a saved search shows of what it found."""
    attributes = search["attributes"]
    view = view_of(search)["attributes"]
    labels, names = json.loads(view["fieldAttrs"]), _names(view)
    columns = attributes["columns"]
    return Shown(
        attributes["title"],
        "search",
        tuple(labels[name]["customLabel"] if name in labels else name for name in columns),
        tuple(tuple(_cell(hit, name, names) for name in columns) for hit in found),
    )


def _names(view: Line) -> dict[str, dict[str, str]]:
    """Field -> value -> what is shown in its place."""
    formats = json.loads(view["fieldFormatMap"])
    return {
        name: {entry["key"]: entry["value"] for entry in shape["params"]["lookupEntries"]}
        for name, shape in formats.items()
        if shape["id"] == "static_lookup"
    }


def _cell(hit: Line, name: str, names: Mapping[str, Mapping[str, str]]) -> str:
    values = hit.get("fields", {}).get(name, [])
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    return ", ".join(names.get(name, {}).get(text, text) for text in texts)


def _rows(
    answered: Line, columns: Line, order: Sequence[str], names: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, ...]]:
    key, *rest = order
    if not columns[key]["isBucketed"]:
        yield tuple(_number(answered[each], columns[each]) for each in order)
        return
    lookup = names.get(columns[key]["sourceField"], {})
    for bucket in answered[key]["buckets"]:
        name = str(bucket.get("key_as_string", bucket["key"]))
        for row in _rows(bucket, columns, rest, names):
            yield (lookup.get(name, name), *row)


def _number(answered: Line, column: Line) -> str:
    if column["sourceField"] == RECORDS:
        return f"{answered['doc_count']:,}"
    if column["operationType"] == "last_value":
        (top,) = answered["value"]["hits"]["hits"]
        return str(top["fields"][column["sourceField"]][0])
    value: Any = answered["value"]
    if "values" in value:
        (estimated,) = value["values"].values()
        return "–" if estimated is None else f"{estimated:.1f}"
    return str(value["value_as_string"])[:10] if "value_as_string" in value else str(value["value"])
