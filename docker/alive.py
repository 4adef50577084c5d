"""Does the Celery worker of this container answer? Exit 0 or 1; the container's health check."""

from __future__ import annotations

import socket
import sys

from kombu.exceptions import OperationalError

from tasks.broker import connect
from tasks.settings import read_settings, redis_url


def answers(seconds: float = 15.0) -> bool:
    """Whether a worker whose node name ends in this host's name answers within ``seconds``."""
    app = connect(redis_url(read_settings()))
    here = f"*@{socket.gethostname()}"
    replies = app.control.broadcast(
        "ping", pattern=here, matcher="glob", reply=True, timeout=seconds, limit=1
    )
    return bool(replies)


def main() -> int:
    try:
        return 0 if answers() else 1
    except OperationalError as error:
        sys.stderr.write(f"Redis does not answer: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
