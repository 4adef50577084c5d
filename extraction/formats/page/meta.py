"""What the head of a page says: ``<meta>``, ``<link>``, ``<title>``; the surest name first."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from extraction.formats.believable import is_web_address
from extraction.formats.page.tree import Element, text_of

TITLES = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
)
DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
PUBLISHED = (
    *("article:published_time", "article:published", "og:published_time", "datepublished"),
    *(
        "parsely-pub-date",
        "sailthru.date",
        "cxenseparse:recs:publishtime",
        "cxenseparse:publishtime",
    ),
    *(
        "publishdate",
        "publish-date",
        "publish_date",
        "pubdate",
        "publication_date",
        "dc.date.issued",
    ),
    *("dcterms.issued", "dcterms.date", "dcterms.created", "dc.date.created", "dc.date", "date"),
    *("article.created", "release_date", "vr:published_time", "iso-8601-publish-date"),
)
MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "last-modified",
    "dcterms.modified",
    "revised",
)
AUTHORS = (
    *("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author"),
    *("sailthru.author", "cxenseparse:author", "byl"),
)
SITES = ("og:site_name", "application-name", "publisher", "dc.publisher")
TIERS = ("article:content_tier", "paywall", "content_tier", "product")
_LANGUAGES = ("content-language", "dc.language", "language", "og:locale")
_MOST = 2_000


class Head:
    """The ``<meta>`` of a page by their names, in lower case; of one name each value.

    ``title`` is what the window's bar says, ``language`` and ``addresses`` are as the page says.
    """

    def __init__(self, root: Element) -> None:
        self._values: dict[str, list[str]] = {}
        for number, meta in enumerate(root.iter("meta")):
            if number == _MOST:
                break
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            content = " ".join((meta.get("content") or "").split())
            if name and content:
                self._values.setdefault(name.lower().strip(), []).append(content)
        said = root.get("lang") or root.get("xml:lang") or ""
        self.title = next((text_of(title) for title in root.iter("title")), "")
        self.language = said or self.first(_LANGUAGES)
        self.addresses = list(self._addresses(root))

    def first(self, names: Iterable[str]) -> str:
        """Return the first value under the first of ``names`` that has one."""
        return next((self._values[name][0] for name in names if name in self._values), "")

    def all(self, names: Iterable[str]) -> list[str]:
        """Return every value under any of ``names``, in their order."""
        return [value for name in names for value in self._values.get(name, ())]

    def _addresses(self, root: Element) -> Iterable[str]:
        """Yield what may be the page's own address, the surest first, made whole."""
        base = next((each.get("href") or "" for each in root.iter("base")), "")
        shared = self.first(("og:url", "twitter:url", "parsely-link", "cxenseparse:url"))
        for link in root.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split():
                yield joined(base or shared, link.get("href") or "")
        yield joined(base, shared)


def joined(base: str, address: str) -> str:
    """Return ``address`` as a whole one, where ``base`` can make it that."""
    try:
        return urljoin(base, address.strip()) if base else address.strip()
    except ValueError:
        return ""


def own_address(addresses: Iterable[str]) -> str:
    """Return the first that can be one article's own; "" if none can.

    A site's home page is named as canonical by pages that are badly made: as a key it would make
    all their articles one.
    """
    return next((each for each in addresses if is_web_address(each) and _has_page(each)), "")


def _has_page(address: str) -> bool:
    parts = urlsplit(address)
    path = parts.path.strip("/").lower()
    return bool(parts.query) or path not in {"", "index.html", "index.php", "index.htm", "home"}
