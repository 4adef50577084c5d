"""One way to get a client."""

from __future__ import annotations

from typing import Any

from elastic_transport import ConnectionError as NotConnected
from elastic_transport import ConnectionTimeout, TransportError, Urllib3HttpNode
from elasticsearch import Elasticsearch, NotFoundError
from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError

from articles.addresses import LOGIN, UNREADABLE, shown, split, without_logins
from articles.errors import UsageError
from articles.tls import Tls
from indexing.index.answers import TooMuch, bounded
from indexing.index.decoding import DeepJson
from indexing.index.faults import SETTING, answers_as_elasticsearch, translate_errors

__all__ = ["connect", "server_version", "translate_errors", "without_credentials"]

#: Seconds for one of several servers to take a connection: a host that is gone says nothing.
CONNECT_SECONDS = 3.0
#: What a node says that has lost its cluster, and a proxy that has lost its node: others may know.
_ELSEWHERE = (502, 503)


def connect(
    urls: str,
    api_key: str | None = None,
    timeout: float = 10.0,
    tls: Tls | None = None,
    origin: str = SETTING,
) -> Elasticsearch:
    """Return a client for ``urls``, one or more with commas; no request is made.

    Each is ``scheme://[user:password@]host:port[/prefix]``. Nothing is retried in here but a
    request that one of several servers did not take, at another: the reconciler is the only
    retry mechanism. One that did not answer is left alone for a while, 1 to 30 seconds. Make the
    client after a fork, for connections must not be shared between processes. ``timeout`` is in
    seconds; ``origin`` says in errors who named the address. Raises
    :class:`UsageError` for an address that cannot be used.
    """
    servers = split(urls)
    if api_key:  # one of the two, and not by chance
        servers = [LOGIN.sub("", server) for server in servers]
    try:
        return Elasticsearch(
            servers,
            api_key=api_key or None,
            request_timeout=timeout,
            max_retries=len(servers) - 1,
            retry_on_timeout=False,
            retry_on_status=_ELSEWHERE if len(servers) > 1 else (),
            node_class=_node_class(origin, timeout if len(servers) > 1 else None),
            serializers={DeepJson.mimetype: DeepJson()},
            **_of_tls(tls),
        )
    except ValueError as error:
        # Not chained: the library's error may repeat the address with its password.
        reason = UNREADABLE if "@" in urls else str(error)
    address = shown(urls)
    raise UsageError(
        f"The Elasticsearch address {address!r} ({origin}) cannot be used ({reason}); "
        "write it like http://localhost:9200."
    )


def _node_class(origin: str, timeout: float | None) -> type[Urllib3HttpNode]:
    """The transport's class for a server, whose errors say which one it was.

    With a ``timeout``, in seconds, for the whole of a request, connecting has one of its own.
    """

    class Node(Urllib3HttpNode):
        def __init__(self, config: Any) -> None:
            super().__init__(config)
            if timeout is not None:
                self.pool.timeout = _brief(timeout)
            vars(self.pool)["urlopen"] = bounded(self.pool.urlopen)

        def perform_request(self, *args: Any, **options: Any) -> Any:
            wanted = options.get("request_timeout")
            if timeout is not None and isinstance(wanted, (int, float)):
                options["request_timeout"] = _brief(wanted)
            try:
                return super().perform_request(*args, **options)
            except TransportError as error:
                said = _unsent(error)
                said.add_note(f"{self.base_url} ({origin})")
                raise said from error.__cause__
            except ValueError as error:  # a host's name that can be none
                nowhere = NotConnected(str(error), errors=(error,))
                nowhere.add_note(f"{self.base_url} ({origin})")
                raise nowhere from error

    return Node


def _brief(seconds: float) -> Timeout:
    return Timeout(total=seconds, connect=min(seconds, CONNECT_SECONDS))


def _unsent(error: TransportError) -> TransportError:
    """Where no connection came about in time nothing was sent: another server may be asked.

    Where the answer was too much, none is to be.
    """
    if isinstance(error.__cause__, TooMuch):  # nothing is wrong with the server
        return TooMuch(error.__cause__.message)
    if isinstance(error, ConnectionTimeout) and isinstance(error.__cause__, ConnectTimeoutError):
        return NotConnected(f"no connection within {CONNECT_SECONDS:.0f} s", errors=error.errors)
    return error


def _of_tls(tls: Tls | None) -> dict[str, Any]:
    files = {"ca_certs": tls.ca, "client_cert": tls.cert, "client_key": tls.key} if tls else {}
    return {name: file for name, file in files.items() if file}


def without_credentials(text: str) -> str:
    """Return ``text`` with the ``user:password@`` of every URL in it removed."""
    return without_logins(text)


def server_version(client: Elasticsearch) -> str:
    """Return the server's version; raises :class:`ServiceUnavailable` where it does not answer.

    And :class:`UsageError` where it refuses, or is not Elasticsearch.
    """
    with translate_errors():
        try:
            return str(client.info()["version"]["number"])
        except NotFoundError as error:
            if not answers_as_elasticsearch(error):
                raise
    raise UsageError(
        f"Elasticsearch takes the path in {SETTING} for the name of an index: "
        "only a proxy before it may want one."
    )
