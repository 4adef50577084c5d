"""The options of ``search`` and ``export`` that say what is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from worker.commands.common import container

if TYPE_CHECKING:
    from depesche import Query

DAY = "2024, 2024-06, 2024-06-19 or 19.6.2024; by the local date of publication."
Names = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A name or part of one; more than once: all of them."),
]
Quoted = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Who is quoted, likewise.")]
Kql = Annotated[str, typer.Option(metavar="KQL", help="What stands in Kibana's search bar, too.")]
Since = Annotated[str | None, typer.Option("--from", metavar="DATE", help=DAY)]
Until = Annotated[str | None, typer.Option("--to", metavar="DATE", help=DAY)]


def asked(
    text: str,
    person: Sequence[str] | None,
    organisation: Sequence[str] | None,
    place: Sequence[str] | None,
    quoted: Sequence[str] | None,
    since: str | None,
    until: str | None,
    kql: str,
) -> Query:
    """Return what the options ask for."""
    from depesche import Query

    return Query(
        text=text,
        people=tuple(person or ()),
        organisations=tuple(organisation or ()),
        places=tuple(place or ()),
        quoted=tuple(quoted or ()),
        since=since,
        until=until,
        kql=kql,
        zone=zone_of(kql),
    )


def zone_of(kql: str) -> str:
    """Return the time zone that dates in KQL are of; where there is none it is not asked for."""
    return container().settings.time_zone if kql else "Europe/Berlin"
