"""The Redis transport, with one difference: a message that is none is refused, aloud, and gone.

Otherwise it would end the worker that reads it and, given back as not finished, the next one.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import structlog
from kombu.transport import redis, virtual
from redis import ConnectionPool

from tasks import redis_client
from tasks.reconnect import ADDRESS
from tasks.redis_address import RedisAddress

log = structlog.get_logger()

_JSON = "application/json"


def fault_of(message: Any) -> str:
    """What is wrong with a raw message as it stands in Redis; empty where nothing is."""
    try:
        properties = message["properties"]
        if message["content-type"] != _JSON:
            return f"its content is {message['content-type']!r}, and only JSON is read"
        if not isinstance(properties["delivery_tag"], str) or not isinstance(
            message["headers"], dict
        ):
            return "its delivery tag or its headers are malformed"
        coded = properties.get("body_encoding") == "base64"
        body = json.loads(base64.b64decode(message["body"]) if coded else message["body"])
        return "" if isinstance(body, dict) else _fault_of_arguments(*body)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return f"it is malformed: {_short(error)}"


def _short(error: Exception) -> str:
    """In short; what the message holds is nobody's business in a log."""
    return f"{type(error).__name__}: {error}"[:200]


def _fault_of_arguments(args: object, kwargs: object, embed: object) -> str:
    whole = isinstance(args, list) and isinstance(kwargs, dict) and isinstance(embed, dict)
    return "" if whole else "its arguments are no list and no keywords"


class QoS(redis.QoS):
    """Counts a message as done with even where Redis could not be told.

    Otherwise each acknowledgement that fails takes a place from the worker for good. Redis gives
    the message out again later, and then there is nothing to do for it.
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge; raises what the connection raises."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except Exception:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


class Channel(redis.Channel):
    """Connects to the address of Depesche's own, and outlives bytes that are no JSON.

    ``Transport`` lets no other ``ValueError`` through.
    """

    QoS = QoS

    @property
    def _address(self) -> RedisAddress:
        address: RedisAddress = self.connection.client.transport_options[ADDRESS]
        return address

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        """Kombu's options, with the address: its own reading of one knows two kinds of it."""
        made_of: Any = redis_client.connection_class(self._address)
        self.connection_class = made_of
        options = super()._connparams(asynchronous)  # type: ignore[no-untyped-call]
        return redis_client.parameters(self._address, **options)

    def _get_pool(self, asynchronous: bool = False) -> ConnectionPool:
        self.keyprefix_fanout = self.keyprefix_fanout.format(db=self._address.database)
        options = self._connparams(asynchronous)
        pool = redis_client.pool(self._address, **options)
        if self._address.master:  # kombu closes what is asked of sentinels with the channel
            name = "_async_sentinel_manager" if asynchronous else "_sentinel_manager"
            setattr(self, name, pool.sentinel_manager)  # type: ignore[attr-defined]
        return pool

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except (ValueError, RecursionError) as error:
            log.error("message.refused", fault=f"it is no JSON: {_short(error)}")
            return True


class Transport(redis.Transport):
    """Looks at every message before anything else does."""

    Channel = Channel

    def _deliver(self, message: Any, queue: str) -> None:
        fault = fault_of(message)
        if not fault:
            try:
                super()._deliver(message, queue)  # type: ignore[no-untyped-call]
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                fault = f"Celery cannot read it: {_short(error)}"
                self._forget(message["properties"]["delivery_tag"])
        if fault:
            log.error("message.refused", queue=queue, fault=fault)

    def _forget(self, tag: str) -> None:
        """Nobody shall get it again."""
        for channel in self.channels:
            channel.qos.ack(tag)
