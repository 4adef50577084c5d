"""TOML of strangers: what costs its parser quadratic time, and what Python cannot write down."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.containers.columns import columns_of
from extraction.formats.markdown_format import read_markdown
from extraction.formats.toml import read_toml

DOTS = f"{'.'.join(['a'] * 9_000)} = 1"
HOSTILE = {
    "dots": DOTS,
    "dots behind a text": f'x = "\'" # "\n{DOTS}',
    "dots behind lines": f"x = \"\"\"\"\n\\\"\"\"\"\ny = '''''a'''\n{DOTS}",
    "dots in a table": f"x = {{{DOTS}}}",
    "quoted": ".".join(["'a'"] * 4_000) + " = 1",
    "hexadecimal": f"title = 0x{'f' * 15_000}",
    "binary": f"title = 0b{'1' * 15_000}",
    "decimal": f"title = {'9' * 15_000}",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_what_nobody_means_is_refused_before_it_is_parsed(hostile: str) -> None:
    begins = time.process_time()
    with pytest.raises(Unreadable, match="cannot be read: a name or a number"):
        columns_of(["Titel"], hostile.encode())
    indented = "\n".join(f"  {line}" for line in hostile.split("\n"))
    with pytest.raises(Unreadable, match="front matter cannot be read: a name or a number"):
        read_markdown(f"+++\ntitle = 'x'\n{indented}\n+++\nText")
    assert time.process_time() - begins < 2.0


def test_texts_and_comments_may_have_dots_and_long_words() -> None:
    long = "." * 1_000 + "x" * 1_000
    said = f"# {long}\na = \"{long}\"\nb = '''\n{long}'''\nc = 1.5"
    assert read_toml(said) == {"a": long, "b": long, "c": 1.5}


@settings(max_examples=300)
@given(st.text(alphabet="ab.=\"'\\#\n [{}],1", max_size=60))
def test_all_else_is_as_it_was(content: str) -> None:
    try:
        wanted = tomllib.loads(content)
    except tomllib.TOMLDecodeError:
        with pytest.raises(tomllib.TOMLDecodeError):
            read_toml(content)
    else:
        assert read_toml(content) == wanted
