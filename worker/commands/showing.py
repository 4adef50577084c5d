"""``show``: one article, and at a glance all that was read out of it; and its earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from articles.errors import UsageError
from articles.fields import seen_in
from worker.commands.common import (
    AsJson,
    Embargoed,
    Id,
    archive,
    example,
    identify,
    out,
    print_json,
)
from worker.commands.versions import show_versions
from worker.console import PlainConsole
from worker.wording import counted

Document = dict[str, Any]
QUOTE_CHARS = 160
PARTIAL = "its file holds a part of the article alone"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("show t-1f0c9a7be2d4 --json"))(show)


def show(
    id_: Id,
    versions: Annotated[
        bool, typer.Option("--versions", help="List the texts that it has had, newest first.")
    ] = False,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help="Show one of these texts.")
    ] = None,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="What was changed, word by word: since --version N, or since the last."
        ),
    ] = False,
    embargoed: Embargoed = False,
    as_json: AsJson = False,
) -> None:
    """Show one article with everything that was read out of it, or the versions of its text."""
    where = archive(embargoed=embargoed)
    document = where.document(identify(where, id_))
    if document is None:
        raise UsageError(f"There is no article {id_}.")
    if versions or diff:
        show_versions(where, document, version, diff=diff, as_json=as_json)
        return
    if version is not None and version != (document.get("version") or 1):
        document = where.version(document["id"], version) or document
    if as_json:
        print_json(document)
    else:
        print_article(out(), document)


def print_article(console: PlainConsole, document: Document) -> None:
    """For people: the text, then what was read out of it, a line each."""
    kicker = f"{document['kicker']} : " if document.get("kicker") else ""
    console.print(f"{kicker}{document.get('headline', '')}\n", style="bold")
    for field in ("lead", "body"):
        if document.get(field):
            console.print(document[field] + "\n")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, lines in (*_fields(document), *_origin(document)):
        for number, line in enumerate(lines):
            table.add_row("" if number else name, Text(line))
    console.print(table)


def _fields(document: Document) -> Iterator[tuple[str, list[str]]]:
    yield "published", _listed([document.get("published")])
    for field in seen_in("show"):
        value = document.get(field.name)
        made = _ROWS[field.name](document) if field.name in _ROWS else _listed(_several(value))
        yield field.name, made


def _origin(document: Document) -> Iterator[tuple[str, list[str]]]:
    source, enrichment = document.get("source", {}), document.get("enrichment", {})
    version = f", version {source['version']}" if source.get("version") else ""
    size = counted(source.get("bytes", 0), "byte")
    yield "source", [f"{source.get('path', '?')} ({size}{version})"]
    yield "warnings", list(source.get("warnings") or ())
    if history := document.get("history"):
        which = f"{document.get('version') or 1}, of {len(history) + 1} (--versions)"
        yield "version", [which, *_listed(document.get("changed"))]
    yield "by hand", [by_hand(line, document) for line in document.get("by_hand") or ()]
    state = [enrichment.get(name) for name in ("state", "pipeline", "error")]
    yield "enrichment", [" ".join(part for part in state if part)]


def by_hand(line: Document, document: Document) -> str:
    """What was set by hand, when and by whom, and what the source says: ``published (…)``."""
    name = line.get("field") or "?"
    source = line.get("source")
    said = ", ".join(_listed(_several(source.get(name) if isinstance(source, dict) else "")))
    shown = line.get("key") if name == "id" else ", ".join(_listed(_several(document.get(name))))
    told = "" if name == "id" else f"; its source says {said or 'nothing'}"
    return f"{name}: {shown or 'none'} ({line.get('at') or '?'}, {line.get('who') or '?'}{told})"


def people(document: Document) -> list[str]:
    """Each person with the roles that the article gives, ``Putin: Präsident (Russland)``."""
    roles: dict[str, dict[str, None]] = {}
    for mention in document.get("mentions") or ():
        if mention.get("label") == "PER" and mention.get("role"):
            of = f" ({mention['role_of']})" if mention.get("role_of") else ""
            roles.setdefault(mention.get("name") or "", {})[mention["role"] + of] = None
    return [_with(name, roles.get(name, ())) for name in document.get("people") or ()]


def places(document: Document) -> list[str]:
    """Each place with the country that it lies in."""
    located = document.get("located") or ()
    codes = {place.get("name"): place.get("country") for place in located}
    return [
        f"{name} ({codes[name]})" if codes.get(name) else name
        for name in document.get("places") or ()
    ]


def quote(spoken: Document) -> str:
    """``Scholz (sagte): „…“``; indirect speech stands without marks."""
    text = spoken.get("text") or ""
    if len(text) > QUOTE_CHARS:
        text = text[:QUOTE_CHARS] + " …"
    said = f"„{text}“" if spoken.get("kind") == "direct" else text
    cue = f" ({spoken['cue']})" if spoken.get("cue") else ""
    return f"{spoken.get('speaker') or '?'}{cue}: {said}"


def dates(document: Document) -> list[str]:
    """Each expression with its days, ``am Mittwoch = 2024-06-19``."""
    lines: dict[str, None] = {}
    for date in document.get("dates") or ():
        first, last = date.get("first") or "", date.get("last") or ""
        days = first if first == last else f"{first}–{last}"
        lines[f"{date.get('surface') or ''} = {days or date.get('value') or ''}"] = None
    return list(lines)


def _with(name: str, roles: Iterable[str]) -> str:
    return f"{name}: {', '.join(roles)}" if roles else name


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _listed(values: Iterable[Any] | None) -> list[str]:
    """All on one line, or no line."""
    known = [str(value) for value in values or () if value]
    return [", ".join(known)] if known else []


#: The rows that say more than their field: its name -> the lines.
_ROWS: dict[str, Callable[[Document], list[str]]] = {
    "partial": lambda document: [PARTIAL] if document.get("partial") else [],
    "people": people,
    "places": lambda document: _listed(places(document)),
    "quotes": lambda document: [quote(spoken) for spoken in document.get("quotes") or ()],
    "dates": lambda document: _listed(dates(document)),
}
