"""The second look at stories, behind the write of an article.

Copies that were read at the same moment did not see each other: their stories become one. Nor did
articles that are unlike and were put into one story by a text that holds both: they leave it. Each
look begins with a refresh, so of two articles the later one sees both as written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import structlog
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from extraction.story import Document, mergeable, strays, to_merge
from indexing.writing import stories
from worker.enrichment.stories import Fields, as_document, kin_of

log = structlog.get_logger()

#: Documents that one request asks about.
AT_ONCE = 100
#: Looks at what a look has changed: whoever else changed it at the same moment is seen by one.
_LOOKS = 5
#: Other stories that a document tries to have joined with its own, closest first.
_TRIES = 10


@dataclass(frozen=True, slots=True)
class StoriesAgain:
    """The stories of an index, seen when their articles are written."""

    client: Callable[[], Elasticsearch]
    index: str

    def look(self, written: Mapping[str, Fields]) -> None:
        """Look once more at documents that now stand in the index with these fields.

        Those that are not enriched yet have no story; they look for themselves. An Elasticsearch
        that is away just now costs this second look and nothing else: the documents are done.
        """
        changed = written
        try:
            for _ in range(_LOOKS):
                changed = self._all(changed)
        except ServiceUnavailable as error:
            log.warning("stories.not_seen_again", documents=len(changed), why=str(error))

    def _all(self, written: Mapping[str, Fields]) -> dict[str, Fields]:
        """Return those that are to be looked at again."""
        changed: dict[str, Fields] = {}
        # In pieces, so that no request takes long however much was gathered; one refresh is enough.
        for start in range(0, len(written), AT_ONCE):
            part = dict(islice(written.items(), start, start + AT_ONCE))
            look = self._looked_at(part, refresh=not start)
            if gone := look.strays():
                log.info("stories.parted", documents=len(gone))
                stories.leave(self.client(), self.index, gone)
            for id_ in (id_ for id_ in part if id_ not in gone):
                if self._joined(look, id_):
                    changed[id_] = {**part[id_], "story": look.of(id_).story}
        return changed

    def _looked_at(self, written: Mapping[str, Fields], *, refresh: bool) -> _Look:
        client = self.client()
        keys = {id_: fields["signature"] for id_, fields in written.items() if fields["signature"]}
        minhashes = {id_: written[id_]["minhash"] for id_ in keys}
        kin = kin_of(client, self.index, keys, minhashes, refresh=refresh)
        look = _Look(written, {id_: [as_document(k) for k in kin[id_]] for id_ in kin})
        look.strangers = stories.strangers(client, self.index, look.questions())
        return look

    def _joined(self, look: _Look, id_: str) -> bool:
        """Join the stories that are the same; tell whether to look again.

        So it is where any was joined: somebody else may have joined another at that moment.
        """
        own = look.of(id_).story
        others = dict.fromkeys(map(look.now, to_merge(look.of(id_), look.near(id_))))
        others.pop(own, None)
        if not others:
            return False
        names = [own, *islice(others, _TRIES)]
        members = stories.members(self.client(), self.index, names)
        joined, gone = _joined(names, members), not all(members.values())
        if len(joined) > 1:
            new = min(joined)
            stories.put_into(self.client(), self.index, new, joined)
            look.renamed |= {old: new for old in joined if old != new}
        return len(joined) > 1 or gone


def _joined(names: Sequence[str], members: Mapping[str, Sequence[stories.Kin]]) -> list[str]:
    """Return the first story and those of the others that are the same."""
    group: list[Document] = []
    joined: list[str] = []
    for name in names:
        articles = [as_document(kin) for kin in members.get(name, ())]
        fits = len(group) + len(articles) <= stories.MOST_MERGED and mergeable(group, articles)
        if articles and fits and (joined or name == names[0]):
            group, joined = group + articles, [*joined, name]
    return joined


@dataclass(slots=True)
class _Look:
    """Documents, those near them, and what has become of their stories meanwhile."""

    written: Mapping[str, Fields]
    kin: Mapping[str, Sequence[Document]]
    strangers: Mapping[tuple[str, str], Sequence[stories.Kin]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def of(self, id_: str) -> Document:
        """The document, in the story in which it is now."""
        own = next((d for d in self.kin.get(id_, ()) if d.id == id_ and d.story), None)
        story = own.story if own else self.written[id_]["story"]
        return Document(id_, self.now(story), self.written[id_]["minhash"])

    def near(self, id_: str) -> list[Document]:
        """Those that share a key with it."""
        return [d._replace(story=self.now(d.story)) for d in self.kin.get(id_, ())]

    def questions(self) -> list[stories.Question]:
        """Ask about those that joined another's story, and no equal text in it."""
        asked = []
        for id_, keys in ((id_, self.written[id_]["signature"]) for id_ in self.kin):
            own = self.of(id_)
            equal = (d.story == own.story and d.minhash == own.minhash for d in self._others(id_))
            if own.story != id_ and not any(equal):
                asked.append(stories.Question(id_, keys, own.story))
        return asked

    def strays(self) -> dict[str, str]:
        """Return those that must leave the story they are in (id -> story)."""
        strangers = {
            id_: [as_document(k) for k in each] for (id_, _), each in self.strangers.items()
        }
        own = {id_: self.of(id_) for id_ in strangers}
        return {id_: own[id_].story for id_ in own if strays(own[id_], strangers[id_])}

    def _others(self, id_: str) -> list[Document]:
        return [document for document in self.near(id_) if document.id != id_]

    def now(self, story: str) -> str:
        """The name that a story has now."""
        while story in self.renamed:
            story = self.renamed[story]
        return story
