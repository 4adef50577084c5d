"""``verify``: whether disk and index agree, and putting back what is missing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from articles.errors import UsageError
from worker import wording
from worker.commands.common import AsJson, bars, container, err, example, out, print_json

if TYPE_CHECKING:
    from worker.care.compared import Compared, Difference
    from worker.container import Container

SHOWN = 10
LISTED = 1000


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("verify --repair"))(verify)


def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="Send what is missing through the pipeline again.")
    ] = False,
    archive_copies: Annotated[
        bool,
        typer.Option(
            "--archive-copies", help="Read the copies in DEPESCHE_ARCHIVE back, too, each of them."
        ),
    ] = False,
    all_sites: Annotated[
        bool, typer.Option("--all-sites", help="What each site's last verify has found.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the files on disk with the index. Exit status 1 if anything is not as it should be.

    It may run while the pipeline works. With --repair nothing is deleted, and the exit status
    is 0 if everything that differed was put back. Each site's files are verified there.
    """
    from worker.care.compared import REPAIRED, Compared
    from worker.care.sharing import Disputed, share
    from worker.care.verified import note
    from worker.care.verify import verify as compare
    from worker.care.verify_copies import copy_again, look_at_copies

    parts = container()
    if all_sites:
        raise typer.Exit(_of_all(parts, repair or archive_copies, as_json))
    if repair:  # what is withdrawn at another site is not missing here
        with suppress(Disputed):  # the watcher tells of it
            share(parts)
    with closing(Compared()) as compared, _bars() as shown:
        counted: dict[str, int] = {}
        progress = _progress(shown, counted)
        compare(parts, compared, progress)
        if archive_copies:
            look_at_copies(parts, compared, progress)
        sent, unfinished = _put_back(parts, compared, progress) if repair else (0, "")
        if repair and archive_copies:
            copy_again(parts, compared)
        shown.stop()
        if as_json:
            print_json(_report(compared, counted, sent))
        else:
            _print(compared, counted, sent)
        if unfinished:
            err().print(f"Not finished, and done by itself later: {unfinished}", soft_wrap=True)
        put_right = set(REPAIRED) - ({"withdrawn"} if unfinished else set()) if repair else set()
        left = {kind: n for kind, n in compared.counts().items() if kind not in put_right}
    note(parts, left)
    raise typer.Exit(1 if left else 0)


def _put_back(
    parts: Container, compared: Compared, progress: Callable[[str, int], None]
) -> tuple[int, str]:
    """How many files, and why not all that was withdrawn is away, or ""."""
    from worker.care.repair import Unfinished, repair

    try:
        return repair(parts, compared, progress), ""
    except Unfinished as error:
        return error.sent, str(error)


def _of_all(parts: Container, more: bool, as_json: bool) -> int:
    from worker.commands.sites import print_verified_of_all

    if more:
        raise UsageError("A site's files can be read there alone: run `depesche verify` at each.")
    return print_verified_of_all(parts, as_json)


def _bars() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return bars(*columns, TimeElapsedColumn())


def _progress(shown: Progress, counted: dict[str, int]) -> Callable[[str, int], None]:
    """Bars by stage; there should be about as many files as documents."""
    tasks: dict[str, TaskID] = {}

    def progress(stage: str, more: int) -> None:
        counted[stage] = counted.get(stage, 0) + more
        if stage not in tasks:
            total = counted.get("documents") if stage == "files" else None
            tasks[stage] = shown.add_task(stage, total=total)
        shown.advance(tasks[stage], more)

    return progress


def _report(compared: Compared, counted: dict[str, int], sent: int) -> dict[str, object]:
    counts = compared.counts()
    return {
        "well": not counts,
        "checked": {"documents": compared.documents(), "files": counted.get("files", 0)},
        "elsewhere": compared.elsewhere(),
        "counts": counts,
        "put_back": sent,
        "differences": [
            {
                "kind": difference.kind,
                "path": difference.path,
                "id": difference.id,
                "detail": difference.detail,
            }
            for kind in counts
            for difference in _first(compared, kind, LISTED)
        ],
    }


def _first(compared: Compared, kind: str, count: int) -> list[Difference]:
    return next(compared.pages(kind, count), [])


def _print(compared: Compared, counted: dict[str, int], sent: int) -> None:
    from worker.care.compared import KINDS

    files = wording.counted(counted.get("files", 0), "file")
    documents = wording.counted(compared.documents(), "document")
    out().print(f"{files} in the archive, {documents} in the index")
    if elsewhere := compared.elsewhere():
        sites = ", ".join(f"{site} {count:,}" for site, count in elsewhere.items())
        out().print(f"of other sites, where their files are looked for: {sites}")
    counts = compared.counts()
    for kind, count in counts.items():
        what, advice = KINDS[kind]
        out().print(f"\n{count:,} {what}", style="bold")
        for difference in _first(compared, kind, SHOWN):
            line = " ".join(
                part for part in (difference.path, difference.id, difference.detail) if part
            )
            out().one_line(f"    {line}")
        if count > SHOWN:
            out().print(f"    … and {count - SHOWN:,} more (--json lists {LISTED:,})")
        out().print(f"  to do: {advice}", soft_wrap=True)
    if sent:
        again = f"\n{wording.counted(sent, 'file')} {'is' if sent == 1 else 'are'} on the way again"
        out().print(f"{again}; `depesche status` shows how far.")
    elif not counts:
        out().print("All is well: each file has its document, each document its file.")
