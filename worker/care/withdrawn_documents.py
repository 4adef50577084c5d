"""The documents of what was withdrawn: their ids, whether they are back, and away with them."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.formats.identity import OF_CONTENT
from indexing.writing.withdraw import found_anywhere, remove_everywhere
from worker.container import Container
from worker.spool.withdrawal import Withdrawal


def documents_of(container: Container, withdrawals: Sequence[Withdrawal]) -> list[str]:
    """The ids of the documents of these: their own, and those of texts that are the same."""
    ids = [one.id for one in withdrawals]
    return list(dict.fromkeys([*ids, *container.tombstones.keys_beginning(ids, OF_CONTENT)]))


def back_in(container: Container, ids: Sequence[str]) -> list[str]:
    """Which of these have a document, in any version of the index."""
    return found_anywhere(container.client, container.settings.index, ids)


def unindex(container: Container, ids: Sequence[str]) -> int:
    return remove_everywhere(container.client, container.settings.index, ids)
