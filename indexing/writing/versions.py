"""The texts that an article has: which is the current one, and what a new one makes of it. Pure.

A document holds the current text as its fields, and of each other one a line in its ``history``
(:class:`articles.article.Version`); the bytes are in the archive.

- A text that is new to the article is a version of it. It gets the next number, and that for good.
- The newer one of two is the current one (:func:`is_newer`), but a part of an article never takes
  the place of a whole.
- A text that the article has or had is a copy, unless its source says that it came after all.
- The same text under another embargo is a version, too, where it is newer (:func:`moves_embargo`).
- The same file of the same batch, done again, is the version that it was made then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import cmp_to_key
from typing import Any

from articles.article import TEXT_FIELDS, Version
from indexing.index.dates import moment_of
from indexing.writing.by_hand import kept_by_hand
from indexing.writing.same_text import text_digest

Document = Mapping[str, Any]

#: What of a document tells of its versions, and goes along when its text is written over.
KEPT = ("version", "changed", "history", "known_as", "earlier", "arrived_at", "copies")
#: What is needed of a document to know its versions, beside its texts.
WANTED = (*KEPT, "source", "modified", "partial", "received_at", "by_hand", "reparsed")
#: Fields in which versions are compared, as people know them.
COMPARED = (
    *(*TEXT_FIELDS, "published", "byline", "agency", "dateline_place", "url"),
    *("subjects", "slugline", "genre", "embargo_until"),
)
#: What is seen of a reading: where one of them is another, so is the version.
SEEN = (*COMPARED, "published_precision", "date_problem", "language", "partial", "modified")
#: How the id of an article begins that has none of its own.
_OF_CONTENT = "t-"
#: Characters of earlier texts that can be searched; what is older is in the archive alone.
MOST_SEARCHED = 1_000_000
#: A higher number is another program's: the field holds twice as much, for those that come.
_LARGEST_NUMBER = 2**30
#: Larger ones are no numbers in documents (``indexing.index.source``): a line with one is not read.
_LARGEST_OF_SOURCE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells which of two texts is the newer: the source's own number and time, the arrival.

    ``path`` tells of files that came at one moment, as those of a batch do: they are in its order.
    """

    number: int | None
    modified: datetime | None
    arrived: str
    path: str = ""


def is_newer(new: Stamp, old: Stamp) -> bool:
    """Whether a text takes the place of another one that was there before it.

    The source's own version number decides where both have one, else its time of modification,
    else who came later: so the order in which they are taken plays no part.
    """
    said = _said(new, old)
    return (new.arrived, new.path) >= (old.arrived, old.path) if said is None else said


def _said(new: Stamp, old: Stamp) -> bool | None:
    """What the sources say; None where they leave it open."""
    if new.number is not None and old.number is not None and new.number != old.number:
        return new.number > old.number
    if new.modified is not None and old.modified is not None and new.modified != old.modified:
        return new.modified > old.modified
    return None


def stamp(version: Version) -> Stamp:
    """What tells when a version came."""
    modified = moment_of(version.modified)
    return Stamp(version.source_version, modified, version.arrived_at, version.path)


def current(document: Document) -> Version:
    """The line of a document's current text."""
    source = document.get("source") or {}
    received = document.get("received_at") or ""
    return Version(
        number=_number_of_current(document),
        path=source.get("path") or "",
        sha256=source.get("sha256") or "",
        bytes=source.get("bytes") or 0,
        received_at=received,
        arrived_at=document.get("arrived_at") or received,
        text=text_digest(document),
        headline=document.get("headline") or "",
        source_version=_number(source.get("version")),
        modified=str(document.get("modified") or ""),
        changed=", ".join(several(document.get("changed"))),
        reparsed=str(document.get("reparsed") or ""),
        site=source.get("site") or "",
    )


def _number_of_current(document: Document) -> int:
    """Its own; where others wrote one that nobody can count on from, one behind all others."""
    number = document.get("version") or 1
    if _is_countable(number):
        return int(number)
    return max((version.number for version in earlier(document)), default=0) + 1


def earlier(document: Document) -> list[Version]:
    """The lines of all its other texts, in the order of their numbers."""
    lines = several(document.get("history"))
    numbered = (line for line in lines if _is_countable(line.get("number")))
    return sorted(map(_line, numbered), key=lambda version: version.number)


def _is_countable(number: Any) -> bool:
    """Others may write numbers too: one that the index can hold no more of is none."""
    return isinstance(number, int) and 0 < number <= _LARGEST_NUMBER


def _line(line: Document) -> Version:
    """What says nothing (``null``) is as what is not there."""
    names = {field.name for field in fields(Version)}
    return Version(**{n: v for n, v in line.items() if n in names and v is not None})


