"""What of a message counts: the task, its id, its arguments, and when. The rest is made anew.

Celery takes far more from a sender: limits of time above the worker's own, callbacks and chords
that the worker is to run, stamps, a place to be given back to. Malformed, many of them end or
freeze the worker that reads them and, given back as not finished, the next one.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import uuid4

from articles.limits import LARGEST_ARTICLE, MEBIBYTE
from tasks.names import FIRST

#: Bytes of an article in a message, as JSON; a longer one is dropped as a file.
LARGEST_SENT = LARGEST_ARTICLE // 2
#: Bytes of a message, which has them in base64. Who takes one needs up to fifteen times as much
#: memory for a moment, before anybody knows that it is held, and its process as much again.
LARGEST_MESSAGE = LARGEST_SENT * 3 // 2
#: Of its arguments as they are made anew, which Redis is to keep beside the rest: a letter of two
#: bytes is escaped in six.
_LARGEST_BODY = LARGEST_MESSAGE - MEBIBYTE
#: Texts in a message, and bytes of it beside them: each value takes up to thirty times its bytes.
_MOST_TEXTS, _MOST_BESIDE = 250_000, MEBIBYTE
#: One that has no end goes to the end of all: to look for it from each of its signs takes for ever.
#: Possessive, else a place to go back to is kept for each escape, a hundred bytes.
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
#: How Celery's own tasks are called, which run others, or wait for them without end.
_OF_CELERY = "celery."
_JSON = "application/json"
_LONGEST_NAME = 255
#: What stands in the headers and is passed over; the rest of it stands beside the arguments.
_IN_HEADERS = ("eta", "timelimit")
#: Lists and objects in one another, and arguments: more than any task takes.
_DEEPEST, _MOST_ARGUMENTS = 20, 100
_YEARS = range(1971, 9999)
#: Names that a log is told, and characters of each.
_MOST_SAID, _LONGEST_SAID = 10, 60
#: The header that counts for how many workers that took it a message was the last, and how many it
#: may have, if it is a long one: what ends them has no end else. A file fails at the third death,
#: and may be in hand beside it.
IN_VAIN, MOST_IN_VAIN = "in_vain", 1
#: How far ahead a message's time may lie, for clocks differ. A worker would hold it in its memory
#: until then, and any number of others beside it.
_AHEAD = timedelta(minutes=1)


class Refused(ValueError):
    """The sentence says why a message is not taken."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a sender says, in whichever protocol of Celery's."""

    headers: Mapping[str, Any]
    args: list[Any]
    kwargs: dict[str, Any]
    embed: Mapping[str, Any]


def plain(raw: Any, queue: str, priority: int = FIRST) -> tuple[dict[str, Any], list[str]]:
    """The message as Celery may have it, of a raw one that came out of the list of ``queue`` that
    is for ``priority``: what it says of that itself counts for nothing.

    And some names of what its sender asks for and does not get, for a log. Raises :class:`Refused`.
    """
    try:
        said = _said(raw)
        asked = (name for name in (*said.embed, *_IN_HEADERS) if _is_asked(said, name))
        passed_over = [name[:_LONGEST_SAID] for name in sorted(asked)[:_MOST_SAID]]
        return _made(raw["properties"], said, queue, priority), passed_over
    except Refused:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise Refused(f"it is malformed: {short(error)}") from error
    except RecursionError:
        raise Refused("it is malformed: it is nested too deeply") from None


def check_size(content: bytes) -> None:
    """Raises :class:`Refused` for JSON that would fill the memory when it is read."""
    if len(content) > LARGEST_MESSAGE:
        said = f"it has {len(content):,} bytes, more than the limit of {LARGEST_MESSAGE:,}"
        raise Refused(said)
    if len(content) > _MOST_BESIDE:
        beside, texts = _TEXT.subn(b"", content)
        if texts > _MOST_TEXTS or len(beside) > _MOST_BESIDE:
            raise Refused("it is of very many values")


def short(error: Exception) -> str:
    """In short; what the message holds is nobody's business in a log."""
    return f"{type(error).__name__}: {error}"[:200]


