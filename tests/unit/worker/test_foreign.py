"""What others wrote is shown as text, whatever stands in it."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from worker.console import PlainConsole
from worker.foreign import escaped, plain, plain_lines

WORKER = Path(__file__).parents[3] / "worker"
OBEYED_OR_READ = (
    *("\x1b", "\x1b[", "\x1b]0;", "\x07", "\x9b", "31m", "\r", "\n", "\u202e", "\u2028", "\udcff"),
    *("[bold]", "[/]", "[/nope]", "[link=http://a]", ":smile:", "\\["),
)
#: Text as an attacker writes it: much of what terminals and Rich know, between letters.
HOSTILE = st.lists(st.one_of(st.text(), st.sampled_from(OBEYED_OR_READ))).map("".join)
#: Everything that a terminal obeys, but the line's end and the tab.
OBEYED = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0)))) - {"\n", "\t"}
#: What nobody sees, by Unicode; the rest of it are joiners and Arabic signs over numbers.
UNSEEN = frozenset(
    char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) == "Cf"
) - {
    *"\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße – „so“ 🙂", "Grüße – „so“ 🙂"),
        ("action [indices:data/read/search] is unauthorized", ...),
        ("\x1b[31mrot\x1b[0m", "rot"),
        ("\x1b]0;Titel\x07vorn", "vorn"),
        ("\x1b]8;;http://a\x1b\\Link\x1b]8;;\x1b\\", "Link"),
        ("\x1b]ohne Ende", "ohne Ende"),
        ("\x1bcgelöscht", "gelöscht"),
        ("\x9b2Jweg", "2Jweg"),
        ("a\rb", "a b"),
        ("a\n  b\t c\n", "a b c"),
        ("recht\u202elinks", "rechtlinks"),
        ("a\u200f\u061cb\u2066c\u200bd\xade\U000e0041\ufeff", "abcde"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("halb\udcff", "halb\ufffd"),
        (ValueError("[a]\x00"), "[a]"),
    ],
)
def test_on_one_line(text: object, shown: object) -> None:
    assert plain(text) == (text if shown is ... else shown)


@given(st.text(st.sampled_from(" \t\nab\u00a0\u3000\u2028\r"), max_size=12))
def test_a_run_of_blanks_with_a_line_end_or_a_tab_is_one_blank(text: str) -> None:
    lines = plain_lines(text).strip("\n\t")
    assert plain(text) == re.sub(r"\s*[\n\t]\s*", " ", lines)


@pytest.mark.parametrize("blank", [" ", "\u00a0", " \u00a0", "\u3000"])
def test_a_million_blanks_hold_nobody(blank: str) -> None:
    """Looked at from each of them, they would take more than an hour."""
    text = f"a{blank * (1_000_000 // len(blank))}b"
    assert plain(f"{text}\n{text}") == f"{text} {text}"


@pytest.mark.parametrize("blank", ["\t", "\n", " \n", "\u00a0\t", "\u2028"])
def test_a_million_line_ends_are_one_blank(blank: str) -> None:
    assert plain(f"a{blank * (1_000_000 // len(blank))}b") == "a b"


def test_lines_stay() -> None:
    assert plain_lines("a\r\nb\u2028c\td") == "a\nb\nc\td"


@given(HOSTILE)
def test_nothing_is_left_to_obey(text: str) -> None:
    assert not OBEYED & set(plain_lines(text))
    assert not (OBEYED | {"\n", "\t"}) & set(plain(text))
    plain(text).encode()
    assert plain(plain(text)) == plain(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M", "Zs"])))
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@given(HOSTILE)
def test_the_console_prints_no_more_than_text(text: str) -> None:
    """By whichever way it is given: nothing is read as markup, nothing moves the cursor."""
    console = PlainConsole(file=io.StringIO(), width=80, force_terminal=False)
    table = Table()
    table.add_column(text)
    table.add_row(text, Text(text))
    console.print(text, soft_wrap=True)
    console.print(Text(text), text, style="bold")
    console.print(table)
    console.rule(text)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert not OBEYED & set(printed)
    printed.encode()


@given(st.text(st.sampled_from("[]/:\\abold=#")))
def test_brackets_and_colons_mean_nothing(text: str) -> None:
    console = PlainConsole(file=io.StringIO(), force_terminal=False)
    console.print(text, soft_wrap=True)
    assert console.file.getvalue() == f"{text}\n"  # type: ignore[attr-defined]


@given(HOSTILE)
def test_json_says_the_same(text: str) -> None:
    written = escaped(json.dumps([text], ensure_ascii=False, indent=2))
    assert json.loads(written) == [text]
    assert not OBEYED & set(written)
    written.encode()


def test_all_print_by_that_console() -> None:
    """No other console, and nowhere markup: one place decides how foreign text is shown."""
    for path in WORKER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            where = f"{path.relative_to(WORKER.parent)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ImportFrom):
                assert node.module != "rich.markup", where
                assert node.module != "rich" or "print" not in {a.name for a in node.names}, where
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "Console", where
            if isinstance(node, ast.keyword) and node.arg in {"markup", "emoji"}:
                assert isinstance(node.value, ast.Constant), where
                assert node.value.value is False, where
            if isinstance(node, ast.Attribute):
                assert node.attr != "from_markup", where


def test_what_unicode_calls_unseen_is_left_out_and_escaped() -> None:
    # Since Unicode 12, 13 and 15: Egyptian signs of order, which a terminal shows as such.
    unseen = {char for char in UNSEEN if not "\U00013430" <= char <= "\U0001345f"}
    assert plain("".join(sorted(unseen))) == ""
    written = escaped(json.dumps(sorted(unseen), ensure_ascii=False))
    assert not unseen & {*written}
    assert json.loads(written) == sorted(unseen)
