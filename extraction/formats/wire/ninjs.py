"""ninjs 1, 2 and 3 (IPTC, News in JSON): one item, known among other JSON by its names.

https://iptc.org/std/ninjs/ has the schemas. 1 says ``headline`` and ``body_html``, 2 ``headlines``
and ``bodies`` with roles, 3 writes names in camel case: ``pubStatus``. Capitals play no part here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from articles.errors import Unreadable
from extraction.formats.believable import is_web_address
from extraction.formats.clean import one_line
from extraction.formats.draft import Draft
from extraction.formats.release import Told
from extraction.formats.text_format import paragraphs
from extraction.formats.wire.html import html_paragraphs
from extraction.formats.wire.item import KICKERS, LEADS, Item, draft_of
from german.dates import read_date

_ADVICE = "Drop the item that holds the text; leave this one out."
#: Beside ``uri``; no other JSON of an article has both.
_MARKS = frozenset(
    {"$standard", "bodies", "firstcreated", "headlines", "pubstatus", "standard", "versioncreated"}
)
_BODY, _DESCRIPTION = "body_", "description_"
#: What dpa's digital wires, which are no ninjs and near to it, call their text.
_ARTICLE = "article_html"
#: Roles of bodies that are short forms of the text.
_SHORT = frozenset({"caption", "headline", "push", "short", "sms", "social", "tweet"})
_CHANGES = ("versioncreated", "version_created")
_DATES = ("firstcreated", "contentcreated", *_CHANGES)
_OTHER_TYPES = frozenset({"audio", "event", "graphic", "picture", "planning", "video"})


def is_ninjs(values: Mapping[str, Any]) -> bool:
    """Whether an object is an item of ninjs, of which version so ever."""
    names = {name.lower() for name in values}
    if "body" in names or not names & {"uri", "guid", "urn"}:
        return False
    return bool(names & _MARKS) or any(name.startswith((_BODY, _ARTICLE)) for name in names)


def read_ninjs(values: Mapping[str, Any], warnings: tuple[str, ...] = ()) -> Draft:
    """Read an item. Raises ``Unreadable`` where it holds no text, or must not be published."""
    named = {name.lower(): value for name, value in values.items()}
    item = Item(warnings=list(warnings))
    _add_headlines(item, named)
    item.body = _body(named)
    kind = _line(named.get("type")).lower()
    if not item.body and (kind in _OTHER_TYPES or not item.lead):
        what = f"is {kind}, and no text" if kind in _OTHER_TYPES else "holds no text"
        raise Unreadable(f"This item of ninjs {what}.", _ADVICE)
    item.published, item.modified = _date(named, _DATES), _date(named, _CHANGES)
    item.partial = _line(named.get("representationtype")).lower() == "incomplete"
    _add_key(item, named)
    item.language = _line(named.get("language"))
    item.bylines = list(_lines(named, "by", "byline")) or list(_lines(named, "authors"))
    item.credits = list(_lines(named, "infosources", "infosource", "source", "copyrightholder"))
    item.places = list(_lines(named, "located"))
    item.notes = list(_lines(named, "ednote"))
    item.told = _told(named)
    item.subjects = list(_lines(named, "subjects", "subject", "keywords"))
    item.genres = list(_lines(named, "genres", "genre"))
    item.slugline, item.version = _line(named.get("slugline")), _line(named.get("version"))
    return draft_of("ninjs", item)


def _date(named: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first that is a date at all."""
    written = [date for name in names if (date := _line(named.get(name)))]
    if len(written) == 1:
        return written[0]
    return next((date for date in written if read_date(date).published), next(iter(written), ""))


def _add_key(item: Item, named: Mapping[str, Any]) -> None:
    """An address of the web is what other formats know it by."""
    own = next(filter(None, (_line(named.get(name)) for name in ("uri", "guid", "urn"))), "")
    web = is_web_address(own)
    item.url = own if web else ""
    item.id = "" if web else own


def _add_headlines(item: Item, named: Mapping[str, Any]) -> None:
    item.headline = _line(named.get("headline"))
    for role, _, text in _texts(named, "headlines"):
        if role in KICKERS:
            item.kicker = item.kicker or text
        elif role in LEADS:
            item.lead = item.lead or text
        elif not item.headline:
            item.headline = text
    item.kicker = item.kicker or _line(named.get("kicker"))
    for role, _, text in _texts(named, "descriptions"):
        if not item.lead and (not role or role in LEADS | {"main", "short", "text"}):
            item.lead = "\n\n".join(html_paragraphs(text))
    descriptions = (v for k, v in named.items() if k.startswith(_DESCRIPTION))
    item.lead = item.lead or next(
        ("\n\n".join(html_paragraphs(text)) for text in map(_text, descriptions) if text), ""
    )


def _body(named: Mapping[str, Any]) -> list[str]:
    """HTML before plain text, whose paragraphs are not always parted."""
    ways = [(key, _text(value)) for key, value in named.items() if key.startswith(_BODY)]
    bodies = sorted(_texts(named, "bodies"), key=lambda body: body[0] != "main")
    ways += [(kind or role, text) for role, kind, text in bodies if role not in LEADS | _SHORT]
    ways += [("html", _text(named.get(_ARTICLE)))]
    marked = [text for kind, text in ways if "html" in kind or "xml" in kind or "nitf" in kind]
    for text in marked:
        if parts := html_paragraphs(text):
            return parts
    plain = (text for kind, text in ways if not kind.endswith("ml"))
    return next(filter(None, map(paragraphs, plain)), [])


def _told(named: Mapping[str, Any]) -> Told:
    embargo = named.get("embargoed", named.get("embargo_until"))
    return Told(
        status=_status(named.get("pubstatus")),
        embargo=None if embargo is None else _line(embargo),
    )


def _status(value: object) -> str:
    """What is no text is a status that nobody knows."""
    return "" if value is None else value if isinstance(value, str) else repr(value)[:40]


def _texts(named: Mapping[str, Any], name: str) -> Iterator[tuple[str, str, str]]:
    """The role, the kind of content and the text of each, where they are that."""
    values = named.get(name)
    for value in values if isinstance(values, list) else ():
        if isinstance(value, dict):
            each = {str(key).lower(): item for key, item in value.items()}
            role = _line(each.get("role")).rpartition(":")[2].lower()
            if text := _text(each.get("value")):
                yield role, _line(each.get("contenttype")).lower(), text


def _lines(named: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Texts, or the names of objects, of all fields of these names."""
    for name in names:
        value = named.get(name)
        for each in value if isinstance(value, list) else (value,):
            told = each.get("name") or each.get("code") if isinstance(each, dict) else each
            if line := _line(told):
                yield line


def _line(value: object) -> str:
    return one_line(str(value)) if isinstance(value, str | int) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
