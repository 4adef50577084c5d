"""A mail (RFC 5322, MIME): a press release, a dispatch that came by mail, one that was saved.

The subject is the headline, the best of its texts the article. What is attached is a file of its
own (``extraction/containers/mail.py``); what comes here with it is named, and not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any

from articles.errors import Unreadable
from extraction.formats.clean import clean, one_line
from extraction.formats.decode import decode
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile
from extraction.formats.html_format import declared_in
from extraction.formats.mail_page import lead_and_body_of
from extraction.formats.mail_parser import ADVICE as _ADVICE
from extraction.formats.mail_parser import LONGEST_TOLD, parsed
from extraction.formats.text_format import lead_and_body, paragraphs
from extraction.formats.values import from_values
from german.wordlist import word_list

_BOX_ADVICE = "Save each mail as a file of its own with the ending .eml."
#: What stands before each mail of a box (RFC 4155).
_BEGINS = re.compile(rb"(?m)^From \S+ .*\d{4}\r?$")
_ENDING = ".eml"
_FIELD = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]{1,40}):(?:[ \t].*)?")
#: Fields that people write too, and those that only machines do.
_WRITTEN = word_list("from to subject date cc reply-to sender")
_MACHINE = word_list(
    "received return-path message-id mime-version delivered-to dkim-signature content-type"
    " content-transfer-encoding x-mailer x-original-to authentication-results"
)
_LEAST_WRITTEN, _LEAST_MACHINE = 2, 1
#: What a mail that was saved as text keeps: these, and ``To:`` or ``Date:``.
_SAVED, _SAVED_TOO = {"from", "subject"}, {"to", "date"}
_PREFIX = re.compile(r"(?i)\A(?:(?:re|aw|fw|fwd|wg)\s*:\s*)+")
_SIGNATURE = re.compile(r"(?m)^-- \n")
#: What Exchange and Apple's Mail call a piece of the text that stands behind a picture.
_PIECE_OF_TEXT = re.compile(r"(?i)att\d{5}\.(?:html?|txt)")
#: A field that is longer, and a mail that is nested more often, costs its parser time out of all
#: proportion; no mail of people's has either.
_LONGEST_FIELD, _MOST_NESTED, _MOST_PARTS = 10_000, 200, 10_000
#: ``boundary=``, in all the ways in which a field of a head may say it (RFC 2231).
_BOUNDARY = re.compile(rb"(?i)boundary[\s*0-9]*+=")
#: Of a text; each may be a page, which takes its time.
_MOST_PIECES = 50
_MORE_PIECES = f"Its text is in more than {_MOST_PIECES} pieces; those behind were not read."
_LONGEST_BLANK = 1_000
_LOST = "\ufffd"  # what the library has for bytes in a field
_NO_SUBJECT = "The mail has no subject; the first line of its text was taken."


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a mail, how it was decoded, and what was odd about its bytes."""

    lead: str
    body: str
    encoding: str
    warnings: tuple[str, ...]


def read_mail(file: RawFile) -> tuple[Draft, ...]:
    """Read one mail. Raises ``Unreadable`` where it holds no text, or is broken."""
    if len(_BEGINS.findall(file.data)) > 1:
        raise Unreadable("This is a box of several mails.", _BOX_ADVICE)
    refuse_many_parts(file.data)
    try:
        mail = parsed(file.data)
        text = _best_text(mail)
        values, warnings = _values(mail, text)
    except (MessageError, LookupError, ValueError, RecursionError) as fault:
        raise Unreadable(f"This mail is broken: {one_line(str(fault))[:200]}.", _ADVICE) from fault
    draft = from_values("mail", values, _ADVICE, (*text.warnings, *warnings))
    return (replace(draft, encoding=text.encoding),)


def refuse_many_parts(data: bytes) -> None:
    """Raise ``Unreadable`` where the parser would need time out of all proportion."""
    nested = sum(1 for _ in _BOUNDARY.finditer(data))
    if nested > _MOST_NESTED or (nested and data.count(b"\n--") > _MOST_PARTS):
        most = f"{_MOST_PARTS:,} parts, or {_MOST_NESTED} in each other"
        raise Unreadable(f"This mail has more than {most}.", _ADVICE)


