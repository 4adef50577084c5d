"""What stands on a page and is not of its article: navigation, teasers, comments, captions.

By the elements of HTML, else by the names that content systems give to classes. A name is never
believed against the text: what holds the headline or much of the page's running text stays.
"""

from __future__ import annotations

import re

from extraction.formats.page.tree import Element, named, removed
from german.wordlist import word_list

#: Elements that are no text of an article wherever they stand.
_NO_TEXT = word_list(
    "script style template svg iframe object embed video audio canvas map button select textarea"
    " input dialog picture noscript link meta"
)
#: Elements that are beside an article, unless they hold it.
_BESIDE = word_list("nav aside footer form figure figcaption")
_NAMES = re.compile(
    r"-(?:related\w*|recommend\w*|empfehlung\w*|read-?(?:more|also|next)|weiterlesen|lesen-sie-auch"
    r"|mehr-(?:zum-thema|dazu|lesen|zu)|zum-thema|auch-interessant|passend-dazu|siehe-auch|more-on"
    r"|teaser(?!-?text|-?intro)\w*|moduletable|widget|link-?(?:box|list|liste)|linktipps?"
    r"|newsletter|podcast|abo|abobox|paywall|paygate|piano|offers?|subscri\w+|upsell|purchase"
    r"|comments?|comment-list|kommentare?|disqus|leserbriefe?|community|respond"
    r"|share|sharing|shariff|social\w*|sharedaddy|teilen|merken|drucken|toolbar|tool-?bar|tools|actions"
    r"|breadcrumbs?|brotkrumen?|brotkrume|navi\w*|menu|menue|sidebar|marginal\w*|skip-?links?"
    r"|ads?|adslot|adbox|advert\w*|anzeigen?|werbung|banner|promo\w*|outbrain|taboola|sponsored"
    r"|opt-?in|external-content|embed\w*|externe[rs]?-inhalte?|downloads?|media-?docs|dateien"
    r"|cookies?|consent|cmp|gdpr|privacy|caption|captions|bildunterschrift|bildnachweis|bildtext"
    r"|(?:image|img|bild|media|photo|foto)-(?:credit|copyright|text|source|quelle|info|description)"
    r"|gallery|galerie|bildergalerie|slideshow|player|poll|umfrage|voting|rating|bewertung"
    r"|tags|tag-?(?:list|cloud|links)|schlagwort\w*|schlagwoerter|keywords|topics|themen"
    r"|(?:author|autor(?:en)?)-(?:box|bio|info|profile?|card|kasten|description|about)|about-author"
    r"|(?:visually|screen-reader|sr)-(?:hidden|only|text)|hidden|modal|overlay|popup|tooltip"
    r"|(?:press-?|presse-?)?(?:contact|kontakt)(?:-?(?:text|headline|box|info))?|originator|customer"
    r"|most-(?:read|popular)|meistgelesen\w*|popular|ticker-list|pager|pagination|paginierung"
    r"|post-navigation|jp-relatedposts|wp-block-latest-posts|up-?next|aufmacher-liste|footer)-"
)
#: What holds so much of the running text is the article, whatever it is called.
_MUCH = 0.35
_HIDING = re.compile(r"display\s*:\s*none")
_HEADLINE = "h1"


def without_furniture(root: Element) -> None:
    """Take out of the tree what is not of the article."""
    for element in list(root.iter(*sorted(_NO_TEXT))):
        removed(element)
    sizes, headed = _sizes(root)
    whole = sizes.get(root, 0)
    for element in list(root.iter()):
        if element in headed or not _is_beside(element) or _is_own_teaser(element):
            continue
        if sizes.get(element, 0) <= _MUCH * whole or element.tag in {"nav", "figcaption"}:
            removed(element)


def _sizes(root: Element) -> tuple[dict[Element, int], set[Element]]:
    """Return how much running text each element holds, and which hold a first headline."""
    sizes: dict[Element, int] = {}
    headed: set[Element] = set()
    for element in reversed(list(root.iter())):  # children before their parents
        if element.tag != "a":  # what is linked is seldom of the text
            own = [element.text, *(child.tail for child in element)]
            sizes[element] = sizes.get(element, 0) + sum(len(text.strip()) for text in own if text)
        if element.tag == _HEADLINE:
            headed.add(element)
        parent = element.getparent()
        if parent is not None:
            sizes[parent] = sizes.get(parent, 0) + sizes.get(element, 0)
            if element in headed:
                headed.add(parent)
    return sizes, headed


def _is_own_teaser(element: Element) -> bool:
    """Whether it is a teaser of this very article, its lead: those of others are links."""
    if "teaser" not in named(element) or element.tag in _BESIDE:
        return False
    linked = (
        next(element.iter("a"), None) is not None
        or next(element.iterancestors("a"), None) is not None
    )
    return not linked and next(element.iterancestors("article", "main"), None) is not None


def _is_beside(element: Element) -> bool:
    if element.tag in _BESIDE or element.get("hidden") is not None:
        return True
    if element.tag in {"html", "body", "head", "article", "main"}:
        return False
    return bool(_NAMES.search(named(element)) or _HIDING.search(element.get("style") or ""))
