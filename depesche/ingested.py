"""What is sent and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Required, TypedDict, TypeVar

from articles.errors import DepescheError, MessageLost, UsageError
from depesche.manned import Manned
from depesche.outcome import Fate, Outcome, members, outcomes

if TYPE_CHECKING:
    from celery import Celery
    from celery.result import AsyncResult

    from worker.container import Container

T = TypeVar("T")
#: Seconds without an answer after which it is asked whether Redis still has the message; the next
#: time twice as many, but not more than the other.
LOOK_SECONDS, LONGEST_LOOK_SECONDS = 2.0, 30.0
BETWEEN_LOOKS = 0.3
#: Celery takes no time at all for time without end.
_AN_INSTANT = 0.001


class ArticleParts(TypedDict, total=False):
    """An article by its parts, as in a JSON file; only the headline must be there."""

    headline: Required[str]
    body: str | None
    lead: str | None
    kicker: str | None
    published: str | None
    agencies: list[str] | str | None
    byline: list[str] | str | None
    dateline_places: list[str] | str | None
    language: str | None
    url: str | None
    id: str | int | None
    subjects: list[str] | str | None
    slugline: str | None
    genre: list[str] | str | None
    modified: str | None
    embargo_until: str | None
    version: str | int | None


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one file or article.

    ``path`` is the file that was sent, the path below the inbox of one that was copied, or the
    name under which an article is archived; ``id`` is the document's. ``waiting``: safe in the
    spool, and indexed as soon as the cause in ``reason`` has passed. ``corrected``: it is
    another text of a known article, and ``reason`` says which version. ``warnings`` are
    sentences about what was odd in it and did not stop it (a date that could not be read), as
    ``source.warnings`` has them. ``members``: how many of a file of many articles have each fate,
    where it was copied in and the ledger tells.
    """

    path: str
    fate: Fate
    id: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()
    members: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt(Generic[T]):
    """For what was sent: its result waits in Redis for a day, a long one for ten minutes."""

    _result: AsyncResult = field(repr=False)
    _typed: Callable[[Any], T] = field(repr=False)
    _held: Callable[[str], bool] = field(default=lambda _: True, repr=False)

    @property
    def task_id(self) -> str:
        """The id of Celery's task."""
        return str(self._result.id)

    def ready(self) -> bool:
        """Tell whether the result is there. Raises ``ServiceUnavailable`` without Redis."""
        with errors_of(self._result.app):
            return bool(self._result.ready())

    def get(self, timeout: float | None = 30.0) -> T:
        """Wait for the result, at most ``timeout`` seconds (``None``: for ever).

        Raises ``TimeoutError`` where none has come: the message waits in Redis, and :meth:`get`
        may be called again; :class:`MessageLost`, within a few seconds, where Redis holds it no
        more and its user may look there (else that is a ``TimeoutError``, and nothing for ever);
        ``ServiceUnavailable`` without Redis, and what the task raised.
        """
        from celery.exceptions import TimeoutError as NoResult

        ends = float("inf") if timeout is None else time.monotonic() + timeout
        step = LOOK_SECONDS
        while True:
            try:
                with errors_of(self._result.app):
                    left = max(_AN_INSTANT, ends - time.monotonic())
                    answer = self._result.get(timeout=min(step, left))
                return self._read(answer)
            except NoResult:
                self._check_held()
            if time.monotonic() >= ends:
                raise TimeoutError(
                    f"No worker has answered within {timeout:g} seconds; "
                    "the message waits in Redis, as far as may be seen."
                )
            step = min(2 * step, LONGEST_LOOK_SECONDS)

    def _read(self, answer: Any) -> T:
        try:
            return self._typed(answer)
        except (TypeError, LookupError, AttributeError, ValueError) as error:
            raise MessageLost(
                "What Redis has as its result is none of a worker's: another program wrote it. "
                "Send it again; what is in the archive already will be a duplicate."
            ) from error

    def _check_held(self) -> None:
        """Looked at twice: from the queue to a worker's hand is no single step."""
        for _ in range(2):
            with errors_of(self._result.app):
                if self._may_be_held() or self._result.ready():
                    return
            time.sleep(BETWEEN_LOOKS)
        raise MessageLost(
            "No worker has answered, and Redis no longer holds the message: it was emptied, or "
            "started again without its data, or a worker refused what was in it. Send it again; "
            "what is in the archive already will be a duplicate."
        )

    def _may_be_held(self) -> bool:
        """A user who may send and not look into the queues is told of no loss, and of no fault."""
        try:
            return self._held(self.task_id)
        except UsageError:
            return True


