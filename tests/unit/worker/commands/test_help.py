"""What the command line says of itself: every command, its options, an example that can be run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from depesche import __version__
from worker.cli import COMMANDS, app

GROUP: Any = typer.main.get_command(app)


def commands(group: Any = GROUP, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command by its words, groups too."""
    for name in group.list_commands(None):
        yield (*above, name)
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from commands(command, (*above, name))


ALL = sorted(commands())


def named(words: tuple[str, ...]) -> Any:
    command = GROUP
    for word in words:
        command = command.get_command(None, word)
    return command


def help_of(words: tuple[str, ...]) -> str:
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0
    return done.output


def test_all_commands_are_walked() -> None:
    # Of work, entities, index, kibana, mirror.
    assert len(ALL) == len(COMMANDS) + 2 + 5 + 4 + 1 + 5


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_flag_has_no_column_of_its_type(words: tuple[str, ...]) -> None:
    text = help_of(words)
    assert not re.search(r"<bool>|boolean", text, re.IGNORECASE)
    # Nor is any other called by a type of Python's; choices name themselves.
    assert not re.search(r"<(?:str|int|float|path|file|directory|list)\b", text, re.IGNORECASE)
    assert "--help" in text


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_example_of_a_command_can_be_called_as_it_stands(words: tuple[str, ...]) -> None:
    below = help_of(words).partition("\n  Example:\n")[2]
    calls = [line.strip() for line in below.splitlines() if line.strip()]
    assert calls
    for call in calls:
        program, *arguments = shlex.split(call)
        assert program == "depesche"
        assert tuple(arguments[: len(words)]) == words
        command, rest = named(words), arguments[len(words) :]
        if hasattr(command, "list_commands"):  # a group shows one of its own
            command, rest = command.get_command(None, rest[0]), rest[1:]
        command.make_context(call, rest)  # raises where an option or argument does not exist


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_option_says_what_it_is_for(words: tuple[str, ...]) -> None:
    silent = {
        option.name
        for option in named(words).params
        if option.param_type_name == "option" and not option.help
    }
    assert silent <= {"size", "kind"}  # whose values say it


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_one_line(name: str) -> None:
    line = COMMANDS[name][1]
    assert f"  {name:<{max(map(len, COMMANDS))}}  {line}\n" in help_of(())
    assert named((name,)).name == name


def test_a_command_that_is_none_is_refused_with_what_is_near() -> None:
    done = CliRunner().invoke(app, ["serch"])
    assert done.exit_code == 2
    assert "Did you mean 'search'?" in done.output


def test_without_a_command_the_list_is_shown() -> None:
    assert "Commands:" in CliRunner().invoke(app, []).output


def test_the_version_is_said() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"depesche {__version__}\n"
