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


def decoded(content: bytes | None) -> Message | None:
    """One that waits, or that a worker holds; None where it is not ours, or not whole.

    And where it is longer than one that speaks of a batch or of documents.
    """
    try:
        if len(content or b"") > MEBIBYTE:
            return None
        message = json.loads(content or b"")
        # What a worker holds is the first of a list.
        message = message[0] if isinstance(message, list) else message
        args = json.loads(base64.b64decode(message["body"]))[0]
        task = message["headers"]["task"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    whole = isinstance(task, str) and isinstance(args, list)
    return Message(task, tuple(args)) if whole else None


def all_decoded(raw: Iterable[bytes]) -> Iterator[Message]:
    """Messages that are ours and whole; others are not for us to judge."""
    return filter(None, map(decoded, raw))
