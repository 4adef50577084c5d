"""What systemd, Kubernetes and Compose call of Depesche, held against what there is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr, ValidationError
from typer.core import TyperGroup

from tasks.names import ENRICH_DOCUMENTS
from tasks.settings import Settings
from worker.cli import app
from worker.container import Container

#: Of no setting, and known to the programs that Depesche is made of.
OTHERS = {"HOME", "XDG_CACHE_HOME", "SSL_CERT_FILE"}
PREFIX = "DEPESCHE_"
#: click's, which newer versions of Typer bring along under another name.
WRONG_USE: Any = typer.BadParameter.__mro__[1]
NO_CONTEXT: Any = None


def known_settings() -> set[str]:
    """The names of all, as the environment has them."""
    return {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def fault_of_call(words: Sequence[str]) -> str:
    """Why ``depesche`` would refuse this command line; empty where it would not."""
    program, *rest = words
    if program.rpartition("/")[2] != "depesche":
        return f"{program} is not depesche"
    command: Any = typer.main.get_command(app)
    while isinstance(command, TyperGroup):
        if not rest or (found := command.get_command(NO_CONTEXT, rest[0])) is None:
            return f"{rest[:1]} is no command"
        command, rest = found, rest[1:]
    try:
        command.make_context(command.name, list(rest)).close()
    except WRONG_USE as error:
        return str(error)
    return ""


def faults_of_settings(environment: Mapping[str, object]) -> list[str]:
    """Names that no setting has, and values that its setting refuses."""
    unknown = environment.keys() - known_settings() - OTHERS
    given: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name in known_settings() and value not in {"", None}
    }
    try:
        Settings(**given)
    except ValidationError as error:
        wrong = [f"{each['loc']}: {each['msg']}" for each in error.errors()]
        return [*sorted(unknown), *wrong]
    return sorted(unknown)


def assignments(text: str) -> dict[str, str]:
    """The lines ``NAME=value`` of a file for the environment; those that a ``#`` keeps out, too."""
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))


def queue_of_enrichment(data: Path, index: str = "articles") -> str:
    """The list in Redis that waiting documents stand in, as the senders of this program have it."""
    redis = SecretStr("redis://127.0.0.1:1")
    sender = Container(Settings(data=data, redis_url=redis, index=index)).app
    routed: Any = sender.amqp.router.route({}, ENRICH_DOCUMENTS)
    return str(routed["queue"].name)
