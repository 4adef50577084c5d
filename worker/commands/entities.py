"""``entities``: rank names, and lay down what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from articles.fields import LABELS, Kind, RuleKind
from worker.commands.common import AsJson, container, out, print_json

if TYPE_CHECKING:
    from indexing.entities.ranking import Ranking

entities = typer.Typer(
    help="People, organisations and places of the archive.", no_args_is_help=True
)

OfKind = Annotated[RuleKind, typer.Option("--type", help="What kind of name it is.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(entities, name="entities")


@entities.command("list")
def ranked(
    kind: Annotated[Kind, typer.Option("--type", help="What kind of entity.")] = "person",
    since: Annotated[str | None, typer.Option("--from", help="YYYY[-MM[-DD]]")] = None,
    until: Annotated[str | None, typer.Option("--to", help="YYYY[-MM[-DD]]")] = None,
    size: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: AsJson = False,
) -> None:
    """Names by the number of articles; with --from, against the time before, equally long."""
    from indexing.entities.ranking import ranking

    parts = container()
    found = ranking(parts.client, parts.settings.index, kind, since, until, size)
    if as_json:
        names = [{**asdict(one), "trend": one.trend} for one in found.names]
        print_json({**asdict(found), "names": names})
    else:
        _print(found)
    raise typer.Exit(0 if found.names else 1)


def _print(found: Ranking) -> None:
    if found.window and found.window_before:
        now, before = (" to ".join(window) for window in (found.window, found.window_before))
        out().print(f"{found.articles:,} articles, {now}; {found.articles_before:,}, {before}\n")
    else:
        out().print(f"{found.articles:,} articles\n")
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(found.kind)
    for title in ("articles", "before", "trend") if found.window_before else ("articles",):
        table.add_column(title, justify="right")
    for one in found.names:
        trend = [] if one.trend is None else [f"{one.before:,}", f"{one.trend:+,}"]
        table.add_row(Text(one.name), f"{one.articles:,}", *trend)
    out().print(table)


@entities.command()
def merge(
    alias: Annotated[str, typer.Argument(help="Another name …")],
    name: Annotated[str, typer.Argument(help="… of this one.")],
    kind: OfKind = "person",
) -> None:
    """Two names, one entity: from now on ALIAS counts as NAME."""
    from extraction.entities.aliases import Aliases

    _change(lambda lines: Aliases.with_merge(lines, LABELS[kind], alias, name))


@entities.command()
def rename(name: str, new: str, kind: OfKind = "person") -> None:
    """Show NAME under another one."""
    from extraction.entities.aliases import Aliases

    _change(lambda lines: Aliases.with_rename(lines, LABELS[kind], name, new))


@entities.command()
def block(name: str, kind: OfKind = "person") -> None:
    """Take NAME for no name of that kind."""
    from extraction.entities.aliases import Aliases

    _change(lambda lines: Aliases.with_block(lines, LABELS[kind], name))


@entities.command()
def rules() -> None:
    """Show the rules that were laid down here."""
    parts = container()
    for line in parts.rules.lines():
        out().print(line, markup=False)


def _change(changed: Callable[[list[str]], list[str]]) -> None:
    parts = container()
    parts.rules.change(changed)
    out().print(
        f"Written to {parts.rules.path}. New articles follow it at once; "
        "`depesche reenrich` applies it to old ones.",
        markup=False,
        soft_wrap=True,
    )
