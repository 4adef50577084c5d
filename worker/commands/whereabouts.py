"""``where``: the whole life of a file or an article."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from worker.commands.common import AsJson, below_inbox, err, example, out, print_json, reading
from worker.foreign import plain

if TYPE_CHECKING:
    from worker.care.where import Life
    from worker.console import PlainConsole

_SECONDS = 19


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("where ressort/artikel.txt"))(where)


def where(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|ID", help="The path of a file below the inbox, or an article's id."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """What happened to a file or an article, and where it is now.

    Folders, ledger and index tell it, and no log. Exit status 1 where one of them cannot be asked.
    """
    from worker.care.where import where as look

    told = look(reading(), below_inbox(file))
    if as_json:
        print_json(asdict(told))
    else:
        print_life(out(), told)
    for sentence in told.unasked:
        err().one_line(f"depesche: {sentence}")
    raise typer.Exit(1 if told.unasked else 0)


def print_life(console: PlainConsole, told: Life) -> None:
    """For people: what happened, a line each, then where it is."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for step in told.steps:
        at = step.at[:_SECONDS].replace("T", " ")
        rest = (step.what, step.path, step.id, step.detail)
        table.add_row(at, *(Text(plain(each)) for each in rest))
    for place in told.places:
        rest = (place.where, place.path, place.id, place.detail)
        table.add_row("now", *(Text(plain(each)) for each in rest))
    console.print(table)
