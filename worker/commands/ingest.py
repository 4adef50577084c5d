"""``ingest``: files and folders into the pipeline, by copy, from anywhere."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from worker.commands.common import AsJson, container, err, out, print_json
from worker.container import Container
from worker.inbox.dropped import found_under
from worker.spool import deposit
from worker.spool.ledger import Entry


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; they are copied.")],
    wait: Annotated[bool, typer.Option("--wait", help="Wait until each can be searched.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy files or folders into the pipeline. With --wait, exit status 1 if any failed."""
    parts = container()
    files = [pair for path in paths for pair in found_under(path)]
    with Progress(console=err(), transient=True) as progress:
        batches = _deposit(parts, files, progress)
        entries = _wait(parts, batches, len(files), progress) if wait else []
    fates = Counter(entry.fate for entry in entries)
    if as_json:
        print_json(_report(len(files), entries, wait))
    elif wait:
        out().print(", ".join(f"{count} {fate}" for fate, count in fates.items()) or "no files")
        for entry in entries:
            if entry.fate == "failed":
                err().print(f"{entry.path}: {entry.reason}", markup=False)
    else:
        out().print(
            f"{len(files)} files are in the spool; `depesche status` shows how far they are."
        )
    raise typer.Exit(1 if fates["failed"] else 0)


def _deposit(parts: Container, files: list[tuple[Path, str]], progress: Progress) -> list[str]:
    bar = progress.add_task("copying", total=len(files))
    settings = parts.settings
    names = []
    for group in deposit.grouped(
        files,
        lambda f: f[0].stat().st_size,
        lambda f: f[1],
        settings.batch_files,
        settings.batch_bytes,
    ):
        while len(parts.spool) >= settings.spool_batches:
            time.sleep(0.2)  # the pipeline is full; the files are safe where they are
        with parts.spool.filling() as batch:
            for file, relative in group:
                deposit.copy(batch, file, relative)
                progress.advance(bar)
        parts.publisher.intake(batch.name)
        names.append(batch.name)
    return names


def _wait(parts: Container, batches: list[str], total: int, progress: Progress) -> list[Entry]:
    bar = progress.add_task("indexing", total=total)
    entries: list[Entry] = []
    for name in batches:
        while parts.spool.batch(name) is not None:
            time.sleep(0.1)
        entries += parts.ledger.of_batch(name)
        progress.update(bar, completed=len(entries))
    return entries


def _report(total: int, entries: list[Entry], waited: bool) -> dict[str, object]:
    if not waited:
        return {"files": total}
    items = [{"path": e.path, "fate": e.fate, "id": e.id, "reason": e.reason} for e in entries]
    return {"files": total, "items": items}
