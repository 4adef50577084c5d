"""``status``, ``failed``, ``retry``: where things stand, and another try for what failed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from articles.errors import ServiceUnavailable
from worker.care.failures import Failed, failed_files, grouped, of_document, of_file
from worker.commands.common import AsJson, container, err, example, out, print_json, reading

if TYPE_CHECKING:
    from worker.care.notes import Note
    from worker.care.standing import Status

SHOWN = 5
GROUPS_SHOWN = 6
LEFT_ALONE_SHOWN = 5


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog=example("status --json"))(status)
    app.command(epilog=example("failed --all"))(failed)
    app.command(epilog=example("retry ressort/politik --reason 'no headline'"))(retry)


def status(as_json: AsJson = False) -> None:
    """Whether all that was dropped is in, what to do, and the numbers behind it."""
    from worker.care.status import read
    from worker.care.verdict import HELD

    current = read(reading())
    if as_json:
        print_json(current.as_dict())
    else:
        print_status(current)
    away = any(state.startswith(("away", HELD)) for state in current.services.values())
    raise typer.Exit(1 if away or any(note.wrong for note in current.notes) else 0)


def print_status(current: Status) -> None:
    """For people, on one screen: the answer first, then what to do, then the numbers."""
    from rich.table import Table

    out().print(current.verdict, style="bold", markup=False)
    for step in current.to_do:
        out().print(f"  to do: {step}.", markup=False, soft_wrap=True)
    out().print()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, state in current.services.items():
        table.add_row(name, state)
    table.add_row("files", _listed(current.files))
    table.add_row("dropped so far", _listed(current.fates))
    if current.documents is not None:
        table.add_row("documents", _listed(current.documents))
    if current.queues is not None:
        table.add_row("messages waiting", _listed(current.queues))
    if current.per_second is not None:
        rates = ", ".join(f"{rate:.1f} {name}/s" for name, rate in current.per_second.items())
        table.add_row("last minute", rates)
    if current.seconds_left:
        table.add_row("time left", _duration(current.seconds_left))
    out().print(table)
    _print_failures(current)


def _print_failures(current: Status) -> None:
    failures = [of_file(file) for file in current.failed_files]
    for group in grouped(failures)[:GROUPS_SHOWN]:
        paths = ", ".join(failure.path for failure in group.members[:SHOWN])
        line = f"failed: {len(group.members)} at {group.stage}: {group.error} ({paths})"
        out().print(line, markup=False, soft_wrap=True)
    for error, count in list(current.failures.items())[:GROUPS_SHOWN]:
        out().print(f"failed: {count} at enrich: {error}", markup=False, soft_wrap=True)
    for path, kind in list(current.left_alone.items())[:LEFT_ALONE_SHOWN]:
        out().print(f"left alone: {path}: {kind}", markup=False, soft_wrap=True)
    if len(current.left_alone) > LEFT_ALONE_SHOWN:
        out().print(f"left alone: … {len(current.left_alone) - LEFT_ALONE_SHOWN} more (--json)")
    for note in current.notes:
        out().print(_note(note), markup=False, soft_wrap=True)


def _note(note: Note) -> str:
    more = len(note.items) - SHOWN
    shown = ", ".join(note.items[:SHOWN]) + (f", … {more} more (--json)" if more > 0 else "")
    return f"{note.text} ({shown})" if shown else note.text


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def failed(
    everything: Annotated[bool, typer.Option("--all", help="Name every file.")] = False,
    as_json: AsJson = False,
) -> None:
    """What failed, grouped by reason: at which stage, since when, how often, what to do.

    Exit status 1 if anything has failed.
    """
    from indexing.writing import states
    from worker.care.retry import MANY

    parts = container()
    files = failed_files(parts.folders)
    away, documents = "", []
    try:
        documents = states.failed(parts.client, parts.settings.index, MANY)
    except ServiceUnavailable as error:
        away = str(error)
    if as_json:
        lists = {"files": [asdict(f) for f in files], "documents": [asdict(d) for d in documents]}
        print_json({**lists, **({"away": away} if away else {})})
    else:
        print_failed([of_file(f) for f in files] + [of_document(d) for d in documents], everything)
    if away:
        err().print(f"Documents whose enrichment failed are not listed: {away}", markup=False)
    raise typer.Exit(1 if files or documents or away else 0)


def print_failed(failures: list[Failed], everything: bool) -> None:
    """For people: a reason, what to do, and which files."""
    for group in grouped(failures):
        title = f"{len(group.members):,} at {group.stage}: {group.error}"
        out().print(title, style="bold", markup=False, soft_wrap=True)
        if group.advice:
            out().print(f"  to do: {group.advice}", markup=False, soft_wrap=True)
        shown = group.members if everything else group.members[:SHOWN]
        for failure in shown:
            out().print(f"    {_line(failure)}", markup=False, soft_wrap=True)
        if len(shown) < len(group.members):
            out().print(f"    … and {len(group.members) - len(shown):,} more (--all)")
    if failures:
        out().print("\nagain: depesche retry [PATH…] or --reason 'some words of the reason'")
    else:
        out().print("Nothing has failed.")


def _line(failure: Failed) -> str:
    name = f"{failure.path} ({failure.id})" if failure.id else failure.path
    often = f", {failure.times} times" if failure.times > 1 else ""
    before = failure.first_error not in {"", failure.error}
    first = f"; the first time: {failure.first_error}" if before else ""
    return f"{name}  since {failure.since or 'unknown'}{often}{first}"


def retry(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files or folders as `failed` names them, or document ids; else all."),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help="Only what failed for a reason with these words.")
    ] = "",
) -> None:
    """Give failed files and documents another try."""
    from worker.care.retry import retry as again

    done = again(container(), paths or [], reason)
    out().print(f"{done.files} files and {done.documents} documents get another try.")
    asked = bool(paths or reason)
    raise typer.Exit(0 if done.files or done.documents or not asked else 1)
