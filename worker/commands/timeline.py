"""``timeline``: how many articles there are over time, of a name, a query, or of all."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from articles.fields import Kind
from worker.commands.common import AsJson, archive, example, out, print_json
from worker.commands.entity import bars, tell_unknown
from worker.commands.filters import Kql, Since, Until, asked
from worker.console import PlainConsole
from worker.wording import counted

if TYPE_CHECKING:
    from depesche import Timeline

Interval = Literal["day", "month", "year"]


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    call = "timeline 'Wladimir Putin' --by month --kql 'agency.folded: dpa'"
    app.command(epilog=example(call))(timeline)


def timeline(
    name: Annotated[
        str, typer.Argument(help="As `search` shows it, in any case. Without: all articles.")
    ] = "",
    kind: Annotated[Kind | None, typer.Option("--type", help="What kind of entity.")] = None,
    since: Since = None,
    until: Until = None,
    kql: Kql = "",
    by: Annotated[
        Interval | None, typer.Option("--by", help="Default: years where the time is long.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Articles over time, as Kibana's bars count them; status 1 if there are none."""
    where = archive()
    query = asked("", None, None, None, None, since, until, kql)
    known = where.timeline(name, kind, query, by)
    if known is None:
        tell_unknown(where, name, kind)
        raise typer.Exit(1)
    if as_json:
        print_json(asdict(known))
    else:
        print_timeline(out(), known)
    raise typer.Exit(0 if known.articles else 1)


def print_timeline(console: PlainConsole, known: Timeline) -> None:
    """For people: what is counted, and a bar each day, month or year that has articles."""
    if known.asked:
        console.print(f"{known.name} is meant by {known.asked!r} here.", soft_wrap=True)
    if known.name:
        console.print(Text(known.name, style="bold"), f"({known.kind})")
    told = [counted(known.articles, "article")]
    if known.undated:
        told.append(f"{known.undated:,} without a date")
    if known.vague:
        told.append(f"{known.vague:,} known to the month or year, on its first day")
    console.print(f"{', '.join(told)}\n")
    for bar in bars(known.over_time):
        console.print(bar)
