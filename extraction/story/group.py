"""Which story an article belongs to.

An article joins a story that it is like, unless one of the story's articles is unlike it: so no
two articles that have nothing to do with each other are ever in one story, whatever third text
holds both. Stories become one by the same rule. (Single linkage to be considered, complete
linkage at a lower bar to be allowed; Hastie, Tibshirani, Friedman 2009, 14.3.12.)

A story is named by the id of its first article and keeps its name when others join.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

from extraction.story.compare import SHARED, same_story, share_of_longer, unlike


class Document(NamedTuple):
    """A document: its id, the story it is in and its minhash.

    An enriched document always has a story, its own id if it is alone; "" is one not yet written.
    """

    id: str
    story: str
    minhash: str


#: Of stories, those articles that might be unlike the one in question, and who names the story.
Members = Mapping[str, Sequence[Document]]


def like(own: Document, neighbours: Sequence[Document]) -> list[Document]:
    """Return those of the neighbours that are in a story and whose text is that of ``own``."""
    others = (n for n in neighbours if n.story and n.id != own.id)
    return [n for n in others if same_story(own.minhash, n.minhash)]


def story_of(own: Document, neighbours: Sequence[Document], members: Members) -> str:
    """Return the story of ``own``: one of its neighbours', the one it is in, or its own id.

    ``neighbours`` are the documents that share a band with it, in any order. A story that is not
    in ``members`` is not known well enough, and joined only where it has an equal text. What is
    like several stories that are unlike each other (a press review) joins the one of which it
    mostly is made, or none.
    """
    near = _by_story(like(own, neighbours))
    may = [story for story in near if _may_join(own, near[story], members.get(story))]
    if own.story in (own.id, *may) or (own.story and own.story not in near):
        return own.story
    if not may:
        return own.id
    closest = min(may, key=lambda story: (-_closeness(own, near[story]), story))
    several = _holds_several([document for story in may for document in near[story]])
    return own.id if several and _closeness(own, near[closest]) < SHARED else closest


def strays(own: Document, members: Sequence[Document]) -> bool:
    """Tell whether ``own`` is in a story in which another article is unlike it, and must leave.

    The article that a story is named by stays: the others go.
    """
    return own.story != own.id and not _fits(own, own.story, members)


def to_merge(own: Document, neighbours: Sequence[Document]) -> list[str]:
    """Return the other stories that may be the one ``own`` is in, closest first.

    What is like several stories that are unlike each other joins none of them, as above.
    """
    near = _by_story(like(own, neighbours))
    several = _holds_several([document for group in near.values() for document in group])
    by_closeness = sorted((-_closeness(own, near[s]), s) for s in near if s != own.story)
    may = [story for closeness, story in by_closeness if not several or -closeness >= SHARED]
    return [story for story in may if mergeable(near.get(own.story, ()), near[story])]


def mergeable(first: Sequence[Document], second: Sequence[Document]) -> bool:
    """Tell whether no article of a story is unlike one of the other."""
    sketches = product({d.minhash for d in first}, {d.minhash for d in second})
    return not any(unlike(a, b) for a, b in sketches)


def _by_story(documents: Sequence[Document]) -> dict[str, list[Document]]:
    stories: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        stories[document.story].append(document)
    return stories


def _may_join(own: Document, near: Sequence[Document], members: Sequence[Document] | None) -> bool:
    """Where an equal text is, everybody has been compared with it already."""
    if any(own.minhash == document.minhash for document in near):
        return True
    return members is not None and _fits(own, near[0].story, members)


def _fits(own: Document, story: str, members: Sequence[Document]) -> bool:
    """Tell whether nobody in the story is unlike ``own``.

    Who is unlike the article that the story is named by should not be in it, and does not count.
    """
    named = [m for m in members if m.id == story]
    right = [m for m in members if not any(unlike(m.minhash, n.minhash) for n in named)]
    return not any(unlike(own.minhash, m.minhash) for m in (*named, *right) if m.id != own.id)


def _closeness(own: Document, near: Sequence[Document]) -> float:
    return max(share_of_longer(own.minhash, document.minhash) for document in near)


def _holds_several(documents: Sequence[Document]) -> bool:
    sketches = {document.minhash for document in documents}
    return any(unlike(a, b) for a, b in combinations(sketches, 2))
