"""Named parts of an article, as JSON, front matter or a mail give them -> ``Draft``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from articles import parts
from articles.article import Published
from articles.errors import Unreadable
from extraction.formats.clean import clean, one_line
from extraction.formats.draft import Draft
from extraction.formats.markup import without_markup
from extraction.formats.mojibake import unmixed
from extraction.formats.published import PublicationDate, read_published
from extraction.formats.text_format import fit_headline, paragraphs
from german.dates import read_date

#: Those that people have written, which may hold tags, entities and letters encoded twice.
_WRITTEN = frozenset(
    parts.NAMES - {"published", "modified", "embargo_until", "language", "url", "id", "version"}
)
_MOST_SAID = 20
_NO_BODY = "There is no body."


def from_values(
    format_: str, whole: Mapping[str, Any], advice: str, warnings: tuple[str, ...] = ()
) -> Draft:
    """Return the draft of the parts that ``articles.parts`` names; others cost a warning.

    Raises ``Unreadable``, with the ``advice``, where one is not as it says there.
    """
    if wrong := parts.faults(whole):
        faults = (f"{name!r} {fault}." for name, fault in wrong.items())
        raise Unreadable(" ".join(faults), advice)
    values, mended = _mended(whole)
    long_headline = one_line(_text(values, "headline"))
    if not long_headline:
        raise Unreadable("The headline holds nothing that can be read.", advice)
    headline = fit_headline(long_headline)
    body = paragraphs(_text(values, "body"))
    if headline != long_headline:
        body.insert(0, long_headline)
    written, changed = _short(values, "published"), _short(values, "modified")
    date = read_published(written) if written else PublicationDate(None)
    same = changed == written and not date.warnings
    modified, unread = (None, ()) if same else _modified(changed, date)
    no_body = () if body else (_NO_BODY,)
    return Draft(
        format_,
        headline,
        kicker=one_line(_text(values, "kicker")),
        lead="\n\n".join(paragraphs(_text(values, "lead"))),
        body="\n\n".join(body),
        published=date.published,
        date_problem=date.problem,
        source_id=_id(values, "id"),
        url=_short(values, "url"),
        language=_short(values, "language"),
        dateline_places=_list(values, "dateline_places"),
        agencies=_list(values, "agencies"),
        byline=_list(values, "byline"),
        subjects=_list(values, "subjects") or (),
        slugline=_short(values, "slugline") or "",
        genre=_list(values, "genre") or (),
        version=_id(values, "version") or "",
        modified=modified,
        warnings=(*warnings, *mended, *date.warnings, *unread, *_unknown(values), *no_body),
    )


def _modified(
    written: str | None, published: PublicationDate
) -> tuple[Published | None, tuple[str, ...]]:
    """When it was last changed: where that is said, and is another time than it was published."""
    if not written:
        return None, ()
    read = read_date(written)
    if read.published is None or read.part:
        return None, (f"When it was last changed cannot be read: {written[:40]!r}.",)
    return (None if read.published == published.published else read.published), ()


def _mended(values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the values with what people have written as a person reads it, clean; warnings."""
    warnings: list[str] = []

    def read(value: object) -> object:
        if isinstance(value, list):
            return [read(item) for item in value]
        if not isinstance(value, str):
            return value
        once, mixed = unmixed(value)
        plain, marked = without_markup(clean(once))
        warnings.extend((*mixed, *marked))
        return clean(plain) if marked else plain  # letters that a tag parted may be one

    plain = {name: read(value) if name in _WRITTEN else value for name, value in values.items()}
    return plain, _first(list(dict.fromkeys(warnings)))


def _first(warnings: list[str]) -> tuple[str, ...]:
    """Return no more of them than a person reads: a list may have a hundred thousand values."""
    if len(warnings) <= _MOST_SAID:
        return tuple(warnings)
    return (*warnings[:_MOST_SAID], f"And {len(warnings) - _MOST_SAID:,} more such warnings.")


def _text(values: dict[str, Any], name: str) -> str:
    """Return one of those that people have written."""
    value: str | None = values.get(name)
    return value or ""


def _short(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    return one_line(clean(value)) or None if value else None


def _list(values: dict[str, Any], name: str) -> tuple[str, ...] | None:
    value = values.get(name)
    if value is None:
        return None
    items = [value] if isinstance(value, str) else value
    lines = (one_line(item) for item in items)
    return tuple(dict.fromkeys(line for line in lines if line))


def _id(values: dict[str, Any], name: str) -> str | None:
    value = parts.id_of(values.get(name))
    return None if value is None else one_line(clean(value)) or None


def _unknown(values: dict[str, Any]) -> tuple[str, ...]:
    unknown = ", ".join(repr(name)[:60] for name in values if name not in parts.NAMES)
    return (f"Unknown fields were left out: {unknown[:300]}.",) if unknown else ()
