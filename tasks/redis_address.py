"""The one reader of a Redis address: every part of the house is connected by what it returns.

    redis://[user:password@]host[:port][/database]      rediss://…  the same, with TLS
    unix://[user:password@]/path[?db=1]                 redis+socket:///path?virtual_host=1
    sentinel://host[:port][/database];sentinel://…?master_name=mymaster     sentinels://…  with TLS

Celery's dialect and that of redis-py, each understood by one of them alone, mean the same here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from articles.tls import Tls

T = TypeVar("T")

TCP, UNIX, SENTINEL = ("redis", "rediss"), ("unix", "redis+socket", "socket"), ("sentinel",)
_PORT, _SENTINEL_PORT = 6379, 26379
_WITH_TLS = {"rediss": "redis", "sentinels": "sentinel"}
_TLS_WANTED = {"redis": "rediss", "sentinel": "sentinels"}
_DATABASE = ("db", "virtual_host")
_OF_TLS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname")
_OF_SENTINEL = ("master_name", "sentinel_username", "sentinel_password")
EXAMPLE = "redis://[user:password@]host:6379/0"


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """Where Redis is: ``hosts`` is one server or, with ``master``, the sentinels; or ``path``.

    ``origin`` says who named it, for what is told to people; it makes no difference. ``data`` is
    the folder of the embedded one, which may have another ``path`` after each start.
    """

    hosts: tuple[tuple[str, int], ...] = ()
    path: str = ""
    database: int = 0
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls | None = None
    master: str = ""
    sentinel_user: str | None = None
    sentinel_password: str | None = field(default=None, repr=False)
    origin: str = field(default="DEPESCHE_REDIS_URL", compare=False)
    data: Path | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """The address as a person writes it, without its passwords."""
        if self.path:
            return f"unix://{self.path}" + (f"?db={self.database}" if self.database else "")
        scheme = "sentinel" if self.master else "redis"
        hosts = ",".join(f"[{h}]:{p}" if ":" in h else f"{h}:{p}" for h, p in self.hosts)
        master = f"?master_name={self.master}" if self.master else ""
        return f"{scheme}{'s' if self.tls else ''}://{hosts}/{self.database}{master}"


def parse(url: str) -> RedisAddress:
    """Read an address; ``ValueError`` says what is wrong with it, and repeats nothing of it.

    User, password, path and values are percent-decoded.
    """
    if any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError("it holds a blank or a control character")
    parts = [_split(part) for part in re.split(r";(?=[a-z+]+://)", url)]
    scheme = _same((part.scheme for part in parts), "the schemes")
    if "cluster" in scheme:
        raise ValueError(
            "Redis Cluster is not supported, for Celery cannot use it: "
            "name one server, or the sentinels of one"
        )
    if "amqp" in scheme or "rabbit" in scheme:
        raise ValueError(
            "RabbitMQ is not supported, for it does not show what waits in a queue and who holds "
            "it, by which what is lost is found: name a Redis"
        )
    kind = _WITH_TLS.get(scheme, scheme)
    if kind not in {*TCP, *UNIX, *SENTINEL}:
        raise ValueError("it does not begin with redis://, rediss://, unix:// or sentinel://")
    if len(parts) > 1 and kind not in SENTINEL:
        raise ValueError("only sentinels can be several")
    values = _parameters(parts, kind, tls=scheme in _WITH_TLS)
    read = {"unix": _unix, "redis+socket": _unix, "socket": _unix, "sentinel": _sentinels}
    address = replace(
        read.get(kind, _server)(parts, values),
        user=_same((_plain(part.username) for part in parts), "the users"),
        password=_same((_plain(part.password) for part in parts), "the passwords"),
    )
    return replace(address, tls=_tls(values)) if scheme in _WITH_TLS else address


def _split(part: str) -> SplitResult:
    try:
        split = urlsplit(part)
        _ = split.port
    except ValueError:  # whose words may repeat the address
        raise ValueError("the host or the port cannot be read") from None
    if split.fragment or part.endswith("#"):
        raise ValueError("it holds a #")
    return split


def _server(parts: list[SplitResult], values: dict[str, str]) -> RedisAddress:
    database = _database(parts, values)
    return RedisAddress(hosts=(_host(parts[0], _PORT),), database=database)


def _sentinels(parts: list[SplitResult], values: dict[str, str]) -> RedisAddress:
    if not values.get("master_name"):
        raise ValueError("it does not say whose sentinels these are: add ?master_name=…")
    return RedisAddress(
        hosts=tuple(_host(part, _SENTINEL_PORT) for part in parts),
        database=_database(parts, values),
        master=values["master_name"],
        sentinel_user=values.get("sentinel_username"),
        sentinel_password=values.get("sentinel_password"),
    )


def _unix(parts: list[SplitResult], values: dict[str, str]) -> RedisAddress:
    part = parts[0]
    if part.hostname or not part.path.strip("/"):
        raise ValueError("a socket's path begins with a third slash, as in unix:///run/redis.sock")
    return RedisAddress(path=unquote(part.path), database=_database([], values))


def _host(part: SplitResult, port: int) -> tuple[str, int]:
    if not part.hostname:
        raise ValueError("it names no host")
    if "," in part.hostname:
        raise ValueError("it names several hosts with commas: write sentinel://a;sentinel://b")
    if part.port == 0:
        raise ValueError("its port is 0")
    return unquote(part.hostname), part.port or port


def _database(parts: Iterable[SplitResult], values: dict[str, str]) -> int:
    written = [*(unquote(part.path) for part in parts), *(values.get(n, "") for n in _DATABASE)]
    number = _same((text.strip("/") or None for text in written), "the databases")
    if number is not None and not re.fullmatch(r"[0-9]{1,9}", number):
        raise ValueError("its database is no number")
    return int(number or 0)


def _parameters(parts: list[SplitResult], kind: str, *, tls: bool) -> dict[str, str]:
    values: dict[str, str] = {}
    for part in parts:
        for name, value in parse_qsl(part.query, keep_blank_values=True):
            values[name] = _same([values.get(name), value], f"the values of {name!r}") or ""
    known = {*_DATABASE, *(_OF_SENTINEL if kind in SENTINEL else ())}
    if not tls and (idle := sorted(set(values) & set(_OF_TLS))):
        wanted = _TLS_WANTED.get(kind, "rediss")
        raise ValueError(f"{idle[0]} is for TLS, which begins with {wanted}://")
    if unknown := sorted(set(values) - known - set(_OF_TLS)):
        # Of what is unknown nothing is repeated: it may be the rest of a password.
        raise ValueError(f"{len(unknown)} of the words behind its ? are not known")
    return values


def _tls(values: dict[str, str]) -> Tls:
    wanted = values.get("ssl_cert_reqs", "required").lower().removeprefix("cert_")
    if wanted not in {"required", "optional", "none"}:
        raise ValueError("ssl_cert_reqs is required or none")
    checked = values.get("ssl_check_hostname", "true").lower()
    if checked not in {"true", "false"}:
        raise ValueError("ssl_check_hostname is true or false")
    return Tls(
        ca=values.get("ssl_ca_certs"),
        cert=values.get("ssl_certfile"),
        key=values.get("ssl_keyfile"),
        verify=wanted != "none",
        check_hostname=checked == "true",
    )


def _plain(text: str | None) -> str | None:
    return unquote(text) if text else None


def _same(values: Iterable[T], what: str) -> T:
    """The value of all parts that have one; ``None`` where none has."""
    present = set(values) - {None}
    if len(present) > 1:
        raise ValueError(f"{what} in it differ")
    return next(iter(present), None)  # type: ignore[return-value]
