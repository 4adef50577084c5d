"""The command ``depesche``. Exit status: 0 done, 1 failed, 2 wrong use, 130 interrupted.

A command's module is imported when that command is called, or its own help asked for: the list of
all commands needs none of them, and so no service's client and no language processing.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from articles.errors import DepescheError, UsageError
from worker import lean
from worker.foreign import plain_lines

if TYPE_CHECKING:
    from collections.abc import MutableMapping

#: Name -> module of ``worker.commands``, and what it does in one line.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("running", "Start everything: services, watcher, workers. Ctrl-C stops it."),
    "down": ("running", "Stop what `up` started. Nothing is lost."),
    "watch": ("running", "Watch the inbox and claim what is ready."),
    "work": ("running", "Run one worker process: intake or enrich."),
    "ingest": ("ingest", "Copy files or folders into the pipeline."),
    "status": ("state", "Whether all that was dropped is in, and what to do."),
    "health": ("health", "Whether a process of this host lives: for health checks."),
    "failed": ("state", "What failed, grouped by reason, and what to do."),
    "retry": ("state", "Give failed files and documents another try."),
    "where": ("whereabouts", "What happened to a file, and where it is now."),
    "verify": ("checking", "Compare the files on disk with the index."),
    "correct": ("correcting", "Correct by hand what is said of an article: date, byline, id …"),
    "withdraw": ("withdrawing", "Take articles down, and refuse them from then on."),
    "expire": ("withdrawing", "Withdraw what is older than a day, or than its licence."),
    "restore": ("withdrawing", "Let articles in again that were withdrawn."),
    "withdrawn": ("withdrawing", "List what was withdrawn, when, why and by whom."),
    "mirror": ("mirror", "Folder trees that are indexed where they are: add, list, remove."),
    "search": ("searching", "Search full text and names."),
    "show": ("showing", "Show one article with everything that was read out of it."),
    "similar": ("alike", "Articles on the same matter."),
    "story": ("alike", "All versions of an article's story."),
    "entity": ("entity", "What the archive knows of one person, organisation or place."),
    "entities": ("entities", "Rank names, and lay down what they mean."),
    "timeline": ("timeline", "How many articles there are over time, of a name or of all."),
    "export": ("exporting", "Write all articles found, as JSON lines or CSV."),
    "schema": ("schema", "Print the JSON Schema of an article, for files and messages."),
    "index": ("indices", "The index behind its alias: create, migrate, status, drop-old."),
    "reenrich": ("indices", "Have documents of an older pipeline read again."),
    "reparse": ("reparsing", "Read articles anew from their bytes, by the rules of today."),
    "kibana": ("indices", "Kibana's objects: import."),
    "demo": ("demonstration", "Run the sample articles through everything, and stop."),
}


class Commands(TyperGroup):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- as the library calls it
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            module = importlib.import_module(f"worker.commands.{COMMANDS[cmd_name][0]}")
            loaded = typer.Typer(rich_markup_mode=None)
            module.add_to(loaded)
            self.commands.update(get_group(loaded).commands)
            _say_no_types(self.commands)
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in COMMANDS:  # the library offers what is near among those it knows
            named: MutableMapping[str, Any] = dict.fromkeys(COMMANDS)
            self.commands = named
        return super().resolve_command(ctx, args)


def _say_no_types(commands: MutableMapping[str, Any]) -> None:
    """An argument is shown by its name, not by the type that it has in Python (`<list[Path]>`)."""
    for command in commands.values():
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                parameter.display_type = lambda _: ""
        _say_no_types(getattr(command, "commands", {}))


app = typer.Typer(
    name="depesche",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`depesche COMMAND --help` says more of each, with an example.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from depesche import __version__

        typer.echo(f"depesche {__version__}")
        raise typer.Exit


@app.callback()
def depesche(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Turn a folder of German news articles into a searchable archive."""


def main() -> None:
    """Run the command line; expected errors become one sentence on standard error."""
    lean.collect_rarely()
    try:
        app()
    except (DepescheError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            sys.exit(1)  # the reader of our output has gone, as `head` does
        print(f"depesche: {plain_lines(error)}", file=sys.stderr)  # noqa: T201
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:  # noqa: BLE001 -- a bug: loud, but what it says may be of an article
        print(plain_lines(traceback.format_exc()), end="", file=sys.stderr)  # noqa: T201
        sys.exit(1)


if __name__ == "__main__":
    main()
