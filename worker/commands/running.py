"""``up``, ``down``, ``watch``, ``work``: what runs for long."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from articles.errors import UsageError
from worker.commands.common import ServicesUser, err, example, settings_for_a_process

if TYPE_CHECKING:
    from tasks.settings import Settings

work = typer.Typer(
    help="Run one worker process.", no_args_is_help=True, epilog=example("work enrich")
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog=example("up --detach --samples"))(up)
    app.command(epilog=example("down"))(down)
    app.command(epilog=example("watch"))(watch)
    app.add_typer(work, name="work")


def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return when all is running.")] = False,
    services_only: Annotated[
        bool, typer.Option("--services-only", help="Start Redis and Elasticsearch, then return.")
    ] = False,
    samples: Annotated[
        bool, typer.Option("--samples", help="Drop the sample articles into the inbox first.")
    ] = False,
    services_user: ServicesUser = "",
) -> None:
    """Start everything: services (where no URL is set), watcher, workers. Ctrl-C stops it."""
    from worker.folders import Folders
    from worker.processes import above, everything

    os.environ["DEPESCHE_SERVICES_USER"] = services_user  # that of the settings, here and in ours
    if samples and services_only:
        raise UsageError("With --services-only nothing reads the samples: leave one of them out.")
    settings_of = settings_for_a_process if services_only else _checked
    settings = settings_of("up", lasting=not (detach or services_only))
    above.say_of(settings.data, _say)
    if services_only:
        Folders(settings.data).prepare()
        everything.start_services(settings, _say)
    elif detach:
        everything.up_detached(settings, _say, samples=samples)
    else:
        everything.up(settings, _say, samples=samples)


def _say(line: str) -> None:
    err().print(line, soft_wrap=True)


def down() -> None:
    """Stop what `up` started, the services among it. Nothing is lost; `up` goes on."""
    from worker.folders import Folders
    from worker.processes.down import down as end_all

    settings = settings_for_a_process("down", lasting=False)
    Folders(settings.data).present()
    end_all(settings.data, _say)


def watch() -> None:
    """Watch the inbox, claim what is ready, and publish lost work again."""
    from worker.processes.run_watch import run

    run(_checked("watch"))


@work.command(epilog=example("work intake"))
def intake() -> None:
    """Index claimed files and what programs send."""
    from worker.processes.run_intake import run

    run(_checked("intake"))


@work.command(epilog=example("work enrich"))
def enrich() -> None:
    """Find people, organisations and places in indexed articles."""
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS"):
        # One thread a process: more only contend, and must be set before numpy is imported.
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from worker.processes.run_enrich import run

    run(_checked("enrich"))


def _checked(name: str, *, lasting: bool = True) -> Settings:
    """The settings of a process that works, if its services can be used as they say.

    Without a Redis there is none, and ``up`` alone starts one: in a wrong folder nothing is made.
    """
    from tasks.settings import redis_address
    from worker.care.addresses import check_addresses

    settings = settings_for_a_process(name, lasting=lasting)
    if name != "up":
        redis_address(settings)
    check_addresses(settings)
    return settings
