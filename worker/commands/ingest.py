"""``ingest``: files and folders into the pipeline, by copy, from anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.commands.common import AsJson, bars, client, err, example, out, print_json
from worker.foreign import plain
from worker.wording import counted, fates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from depesche import Copied, Item

#: Skipped paths that are named; all are with --json.
SHOWN = 10

WARNINGS_SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("ingest articles/ extra.txt --wait"))(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; they are copied.")],
    wait: Annotated[bool, typer.Option("--wait", help="Wait until each can be searched.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy files or folders into the pipeline; links in them are not followed, but named.

    Exit status 1 if a file is above DEPESCHE_MAX_FILE_BYTES (others are copied) or if there were
    only links and unfinished files, and with --wait if any failed or was withdrawn before, of those
    too that files of many articles hold. Of a correction it is said which version it is, of a file
    of many articles what became of them.
    """
    copied, items = _ingest(paths, wait)
    files = copied.files
    counts = Counter(item.fate for item in items)
    inside = sum(item.members.get(fate, 0) for item in items for fate in ("failed", "withdrawn"))
    amiss = counts["failed"] + counts["withdrawn"] + inside + len(copied.refused)
    if as_json:
        print_json(_report(copied, items, wait))
    elif wait:
        out().print(fates(counts) or "no files")
        for item in items:
            if item.fate in {"unpacked", "corrected"}:
                out().one_line(f"{item.path}: {item.reason}")
            if item.fate in {"failed", "withdrawn"}:
                err().one_line(f"{item.path}: {item.reason}")
        if any(item.members.get("failed") for item in items):
            err().print("`depesche failed` names what failed in them, and why.")
        for line in warned(items):
            err().print(line, soft_wrap=True)
    else:
        are = f"{counted(files, 'file')} {'is' if files == 1 else 'are'} in the spool"
        out().print(f"{are}; `depesche status` shows how far.")
    if not as_json:
        _print_passed_over("skipped", copied.skipped)
        _print_passed_over("refused", copied.refused)
    nothing = bool(copied.skipped) and not files
    raise typer.Exit(1 if amiss or nothing else 0)


def _print_passed_over(how: str, paths: Mapping[str, str]) -> None:
    for path, why in list(paths.items())[:SHOWN]:
        err().one_line(f"{how}: {path}: {why}")
    if len(paths) > SHOWN:
        err().print(f"{how}: … {len(paths) - SHOWN:,} more (--json)")


def warned(items: Sequence[Item]) -> list[str]:
    """A line for each warning of those that were indexed; of very many the first, and how many."""
    told = [
        plain(f"{item.path}: {warning}")
        for item in items
        if item.fate in {"indexed", "corrected"}
        for warning in item.warnings
    ]
    more = len(told) - WARNINGS_SHOWN
    left = [f"… and {more:,} more warnings; `depesche show ID` has those of an article."]
    return told[:WARNINGS_SHOWN] + (left if more > 0 else [])


def _ingest(paths: list[Path], wait: bool) -> tuple[Copied, list[Item]]:
    """Copy the files, and return which and, if it waited, what became of each."""
    with bars() as shown:
        copying = shown.add_task("copying", total=None)
        copied = client().copy_files(
            paths, lambda done, total: shown.update(copying, completed=done, total=total)
        )
        if not wait:
            return copied, []
        indexing = shown.add_task("indexing", total=copied.files)
        return copied, copied.wait(
            progress=lambda done: shown.update(indexing, completed=done),
            hindered=lambda reason: err().print(reason, soft_wrap=True),
        )


def _report(copied: Copied, items: list[Item], waited: bool) -> dict[str, object]:
    report: dict[str, object] = {"files": copied.files}
    if copied.skipped:
        report["skipped"] = dict(copied.skipped)
    if copied.refused:
        report["refused"] = dict(copied.refused)
    return {**report, "items": [asdict(item) for item in items]} if waited else report
