"""``similar`` and ``story``: articles like one, and the versions of one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from worker.commands.common import (
    AsJson,
    Id,
    archive,
    example,
    identify,
    origin,
    out,
    print_json,
    say,
)
from worker.console import PlainConsole

if TYPE_CHECKING:
    from depesche import Alike


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog=example("similar t-1f0c9a7be2d4 --size 5"))(similar)
    app.command(epilog=example("story t-1f0c9a7be2d4"))(story)


def similar(
    id_: Id,
    size: Annotated[int, typer.Option(metavar="N", min=1, max=1000)] = 10,
    as_json: AsJson = False,
) -> None:
    """Articles on the same matter, one a story; exit status 1 if there are none."""
    where = archive()
    articles = where.similar(identify(where, id_), size)
    _give(articles, as_json)
    if not articles:
        say(["No other article is on the same matter."])
    raise typer.Exit(0 if articles else 1)


def story(id_: Id, as_json: AsJson = False) -> None:
    """All versions of an article's story, in the order in which they came."""
    where = archive()
    _give(where.story(identify(where, id_)), as_json)


def _give(articles: list[Alike], as_json: bool) -> None:
    if as_json:
        print_json([asdict(article) for article in articles])
        return
    for article in articles:
        print_alike(out(), article)


def print_alike(console: PlainConsole, article: Alike) -> None:
    """Headline and date, then id, agency and file."""
    kicker = f"{article.kicker} : " if article.kicker else ""
    headline = Text(f"{kicker}{article.headline}", style="bold")
    console.print(headline, Text(article.published, style="dim"))
    where = origin(article.id, article.agency, article.path)
    console.print(Text(f"  {where}\n", style="dim"))
