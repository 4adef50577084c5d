"""Tags and entities of HTML within a text: ``<p>M&uuml;ller</p>`` is ``Müller``.

Feeds and content systems leave them in plain text and in JSON. Only what HTML has is taken for
HTML: ``a < b``, ``<3``, ``<anna@example.org>`` and ``AT&T`` stay. Whole pages are read elsewhere
(``extraction.formats.html_format``).
"""

from __future__ import annotations

import re
from collections import Counter
from html.entities import html5

from extraction.formats.clean import clean
from german.wordlist import word_list

#: Elements that part paragraphs, that end a line, and those whose content is no text.
_BLOCKS = word_list(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol p pre section summary table"
    " tbody tfoot thead tr ul"
)
_INLINE = word_list(
    "a abbr acronym audio b big bdi bdo button canvas caption cite code col colgroup data del dfn"
    " em embed font i iframe img input ins kbd label legend link mark meta meter o:p object"
    " option param path picture q s samp select small source span strike strong sub sup svg td"
    " textarea th time title track tt u var video wbr"
)
_DROPPED = "script|style|noscript|template"
_NAMES = "|".join(sorted({*_BLOCKS, *_INLINE, "br", *_DROPPED.split("|")}, key=len, reverse=True))
_VALUE = r"""(?>"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+)"""
#: Attributes that stand without a value, those of embedded films and posts too.
_FLAGS = (
    r"(?:webkit|moz)?allowfullscreen|async|autoplay|checked|controls|data-[\w-]+|defer|disabled"
    "|download|hidden|itemscope|loop|multiple|muted|nofollow|nomodule|open|playsinline|readonly"
    "|required|reversed|selected"
)
_ATTRIBUTES = rf"(?>\s+(?>[\w:.@-]+\s*=\s*{_VALUE}|(?:{_FLAGS})(?![\w-])))*+"
_TAG = re.compile(rf"(?i)<(?P<end>/?)(?P<name>{_NAMES})(?P<more>{_ATTRIBUTES})\s*/?>")
#: What begins something that is no text to its end, by the name of the element.
_OPENING = re.compile(rf"(?i)<(?:(?P<name>{_DROPPED}){_ATTRIBUTES}\s*>|!--)")
_CLOSING = {name: re.compile(rf"(?i)</{name}\s*>") for name in _DROPPED.split("|")}
_CLOSING[""] = re.compile("-->")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_ENTITY = re.compile(
    r"&(?:#(?P<ten>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>\w{2,31}));"
)
_LAST_CODE = 0x10FFFF
#: From the first of several blanks alone: from each the line end would be looked for anew.
_LINES = re.compile(r"(?<![ \t])[ \t]*+\n[ \t]*+\n\s*+")
#: ``&amp;uuml;`` is read twice, and no more often.
_DEPTH = 2


def without_markup(text: str) -> tuple[str, tuple[str, ...]]:
    """Return clean ``text`` without tags, its entities as characters, and a warning for each kind.

    Paragraphs and line ends of the tags become those of the text. Entities that reveal tags were
    text that was escaped as a whole: the tags go too, unless the text had tags of its own.
    """
    if "<" not in text and "&" not in text:
        return text, ()
    seen: Counter[str] = Counter()
    stripped = _without_tags(text, seen)
    tagged = bool(seen)
    for _ in range(_DEPTH):
        decoded = _decoded(stripped, seen)
        if decoded == stripped:
            break
        stripped = clean(decoded) if tagged else _without_tags(clean(decoded), seen)
    return (stripped, _said(seen)) if seen.total() else (text, ())


def _said(seen: Counter[str]) -> tuple[str, ...]:
    dropped = f", with {seen['dropped']:,} characters of scripts, styles or comments"
    within = dropped if seen["dropped"] else ""  # an article about HTML may have lost much
    tags = f"HTML tags were taken out of the text: {seen['tags']}{within}."
    entities = f"HTML entities were read as characters: {seen['entities']}."
    return tuple(said for kind, said in (("tags", tags), ("entities", entities)) if seen[kind])


def _without_tags(text: str, seen: Counter[str]) -> str:
    if "<" not in text:
        return text
    whole = len(text)
    text, number = _without_dropped(text)
    if number:
        seen["dropped"] += whole - len(text)
    for pattern, left in ((_CDATA, ""), (_TAG, _in_place)):
        text, times = pattern.subn(left, text)
        number += times
    if not number:
        return text
    seen["tags"] += number
    return _LINES.sub("\n\n", text)


def _without_dropped(text: str) -> tuple[str, int]:
    """Return ``text`` without comments and scripts, and their number; what never ends stays.

    Linear: an end that was not found once is not looked for again.
    """
    kept: list[str] = []
    endless: set[str] = set()
    at, number = 0, 0
    for opening in _OPENING.finditer(text):
        name = (opening["name"] or "").lower()
        if opening.start() < at or name in endless:
            continue
        closing = _CLOSING[name].search(text, opening.end())
        if closing is None:
            endless.add(name)
            continue
        kept.append(text[at : opening.start()])
        at, number = closing.end(), number + 1
    return "".join([*kept, text[at:]]), number


def _in_place(match: re.Match[str]) -> str:
    """Return what a tag leaves: a new paragraph, a line end, a blank between cells, nothing."""
    name = match["name"].lower()
    if name in _BLOCKS:
        return "\n\n"
    return {"br": "\n", "td": " ", "th": " "}.get(name, "")


def _decoded(text: str, seen: Counter[str]) -> str:
    if "&" not in text:
        return text
    number = 0

    def character(match: re.Match[str]) -> str:
        nonlocal number
        read = _character(match)
        number += read != match[0]
        return read

    decoded = _ENTITY.sub(character, text)
    seen.update(entities=number)
    return decoded


def _character(match: re.Match[str]) -> str:
    if match["name"]:
        read = html5.get(f"{match['name']};", match[0])
    else:
        code = int(match["ten"] or match["hex"], 10 if match["ten"] else 16)
        read = chr(code) if 0 < code <= _LAST_CODE else match[0]  # ``clean`` does the rest
    return " " if read == "\xa0" else read  # where nothing breaks, names and words are parted
