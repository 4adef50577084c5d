"""What an error of Redis means for the work, in one sentence that names the setting.

Wrong for good (a password, a right, a certificate, a scheme): ``UsageError``. Anything else may
pass: ``ServiceUnavailable``.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions as redis
from redis.sentinel import MasterNotFoundError

from articles.errors import (
    DepescheError,
    Refused,
    ServiceUnavailable,
    StillLoading,
    UsageError,
    WrongType,
)
from articles.tls import fault_of_tls
from tasks.redis_address import RedisAddress

_REFUSED = ("WRONGPASS", "NOAUTH", "INVALID PASSWORD", "INVALID USERNAME", "AUTH CALLED WITHOUT")
_CLUSTER = ("MOVED ", "ASK ", "CLUSTERDOWN", "CROSSSLOT", "NOT ALLOWED IN CLUSTER MODE")


@contextmanager
def redis_errors(address: RedisAddress) -> Iterator[None]:
    """Raise :func:`translated` for whatever redis-py raises inside."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise translated(error, address) from error


def translated(error: BaseException, address: RedisAddress) -> DepescheError:
    """The error to raise for ``error`` at ``address``."""
    where = f"{address} ({address.origin})"
    chain = list(_chain(error))
    said = " ".join(f"{type(link).__name__} {link}" for link in chain).upper()
    if wrong := _wrong(chain, said, address):
        return UsageError(f"Redis at {where}: {wrong}.")
    if any(isinstance(link, socket.gaierror) for link in chain):
        return ServiceUnavailable(f"Redis does not answer: no host has the name in {where}.")
    if isinstance(error, redis.BusyLoadingError):
        return StillLoading(f"Redis at {where} is loading its data; it answers when it has them.")
    if isinstance(error, redis.ResponseError):
        kind = WrongType if is_wrong_type(error) else Refused
        return kind(f"Redis at {where} refuses what it is asked: {_first_line(error)}")
    return ServiceUnavailable(
        f"Redis does not answer at {where}: {_reason(chain, address)}{_hint(said, address)}"
    )


def is_wrong_type(error: object) -> bool:
    """Whether Redis refuses a key for its type. What was asked may be repeated before that."""
    answer = str(error).rpartition(" caused error: ")[2]
    return isinstance(error, redis.ResponseError) and answer.startswith("WRONGTYPE")


def _reason(chain: list[BaseException], address: RedisAddress) -> str:
    if any(isinstance(link, MasterNotFoundError) for link in chain):
        return f"no sentinel that answers names a master of {address.master!r} now"
    return _first_line(chain[0])


def _hint(said: str, address: RedisAddress) -> str:
    """What else it looks like where one side speaks TLS and the other does not."""
    cut = any(words in said for words in ("CLOSED BY SERVER", "RESET BY PEER", "EOF OCCURRED"))
    if not address.tls and not address.path and cut:
        return "; a server that speaks TLS alone does this to redis://, and wants rediss://"
    if address.tls and (cut or "TIMEOUT" in said):
        return (
            "; a server that speaks no TLS does this to rediss://, and wants redis://; "
            "so does one that wants a certificate of ours, in DEPESCHE_REDIS_CERT"
        )
    return ""


def _wrong(chain: list[BaseException], said: str, address: RedisAddress) -> str:
    """What a person must set right; empty where it may pass."""
    refused = any(isinstance(link, redis.AuthenticationError) for link in chain)
    no_redis = any(isinstance(link, redis.InvalidResponse) for link in chain)
    rules = {
        f"its user lacks a right: {_first_line(chain[0])}": "NOPERM" in said,
        f"it refuses the user or the password in the address ({_first_line(chain[0])})": (
            refused or any(words in said for words in _REFUSED)
        ),
        "it is a Redis Cluster, which is not supported: name one server, or its sentinels": (
            any(words in said for words in _CLUSTER)
        ),
        f"it has no database {address.database}": "DB INDEX IS OUT OF RANGE" in said,
        "what answers is no Redis, or speaks TLS, and then its address is rediss://": no_redis,
    }
    spoken = fault_of_tls(chain, "DEPESCHE_REDIS", "redis://") if address.tls else ""
    return next((sentence for sentence, holds in rules.items() if holds), spoken)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
