"""A message as it stands in Redis: what it speaks of, and how it is given back to its queue."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tasks.envelope import check_size

#: Celery keeps a list for each of these priorities; the first is that of nearly all messages.
PRIORITIES = ("", *(f"\x06\x16{step}" for step in (3, 6, 9)))
_STEP = 3


@dataclass(frozen=True, slots=True)
class Message:
    """The task's name and its positional arguments."""

    task: str
    args: tuple[Any, ...]


def decoded(content: bytes | None) -> Message | None:
    """One that waits, or that a worker holds; None where it is not ours, or not whole."""
    try:
        check_size(content or b"")
        message = json.loads(content or b"")
        # What a worker holds is the first of a list.
        message = message[0] if isinstance(message, list) else message
        body = base64.b64decode(message["body"])
        check_size(body)
        args = json.loads(body)[0]
        task = message["headers"]["task"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    whole = isinstance(task, str) and isinstance(args, list)
    return Message(task, tuple(args)) if whole else None


def all_decoded(raw: list[bytes]) -> Iterator[Message]:
    """Messages that are ours and whole; others are not for us to judge."""
    return filter(None, map(decoded, raw))


def again(held: bytes | None, is_ours: Callable[[str], bool]) -> tuple[str, bytes] | None:
    """The list and the message of what a worker held, marked as given back.

    None where it is no message, or came out of no queue that ``is_ours``.
    """
    try:
        message, _, queue = json.loads(held or b"")
        said = message["properties"]
        message["headers"]["redelivered"] = said["delivery_info"]["redelivered"] = True
        priority = min(max(int(said.get("priority") or 0), 0), _STEP * (len(PRIORITIES) - 1))
        ours = isinstance(queue, str) and is_ours(queue) and bool(queue.encode())
        content = json.dumps(message).encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None
    return (queue + PRIORITIES[priority // _STEP], content) if ours else None
