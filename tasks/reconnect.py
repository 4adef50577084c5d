"""How long anybody waits for a Redis that is away, and how soon a worker looks again."""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu.connection import Connection

from tasks.names import QueueNames
from tasks.redis_address import RedisAddress

#: Celery would wait 2, 4, 6 … up to 30 seconds, and so go on half a minute after Redis is back.
_EVERY_SECONDS = {"interval_start": 1, "interval_step": 1, "interval_max": 2}
#: Without it a sender waits for ever for a Redis that accepts and does not answer.
_SEND_SECONDS = 5
#: The transport option in which a connection, a channel and the results find the address.
ADDRESS = "depesche_address"
#: And what stands in Redis for this installation.
NAMES = "depesche_names"


def address_of(app: Celery) -> RedisAddress:
    """The address that an application of ``tasks.broker.connect`` is on."""
    address: RedisAddress = app.conf.broker_transport_options[ADDRESS]
    return address


def names_of(app: Celery) -> QueueNames:
    """What the queues are called that an application of ``tasks.broker.connect`` speaks to."""
    names: QueueNames = app.conf.broker_transport_options[NAMES]
    return names


class EagerConnection(Connection):
    """A connection that is tried again every other second, for ever."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        options = {**_EVERY_SECONDS, **options}
        return super().ensure_connection(*args, **options)  # type: ignore[no-untyped-call]

    def as_uri(self, *args: Any, **options: Any) -> str:
        """What logs call it: the address, never a password."""
        address = (self.transport_options or {}).get(ADDRESS)
        if address is not None:
            return str(address)
        return super().as_uri(*args, **options)


class EagerAMQP(AMQP):  # type: ignore[misc]  # celery ships no types
    """What a Celery application takes its connections from."""

    Connection = EagerConnection


class EagerCelery(Celery):  # type: ignore[misc]
    """Celery that waits a short time for Redis where it sends.

    Not where it reads: an acknowledgement that was given up would count as a message at work, and
    the worker would take no other one until it is started again.
    """

    amqp_cls = EagerAMQP

    def connection_for_write(self, url: str | None = None, **options: Any) -> Any:
        limits = {"socket_timeout": _SEND_SECONDS, **(options.pop("transport_options", None) or {})}
        return super().connection_for_write(url, transport_options=limits, **options)
