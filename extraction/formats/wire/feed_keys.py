"""Which items of feeds are articles, and what tells one from all others, of other feeds too."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: What WordPress's export holds beside articles.
NO_POSTS = re.compile(
    r"attachment|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request"
    r"|wp_.{1,30}|acf-.{1,30}"
)
#: ``urn:…``, ``tag:…``, ``4711 at https://…``, a UUID, a digest: nobody else has it.
_OF_THE_WORLD = re.compile(r"(?i)[a-z][a-z0-9+.-]{1,20}:\S{3,}|.*://.*|[0-9a-f-]{32,}|\S{24,}")
#: ``#eintrag-17``, but not ``#xtor=RSS-1``, which tells where a reader came from.
_PART = re.compile(r"(?!:~:|more-)[^=]*\d[^=]*")


def is_of_one(url: str, base: str) -> bool:
    """Whether an address is that of an item: not of the site, nor of the feed, as podcasts say."""
    parts = urlsplit(url)
    if not parts.path.strip("/") and not parts.query and not parts.fragment:
        return False
    return url.rstrip("/") != base.rstrip("/")


def names_a_part(url: str) -> bool:
    """Whether what is behind ``#`` tells an item from others of the same page."""
    return _PART.fullmatch(urlsplit(url).fragment) is not None


def scoped(own: str, base: str) -> str:
    """Return an id that no item of another site has; "" where nobody knows one.

    ``<guid>1</guid>`` is that of the feed's site.
    """
    if not own or _OF_THE_WORLD.fullmatch(own):
        return own
    host = urlsplit(base).hostname or ""
    return f"{host}:{own}" if host else ""
