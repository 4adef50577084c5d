"""``correct``: metadata of an article, set by hand."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from articles.errors import DepescheError
from worker import failpoint
from worker.commands.common import (
    AsJson,
    By,
    Id,
    archive,
    container,
    err,
    example,
    identify,
    out,
    print_json,
    who,
)

if TYPE_CHECKING:
    from indexing.writing.by_hand import Setting
    from worker.care.correct import ByHandOf
    from worker.container import Container

One = Annotated[str | None, typer.Option(metavar="WORDS", help="'' says that there is none.")]
Several = Annotated[list[str] | None, typer.Option(metavar="WORDS", help="More than once: each.")]


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(
        epilog=example(
            "correct t-1f0c9a7be2d4 --published 2024-06 --byline 'Anna Kern'",
            "correct t-1f0c9a7be2d4 --undo published",
        )
    )(correct)


def correct(
    id_: Id,
    headline: One = None,
    kicker: One = None,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="As exact as it is known: 2024, 2024-06, 2024-06-19 …"),
    ] = None,
    byline: Several = None,
    agency: Several = None,
    dateline_place: Several = None,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="ISO 639-1.")] = None,
    url: One = None,
    subjects: Annotated[
        list[str] | None, typer.Option("--subject", metavar="WORDS", help="More than once: each.")
    ] = None,
    slugline: One = None,
    genre: Several = None,
    own_id: Annotated[
        str | None,
        typer.Option(
            "--id",
            metavar="ID",
            help="The source's own id: what comes under it is a text of this article from now on.",
        ),
    ] = None,
    undo: Annotated[
        list[str] | None,
        typer.Option("--undo", metavar="FIELD|all", help="Go back to what its source says."),
    ] = None,
    by: By = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would, and stop.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Correct by hand what an article's source says of it; without options, list what was.

    It stays whatever comes later: corrections by files, reenrich, index migrate, verify --repair;
    until --undo. The texts are not set by hand: drop
    the corrected file. Exit status 1 where the index does not take it now: it gets it later.
    """
    from worker.care.correct import correct as set_by_hand

    failpoint.arm(os.environ)
    parts, id_ = container(), identify(archive(embargoed=True), id_)
    ones = {"headline": headline, "kicker": kicker, "published": published, "language": language}
    ones |= {"url": url, "slugline": slugline, "id": own_id}
    several = {"byline": byline, "agency": agency, "dateline_place": dateline_place}
    several |= {"subjects": subjects, "genre": genre}
    values = {name: [value] for name, value in ones.items() if value is not None}
    values |= {name: value for name, value in several.items() if value is not None}
    done = set_by_hand(parts, id_, values, by or who(), undo=undo or [], dry_run=dry_run)
    left = "" if dry_run or not (values or undo) else _finish(parts)
    if as_json:
        print_json({**_plain(done), "dry_run": dry_run, "left": left})
    else:
        _print(done, dry_run=dry_run)
    if left:
        err().print(f"It is noted, and the index gets it by itself later: {left}", soft_wrap=True)
    raise typer.Exit(1 if left else 0)


def _finish(parts: Container) -> str:
    """Why the index does not have it yet, or ""."""
    from worker.care.correct import finish

    try:
        finish(parts)
    except DepescheError as error:
        return str(error)
    return ""


def _print(done: ByHandOf, *, dry_run: bool) -> None:
    out().one_line(f"{done.id}  {done.path}{'  (not done: --dry-run)' if dry_run else ''}")
    for each in done.changed:
        out().one_line(f"  {each.field}: {_shown(each.before)} → {_shown(each.after)}")
    for one in done.settings:
        out().one_line(f"  {one.field} by hand since {one.at}, by {one.who}: {_value(one)}")
    if not done.settings:
        out().print("  Nothing of it is set by hand.")


def _value(one: Setting) -> str:
    return one.key if one.field == "id" else _shown(one.fields.get(one.field))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value or "none")


def _plain(done: ByHandOf) -> dict[str, Any]:
    content = asdict(done)
    for setting in content["settings"]:
        setting["value"] = setting["fields"].get(setting["field"], setting["key"])
        del setting["fields"]
    return content
