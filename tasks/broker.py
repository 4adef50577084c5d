"""The Celery application that senders and workers share: names, queues, delivery rules.

A message is only a notification; it may be lost or come twice. What makes that harmless is
written in ``docs/architecture.md``; what is set here only makes it quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from articles.errors import UsageError
from tasks.names import (
    DEFAULT_QUEUE,
    ENRICH_DOCUMENTS,
    INTAKE_ARTICLE,
    INTAKE_BATCH,
    INTAKE_FILES,
    QueueNames,
)
from tasks.reconnect import ADDRESS, NAMES, EagerCelery, address_of
from tasks.redis_address import RedisAddress, parse
from tasks.redis_faults import redis_errors, translated
from tasks.results import QuietResult

#: What Celery and kombu are told; the channels and the results take the address itself.
_BROKER = "redis://localhost"


def connect(
    address: RedisAddress | str, lease_seconds: float = 45.0, names: QueueNames | None = None
) -> Celery:
    """A Celery application on that Redis; nothing is connected until it is used.

    ``names`` are those of an index and a site. Raises :class:`UsageError` for a text that is no
    address.
    """
    names = names or QueueNames()
    address = _read(address) if isinstance(address, str) else address
    app = EagerCelery("depesche", broker=_BROKER, set_as_current=False)
    # Of this class are the results of what a task has sent itself, too: its children.
    app.AsyncResult = app.subclass_with_self(QuietResult)
    app.conf.update(_delivery(names))
    options = {**_transport(lease_seconds), **_held(names), ADDRESS: address, NAMES: names}
    app.conf.broker_transport_options = options
    return app


@contextmanager
def errors_of(app: Celery) -> Iterator[None]:
    """Raise Depesche's errors for whatever Celery raises about the application's Redis."""
    try:
        with redis_errors(address_of(app)):
            yield
    except OperationalError as error:  # kombu's, for whatever Redis has answered
        why = error.__cause__ if isinstance(error.__cause__, RedisError) else error
        raise translated(why, address_of(app)) from error
    except RuntimeError as error:  # what Celery raises where Redis goes while it waits
        if not isinstance(error.__cause__, RedisError | OSError):
            raise
        raise translated(error.__cause__, address_of(app)) from error


def _read(address: str) -> RedisAddress:
    try:
        return parse(address)
    except ValueError as error:
        raise UsageError(f"The address of Redis: {error}.") from None


def _delivery(names: QueueNames) -> dict[str, Any]:
    return {
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "result_accept_content": ["json"],
        "task_default_queue": DEFAULT_QUEUE,
        "task_routes": {
            INTAKE_FILES: names.files,
            INTAKE_ARTICLE: names.shared,
            INTAKE_BATCH: names.own,
            ENRICH_DOCUMENTS: names.documents,
        },
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "result_expires": 86_400,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # A full Redis answers with an error where Celery expects none: wait, do not die of it.
        "broker_channel_error_retry": True,
        "broker_transport": "tasks.transport:Transport",
        "result_backend": "tasks.results:Results",
        "redis_socket_connect_timeout": 3,
        "redis_socket_timeout": 30,
        "worker_soft_shutdown_timeout": 20.0,
        "worker_enable_soft_shutdown_on_idle": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_send_task_events": False,
        # Whoever reaches Redis could end, pause and reconfigure the workers by it; nobody uses it.
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
    }


def _held(names: QueueNames) -> dict[str, str]:
    """Where kombu keeps what workers hold: another installation has another lease."""
    return {
        "unacked_key": names.unacked,
        "unacked_index_key": f"{names.unacked}_index",
    }


def _transport(lease_seconds: float) -> dict[str, Any]:
    return {
        "visibility_timeout": lease_seconds,
        "unacked_restore_interval": 5,
        "socket_connect_timeout": 3,
        # Sending fails at once where it fails: the reconciler sends another message.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
