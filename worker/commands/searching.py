"""``search``: find articles by word and by name."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from worker.commands.common import AsJson, house, out, print_json

if TYPE_CHECKING:
    from indexing.results import Results

Names = Annotated[list[str] | None, typer.Option()]


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(search)


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", -exclusions, person:"…", in:2024.')
    ] = "",
    person: Names = None,
    organisation: Names = None,
    place: Names = None,
    quoted: Annotated[list[str] | None, typer.Option(help="Who is quoted.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="YYYY[-MM[-DD]]")] = None,
    until: Annotated[str | None, typer.Option("--to", help="YYYY[-MM[-DD]]")] = None,
    size: Annotated[int, typer.Option(min=0, max=1000)] = 10,
    offset: Annotated[int, typer.Option(min=0, help="Skip the first hits.")] = 0,
    by_meaning: Annotated[
        bool | None,
        typer.Option("--meaning/--no-meaning", help="Else as DEPESCHE_MEANING says."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search full text and names; exit status 1 if nothing is found."""
    from indexing.search import Query
    from indexing.search import search as find

    parts = house()
    wanted = Query(
        text=query,
        people=tuple(person or ()),
        organisations=tuple(organisation or ()),
        places=tuple(place or ()),
        quoted=tuple(quoted or ()),
        since=since,
        until=until,
        size=size,
        offset=offset,
    )
    switched_on = parts.settings.meaning if by_meaning is None else by_meaning
    vector = _vector(query) if switched_on else ()
    results = find(parts.client, parts.settings.index, wanted, vector=vector)
    if as_json:
        print_json(asdict(results))
    else:
        print_results(out(), results)
    raise typer.Exit(0 if results.total else 1)


def _vector(text: str) -> tuple[float, ...]:
    from extraction.meaning import Encoder
    from indexing.language import parse

    encoder, words = Encoder(), parse(text).words
    return encoder.query(words) if words else ()


def print_results(console: Console, results: Results) -> None:
    """For people: hits with highlights, then facets."""
    console.print(f"{results.total:,} articles ({results.took_ms} ms)\n")
    for hit in results.hits:
        kicker = f"{escape(hit.kicker)} : " if hit.kicker else ""
        console.print(f"[bold]{kicker}{escape(hit.headline)}[/]  [dim]{hit.published or ''}[/]")
        for text in hit.highlights:
            console.print(f"  {_marked(text)}")
        names = ", ".join([*hit.people[:5], *hit.organisations[:3], *hit.places[:3]])
        console.print(f"  [dim]{escape(names)}[/]\n  [dim]{escape(hit.id)}[/]\n")
    for name, buckets in results.facets.items():
        if buckets:
            counts = ", ".join(f"{bucket.value} ({bucket.count})" for bucket in buckets[:8])
            console.print(f"[bold]{name}[/]: {escape(counts)}")


def _marked(text: str) -> str:
    """Highlight tags to the terminal's bold, everything else as it is."""
    return escape(text).replace("<em>", "[bold yellow]").replace("</em>", "[/]")
