"""The first line of the main format: `` date YYYY-MM[-DD] KICKER : HEADLINE``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from articles.article import Published
from extraction.formats.clean import one_line
from extraction.formats.published import read_published

_HEADER = re.compile(
    r"date ([0-9]{4}(?:-[0-9x?]{1,2}){0,2}(?:T[0-9:.,+z-]*[0-9z])?)"
    r"(?P<gap> :(?: |\Z)|: ?| |\Z)(.*)\Z",
    re.IGNORECASE,
)
_LONGEST_KICKER = 200


@dataclass(frozen=True, slots=True)
class Header:
    """The parts of a header line; ``headline`` is empty if the line holds none."""

    headline: str
    kicker: str = ""
    published: Published | None = None
    warnings: tuple[str, ...] = ()


def read_header(line: str) -> Header | None:
    """Read a header line, or return ``None`` if ``line`` is not one.

    Kicker and headline are parted by the first colon with blanks on both sides. A colon
    without a blank before it (``Ukraine: Lage``) belongs to the text, on either side; further
    parted colons belong to the headline. No parted colon: all of it is the headline.
    """
    match = _HEADER.match(one_line(line))
    if not match:
        return None
    published, warnings = read_published(match[1])
    kicker, headline = ("", match[3]) if ":" in match["gap"] else _part(match[3])
    return Header(headline, kicker, published, warnings)


def _part(rest: str) -> tuple[str, str]:
    kicker, colon, headline = f"{rest} ".partition(" : ")
    if not colon or len(kicker) > _LONGEST_KICKER:
        return "", rest
    return kicker.strip(), headline.strip()
