"""Enrichment: read the texts of pending documents, write back what the pipeline found.

Each write is conditional on the version that was read, and one update carries a whole
enrichment, so that no document is ever half and no newer state is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast, get_args

import structlog
from elasticsearch import Elasticsearch

from extraction import meaning, pipeline
from extraction.article import Enrichment, Precision, Published
from extraction.errors import Misuse, ServiceAway
from extraction.text import Text
from extraction.understand import Knowledge
from indexing import write
from indexing.document import enrichment_fields
from indexing.stored import Stored, fetch_texts
from worker import failpoint
from worker.attempts import LIMIT
from worker.later import Work, at_once
from worker.meter import Meter
from worker.rules import Rules
from worker.stories import Fields, Stories
from worker.survived import Survived
from worker.who import Who

if TYPE_CHECKING:
    from spacy.language import Language

log = structlog.get_logger()

Found = tuple[Stored, Enrichment]


@dataclass(frozen=True, slots=True)
class Done:
    """What one message came to, in documents; ``left`` are still pending and rung again."""

    enriched: int = 0
    failed: int = 0
    left: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(
            self.enriched + other.enriched,
            self.failed + other.failed,
            self.left + other.left,
        )


class Enricher:
    """A loaded pipeline and the index. Load it before the fork: children share the memory.

    ``later`` does the second look at stories, which the result does not wait for.
    """

    def __init__(
        self,
        nlp: Language,
        client: Callable[[], Elasticsearch],
        index: str,
        survived: Survived,
        rules: Rules,
        meter: Meter | None = None,
        later: Callable[[Work], None] = at_once,
        encoder: meaning.Encoder | None = None,
    ) -> None:
        self._nlp = nlp
        self._client = client
        self._index = index
        self._rules = rules
        self._encoder = encoder
        self._survived = survived
        self._stories = Stories(client, index)
        self._meter = meter or Meter()
        self._later = later
        self._who = Who(client, index, self._meter)

    def documents(self, ids: Sequence[str], careful: bool = False) -> Done:
        """Enrich the documents that need it. Raises ``ServiceAway``; then all stay pending."""
        due = [] if careful else self._due(ids)
        done = self._together([document for document in due if document.attempts == 0])
        slow = ids if careful else [document.id for document in due if document.attempts]
        for one in slow:  # each fetched alone: even its text may be too much
            for document in self._due([one]):
                done += self._alone(document)
        return done

    def _due(self, ids: Sequence[str]) -> list[Stored]:
        """Those that are there and still to be enriched."""
        with self._meter.stage("enrich.fetch"):
            stored = fetch_texts(self._client(), self._index, ids)
        failpoint.reach("enrich.fetched")
        return [document for document in stored if document.state == "pending"]

    def _together(self, documents: Sequence[Stored]) -> Done:
        """All at once, for speed; one at a time if any of them makes the pipeline fail."""
        try:
            with self._meter.stage("enrich.read"):
                found = list(self._read(documents))
        except (ServiceAway, Misuse):
            raise  # no article is at fault
        except Exception as error:  # noqa: BLE001  (whatever it is, one article is at fault)
            log.warning("enrich.one_by_one", documents=len(documents), error=repr(error))
            return sum((self._alone(document) for document in documents), Done())
        return self._write(list(zip(documents, found, strict=True)))

    def _alone(self, document: Stored) -> Done:
        """One document, its attempt counted before it starts: it may end this process."""
        if document.attempts - self._survived.of(document.id) >= LIMIT:
            ended = f"{LIMIT} attempts to enrich it were cut short"
            return self._fail(document, ended)
        counted = write.count_attempt(self._client(), self._index, document)
        if counted is None:
            return Done(left=1)
        tries = counted.attempts
        log.info("document.tried_alone", id=document.id, path=document.path, attempt=tries)
        failpoint.reach("enrich.counted")
        try:
            (found,) = self._read([counted])
        except (ServiceAway, Misuse):
            self._survived.count(document.id)
            raise
        except Exception as error:
            log.exception("enrich.failed", id=document.id, path=document.path)
            return self._fail(counted, f"{type(error).__name__}: {error}")
        self._survived.count(document.id)
        done = self._write([(counted, found)])
        if not done.left:
            self._survived.forget(document.id)
        return done

    def _read(self, documents: Sequence[Stored]) -> Iterator[Enrichment]:
        knowledge = Knowledge(self._rules.current(), self._who.people)
        texts = [_text(document) for document in documents]
        found = pipeline.read(self._nlp, texts, knowledge)
        if self._encoder is None:
            return found
        vectors = self._encoder.passages([meaning.gist(text) for text in texts])
        return (replace(e, meaning=v) for e, v in zip(found, vectors, strict=True))

    def _write(self, found: Sequence[Found]) -> Done:
        """Write back; where somebody changed a document meanwhile, look and write once more.

        A text never changes under its id, so a result stays right whoever else tried. What
        conflicts twice is left to the next ring.
        """
        done, conflicts = self._try_write(found)
        if conflicts:
            fresh = self._fresh(conflicts)
            again, rest = self._try_write(fresh)
            done += again + Done(left=len(rest))
        return done

    def _fresh(self, conflicts: Sequence[Found]) -> list[Found]:
        """The conflicting ones as they are now, without those that someone else has enriched."""
        ids = [document.id for document, _ in conflicts]
        now = {d.id: d for d in fetch_texts(self._client(), self._index, ids)}
        pairs = [(now[d.id], enrichment) for d, enrichment in conflicts if d.id in now]
        return [(d, enrichment) for d, enrichment in pairs if d.state != "enriched"]

    def _try_write(self, found: Sequence[Found]) -> tuple[Done, list[Found]]:
        version = pipeline.version(self._nlp) + self._rules.tag()
        version += meaning.TAG if self._encoder else ""
        with self._meter.stage("enrich.stories"):
            stories = self._stories.join([document for document, _ in found])
        updates = [
            write.Update(
                *(d.id, d.seq_no, d.primary_term),
                enrichment_fields(e, version, _now()) | stories[d.id],
            )
            for d, e in found
        ]
        failpoint.reach("enrich.read")
        with self._meter.stage("enrich.write"):
            fates = list(write.enriched(self._client(), self._index, updates))
        failpoint.reach("enrich.written")
        written = {f.id: stories[f.id] for f in fates if f.result == "updated"}
        self._later(lambda: self._look_again(written))
        done = Done()
        for (document, _), fate in zip(found, fates, strict=True):
            done += self._counted(document, fate)
        pairs = zip(found, fates, strict=True)
        return done, [one for one, fate in pairs if fate.result == "conflict"]

    def _look_again(self, written: Mapping[str, Fields]) -> None:
        with self._meter.stage("enrich.stories_again"):
            self._stories.join_again(written)

    def _counted(self, document: Stored, fate: write.Fate) -> Done:
        log.info("document.enriched", id=document.id, path=document.path, result=fate.result)
        if fate.result == "rejected":
            return self._fail(document, f"Elasticsearch refuses the enrichment: {fate.reason}")
        if fate.result == "away":
            return Done(left=1)
        if fate.result == "updated":
            self._meter.articles("enriched")
            self._meter.delay("enriched", document.received_at)
        return Done(enriched=int(fate.result == "updated"))

    def _fail(self, document: Stored, error: str) -> Done:
        log.warning("document.failed", id=document.id, path=document.path, error=error)
        written = write.mark_failed(self._client(), self._index, document, error, _now())
        self._survived.forget(document.id)
        self._meter.articles("not_enriched")
        self._meter.failed("enrich", error)
        return Done(failed=1) if written else Done(left=1)


def _text(document: Stored) -> Text:
    return Text(
        **document.texts,
        published=_published(document),
        dateline_places=document.dateline_places,
        language=document.language,
    )


def _published(document: Stored) -> Published | None:
    if not document.published or document.precision not in get_args(Precision):
        return None
    return Published(document.published, cast("Precision", document.precision))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
