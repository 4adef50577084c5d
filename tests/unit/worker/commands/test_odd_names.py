"""A path or an id that a shell has completed may be any bytes: no command ends with a traceback."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.main import get_command

from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run
from worker.care.withdraw import Order, withdraw
from worker.cli import app
from worker.spool import deposit

ODD = "ODD"
BELOW = "DATA/inbox/ODD"
#: Every command that takes an argument, with what else it needs.
COMMANDS = (
    ("where",),
    ("show",),
    ("similar",),
    ("story",),
    ("correct",),
    ("withdraw", "--reason", "x"),
    ("restore",),
    ("retry",),
    ("search",),
    ("entity",),
    ("timeline",),
    ("export",),
    ("reparse",),
    ("mirror", "add"),
    ("mirror", "pause"),
    ("mirror", "resume"),
    ("mirror", "remove"),
    ("entities", "rename", "Bremen"),
    ("entities", "block"),
    ("entities", "merge", "Bremen"),
    ("health",),
    ("ingest",),
)
#: What starts a process, or takes no names of articles, files and mirrors.
OTHERS = {"work", "index migrate", "index drop-old"}
GROUPS = {"mirror", "entities"}
RAW = st.binary(min_size=1, max_size=12).filter(lambda raw: 0 not in raw and raw[0] != ord("-"))


@pytest.fixture
def known(container: FakeContainer) -> None:
    """The ledger knows of a file, and of a withdrawal: else nobody asks there."""
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(b"Titel\n\nDer Satz eines Artikels."), "a.txt")
    (fate,) = container.intake.batch(batch.name)
    withdraw(container, [fate.id], Order("x", "desk"))


def _with_arguments(command: Any, name: str = "") -> Iterator[str]:
    if hasattr(command, "list_commands"):
        for below in command.list_commands(None):
            found = command.get_command(None, below)
            yield from _with_arguments(found, f"{name} {below}".strip())
    elif any(parameter.param_type_name == "argument" for parameter in command.params):
        yield name


def test_all_of_them_are_asked() -> None:
    asked = {" ".join(words[: 1 + (words[0] in GROUPS)]) for words in COMMANDS}
    assert set(_with_arguments(get_command(app))) - OTHERS == asked


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(raw=RAW, place=st.sampled_from([ODD, BELOW, f"./{ODD}"]))
@example(raw=b"\xff\xfe.txt", place=ODD)
@example(raw=b"\xff/\xfe.txt", place=ODD)
@example(raw=b"\xff\xfe.txt", place=BELOW)
def test_no_odd_name_ends_a_command_with_a_traceback(
    run: Run,
    known: None,
    container: FakeContainer,
    command: tuple[str, ...],
    raw: bytes,
    place: str,
) -> None:
    folder = str(container.settings.data)
    said = run(*command, place.replace("DATA", folder).replace(ODD, os.fsdecode(raw)))
    assert said.status in {0, 1, 2}
    (said.out + said.err).encode()


def test_a_file_is_meant_by_its_bytes_and_by_what_is_printed_of_it(
    run: Run, container: FakeContainer
) -> None:
    raw, printed = os.fsdecode(b"\xff\xfe\n.txt"), r"\xff\xfe\x0a.txt"
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(b"Titel\n\nDer Satz eines Artikels."), raw)
    (fate,) = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    for name in (raw, printed, str(container.folders.inbox / raw)):
        assert run("show", name, "--json").json["id"] == fate.id
    for name in (raw, printed):
        assert "indexed" in run("where", name).out
    assert run("withdraw", raw, "--reason", "x", "--json").json[0]["id"] == fate.id
    assert "1 file is" in run("restore", raw).out
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(b""), raw)
    container.intake.batch(batch.name)
    assert run("withdraw", raw, "--reason", "x", "--json").json[0]["path"] == printed
