"""Articles of one batch into the index.

New ones are created, corrections become versions, continued ones take their parts' place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch

from articles.article import Article, Copy
from extraction.formats.identity import printable_path
from indexing.writing import copies, write
from indexing.writing.by_hand import with_by_hand
from indexing.writing.correct import correct
from indexing.writing.document import to_document
from indexing.writing.replace import MadeOf, Replacement, write_over
from worker import failpoint
from worker.file_numbers import moment_of
from worker.intake.continued import Continued
from worker.intake.freshness import Freshness
from worker.intake.reading import ReadFile
from worker.site import NOWHERE, Site
from worker.spool.settings_by_hand import SettingsByHand
from worker.spool.spool import Batch, iso

#: What there is to be done again where a part could not be taken away.
UNSURE = "what it was before is being written by somebody else"


@dataclass(frozen=True, slots=True)
class Documents:
    """Writes documents. Holds no state but the time of the last refresh."""

    client: Callable[[], Elasticsearch]
    index: str
    continued: Continued
    by_hand: SettingsByHand
    site: Site = NOWHERE
    freshness: Freshness = field(default_factory=Freshness)

    def put(
        self, batch: Batch, reads: Sequence[ReadFile], *, last: bool
    ) -> list[write.WriteResult | None]:
        """Write each article's document; what became of it, None where there is no article.

        ``last``: hardly another batch waits behind this one. What a file was before is gone when
        this returns. Raises ``ServiceUnavailable`` and ``UsageError``.
        """
        new = [read for read in reads if _is_new(read)]
        before = self.by_hand.changes()
        results = self._written(batch, new, last)
        self._look_again(batch, before, new)
        if not batch.mirror():  # which follows its files itself
            results |= self._noted(batch, new, results)
        return [self._ended(batch, read, results.get(read.file.relative)) for read in reads]

    def _look_again(self, batch: Batch, before: bytes, reads: Sequence[ReadFile]) -> None:
        """What was set by hand while they were written, the documents may lack."""
        if self.by_hand.changes() == before and not batch.tried():
            return
        ids = [read.article.key for read in reads if read.article]
        if missed := sorted(self.by_hand.of(ids)):
            self.by_hand.reopen(missed)

    def _written(
        self, batch: Batch, reads: Sequence[ReadFile], last: bool
    ) -> dict[str, write.WriteResult]:
        received, now = iso(batch.received), iso(datetime.now(UTC))
        new: list[tuple[str, str, dict[str, Any]]] = []
        over: list[tuple[str, Replacement]] = []
        settings = self.by_hand.of(read.article.key for read in reads if read.article)
        for read, arrival in _as_they_came(batch, reads):
            assert read.article  # noqa: S101  (narrows the type: only those come here)
            article = _at(self.site.name, read.article)
            document = to_document(article, received, now) | arrival
            if read.content_key:
                document["known_as"] = [read.content_key]
            if by_hand := settings.get(read.article.key):
                document = with_by_hand(document, by_hand)
            if old := _same_id(read.part.former, read.article.key):
                over.append((read.file.relative, Replacement(old, document)))
            else:
                new.append((read.file.relative, read.article.key, document))
        documents = [(key, document) for _, key, document in new]
        if not documents and not over:
            return {}
        before = batch.unanswered()
        batch.sends()
        fresh = self.freshness.wanted(len(documents), time.monotonic(), last=last)
        made = self._corrected(documents, fresh, follow=bool(batch.mirror()))
        made += write_over(self.client(), self.index, [replacement for _, replacement in over])
        # An answer now says nothing about what an attempt before sent: it may have sent more.
        if before is None and not any(result.result == "away" for result in made):
            batch.answered()
        names = [name for name, _, _ in new] + [name for name, _ in over]
        return dict(zip(names, made, strict=True))

    def _noted(
        self,
        batch: Batch,
        reads: Sequence[ReadFile],
        results: Mapping[str, write.WriteResult],
    ) -> dict[str, write.WriteResult]:
        """Have the documents of other sites know the copies here; those that do not know them yet.

        Whatever is cut short, the file is in the spool, and it is done again.
        """
        found = ((read, results.get(read.file.relative)) for read in reads)
        new = {
            read.file.relative: (result.id, _copy(self.site.name, batch, read))
            for read, result in found
            if result and _is_elsewhere(self.site, result)
        }
        why = copies.note(self.client(), self.index, list(new.values()))
        names = list(new)
        return {
            names[number]: write.WriteResult(results[names[number]].id, "away", reason)
            for number, reason in why.items()
        }

    def _corrected(
        self, documents: Sequence[tuple[str, dict[str, Any]]], fresh: bool, *, follow: bool
    ) -> list[write.WriteResult]:
        """Create what is new; what is there with another text becomes a version of it."""
        made = list(write.create(self.client(), self.index, documents, refresh=fresh))
        others = [number for number, result in enumerate(made) if _is_another_text(result)]
        if not others:
            return made
        failpoint.reach("intake.created")
        texts = [documents[number] for number in others]
        # By what it is known as its copies are told: they may be in the batch behind this one.
        fresh = fresh or any(document.get("known_as") for _, document in texts)
        results = correct(self.client(), self.index, texts, refresh=fresh, follow=follow)
        for number, result in zip(others, results, strict=True):
            made[number] = result
        failpoint.reach("intake.corrected")
        return made

    def _ended(
        self, batch: Batch, read: ReadFile, result: write.WriteResult | None
    ) -> write.WriteResult | None:
        if read.refused:
            return None
        if read.part.whole:
            result = write.WriteResult(read.part.whole, "exists")
        unconfirmed = result is not None and result.result in {"away", "conflict", "rejected"}
        why = UNSURE
        try:
            if unconfirmed or not read.part.former or self.continued.take_away(batch, read):
                return result
        except OSError as error:  # of one file: the others of the batch go on
            why = str(error)
        return write.WriteResult(result.id if result else "", "away", why)


def _at(site: str, article: Article) -> Article:
    return replace(article, source=replace(article.source, site=site))


def _copy(site: str, batch: Batch, read: ReadFile) -> Copy:
    size = read.look.size if read.look else 0
    return Copy(site, printable_path(read.file.relative), read.sha256, size, iso(batch.received))


def _is_elsewhere(site: Site, result: write.WriteResult) -> bool:
    """Whether its file is a copy of what lies at other sites alone, as far as is known."""
    known = result.existing
    if known is None or result.result != "exists" or known.number or not site.name:
        return False
    return bool(known.sites) and not any(map(site.owns, known.sites))


def _is_new(read: ReadFile) -> bool:
    """Whether it has an article that is to be in the index."""
    return bool(read.article and not read.part.whole and not read.refused)


def _as_they_came(batch: Batch, reads: Sequence[ReadFile]) -> list[tuple[ReadFile, dict[str, str]]]:
    """The files with their arrivals, the earliest first: a copy comes behind its original."""
    received = iso(batch.received)
    pairs = [(read, _arrival(batch, read)) for read in reads]
    return sorted(pairs, key=lambda pair: pair[1].get("arrived_at", received))


def _arrival(batch: Batch, read: ReadFile) -> dict[str, str]:
    """When it counts as having come, where that is not its claim.

    What failed and is tried again came when it first failed. What is read again out of the archive
    came before, too: its time of modification tells, so that an archive that is read anew has the
    same current versions.
    """
    if came := batch.came_at(read.file.relative):
        return {"arrived_at": came}
    if not batch.reread() or read.look is None:
        return {}
    modified = moment_of(read.look.mtime / 1e9)
    return {"arrived_at": iso(min(batch.received, modified))}


def _is_another_text(result: write.WriteResult) -> bool:
    known = result.existing
    return known is not None and not known.same_text and not known.number


def _same_id(former: Sequence[MadeOf], key: str) -> MadeOf | None:
    return next((old for old in former if old.id == key), None)
