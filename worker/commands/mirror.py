"""``mirror``: folder trees that stay where they are, and are followed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from worker.commands.common import AsJson, container, example, out, print_json
from worker.wording import counted

mirror = typer.Typer(
    help="Folder trees that are indexed where they are.",
    no_args_is_help=True,
    epilog=example("mirror add /srv/press"),
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The mirror's.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(mirror, name="mirror")


@mirror.command(epilog=example("mirror add /srv/press --name press"))
def add(
    root: Annotated[Path, typer.Argument(metavar="FOLDER", help="The tree; it is only read.")],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Default: the folder's own.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Follow a folder tree from now on: what comes, changes, moves and goes there.

    Nothing is copied into the archive and nothing is changed there. `depesche watch` does the work.
    """
    made = container().mirrors.add(root, name)
    if as_json:
        print_json({"name": made.name, "root": str(root.absolute())})
    else:
        out().one_line(f"{root.absolute()} is followed as {made.name}: its paths begin so.")


@mirror.command(name="list", epilog=example("mirror list --json"))
def list_(as_json: AsJson = False) -> None:
    """Which trees are followed, and how they are. Exit status 1 where one is away, or full."""
    from worker.care.mirrors import table

    rows = table(container())
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            out().one_line(_line(row))
        if not rows:
            out().print("No folder is followed: depesche mirror add FOLDER")
    raise typer.Exit(
        1 if any(row["state"] in {"away", "full", "unreadable"} for row in rows) else 0
    )


def _line(row: dict[str, Any]) -> str:
    counts = row.get("files", {})
    total = counted(sum(n for state, n in counts.items() if state != "gone"), "file")
    others = [f"{n:,} {state}" for state, n in sorted(counts.items()) if n and state != "indexed"]
    why = f" ({row['why']})" if row["why"] else ""
    told = ", ".join([total, *others])
    return f"{row['name']}  {row.get('root', '')}  {row['state']}{why}  {told}"


@mirror.command(epilog=example("mirror remove press"))
def remove(name: Name, as_json: AsJson = False) -> None:
    """Follow it no more: its documents go from the index. `depesche watch` does that.

    The tree stays as it is.
    """
    _say(name, as_json, "is removed; its documents go while `depesche watch` runs", removing="1")


@mirror.command(epilog=example("mirror pause press"))
def pause(name: Name, as_json: AsJson = False) -> None:
    """Leave it as it is for now: before its disk is taken away, for instance."""
    _say(name, as_json, "is paused", paused="1")


@mirror.command(epilog=example("mirror resume press"))
def resume(name: Name, as_json: AsJson = False) -> None:
    """Follow it again. Of one that is away: what is missed is deleted, and the disk the right one.

    Where the folder is not there at all it stays away, and that is to be said again. One that is
    full goes on by itself when there is room.
    """
    with container().mirrors.named(name).opened() as state:
        about = state.about()
    accepted = bool(about.get("away")) and not about.get("paused")
    deleted = ", and what is missed there is deleted" if accepted else ""
    full = "; it is full: it takes new names when there is room" if about.get("full") else ""
    values = {"accepted": "1"} if accepted else {}
    _say(name, as_json, f"is followed{deleted}{full}", paused="", **values)


def _say(name: str, as_json: bool, what: str, **values: str) -> None:
    with container().mirrors.named(name).opened() as state:
        state.say(**values)
    if as_json:
        print_json({"name": name, **values})
    else:
        out().one_line(f"{name} {what}.")
