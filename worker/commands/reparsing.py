"""``reparse``: articles read anew from their bytes, after the rules of reading have changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from articles.errors import UsageError
from worker.commands.common import AsJson, bars, container, err, example, out, print_json
from worker.commands.difference import differences
from worker.commands.versions import print_differences
from worker.wording import counted, fates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.care.reparse import Reparsed

#: Of what could not be read so many are named.
SHOWN = 10
_WRONG = ("no_file", "unreadable", "held_up")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("reparse --dry-run --diff", "reparse 'agency:dpa in:2024'"))(reparse)


def reparse(
    query: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="Only what this finds; default: all.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what differs, and stop.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show it, word by word.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read articles anew from their archived bytes, by the rules of today.

    What is read otherwise becomes a version, marked as reparsed, and is enriched again; what is
    read as before stays as it is. What was corrected by hand stays. It can be cut short and
    repeated at any time. Exit status 1 where some could not be read.
    """
    from worker.care import reparse as care

    parts = container()
    wanted, total = care.found(parts, query)
    if diff and as_json:
        raise UsageError("--json has what differs; --diff is for people.")
    counts: Counter[str] = Counter()
    listed: list[Reparsed] = []
    try:
        for one in _shown(care.reparse(parts, wanted, dry_run=dry_run), total):
            counts[one.fate] += 1
            if one.fate != "same" or one.why:
                listed.append(_without_texts(one))
            if diff and one.fate == "reparsed":
                out().one_line(f"{one.id}  {one.path}")
                print_differences(out(), differences(one.old, one.new))
    finally:  # Ctrl-C, too: what was told is done
        _print(counts, listed, dry_run=dry_run, as_json=as_json)
    raise typer.Exit(1 if any(counts[fate] for fate in _WRONG) else 0)


def _shown(told: Iterator[Reparsed], total: int) -> Iterator[Reparsed]:
    with bars() as progress:
        bar = progress.add_task("reading", total=total)
        for one in told:
            yield one
            progress.advance(bar)


def _without_texts(one: Reparsed) -> Reparsed:
    """Of a large archive they would not fit in memory."""
    return replace(one, old=None, new=None)


def _print(counts: Counter[str], listed: list[Reparsed], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        articles = [_plain(one) for one in listed]
        print_json({"dry_run": dry_run, "counts": dict(counts), "articles": articles})
        return
    for one in [one for one in listed if one.why][:SHOWN]:
        err().one_line(f"{one.id}  {one.path}: {one.why}")
    would = ", nothing written (--dry-run)" if dry_run else ""
    said = fates(counts) or "none"
    out().print(f"{counted(counts.total(), 'article')} read: {said}{would}.")


def _plain(one: Reparsed) -> dict[str, Any]:
    names = ("id", "path", "fate", "why")
    return {name: getattr(one, name) for name in names} | {"changed": list(one.changed)}
