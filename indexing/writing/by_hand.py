"""What a person has set of an article: put over what its source says, and taken off again. Pure.

A document keeps, for each field that was set, what its source says (``by_hand``): so the next text
of the article is compared with that, and nothing is lost where the setting is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.article import TEXT_FIELDS
from articles.fields import FIELDS
from german.findable import words_to_find
from indexing.index.foreign import ROOT, foreign_texts, is_foreign
from indexing.index.source import source_of

Document = Mapping[str, Any]

#: What can be set, as documents call it. The texts themselves are not: whoever has another one
#: drops it. ``id`` is another key by which the article is known; its document keeps its own.
SETTABLE = (
    *("headline", "kicker", "published", "byline", "agency", "dateline_place", "language"),
    *("url", "subjects", "slugline", "genre", "id"),
)
#: What enrichment reads of an article.
READ = (*TEXT_FIELDS, "published", "published_precision", "dateline_place", "language")
#: What is made of these, beside what enrichment makes.
_WORDS_OF = (*TEXT_FIELDS, "language")
_OURS = ("by_hand", "corrected_by_hand")


@dataclass(frozen=True, slots=True)
class Setting:
    """A field that was set: ``fields`` of the document as they are to be (None: they are not).

    ``at`` is ISO 8601; ``key`` is another key by which the article is known for it.
    """

    field: str
    fields: Mapping[str, Any]
    at: str
    who: str
    key: str = ""


def as_source(document: Document) -> dict[str, Any]:
    """Return a document as its source says it is, nothing in it that was set by hand."""
    lines = list(_lines(document))
    made = {name: value for name, value in document.items() if name not in _OURS}
    keys = {line["key"] for line in lines if line.get("key")}
    for line in lines:
        for name in _names(str(line.get("field"))):
            made.pop(name, None)
        made |= line.get("source") or {}
    if keys and (left := [key for key in made.pop("known_as", ()) if key not in keys]):
        made["known_as"] = left
    return made


def with_by_hand(document: Document, settings: Sequence[Setting]) -> dict[str, Any]:
    """Return a whole document with these fields set, and none that was set before.

    What is made of them is made anew; what enrichment reads of them makes it pending.
    """
    made = as_source(document)
    source = dict(made)
    for one in settings:
        for name in _names(one.field):
            made.pop(name, None)
        made |= {name: value for name, value in one.fields.items() if value not in (None, "", [])}
    if settings:
        made["corrected_by_hand"] = [one.field for one in settings]
        made["by_hand"] = [_line(one, source) for one in settings]
    if keys := [one.key for one in settings if one.key]:
        made["known_as"] = list(dict.fromkeys([*made.get("known_as", ()), *keys]))
    return _with_words(made) if _differ(document, made, _WORDS_OF) else made


def together(own: Sequence[Setting], old: Document) -> list[Setting]:
    """What is set of an article here, and what its document says was set at another site.

    ``old`` needs the fields of ``TOLD``.
    """
    here = {one.field for one in own}
    others = (one for one in _settings_in(old) if one.field not in here)
    return sorted([*own, *others], key=lambda one: one.field)


def kept_by_hand(old: Document, new: Document) -> Document:
    """The document ``new`` in the place of ``old``: what was set of that is set of it, too."""
    if not old.get("by_hand"):
        return new
    return with_by_hand(new, together(_settings_in(new), old))


def _settings_in(document: Document) -> list[Setting]:
    return [
        Setting(
            line["field"],
            {name: document.get(name) for name in _names(line["field"])},
            str(line.get("at") or ""),
            str(line.get("who") or ""),
            str(line.get("key") or ""),
        )
        for line in _lines(document)
    ]


def is_to_be_read(old: Document, new: Document) -> bool:
    """Whether enrichment has to read a document again that was another one."""
    return _differ(old, new, READ)


def pending(document: Document) -> dict[str, Any]:
    """Return the document, to be enriched; until then it has what was read of it before."""
    state = {**(document.get("enrichment") or {}), "state": "pending", "attempts": 0}
    return {**document, "enrichment": state}


def words_of(document: Document) -> list[str]:
    """The words by which its text is found beside its own (``german.findable``)."""
    if is_foreign(document.get("language")):
        return []
    return words_to_find("\n\n".join(document.get(name) or "" for name in TEXT_FIELDS))


def _with_words(document: Document) -> dict[str, Any]:
    """With the fields that are made of texts and language."""
    made = {"parts": words_of(document), ROOT: foreign_texts(document)}
    left = {name: value for name, value in document.items() if name not in made}
    return left | {name: value for name, value in made.items() if value}


def _differ(old: Document, new: Document, names: Iterable[str]) -> bool:
    return any((old.get(name) or None) != (new.get(name) or None) for name in names)


def _line(one: Setting, source: Document) -> dict[str, Any]:
    said = {name: source[name] for name in _names(one.field) if name in source}
    line = {"field": one.field, "at": one.at, "who": one.who, "key": one.key, "source": said}
    return {name: value for name, value in line.items() if value not in ("", {})}


def _lines(document: Document) -> Iterator[Mapping[str, Any]]:
    """Others may write such lines, too: only those that can be ours are."""
    lines = document.get("by_hand") or ()
    for line in [lines] if isinstance(lines, Mapping) else lines:
        said = line.get("source")
        if line.get("field") in SETTABLE and (said is None or isinstance(said, Mapping)):
            names = set(_names(line["field"]))
            own = {name: value for name, value in (said or {}).items() if name in names}
            yield {**line, "source": source_of({"_source": own})}


def _names(field: str) -> list[str]:
    """The fields of a document that say it."""
    if field == "published":
        return [each.name for each in FIELDS if each.part == field] + ["date_problem"]
    return [field] if field in SETTABLE and field != "id" else []


#: What of a document tells what was set of it, and to what.
TOLD = ("by_hand", *dict.fromkeys(name for field in SETTABLE for name in _names(field)))
