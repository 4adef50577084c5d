"""``status``, ``failed``, ``retry``: where things stand, and another try for what failed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from worker.commands.common import AsJson, house, out, print_json

if TYPE_CHECKING:
    from worker.status import Status


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(status)
    app.command()(failed)
    app.command()(retry)


def status(as_json: AsJson = False) -> None:
    """Services, files by place, documents by state, rate, time left, failures with reasons."""
    from worker.status import read

    found = read(house())
    if as_json:
        print_json(found.as_dict())
    else:
        print_status(found)
    away = any(state.startswith("away") for state in found.services.values())
    raise typer.Exit(1 if away else 0)


def print_status(found: Status) -> None:
    """For people."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, state in found.services.items():
        table.add_row(name, state)
    table.add_row("files", _listed(found.files))
    table.add_row("dropped so far", _listed(found.fates))
    if found.documents is not None:
        table.add_row("documents", _listed(found.documents))
    if found.queues is not None:
        table.add_row("messages waiting", _listed(found.queues))
    if found.per_second is not None:
        rates = ", ".join(f"{rate:.1f} {name}/s" for name, rate in found.per_second.items())
        table.add_row("last minute", rates)
    if found.seconds_left:
        table.add_row("time left", _duration(found.seconds_left))
    out().print(table)
    for error, count in found.failures.items():
        out().print(f"failed in enrichment, {count} documents: {error}", markup=False)
    for file in found.failed_files:
        out().print(f"failed: {file.path}: {file.error}", markup=False)
    for path, kind in found.left_alone.items():
        out().print(f"left alone: {path}: {kind}", markup=False)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def failed(as_json: AsJson = False) -> None:
    """List what failed, at which stage, why, and what to do. Exit status 1 if there is any."""
    from indexing import states
    from worker.retry import MANY
    from worker.status import failed_files

    parts = house()
    files = failed_files(parts.folders)
    documents = states.failed(parts.client, parts.settings.index, MANY)
    if as_json:
        print_json(
            {"files": [asdict(f) for f in files], "documents": [asdict(d) for d in documents]}
        )
    else:
        for file in files:
            lines = f"{file.path}\n    {file.stage}: {file.error} ({file.time})\n    {file.advice}"
            out().print(lines, markup=False)
        for one in documents:
            line = f"{one.path} ({one.id})\n    enrich: {one.error} ({one.at})"
            out().print(line, markup=False)
        if not files and not documents:
            out().print("Nothing has failed.")
    raise typer.Exit(1 if files or documents else 0)


def retry(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files or folders as `failed` names them, or document ids; else all."),
    ] = None,
) -> None:
    """Give failed files and documents another try."""
    from worker.retry import retry as again

    done = again(house(), paths or [])
    out().print(f"{done.files} files and {done.documents} documents get another try.")
    raise typer.Exit(0 if done.files or done.documents or not paths else 1)
