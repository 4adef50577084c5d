"""Take articles down: the tombstone, from which on nothing lets them in.

It comes first, and says what is left to do (``taking_away.py``): whatever is killed, an article is
not withdrawn, or it is and the rest follows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog

from articles.article import TEXT_FIELDS
from articles.errors import UsageError
from extraction.formats.identity import os_path_of, printable_path
from indexing.index.sound import LONGEST_WORDS, sound_words
from indexing.index.source import source_of
from indexing.writing.by_hand import as_source
from indexing.writing.copies import sites_of
from indexing.writing.stored import in_parts, less_of, readable
from worker import beneath, failpoint
from worker.care.believed import believed
from worker.care.claimed_keys import coming, of_another_site, of_no_other
from worker.care.files_of import WANTED, assets_of, copies_of, files_of, not_another_s
from worker.care.may_hold import MayHold
from worker.care.putting_away import places
from worker.care.same_articles import same_articles
from worker.container import Container
from worker.intake.refusing import day_of, keys_of_document
from worker.intake.told import possible_path
from worker.moment import moment
from worker.spool import recognised
from worker.spool.tombstones import Tombstone
from worker.spool.withdrawal import FILES, INDEX, STEPS, KeptFile, Withdrawal

log = structlog.get_logger()

#: Articles that are noted at once: each may claim 5,000 keys.
_CHUNK = 100
#: Of the texts that a document says it has had, so many are believed to have files: the latest.
_MOST_FILES = 5_000
#: So many of what a document tells come before other documents' ids: the surest are the first.
_SURE = 100
#: What tells of an article; and of documents that only Elasticsearch knows as the same one: what
#: they are themselves. What else they claim anybody may have written, and without end.
_WANTED = ("url", "published", "minhash", *TEXT_FIELDS, *WANTED)
_OF_OTHERS = (*TEXT_FIELDS, "source.path", "source.sha256", "source.bytes")


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants taken down: why, who says so, and whether for good."""

    reason: str
    who: str
    purge: bool = False

    def __post_init__(self) -> None:
        """Raise ``UsageError`` for words that no other site would take for a withdrawal's."""
        for words in (self.reason, self.who):
            if words != sound_words(words):
                raise UsageError(f"A reason or a name has at most {LONGEST_WORDS:,} characters.")

    @property
    def steps(self) -> tuple[str, ...]:
        """What there is to do."""
        return STEPS if self.purge else (INDEX, FILES)


def withdraw(container: Container, ids: Sequence[str], order: Order) -> list[Withdrawal]:
    """Refuse these articles from now on; what is left to do stands in what is returned.

    ``ids`` are those of documents, or of earlier withdrawals. Nobody finds them any more when
    ``finish`` has been called behind it, nor what else is the same article (``same_articles.py``),
    which goes and comes with it. Raises ``ServiceUnavailable`` and ``UsageError``: then some may be
    withdrawn.
    """
    now = moment()
    for start in range(0, len(ids), _CHUNK):
        _note(container, ids[start : start + _CHUNK], order, now)
    failpoint.reach("withdraw.noted")
    return [one for one in container.tombstones.of(ids).values() if one.todo]


def other_sites(container: Container, ids: Sequence[str]) -> dict[str, list[str]]:
    """By id, the other sites that have files of these articles: nobody refuses them there.

    Ask before they are withdrawn: their documents tell. Raises as :func:`withdraw`.
    """
    wanted = ["source.site", "history.site", "copies"]
    entries = readable(container.client, container.settings.index, ids, wanted)
    told = {entry["_id"]: sites_of(source_of(entry)) for entry in entries}
    others = {
        id_: sorted(s for s in sites if not container.site.owns(s)) for id_, sites in told.items()
    }
    return {id_: sites for id_, sites in others.items() if sites}


