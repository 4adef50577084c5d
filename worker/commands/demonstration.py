"""``demo``: see everything work, in one command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.commands.common import ServicesUser, err, example, out

if TYPE_CHECKING:
    from worker.console import PlainConsole
    from worker.container import Container


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("demo --data /tmp/depesche-demo"))(demo)


def demo(
    data: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="A folder of its own; what an earlier demo left is emptied."
        ),
    ] = Path(".demo"),
    services_user: ServicesUser = "",
) -> None:
    """Run the sample articles through everything, show status and two searches, stop."""
    from worker import logs
    from worker.processes.demo import demo as running

    logs.configure("WARNING")
    os.environ["DEPESCHE_SERVICES_USER"] = services_user
    with running(data.absolute(), err().print) as container:
        _show(container)


def _show(container: Container) -> None:
    from depesche import Archive, Query
    from worker.care import status
    from worker.commands.searching import print_results
    from worker.commands.standing import print_status

    console, archive = out(), Archive.of(container.settings)
    _title(console, "depesche status")
    print_status(status.read(container))
    for title, query in {
        "depesche search Verträge": Query("Verträge", size=3),
        "depesche search --person Putin": Query(people=("Putin",), size=3),
    }.items():
        _title(console, title)
        print_results(console, archive.search(query))


def _title(console: PlainConsole, title: str) -> None:
    """A line across the screen; where there is none, the title alone."""
    if console.is_terminal:
        console.rule(title)
    else:
        console.print(f"{title}\n")
