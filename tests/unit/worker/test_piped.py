"""What goes into a pipe is neither broken into lines nor filled with blanks."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from worker.console import PlainConsole
from worker.piped import Unpadded, options

ROOT = Path(__file__).parents[3]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(stream: io.StringIO, *things: object) -> str:
    console = PlainConsole(**options(stream))
    for thing in things:
        console.print(thing)
    return stream.getvalue()


def table() -> Table:
    rows = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    rows.add_row("people", ", ".join(f"Name {number}" for number in range(100)))
    rows.add_row("language", "de")
    return rows


def test_a_long_line_stays_one_line() -> None:
    text = "Wort " * 200 + "Ende"
    assert printed(io.StringIO(), text) == f"{text}\n"


def test_a_row_of_a_table_stays_one_line_and_ends_with_its_last_word() -> None:
    lines = printed(io.StringIO(), table()).splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("Name 98, Name 99")
    assert lines[1] == "language  de"


@given(st.text(st.sampled_from(" \t\nab\u00a0\u2028\r"), max_size=12))
def test_blanks_before_the_end_of_a_line_go(text: str) -> None:
    stream = io.StringIO(newline="")
    Unpadded(stream).write(text)
    assert stream.getvalue() == re.sub(r"[ \t]+(?=\n)", "", text)


@pytest.mark.parametrize("blank", [" ", "\t", " \t"])
def test_a_million_blanks_within_a_line_hold_nobody(blank: str) -> None:
    """Looked at from each of them, they would take more than an hour."""
    text = f"a{blank * (1_000_000 // len(blank))}b \n"
    stream = io.StringIO()
    Unpadded(stream).write(text)
    assert stream.getvalue() == text[:-2] + "\n"


def test_a_screen_is_fitted() -> None:
    lines = printed(Screen(), "Wort " * 200, table()).splitlines()
    assert len(lines) > 10


def test_standard_output_and_error_of_a_command_in_a_pipe() -> None:
    """A real pipe: narrow as the terminal may be that the command is called from."""
    done = subprocess.run(
        [sys.executable, "-c", PRINTS],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "COLUMNS": "40"},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    assert done.stdout == LONG + "\n"
    assert done.stderr == f"{LONG}\ndepesche: {LONG}\n"


LONG = "Wort " * 60 + "Ende"
PRINTS = f"""
from worker.commands.common import bars, err, out, say
out().print({LONG!r})
with bars() as shown:
    shown.add_task("work", total=3)
err().print({LONG!r})
say([{LONG!r}])
"""