def _note(container: Container, ids: Sequence[str], order: Order, now: str) -> None:
    sure, others, beyond = _others(container, ids)
    some = {id_: found[: recognised.MOST_OF_OTHERS] for id_, found in others.items()}
    known = list(dict.fromkeys([*ids, *(i for found in sure.values() for i in found)]))
    strange = sorted({i for found in some.values() for i in found}.difference(known))
    each = _each(container, known, _WANTED, order, now)
    each |= _each(container, strange, _OF_OTHERS, order, now)
    of_each = {id_: [each[other] for other in found] for id_, found in some.items()}
    elsewhere = of_another_site(container, sorted(set[str]().union(*others.values())))
    container.tombstones.add(
        (
            _with_others(each[id_], [each[o] for o in sure.get(id_, ())], of_each.get(id_, ()))
            for id_ in ids
        ),
        {id_: coming([*found, *_keys(of_each[id_])], elsewhere) for id_, found in others.items()},
        beyond,
    )
    for one in (each[id_][0] for id_ in ids):
        log.info("article.withdrawn", id=one.id, path=one.path, purged=order.purge, who=order.who)


def _others(
    container: Container, ids: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
    """By id, other documents of the article: of which the ledger has files, and all others.

    Those anybody may have written who may write documents, and as many as he likes: and how many
    were not read.
    """
    found, beyond = same_articles(container, ids)
    came = copies_of(container.ledger, sorted({o for each in found.values() for o in each}))
    sure = {id_: [o for o in each if o in came] for id_, each in found.items()}
    less_sure = {id_: [o for o in each if o not in came] for id_, each in found.items()}
    return sure, less_sure, beyond


def _with_others(
    new: Tombstone, others: Sequence[Tombstone], less_sure: Sequence[Tombstone]
) -> Tombstone:
    """A tombstone for what others would be for, too: it goes and comes as one.

    What it is recognised by itself comes first, for not all may have a place: but of what its
    document tells a part, then the ids of the others, by which their documents go.
    """
    one, keys, files = new
    told = [*keys[:_SURE], *(o.id for o, _, _ in others), *keys[_SURE:], *_keys(others)]
    return one, told, [*files, *(file for _, _, its in (*others, *less_sure) for file in its)]


def _keys(tombstones: Iterable[Tombstone]) -> list[str]:
    return [key for _, keys, _ in tombstones for key in keys]


def _each(
    container: Container, ids: Sequence[str], wanted: Sequence[str], order: Order, now: str
) -> dict[str, Tombstone]:
    """By id, read in parts: of texts no more is held at once than one answer brings."""
    each = dict[str, Tombstone]()
    for part in in_parts(container.client, container.settings.index, ids, wanted):
        entries = part.entries
        if part.error:  # the ledger knows its files
            entries = less_of(container.client, container.settings.index, part, _OF_OTHERS)
        each |= {o[0].id: o for o in _tombstones(container, part.ids, entries, order, now)}
    return each


def _tombstones(
    container: Container,
    ids: Sequence[str],
    entries: Sequence[Mapping[str, Any]],
    order: Order,
    now: str,
) -> Iterator[Tombstone]:
    documents = {entry["_id"]: source_of(entry) for entry in entries}
    known = container.tombstones.of(ids)
    copies = copies_of(container.ledger, ids)
    told = {id_: files_of(document)[-_MOST_FILES:] for id_, document in documents.items()}
    own = not_another_s(container.folders, container.ledger, told)
    named = {id_: {f.path for f in (*own.get(id_, ()), *copies.get(id_, ()))} for id_ in ids}
    sure = believed(container.ledger, named, copies)
    assets = assets_of(container.folders, container.ledger, set().union(*sure.values()))
    files = {id_: [*own.get(id_, ()), *copies.get(id_, ())] for id_ in ids}
    _say_foreign(told, files)
    documents = {id_: _with_files(documents.get(id_, {}), files[id_]) for id_ in ids}
    keys = of_no_other(
        container, {id_: _keys_of(id_, documents[id_], copies, files[id_]) for id_ in ids}
    )
    for id_ in ids:
        document = documents[id_]
        path = document.get("source", {}).get("path", "")
        path = path or (known[id_].path if id_ in known else "")
        path = path or (files[id_][0].path if files[id_] else "")
        day = day_of(as_source(document).get("published") or "")
        minhash = sound_words(document.get("minhash") or "")
        one = Withdrawal(
            *(id_, path, order.reason, now, order.who, order.purge, order.steps),
            day=day,
            minhash=minhash,
        )
        # They go and come with their page; by their bytes nothing is refused: logos are everywhere.
        beside = (asset for path in sorted(sure[id_]) for asset in assets.get(path, ()))
        yield one, keys[id_], [*files[id_], *beside]


def _keys_of(
    id_: str,
    document: Mapping[str, Any],
    copies: Mapping[str, Sequence[KeptFile]],
    files: Sequence[KeptFile],
) -> list[str]:
    keys = keys_of_document(id_, document, [file.sha256 for file in copies.get(id_, ())])
    return [*keys, *(f"sha256:{file.sha256}" for file in files)]


def _say_foreign(
    told: Mapping[str, Sequence[KeptFile]], own: Mapping[str, Sequence[KeptFile]]
) -> None:
    """In one line, of however many documents: others may have written a thousand."""
    foreign = {i: [f.path for f in of_one if f not in own[i]] for i, of_one in told.items()}
    if some := [(id_, paths[0]) for id_, paths in foreign.items() if paths]:
        log.warning("withdraw.another_s_file", documents=len(some), some=some[:10])


def _with_files(document: Mapping[str, Any], files: Sequence[KeptFile]) -> dict[str, Any]:
    """The document with what it says of these files, which are its own, and of no others."""
    named = {(file.path, file.sha256) for file in files}

    def is_own(line: Mapping[str, Any]) -> bool:
        return (line.get("path"), line.get("sha256")) in named

    source = document.get("source") or {}
    own = is_own(source) or not source.get("sha256")  # its place tells it where no bytes do
    history = [line for line in document.get("history") or () if is_own(line)]
    return {**document, "source": source if own else {}, "history": history}


def withdraw_failed(container: Container, path: str, order: Order) -> Withdrawal:
    """Refuse a file in ``failed/``, by its bytes; ``path`` is that below.

    Raises ``UsageError`` where there is none.
    """
    folders, below = container.folders, os_path_of(path)
    try:
        data = beneath.read_below(folders.failed, below, container.settings.max_file_bytes)
    except OSError as error:
        raise UsageError(f"{path} is not in failed/: {error}") from error
    digest = sha256(data).hexdigest()
    now = moment()
    one = Withdrawal(
        f"f-{digest[:40]}", path, order.reason, now, order.who, order.purge, order.steps
    )
    files = [KeptFile(path, digest, len(data))]
    container.tombstones.add([(one, [f"sha256:{digest}"], files)])
    return one


def failed_as(container: Container, text: str) -> str:
    """The path of a file in ``failed/`` that a person means, or ""."""
    folders, full = container.folders, Path(text).absolute()
    failed = folders.failed.absolute()
    below = str(full.relative_to(failed)) if full.is_relative_to(failed) else os_path_of(text)
    return printable_path(below) if beneath.is_file(folders.failed, below) else ""


def came_as(container: Container, path: str) -> str:
    """The id of the article that came by a path as a copy or an earlier text, or "".

    Raises ``UsageError`` where several did.
    """
    ids: list[str] = []
    with suppress(sqlite3.Error, OSError):
        ids = container.ledger.ids_under(path)
    if len(ids) > 1:
        raise UsageError(f"Several articles came as {path}: {', '.join(ids)}. Name one by its id.")
    return ids[0] if ids else ""


def still_in(container: Container, one: Withdrawal) -> list[str]:
    """Files of many articles that one which was not purged came out of, and may lie in still."""
    if one.purged:
        return []
    may_hold, files = MayHold(container), container.tombstones.files(one.id)
    found = [c for file in files for c in may_hold.candidates(possible_path(file.path))]
    return sorted({printable_path(f"{root.name}/{below}") for _, root, below in found})


def in_mirrors(container: Container, one: Withdrawal) -> list[str]:
    """Where its text lies on in mirrors: their files are not Depesche's to take away."""
    paths = [os_path_of(file.path) for file in container.tombstones.files(one.id)]
    there = [found for path in paths if (found := container.mirrors.of_path(path))]
    roots = dict(container.mirrors.roots()) if there else {}
    places = ((roots[mirror], below) for mirror, below in there if mirror in roots)
    return sorted({str(root / below) for root, below in places if beneath.is_file(root, below)})


def files_set_apart(container: Container, one: Withdrawal) -> int:
    """How many files of it are in ``withdrawn/``, or will be."""
    files = container.tombstones.files(one.id)
    if FILES in one.todo:
        return len(files)
    return sum(1 for f in files for _ in places(container, f, [container.folders.withdrawn]))
