"""One way to get a client."""

from __future__ import annotations

import re

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.index.faults import translate_errors

__all__ = ["connect", "server_version", "translate_errors", "without_credentials"]


def connect(url: str, api_key: str | None = None, timeout: float = 10.0) -> Elasticsearch:
    """Return a client for ``url`` (``scheme://[user:password@]host:port``); no request is made.

    Nothing is retried in here: the reconciler is the only retry mechanism. Make the client
    after a fork, for connections must not be shared between processes. ``timeout`` is in
    seconds. Raises :class:`UsageError` for an address that cannot be used.
    """
    try:
        return Elasticsearch(
            url,
            api_key=api_key or None,
            request_timeout=timeout,
            max_retries=0,
            retry_on_timeout=False,
        )
    except ValueError as error:
        # Not chained: the library's error may repeat the address with its password.
        reason = without_credentials(str(error))
    address = without_credentials(url)
    raise UsageError(
        f"The Elasticsearch address {address!r} cannot be used ({reason}); "
        "write it like http://localhost:9200."
    )


def without_credentials(text: str) -> str:
    """Return ``text`` with the ``user:password@`` of every URL in it removed."""
    return re.sub(r"(?<=://)[^/\s]*@", "", text)


def server_version(client: Elasticsearch) -> str:
    """Return the server's version; raises :class:`ServiceUnavailable` where it does not answer."""
    with translate_errors():
        return str(client.info()["version"]["number"])
