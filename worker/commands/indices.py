"""``index``, ``reenrich``, ``kibana``: what lies in Elasticsearch and Kibana."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Annotated, Any

import typer

from articles.errors import ServiceUnavailable, UsageError
from worker import failpoint
from worker.care.places import masked
from worker.commands.common import (
    AsJson,
    bars,
    confirm,
    container,
    err,
    example,
    out,
    print_json,
    say,
)
from worker.container import Container
from worker.moment import moment
from worker.wording import counted

index = typer.Typer(
    help="The index behind its alias.", no_args_is_help=True, epilog=example("index status")
)
kibana = typer.Typer(
    help="Kibana's objects.", no_args_is_help=True, epilog=example("kibana import")
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(index, name="index")
    app.add_typer(kibana, name="kibana")
    app.command(epilog=example("reenrich --all --wait"))(reenrich)


@index.command(epilog=example("index create"))
def create() -> None:
    """Create the index and its alias, if they are not there; else set its replicas.

    DEPESCHE_SHARDS and DEPESCHE_REPLICAS say how many it has. Without, it has one shard, and one
    replica where the cluster has another node for it.
    """
    from worker.processes.own_index import follow_replicas, make_index

    parts = container()
    if make_index(parts):
        out().print(f"{parts.settings.index}: created")
        return
    changed = follow_replicas(parts)
    now = f", and has {changed[1]} instead of {changed[0]} replicas now" if changed else ""
    out().print(f"{parts.settings.index}: is there already{now}")


@index.command(epilog=example("index migrate --force"))
def migrate(
    force: Annotated[bool, typer.Option("--force", help="Rebuild a current index too.")] = False,
    slices: Annotated[
        int, typer.Option(metavar="N", min=1, max=256, help="Parts that are copied at once.")
    ] = 2,
    per_second: Annotated[
        float | None,
        typer.Option(
            metavar="N", min=1, help="Documents a second at most, to leave searches their share."
        ),
    ] = None,
) -> None:
    """Build the newest mapping beside the old index and swap the alias. Repeatable.

    With another number in DEPESCHE_SHARDS a current index is built anew, too. Cut short, it goes
    on where it was.
    """
    from indexing.index.copying import Pace
    from indexing.index.migrate import Shape
    from indexing.index.migrate import migrate as build

    parts = container()
    settings = parts.settings
    build(
        parts.client,
        settings.index,
        err().print,
        force=force,
        zone=settings.time_zone,
        shape=Shape(settings.shards, settings.replicas),
        pace=Pace(slices, per_second),
    )


@index.command(epilog=example("index status --json"))
def status(as_json: AsJson = False) -> None:
    """Version, size and whether the mapping is this program's."""
    from indexing.index import manage

    parts = container()
    state = manage.index_status(parts.client, parts.settings.index)
    if as_json:
        print_json(asdict(state))
        return
    out().print(
        f"{state.alias} → {state.concrete}: {counted(state.documents, 'document')}, "
        f"{state.size / 1_000_000:.1f} MB, {counted(state.shards, 'shard')} "
        f"with {counted(state.replicas, 'replica')}, mapping version {state.version}"
        f"{'' if state.current else ' (not current: `depesche index migrate`)'}"
        f"{'' if state.writable else ' (takes no writes now)'}"
    )


