"""Which keys a document is believed: who may write documents can have one claim any.

By the keys of a withdrawal documents go, and files as they come. What the ledger knows as another
article is none of it, whatever a document says. What only a document says is another's (that of
another site) stays, and what comes under its key is refused: no text of the article is let in for
that document's sake.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

import structlog

from articles.article import KEYS
from indexing.index.sound import is_key
from indexing.index.source import source_of
from indexing.writing.states import existing
from indexing.writing.stored import readable
from worker.care.files_of import copies_of
from worker.container import Container
from worker.intake.claimed import is_kept
from worker.spool.agreed import COMING
from worker.spool.withdrawal import KeptFile

log = structlog.get_logger()

#: Keys of one document that are looked at, as many as a withdrawal has places for, and ids that
#: Elasticsearch is asked for at once.
MOST, _AT_ONCE = 5_000, 1_000


def of_no_other(container: Container, told: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Of the keys that are told of each, by id, those that are no other article's ids.

    Another one has files of other bytes as the ledger knows, in the archive or a mirror, or with a
    document: one that was joined to another since has neither. What has a document of another site
    is ``COMING``. Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    keys = {id_: list(islice(of_one, MOST)) for id_, of_one in told.items()}
    claimed = {id_: set(filter(_is_id, of_one)) - {id_} for id_, of_one in keys.items()}
    every = sorted(set().union(*claimed.values()))
    there = _existing(container, every)
    copies = copies_of(container.ledger, [*keys, *every])
    unsure = (key for key in every if key not in there)
    kept = {key for key in unsure if _is_any_kept(container, key, copies.get(key, ()))}

    def is_other(id_: str, key: str) -> bool:
        own = {file.sha256 for file in copies.get(id_, ())}
        strange = any(file.sha256 not in own for file in copies.get(key, ()))
        return strange and key in there | kept

    others = {id_: {k for k in of_one if is_other(id_, k)} for id_, of_one in claimed.items()}
    left = {id_: [k for k in of_one if k not in others[id_]] for id_, of_one in keys.items()}
    elsewhere = of_another_site(container, sorted(there))
    return {id_: coming(of_one, elsewhere - {id_}) for id_, of_one in left.items()}


def coming(keys: Iterable[str], ids: Collection[str]) -> list[str]:
    """The keys; by what is one of these ids only what comes is refused."""
    return [f"{COMING}{key}" if key in ids else key for key in keys]


def of_another_site(container: Container, ids: Sequence[str]) -> set[str]:
    """Those whose documents say that they are of another site, which anybody may have written, or
    cannot be read.
    """
    entries = readable(container.client, container.settings.index, ids, ["source.site"])
    sites = {e["_id"]: (source_of(e).get("source") or {}).get("site") or "" for e in entries}
    found = {i for i in ids if i not in sites or not container.site.owns(str(sites[i]))}
    if found:
        log.warning("withdraw.of_another_site", documents=len(found), some=sorted(found)[:10])
    return found


def _existing(container: Container, ids: list[str]) -> set[str]:
    parts = (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
    client, index = container.client, container.settings.index
    return set[str]().union(*(existing(client, index, part) for part in parts))


def _is_id(key: str) -> bool:
    return key.startswith(KEYS) and is_key(key)


def _is_any_kept(container: Container, id_: str, files: Collection[KeptFile]) -> bool:
    return any(is_kept(container.folders, id_, file.path, file.sha256) for file in files)
