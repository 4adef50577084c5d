"""The options of ``search`` and ``export`` that say what is looked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from articles.fields import BY_NAME

if TYPE_CHECKING:
    from indexing.searching.query import Query
    from worker.container import Container

Names = Annotated[list[str] | None, typer.Option()]
Quoted = Annotated[list[str] | None, typer.Option(help="Who is quoted.")]
Since = Annotated[str | None, typer.Option("--from", help="YYYY[-MM[-DD]]")]
Until = Annotated[str | None, typer.Option("--to", help="YYYY[-MM[-DD]]")]


def asked(
    text: str,
    person: Sequence[str] | None,
    organisation: Sequence[str] | None,
    place: Sequence[str] | None,
    quoted: Sequence[str] | None,
    since: str | None,
    until: str | None,
) -> Query:
    """Return what the options ask for."""
    from indexing.searching.query import Query

    return Query(
        text=text,
        people=tuple(person or ()),
        organisations=tuple(organisation or ()),
        places=tuple(place or ()),
        quoted=tuple(quoted or ()),
        since=since,
        until=until,
    )


def canonical(parts: Container) -> Callable[[str, str], str]:
    """Return the function that gives a name of an index field the name that the rules give it.

    The rules are those of ``seeds/aliases.txt`` and the user's own, read once. Raises
    ``UsageError`` with the number of a line that is no rule.
    """
    from worker.enrichment.rules import Rules

    # Not the rules of the house: they would make data folders where somebody only searches.
    rules = Rules(parts.settings.data / "aliases.txt").current()

    def named(field: str, name: str) -> str:
        label = BY_NAME[field].label
        return rules.name(label, name) if label else name

    return named
