"""What is text and yet no article: boxes of mails, tables, lines of JSON, locks, settings.

By the name where it tells, else by the content, and there only where no article can look so: that
nothing is refused wrongly comes before that all is.
"""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import NoReturn

from articles.errors import Unreadable
from extraction.formats.format import HEAD_LINES, Format, RawFile

_AS_TEXT = "save it as plain text with the headline as its first line and the ending .txt."
_MAIL = (
    "a box of mails, or one of another program's",
    f"Save it as .mbox, or each mail as a file of its own with the ending .eml, or {_AS_TEXT}",
)
_OUTLOOK = (
    "a .msg that Outlook did not write",
    f"Save the mail anew from Outlook, or as a file with the ending .eml, or {_AS_TEXT}",
)
_TABLE = (
    "a table",
    "Give it the ending .csv: then each of its rows is an article (docs/formats.md).",
)
_JSONHEAD_LINES = (
    "a file of JSON lines, as `depesche export` writes it",
    "Give it the ending .jsonl: then each of its lines is an article (docs/formats.md).",
)
_LOCK = "a lock file of another program", "It holds no article: delete it."
_SETTINGS = "a file of settings or a program", "It holds no article: take it out of the folder."
_ARC = (
    "an archive of the web of before 2009 (ARC)",
    "Make a WARC of it (`warcio recompress FILE.arc.gz FILE.warc.gz`) and drop that.",
)
_DATES = "a calendar or a card of addresses", f"It holds no article; if it does, {_AS_TEXT}"
_SUBTITLES = "a file of subtitles", f"Take the times out of it and {_AS_TEXT}"

_KINDS = {
    "emlx mbox mbx": _MAIL,
    "msg": _OUTLOOK,
    "csv tsv tab": _TABLE,
    "jsonl ndjson jl": _JSONHEAD_LINES,
    "lock lck lockfile": _LOCK,
    "ini cfg conf toml yaml yml css js py sh bat sql": _SETTINGS,
    "ics vcf": _DATES,
    "srt vtt": _SUBTITLES,
}
_BY_ENDING = {ending: kind for endings, kind in _KINDS.items() for ending in endings.split()}
_DELIMITERS = (";", "\t", ",", "|")
_LEAST_ROWS, _LEAST_COLUMNS = 3, 3
#: The heading of a column, which needs no blank behind the mark before it.
_HEADING = re.compile(r"[^\W\d_][\w.:/-]*(?: [\w.:/()-]+){0,3}")


def _recognises(file: RawFile) -> bool:
    return _kind(file) is not None


def _refuse(file: RawFile) -> NoReturn:
    what, advice = _kind(file) or _SETTINGS
    raise Unreadable(f"This is {what}, not an article.", advice)


def _kind(file: RawFile) -> tuple[str, str] | None:
    """Return what a file is that is no article, and what a person can do."""
    name, dot, ending = file.path.rpartition("/")[2].lower().rpartition(".")
    if dot and name and ending in _BY_ENDING:
        return _BY_ENDING[ending]
    if ending == "json":
        return None
    tests = (
        (_is_arc, _ARC),
        (_is_json_lines, _JSONHEAD_LINES),
        (_is_table, _TABLE),
    )
    return next((kind for is_so, kind in tests if is_so(file.head)), None)


def _is_arc(lines: list[str]) -> bool:
    return lines[0].startswith("filedesc://")


def _is_json_lines(lines: list[str]) -> bool:
    """Tell at least two lines, each an object; the last may be cut."""
    first = [line.strip() for line in lines if line.strip()][:3]
    return len(first) > 1 and all(line.startswith('{"') for line in first) and first[0][-1] == "}"


def _is_table(lines: list[str]) -> bool:
    """Tell rows with as many columns as there are headings without a blank behind the marks."""
    if len(lines) < _LEAST_ROWS or len(lines[0]) > HEAD_LINES:
        return False
    return any(_has_columns(lines, mark) for mark in _DELIMITERS if mark in lines[0])


def _has_columns(lines: list[str], mark: str) -> bool:
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=mark), HEAD_LINES) if row]
    except csv.Error:
        return False
    headings = rows[0]
    if len(headings) < _LEAST_COLUMNS or not all(map(_HEADING.fullmatch, headings)):
        return False
    whole = rows[:-1] if len(lines) == HEAD_LINES or len(rows) > _LEAST_ROWS else rows
    return len(rows) >= _LEAST_ROWS and all(len(row) == len(headings) for row in whole)


FORMAT = Format(_recognises, _refuse)