@dataclass(frozen=True, slots=True)
class Copied:
    """Files that were copied into the spool, in batches.

    ``skipped``: paths that were passed over (symbolic links, unfinished files …), and why.
    ``refused``: files that are too large, with the limit, and not read; and those that cannot be
    read, or are gone or no files any more, and folders that cannot be looked into.
    """

    files: int
    skipped: Mapping[str, str]
    _batches: Mapping[str, Sequence[str]] = field(repr=False)  # paths below the inbox, by batch
    _container: Container = field(repr=False)
    refused: Mapping[str, str] = field(default_factory=dict)

    def wait(
        self,
        timeout: float | None = None,
        progress: Callable[[int], object] | None = None,
        hindered: Callable[[str], object] | None = None,
    ) -> list[Item]:
        """Wait until each file is indexed, a duplicate or failed, and return what became of it.

        Those too that files of many articles hold.

        ``progress`` is told the number of files that are done, after each batch; ``hindered``
        once, within seconds, that no worker lives that would take them. Raises ``TimeoutError``
        after ``timeout`` seconds: the work goes on.
        """
        ends = None if timeout is None else time.monotonic() + timeout
        manned = Manned(self._container, hindered)
        done: list[Item] = []
        for name, paths in self._batches.items():
            while self._waits(name):
                if ends is not None and time.monotonic() > ends:
                    raise TimeoutError(f"Not all files are indexed after {timeout:g} seconds.")
                manned.look()
                time.sleep(0.1)
            done += self._items(name, outcomes(self._container, name, paths))
            if progress:
                progress(len(done))
        return done

    def _waits(self, name: str) -> bool:
        """Whether the batch, or one of members of its containers, is in the spool."""
        spool = self._container.spool
        if spool.batch(name) is not None:
            return True
        return any(batch.name.startswith(f"{name}-") for batch in spool.batches())

    def _items(self, batch: str, done: Sequence[Outcome]) -> list[Item]:
        """What became of files, with what their documents warn of."""
        from indexing.writing.stored import warnings_of

        indexed = [id_ for _, fate, id_, _ in done if fate in {"indexed", "corrected"} and id_]
        try:
            warnings = warnings_of(self._container.client, self._container.settings.index, indexed)
        except DepescheError:  # they are indexed, and that is what was asked
            warnings = {}
        return [
            Item(
                *outcome,
                warnings=warnings.get(outcome[2], ()),
                members=members(self._container, batch, outcome),
            )
            for outcome in done
        ]


def item(content: dict[str, Any]) -> Item:
    """Return a task's answer for one file or article with types; keys of newer workers go.

    Raises ``TypeError`` and ``LookupError`` for what no worker has answered.
    """
    told = Item(
        path=content["path"],
        fate=content["fate"],
        id=content.get("id") or "",
        reason=content.get("reason") or "",
        warnings=tuple(content.get("warnings") or ()),
    )
    for word in (told.path, told.fate, told.id, told.reason, *told.warnings):
        if not isinstance(word, str):
            raise TypeError("a word of it is no text")
    return told


def items(content: list[dict[str, Any]]) -> list[Item]:
    """Return a task's answer for several."""
    return [item(answer) for answer in content]


def errors_of(app: Celery) -> AbstractContextManager[None]:
    """Raise Depesche's errors inside; Celery is imported no earlier."""
    from tasks.broker import errors_of as errors

    return errors(app)