def _values(mail: Message, text: _Text) -> tuple[dict[str, Any], tuple[str, ...]]:
    warnings, headline, lead, body = [*_attached(mail)], _subject(mail), text.lead, text.body
    if not headline:
        first, *parts = paragraphs(f"{lead}\n\n{body}")
        first, _, rest = first.partition("\n")
        headline, parts = one_line(first), [rest.strip(), *parts] if rest.strip() else parts
        lead, parts = lead_and_body(parts)
        body = "\n\n".join(parts)
        warnings.append(_NO_SUBJECT)
    values = {
        "headline": headline,
        "lead": lead,
        "body": body,
        "published": _field(mail, "date") or None,
        "byline": _names(mail) or None,
        "id": _field(mail, "message-id").strip("<> ") or None,
    }
    return values, tuple(warnings)


def _subject(mail: Message) -> str:
    return _PREFIX.sub("", _field(mail, "subject"))


def _field(mail: Message, name: str) -> str:
    """Return a field of the head as one line, its words decoded (RFC 2047) where they can be."""
    return one_line(clean(_words(str(mail.get(name, ""))[:_LONGEST_FIELD])))


def _names(mail: Message) -> list[str]:
    """Return the senders' names; an address alone names nobody."""
    senders = getaddresses([_field(mail, "from")])
    return [name for name, _ in senders if name and "@" not in name]


