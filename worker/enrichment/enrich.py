"""Enrichment: the documents of one message, read part by part and written back.

What waits for Elasticsearch happens beside the reading: while one part is read, the next is
fetched, the one before is written, and the archive is asked whom that one's surnames mean.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial

import structlog
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, TooSlow, UsageError
from extraction.understand import RecognisedText
from indexing.writing import reenrich, write
from indexing.writing.stored import Stored, fetch_marks, fetch_texts
from worker import failpoint
from worker.enrichment.aborted_attempts import AbortedAttempts
from worker.enrichment.parts import parts
from worker.enrichment.prefetcher import Prefetcher
from worker.enrichment.reading import People, Reader
from worker.enrichment.writing import Done, EnrichedDocument, Writer
from worker.meter import Meter
from worker.spool.attempts import LIMIT

log = structlog.get_logger()

#: Characters above which a document is read behind all others of its message.
LONG = 200_000
_WRONG = "another program wrote the document, and these of its fields hold what they cannot"


@dataclass(frozen=True, slots=True)
class Part:
    """Documents of one message with their names; ``before`` came before them in it.

    ``version`` is what they are read by: it is asked for first, so that rules which change
    meanwhile can only make a document look old.
    """

    documents: Sequence[Stored]
    recognised: Sequence[RecognisedText]
    before: Sequence[Stored]
    version: str


class Enricher:
    """What reads and what writes. Make it before the fork: children share the memory."""

    def __init__(
        self,
        reader: Reader,
        writer: Writer,
        client: Callable[[], Elasticsearch],
        index: str,
        aborted: AbortedAttempts,
        meter: Meter | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._client = client
        self._index = index
        self._aborted = aborted
        self._meter = meter or Meter()
        self._prefetcher = Prefetcher()
        self._request = self._latest = 0

    def documents(self, ids: Sequence[str], careful: bool = False, request: int = 0) -> Done:
        """Enrich what needs it. Raises ``ServiceUnavailable``; then all stay as they are.

        With the number of a ``request`` it is also what was not read for that one yet.
        """
        if request > self._request:  # whoever asked may just have changed the rules
            self._reader.rules.renew()
            request = self._made(request)
        self._request = request
        slow: list[str] = self._due_of(ids) if careful else []
        done = Done() if careful else self._in_parts(parts(ids), slow)
        for id_ in slow:  # each fetched alone: even its text may be too much
            for document in self._due([id_]):
                done += self._alone(document)
        log.info("batch.enriched", **asdict(done))
        return done

    def _made(self, request: int) -> int:
        """The number, of a request that was made; else none.

        A document with a higher one would never be read again, and messages come from anybody.
        """
        if request > self._latest:
            self._latest = reenrich.known(self._client(), self._index).latest
        return request if request <= self._latest else 0

    def _in_parts(self, parts: Sequence[Sequence[str]], slow: list[str]) -> Done:
        """Many at once, for speed; ids that are to be read alone are put into ``slow``."""
        writes: list[Future[Done]] = []
        try:
            with closing(
                self._prefetcher.ahead(self._people, self._recognised(parts, slow))
            ) as ready:
                for part, people in ready:
                    if documents := self._whole(part, people, slow):
                        work = partial(self._writer.put, documents, part.version, part.before)
                        writes.append(self._prefetcher.do(work))
        finally:
            wait(writes)  # whoever is told that this has ended must not find it going on
        return sum((future.result() for future in writes), Done())

    def _recognised(self, parts: Sequence[Sequence[str]], slow: list[str]) -> Iterator[Part]:
        before: list[Stored] = []
        with closing(self._in_order(parts, slow)) as fetched:
            for documents in fetched:
                recognised, version = list[RecognisedText](), self._reader.version()
                with self._together("enrich.names", documents, slow):
                    recognised = self._reader.names(documents)
                yield Part(documents, recognised, tuple(before), version)
                before += documents

    def _in_order(
        self, parts: Sequence[Sequence[str]], slow: list[str]
    ) -> Generator[list[Stored], None, None]:
        """What is read together; long documents last, each by itself: nobody waits for them."""
        long: list[str] = []
        with closing(self._prefetcher.ahead(self._due, parts)) as fetched:
            for due in fetched:
                slow += [document.id for document in due if document.attempts or document.wrong]
                fresh = [document for document in due if document.id not in slow]
                long += [document.id for document in fresh if _is_long(document)]
                yield [document for document in fresh if not _is_long(document)]
        for id_ in long:
            yield [document for document in self._due([id_]) if not document.attempts]

    def _people(self, part: Part) -> tuple[Part, list[People] | Exception]:
        """Whom the archive means. What else goes wrong is one article's fault: for ``_whole``."""
        try:
            return part, self._reader.people(part.recognised)
        except (ServiceUnavailable, UsageError):
            raise
        except Exception as error:  # noqa: BLE001
            return part, error

    def _whole(
        self, part: Part, people: Sequence[People] | Exception, slow: list[str]
    ) -> list[EnrichedDocument]:
        documents: list[EnrichedDocument] = []
        if part.recognised:
            with self._together("enrich.read", part.documents, slow):
                if isinstance(people, Exception):
                    raise people
                read = self._reader.whole(part.recognised, people)
                documents = list(zip(part.documents, read, strict=True))
        return documents

    @contextmanager
    def _together(self, stage: str, documents: Sequence[Stored], slow: list[str]) -> Iterator[None]:
        """Where reading fails, whatever the error is, one article is at fault: each alone, then."""
        try:
            with self._meter.stage(stage):
                yield
        except (ServiceUnavailable, UsageError):
            raise  # no article is at fault
        except Exception as error:  # noqa: BLE001
            log.warning("enrich.one_by_one", documents=len(documents), error=repr(error))
            slow += [document.id for document in documents]

    def _due(self, ids: Sequence[str]) -> list[Stored]:
        """Those that are there and still to be enriched, as they are for this message."""
        with self._meter.stage("enrich.fetch"):
            stored = fetch_texts(self._client(), self._index, ids)
        failpoint.reach("enrich.fetched")
        due = [document for document in stored if document.is_due(self._request)]
        return [document.due_for(self._request) for document in due]

    def _due_of(self, ids: Sequence[str]) -> list[str]:
        """Which are, without their texts: others need not be fetched one by one."""
        with self._meter.stage("enrich.fetch"):
            stored = fetch_marks(self._client(), self._index, list(dict.fromkeys(ids)))
        return [document.id for document in stored if document.is_due(self._request)]

    def _alone(self, document: Stored) -> Done:
        """One document, its attempt counted before it starts: it may end this process."""
        if document.wrong:
            return self._writer.fail(document, f"{_WRONG}: {', '.join(document.wrong)}")
        if document.attempts - self._aborted.of(document.id) >= LIMIT:
            ended = f"{LIMIT} attempts to enrich it were cut short"
            return self._writer.fail(document, ended)
        version = self._reader.version()  # before the attempt counts: it reads the user's rules
        counted = write.count_attempt(self._client(), self._index, document)
        if counted is None:
            return Done(left=1)
        tries = counted.attempts
        log.info("document.tried_alone", id=document.id, path=document.path, attempt=tries)
        failpoint.reach("enrich.counted")
        try:
            enrichment = self._reader.alone(counted)
        except (ServiceUnavailable, UsageError):
            self._aborted.count(document.id)
            raise
        except TooSlow as error:
            return self._writer.fail(counted, f"{error.reason} {error.advice}")
        except Exception as error:
            log.exception("enrich.failed", id=document.id, path=document.path)
            return self._writer.fail(counted, f"{type(error).__name__}: {error}")
        self._aborted.count(document.id)
        done = self._writer.put([(counted, enrichment)], version)
        if not done.left:
            self._aborted.forget(document.id)
        return done


def _is_long(document: Stored) -> bool:
    return sum(map(len, document.texts.values())) > LONG
