"""A message as it stands in Redis: what it speaks of."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from articles.limits import MEBIBYTE


@dataclass(frozen=True, slots=True)
class Message:
    """The task's name and its positional arguments."""

    task: str
    args: tuple[Any, ...]


#: Bytes of one that speaks of a batch, and of one that speaks of documents.
OF_BATCH, OF_DOCUMENTS = 16 * 1024, MEBIBYTE
#: Values in one, and commas in the ids of documents: each value takes up to forty times its bytes.
_MOST_VALUES = 4_000


def decoded(content: bytes | None, longest: int = OF_DOCUMENTS) -> Message | None:
    """One that waits, or that a worker holds; None where it is not ours, or not whole.

    And where it is longer than one that speaks of a batch or of documents, or of more values.
    """
    try:
        if len(content or b"") > longest:
            return None
        message = _values(content or b"")
        # What a worker holds is the first of a list.
        message = message[0] if isinstance(message, list) else message
        args = _values(base64.b64decode(message["body"]))[0]
        task = message["headers"]["task"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    whole = isinstance(task, str) and isinstance(args, list)
    return Message(task, tuple(args)) if whole else None


def _values(content: bytes) -> Any:
    if sum(map(content.count, (b"[", b"{", b","))) > _MOST_VALUES:
        raise ValueError("of very many values")
    return json.loads(content)


def all_decoded(raw: Iterable[bytes], longest: int = OF_DOCUMENTS) -> Iterator[Message]:
    """Messages that are ours and whole; others are not for us to judge."""
    return filter(None, (decoded(content, longest) for content in raw))
