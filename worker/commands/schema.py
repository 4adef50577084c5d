"""``schema``: what a JSON file or a message may say of an article."""

from __future__ import annotations

import typer

from worker.commands.common import example, print_json


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog=example("schema"))(schema)


def schema() -> None:
    """Print the JSON Schema of an article, for JSON files and for the task `ingest.article`."""
    from articles import parts

    print_json(parts.schema())
