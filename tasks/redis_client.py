"""Connections to Redis, made of an address: the same for Celery, its results, and all who look."""

from __future__ import annotations

import errno
import socket
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelManagedConnection, SentinelManagedSSLConnection

from articles.errors import UsageError
from articles.tls import Tls
from tasks import embedded
from tasks.redis_address import RedisAddress

_PLACE = ("host", "port")
#: What only a connection over TCP has a use for, and the class for Unix sockets does not take.
_OF_TCP = (*_PLACE, "socket_keepalive", "socket_keepalive_options")


class BelievedConnection(redis.UnixDomainSocketConnection):
    """To the embedded Redis of a data folder: nothing is said before it is known whose it is."""

    def __init__(self, path: str = "", *, data: Path, **options: Any) -> None:
        super().__init__(path, **options)  # type: ignore[no-untyped-call]
        self._data = data

    def _connect(self) -> socket.socket:
        """Raises ``OSError``, also where another user may listen there."""
        try:
            self.path = self._where()
            embedded.check_socket(self.path, self._data)
            return self._checked(super()._connect())  # type: ignore[no-untyped-call]
        except UsageError as error:
            raise PermissionError(errno.EACCES, str(error)) from error

    def _where(self) -> str:
        return str(self.path)

    def _checked(self, connected: socket.socket) -> socket.socket:
        try:
            embedded.check_peer(connected, self.path, self._data)
        except BaseException:
            connected.close()
            raise
        return connected


class OwnSocketConnection(BelievedConnection):
    """The same, wherever it has its socket by now: that is looked up at each connect."""

    def _where(self) -> str:
        return embedded.socket_path(self._data, self.path)


def client(address: RedisAddress, **options: Any) -> redis.Redis:
    """A client; nothing is connected until it is used. ``options`` are those of redis-py."""
    return redis.Redis.from_pool(pool(address, **options))


def pool(address: RedisAddress, **options: Any) -> redis.ConnectionPool:
    """A pool of connections: to the server, or to whichever server the sentinels call master."""
    options = parameters(address, **options)
    if not address.master:
        return redis.ConnectionPool(**options)
    asked = _to_sentinels(address, options)
    made: Any = Sentinel  # which has no types
    managed: redis.ConnectionPool = (
        made(address.hosts, sentinel_kwargs=asked, **options)
        .master_for(address.master)
        .connection_pool
    )
    return managed


def parameters(address: RedisAddress, **options: Any) -> dict[str, Any]:
    """``options`` with what the address says, and without what does not go with it."""
    common = {
        "connection_class": connection_class(address),
        **options,
        "db": address.database,
        "username": address.user,
        "password": address.password,
        **_of_tls(address.tls),
    }
    if address.path:
        own = {"data": address.data} if address.data else {}
        return {**_without(common, _OF_TCP), "path": address.path, **own}
    if address.master:
        return _without(common, _PLACE)
    return common | dict(zip(_PLACE, address.hosts[0], strict=True))


def _without(options: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}


def connection_class(address: RedisAddress) -> type[AbstractConnection]:
    """redis-py's class of connection for it."""
    if address.path:
        return OwnSocketConnection if address.data else redis.UnixDomainSocketConnection
    if address.master:
        return SentinelManagedSSLConnection if address.tls else SentinelManagedConnection
    return redis.SSLConnection if address.tls else redis.Connection


def _of_tls(tls: Tls | None) -> dict[str, Any]:
    if tls is None:
        return {}
    return {
        "ssl_ca_certs": tls.ca,
        "ssl_certfile": tls.cert,
        "ssl_keyfile": tls.key,
        "ssl_cert_reqs": "required" if tls.verify else "none",
        "ssl_check_hostname": tls.verify and tls.check_hostname,
    }


def _to_sentinels(address: RedisAddress, options: dict[str, Any]) -> dict[str, Any]:
    """How the sentinels themselves are asked: with their own password, and as patiently."""
    return {
        **{name: value for name, value in options.items() if name.startswith("socket_")},
        "username": address.sentinel_user,
        "password": address.sentinel_password,
        "retry": Retry(NoBackoff(), 0),  # there are others to ask
        **({"ssl": True, **_of_tls(address.tls)} if address.tls else {}),
    }
