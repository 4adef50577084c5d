"""TOML of strangers, as settings beside tables and front matter are written in it.

``tomllib`` takes eleven seconds for a name of 32,000 parts (64 kB), in quadratic time, and reads
whole numbers that Python does not write down. Nobody means either.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

#: A name in parts, or a date, has a few; each costs as many steps as there are before it.
_MOST_DOTS = 500
#: Characters of a number, or of a name without quotation marks.
_LONGEST = 300
#: What stands for itself: comments and texts, of which some go over several lines.
_TEXTS = re.compile(
    r'#[^\n]*|"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\']|\'(?!\'\'))*\'\'\''
    r"|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'",
    re.DOTALL,
)


def read_toml(content: str) -> dict[str, Any]:
    """Return what it says. Raises ``ValueError`` and ``RecursionError`` where it is none."""
    beside = _TEXTS.sub("''", content)
    if beside.count(".") > _MOST_DOTS or re.search(rf"\w{{{_LONGEST + 1}}}", beside):
        raise ValueError("a name or a number in it is too long")
    return tomllib.loads(content)
