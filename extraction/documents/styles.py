"""What a paragraph is by the name of its style, as Word, LibreOffice and newsrooms call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from extraction.documents import paper

_NAMES: Mapping[str, str] = {
    paper.TITLE: "title titel headline schlagzeile haupttitel hauptüberschrift hauptzeile",
    paper.SUBTITLE: "subtitle untertitel unterzeile subheadline subline",
    paper.KICKER: "kicker dachzeile spitzmarke oberzeile overline oberüberschrift",
    paper.LEAD: "lead vorspann teaser anlauf intro lauftextvorspann",
    paper.BYLINE: "byline autor author autorenzeile autorzeile verfasser",
    paper.DATE: "date datum",
    paper.HEADING: "zwischentitel zwischenüberschrift zwischenzeile crosshead subhead",
    paper.HEADING1: "heading überschrift",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_HEADING = re.compile(r"(?:heading|überschrift|berschrift)([1-9])")
_FOLLOWED = 20
#: Ids of styles that each program has for its running text, in English and German.
_PLAIN = frozenset(
    {"", "Normal", "Standard", "BodyText", "Textkrper", "ListParagraph", "Text_20_body"}
)
_CODED = re.compile(r"_([0-9a-f]{2})_")


def kind_of(name: str) -> str:
    """Return the kind of block, "" where the name of the style tells nothing."""
    plain = _CODED.sub(lambda code: chr(int(code[1], 16)), name.casefold())
    plain = re.sub(r"[\W_]", "", plain)
    if heading := _HEADING.fullmatch(plain):
        return paper.HEADING1 if heading[1] == "1" else paper.HEADING
    return _KINDS.get(plain, "")


class StyleTable:
    """The names of paragraph styles by their ids, and which each is based on.

    The table of a document is often larger than its text: ``load`` reads it, where an id does not
    tell by itself, and calls ``name`` and ``base``.
    """

    def __init__(self, load: Callable[[StyleTable], None]) -> None:
        self._load: Callable[[StyleTable], None] | None = load
        self._names: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._known: dict[str, str] = {}

    def name(self, style: str, name: str) -> None:
        """Note what a style is called."""
        self._names[style] = name

    def base(self, style: str, base: str) -> None:
        """Note which style it is based on."""
        self._based[style] = base

    def kind(self, style: str) -> str:
        """Return what a style is, by its own name or by that of one that it is based on."""
        if style not in self._known:
            self._known[style] = "" if style in _PLAIN else self._found(style)
        return self._known[style]

    def _found(self, style: str) -> str:
        if kind := kind_of(style):
            return kind
        if (load := self._load) is not None:
            self._load = None
            load(self)
        for _ in range(_FOLLOWED):
            if kind := kind_of(self._names.get(style, "")) or kind_of(style):
                return kind
            style = self._based.get(style, "")
        return ""
