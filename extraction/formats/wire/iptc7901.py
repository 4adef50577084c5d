"""IPTC 7901, the text format of agencies' wires: a line of codes, a slugline, a text, a time.

``SOH`` service and number, urgency, desk, words; the slugline; ``STX`` text ``ETX`` day and time.
Files often come without the control characters, and headline and byline stand above the text::

    bdt0163 3 pl 226  dpa 0525

    Regierung/Verteidigung/
    (Zusammenfassung)
    Putin und Kim unterzeichnen Pakt
    Von Anna Muster, dpa =

    Moskau (dpa) - Der Text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extraction.formats.clean import one_line
from extraction.formats.decode import Decoded, decode
from extraction.formats.draft import Draft
from extraction.formats.text_format import LONGEST_HEADLINE, paragraphs
from extraction.formats.wire.item import Item, draft_of
from german.dates import read_date

#: Service and number, urgency, desk, how many words; whatever else.
_CODES = (
    rb"[A-Za-z]{2,4}\d{3,4}[ ]+\d[ ]+(?P<desk>[A-Za-z]{1,3})[ ]+\d{1,5}"
    rb"(?:[ ]++(?P<more>[^ \r\n][^\r\n]{0,79}+)?+)?+[ ]*+(?:\r|\n)"
)
#: Telex began with ``ZCZC`` and ended with ``NNNN``.
_HEAD = re.compile(rb"[\x00\x01\x16\s]{0,20}(?:ZCZC[ \w]{0,20}[\x00\x01\x16\s]{1,20})?" + _CODES)
_NEXT_HEAD = re.compile(
    rb"[\r\n\x01](?=((?:ZCZC[ \w]{0,20}[\x00\x01\x16\s]{1,20})?" + _CODES + rb"))"
)
_STX, _ETX = b"\x02", b"\x03"
#: From the first of them alone: from each its end would be looked for anew.
_LINE_ENDS = re.compile(rb"(?<!\r)\r+\n")
#: What stands behind the text, for editors alone.
_NOTES = re.compile(
    r"(?im)^(?:# .{0,30}(?:notizblock|notebook).*|## .*|\* \* \* \*.*"
    r"|# ?(?:redaktionelle hinweise|internet|orte?|ansprechpartner|kontakte?|links?|service)\b.*"
    r"|(?:die |diese |folgende )?(?:folgenden |nachfolgenden )?(?:informationen|angaben|hinweise)"
    r" sind nicht zur veröffentlichung bestimmt.*"
    r"|the following information is not (?:intended )?for publication.*)$"
)
_TIME = re.compile(
    r"(?:[A-Z]{2,4} )?(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})\s?"
    r"(?P<zone>[A-Z]{1,4}(?=\s))?\s?"
    r"(?P<month>[A-Za-zÄä]{3,4})\s?(?P<year>(?:20|19)?\d{2})\W*"
)
#: ``dpa ab cd n1``, ``ab/cd``; a line in small letters may be one of the text.
_CLOSING = re.compile(
    r"NNNN|(?:adn|afp|ap|apa|dapd|ddp|dpa|dpa-afx|epd|kna|rtr|sda|sid)(?:[ /-][a-z0-9]{1,5}){1,8}"
    r"|[a-z]{2,4}(?:/[a-z]{2,4}){1,4}"
)
_SLUGLINE = re.compile(r"[^/\n]{1,60}(?:/[^/\n]{1,60}){0,8}/|[^/\s]{1,40}(?:/[^/\s]{1,40}){1,8}")
_NOTE = re.compile(
    r"=?\(.*\)=?|[A-ZÄÖÜ0-9 .,:+-]{2,50}"
    r"|(?i:[\W_]{0,20}(?:achtung\W{1,10}(?:redaktionen?\W{1,10})?)?"
    r"(?:sperrfrist|sperrvermerk|embargoed until)\b"
    r"(?=\s*:|\s*(?:bis\s+)?(?:\d{1,2}[.:]|\d{4}(?:-|\W*\Z)"
    r"|\d{1,2} (?!tage|wochen|monate|jahre|stunden)|heute|morgen"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend)|\W*\Z).*)"
)
_NO_HEADLINE = re.compile(r"(?i)\(.*\)|sperrfrist|achtung|eilmeldung\W*\Z|embargo")
_BYLINE = re.compile(r"(?i)(?:von|by|aus|text:)\s")
_PARAGRAPH = re.compile(r"\n(?=[ \t]{2,}\S)")
_HEAD_LINES, _CLOSING_LINES = 10, 6
#: The German letters of seven bits (DIN 66003).
_SEVEN_BITS = str.maketrans("[\\]{|}~", "ÄÖÜäöüß")
_BETWEEN_LETTERS = re.compile(r"[A-Za-z][{|}~]|(?<![/\w])[{|}~][a-z]")
_LEAST = 2
_MENDED = "Its umlauts were written in seven bits (DIN 66003); they were put right."


def is_wire(data: bytes) -> bool:
    """Whether the bytes begin with the line of codes."""
    return _HEAD.match(data[:512]) is not None


@dataclass(slots=True)
class _Lines:
    """What the lines above the text are."""

    headline: list[str] = field(default_factory=list)
    slugline: str = ""
    bylines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_wire(data: bytes) -> Draft:
    """Read one message. Raises ``Unreadable``."""
    head = _HEAD.match(data[:512])
    assert head  # noqa: S101  (narrows the type: whoever calls has recognised it)
    before, text, behind = _parts(_LINE_ENDS.sub(b"\n", data[head.end() - 1 :]))
    decoded = decode(text)
    whole, mended = _in_eight_bits(decoded.text)
    body, time = _without_notes(whole, _plain(behind))
    above, below = _headed(body)
    slugline = one_line(_in_eight_bits(_plain(before))[0]).strip("/ ") or above.slugline.strip("/")
    item = Item(
        headline=one_line(" ".join(above.headline)),
        body=below,
        published=time,
        bylines=above.bylines,
        credits=[(head["more"] or b"").split(b" ")[0].decode("ascii", "ignore")],
        notes=above.notes,
        slugline=slugline,
        subjects=[head["desk"].decode()],
        warnings=[_MENDED] if mended else [],
    )
    if not item.headline and item.body:
        first, _, rest = item.body[0].partition("\n")
        item.headline, item.body = first, [*([rest] if rest else []), *item.body[1:]]
    return draft_of("iptc7901", item, Decoded("", decoded.encoding, decoded.warnings))


def _parts(rest: bytes) -> tuple[bytes, bytes, bytes]:
    """Before the text, the text, and behind it; the control characters may be missing."""
    before, begins, text = rest.partition(_STX)
    if not begins:
        before, text = b"", rest
    text, _, behind = text.partition(_ETX)
    return before, text.strip(b"\x00\x01\x04\x16\n"), behind.strip(b"\x00\x01\x04\x16\n")


def _plain(data: bytes) -> str:
    return decode(data).text if data.strip() else ""


def _in_eight_bits(text: str) -> tuple[str, bool]:
    seven = text.isascii() and len(_BETWEEN_LETTERS.findall(text)) >= _LEAST
    return (text.translate(_SEVEN_BITS), True) if seven else (text, False)


def _without_notes(text: str, behind: str) -> tuple[str, str]:
    """The text without what is for editors, and when it was sent."""
    last = [line.strip() for line in (behind or text).rstrip().split("\n")[-3:]]
    match = next((m for line in reversed(last) if (m := _TIME.fullmatch(line))), None)
    if notes := _NOTES.search(text):
        text = text[: notes.start()]
    return _without_closing(text.rstrip().split("\n")), _time(match) if match else ""


def _without_closing(lines: list[str]) -> str:
    """Without who wrote it, in short (``dpa ab cd n1``), and when, below the text."""
    for _ in range(_CLOSING_LINES):
        last = lines[-1].strip()
        if len(lines) == 1 or (last and not (_TIME.fullmatch(last) or _CLOSING.fullmatch(last))):
            break
        lines.pop()
    return "\n".join(lines)


def _time(match: re.Match[str]) -> str:
    """As dates are written. Of a time in a zone that nobody knows the day alone."""
    day = f"{match['day']}. {match['month']} {match['year']}"
    zone = match["zone"] or ""
    whole = f"{day}, {match['hour']}:{match['minute']} {zone}".rstrip()
    known = read_date(day).published
    return f"{known.value} {zone}" if known and zone and read_date(whole).part else whole


def holds_several(data: bytes) -> bool:
    """Whether there is another message behind the first."""
    head = _HEAD.match(data[:512])
    rest = data[head.end() - 1 if head else 0 :]
    return rest.count(_STX) > 1 or _NEXT_HEAD.search(rest) is not None


def next_heads(data: bytes) -> list[int]:
    """Where further messages begin, by their lines of codes; whole ones alone are known."""
    head, begins = _HEAD.match(data[:512]), list[int]()
    at = head.end() - 1 if head else 0
    while match := _NEXT_HEAD.search(data, at):
        begins.append(match.end())
        at = match.end(1) - 1
    return begins


def _headed(text: str) -> tuple[_Lines, list[str]]:
    """What stands above the text: up to a line with ``=`` at its end, else the first block."""
    lines, above = text.strip("\n").split("\n"), _Lines()
    end = next((n for n, line in enumerate(lines[:_HEAD_LINES]) if line.rstrip().endswith("=")), -1)
    if end < 0:
        blank = (n for n, line in enumerate(lines[:_HEAD_LINES]) if not line.strip())
        end = next(blank, 1) - 1
    for line in map(str.strip, lines[: end + 1]):
        _sort(above, line.removesuffix("=").strip())
    _give_headline(above)
    if len(" ".join(above.headline)) > LONGEST_HEADLINE:
        return _Lines(), paragraphs(_PARAGRAPH.sub("\n\n", text))
    return above, paragraphs(_PARAGRAPH.sub("\n\n", "\n".join(lines[end + 1 :])))


def _give_headline(above: _Lines) -> None:
    """Wires that write headlines in capitals have no other."""
    if above.headline:
        return
    capitals = [line for line in above.notes if line.isupper() and not _NO_HEADLINE.search(line)]
    above.headline = capitals
    above.notes = [line for line in above.notes if line not in capitals]


def _sort(above: _Lines, line: str) -> None:
    if not line:
        return
    if not above.slugline and not above.headline and _SLUGLINE.fullmatch(line):
        above.slugline = line
    elif _NOTE.fullmatch(line) and not (above.headline and line.isupper()):
        above.notes.append(line)  # in capitals below a headline: the rest of it
    elif above.headline and _BYLINE.match(bare := line.strip("- ")):
        above.bylines.append(bare)
    else:
        above.headline.append(line)
