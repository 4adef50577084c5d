"""What a person may set of an article: from what is written to the fields of its document. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from articles.errors import UsageError
from articles.fields import BY_NAME
from articles.parts import LONGEST_VALUE
from extraction.formats.believable import is_language, is_web_address
from extraction.formats.clean import clean, one_line
from extraction.formats.identity import document_key
from extraction.formats.published import localised, read_published
from indexing.writing.by_hand import SETTABLE, Setting
from indexing.writing.document import published_fields

#: Ids of their own: an article that has one is known by no URL.
_OWN = ("s-", "sh-")
_LONGEST_TEXT = 100_000


def settings_of(
    id_: str, values: Mapping[str, Sequence[str]], zone: str, at: str, who: str
) -> list[Setting]:
    """Return what these values, by the names of fields, set of the document with this id.

    An empty value says that the article has none. Raises :class:`UsageError` for what cannot be.
    """
    made = [Setting(*_fields(name, v, zone), at, who) for name, v in values.items()]
    return [_with_key(id_, one, values) for one in made]


def _with_key(id_: str, one: Setting, values: Mapping[str, Sequence[str]]) -> Setting:
    key, url = "", one.fields.get("url")
    if one.field == "id":
        key = document_key(source_id=one_line(clean(values["id"][0])))
    elif url and not id_.startswith(_OWN):
        key = document_key(url=url)
    return Setting(one.field, one.fields, one.at, one.who, "" if key == id_ else key)


def _fields(name: str, values: Sequence[str], zone: str) -> tuple[str, dict[str, Any]]:
    if name not in SETTABLE:
        raise UsageError(f"{name} cannot be set by hand; these can: {', '.join(SETTABLE)}.")
    texts = [text for value in values if (text := one_line(clean(value)))]
    longest = _LONGEST_TEXT if name in ("headline", "kicker") else LONGEST_VALUE
    if any(len(text) > longest for text in texts):
        raise UsageError(f"{name} has more than {longest:,} characters.")
    if name == "published":
        return name, _published(texts, zone)
    if name in BY_NAME and BY_NAME[name].given == "lines":
        return name, {name: texts}
    return name, _one(name, texts)


def _one(name: str, texts: Sequence[str]) -> dict[str, Any]:
    text = texts[0] if texts else ""
    if name in {"headline", "id", "language"} and not text:
        raise UsageError(f"An article cannot be without {name}.")
    if name == "url" and text and not is_web_address(text):
        raise UsageError(f"{text} is no web address (https://…).")
    if name == "language":
        if not is_language(text):
            raise UsageError(f"{text} is no language of ISO 639-1, such as de.")
        text = text[:2].lower()
    return {} if name == "id" else {name: text}


def _published(texts: Sequence[str], zone: str) -> dict[str, Any]:
    if not texts:
        return {**published_fields(None), "date_problem": "missing"}
    read = read_published(texts[0])
    if read.published is None or read.warnings:
        raise UsageError(" ".join(read.warnings) or f"{texts[0]} is no date.")
    return {**published_fields(localised(read.published, zone)), "date_problem": None}
