"""``ingest``: files and folders into the pipeline, by copy, from anywhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.commands.common import AsJson, client, err, example, out, print_json

if TYPE_CHECKING:
    from depesche import Item


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("ingest articles/ extra.txt --wait"))(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; they are copied.")],
    wait: Annotated[bool, typer.Option("--wait", help="Wait until each can be searched.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy files or folders into the pipeline. With --wait, exit status 1 if any failed."""
    files, items = _ingest(paths, wait)
    fates = Counter(item.fate for item in items)
    if as_json:
        print_json(_report(files, items, wait))
    elif wait:
        out().print(", ".join(f"{count} {fate}" for fate, count in fates.items()) or "no files")
        for item in items:
            if item.fate == "failed":
                err().print(f"{item.path}: {item.reason}", markup=False)
    else:
        out().print(f"{files} files are in the spool; `depesche status` shows how far they are.")
    raise typer.Exit(1 if fates["failed"] else 0)


def _ingest(paths: list[Path], wait: bool) -> tuple[int, list[Item]]:
    """Copy the files, and return how many and, if it waited, what became of each."""
    from rich.progress import Progress

    with Progress(console=err(), transient=True) as bars:
        copying = bars.add_task("copying", total=None)
        copied = client().copy_files(
            paths, lambda done, total: bars.update(copying, completed=done, total=total)
        )
        if not wait:
            return copied.files, []
        indexing = bars.add_task("indexing", total=copied.files)
        return copied.files, copied.wait(
            progress=lambda done: bars.update(indexing, completed=done)
        )


def _report(total: int, items: list[Item], waited: bool) -> dict[str, object]:
    if not waited:
        return {"files": total}
    return {"files": total, "items": [asdict(item) for item in items]}
