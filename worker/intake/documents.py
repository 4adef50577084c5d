"""Articles of one batch into the index: new ones created, continued ones in their parts' place."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from elasticsearch import Elasticsearch

from articles.article import Article
from indexing.writing import write
from indexing.writing.document import to_document
from indexing.writing.replace import MadeOf, Replacement, write_over
from worker.intake.continued import Continued
from worker.intake.freshness import Freshness
from worker.intake.reading import ReadFile
from worker.spool.spool import Batch, iso

#: What there is to be done again where a part could not be taken away.
UNSURE = "what it was before is being written by somebody else"


@dataclass(frozen=True, slots=True)
class Documents:
    """Writes documents. Holds no state but the time of the last refresh."""

    client: Callable[[], Elasticsearch]
    index: str
    continued: Continued
    freshness: Freshness = field(default_factory=Freshness)

    def put(
        self, batch: Batch, reads: Sequence[ReadFile], *, last: bool
    ) -> list[write.WriteResult | None]:
        """Write each article's document; what became of it, None where there is no article.

        ``last``: hardly another batch waits behind this one. What a file was before is gone when
        this returns. Raises ``ServiceUnavailable`` and ``UsageError``.
        """
        results = self._written(batch, [r for r in reads if _is_new(r)], last)
        return [self._ended(batch, read, results.get(read.file.relative)) for read in reads]

    def _written(
        self, batch: Batch, reads: Sequence[ReadFile], last: bool
    ) -> dict[str, write.WriteResult]:
        received, now = iso(batch.received), iso(datetime.now(UTC))
        new: list[tuple[str, Article]] = []
        over: list[tuple[str, Replacement]] = []
        for read in reads:
            assert read.article  # noqa: S101  (narrows the type: only those come here)
            if old := _same_id(read.part.former, read.article.key):
                document = to_document(read.article, received, now)
                over.append((read.file.relative, Replacement(old, document)))
            else:
                new.append((read.file.relative, read.article))
        documents = [(a.key, to_document(a, received, now)) for _, a in new]
        if not documents and not over:
            return {}
        before = batch.unanswered()
        batch.sends()
        fresh = self.freshness.wanted(len(documents), time.monotonic(), last=last)
        made = list(write.create(self.client(), self.index, documents, refresh=fresh))
        made += write_over(self.client(), self.index, [replacement for _, replacement in over])
        # An answer now says nothing about what an attempt before sent: it may have sent more.
        if before is None and not any(result.result == "away" for result in made):
            batch.answered()
        return dict(zip([name for name, _ in [*new, *over]], made, strict=True))

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


def _is_new(read: ReadFile) -> bool:
    """Whether it has an article that is to be in the index."""
    return bool(read.article and not read.part.whole and not read.refused)


def _same_id(former: Sequence[MadeOf], key: str) -> MadeOf | None:
    return next((old for old in former if old.id == key), None)
