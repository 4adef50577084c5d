"""Who may do what in Redis: workers what messages need, programs to send, ``keeper`` everything.

One command would else hold everybody's work for good: a script without end, ``REPLICAOF``, a right
taken away, ``CLIENT PAUSE``; or what takes longer than to send it, and again at each start, for it
stands in the append-only file. ``docker/redis.sh`` says the same. Programs that send have a user of
their own there: whoever may do what workers do can hold them up.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Sequence

from articles.limits import MEBIBYTE
from tasks.names import DEFAULT_QUEUE, QueueNames

#: The commands that Depesche, kombu and Celery send, each by its name: none of those that change
#: something takes longer than to send what it changes, and none makes more of it than was sent.
#: No patterns (``SCAN``, ``PSUBSCRIBE``), which take quadratic time.
COMMANDS = (
    ("auth", "hello", "ping", "quit", "select", "client|setname"),
    ("multi", "exec", "discard", "watch", "unwatch"),
    ("publish", "subscribe", "unsubscribe", "pubsub|numpat"),
    ("del", "unlink", "exists", "expire", "pttl", "type"),
    ("get", "getrange", "mget", "set", "setex"),
    ("lpush", "rpush", "brpop", "llen", "lrange"),
    ("sadd", "srem", "scard", "smembers"),
    ("hset", "hget", "hmget", "hvals", "hdel"),
    ("zadd", "zrange", "zrem"),
    ("time", "info", "bgrewriteaof", "flushall"),
)
RIGHTS = " ".join(f"+{command}" for family in COMMANDS for command in family)
KEEPER, PROGRAM = "keeper", "program"
#: Bytes of a result (100,000 paths of odd letters, each with a reason), and of all said to one.
LONGEST_RESULT, LONGEST_ANSWER = 96 * MEBIBYTE, 128 * MEBIBYTE
#: Bytes that Redis may keep, at least; of a larger machine an eighth of its memory.
LEAST_MEMORY = 512 * 1024 * 1024

#: What a program's Celery says besides sending and asking.
_CONNECTED = (
    *("auth", "hello", "ping", "quit", "select", "client|setname"),
    *("multi", "exec", "discard", "subscribe", "unsubscribe"),
)
#: As Redis writes patterns: every list of every intake, of all priorities.
_INTAKES = (DEFAULT_QUEUE, QueueNames(index="*").shared)
_LISTS = tuple(queue + ending for queue in _INTAKES for ending in ("", "??[369]"))
#: Written by kombu before it sends to a queue; nobody reads them, for messages name their queue.
_BINDINGS = tuple(
    f"_kombu.{kind}.{queue}" for kind in ("binding", "binding_permanent") for queue in _INTAKES
)
_RESULTS = "celery-task-meta-*"


def _may(right: str, names: Iterable[str], *commands: str) -> str:
    """``W`` to write or ``R`` to read what is called so, by these commands alone."""
    keys = " ".join(f"%{right}~{name}" for name in names)
    return f"({keys} {' '.join(f'+{command}' for command in commands)})"


#: To send to an intake, and to wait for results and forget them. What workers hold and say, other
#: queues and others' messages are neither read nor written, and no result is written.
PROGRAM_RIGHTS = " ".join(
    (
        f"resetchannels &{_RESULTS} -@all",
        *(f"+{command}" for command in _CONNECTED),
        _may("W", _LISTS, "lpush", "llen"),
        _may("W", _BINDINGS, "sadd"),
        _may("R", [_RESULTS], "get", "mget"),
        _may("W", [_RESULTS], "del"),
    )
)


def users() -> dict[str, str]:
    """Lines of ``redis.conf``; the keeper's password is another at each start, and there alone."""
    return {
        "user default": f"on nopass ~* &* -@all {RIGHTS}",
        f"user {KEEPER}": f"on >{secrets.token_hex(16)} ~* &* +@all",
    }


def limits(memory: int) -> dict[str, str | int]:
    """Lines of ``redis.conf``: so much for what is kept, and for what is said to all together.

    Whoever asks for more than ``LONGEST_ANSWER`` at once is cut off, and asks for it one by one.
    What is announced counts as kept before it is there: so all who announce together have half, and
    each a result at most. Logs of who is refused, or slow, would keep names of any length beside
    all that.
    """
    return {
        "maxmemory": memory,
        "maxmemory-policy": "noeviction",
        "maxmemory-clients": memory // 2,
        "proto-max-bulk-len": LONGEST_RESULT,
        "acllog-max-len": 0,
        "slowlog-log-slower-than": -1,
        "client-output-buffer-limit": f"normal {min(memory, LONGEST_ANSWER)} 0 0",
    }


def more_logs(version: str) -> dict[str, int]:
    """Lines against two more logs of that kind, which Valkey has from 8.1 on: ``v=9.1.2``, say."""
    found = re.search(r"Valkey.* v=(\d+)\.(\d+)", version)
    has_them = found and (int(found[1]), int(found[2])) >= (8, 1)
    logs = ("commandlog-request-larger-than", "commandlog-reply-larger-than")
    return dict.fromkeys(logs, -1) if has_them else {}


def bounded(argv: Sequence[str], memory: int) -> tuple[str, ...]:
    """The same command, ended by the kernel where it takes more than three times that memory.

    Names that somebody subscribes to, watches or calls himself count for none of its limits. It is
    started anew then, and they are gone with his connections.
    """
    only = f"ulimit -v {3 * memory // 1024} 2>/dev/null; exec"  # in vain where it has less already
    return ("/bin/sh", "-c", f'{only} "$@"', "sh", *argv)


def memory() -> int:
    """How many bytes the embedded Redis may keep on this machine."""
    return max(LEAST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 8)
