"""A mail with what is attached to it: the mail itself and each attachment, as members.

What holds no text by its kind (a logo, a card of addresses, a signature) is left alone: it would
fail, with each mail of its sender.
"""

from __future__ import annotations

import binascii
import mimetypes
from collections.abc import Iterator
from email.errors import MessageError
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO

from articles.errors import Unreadable
from extraction.containers.member import Kind, Member, Opened, Sample, too_long
from extraction.containers.names import safe_name
from extraction.formats.binary import holds_no_text
from extraction.formats.clean import one_line
from extraction.formats.mail import (
    file_name,
    is_attached,
    is_mail,
    leaves,
    pieces,
    refuse_many_parts,
    texts,
)
from extraction.formats.mail_parser import parsed

#: The member that is the mail itself.
MAIL = "mail.eml"
_ENDING = ".eml"
_WITHIN = "message/rfc822"
_HEAD_LINES = 200
_PARTED = (b"multipart/", b"message/rfc822")
#: Fields that say how a mail is put together, which is another way once its attachments are gone.
_OF_PARTS = ("content-type", "content-transfer-encoding", "content-disposition", "mime-version")
_NO_TEXT_TYPES = ("image/", "audio/", "video/", "font/")
_NO_TEXT = frozenset(
    (
        *("application/pgp-signature", "application/pgp-keys", "application/pgp-encrypted"),
        *("application/pkcs7-signature", "application/x-pkcs7-signature", "application/ms-tnef"),
        *("text/vcard", "text/x-vcard", "text/directory", "text/calendar", "application/ics"),
        *("text/css", "text/x-amp-html", "text/rfc822-headers", "message/delivery-status"),
        *("message/disposition-notification", "message/feedback-report", "text/x-moz-deleted"),
        *("application/x-apple-diskimage", "message/external-body"),
    )
)
_NO_TEXT_ENDINGS = (
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp", ".tif", ".tiff", ".ico", ".heic"),
    *(".emz", ".wmz", ".wmf", ".emf", ".mp3", ".mp4", ".m4a", ".mov", ".wav", ".avi", ".ogg"),
    *(".p7s", ".p7m", ".asc", ".sig", ".pgp", ".cer", ".crt", ".key", ".vcf", ".ics", ".ical"),
    *(".css", ".js", ".ttf", ".otf", ".woff", ".woff2", ".exe", ".dll", ".msi", ".lnk"),
    "winmail.dat",
)
_ADVICE = "Save its attachments, and drop them one by one."


def _recognises(sample: Sample) -> bool:
    """A mail to which something is attached that may hold an article."""
    head = sample.head.partition(b"\r\n\r\n" if b"\r\n\r\n" in sample.head else b"\n\n")[0].lower()
    if not any(parted in head for parted in _PARTED):
        return False
    if not (sample.ends_in(_ENDING) or is_mail(_lines(head))):
        return False
    try:
        data = sample.whole()
        refuse_many_parts(data)
        return any(map(may_hold_text, attachments(parsed(data))))
    except (MessageError, LookupError, ValueError, RecursionError, Unreadable):
        return False  # its reader says what is wrong


def _lines(head: bytes) -> list[str]:
    return head.decode("latin-1").replace("\r\n", "\n").split("\n")[:_HEAD_LINES]


def attachments(mail: Message) -> Iterator[Message]:
    """Yield what is no text of the mail's own, in its order."""
    own = set(map(id, texts(mail)))
    yield from (part for part in leaves(mail) if id(part) not in own)


def may_hold_text(part: Message) -> bool:
    """Tell by an attachment's kind whether it may be an article's file, or hold some."""
    kind, name = part.get_content_type(), _written_name(part).lower()
    if kind == _WITHIN:
        return True
    if kind.startswith(_NO_TEXT_TYPES) or kind in _NO_TEXT or name.endswith(_NO_TEXT_ENDINGS):
        return False
    data = _data(part)[:4096]
    return bool(name or data.strip()) and not holds_no_text(data)


def members_of(data: bytes, most: int) -> Iterator[Member]:
    """Yield the members of a mail: itself where it has a text, then what is attached.

    Raises ``Unreadable`` where it is broken.
    """
    refuse_many_parts(data)
    try:
        mail = parsed(data)
        if own := _own(mail):
            yield Member(MAIL, own)
        names: dict[str, int] = {}
        for number, part in enumerate(attachments(mail), 1):
            name = _unique(safe_name(_written_name(part)) or _made_name(part, number), names)
            if not may_hold_text(part):
                yield Member(name, left=True)
                continue
            content = _data(part)
            fault = too_long(f"{name!r}", most) if len(content) > most else ""
            yield Member(name, b"" if fault else content, fault)
    except (MessageError, LookupError, ValueError, RecursionError) as fault:
        said = one_line(str(fault))[:200]
        raise Unreadable(f"This mail is broken: {said}.", _ADVICE) from fault


def _members(opened: Opened) -> Iterator[Member]:
    most = opened.limits.member_bytes
    data = opened.stream.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"{too_long('It', most)}.", _ADVICE)
    yield from members_of(data, most)


def _own(mail: Message) -> bytes:
    """The mail with its texts alone; nothing where it has none."""
    together = pieces(mail)
    kind = "mixed" if len(together) > 1 else "alternative"
    chosen = together if len(together) > 1 else texts(mail)
    own: list[Message | str] = [part for part in chosen if _data(part).strip()]
    if not own:
        return b""
    alone = Message()
    for name, value in mail.raw_items():
        if name.lower() not in _OF_PARTS:
            alone.set_raw(name, value)
    alone["MIME-Version"] = "1.0"
    alone["Content-Type"] = f'multipart/{kind}; boundary="=_depesche"'
    alone.set_payload(own)
    return _written(alone)


def _data(part: Message) -> bytes:
    """The bytes of an attachment; of a mail within the mail as it was sent."""
    inner = part.get_payload()
    mail = inner[0] if isinstance(inner, list) and inner else None
    if part.get_content_type() == _WITHIN and isinstance(mail, Message):
        if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
            return _decoded(str(mail.get_payload()))  # not allowed, and sent all the same
        return _written(mail)
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text.encode("ascii", "ignore"))
    except binascii.Error:
        return b""


def _written(mail: Message) -> bytes:
    """As bytes, nothing of it folded anew."""
    target = BytesIO()
    BytesGenerator(target, mangle_from_=False, maxheaderlen=0).flatten(mail)
    return target.getvalue()


def _written_name(part: Message) -> str:
    name = file_name(part)
    return name.replace("\\", "/").rpartition("/")[2].lstrip(".")


def _made_name(part: Message, number: int) -> str:
    kind = part.get_content_type()
    ending = _ENDING if kind == _WITHIN else mimetypes.guess_extension(kind) or ".bin"
    return f"{'attached' if is_attached(part) else 'part'}-{number}{ending}"


def _unique(name: str, names: dict[str, int]) -> str:
    """Two of one name would be one file; the mail itself has a name, too."""
    names[name] = names.get(name, 1 if name == MAIL else 0) + 1
    return name if names[name] == 1 else f"{names[name]}-{name}"


KIND = Kind("a mail with attachments", _recognises, _members)
