"""Writing back what was read out of documents.

Each write is conditional on the version that was read, and one update carries a whole
enrichment, so that no document is ever half and no newer state is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from elasticsearch import Elasticsearch

from articles.article import Enrichment
from indexing.index.dates import moment_of
from indexing.writing import write
from indexing.writing.document import enrichment_fields
from indexing.writing.stored import Stored, fetch_texts
from worker import failpoint
from worker.enrichment.aborted_attempts import AbortedAttempts
from worker.enrichment.debouncer import SECONDS, Debouncer
from worker.enrichment.stories import Fields, Stories
from worker.enrichment.stories_again import StoriesAgain
from worker.meter import Meter

log = structlog.get_logger()

#: Of two clocks.
_DIFFERENCE = timedelta(minutes=5)

EnrichedDocument = tuple[Stored, Enrichment]


@dataclass(frozen=True, slots=True)
class Done:
    """What one message came to, in documents; ``left`` are still pending and published again."""

    enriched: int = 0
    failed: int = 0
    left: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(
            self.enriched + other.enriched,
            self.failed + other.failed,
            self.left + other.left,
        )


class Writer:
    """Puts enrichments and their stories into an index.

    The second look at stories, which no result waits for, is taken ``delay`` seconds after.
    """

    def __init__(
        self,
        client: Callable[[], Elasticsearch],
        index: str,
        aborted: AbortedAttempts,
        meter: Meter,
        delay: float = SECONDS,
    ) -> None:
        self._client = client
        self._index = index
        self._aborted = aborted
        self._meter = meter
        self._stories = Stories(client, index)
        self._stories_again = StoriesAgain(client, index)
        self.second_looks = Debouncer(self._look_again, delay)

    def put(
        self, documents: Sequence[EnrichedDocument], version: str, among: Sequence[Stored] = ()
    ) -> Done:
        """Write back; where somebody changed a document meanwhile, look and write once more.

        While what was read is the same, a result stays right whoever else tried. What conflicts
        twice, or is another text or date now (a file that went on, a correction by hand), is left
        to the next message.
        ``among`` are documents of the same message, which may be of the same stories.
        """
        done, conflicts = self._try_write(documents, version, among)
        if conflicts:
            fresh = self._fresh(conflicts)
            same = [(now, enrichment) for then, now, enrichment in fresh if then.read == now.read]
            again, rest = self._try_write(same, version, among)
            done += again + Done(left=len(rest) + len(fresh) - len(same))
        return done

    def fail(self, document: Stored, error: str) -> Done:
        """Mark a document as failed, for this reason; what cannot be updated stays as it is."""
        log.warning("document.failed", id=document.id, path=document.path, error=error)
        written = write.mark_failed(self._client(), self._index, document, error, _now())
        self._aborted.forget(document.id)
        if not written:
            return Done(left=1)
        self._meter.articles("not_enriched")
        self._meter.failed("enrich", error)
        return Done(failed=1)

    def _fresh(
        self, conflicts: Sequence[EnrichedDocument]
    ) -> list[tuple[Stored, Stored, Enrichment]]:
        """The conflicting ones, then and now, without those that someone else has enriched."""
        ids = [document.id for document, _ in conflicts]
        now = {d.id: d for d in fetch_texts(self._client(), self._index, ids)}
        triples = [(d, now[d.id], enrichment) for d, enrichment in conflicts if d.id in now]
        return [
            (then, fresh.due_for(then.request), enrichment)
            for then, fresh, enrichment in triples
            if fresh.state != "enriched" or fresh.is_due(then.request)
        ]

    def _try_write(
        self, documents: Sequence[EnrichedDocument], version: str, among: Sequence[Stored]
    ) -> tuple[Done, list[EnrichedDocument]]:
        with self._meter.stage("enrich.stories"):
            stories = self._in_stories([document for document, _ in documents], among)
        updates = [
            write.Update(
                id=d.id,
                seq_no=d.seq_no,
                primary_term=d.primary_term,
                fields=enrichment_fields(e, version, _now(), d.request) | stories[d.id],
            )
            for d, e in documents
        ]
        failpoint.reach("enrich.read")
        with self._meter.stage("enrich.write"):
            fates = write.enriched(self._client(), self._index, updates)
        failpoint.reach("enrich.written")
        held = {document.id for document, _ in documents if _is_held(document)}
        written = [fate.id for fate in fates if fate.result == "updated"]
        self.second_looks({id_: stories[id_] for id_ in written if id_ not in held})
        done = Done()
        for (document, _), fate in zip(documents, fates, strict=True):
            done += self._counted(document, fate)
        pairs = zip(documents, fates, strict=True)
        return done, [enriched for enriched, fate in pairs if fate.result == "conflict"]

    def _in_stories(
        self, documents: Sequence[Stored], among: Sequence[Stored]
    ) -> dict[str, Fields]:
        """The story of each. Those under embargo join others', and nobody joins them."""
        free = [document for document in documents if not _is_held(document)]
        held = [document for document in documents if _is_held(document)]
        beside = [document for document in among if not _is_held(document)]
        apart = [Stories(self._client, self._index).join([document]) for document in held]
        joined = self._stories.join(free, beside)
        for fields in apart:
            joined |= fields
        return joined

    def _look_again(self, written: Mapping[str, Fields]) -> None:
        with self._meter.stage("enrich.stories_again"):
            self._stories_again.look(written)

    def _counted(self, document: Stored, fate: write.WriteResult) -> Done:
        log.debug("document.enriched", id=document.id, path=document.path, result=fate.result)
        if fate.result == "rejected":
            return self.fail(document, f"Elasticsearch refuses the enrichment: {fate.reason}")
        if fate.result == "away":
            return Done(left=1)
        if fate.result == "updated":
            self._meter.articles("enriched")
            self._meter.delay("enriched", document.received_at)
        return Done(enriched=int(fate.result == "updated"))


def _is_held(document: Stored) -> bool:
    """Whether it is under embargo, or was a moment ago: the index's clock may be behind."""
    if not document.embargo_until:
        return False
    ends = moment_of(document.embargo_until)
    return ends is None or datetime.now(UTC) - ends < _DIFFERENCE


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
