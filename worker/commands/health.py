"""``health``: whether a process of this host lives, asked by whatever watches over it."""

from __future__ import annotations

from typing import Annotated

import typer

from articles.errors import UsageError
from worker.commands.common import err, example, out
from worker.heartbeat.beat import PROCESSES, SILENT_SECONDS, Seen, latest
from worker.wording import spoken


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("health watch"))(health)


def health(
    process: Annotated[str, typer.Argument(help="watch, intake or enrich.")],
    within: Annotated[
        float,
        typer.Option(
            "--within", metavar="SECONDS", min=1, help="Seconds in which it must have beaten."
        ),
    ] = SILENT_SECONDS,
) -> None:
    """Whether that process of this host lives and its loops go round. Exit status 0 or 1.

    It reads the heartbeat in the data folder and asks no service: a worker that waits for one is
    well. docker-compose.yml calls it.
    """
    if process not in PROCESSES:
        raise UsageError(f"{process!r} is none of {', '.join(PROCESSES)}.")
    seen = _here(process)
    living = [each for each in seen if not each.fault(within)]
    if living:
        out().one_line(_said(living[0]))
        return
    for each in seen:
        said = f"{process} (process {each.beat.pid}): {each.fault(within)}"
        err().one_line(said)
    if not seen:
        err().print(f"No {process} has run here.")
    raise typer.Exit(1)


def _here(process: str) -> list[Seen]:
    """The heartbeats of that name and this host, the youngest first."""
    import socket

    from tasks.settings import read_settings
    from worker.folders import Folders
    from worker.heartbeat.files import read

    host = socket.gethostname()
    seen = latest(read(Folders(read_settings().data).present().alive))
    here = [each for each in seen if (each.beat.process, each.beat.host) == (process, host)]
    return sorted(here, key=lambda each: each.age)


def _said(seen: Seen) -> str:
    beat = seen.beat
    what = f": {beat.what}" if beat.what else ""
    return (
        f"{beat.process} (process {beat.pid}) lives: {beat.doing} for {spoken(beat.since)}{what}; "
        f"it beat {spoken(seen.age)} ago."
    )
