"""Which documents were made of a part of a file, or of more than it. Pure rules.

Nobody sees that a file is not finished while its writer has it closed (``>>``, a resumed transfer),
or where open writers cannot be seen. So a part may be claimed, and the whole comes after it:

- A file that was read before, in this batch, and looked otherwise then: whatever was made of it is
  made anew. So a file that changes while it is worked on is simply done again.
- A file whose beginning is, byte for byte, what was claimed under its name within the last
  minutes: it takes the place of that one.
- A file that ends before one of its name does that was claimed a little later: that one has it all.

The index says which bytes a document was made of (``source.sha256``, ``source.bytes``).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from indexing.writing.replace import MadeOf

#: What comes later under the same name is another matter.
WITHIN = timedelta(minutes=10)


def claimed_within(old: MadeOf, received: datetime) -> timedelta | None:
    """How long before ``received`` the document's file was claimed; None if that is too far."""
    try:
        before = received - datetime.fromisoformat(old.received_at)
    except (ValueError, TypeError):
        return None
    return before if abs(before) <= WITHIN else None


def claimed_since(old: MadeOf) -> datetime:
    """From when on copies of the document's article may have been claimed, with some to spare."""
    try:
        return datetime.fromisoformat(old.received_at).astimezone(UTC) - WITHIN
    except (ValueError, TypeError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def is_former(old: MadeOf, data: bytes, received: datetime) -> bool:
    """Whether a document of a file of the same name was made of an earlier part of this one.

    ``received`` is when this one was claimed. At the same moment: this very file, as it was.
    """
    before = claimed_within(old, received)
    if before is None or old.sha256 == hashlib.sha256(data).hexdigest():
        return False
    return not before or (before > timedelta() and begins_with(data, old))


def begins_with(data: bytes, old: MadeOf) -> bool:
    """Whether the document was made of the first bytes of ``data``, and not of all."""
    if not 0 < old.bytes < len(data):
        return False
    return hashlib.sha256(memoryview(data)[: old.bytes]).hexdigest() == old.sha256
