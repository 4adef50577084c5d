"""Pages that a browser saved as one file (MHTML, RFC 2557): a mail whose first HTML is the page."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.message import Message

from articles.errors import Unreadable
from extraction.formats.clean import one_line
from extraction.formats.decode import decode
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile
from extraction.formats.html_format import declared_in, draft_of
from extraction.formats.mail import leaves, refuse_many_parts
from extraction.formats.mail_parser import parsed
from extraction.formats.page.tree import ADVICE

_ENDINGS = (".mhtml", ".mht")
_HEAD = 8_192
#: What browsers write at the head, and mail programs do not.
_OF_SAVED = (b"<saved by ", b"snapshot-content-location:")
_SAVED = re.compile(rb"(?im)^(?:From: *\"?<Saved by |Snapshot-Content-Location:)")
_LONGEST_VALUE, _LONGEST_DATE = 2_000, 40
_PAGES = {"text/html", "application/xhtml+xml"}


def read_mhtml(file: RawFile) -> tuple[Draft, ...]:
    """Read a page with all that belongs to it. Raises ``Unreadable`` where it holds no article."""
    refuse_many_parts(_styles_apart(file.data))
    try:
        whole = parsed(file.data)
        page = next((part for part in leaves(whole) if part.get_content_type() in _PAGES), None)
        data = page.get_payload(decode=True) if page is not None else None
        charset = (page.get_content_charset() or "") if page is not None else ""
    except (MessageError, LookupError, ValueError, RecursionError) as fault:
        said = one_line(str(fault))[:200]
        raise Unreadable(f"This saved page is broken: {said}.", ADVICE) from fault
    if not isinstance(data, bytes):
        raise Unreadable("This saved page holds no page.", ADVICE)
    decoded = decode(data, charset or declared_in(data))
    captured = str(whole.get("WARC-Date") or "").strip()[:_LONGEST_DATE]
    return (draft_of("mhtml", decoded, _address(whole, page), captured),)


def _address(whole: Message, page: Message | None) -> str:
    """Return where the page was saved from."""
    said = [whole.get("Snapshot-Content-Location"), page.get("Content-Location") if page else None]
    return next((str(each).strip()[:_LONGEST_VALUE] for each in said if each), "")


def _styles_apart(data: bytes) -> bytes:
    """Return the bytes without the lines of style sheets that begin as a part does."""
    return _VARIABLE.sub(b"\n", data)


_VARIABLE = re.compile(rb"\n--[a-z][\w-]{0,80}[:=]")


def _recognises(file: RawFile) -> bool:
    """By its ending, where its head is one; and by what browsers write there."""
    head = file.data[:_HEAD]
    small = head.lower()
    if any(said in small for said in _OF_SAVED) and _SAVED.search(_fields(head)):
        return not file.ends_in(".json")
    return file.ends_in(*_ENDINGS) and b"content-type:" in small


def _fields(head: bytes) -> bytes:
    return head.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]


FORMAT = Format(_recognises, read_mhtml)
