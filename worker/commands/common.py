"""What the commands share: settings, logging, output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console

from tasks.settings import Settings, read_settings
from worker import logs
from worker.container import Container
from worker.processes.parent import end_with_supervisor

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def settings_for_a_process(name: str) -> Settings:
    """Settings, with logging set up as they say, each line with the process's name."""
    settings = read_settings()
    logs.configure(settings.log_level, settings.log_json, name)
    end_with_supervisor()
    return settings


def container() -> Container:
    """The parts, for a command that ends soon; only warnings are logged."""
    settings = read_settings()
    logs.configure("WARNING", settings.log_json)
    return Container(settings)


def print_json(content: Any) -> None:
    """Print for programs: one JSON value on standard output."""
    json.dump(content, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def out() -> Console:
    """Standard output for people."""
    return Console(highlight=False)


def say(sentences: Iterable[str]) -> None:
    """Tell a person something on standard error, a line each."""
    for sentence in sentences:
        err().print(f"depesche: {sentence}", markup=False, soft_wrap=True)


def err() -> Console:
    """Standard error for people."""
    return Console(stderr=True, highlight=False)
