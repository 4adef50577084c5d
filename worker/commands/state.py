"""``status``, ``failed``, ``retry``: where things stand, and another try for what failed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from articles.errors import ServiceUnavailable, UsageError
from worker.care.failures import Failed, failed_files, grouped, of_document, of_file
from worker.commands.common import AsJson, container, err, example, out, print_json, reading
from worker.foreign import plain
from worker.wording import counted

SHOWN = 5


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog=example("status --json"))(status)
    app.command(epilog=example("failed --all"))(failed)
    app.command(epilog=example("retry ressort/politik --reason 'no headline'"))(retry)


AllSites = Annotated[
    bool, typer.Option("--all-sites", help="Ask the intake of every site, not this folder alone.")
]


def status(as_json: AsJson = False, all_sites: AllSites = False) -> None:
    """Whether all that was dropped is in, what to do, and the numbers behind it.

    Exit status 1 where work waits that nobody does: a service is away, no worker runs, or, with
    --all-sites, a site does not answer.
    """
    if all_sites:
        from worker.commands.sites import print_status_of_all

        raise typer.Exit(print_status_of_all(reading(), as_json))
    from worker.care.status import read
    from worker.care.verdict import exit_status
    from worker.commands.standing import print_status

    current = read(reading())
    if as_json:
        print_json(current.as_dict())
    else:
        print_status(current)
    raise typer.Exit(exit_status(current))


def failed(
    everything: Annotated[bool, typer.Option("--all", help="Name every file.")] = False,
    as_json: AsJson = False,
    all_sites: AllSites = False,
) -> None:
    """What failed, grouped by reason: at which stage, since when, how often, what to do.

    Exit status 1 if anything has failed. Documents are those of all sites.
    """
    if all_sites:
        from worker.commands.sites import print_failed_of_all

        raise typer.Exit(print_failed_of_all(container(), as_json))
    from indexing.writing import states
    from worker.care.mirrors import failed_in_mirrors
    from worker.care.retry import MANY

    parts = container()
    files = [*failed_files(parts.folders), *failed_in_mirrors(parts)]
    away, documents = "", []
    try:
        documents = states.failed(parts.client, parts.settings.index, MANY)
    except (ServiceUnavailable, UsageError) as error:  # what is on the disk is told all the same
        away = str(error)
    if as_json:
        lists = {"files": [asdict(f) for f in files], "documents": [asdict(d) for d in documents]}
        print_json({**lists, **({"away": away} if away else {})})
    else:
        print_failed([of_file(f) for f in files] + [of_document(d) for d in documents], everything)
    if away:
        err().print(plain(f"Documents whose enrichment failed are not listed: {away}"))
    raise typer.Exit(1 if files or documents or away else 0)


def print_failed(failures: list[Failed], everything: bool) -> None:
    """For people: a reason, what to do, and which files."""
    for group in grouped(failures):
        title = f"{len(group.members):,} at {group.stage}: {group.error}"
        out().one_line(title, style="bold")
        if group.advice:
            out().one_line(f"  to do: {group.advice}")
        shown = group.members if everything else group.members[:SHOWN]
        for failure in shown:
            out().one_line(f"    {_line(failure)}")
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
        str,
        typer.Option(
            "--reason", metavar="WORDS", help="Only what failed for a reason with these words."
        ),
    ] = "",
    all_sites: AllSites = False,
) -> None:
    """Give failed files and documents another try."""
    if all_sites:
        from worker.commands.sites import retry_at_all

        raise typer.Exit(retry_at_all(container(), paths or [], reason))
    from worker.care.retry import retry as again

    done = again(container(), paths or [], reason)
    files, documents = counted(done.files, "file"), counted(done.documents, "document")
    out().print(f"{files} and {documents} get another try.")
    asked = bool(paths or reason)
    if asked and not (done.files or done.documents):
        err().print("No failure has such a path, id or reason: `depesche failed` names them.")
        raise typer.Exit(1)