def every(document: Document) -> list[Version]:
    """The lines of all its texts, in the order of their numbers."""
    return sorted([*earlier(document), current(document)], key=lambda version: version.number)


def newest_first(document: Document) -> list[Version]:
    """The lines of all its other texts, each before those that it came after."""
    return sorted(earlier(document), key=cmp_to_key(_newest_first))


def _newest_first(one: Version, other: Version) -> int:
    """As ``sorted`` wants it; of the same moment what was taken later comes first."""
    newer = is_newer(stamp(one), stamp(other)), is_newer(stamp(other), stamp(one))
    if all(newer):
        return other.number - one.number
    return -1 if newer[0] else 1


def number_of(document: Document, file: Version) -> int:
    """Which version was made of this very file of this very batch; 0: none."""
    same = (v.number for v in every(document) if _is_file(v, file) and v.sha256 == file.sha256)
    return next(same, 0)


def _is_file(version: Version, file: Version) -> bool:
    if version.site and file.site and version.site != file.site:
        return False
    return (version.path, version.received_at) == (file.path, file.received_at)


@dataclass(frozen=True, slots=True)
class Placed:
    """What becomes of a text that came: ``version`` 0 where it is a copy.

    ``document`` takes the place of the one that is there, or, where its text is not the current
    one, ``fields`` go into it; neither where there is nothing to write.
    """

    version: int
    document: Document | None = None
    fields: Document | None = None


def place(old: Document, new: Document, id_: str = "", *, follow: bool = False) -> Placed:
    """What becomes of the document ``old`` when an article of its id ``id_`` comes as ``new``.

    Both are as ``indexing.writing.document`` makes them; of ``old`` the fields of ``WANTED``,
    ``COMPARED``, ``by_hand.TOLD`` and ``story`` are needed. ``follow``: where the document names
    the same path it has the text that came last under it, whatever the sources say, and an earlier
    one too.
    """
    new = kept_by_hand(old, new)
    now, came, others = current(old), current(new), earlier(old)
    again = next((v for v in [now, *others] if _is_file(v, came)), None)
    if again and again.sha256 == came.sha256:
        return Placed(again.number)
    if again is now:
        return Placed(now.number, document=written_over(old, new))
    came = replace(came, number=again.number if again else _next(now, others))
    follow = follow and now.path == came.path
    held_otherwise = moves_embargo(old, new, id_) and _becomes_current(old, new, came, now)
    if not (again or held_otherwise) and _is_copy(came, now, [] if follow else others):
        return Placed(0)
    came = replace(_veiled(came, new, new), changed=", ".join(changed(old, new)))
    others = [v for v in others if v is not again]
    if _comes_last(came, now) if follow else _becomes_current(old, new, came, now):
        now = _veiled(now, old, new)
        return Placed(came.number, document=_in_place(old, new, came, [*others, now]))
    line = {"history": _lines([*others, came]), "earlier": _searched(old, new, new)}
    return Placed(came.number, fields={**line, **_known_as(old, new)})


def read_anew(old: Document, new: Document, before: Document, at: str) -> dict[str, Any]:
    """The document ``new``, another reading of the bytes that ``old`` was made of, as a version.

    ``before`` is what was read otherwise, by the names of fields (None: nothing was); ``at`` is ISO
    8601. The reading before stays in the history, for its bytes do not tell it any more.
    """
    now, others = current(old), earlier(old)
    line = replace(now, read_as=json.dumps(before, ensure_ascii=False, sort_keys=True))
    has_other_text = any(name in before for name in TEXT_FIELDS)
    return {
        **new,
        "version": _next(now, others),
        "changed": sorted(before),
        "reparsed": at,
        "history": _lines([*others, line]),
        "earlier": _searched(old, old, new) if has_other_text else several(old.get("earlier")),
        **_known_as(old, new),
    }


def as_it_was_read(document: Document, number: int) -> dict[str, Any]:
    """What a version was read as where its bytes are read otherwise now, by the names of fields."""
    every_one = every(document)
    wanted = next(version for version in every_one if version.number == number)
    read: dict[str, Any] = {}
    for line in reversed(every_one):
        if line.number >= number and _is_file(line, wanted) and line.sha256 == wanted.sha256:
            read |= _read_as(line)
    return read


def _read_as(line: Version) -> dict[str, Any]:
    """Others may write such lines, too: what is none says nothing."""
    try:
        read = json.loads(line.read_as or "{}")
    except ValueError:
        return {}
    return {name: read[name] for name in SEEN if name in read} if isinstance(read, dict) else {}


