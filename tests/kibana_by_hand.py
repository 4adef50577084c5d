"""What a panel of Kibana has to show, counted from the documents in Python."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import asinh, floor, pi, radians, tan
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tests.kibana_objects import RECORDS, Line
from tests.kibana_panels import ZONE, kql_of

#: Up to so many different values Elasticsearch counts exactly, beyond it nearly.
_COUNTED, _NEARLY = 1_000, 0.02
#: By how much of all values the rank of a percentile may be off: Elasticsearch estimates it.
_RANKS = 0.02


def values(document: Line, name: str) -> list[Any]:
    """Return what a document has in a field, each once; ``headline.raw`` is the headline."""
    if name in _MADE:
        return _MADE[name](document)
    value: Any = document
    for part in name.removesuffix(".raw").split("."):
        value = value.get(part) if isinstance(value, dict) else None
    listed = value if isinstance(value, list) else [value]
    kept = [each for each in listed if each is not None]
    return [each for number, each in enumerate(kept) if each not in kept[:number]]


def _seconds(document: Line, until: str | None) -> list[float]:
    if not until:
        return []
    came = datetime.fromisoformat(document["received_at"])
    return [(datetime.fromisoformat(until) - came).total_seconds()]


def _website(document: Line) -> list[str]:
    host = urlsplit(document.get("url", "")).hostname
    return [host.removeprefix("www.")] if host else []


def _enriched(document: Line) -> list[float]:
    state = document["enrichment"]
    return _seconds(document, state["at"] if state["state"] == "enriched" else None)


def said(document: Line) -> list[str]:
    """Return the quotes of an article, each with its speaker."""
    return [f"{q['speaker'] or '–'}: {q['text']}" for q in document.get("quotes", [])]


#: What the data views make.
_MADE: dict[str, Callable[[Line], list[Any]]] = {
    "searchable_after": lambda document: _seconds(document, document["indexed_at"]),
    "enriched_after": _enriched,
    "website": _website,
    "said": said,
}


def _is(name: str, value: object) -> Callable[[Line], bool]:
    return lambda document: value in values(document, name)


def _has(name: str) -> Callable[[Line], bool]:
    return lambda document: bool(values(document, name))


#: KQL of the objects -> whether an article is found by it.
FOUND: dict[str, Callable[[Line], bool]] = {
    "": lambda _: True,
    **{f"enrichment.state: {s}": _is("enrichment.state", s) for s in ("enriched", "pending")},
    "enrichment.state: failed": _is("enrichment.state", "failed"),
    "not published_day: *": lambda document: not values(document, "published_day"),
    "quotes: { kind: * }": _has("quotes"),
    "quotes: { kind: * } and not quoted_people: *": lambda document: (
        bool(values(document, "quotes")) and not values(document, "quoted_people")
    ),
    "locations: *": _has("locations"),
    "places: * and not locations: *": lambda document: (
        bool(values(document, "places")) and not values(document, "locations")
    ),
    "purged: true and not restored: true": lambda document: (
        _is("purged", True)(document) and not _is("restored", True)(document)
    ),
    "restored: true": _is("restored", True),
    "not restored: true": lambda document: not _is("restored", True)(document),
    "version >= 2": lambda document: document.get("version", 1) >= 2,
    '"headline.raw": *': _has("headline"),
}


def differences(shown: Line, layer: Line, order: Sequence[str], seen: Sequence[Line]) -> list[str]:
    """Return what an answer to ``order``, the columns of a layer, has that is counted otherwise."""
    key, *rest = order
    column = layer["columns"][key]
    if not column["isBucketed"]:
        return [
            f"{number}: {shown[number]}"
            for number in order
            if not _same(shown[number], layer["columns"][number], seen)
        ]
    told, by_value = [], _by_value(column, seen)
    buckets = {_name(bucket): bucket for bucket in shown[key]["buckets"]}
    for name, bucket in buckets.items():
        among = by_value.get(name, [])
        if bucket["doc_count"] != len(among):
            told.append(f"{name}: {bucket['doc_count']} instead of {len(among)}")
        told += [f"{name}: {each}" for each in differences(bucket, layer, rest, among)]
    return [*told, *_left_out(column, layer["columns"], buckets, by_value)]


def _name(bucket: Line) -> Any:
    """The value of a bucket; the year of one in time."""
    return bucket["key_as_string"][:4] if "key_as_string" in bucket else bucket["key"]


def _by_value(column: Line, seen: Sequence[Line]) -> dict[Any, list[Line]]:
    own = years if column["operationType"] == "date_histogram" else values
    by_value: dict[Any, list[Line]] = {}
    for document in seen:
        for value in dict.fromkeys(own(document, column["sourceField"])):
            by_value.setdefault(value, []).append(document)
    return by_value


def _left_out(
    column: Line, columns: Line, names: Iterable[Any], by_value: dict[Any, list[Line]]
) -> list[str]:
    """Whether a column has as many values as it may, and those of which there are most."""
    shown = set(names)
    if len(shown) < min(len(by_value), column.get("params", {}).get("size", len(by_value))):
        return [f"{len(shown)} of {len(by_value)}"]
    order = column.get("params", {}).get("orderBy", {}).get("columnId")
    if not order or kql_of(columns[order]):
        return []
    least = min((len(by_value.get(name, [])) for name in shown), default=0)
    more = [name for name, among in by_value.items() if name not in shown and len(among) > least]
    return [f"without {name}" for name in more]


def years(document: Line, field: str) -> list[str]:
    """Return the years of a date by the calendar of ``ZONE``; a day has none but its own."""
    zone = ZoneInfo(ZONE)
    dates = [str(value) for value in values(document, field)]
    whole = [date if len(date) > 10 else f"{date}-01-01"[:10] for date in dates]
    instants = [datetime.fromisoformat(date) for date in whole]
    return [f"{(i.astimezone(zone) if i.tzinfo else i).year:04}" for i in instants]


def _same(shown: Line, column: Line, seen: Sequence[Line]) -> bool:
    among = [document for document in seen if FOUND[kql_of(column)](document)]
    field = column["sourceField"]
    if field == RECORDS:
        return bool(shown["doc_count"] == len(among))
    found = sorted(value for document in among for value in values(document, field))
    match column["operationType"]:
        case "unique_count":
            return _as_many(shown["value"]["value"], len(set(found)))
        case "last_value":
            return _is_latest(shown["value"]["hits"]["hits"], field, among)
        case "median" | "percentile":
            ((rank, value),) = shown["value"]["values"].items()
            return not found or _has_rank(value, float(rank) / 100, found)
        case _:
            wanted = found[0] if column["operationType"] == "min" else found[-1]
            return bool(shown["value"]["value_as_string"].startswith(wanted[:10]))


def _as_many(told: int, there: int) -> bool:
    return abs(told - there) <= (0 if there <= _COUNTED else there * _NEARLY)


def _is_latest(top: Sequence[Line], field: str, among: Sequence[Line]) -> bool:
    (first,) = top
    newest = max(document["shown_at"] for document in among)
    latest = [d for d in among if d["shown_at"] == newest]
    return first["fields"][field] in [values(document, field) for document in latest]


def _has_rank(value: float, rank: float, found: Sequence[float]) -> bool:
    """Whether about the share ``rank`` of the values lies below."""
    most = _RANKS + 1 / len(found)
    below, not_above = bisect_left(found, value), bisect_right(found, value)
    return below / len(found) - most <= rank <= not_above / len(found) + most


def tiles(seen: Sequence[Line], precision: int) -> dict[str, int]:
    """Return the articles with a place in each tile of the web's maps, as ``zoom/x/y``."""
    counted = Counter(
        tile
        for document in seen
        for tile in {_tile(place, precision) for place in values(document, "locations")}
    )
    return dict(counted)


def _tile(place: Line, precision: int) -> str:
    side = 2**precision
    shares = (place["lon"] + 180) / 360, down(place["lat"])
    x, y = (min(side - 1, max(0, floor(share * side))) for share in shares)
    return f"{precision}/{x}/{y}"


def down(latitude: float) -> float:
    """Return how far down the web's maps a latitude lies: 0 is their upper edge, 1 the lower."""
    return (1 - asinh(tan(radians(latitude))) / pi) / 2
