"""The Kibana objects that ship, fitted to an installation before they are loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors
from indexing.index.released import readable

#: What the data views look at as they ship begins with it; DEPESCHE_INDEX takes its place.
SHIPPED_INDEX = "articles"
#: What dashboards and searches begin with as they ship; an archive's oldest year takes its place.
SHIPPED_FROM = "now-30y"
#: What stands for the id of an article in the address of a page to read it on.
ID = "{id}"
_READ = {"de": "Lesen", "en": "Read"}

Saved = dict[str, Any]


def oldest(client: Elasticsearch, index: str) -> str | None:
    """Return the beginning of the year of the oldest article; None where there is none as yet.

    Raises :class:`ServiceUnavailable`, and :class:`UsageError` where there is no index.
    """
    first = {"first": {"min": {"field": "shown_at"}}}
    with translate_errors():
        found = client.search(index=readable(index), size=0, aggs=first)
    said = found["aggregations"]["first"].get("value_as_string")
    return f"{said[:4]}-01-01T00:00:00.000Z" if said else None


def fitted(
    lines: str, index: str, *, since: str | None = None, reader: str | None = None, language: str
) -> str:
    """Return the objects of ``lines``, one a line, for ``index``.

    Their data views look at what readers may see of it, and at what was withdrawn from it. Time
    ranges begin at ``since``, where that is known. ``reader`` is the address of a page on which an
    article is read, with ``{id}`` in it.
    """
    objects = [json.loads(line) for line in lines.splitlines()]
    for saved in objects if reader else ():
        _link(saved, _of_articles(objects), str(reader), _READ[language])
    for saved in objects:
        attributes = saved["attributes"]
        if saved["type"] == "index-pattern":
            attributes["title"] = looked_at(attributes["title"], index)
        if since:
            _since(saved["type"], attributes, since)
    return "".join(f"{json.dumps(saved, ensure_ascii=False)}\n" for saved in objects)


def looked_at(shipped: str, index: str) -> str:
    """Return what a data view looks at, for ``index``, by what it ships with."""
    return f"{index}{shipped.removeprefix(SHIPPED_INDEX)}"


def _of_articles(objects: list[Saved]) -> set[str]:
    """The ids of the data views that look at articles, as they ship."""
    views = (saved for saved in objects if saved["type"] == "index-pattern")
    return {v["id"] for v in views if v["attributes"]["title"] == readable(SHIPPED_INDEX)}


def _link(saved: Saved, views: set[str], reader: str, label: str) -> None:
    """Show an article's id as a link to its page, in its data views and first in its searches."""
    attributes = saved["attributes"]
    if saved["type"] == "search" and saved["references"][0]["id"] in views:
        attributes["columns"].insert(0, "_id")
    if saved["id"] not in views:
        return
    formats = json.loads(attributes["fieldFormatMap"])
    template = reader.replace(ID, "{{value}}")
    link = {"type": "a", "urlTemplate": template, "labelTemplate": label}
    formats["_id"] = {"id": "url", "params": {**link, "openLinkInCurrentTab": False}}
    attributes["fieldFormatMap"] = json.dumps(formats, ensure_ascii=False)


def _since(kind: str, attributes: Saved, since: str) -> None:
    begin: dict[str, Callable[[], None]] = {
        "dashboard": lambda: _begin(attributes, "timeFrom", since),
        "search": lambda: _begin(attributes["timeRange"], "from", since),
        "map": lambda: _begin_map(attributes, since),
    }
    begin.get(kind, lambda: None)()


def _begin(times: Saved, key: str, since: str) -> None:
    """Only what begins with the archive: what is of today stays so."""
    if times[key] == SHIPPED_FROM:
        times[key] = since


def _begin_map(attributes: Saved, since: str) -> None:
    state = json.loads(attributes["mapStateJSON"])
    _begin(state["timeFilters"], "from", since)
    attributes["mapStateJSON"] = json.dumps(state)
