"""A mail as Outlook saves it (.msg, MS-OXMSG): told as a mail of the Internet, by python-oxmsg."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from typing import Any

from oxmsg import Message
from oxmsg.properties import Properties

from articles.errors import Unreadable
from extraction.confined.limits import Limits

_ADVICE = "Open it in Outlook and save it as .eml, or its text as plain text (.txt), and drop that."
#: What Outlook calls mails; contacts, appointments and tasks are called otherwise.
_MAILS = ("ipm.note", "ipm.post", "report")
_FAULTS = (
    *(ValueError, LookupError, OSError, EOFError, TypeError, AttributeError, AssertionError),
    *(ArithmeticError, NotImplementedError),
)
_LONGEST_FIELD = 2_000
#: How comes what the library does not read (an object of another program): left alone, and counted.
_UNREAD = "application/ms-tnef"
#: Where an attachment has the mail that it is (PidTagAttachDataObject), and so deep they are read.
_WITHIN, _DEEPEST = "__substg1.0_3701000D", 5
#: Bytes before the properties of a mail within a mail (MS-OXMSG 2.4.1.2).
_HEAD_WITHIN = 24


def read_outlook(data: bytes, limits: Limits, start: int = 0) -> dict[str, Any]:  # noqa: ARG001  (as all)
    """Return the ``mail`` as bytes in base64. Raises ``Unreadable``."""
    try:
        message = Message.load(data)
        kind = message.message_class.lower()
        if kind and not kind.startswith(_MAILS):
            raise Unreadable(f"This is no mail of Outlook's but {kind[:80]!r}.", _ADVICE)
        mail = _mail(message)
        return {"mail": b64encode(mail.as_bytes()).decode()}
    except _FAULTS as fault:
        said = f"{type(fault).__name__}: {fault}"[:200]
        raise Unreadable(f"This mail of Outlook's is broken: {said}.", _ADVICE) from fault


def warm() -> None:
    """Load what the library of mails loads in the middle of its work."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = "Größe", '"Ä" <a@example.org>', "1 Jan 2024 00:00"
    _set_texts(mail, "Größe", "<p>Größe</p>")
    mail.add_attachment(b"\xff", "application", "pdf", filename="Größe.pdf")
    message_from_bytes(mail.as_bytes(), policy=default)


class _Within(Message):  # type: ignore[misc]
    """A mail within a mail, of which the library knows its storage alone."""

    @property
    def properties(self) -> Properties:
        return Properties(self._storage, properties_header_offset=_HEAD_WITHIN)


def _mail(message: Any, depth: int = 0) -> EmailMessage:
    """``message_headers`` are those with which it came, where it came over the Internet."""
    fields = {name.lower(): value for name, value in message.message_headers.items()}
    sent = message.sent_date
    written = {
        "Subject": message.subject,
        "From": message.sender or "",
        "Date": fields.get("date") or (format_datetime(sent, usegmt=True) if sent else ""),
        "Message-ID": fields.get("message-id", ""),
    }
    mail = EmailMessage()
    for name, value in written.items():
        if line := _line(value):
            # As it is: the library would make an offset of GMT, which tells the instant alone.
            add = mail.set_raw if name == "Date" else mail.add_header
            add(name, line)
    _set_texts(mail, _whole(message.body), _whole(message.html_body))
    for attachment in message.attachments:
        inner = _within(attachment) if depth < _DEEPEST else None
        if inner is not None:
            mail.add_attachment(_mail(inner, depth + 1))
        else:
            _attach(mail, attachment)
    return mail


def _within(attachment: Any) -> Message | None:
    """Return the mail that an attachment is; None where it is a file, or another object."""
    storage = attachment._storage  # the library reads no more of it
    found = next((each for each in storage.storages if each.name == _WITHIN), None)
    mail = _Within(found) if found else None
    kind = mail.message_class.lower() if mail else ""
    return mail if kind.startswith(_MAILS) else None


def _set_texts(mail: EmailMessage, plain: str, html: str) -> None:
    if plain.strip():
        mail.set_content(plain)
    if html.strip() and plain.strip():
        mail.add_alternative(html, subtype="html")
    elif html.strip():
        mail.set_content(html, subtype="html")


def _attach(mail: EmailMessage, attachment: Any) -> None:
    content = attachment.file_bytes
    kind = str(attachment.mime_type or "").lower() if content is not None else _UNREAD
    main, _, sub = kind.partition("/")
    if not (main.isalpha() and sub.isascii() and sub) or main in {"text", "multipart", "message"}:
        main, sub = "application", "octet-stream"  # by its bytes and name, as any file
    mail.add_attachment(content or b"", main, sub, filename=_line(attachment.file_name or ""))


def _line(text: str) -> str:
    return " ".join(_whole(text).split())[:_LONGEST_FIELD]


def _whole(text: str | None) -> str:
    return (text or "").encode("utf-8", "replace").decode().replace("\0", "")
