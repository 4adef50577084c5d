"""What may stand in the index of withdrawals: by this it is written, kept and read.

So what one site writes every other takes. What is above these bounds no site has written, but
another program, or a site that believed a document too much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

from indexing.index.source import is_text

#: Keys of one withdrawal, characters of a key, and of any other text.
MOST_KEYS, LONGEST_KEY, LONGEST_TEXT = 10_000, 300, 10_000
#: So many of a text are kept and told, for there may be millions: a ``minhash`` has 400 and some.
LONGEST_WORDS, LONGEST_DAY = 1_000, len("2024-01-01")
#: Of each kind of keys a site takes so many from documents: the rest is for other sites'.
MOST_OF_DOCUMENTS = MOST_KEYS // 2


def is_key(value: Any) -> bool:
    """Whether an article may be recognised by it."""
    return is_text(value) and len(value) <= LONGEST_KEY


def are_keys(values: Collection[Any]) -> bool:
    """Whether they may be those of one withdrawal."""
    return len(values) <= MOST_KEYS and all(map(is_key, values))


def sound_keys(keys: Iterable[str]) -> list[str]:
    """The first that are keys, as many as one withdrawal may have."""
    return list(islice(filter(is_key, dict.fromkeys(keys)), MOST_KEYS))


def is_words(value: Any) -> bool:
    """Whether it may be any other text: a reason, a name, a ``minhash``."""
    return is_text(value) and len(value) <= LONGEST_TEXT


def sound_words(text: str) -> str:
    """As much of it as is kept."""
    return text[:LONGEST_WORDS] if is_text(text) else ""


def sound_day(text: str) -> str:
    """The same of a day."""
    return sound_words(text)[:LONGEST_DAY]
