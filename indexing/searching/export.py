"""Everything that a query finds, however much: as JSON lines or CSV, for Excel too."""

from __future__ import annotations

import csv
import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from articles.fields import BY_NAME, seen_in
from articles.spreadsheet import as_cell
from indexing.index.dates import NEWEST_FIRST
from indexing.index.faults import translate_errors
from indexing.index.point_in_time import pages
from indexing.index.source import source_of
from indexing.searching.named import look_up
from indexing.searching.query import Canonical, Query, as_written, check, clauses, content, looser
from indexing.searching.results import Unknown

#: What is exported unless other fields are named. Offsets and signatures are for programs.
FIELDS = ("id", *(field.name for field in seen_in("export")))
_LATEST: list[dict[str, Any]] = [*NEWEST_FIRST, {"received_at": "desc"}]
_BETWEEN = "; "
#: Excel takes a file for UTF-8 by this, and cuts a longer cell or spills it into the next row.
_BYTE_ORDER_MARK, _LONGEST_CELL, _CUT = "\ufeff", 32_767, " […]"


@dataclass(frozen=True, slots=True)
class ExportHit:
    """What is to be exported: the Elasticsearch query, and how many articles it finds now.

    ``loosened`` and ``did_you_mean`` are as in ``indexing.searching.search``.
    """

    query: dict[str, Any]
    total: int
    loosened: bool = False
    did_you_mean: tuple[Unknown, ...] = ()


def find(
    client: Elasticsearch, index: str, query: Query, canonical: Canonical = as_written
) -> ExportHit:
    """Return what ``query`` finds; its size and offset count for nothing here.

    Names and words are taken as ``indexing.searching.search`` takes them, and copies are all there.
    Raises :class:`UsageError` and ``ServiceUnavailable``.
    """
    check(query)
    named = look_up(client, index, query, canonical)
    strict = ExportHit(
        clauses(query, named.filters, canonical=canonical), 0, did_you_mean=tuple(named.unknown)
    )
    total = _count(client, index, strict.query)
    misspelt = named.misspelt and not content(query)
    if total or misspelt or not looser(query):
        return replace(strict, total=total)
    loose = clauses(query, named.filters, wanted="most", canonical=canonical)
    total = _count(client, index, loose)
    return replace(strict, query=loose, total=total, loosened=total > 0)


def _count(client: Elasticsearch, index: str, query: Mapping[str, Any]) -> int:
    with translate_errors():
        return int(client.count(index=index, query=query)["count"])


def fields_of(names: str | None) -> tuple[str, ...]:
    """Return the fields of a list with commas; those of a full export without one.

    Raises :class:`UsageError` for a field that does not exist.
    """
    if names is None:
        return FIELDS
    wanted = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    objects = {name.partition(".")[0] for name in BY_NAME}
    known = {"id", *BY_NAME, *objects} - {"text"}
    if missing := [name for name in wanted if name not in known]:
        raise UsageError(f"There is no field {missing[0]!r}: there are {', '.join(sorted(known))}.")
    if not wanted:
        raise UsageError("Name at least one field.")
    return wanted


def articles(
    client: Elasticsearch, index: str, counted: ExportHit, fields: Sequence[str]
) -> Generator[list[dict[str, Any]], None, None]:
    """Yield the articles in pages, latest first, each as a mapping of ``fields`` to values.

    All are from one point in time: what is written meanwhile changes nothing. A field that an
    article lacks is ``None``. Close the iterator to free what Elasticsearch holds for it. Raises
    ``ServiceUnavailable`` and :class:`UsageError`.
    """
    source = [name for name in fields if name != "id"] or ["headline"]
    for hits in pages(client, index, counted.query, sort=_LATEST, source=source):
        yield [_row_of(hit, fields) for hit in hits]


def _row_of(hit: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    source = source_of(hit)
    return {name: hit["_id"] if name == "id" else _value(source, name) for name in fields}


def _value(source: Any, path: str) -> Any:
    value = source
    for name in path.split("."):
        if isinstance(value, list):
            value = [item.get(name) for item in value if isinstance(item, Mapping)]
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def header(kind: str, fields: Sequence[str]) -> str:
    """Return what stands before the first article."""
    if kind == "excel":
        return _BYTE_ORDER_MARK + _row(fields, ";")
    return _row(fields) if kind == "csv" else ""


def line(kind: str, article: Mapping[str, Any]) -> str:
    """Return one article in format ``jsonl``, ``csv`` or ``excel``, with its line end.

    In CSV several values stand in one cell, ``; `` between them, and objects as JSON. For Excel,
    as it is set up in Germany, semicolons part the cells, and a cell that it could not hold is cut.
    """
    if kind == "jsonl":
        return json.dumps(article, ensure_ascii=False) + "\n"
    cells = [_cell(value) for value in article.values()]
    return _row([_short(cell) for cell in cells], ";") if kind == "excel" else _row(cells)


def _row(cells: Sequence[str], between: str = ",") -> str:
    text = StringIO()
    csv.writer(text, delimiter=between).writerow(cells)
    return text.getvalue()


def _short(cell: str) -> str:
    if len(cell) <= _LONGEST_CELL:
        return cell
    return cell[: _LONGEST_CELL - len(_CUT)] + _CUT


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return as_cell(_BETWEEN.join(_plain(item) for item in value if item is not None))
    return as_cell(_plain(value))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
