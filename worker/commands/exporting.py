"""``export``: everything that a query finds, into a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from articles.errors import UsageError
from worker.commands.common import archive, err, example, say
from worker.commands.filters import Names, Quoted, Since, Until, asked

if TYPE_CHECKING:
    from depesche import Export


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("export Vertrag --from 2024-06 --format csv --output vertrag.csv"))(
        export
    )


def export(
    query: Annotated[str, typer.Argument(help="As for `search`; all articles without one.")] = "",
    kind: Annotated[Literal["jsonl", "csv"], typer.Option("--format")] = "jsonl",
    output: Annotated[Path | None, typer.Option(help="A file; else standard output.")] = None,
    fields: Annotated[str | None, typer.Option(help="Names of fields, with commas.")] = None,
    person: Names = None,
    organisation: Names = None,
    place: Names = None,
    quoted: Quoted = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Write all articles found, latest first; exit status 1 if there are none.

    A file appears under its name only when it is whole. What is indexed meanwhile changes nothing.
    """
    wanted = asked(query, person, organisation, place, quoted, since, until)
    columns = None if fields is None else fields.split(",")
    articles = archive().export(wanted, columns)
    say(articles.hints)
    written = _write(articles, kind, output)
    if output:
        err().print(f"{written:,} articles in {output}", markup=False, soft_wrap=True)
    raise typer.Exit(0 if written else 1)


def _write(articles: Export, kind: Literal["jsonl", "csv"], output: Path | None) -> int:
    with _opened(output) as stream, _bar() as bar:
        task = bar.add_task("articles", total=articles.total)

        def progress(written: int) -> None:
            bar.update(task, completed=written, total=max(articles.total, written))

        return articles.write(stream, kind, progress)


def _bar() -> Progress:
    """On a terminal only: standard error that goes elsewhere is for errors."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = err()
    return Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that takes its name when all is written, and is gone if not."""
    if output is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    if output.is_dir():
        raise UsageError(f"{output} is a folder: name a file.")
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
