"""Which story an article belongs to, whatever order articles come in.

A story's id is the least document id in it. An article that meets several stories joins them all
under the least id; since the least of all ids is the same in every order, so are the groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extraction.story.compare import same_story


class Document(NamedTuple):
    """A stored document: its id, the story it is in and its minhash.

    An enriched document always has a story, its own id if it is alone; "" is one not yet written.
    """

    id: str
    story: str
    minhash: str


class Rename(NamedTuple):
    """Every document whose story is ``old`` must get the story ``new``."""

    old: str
    new: str


def story_of(own: Document, neighbours: Sequence[Document]) -> tuple[str, tuple[Rename, ...]]:
    """Return the story of ``own``, and the stories that become part of it.

    ``neighbours`` are the documents that share a band with it, in any order; those that are not
    the same story are left out here. The renames concern whole stories, not only neighbours:
    write them by one update of all documents ``where story = old``. Doing it again changes
    nothing. Two articles written at once may miss each other: ask again for those that were
    indexed since the last refresh (any later call for either of them joins the groups).
    """
    near = [n for n in neighbours if n.id != own.id and same_story(own.minhash, n.minhash)]
    joined = {document.story or document.id for document in near}
    joined |= {own.story} if own.story else set()
    story = min(joined | {own.id} | {document.id for document in near})
    return story, tuple(Rename(old, story) for old in sorted(joined - {story}))
