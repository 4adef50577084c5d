"""One way to get a client."""

from __future__ import annotations

import re
from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from articles.tls import Tls
from indexing.index.faults import translate_errors

__all__ = ["connect", "server_version", "translate_errors", "without_credentials"]


def connect(
    urls: str, api_key: str | None = None, timeout: float = 10.0, tls: Tls | None = None
) -> Elasticsearch:
    """Return a client for ``urls``, one or more with commas; no request is made.

    Each is ``scheme://[user:password@]host:port[/prefix]``. Nothing is retried in here but a
    request that one of several servers did not take, at another: the reconciler is the only
    retry mechanism. Make the client after a fork, for connections must not be shared between
    processes. ``timeout`` is in seconds. Raises :class:`UsageError` for an address that cannot
    be used.
    """
    servers = re.split(r"\s*,\s*(?=https?://)", urls.strip())
    if api_key:  # with an Authorization header from user and password, the library refuses it
        servers = [without_credentials(server) for server in servers]
    try:
        return Elasticsearch(
            servers,
            api_key=api_key or None,
            request_timeout=timeout,
            max_retries=len(servers) - 1,
            retry_on_timeout=False,
            retry_on_status=(),
            **_of_tls(tls),
        )
    except ValueError as error:
        # Not chained: the library's error may repeat the address with its password.
        reason = without_credentials(str(error))
    address = without_credentials(urls)
    raise UsageError(
        f"The Elasticsearch address {address!r} cannot be used ({reason}); "
        "write DEPESCHE_ELASTICSEARCH_URL like http://localhost:9200."
    )


def _of_tls(tls: Tls | None) -> dict[str, Any]:
    files = {"ca_certs": tls.ca, "client_cert": tls.cert, "client_key": tls.key} if tls else {}
    return {name: file for name, file in files.items() if file}


def without_credentials(text: str) -> str:
    """Return ``text`` with the ``user:password@`` of every URL in it removed."""
    return re.sub(r"(?<=://)[^/\s]*@", "", text)


def server_version(client: Elasticsearch) -> str:
    """Return the server's version; raises :class:`ServiceUnavailable` where it does not answer."""
    with translate_errors():
        return str(client.info()["version"]["number"])
