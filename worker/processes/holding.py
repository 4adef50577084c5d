"""What a Celery worker holds: every message that it has taken and not acknowledged."""

from __future__ import annotations

from typing import Any

from celery.worker.state import active_requests, reserved_requests


def held() -> dict[str, Any]:
    """The messages by their tags; those at work also where the connection is not theirs any more.

    Celery forgets what it has reserved where its connection breaks, and not what is at work.
    """
    requests = (*_all(reserved_requests), *_all(active_requests))
    return {
        request.message.delivery_tag: request.message
        for request in requests
        if not request.acknowledged
    }


def _all(requests: Any) -> tuple[Any, ...]:
    try:
        return tuple(requests)
    except RuntimeError:  # it has changed: another thread ends the worker
        return ()
