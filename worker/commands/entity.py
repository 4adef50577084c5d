"""``entity``: what the archive knows of one person, organisation or place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from articles.fields import PAGES, Kind
from worker.commands.common import AsJson, archive, err, example, out, print_json
from worker.console import PlainConsole
from worker.wording import counted

if TYPE_CHECKING:
    from depesche import Archive, Bucket, Entity, ObservedRole, Related, Saying

_BAR = 40
_QUOTE_CHARS = 300


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("entity 'Wladimir Putin' --type person --quotes 3"))(entity)


def entity(
    name: Annotated[str, typer.Argument(help="As `search` shows it, in any case.")],
    kind: Annotated[Kind | None, typer.Option("--type", help="What kind of entity.")] = None,
    quotes: Annotated[
        int, typer.Option(metavar="N", min=0, max=100, help="How many of each kind.")
    ] = 5,
    as_json: AsJson = False,
) -> None:
    """Articles over time, roles, company, quotes and forms of a name; status 1 if unknown."""
    where = archive()
    known = where.entity(name, kind, quotes)
    if known is None:
        tell_unknown(where, name, kind)
        raise typer.Exit(1)
    if as_json:
        print_json(asdict(known))
    else:
        if known.asked:
            out().print(f"{known.name} is meant by {known.asked!r} here.", soft_wrap=True)
        print_entity(out(), known)


def tell_unknown(where: Archive, name: str, kind: Kind | None) -> None:
    near = [f"{bucket.value} ({bucket.count})" for bucket in where.near(name, kind)]
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    err().print(f"depesche: No article names {name!r}.{hint}", soft_wrap=True)


def print_entity(console: PlainConsole, known: Entity) -> None:
    """For people: a line each, and the course of time as bars."""
    console.print(Text(known.name, style="bold"), f"({known.kind})")
    time = f", {known.first} to {known.last}" if known.first else ""
    console.print(f"{counted(known.articles, 'article')}{time}\n")
    for bar in bars(known.over_time):
        console.print(bar)
    for title, line in _lines(known):
        if line:
            console.print(Text(f"\n{title}: ", style="bold").append(line, style="not bold"))
    for title, said in (("quotes", known.said), ("quotes about", known.about)):
        if said:
            console.print(Text(f"\n{title}", style="bold"))
        for quote in said:
            console.print(saying(quote))


def bars(over_time: list[Bucket]) -> list[str]:
    """One line a month or year that has articles: ``2024-06  12 ████``."""
    most = max((bucket.count for bucket in over_time), default=0)
    return [
        f"{bucket.value:<7}  {bucket.count:>6,}  {'█' * max(1, round(_BAR * bucket.count / most))}"
        for bucket in over_time
        if bucket.count
    ]


def _lines(known: Entity) -> Iterator[tuple[str, str]]:
    yield "roles", ", ".join(role(observed) for observed in known.roles)
    yield "forms", ", ".join(f"{bucket.value} ({bucket.count})" for bucket in known.variants)
    for field in PAGES.values():
        yield field.name, ", ".join(_related(other) for other in getattr(known, field.name))
    yield "see also", ", ".join(f"{bucket.value} ({bucket.count})" for bucket in known.alike)


def role(observed: ObservedRole) -> str:
    """``Präsident (Russland) in 3``."""
    of = f" ({observed.of})" if observed.of else ""
    return f"{observed.role}{of} in {observed.articles}"


def _related(related: Related) -> str:
    return f"{related.name} ({related.together} of {related.articles})"


def saying(quote: Saying) -> str:
    """The quote and, below it, who said it where."""
    text = quote.text if len(quote.text) <= _QUOTE_CHARS else f"{quote.text[:_QUOTE_CHARS]} …"
    said = f"„{text}“" if quote.kind == "direct" else text
    where = ", ".join(part for part in (quote.headline, quote.published, quote.id) if part)
    return f"  {said}\n    {quote.speaker or '?'} – {where}"
