"""``show --versions`` and ``--diff``: the texts that an article has had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from articles.article import Version
from articles.errors import UsageError
from worker.commands.common import out, print_json
from worker.commands.difference import Kind, Part, differences
from worker.foreign import plain, plain_lines

if TYPE_CHECKING:
    from depesche import Archive
    from worker.console import PlainConsole

_SECONDS = 19
_STYLE: dict[Kind, str] = {"same": "", "gone": "red strike", "new": "green"}
#: Where there are no colours: as ``git diff --word-diff`` has it.
_MARKS: dict[Kind, tuple[str, str]] = {
    "same": ("", ""),
    "gone": ("[-", "-]"),
    "new": ("{+", "+}"),
}


def show_versions(
    where: Archive, document: Mapping[str, Any], number: int | None, *, diff: bool, as_json: bool
) -> None:
    """List the versions of an article, or say how the current one differs from another."""
    versions = where.versions(document["id"])
    if not diff:
        if as_json:
            lines = [{**asdict(v), "current": v is versions[0]} for v in versions]
            print_json([{n: v for n, v in line.items() if n != "read_as"} for line in lines])
        else:
            print_versions(out(), versions)
        return
    if len(versions) < 2:  # noqa: PLR2004
        raise UsageError(f"{document['id']} has one version only: there is nothing to compare.")
    old = where.version(document["id"], versions[1].number if number is None else number)
    parts = differences(old or {}, document)
    if as_json:
        print_json({name: [part._asdict() for part in each] for name, each in parts.items()})
    else:
        print_differences(out(), parts)


def print_versions(console: PlainConsole, versions: Sequence[Version]) -> None:
    """For people: one line a version, the newest first, the current one marked."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("version", "came", "file", "changed"):
        table.add_column(column)
    for place, version in enumerate(versions):
        number = f"{version.number}{'' if place else ' (current)'}"
        came = version.arrived_at[:_SECONDS].replace("T", " ")
        changed = f"{version.changed}{' (reparsed)' if version.reparsed else ''}"
        table.add_row(number, came, Text(plain(version.path)), Text(plain(changed)))
    console.print(table)


def print_differences(console: PlainConsole, fields: Mapping[str, Sequence[Part]]) -> None:
    """For people: what is gone, and what is new, in colours or in marks."""
    for name, parts in fields.items():
        console.print(name, style="bold")
        text = Text("  ")
        for part in parts:
            opens, closes = ("", "") if console.is_terminal else _MARKS[part.kind]
            text.append(opens + plain_lines(part.text) + closes, _STYLE[part.kind])
        text.rstrip()
        console.print(text)
    if not fields:
        console.print("The texts are the same.")
