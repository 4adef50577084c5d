"""What a paragraph is by the name of its style, as Word, LibreOffice and newsrooms call them."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
_CODED = re.compile(r"_([0-9a-f]{2})_")


def kind_of(name: str) -> str:
    """Return the kind of block, "" where the name of the style tells nothing."""
    plain = _CODED.sub(lambda code: chr(int(code[1], 16)), name.casefold())
    plain = re.sub(r"[\W_]", "", plain)
    if heading := _HEADING.fullmatch(plain):
        return paper.HEADING1 if heading[1] == "1" else paper.HEADING
    return _KINDS.get(plain, "")
