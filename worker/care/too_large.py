"""Documents that others have made too large to be updated: they are never enriched."""

from __future__ import annotations

from collections.abc import Iterator

from worker.care.note import Note
from worker.container import Container
from worker.wording import counted

#: What a person should do with one.
TO_DO = "`depesche withdraw` it by its id, or delete the document"


def too_large(container: Container) -> Iterator[Note]:
    """Those among the oldest that wait; nothing else waits for them."""
    from indexing.writing.too_large import LOOKED_AT, stuck

    if ids := stuck(container.client, container.settings.index):
        least = "at least " if len(ids) >= LOOKED_AT else ""
        text = (
            f"{least}{counted(len(ids), 'document')} of those that wait longest, too large to be "
            "updated: another program wrote what they hold, and they stay as they are"
        )
        yield Note("too_large", text, f"Of what is too large, {TO_DO}", tuple(ids), wrong=True)