def leaves(mail: Message) -> Iterator[Message]:
    """Yield the parts that hold something; a mail within the mail is one of them."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += [each for each in reversed(inner) if isinstance(each, Message)]
        else:
            yield part


def texts(mail: Message) -> Iterator[Message]:
    """Yield the parts that may be its text, the better first: plain before HTML."""
    inline = [part for part in leaves(mail) if not is_attached(part)]
    for kind in ("text/plain", "text/html"):
        yield from (part for part in inline if part.get_content_type() == kind)


def pieces(part: Message) -> list[Message]:
    """Return the parts that are its text together, in their order: of alternatives one (RFC 2046).

    Pictures and attachments often stand between the pieces of a text.
    """
    inner = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(inner, list):
        return [part] if is_text(part) and not is_attached(part) else []
    each = [found for one in inner if isinstance(one, Message) if (found := pieces(one))]
    if part.get_content_subtype() == "alternative":
        plain = [found for found in each if all(_is_plain(one) for one in found)]
        return next((found for found in [*plain, *each] if any(map(_holds, found))), [])
    if part.get_content_subtype() == "related":  # the text, and what it shows
        return next(iter(each), [])
    return [one for found in each for one in found]


def _is_plain(part: Message) -> bool:
    return part.get_content_type() == "text/plain"


def _holds(part: Message) -> bool:
    """What is long is no blank; it is not decoded anew at each level of parts in each other."""
    if len(str(part.get_payload())) > _LONGEST_BLANK:
        return True
    data = part.get_payload(decode=True)
    return isinstance(data, bytes) and bool(data.strip())


def _best_text(mail: Message) -> _Text:
    together, headline = pieces(mail), _subject(mail)
    if len(together) > 1:
        whole = _joined([_read(part, headline) for part in together[:_MOST_PIECES]])
        if whole.body:
            more = (_MORE_PIECES,) if len(together) > _MOST_PIECES else ()
            return replace(whole, warnings=(*whole.warnings, *more))
    for part in texts(mail):
        text = _read(part, headline)
        if text.lead or text.body:
            return text
    raise Unreadable("This mail holds no text.", _ADVICE)


def _joined(read: list[_Text]) -> _Text:
    """Return pieces as one text."""
    first, *behind = dict.fromkeys(text for text in read if text.lead or text.body) or read
    body = [first.body, *(part for text in behind for part in (text.lead, text.body))]
    lead, whole = first.lead, "\n\n".join(filter(None, body))
    if not lead:
        lead, parts = lead_and_body(paragraphs(whole))
        whole = "\n\n".join(parts)
    said = dict.fromkeys(warning for text in read for warning in text.warnings)
    return _Text(lead, whole, first.encoding, tuple(said))


def _read(part: Message, headline: str) -> _Text:
    payload, is_html = part.get_payload(decode=True), part.get_content_subtype() == "html"
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() if is_short(part, "content-type") else None
    declared = declared_in(data) if is_html else ""
    text, encoding, said = _decoded(data, charset or declared or None)
    if is_html:
        return _Text(*lead_and_body_of(text, headline), encoding, said)
    lead, body = lead_and_body(paragraphs(_SIGNATURE.split(text)[0].strip()))
    return _Text(lead, "\n\n".join(body), encoding, said)


def is_attached(part: Message) -> bool:
    """Tell a part that its sender calls an attachment, and that is no piece of the text."""
    told = str(part.get("content-disposition", "")).strip().lower().startswith("attachment")
    return told and not _PIECE_OF_TEXT.fullmatch(file_name(part))


def is_short(part: Message, field: str) -> bool:
    """Tell a field that is no longer than people and programs write them."""
    return len(str(part.get(field, ""))) <= LONGEST_TOLD


def _decoded(data: bytes, charset: str | None) -> tuple[str, str, tuple[str, ...]]:
    """By the charset that the mail names, where it is one and fits; else as any file is read."""
    if not data:
        return "", "", ()
    try:
        return clean(data.decode(charset or "utf-8")), charset or "utf-8", ()
    except (LookupError, ValueError):
        read = decode(data)
        return read.text, read.encoding, read.warnings


def _attached(mail: Message) -> tuple[str, ...]:
    names = [_name(part) for part in leaves(mail) if is_attached(part) or not is_text(part)]
    listed = ", ".join(names[:10])
    return (f"What is attached to the mail was not read: {listed[:300]}.",) if names else ()


def is_text(part: Message) -> bool:
    """Tell a part that may be the text of the mail."""
    return part.get_content_type() in {"text/plain", "text/html"}


def _name(part: Message) -> str:
    return (file_name(part) or one_line(clean(part.get_content_type())))[:80]


def file_name(part: Message) -> str:
    """Return what a part's file is called, "" where it has no name, as its program wrote it.

    RFC 2231 has names with umlauts in one way; many have them in words of RFC 2047, or as bytes.
    """
    if not (is_short(part, "content-disposition") and is_short(part, "content-type")):
        return ""
    name = str(part.get_filename() or "")
    if _LOST in name:
        name = str(_with_bytes(part).get_filename() or "")
    return one_line(clean(_words(name)))


def _with_bytes(part: Message) -> Message:
    """Return the head of a part, with what are bytes in it read as any text is."""
    head = Message()
    for field, value in part.raw_items():
        if str(field).lower() in {"content-disposition", "content-type"}:
            raw = str(value).encode("utf-8", "surrogateescape")
            head[field] = decode(raw).text.replace("\n", " ")
    return head


def _words(raw: str) -> str:
    """Return it with its words decoded (RFC 2047), where they can be; else as it is written."""
    with suppress(MessageError, LookupError, ValueError):
        return str(make_header(decode_header(raw)))
    return raw


def _recognises(file: RawFile) -> bool:
    """By its ending, or by its head: of a machine's fields, or of a saved mail."""
    return file.ends_in(_ENDING) or (not file.ends_in(".json") and is_mail(file.head))


def is_mail(lines: list[str]) -> bool:
    """Tell a block of header fields as RFC 5322 has it: of a machine too, or of a saved mail."""
    names: set[str] = set()
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field:
            names.add(field["name"].lower())
        elif not line.strip():
            break
        elif not (names and line[0] in " \t") and not line.startswith("From "):
            return False
    if names >= _SAVED and names & _SAVED_TOO:
        return True
    return len(names & _WRITTEN) >= _LEAST_WRITTEN and len(names & _MACHINE) >= _LEAST_MACHINE


FORMAT = Format(_recognises, read_mail)
