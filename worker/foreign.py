"""Text that others wrote, made fit to be shown: servers' answers, names of files, articles, rules.

A terminal obeys some characters: it moves its cursor, changes its title, writes over what stands
there. Whatever is printed goes through here, so that text stays text.
"""

from __future__ import annotations

import re

# ECMA-48: a control sequence; a whole string (title, link, clipboard); any other escape. Without
# ESC, as one character from 80 to 9f, they are nearly always wrongly decoded quotation marks: of
# those nothing but the character itself goes.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?"
    r"|\x1b[]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
# What is left of the controls, and what turns the direction of the letters around it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_UNSAFE_IN_JSON = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile(r"\s*[\n\t]\s*")


def plain_lines(text: object) -> str:
    """``text`` without escape sequences and controls; its line ends are ``\\n``, its tabs stay.

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
    return _UNSAFE_IN_JSON.sub(lambda char: f"\\u{ord(char[0]):04x}", json_text)
