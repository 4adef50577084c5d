"""The first line of the main format: `` date 2024-06-19 KICKER : HEADLINE``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from articles.article import Published
from extraction.formats.clean import one_line
from extraction.formats.published import DateProblem, as_publication
from german.dates import HOW, date_at_start

_DATE = "date "
_GAP = re.compile(r",?(?: :(?: |\Z)|: ?| |\Z)")
#: A time of day that is none (``T25:00``), up to the blank behind it.
_REST = re.compile(r"T[0-9:.,+Zz-]*[0-9Zz](?=[ :]|\Z)")
#: ``date 5.13 KICKER : HEADLINE`` is meant for a header, ``date gestern : HEADLINE`` and
#: ``Datum: 19.06.2024`` too, and ``Date 5: Wie es weiterging`` is not.
_MEANT = re.compile(
    r"(?:date:? (?=\S{0,40}[0-9])|date:? (?:[^:]{1,60} )?: "
    r"|[Dd][Aa][Tt](?:[Ee]|[Uu][Mm])(?: ?:)? [0-9]{1,4}[./-](?:[0-9]| ?[A-Za-zä]{3,9}\.? [0-9]{4}))"
)
_LONGEST_KICKER = 200


@dataclass(frozen=True, slots=True)
class Header:
    """The parts of a header line; ``headline`` is empty if the line holds none."""

    headline: str
    kicker: str = ""
    published: Published | None = None
    date_problem: DateProblem = ""
    warnings: tuple[str, ...] = ()


def read_header(line: str) -> Header | None:
    """Read a header line, or return ``None`` if ``line`` is not one.

    Kicker and headline are parted by the first colon with blanks on both sides. A colon
    without a blank before it (``Ukraine: Lage``) belongs to the text, on either side; further
    parted colons belong to the headline. No parted colon: all of it is the headline.
    """
    line = one_line(line)
    if line[: len(_DATE)].lower() != _DATE:
        return None
    line = line[len(_DATE) :]
    read = date_at_start(line)
    if read is None:
        return None
    end = read.end
    if cut := _REST.match(line, end):
        read, end = replace(read, part=True), cut.end()
    gap = _GAP.match(line, end)
    if not gap:
        return None
    date = as_publication(line[:end], read)
    rest = line[gap.end() :]
    kicker, headline = ("", rest) if ":" in gap[0] else _part(rest)
    return Header(headline, kicker, date.published, date.problem, date.warnings)


def without_date(line: str) -> Header:
    """Return the header of a text without one: ``line`` is its headline.

    A line that begins as a header does, but has no date that can be read, is told.
    """
    line = one_line(line)
    if not _MEANT.match(line):
        return Header(line)
    warning = f"The line {line[:40]!r} begins as a header, but its date could not be read: {HOW}."
    return Header(line, date_problem="unreadable", warnings=(warning,))


def _part(rest: str) -> tuple[str, str]:
    kicker, colon, headline = f"{rest} ".partition(" : ")
    if not colon or len(kicker) > _LONGEST_KICKER:
        return "", rest
    return kicker.strip(), headline.strip()