def _becomes_current(old: Document, new: Document, came: Version, now: Version) -> bool:
    """A part (a teaser, a page before its paywall) never takes the place of a whole text."""
    if bool(old.get("partial")) != bool(new.get("partial")):
        return bool(old.get("partial"))
    return is_newer(stamp(came), stamp(now))


def _comes_last(came: Version, now: Version) -> bool:
    return came.arrived_at >= now.arrived_at


def moves_embargo(old: Document, new: Document, id_: str) -> bool:
    """Whether a text that comes again is held otherwise than the one that is there.

    What had ended when it came holds nothing. Of an article without an id of its own any copy has
    the same identity, and anybody may have the text once it is free: there only the same path tells
    that it is let go, or held again. One that is held may be held for longer by any.
    """
    came = moment_of(new.get("received_at") or "")
    ends = [moment_of(document.get("embargo_until") or "") for document in (old, new)]
    before, after = (end if end and not (came and end <= came) else None for end in ends)
    if before == after:
        return False
    paths = {(document.get("source") or {}).get("path") for document in (old, new)}
    is_held_longer = before is not None and after is not None and after > before
    return is_held_longer or len(paths) == 1 or not id_.startswith(_OF_CONTENT)


def _is_copy(came: Version, now: Version, others: Sequence[Version]) -> bool:
    """Whether it is the current text, or an earlier one that its source does not call newer."""
    if came.text == now.text:
        return True
    had = any(version.text == came.text for version in others)
    return had and _said(stamp(came), stamp(now)) is not True


def _next(now: Version, others: Sequence[Version]) -> int:
    return max(version.number for version in [now, *others]) + 1


def written_over(old: Document, new: Document) -> dict[str, Any]:
    """The document ``new`` in the place of one whose text is no version: all versions stay.

    Of ``old`` what tells of them is needed (``KEPT``).
    """
    kept = {name: old[name] for name in KEPT if old.get(name)}
    return {**new, **kept, **_known_as(old, new)}


def _in_place(
    old: Document, new: Document, came: Version, others: Sequence[Version]
) -> dict[str, Any]:
    story = {"story": old["story"]} if old.get("story") else {}  # until it is enriched anew
    return {
        **new,
        **story,
        "version": came.number,
        "changed": came.changed.split(", ") if came.changed else [],
        "history": _lines(others),
        "earlier": _searched(old, old, new),
        **_known_as(old, new),
        **_copies(old),
    }


def _known_as(old: Document, new: Document) -> dict[str, list[str]]:
    names = [*several(old.get("known_as")), *several(new.get("known_as"))]
    return {"known_as": list(dict.fromkeys(names))} if names else {}


def _copies(old: Document) -> dict[str, Any]:
    """What lies at other sites lies there still, whichever text it has."""
    return {"copies": several(old["copies"])} if old.get("copies") else {}


def _lines(versions: Sequence[Version]) -> list[dict[str, Any]]:
    ordered = sorted(versions, key=lambda version: version.number)
    return [{n: v for n, v in asdict(line).items() if v not in {"", None}} for line in ordered]


def _veiled(version: Version, text_of: Document, new: Document) -> Version:
    """The line of a text of which no word may be told behind a free one."""
    return replace(version, headline="") if is_held(text_of, new.get("received_at")) else version


def is_held(document: Document, at: Any) -> bool:
    """Whether a text is under embargo at a time (ISO 8601)."""
    end, now = moment_of(document.get("embargo_until") or ""), moment_of(at or "")
    return bool(end and now and end > now)


def _searched(old: Document, text_of: Document, new: Document) -> list[str]:
    """The earlier texts that can be searched, the last that came first; none that is held."""
    text = "\n\n".join(text_of[name] for name in TEXT_FIELDS if text_of.get(name))
    own = [] if is_held(text_of, new.get("received_at")) else [text]
    kept, left = list[str](), MOST_SEARCHED
    for each in [*own, *several(old.get("earlier"))]:
        left -= len(each)
        if left < 0:
            break
        kept.append(each)
    return kept


def changed(old: Document, new: Document) -> list[str]:
    """The names of the fields in which two texts of an article differ."""
    return [name for name in COMPARED if _plain(old.get(name)) != _plain(new.get(name))]


def _plain(value: Any) -> list[str]:
    return [" ".join(str(each).split()) for each in several(value) if each]


def several(value: Any) -> list[Any]:
    """An array of one may stand in the index without brackets."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _number(value: Any) -> int | None:
    """The source's own version number; texts such as ``3`` count, others say nothing.

    Nor does one that no document could hold: its line would be lost, and the text with it.
    """
    try:
        number = None if isinstance(value, bool | float) else int(value)
    except (TypeError, ValueError):
        return None
    return None if number is None or abs(number) > _LARGEST_OF_SOURCE else number
