"""A mirror's file that was moved and changed between two looks: it is known by its text.

Neither its bytes nor its inode tell (an inode is given away again at once); but a file of the
mirror is missed whose article it is recognisably.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from elasticsearch import Elasticsearch

from articles.article import Article
from extraction.formats.identity import printable_path
from indexing.writing.recognise import Known, recognisable
from indexing.writing.same_text import digests
from indexing.writing.stored import by_id
from indexing.writing.write import Update, enriched
from worker import failpoint
from worker.intake.path_identity import text_of
from worker.intake.reading import ReadFile
from worker.intake.same_article import matched
from worker.mirror.state import State

log = structlog.get_logger()

#: Of more missed files than these none is looked for: their paths are asked for in one search.
MOST_MISSED = 5_000


@dataclass(frozen=True, slots=True)
class Moved:
    """Finds what a file was before it moved."""

    client: Callable[[], Elasticsearch]
    index: str

    def take_over(self, state: State, reads: Sequence[ReadFile], below: str) -> None:
        """Give files that have no document yet those that they are recognised by.

        ``below`` is how the mirror's paths begin. Raises ``ServiceUnavailable`` and ``UsageError``.
        """
        missed = state.missed(MOST_MISSED)
        new = [(_path(r, below), r.article) for r in reads if r.article] if missed else []
        new = [(path, article) for path, article in new if not state.id_of(path)]
        keys = sorted({article.key for _, article in new})
        texts = digests(self.client(), self.index, keys) if keys else {}
        new = [(path, a) for path, a in new if texts.get(a.key) != text_of(a)]  # that is a copy
        self._take_over(state, new, missed, below)

    def _take_over(
        self,
        state: State,
        new: Sequence[tuple[bytes, Article]],
        missed: Mapping[bytes, str],
        below: str,
    ) -> None:
        known = {printable_path(below + os.fsdecode(path)): path for path in missed}
        articles, ids = [article for _, article in new], list(missed.values())
        candidates = self._candidates(articles, known, ids) if new else []
        old = {
            k.id: known[k.path] for k in candidates if missed.get(known.get(k.path, b"")) == k.id
        }
        for path, same in matched(dict(new), [k for k in candidates if k.id in old]).items():
            if not state.take_over(path, old[same.id], same.id):
                continue
            log.info("mirror.moved_and_changed", id=same.id, path=os.fsdecode(path))
            failpoint.reach("mirror.taken_over")
            self._name(same.id, printable_path(below + os.fsdecode(path)))

    def _name(self, id_: str, path: str) -> None:
        """Have the document name the new path: then an earlier text is no copy, but the last.

        Where somebody else writes it just now, the mirror's next turn does it.
        """
        for entry in by_id(self.client(), self.index, [id_], ["source.path"]):
            seen = entry["_seq_no"], entry["_primary_term"]
            enriched(self.client(), self.index, [Update(id_, *seen, {"source": {"path": path}})])

    def _candidates(
        self, articles: Sequence[Article], paths: Mapping[str, bytes], ids: Sequence[str]
    ) -> list[Known]:
        headlines = sorted({article.headline for article in articles})
        bands = sorted({band for article in articles for band in article.signature})
        return list(recognisable(self.client(), self.index, sorted(paths), headlines, bands, ids))


def _path(read: ReadFile, below: str) -> bytes:
    return os.fsencode(read.file.relative.removeprefix(below))
