"""Where ``status`` looks: data folder, index, addresses; no password is among them."""

from __future__ import annotations

import re

from articles.addresses import shown
from articles.errors import DepescheError
from tasks import embedded
from tasks.settings import Settings, elasticsearch_url, redis_address
from worker.container import Container

_SECRET = re.compile(r"([?&;][^=&;]*(?:pass|secret|key|token)[^=&;]*=)[^&;]*", re.IGNORECASE)


def places(container: Container) -> dict[str, str]:
    """``data``, ``index``, ``site``, and the addresses of ``redis`` and ``elasticsearch``, if any.

    Of the embedded Elasticsearch also the ``curl`` command that asks it. ``model``: which one finds
    names, where it is not the standard one.
    """
    settings = container.settings
    known = {"data": str(settings.data), "index": settings.index, "site": container.names.site}
    for service, address in (("redis", _redis), ("elasticsearch", _elasticsearch)):
        try:
            known[service] = address(settings)
        except DepescheError:
            known[service] = ""
    if known["elasticsearch"] and not settings.elasticsearch_url:
        url = embedded.address(settings.data, "elasticsearch")
        known["curl"] = embedded.curl(settings.data, url)
    if settings.spacy_model:
        known["model"] = settings.spacy_model
    return known


def _redis(settings: Settings) -> str:
    return str(redis_address(settings))


def _elasticsearch(settings: Settings) -> str:
    return masked(elasticsearch_url(settings))


def masked(address: str) -> str:
    """An address, or several, with ``***`` for the user and the password of each."""
    return _SECRET.sub(r"\1***", shown(address, "***@"))
