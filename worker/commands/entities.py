"""``entities``: rank names, and lay down what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from articles.fields import LABELS, Kind, RuleKind
from worker.commands.common import AsJson, archive, container, err, example, out, print_json
from worker.commands.filters import Kql, Since, Until, zone_of
from worker.wording import counted

if TYPE_CHECKING:
    from depesche import Ranking
    from worker.enrichment.rules import Rules

entities = typer.Typer(
    help="People, organisations and places of the archive.",
    no_args_is_help=True,
    epilog=example("entities list --from 2024-06"),
)

OfKind = Annotated[RuleKind, typer.Option("--type", help="What kind of name it is.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(entities, name="entities")


@entities.command(
    "list", epilog=example("entities list --type organisation --from 2024-06 --size 50")
)
def ranked(
    kind: Annotated[Kind, typer.Option("--type", help="What kind of entity.")] = "person",
    since: Since = None,
    until: Until = None,
    kql: Kql = "",
    size: Annotated[int, typer.Option(metavar="N", min=1, max=1000)] = 20,
    as_json: AsJson = False,
) -> None:
    """Names by the number of articles; with --from, against the time before, equally long."""
    ranking = archive().entities(kind, since, until, size, kql=kql, zone=zone_of(kql))
    if as_json:
        names = [{**asdict(ranked), "trend": ranked.trend} for ranked in ranking.names]
        print_json({**asdict(ranking), "names": names})
    else:
        _print(ranking)
    raise typer.Exit(0 if ranking.names else 1)


def _print(ranking: Ranking) -> None:
    if ranking.window and ranking.window_before:
        now, before = (" to ".join(window) for window in (ranking.window, ranking.window_before))
        articles = counted(ranking.articles, "article")
        out().print(f"{articles}, {now}; {ranking.articles_before:,}, {before}\n")
    else:
        out().print(f"{counted(ranking.articles, 'article')}\n")
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(ranking.kind)
    for title in ("articles", "before", "trend") if ranking.window_before else ("articles",):
        table.add_column(title, justify="right")
    for each in ranking.names:
        trend = [] if each.trend is None else [f"{each.before:,}", f"{each.trend:+,}"]
        table.add_row(Text(each.name), f"{each.articles:,}", *trend)
    out().print(table)


@entities.command(epilog=example("entities merge 'Frank Bainimarama' 'Voreqe Bainimarama'"))
def merge(
    alias: Annotated[str, typer.Argument(help="Another name …")],
    name: Annotated[str, typer.Argument(help="… of this one.")],
    kind: OfKind = "person",
) -> None:
    """Two names, one entity: from now on ALIAS counts as NAME."""
    from extraction.entities.aliases import Aliases

    _change(lambda lines: Aliases.with_merge(lines, LABELS[kind], alias, name))


@entities.command(epilog=example("entities rename 'Kim Jong-un' 'Kim Jong Un'"))
def rename(name: str, new: str, kind: OfKind = "person") -> None:
    """Show NAME under another one."""
    from extraction.entities.aliases import Aliases

    _change(lambda lines: Aliases.with_rename(lines, LABELS[kind], name, new))


@entities.command(epilog=example("entities block 'Planet Erde' --type place"))
def block(name: str, kind: OfKind = "person") -> None:
    """Take NAME for no name of that kind."""
    from extraction.entities.aliases import Aliases

    _change(lambda lines: Aliases.with_block(lines, LABELS[kind], name))


@entities.command(epilog=example("entities rules"))
def rules() -> None:
    """Show the rules that were laid down here."""
    parts = container()
    for line in parts.rules.lines():
        out().print(line)
    _told(parts.rules)


def _change(changed: Callable[[list[str]], list[str]]) -> None:
    parts = container()
    parts.rules.change(changed)
    _told(parts.rules)
    out().print(
        f"Written to {parts.rules.path}. New articles follow it at once; "
        "`depesche reenrich --affected` applies it to old ones.",
        soft_wrap=True,
    )


def _told(rules: Rules) -> None:
    """Why the rules of this host are not those of all."""
    if rules.shared and rules.shared.fault:
        err().print(f"Not shared with other hosts yet: {rules.shared.fault}", soft_wrap=True)
