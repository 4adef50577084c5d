"""``export``: everything that a query finds, into a file or a pipe."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO, cast

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from articles.errors import UsageError
from worker import beneath, rooted
from worker.commands.common import archive, bars, err, example, say
from worker.commands.filters import Kql, Names, Quoted, Since, Until, asked
from worker.foreign import plain_lines
from worker.wording import counted

if TYPE_CHECKING:
    from depesche import Export
    from depesche.export import Format


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("export Vertrag --from 2024-06 --format csv --output vertrag.csv"))(
        export
    )


def export(
    query: Annotated[str, typer.Argument(help="As for `search`; all articles without one.")] = "",
    kind: Annotated[
        Literal["jsonl", "csv"] | None, typer.Option("--format", help="jsonl unless --excel.")
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV as a German Excel opens it: ; and a byte mark.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file; else standard output.")
    ] = None,
    fields: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Names of fields, with commas.")
    ] = None,
    person: Names = None,
    organisation: Names = None,
    place: Names = None,
    quoted: Quoted = None,
    since: Since = None,
    until: Until = None,
    kql: Kql = "",
) -> None:
    """Write all articles found, latest first; exit status 1 if there are none.

    A file appears under its name only when it is whole, and none where nothing is found. What is
    indexed meanwhile changes nothing.
    """
    form = _format(kind, excel)
    wanted = asked(query, person, organisation, place, quoted, since, until, kql)
    columns = None if fields is None else fields.split(",")
    articles = archive().export(wanted, columns)
    say(articles.hints)
    if not articles.total and output:
        say([f"No article was found: {output} was not written."])
        raise typer.Exit(1)
    written = _write(articles, form, output)
    if output:
        err().print(f"{counted(written, 'article')} in {output}")
    raise typer.Exit(0 if written else 1)


def _format(kind: Literal["jsonl", "csv"] | None, excel: bool) -> Format:
    if excel and kind == "jsonl":
        raise UsageError("--excel is a kind of CSV: leave --format jsonl out.")
    return "excel" if excel else kind or "jsonl"


def _write(articles: Export, kind: Format, output: Path | None) -> int:
    with _opened(output) as stream, _bar() as bar:
        task = bar.add_task("articles", total=articles.total)

        def progress(written: int) -> None:
            bar.update(task, completed=written, total=max(articles.total, written))

        return articles.write(stream, kind, progress)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return bars(*columns, TimeRemainingColumn())


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that takes its name when all is written, and is gone if not."""
    if output is None:
        yield cast("TextIO", Shown(sys.stdout)) if sys.stdout.isatty() else sys.stdout
        sys.stdout.flush()
        return
    if output.is_dir():
        raise UsageError(f"{output} is a folder: name a file.")
    if output.exists() and not output.is_file():  # root would put a file in a device's place
        raise UsageError(f"{output} is no file. Without --output it goes to standard output.")
    with (
        rooted.opened(output.parent, beneath.PASS) as folder,
        _in_place(folder, output.name) as stream,
    ):
        yield stream


@contextmanager
def _in_place(folder: int, name: str) -> Iterator[TextIO]:
    """A new file of an open folder, by a name that nobody knows before; no link leads elsewhere."""
    part = f".{secrets.token_hex(8)}.part"
    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:  # before it is made: Ctrl-C comes at any time, right behind `open` too
        file = os.open(part, new, 0o666, dir_fd=folder)
        with os.fdopen(file, "w", encoding="utf-8", newline="") as stream:
            yield stream
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(part, dir_fd=folder)
        raise


class Shown:
    """A terminal, which gets no characters that it would obey."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, as a stream does."""
        return self._stream.write(plain_lines(text))
