"""A mail that Outlook saved (.msg): itself and what is attached, as of any mail."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator

from articles.errors import Unreadable
from extraction.confined.reading import read_confined
from extraction.containers.mail import members_of
from extraction.containers.member import Kind, Member, Opened, Sample, too_long
from extraction.formats.office import OLE

_ENDING = ".msg"
_ADVICE = "Open it in Outlook and save it as .eml, or its text as plain text (.txt), and drop that."


def _recognises(sample: Sample) -> bool:
    """By its name and its first bytes, which older documents of Office have too."""
    return sample.head.startswith(OLE) and sample.ends_in(_ENDING)


def _members(opened: Opened) -> Iterator[Member]:
    most = opened.limits.member_bytes
    data = opened.stream.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"{too_long('It', most)}.", _ADVICE)
    said = read_confined("msg", data, opened.limits.reader)
    try:
        mail = b64decode(str(said.get("mail")), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Unreadable(f"Its reader said what is no mail: {fault}.", _ADVICE) from fault
    yield from members_of(mail, most)


KIND = Kind("a mail of Outlook's", _recognises, _members, whole=True)
