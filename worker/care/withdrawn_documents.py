"""The documents of what was withdrawn: their ids, whether they are back, and away with them."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.formats.identity import OF_CONTENT
from indexing.writing.withdraw import found_anywhere, remove_everywhere
from worker.container import Container
from worker.intake.claimed import Claims
from worker.spool.agreed import COMING
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


def left_under_keys(container: Container, ids: Sequence[str]) -> list[str]:
    """The ids of documents that stay, as :func:`may_be_others` has it, of these withdrawals."""
    keys = container.tombstones.keys_beginning(ids, f"{COMING}{OF_CONTENT}")
    there = back_in(container, [key.removeprefix(COMING) for key in dict.fromkeys(keys)])
    return list(may_be_others(container, there))


def may_be_others(container: Container, ids: Sequence[str]) -> dict[str, Withdrawal]:
    """Which documents of these ids say they are of another site, though a text of what was
    withdrawn had that key: they stay, for they may be another article. By id what that was.

    Without those that the ledger knows here, and that are withdrawn themselves.
    """
    keys = {f"{COMING}{id_}": id_ for id_ in ids if id_.startswith(OF_CONTENT)}
    found = {keys[key]: one for key, one in container.tombstones.of(keys).items()}
    if not found:
        return {}
    own = Claims(container.folders, container.ledger).own(list(found))
    gone = container.tombstones.of(found).keys() | own
    return {id_: one for id_, one in found.items() if id_ not in gone}
