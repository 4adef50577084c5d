"""Which items of feeds are articles, and what tells one from all others, of other feeds too."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

#: What WordPress's export holds beside articles.
NO_POSTS = re.compile(
    r"attachment|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request"
    r"|wp_.{1,30}|acf-.{1,30}"
)
#: ``urn:…``, ``tag:…``, ``4711 at https://…``, a UUID, a digest: nobody else has it.
_OF_THE_WORLD = re.compile(r"(?i)[a-z][a-z0-9+.-]{1,20}:\S{3,}|.*://.*|[0-9a-f-]{32,}|\S{24,}")
_TRACKING = re.compile(
    r"(?i)(?:xtor|at_(?:medium|campaign|custom\d)|wt[._][a-z_]{1,20}|ns_[a-z]{1,20}|msclkid|dclid"
    r"|utm_[a-z]{1,20}|fbclid|gclid|mc_[ce]id)="
)
#: ``#eintrag-17``, but not ``#xtor=RSS-1``, which tells where a reader came from.
_PART = re.compile(r"(?!:~:|more-)[^=]*\d[^=]*")


def is_of_one(url: str, base: str) -> bool:
    """Whether an address is that of an item: not of the site, nor of the feed, as podcasts say."""
    parts = urlsplit(url)
    if not parts.path.strip("/") and not parts.query and not parts.fragment:
        return False
    return url.rstrip("/") != base.rstrip("/")


def without_tracking(url: str) -> str:
    """Return an address without what tells where a reader came from, as its page has it."""
    parts = urlsplit(url)
    query = "&".join(each for each in parts.query.split("&") if not _TRACKING.match(each))
    fragment = "" if _TRACKING.match(parts.fragment) else parts.fragment
    return urlunsplit(parts._replace(query=query, fragment=fragment))


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
