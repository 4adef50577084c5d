"""One index is copied into another, part by part, so that what was cut short goes on.

A part is a range of a shard's sequence numbers: each write has the next one of its shard, and a
document has that of its last. So what is above the last complete part is all that is to do, also
after any number of writes meanwhile.
"""

from __future__ import annotations

import contextlib
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from elastic_transport import ObjectApiResponse, TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.exceptions import GeneralAvailabilityWarning

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import derived
from indexing.index.faults import describe, translate_errors
from indexing.index.too_large import refuse_too_large

Say = Callable[[str], None]
#: The highest sequence number of each shard up to which all is copied; -1: nothing yet.
Reached = dict[int, int]

_BATCH = 100
#: As Elasticsearch says it, and how many looks long that is waited for.
_NO_ROOM, _LOOKS = 429, 60
_CANCELLED = "task_cancelled_exception"
#: How often is looked at what runs: soon at first, for most are short.
_FIRST_POLL_SECONDS, _POLL_SECONDS = 0.05, 0.5
#: Sequence numbers in a part: half a minute of copying, and what a repetition costs at most.
_PART = 50_000
_SAY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast it goes: ``slices`` at once, together so many documents ``per_second``."""

    slices: int = 2
    per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """From which index to which, and the zone of times that are known in UTC alone."""

    client: Elasticsearch
    old: str
    new: str
    zone: str
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Part:
    """The documents of a ``shard``, of so many, above one sequence number and up to another.

    So many of them, a ``batch``, are read at once.
    """

    shard: int
    shards: int
    above: int
    upto: int | None
    batch: int = _BATCH

    def source(self, index: str) -> dict[str, Any]:
        """What is read. As many slices as shards are the shards themselves."""
        within = {"gt": self.above} | ({} if self.upto is None else {"lte": self.upto})
        source = {"index": index, "query": {"range": {"_seq_no": within}}, "size": self.batch}
        if self.shards > 1:
            source["slice"] = {"id": self.shard, "max": self.shards}
        return source

    def by_fewer(self) -> Part:
        """The same for an Elasticsearch that has no room for so many: others may have made them
        large. What of it is copied already is passed over.
        """
        return replace(self, batch=max(1, self.batch // 4))


def parts(reached: Reached, upto: Reached, size: int = _PART) -> Iterator[Part]:
    """What is to be copied, the shards in turn, so that all of them are at work."""
    rounds = [_of_shard(shard, reached, upto[shard], len(upto), size) for shard in sorted(upto)]
    while rounds:
        for one in list(rounds):
            if part := next(one, None):
                yield part
            else:
                rounds.remove(one)


def _of_shard(shard: int, reached: Reached, last: int, shards: int, size: int) -> Iterator[Part]:
    above = reached.get(shard, -1)
    while above < last:
        upto = min(above + size, last)
        yield Part(shard, shards, above, upto)
        above = upto


def rest(reached: Reached, last: Reached) -> list[Part]:
    """All that is left up to the ``last`` writes of each shard, for a time when nobody writes."""
    return [
        Part(shard, len(last), reached.get(shard, -1), None)
        for shard in sorted(last)
        if last[shard] > reached.get(shard, -1)
    ]


def checkpoints(client: Elasticsearch, concrete: str, shards: int) -> Reached:
    """Up to where every write is complete, on each copy of each shard."""
    return _numbers(client, concrete, shards, "global_checkpoint")


def last_writes(client: Elasticsearch, concrete: str, shards: int) -> Reached:
    """The number of the last write, complete or not, of each shard."""
    return _numbers(client, concrete, shards, "max_seq_no")


def _numbers(client: Elasticsearch, concrete: str, shards: int, kind: str) -> Reached:
    with translate_errors():
        stats = client.indices.stats(index=concrete, level="shards", metric=["docs"])
    known = stats["indices"][concrete]["shards"]
    if missing := [shard for shard in range(shards) if str(shard) not in known]:
        raise ServiceUnavailable(f"No node holds shard {missing[0]} of {concrete} now.")
    return {
        shard: max(int(copy["seq_no"][kind]) for copy in known[str(shard)])
        for shard in range(shards)
    }


@dataclass(slots=True)
class Progress:
    """What is said of it: a line every two seconds, where there is something new."""

    say: Say
    total: int
    done: int = 0
    _since: float = field(default_factory=time.monotonic)
    _said: tuple[int, float] = (0, float("-inf"))

    def tell(self, running: int) -> None:
        """``running`` documents of unfinished parts are copied, too."""
        seen, now = min(self.done + running, self.total), time.monotonic()
        if seen > self._said[0] and now - self._said[1] >= _SAY_SECONDS:
            self._said = seen, now
            self.say(f"Copied {seen:,} of {self.total:,}{self._left(seen, now)}.")

    def _left(self, seen: int, now: float) -> str:
        minutes = (now - self._since) / seen * (self.total - seen) / 60
        return f", {minutes:.0f} minutes left" if minutes > 2 else ""  # noqa: PLR2004


def copy_parts(copy: Copy, wanted: Iterable[Part], say: Say, done: Callable[[Part], None]) -> None:
    """Copy these parts, ``pace.slices`` at once; ``done`` is told of each, in any order.

    Whatever ends it, Elasticsearch is told to end what runs. Raises ``UsageError`` where a document
    does not fit, or is too large to be copied, and ``ServiceUnavailable``.
    """
    waiting, running = deque(wanted), dict[str, Part]()
    if not waiting:
        return
    progress, pause = Progress(say, _total(copy, waiting)), _FIRST_POLL_SECONDS
    try:
        while waiting or running:
            while waiting and len(running) < copy.pace.slices:
                part = waiting.popleft()
                refuse_too_large(copy.client, copy.old, part.source(copy.old))
                running[_begin(copy, part)] = part
            ended, given_up = _ended(copy, running, progress)
            waiting.extendleft(part.by_fewer() for part in given_up)
            for part in ended:
                done(part)
            pause = _FIRST_POLL_SECONDS if ended else min(2 * pause, _POLL_SECONDS)
            if not ended:
                time.sleep(pause)
    except BaseException:
        _cancel(copy.client, running)
        raise


def _total(copy: Copy, wanted: Iterable[Part]) -> int:
    """How many documents that are at most: as many as there are, or were written."""
    with translate_errors():
        copy.client.indices.refresh(index=copy.old)
        documents = int(copy.client.count(index=copy.old)["count"])
    return min(documents, sum((part.upto or documents) - part.above for part in wanted))


def _begin(copy: Copy, part: Part) -> str:
    pace = copy.pace.per_second
    with translate_errors():
        answer = _with_room(
            lambda: copy.client.reindex(
                source=part.source(copy.old),
                dest={"index": copy.new, "version_type": "external"},
                script=derived.script(copy.zone),
                conflicts="proceed",
                requests_per_second=pace / copy.pace.slices if pace else None,
                wait_for_completion=False,
            )
        )
        return str(answer["task"])


def _with_room(ask: Callable[[], ObjectApiResponse[Any]]) -> ObjectApiResponse[Any]:
    """The answer; where what is copied just now has taken all room, it is waited for."""
    for _ in range(_LOOKS):
        try:
            return ask()
        except ApiError as error:
            if error.status_code != _NO_ROOM:
                raise
        time.sleep(_POLL_SECONDS)
    return ask()


def _ended(
    copy: Copy, running: dict[str, Part], progress: Progress
) -> tuple[list[Part], list[Part]]:
    """Look once at what runs; those parts that are copied, and run no longer; and those that were
    given up, and may go with fewer documents at once.
    """
    ended, given_up, unfinished = list[Part](), list[Part](), 0
    for task in list(running):
        answer = _task(copy.client, task)
        status = answer["task"]["status"] if "task" in answer else {}
        seen = sum(status.get(part, 0) for part in ("created", "updated", "version_conflicts"))
        if _had_no_room(answer) and running[task].batch > 1:
            given_up.append(running.pop(task))
        elif answer["completed"]:
            _check(copy.new, answer)
            ended.append(running.pop(task))
            progress.done += seen
        else:
            unfinished += seen
    progress.tell(unfinished)
    return ended, given_up


def _had_no_room(answer: Mapping[str, Any]) -> bool:
    """Which shards say in many ways. Who cancels it does not want it to begin anew."""
    return bool(answer.get("error", {}).get("type", _CANCELLED) != _CANCELLED)


def _task(client: Elasticsearch, task: str) -> Mapping[str, Any]:
    try:
        with translate_errors(), warnings.catch_warnings():
            # The client warns that this API is a preview; it has been there since version 5.
            warnings.simplefilter("ignore", GeneralAvailabilityWarning)
            return dict(_with_room(lambda: client.tasks.get(task_id=task)))
    except NotFoundError as error:
        raise ServiceUnavailable("Elasticsearch lost the copying task: migrate again.") from error


def _check(new: str, answer: Mapping[str, Any]) -> None:
    if "error" in answer:
        raise ServiceUnavailable(f"Elasticsearch gave the copying up: {describe(answer['error'])}")
    for failure in answer["response"]["failures"]:
        cause = describe(failure.get("cause") or failure.get("reason"))
        raise UsageError(f"{failure.get('id', 'A document')} cannot be copied to {new}: {cause}")


def _cancel(client: Elasticsearch, running: Mapping[str, Part]) -> None:
    for task in running:
        with contextlib.suppress(ApiError, TransportError), warnings.catch_warnings():
            warnings.simplefilter("ignore", GeneralAvailabilityWarning)  # as above
            client.tasks.cancel(task_id=task)