def _said(raw: Any) -> _Said:
    if raw["content-type"] != _JSON:
        raise Refused(f"its content is {str(raw['content-type'])[:100]!r}, and only JSON is read")
    coded = raw["properties"].get("body_encoding") == "base64"
    content = base64.b64decode(raw["body"]) if coded else raw["body"].encode()
    check_size(content)
    body = json.loads(content)
    if isinstance(body, dict):  # the first protocol
        headers, args, kwargs, embed = body, body.get("args", []), body.get("kwargs", {}), {}
    else:
        headers, (args, kwargs, embed) = raw["headers"], body
    if not (isinstance(headers, dict) and isinstance(embed, dict)):
        raise Refused("its headers are malformed")
    if not (isinstance(args, list) and isinstance(kwargs, dict)):
        raise Refused("its arguments are no list and no keywords")
    if len(args) + len(kwargs) > _MOST_ARGUMENTS:
        raise Refused(f"it has more than {_MOST_ARGUMENTS} arguments")
    if _is_deeper(_DEEPEST, args, kwargs):
        raise Refused("its arguments are nested too deeply")
    return _Said(headers, args, kwargs, embed)


def _is_deeper(than: int, *values: Any) -> bool:
    level: list[Any] = list(values)
    for _ in range(than):
        inner = (value.values() if isinstance(value, dict) else value for value in level)
        level = [each for each in chain.from_iterable(inner) if isinstance(each, dict | list)]
    return bool(level)


def _is_asked(said: _Said, name: str) -> bool:
    value = said.headers.get(name) if name in _IN_HEADERS else said.embed[name]
    return value not in (None, [], {}, [None, None])


def _made(properties: Mapping[str, Any], said: _Said, queue: str, priority: int) -> dict[str, Any]:
    task, id_ = (_name(said.headers[name], name) for name in ("task", "id"))
    if task.startswith(_OF_CELERY):
        raise Refused(f"{task} is a task of Celery's own")
    body = base64.b64encode(json.dumps([said.args, said.kwargs, {}]).encode())
    if len(body) > _LARGEST_BODY:
        raise Refused(f"made anew it has {len(body):,} bytes, more than the limit")
    made = _properties(properties, queue, priority)
    times = times_in_vain(said.headers) if made["delivery_info"]["redelivered"] else 0
    before = {IN_VAIN: times} if times else {}
    return {
        "body": body.decode(),
        "content-type": _JSON,
        "content-encoding": "utf-8",
        "headers": {**_NOTHING_MORE, "task": task, "id": id_, "root_id": id_, **_wishes(said)}
        | before,
        "properties": made | {"correlation_id": id_},
    }


def times_in_vain(headers: Mapping[str, Any]) -> int:
    """For how many workers a message was the last; what is no such number counts as none."""
    count = headers.get(IN_VAIN)
    return count if type(count) is int and 0 < count <= MOST_IN_VAIN else 0


#: What Celery looks for in every message.
_NOTHING_MORE: dict[str, Any] = {
    "lang": "py",
    "parent_id": None,
    "group": None,
    "retries": 0,
    "timelimit": [None, None],
    "argsrepr": "",
    "kwargsrepr": "",
    "origin": "",
}


def _wishes(said: _Said) -> dict[str, Any]:
    ignored = said.headers.get("ignore_result")
    _check_due(_time(said.headers.get("eta"), "eta"))
    expires = _time(said.headers.get("expires"), "expires")
    asked = ignored if isinstance(ignored, bool) else None
    return {"ignore_result": asked, "eta": None, "expires": expires}


def _check_due(eta: str | None) -> None:
    if eta and datetime.fromisoformat(eta) > datetime.now(UTC) + _AHEAD:
        raise Refused(f"it is for later ({eta}), and no message waits: send it when it is due")


def _properties(said: Mapping[str, Any], queue: str, priority: int) -> dict[str, Any]:
    """Given back, it goes where it came from, and has the tag that it had.

    Else it gets one: by its sender's, who may give any number the same, workers would hold all of
    these as one.
    """
    redelivered = said["delivery_info"].get("redelivered") is True
    tag = _name(said["delivery_tag"], "delivery tag")
    return {
        "delivery_tag": tag if redelivered else str(uuid4()),
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": queue, "redelivered": redelivered},
        "priority": priority,
        "body_encoding": "base64",
        "reply_to": None,
    }


def _name(value: Any, what: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_NAME:
        raise Refused(f"its {what} is no name of at most {_LONGEST_NAME} characters")
    value.encode()  # a lone half of a letter is none
    return value


def _time(value: Any, what: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refused(f"its {what} is no time")
    time = datetime.fromisoformat(value)
    if time.year not in _YEARS:
        raise Refused(f"its {what} is in no year that can be meant")
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
