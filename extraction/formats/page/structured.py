"""What a page says of its article for machines, in JSON-LD (schema.org): all its shapes.

``NewsArticle`` alone, in a list, in a ``@graph`` whose nodes point to each other by ``@id``;
authors as a string, an object or a list of either; broken JSON as content systems write it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from extraction.formats.page.tree import Element

Node = dict[str, Any]

#: An article's JSON-LD is a few thousand characters, with its whole text a few ten thousand.
_LONGEST, _MOST_BRACKETS, _DEEPEST, _MOST_NODES = 1_000_000, 20_000, 8, 2_000
_ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|Report|Review|SocialMediaPosting)\Z")
_PAGE = re.compile(r"(?:\w*Page|VideoObject|Event)\Z")
_WRAPPED_FROM = re.compile(r"(?://)?+\s*+(?:<!--|<!\[CDATA\[)")
_WRAPPED_TO = ("-->", "]]>")
_COMMA = re.compile(r",(?=\s*[}\]])")
_TAG = re.compile(r"<[a-zA-Z/][^<>]{0,1000}>")
_PERSON, _NO_PERSON = {"Person"}, {"Organization", "NewsMediaOrganization", "Corporation"}


@dataclass(frozen=True, slots=True)
class Said:
    """The author's ``name``; ``person`` tells whether it is one, where the page says so."""

    name: str
    person: bool | None = None


@dataclass(frozen=True, slots=True)
class Structured:
    """What JSON-LD says of the article; empty where it says nothing.

    ``closed``: the text is not free to read; ``words`` how many the whole article has.
    """

    is_article: bool = False
    headline: str = ""
    kicker: str = ""
    description: str = ""
    body: str = ""
    published: str = ""
    modified: str = ""
    url: str = ""
    language: str = ""
    publisher: str = ""
    authors: tuple[Said, ...] = ()
    closed: bool = False
    words: int = 0


def structured(root: Element, about: str = "") -> Structured:
    """Return what is said of the article whose headline is ``about``, where there are several."""
    nodes = [node for script in _scripts(root) for node in _nodes(script)][:_MOST_NODES]
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    articles.sort(key=lambda node: (not _is_about(node, about), not node.get("datePublished")))
    pages = [node for node in nodes if _is(node, _PAGE) and node.get("datePublished")]
    chosen = (articles or pages or [{}])[0]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and "name" in node}
    return _read(chosen, by_id, bool(articles))


def _scripts(root: Element) -> Iterator[Any]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield _loaded((script.text or "")[: _LONGEST + 1])


def _unwrapped(text: str) -> str:
    """Without the comment, or the section of XML, that it stands in for the oldest browsers."""
    if begins := _WRAPPED_FROM.match(text):
        text = text[begins.end() :]
    if text.endswith(_WRAPPED_TO):
        text = text[:-3].rstrip().removesuffix("//")
    return text


def _loaded(text: str) -> Any:
    if len(text) > _LONGEST or text.count("[") + text.count("{") > _MOST_BRACKETS:
        return None
    text = _unwrapped(text.strip())
    for attempt in (text, _COMMA.sub("", text), unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any, depth: int = 0) -> Iterator[Node]:
    if isinstance(value, list) and depth < _DEEPEST:
        for each in value:
            yield from _nodes(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "author", "publisher"):
            if depth < _DEEPEST and isinstance(value.get(name), dict | list):
                yield from _nodes(value[name], depth + 1)


def _is(node: Node, kind: re.Pattern[str]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(each, str) and kind.match(each.rpartition("/")[2])
        for each in (types if isinstance(types, list) else [types])
    )


def _is_about(node: Node, about: str) -> bool:
    headline = _text(node.get("headline")) or _text(node.get("name"))
    return bool(about and headline) and (about in headline or headline in about)


def _read(node: Node, by_id: dict[str, Node], is_article: bool) -> Structured:
    return Structured(
        is_article=is_article,
        headline=_text(node.get("headline")) or (_text(node.get("name")) if is_article else ""),
        kicker=_text(node.get("alternativeHeadline")),
        description=_text(node.get("description")),
        body=_running(node.get("articleBody")),
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        modified=_text(node.get("dateModified")),
        url=_address(node.get("mainEntityOfPage")) or _address(node.get("url")),
        language=_text(node.get("inLanguage")),
        publisher=" ".join(said.name for said in _people(node.get("publisher"), by_id)),
        authors=tuple(_people(node.get("author") or node.get("creator"), by_id)),
        closed=str(node.get("isAccessibleForFree")).rpartition("/")[2].lower() == "false",
        words=_whole(node.get("wordCount")),
    )


def _people(value: Any, by_id: dict[str, Node]) -> Iterator[Said]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            node = by_id.get(str(each.get("@id")), each) if not each.get("name") else each
            names = node.get("name")
            person = True if _is(node, _pattern(_PERSON)) else None
            person = False if _is(node, _pattern(_NO_PERSON)) else person
            for name in names if isinstance(names, list) else [names]:
                if text := _text(name):
                    yield Said(text, person)
        elif text := _text(each):
            yield Said(text)


def _pattern(names: set[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(sorted(names)) + r")\Z")


def _text(value: Any) -> str:
    """Return a value as one line, without entities and tags that were escaped into it."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, str)), "")
    if not isinstance(value, str):
        return ""
    text = unescape(value) if "&" in value else value
    return " ".join(_TAG.sub(" ", text).split() if "<" in text else text.split())


def _running(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0  # noqa: PLR2004
