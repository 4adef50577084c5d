"""The command ``depesche``. Exit status: 0 done, 1 failed, 2 wrong use, 130 interrupted."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from articles.errors import DepescheError, UsageError
from worker.commands import (
    alike,
    checking,
    demonstration,
    entities,
    entity,
    exporting,
    indices,
    ingest,
    running,
    searching,
    showing,
    state,
)

app = typer.Typer(
    name="depesche",
    help="Turn a folder of German news articles into a searchable archive.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (
    running,
    ingest,
    state,
    checking,
    searching,
    showing,
    alike,
    entity,
    entities,
    exporting,
    indices,
    demonstration,
):
    module.add_to(app)


def main() -> None:
    """Run the command line; expected errors become one sentence on standard error."""
    try:
        app()
    except DepescheError as error:
        Console(stderr=True, highlight=False).print(f"depesche: {error}", markup=False)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)  # the reader of our output has gone, as `head` does
    except OSError as error:
        Console(stderr=True, highlight=False).print(f"depesche: {error}", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
