"""Documents of which a file has come, gone or moved: each is put right, or goes.

The mirror's rows say what is to be; nothing is remembered but ids, so that it can be cut short and
done again anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from elasticsearch import Elasticsearch

from extraction.formats.identity import printable_path
from indexing.index.source import source_of
from indexing.writing.replace import made_of_ids, remove
from indexing.writing.same_text import digests
from indexing.writing.stored import in_parts, less_of
from indexing.writing.write import Update, enriched
from worker import failpoint
from worker.mirror.difference import Deed, deed
from worker.mirror.elsewhere import Elsewhere
from worker.mirror.mirrors import Mirror
from worker.mirror.one_text import WANTED, brief, doubles, left_behind
from worker.mirror.state import State

log = structlog.get_logger()

AT_ONCE = 200
#: Documents by id.
Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Documents:
    """Puts documents right, in turn: ``places`` has the id that was the last one of each mirror.

    What is touched again and again would keep others from being looked at. ``unsure``: which ids of
    each have a second look in the next turn.
    """

    client: Callable[[], Elasticsearch]
    index: str
    elsewhere: Elsewhere
    read_before: set[tuple[str, bytes, str]] = field(default_factory=set, compare=False)
    places: dict[str, str] = field(default_factory=dict, compare=False)
    unsure: dict[str, list[str]] = field(default_factory=dict, compare=False)

    def put_right(self, mirror: Mirror, state: State) -> int:
        """Look at what is touched; how many documents. Raises as ``in_parts``."""
        second = state.touched_of(self.unsure.pop(mirror.name, ()))
        page = state.touched(AT_ONCE, self.places.get(mirror.name, ""))
        if not page:
            return 0
        self.places[mirror.name], turns = list(page)[-1], second | page
        whole, too_large = self._entries(list(turns))
        self._join(mirror, state, list(whole.values()))  # of the others nobody knows the text
        entries = whole | too_large
        done = [id_ for id_ in turns if self._one(mirror, state, id_, entries.get(id_))]
        gone = [id_ for id_ in done if id_ not in entries and not state.paths_of(id_)]
        if gone:
            self.elsewhere.read_again(mirror, gone)
        failpoint.reach("mirror.righted")
        state.looked_at({id_: turns[id_] for id_ in done})
        self.unsure[mirror.name] = [*(turns.keys() - second.keys() - set(done))]
        return len(done)

    def _entries(self, ids: Sequence[str]) -> tuple[Entries, Entries]:
        """The documents, as much of each as is looked at; what is too large, its paths alone."""
        whole, too_large = Entries(), Entries()
        for part in in_parts(self.client(), self.index, ids, WANTED):
            if part.error:
                less = less_of(self.client(), self.index, part, ["source.path"]) or part.entries
                too_large |= {entry["_id"]: entry for entry in less}
            else:
                whole |= {entry["_id"]: brief(entry) for entry in part.entries}
        return whole, too_large

    def _join(self, mirror: Mirror, state: State, found: Sequence[dict[str, Any]]) -> None:
        """Of several documents of one text one has the files; the others are to go then."""
        files_of = self.elsewhere.digests_of
        joined = doubles(self.client(), self.index, found, mirror.below, files_of)
        state.join(joined)
        for old, new in joined.items():
            log.info("mirror.joined", id=new, gone=old)

    def _one(self, mirror: Mirror, state: State, id_: str, entry: dict[str, Any] | None) -> bool:
        """Whether it need not be looked at again."""
        files = state.paths_of(id_)
        paths = [printable_path(mirror.below + os.fsdecode(path)) for path in files]
        source = source_of(entry).get("source", {}) if entry else {}
        to_do = deed(source.get("path", "") if entry else None, paths, mirror.below)
        if to_do.what == "read again":
            state.again(files)
        elif to_do.what == "delete":
            self._delete(id_, source["path"])
            return False  # a copy may have come meanwhile: then it is missed at the next look
        elif to_do.what == "move" and entry:
            return self._move(entry, to_do)
        elif entry:
            self._read_left_behind(state, entry)
        return True

    def _read_left_behind(self, state: State, entry: dict[str, Any]) -> None:
        """Once is enough: what comes out the same then is so."""
        content, files = source_of(entry), state.digests_of(entry["_id"])
        if not any(left_behind(files, content, "")):
            return
        text = digests(self.client(), self.index, [entry["_id"]]).get(entry["_id"], "")
        for path in left_behind(files, content, text):
            if (entry["_id"], path, files[path]) not in self.read_before:
                self.read_before.add((entry["_id"], path, files[path]))
                state.again([path])
                log.info("mirror.left_behind", id=entry["_id"], path=os.fsdecode(path))

    def _delete(self, id_: str, path: str) -> None:
        for old in made_of_ids(self.client(), self.index, [id_]):
            if old.path == path:  # else it was made of another file meanwhile
                remove(self.client(), self.index, old)
                log.info("mirror.document_deleted", id=id_, path=path)

    def _move(self, entry: dict[str, Any], to_do: Deed) -> bool:
        seen = entry["_seq_no"], entry["_primary_term"]
        update = Update(entry["_id"], *seen, {"source": {"path": to_do.path}})
        (result,) = enriched(self.client(), self.index, [update])
        return result.result in {"updated", "missing"}
