"""Text that others wrote, made fit to be shown: servers' answers, names of files, articles, rules.

A terminal obeys some characters: it moves its cursor, changes its title, writes over what stands
there. Whatever is printed goes through here, so that text stays text.
"""

from __future__ import annotations

import json
import re

# ECMA-48: a control sequence; a whole string (title, link, clipboard); any other escape. Without
# ESC, as one character from 80 to 9f, they are nearly always wrongly decoded quotation marks: of
# those nothing but the character itself goes.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?"
    r"|\x1b[]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
# What cannot be seen: soft hyphens, blanks without width, marks of direction and of language.
# Joiners (U+200C, U+200D) stay, for they carry meaning.
_UNSEEN = (
    r"\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
# The same with what is left of the controls.
_CONTROLS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_UNSEEN}]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_UNSAFE_IN_JSON = re.compile(rf"[\x7f-\x9f{_UNSEEN}\ud800-\udfff]")
# A whole run of blanks that has a line's end or a tab; each run is looked at once.
_BLANKS = re.compile(r"(?<!\s)[^\S\n\t]*+[\n\t]\s*+")


def plain_lines(text: object) -> str:
    """``text`` without escape sequences, controls and what cannot be seen.

    Its line ends are ``\\n``, its tabs stay.

    Half of a pair of surrogates, as names of files may hold, becomes ``\\ufffd``: no stream can
    encode it.
    """
    shown = text if isinstance(text, str) else str(text)
    if shown.isprintable():
        return shown
    shown = _CONTROLS.sub("", _LINE_ENDS.sub("\n", _ESCAPES.sub("", shown)))
    return _SURROGATES.sub("\ufffd", shown)


def plain(text: object) -> str:
    """The same on one line, so that it cannot pass for a line of the program's own."""
    return _BLANKS.sub(" ", plain_lines(text).strip("\n\t"))


def escaped(json_text: str) -> str:
    """The same JSON, with what a terminal might obey and what cannot be encoded as ``\\u009b``."""
    return _UNSAFE_IN_JSON.sub(lambda char: json.dumps(char[0])[1:-1], json_text)