@index.command(name="drop-old", epilog=example("index drop-old --yes"))
def drop_old(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete the older versions of the index that migrations have left, for good."""
    from indexing.index import manage

    parts = container()
    names = manage.old_versions(parts.client, parts.settings.index)
    if not names:
        out().print("There are no older versions.")
        return
    if not yes:
        confirm(f"Delete {', '.join(names)} for good?", f"This deletes {', '.join(names)}")
    failpoint.reach("drop_old.listed")
    manage.drop(parts.client, names)
    failpoint.reach("drop_old.dropped")
    out().print(f"Deleted: {', '.join(names)}.")


def reenrich(
    everything: Annotated[
        bool, typer.Option("--all", help="Documents of the current pipeline too.")
    ] = False,
    affected: Annotated[
        bool,
        typer.Option(
            "--affected",
            help="Where your rules about names have changed: only what holds one of these names.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --all: do not ask.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all are enriched.")] = False,
) -> None:
    """Have documents of an older pipeline read again; the running workers do it.

    With --affected only those that hold a name which your rules treat otherwise now. With --all
    every document is: it asks before, for that takes as long as the first time.
    """
    from extraction import meaning
    from extraction.tagging import pipeline
    from indexing.index import ready
    from indexing.writing import reenrich

    if everything and affected:
        raise UsageError("--all and --affected exclude each other.")
    parts = container()
    if everything and not yes:
        _ask(parts)
    say(["Looking up the version of the pipeline …"])
    nlp = pipeline.load(parts.settings.spacy_model or None)
    base = pipeline.version(nlp)
    version = base + parts.rules.tag()
    versions = meaning.current(version, wanted=parts.settings.meaning)
    for field in parts.settings.fields():
        ready.check_field(parts.client, parts.settings.index, field)
    only = _affected(parts, base, versions) if affected else None
    query = reenrich.stale(versions, everything, only)
    at = moment()
    count = reenrich.ask(parts.client, parts.settings.index, query, at)
    failpoint.reach("reenrich.asked")
    out().print(f"{counted(count, 'document')} will be read again by {versions[0]}.")
    if wait:
        _wait(parts)


def _affected(parts: Container, base: str, versions: Sequence[str]) -> dict[str, Any]:
    """The query for what other rules would change; of pipelines that say no rules, all."""
    from indexing.writing import affected
    from worker.enrichment.rules import rules_of

    known = set(affected.pipelines(parts.client, parts.settings.index)) - set(versions)
    tags = {each: rules_of(each, base, parts.rules.tag(), versions) for each in known}
    return affected.holding(
        {
            each: None if tag is None else parts.rules.changed_since(tag)
            for each, tag in tags.items()
        }
    )


def _ask(parts: Container) -> None:
    """Go on only where a person says so; where nobody can be asked, the option has to."""
    from indexing.writing import reenrich

    every = reenrich.stale((), everything=True)
    total = counted(reenrich.matching(parts.client, parts.settings.index, every), "document")
    confirm(f"Have {total} read again?", f"This has {total} read again")


def _wait(parts: Container) -> None:
    with bars() as progress:
        bar = progress.add_task("enriching", total=None)
        while pending := _pending(parts):
            total = max(pending, progress.tasks[0].total or 0)
            progress.update(bar, total=total, completed=total - pending)
            time.sleep(1.0)


def _pending(parts: Container) -> int:
    from indexing.writing import states

    try:
        return states.counts(parts.client, parts.settings.index, fresh=True).pending
    except ServiceUnavailable:
        return 1  # it comes back, or Ctrl-C


@kibana.command(name="import", epilog=example("kibana import"))
def import_() -> None:
    """Load data views, searches, queries, map and dashboards; existing ones are replaced."""
    from indexing.kibana import import_objects
    from indexing.kibana_objects import fitted

    parts = container()
    settings = parts.settings
    since = _oldest(parts)
    objects = fitted(
        _shipped(settings.kibana_language),
        settings.index,
        since=since,
        reader=settings.reader_url,
        language=settings.kibana_language,
    )
    password = settings.kibana_password
    done = import_objects(
        settings.kibana_url,
        objects.encode(),
        user=settings.kibana_user,
        password=password.get_secret_value() if password else None,
        space=settings.kibana_space,
    )
    for error in done.errors:
        err().one_line(error)
    sent = objects.count("\n")
    taken = f"{done.count} of " if done.count < sent else ""
    where = masked(settings.kibana_url)
    out().print(f"{taken}{counted(sent, 'object')} in Kibana at {where}.")
    if not since:
        err().print("They show the last 30 years: import again when the archive has articles.")
    raise typer.Exit(1 if done.errors or done.count < sent else 0)


def _shipped(language: str) -> str:
    name = "depesche.ndjson" if language == "de" else f"depesche.{language}.ndjson"
    return (files("seeds") / "kibana" / name).read_text("utf-8")


def _oldest(parts: Container) -> str | None:
    """The archive's oldest year. Kibana may be where Elasticsearch cannot be asked from here."""
    from indexing.kibana_objects import oldest

    try:
        return oldest(parts.client, parts.settings.index)
    except (ServiceUnavailable, UsageError) as error:
        err().one_line(f"Whether there are older articles cannot be asked: {error}")
        return None
