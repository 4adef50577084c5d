"""Where ``status`` looks: data folder, index, addresses; no password is among them."""

from __future__ import annotations

import re

from articles.errors import DepescheError
from tasks.settings import elasticsearch_url, redis_url
from worker.container import Container

_LOGIN = re.compile(r"(?<=://)[^/\s]*@")
_SECRET = re.compile(r"([?&;][^=&;]*(?:pass|secret|key|token)[^=&;]*=)[^&;]*", re.IGNORECASE)


def places(container: Container) -> dict[str, str]:
    """``data``, ``index``, and the addresses of ``redis`` and ``elasticsearch`` if any is known."""
    settings = container.settings
    known = {"data": str(settings.data), "index": settings.index}
    for service, address in (("redis", redis_url), ("elasticsearch", elasticsearch_url)):
        try:
            known[service] = masked(address(settings))
        except DepescheError:
            known[service] = ""
    return known


def masked(address: str) -> str:
    """An address, or several, with ``***`` for the user and the password of each."""
    return _SECRET.sub(r"\1***", _LOGIN.sub("***@", address))
