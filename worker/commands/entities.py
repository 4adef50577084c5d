"""``entities``: lay down what names mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from extraction.article import Label
from worker.commands.common import house, out

entities = typer.Typer(
    help="People, organisations and places of the archive.", no_args_is_help=True
)

Kind = Literal["person", "organisation", "place", "misc"]
LABELS: dict[Kind, Label] = {"person": "PER", "organisation": "ORG", "place": "LOC", "misc": "MISC"}
OfKind = Annotated[Kind, typer.Option("--type", help="What kind of name it is.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(entities, name="entities")


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
    parts = house()
    for line in parts.rules.lines():
        out().print(line, markup=False)


def _change(changed: Callable[[list[str]], list[str]]) -> None:
    parts = house()
    parts.rules.change(changed)
    out().print(
        f"Written to {parts.rules.path}. New articles follow it at once; "
        "`depesche reenrich` applies it to old ones.",
        markup=False,
        soft_wrap=True,
    )
