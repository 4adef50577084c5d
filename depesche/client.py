"""Sending articles and files into the pipeline, and learning what became of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, Unpack

from articles.errors import UsageError
from depesche.ingested import ArticleParts, Copied, Item, Receipt, errors_of, item, items

if TYPE_CHECKING:
    from tasks.client import Client as TaskClient
    from tasks.settings import Settings

T = TypeVar("T")


class Client:
    """Sends to the workers on one Redis; copies into one data folder.

    Every method raises ``ServiceUnavailable`` where Redis does not take the message (nothing is
    sent then), and :class:`UsageError` for an argument that is wrong.
    """

    def __init__(self, settings: Settings) -> None:
        from worker.container import Container

        self._container = Container(settings, make_folders=False)

    @classmethod
    def from_env(cls) -> Client:
        """Return a client for the Redis and the data folder that the environment names."""
        from tasks.settings import read_settings

        return cls(read_settings())

    def ingest_article(
        self,
        *,
        headline: str,
        body: str = "",
        lead: str = "",
        kicker: str = "",
        published: str | None = None,
        agencies: Iterable[str] | None = None,
        byline: Iterable[str] | None = None,
        dateline_places: Iterable[str] | None = None,
        language: str | None = None,
        url: str | None = None,
        id: str | int | None = None,  # noqa: A002 -- as in a JSON file
        subjects: Iterable[str] | None = None,
        slugline: str | None = None,
        genre: Iterable[str] | None = None,
        modified: str | None = None,
        version: str | int | None = None,
        embargo_until: str | None = None,
    ) -> Receipt[Item]:
        """Send one article by a message, by the schema of `docs/article.schema.json`.

        Redis has it, in memory, until a worker takes it: only what :meth:`Receipt.get` returns is
        safe. Where this program shares the workers' disk, :meth:`drop_article` is.

        ``published`` is a date as programs or people write it, see ``docs/formats.md``;
        ``language`` is ISO 639-1, found out where it is not given. Agencies, byline and places are
        read from the body where they are not given; an empty list says that there are none.
        ``id``, the source's own, or else ``url`` makes the document's id: the same article sent
        again is a ``duplicate``, and with another text it is ``corrected``. ``modified`` is a date
        as ``published`` is, ``version`` the source's own count;
        until ``embargo_until``, a day or a time, no reader sees it.
        """
        return self._send(
            headline=headline,
            body=body,
            lead=lead,
            kicker=kicker,
            published=published,
            agencies=_lines(agencies),
            byline=_lines(byline),
            dateline_places=_lines(dateline_places),
            language=language,
            url=url,
            id=id,
            subjects=_lines(subjects),
            slugline=slugline,
            genre=_lines(genre),
            modified=modified,
            version=version,
            embargo_until=embargo_until,
        )

    def drop_article(self, **parts: Unpack[ArticleParts]) -> Path:
        """Write one article into the inbox; when this returns, it is safe on disk.

        It needs the workers' data folder, and neither Redis nor a worker that runs: whatever is
        wiped or killed, the watcher takes the file as soon as it lives. The parts are those of
        :meth:`ingest_article`. The path below the inbox is returned, under which it is archived:
        in a folder of the day, but where that could be another user's (an inbox with the sticky
        bit) in the inbox itself. The same article dropped again is a ``duplicate``. Raises
        ``ServiceUnavailable`` where the disk takes no file.
        """
        from datetime import UTC, datetime

        from tasks.messages import as_file, read_article
        from worker.inbox.dropping import drop

        relative, content = as_file(read_article(dict(parts)), datetime.now(UTC).date())
        folders = self._container.folders
        return drop(folders, relative, content).relative_to(folders.inbox)

    def ingest_articles(
        self, articles: Iterable[ArticleParts], *, ahead: int = 64, timeout: float | None = 60.0
    ) -> Iterator[Item]:
        """Send articles and yield what became of each, in their order.

        Iterate over it: at most ``ahead`` articles are on their way beyond the last one yielded,
        so that any number can be sent. Raises ``TimeoutError`` where a result takes longer than
        ``timeout`` seconds, and :class:`UsageError` at the first article that is none; what was
        sent before goes on.
        """
        if ahead < 1:
            raise UsageError("At least one article must be on its way: ahead is 1 or more.")
        receipts = (self._send(**article) for article in articles)
        waiting = deque(islice(receipts, ahead))
        while waiting:
            yield waiting.popleft().get(timeout)
            waiting.extend(islice(receipts, 1))

    def ingest_files(self, paths: Iterable[str | PathLike[str]]) -> Receipt[list[Item]]:
        """Have a worker take files that it can see.

        Those in its inbox are moved, those in the folders that ``DEPESCHE_INGEST_FOLDERS`` names
        there are copied; any other is refused. A relative path is one from here.
        """
        absolute = [str(Path(path).absolute()) for path in _several(paths)]
        with errors_of(self._container.app):
            return Receipt(self._tasks.ingest_files(absolute), items, self._container.queues.holds)

    def copy_files(
        self,
        paths: Iterable[str | PathLike[str]],
        progress: Callable[[int, int], object] | None = None,
    ) -> Copied:
        """Copy files, and folders with all below, from anywhere here into the data folder's spool.

        It is `depesche ingest`: the data folder must be the workers'. A copy keeps the rights, the
        group and the time of its file; ``skipped`` of what is returned names links and unfinished
        files. ``progress`` is told how many files of how many are copied. Without Redis they are
        indexed when it is back.
        """
        from depesche.copying import copy, listed

        self._container.folders  # noqa: B018  (a wrong folder is told before anything is read)
        files, passed_over = listed([Path(path) for path in _several(paths)])
        told = None if progress is None else (lambda done: progress(done, len(files)))
        return copy(self._container, files, told, passed_over)

    def _send(self, **parts: Unpack[ArticleParts]) -> Receipt[Item]:
        with errors_of(self._container.app):
            sent = self._tasks.ingest_article(**parts)
            return Receipt(sent, item, self._container.queues.holds)

    @property
    def _tasks(self) -> TaskClient:
        from tasks.client import Client as TaskClient

        return TaskClient(self._container.app)


def _lines(values: Iterable[str] | None) -> list[str] | None:
    """Return the values as they are sent; one string is a list of one, as in a JSON file."""
    if values is None:
        return None
    return [values] if isinstance(values, str) else list(values)


def _several(values: Iterable[T]) -> Iterable[T]:
    """Return the values; raise :class:`UsageError` for a single one, of which letters would go."""
    if isinstance(values, str | PathLike):
        raise UsageError(f"A list is wanted, not {str(values)!r} alone.")
    return values
