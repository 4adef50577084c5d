"""Bytes of one file -> ``Article``. Pure: no file is read, no clock but the processor's, no
language processing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from articles.article import TEXT_FIELDS, Article, Source
from articles.errors import TooSlow, Unreadable
from articles.limits import LARGEST_ARTICLE
from extraction.confined.limits import NORMAL, Limits
from extraction.formats.believable import believable, contradicted
from extraction.formats.byline import read_byline
from extraction.formats.dateline import read_dateline
from extraction.formats.draft import Draft
from extraction.formats.embargo_line import without_embargo_line
from extraction.formats.format import RawFile
from extraction.formats.identity import document_key
from extraction.formats.published import DEFAULT_ZONE, judged, key_date, localised
from extraction.formats.registry import format_of
from extraction.formats.release import embargo_end
from extraction.language import GERMAN, UNKNOWN, language_of
from extraction.processor import within
from extraction.story import signature
from german.findable import words_to_find
from german.line_ends import whole_words

#: Of a character in UTF-8.
_MOST_BYTES = 4
#: Languages whose words are put together and taken apart as German ones are.
_READ = (GERMAN, UNKNOWN)
#: Bytes of a text that is read in no time, whatever it holds.
_SHORT = 65_536
_SLOW = "Look whether it is an article; if it is, split it, or raise DEPESCHE_READER_SECONDS."


def parse(
    data: bytes,
    path: str,
    *,
    limit: int = LARGEST_ARTICLE,
    zone: str = DEFAULT_ZONE,
    received: datetime | None = None,
    limits: Limits = NORMAL,
) -> Article:
    """Read the bytes of one file as an article.

    ``path`` is relative to the inbox, ``/`` between folders, valid Unicode (see
    ``identity.printable_path``); ``limit`` is the largest size in bytes that is accepted.
    ``limits`` are those of binary formats, which are read in a process of their own. Their
    seconds of computing hold for all that is read here, too (where none is left, only what is short
    is read).
    Days and times are of the time ``zone`` where the file names no offset; a date far after the
    moment at which the file was ``received`` is doubted, and an embargo that had ended at that
    moment is none. Raises ``ArticleFault`` and nothing else, whatever the bytes are, but
    ``OSError`` where no process can be begun.
    """
    if len(data) > limit:
        raise too_large(len(data), limit)
    if limits.seconds <= 0 and len(data) > _SHORT:
        raise TooSlow("There is no time to read it.", _SLOW)
    seconds = max(limits.seconds, 1)
    named = f"{seconds} second{'s' if seconds > 1 else ''}"
    with within(seconds, TooSlow(f"Reading it took more than {named} of computing.", _SLOW)):
        return _read(RawFile(path, data, limits), zone, received)


def _read(file: RawFile, zone: str, received: datetime | None) -> Article:
    (draft,) = format_of(file).read(file)
    draft = without_embargo_line(draft)
    embargo_until = embargo_end(draft, received, zone)
    _refuse_long_texts(draft)
    draft = believable(draft)
    # Of the text as it is written: the rules for broken words and dates may change, ids must not.
    key = _key(draft)
    draft = _dated(draft, zone, received)
    told = language_of(_running_text(draft), draft.language)
    whole = _with_whole_words(draft) if told in _READ else draft
    source = _source(file, whole, contradicted(draft.language, told))
    return _article(whole, source, told, key, embargo_until)


def too_large(size: int, limit: int) -> Unreadable:
    """Return the fault of a file of ``size`` bytes, which need not be read for it."""
    raised = ", or raise the limit" if limit < LARGEST_ARTICLE else ""
    return Unreadable(
        f"The file has {size:,} bytes, more than the limit of {limit:,} (DEPESCHE_MAX_FILE_BYTES).",
        f"Split it into one file an article{raised}.",
    )


def _refuse_long_texts(draft: Draft) -> None:
    """What is within the limit in another encoding may be above it in UTF-8."""
    texts = [getattr(draft, name) for name in TEXT_FIELDS]
    if sum(map(len, texts)) * _MOST_BYTES <= LARGEST_ARTICLE:
        return
    size = sum(len(text.encode("utf-8", "replace")) for text in texts)
    if size > LARGEST_ARTICLE:
        raise Unreadable(
            f"Its text has {size:,} bytes in UTF-8, more than the limit of {LARGEST_ARTICLE:,}.",
            "Split it into one file an article.",
        )


def warm() -> None:
    """Read all lists now, so that processes that are forked after this share them."""
    parse("Ein Text über den Verteidigungspakt von Xyzstadt.".encode(), "warm.txt")


def _source(file: RawFile, draft: Draft, warnings: tuple[str, ...]) -> Source:
    return Source(
        path=file.path,
        name=file.path.rpartition("/")[2],
        sha256=sha256(file.data).hexdigest(),
        bytes=len(file.data),
        format=draft.format,
        encoding=draft.encoding,
        warnings=draft.warnings + warnings,
        version=draft.version,
    )


def _key(draft: Draft) -> str:
    return document_key(
        source_id=draft.source_id,
        url=draft.url,
        date=key_date(draft.published),
        kicker=draft.kicker,
        headline=draft.headline,
        lead=draft.lead,
        body=draft.body,
    )


def _dated(draft: Draft, zone: str, received: datetime | None) -> Draft:
    """Return the draft with its date in local time, and with what is odd about it."""
    modified = draft.modified and localised(draft.modified, zone)
    if draft.published is None:
        return replace(draft, modified=modified, date_problem=draft.date_problem or "missing")
    published = localised(draft.published, zone)
    if received is None:
        return replace(draft, modified=modified, published=published)
    published, problem, warnings = judged(published, received.date())
    said = draft.warnings + warnings
    return replace(
        draft, modified=modified, published=published, date_problem=problem, warnings=said
    )


def _running_text(draft: Draft) -> str:
    return "\n\n".join((draft.headline, draft.lead, draft.body))


def _with_whole_words(draft: Draft) -> Draft:
    """Return the draft with the words that were broken at the ends of lines put together."""
    texts, number = whole_words({name: getattr(draft, name) for name in TEXT_FIELDS})
    if not number:
        return draft
    said = f"Words that were broken at the end of a line were put together: {number}."
    return replace(
        draft,
        kicker=texts["kicker"],
        headline=texts["headline"],
        lead=texts["lead"],
        body=texts["body"],
        warnings=(*draft.warnings, said),
    )


def _article(draft: Draft, source: Source, language: str, key: str, embargo_until: str) -> Article:
    dateline, byline = read_dateline(draft.body), read_byline(draft.body)
    places = draft.dateline_places
    agencies = draft.agencies
    names = draft.byline
    signed = signature({name: getattr(draft, name) for name in TEXT_FIELDS})
    return Article(
        key=key,
        headline=draft.headline,
        source=source,
        kicker=draft.kicker,
        lead=draft.lead,
        body=draft.body,
        published=draft.published,
        date_problem=draft.date_problem,
        dateline_places=(dateline.places if dateline else ()) if places is None else places,
        agencies=(dateline.agencies if dateline else ()) if agencies is None else agencies,
        byline=(byline.names if byline else ()) if names is None else names,
        language=language,
        url=draft.url,
        signature=signed.bands,
        minhash=signed.minhash,
        partial=draft.partial,
        parts=_parts(draft) if language in _READ else (),
        subjects=draft.subjects,
        slugline=draft.slugline,
        genre=draft.genre,
        modified=draft.modified.value if draft.modified else "",
        embargo_until=embargo_until,
    )


def _parts(draft: Draft) -> tuple[str, ...]:
    return tuple(words_to_find("\n\n".join((draft.kicker, _running_text(draft)))))
