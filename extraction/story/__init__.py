"""Near-identical articles: signatures to find them by, and the story that they share.

``signature`` gives what a document keeps, ``same_story``, ``unlike`` and ``similarity`` compare two
of them, ``story_of`` says which story an article joins; ``strays``, ``to_merge`` and ``mergeable``
what was wrong about that, seen later.
"""

from extraction.story.compare import (
    Signature,
    is_current,
    same_story,
    share_of_longer,
    signature,
    similarity,
    unlike,
)
from extraction.story.group import (
    Document,
    Members,
    like,
    mergeable,
    story_of,
    strays,
    to_merge,
)

__all__ = [
    "Document",
    "Members",
    "Signature",
    "is_current",
    "like",
    "mergeable",
    "same_story",
    "share_of_longer",
    "signature",
    "similarity",
    "story_of",
    "strays",
    "to_merge",
    "unlike",
]
