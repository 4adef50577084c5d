"""``similar`` and ``story``: articles like one, and the versions of one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from worker.commands.common import AsJson, container, out, print_json

if TYPE_CHECKING:
    from indexing.searching.similar import Alike

Id = Annotated[str, typer.Argument(metavar="ID", help="As `search` prints it.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(similar)
    app.command()(story)


def similar(
    id_: Id,
    size: Annotated[int, typer.Option(min=1, max=1000)] = 10,
    as_json: AsJson = False,
) -> None:
    """Articles on the same matter, one a story; exit status 1 if there are none."""
    from indexing.searching.similar import similar as find

    parts = container()
    found = find(parts.client, parts.settings.index, id_, size)
    _give(found, as_json)
    raise typer.Exit(0 if found else 1)


def story(id_: Id, as_json: AsJson = False) -> None:
    """All versions of an article's story, in the order in which they came."""
    from indexing.searching.similar import versions

    parts = container()
    _give(versions(parts.client, parts.settings.index, id_), as_json)


def _give(found: list[Alike], as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        print_alike(out(), one)


def print_alike(console: Console, one: Alike) -> None:
    """Headline and date, then id, agency and file."""
    kicker = f"{one.kicker} : " if one.kicker else ""
    console.print(Text(f"{kicker}{one.headline}", style="bold"), Text(one.published, style="dim"))
    origin = "  ".join(part for part in (one.id, "/".join(one.agency), one.path) if part)
    console.print(Text(f"  {origin}\n", style="dim"))
