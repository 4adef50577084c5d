"""Whether the services can be used as they are set: looked at once, before work begins."""

from __future__ import annotations

from contextlib import suppress

from articles.errors import ServiceUnavailable
from tasks.settings import Settings, redis_address
from tasks.site import queue_names
from worker.container import Container

#: Whoever is away is waited for later; a start shall not wait for its silence.
_SECONDS = 3.0


def check_addresses(settings: Settings) -> None:
    """Return if each service that a setting names answers as it should, or is away.

    Raises ``UsageError``, which names the setting, where waiting would not help: a wrong scheme,
    password or certificate, a right that is missing, a Redis Cluster, an Elasticsearch of another
    version, or a server that is none. An index that is not there yet is no fault of these, and
    the embedded services are as this program sets them. Connections are closed again: whoever
    asks may fork.
    """
    if settings.redis_url:
        with suppress(ServiceUnavailable):
            _ask_redis(settings)
    if settings.elasticsearch_url:
        with suppress(ServiceUnavailable):
            _ask_elasticsearch(settings)


def _ask_redis(settings: Settings) -> None:
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    from tasks.redis_client import client
    from tasks.redis_faults import redis_errors

    brief = {"socket_connect_timeout": _SECONDS, "socket_timeout": _SECONDS}
    address = redis_address(settings)
    with (
        redis_errors(address),
        client(address, **brief, retry=Retry(NoBackoff(), 0)) as redis,
    ):
        redis.llen(queue_names(settings).own)


def _ask_elasticsearch(settings: Settings) -> None:
    from indexing.index.ready import check_readable

    with Container(settings).client as client:
        check_readable(client.options(request_timeout=_SECONDS), settings.index)
