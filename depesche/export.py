"""Everything that a query finds, however much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TextIO, get_args

from articles.errors import UsageError
from indexing.searching.export import ExportHit, articles, header, line
from indexing.searching.hints import LOOSENED, unknown_name
from indexing.searching.results import Unknown

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Format = Literal["jsonl", "csv", "excel"]


@dataclass(frozen=True, slots=True)
class Export:
    """All articles that a query finds, latest first, each as a mapping of ``fields`` to values.

    Iterating asks the index, in pages, at the point in time at which it begins: what is written
    meanwhile changes nothing. A field that an article lacks is ``None``.
    """

    fields: tuple[str, ...]
    _hit: ExportHit = field(repr=False)
    _client: Elasticsearch = field(repr=False)
    _index: str = field(repr=False)

    @property
    def total(self) -> int:
        """How many articles there were when the export was asked for."""
        return self._hit.total

    @property
    def loosened(self) -> bool:
        """Whether no article has all the words, and these have half of them at least."""
        return self._hit.loosened

    @property
    def did_you_mean(self) -> list[Unknown]:
        """The names in the query that no article has, with those nearest to them."""
        return list(self._hit.did_you_mean)

    @property
    def hints(self) -> list[str]:
        """Sentences for a person: what to try where nothing was found, and what was done."""
        unknown = [unknown_name(name) for name in self._hit.did_you_mean]
        return [*unknown, LOOSENED["most"]] if self.loosened else unknown

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the articles. Raises ``ServiceUnavailable`` and :class:`UsageError`."""
        for page in self._pages():
            yield from page

    def write(
        self,
        stream: TextIO,
        kind: Format = "jsonl",
        progress: Callable[[int], object] | None = None,
    ) -> int:
        """Write all articles to ``stream``, a line each (CSV: a row), and return their number.

        In CSV there is a header, several values stand in one cell, ``; `` between them, and
        objects as JSON; ``excel`` is CSV as a German Excel opens it. ``progress`` is told the
        number written after each page. Raises as iterating does.
        """
        if kind not in get_args(Format):
            raise UsageError(f"{kind!r} is not one of {', '.join(get_args(Format))}.")
        written = 0
        stream.write(header(kind, self.fields))
        for page in self._pages():
            stream.writelines(line(kind, article) for article in page)
            written += len(page)
            if progress:
                progress(written)
        return written

    def _pages(self) -> Iterator[list[dict[str, Any]]]:
        with closing(articles(self._client, self._index, self._hit, self.fields)) as pages:
            yield from pages
