"""Near-identical articles: signatures to find them by, and the story that they share.

``signature`` gives what a document keeps, ``same_story`` and ``similarity`` compare two of them,
``story_of`` says which story an article joins and which stories become one.
"""

from extraction.story.compare import Signature, same_story, signature, similarity
from extraction.story.group import Document, Rename, story_of

__all__ = [
    "Document",
    "Rename",
    "Signature",
    "same_story",
    "signature",
    "similarity",
    "story_of",
]
