"""News as XML, one item a file, known by the root: NewsML-G2, NITF, an item of a feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from articles.errors import Unreadable
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile
from extraction.formats.wire.feed import read_entry, read_rss_item
from extraction.formats.wire.newsml import read_newsml
from extraction.formats.wire.nitf import read_nitf
from extraction.formats.wire.tree import Tree, read_tree, root_of

_READERS: Mapping[str, Callable[[Tree], Draft]] = {
    "newsItem": read_newsml,
    "nitf": read_nitf,
    "item": read_rss_item,
    "entry": read_entry,
}
_LEAVE = "Leave it out."
_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".cdf")
_CDF = (
    "This is a feed as CDF (Channel Definition Format, of 1997), which is not read.",
    "Ask for RSS or Atom, or save its items as plain text (UTF-8, ending .txt).",
)
_OTHER_ADVICE = "Extract its running text and drop that."
_REFUSED: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("CHANNEL", "Channel"), _CDF),
    "packageItem": (
        "This package of NewsML-G2 refers to items, and holds no text.",
        "Drop the items that it refers to, or the newsMessage that holds them.",
    ),
    "NewsML": (
        "This is NewsML 1, and NewsML-G2 is read.",
        "Ask for NewsML-G2 or NITF, or save its text as plain text (UTF-8, ending .txt).",
    ),
    **{
        root: (f"This is a {root} of NewsML-G2, which holds no article.", _LEAVE)
        for root in ("conceptItem", "knowledgeItem", "planningItem", "catalogItem")
    },
}


def read_news_xml(file: RawFile) -> tuple[Draft, ...]:
    """Read a document. Raises ``Unreadable``."""
    root = root_of(file.data)
    if root in _REFUSED:
        raise Unreadable(*_REFUSED[root])
    if root not in _READERS:
        raise Unreadable(
            f"This is XML with the root {root[:40]!r}, which is not read.", _OTHER_ADVICE
        )
    return (_READERS[root](read_tree(file.data)),)


def _recognises(file: RawFile) -> bool:
    if file.ends_in(".json", ".eml"):
        return False
    root = root_of(file.data)
    # Where it says in its first line that it is XML, `binary` tells it from a page.
    named = root and root.lower() != "html" and file.ends_in(*_ENDINGS)
    return root in _READERS or root in _REFUSED or bool(named)


FORMAT = Format(_recognises, read_news_xml)
