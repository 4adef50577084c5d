"""Bytes of one file -> ``Article``. Pure: no file is read, no clock, no language processing."""

from __future__ import annotations

from hashlib import sha256

from articles.article import TEXT_FIELDS, Article, Source
from articles.errors import Unreadable
from extraction.formats.byline import read_byline
from extraction.formats.dateline import read_dateline
from extraction.formats.draft import Draft
from extraction.formats.format import RawFile
from extraction.formats.identity import document_key
from extraction.formats.registry import format_of
from extraction.language import language_of
from extraction.story import signature
from german.findable import words_to_find

DEFAULT_LIMIT = 52_428_800


def parse(data: bytes, path: str, *, limit: int = DEFAULT_LIMIT) -> Article:
    """Read the bytes of one file as an article.

    ``path`` is relative to the inbox, ``/`` between folders, valid Unicode (see
    ``identity.printable_path``); ``limit`` is the largest size in bytes that is accepted.
    Raises ``Unreadable`` and nothing else, whatever the bytes are.
    """
    if len(data) > limit:
        raise Unreadable(
            f"The file has {len(data):,} bytes, more than the limit of {limit:,}.",
            "Split it into one file an article, or raise the limit.",
        )
    file = RawFile(path, data)
    (draft,) = format_of(file).read(file)
    return _article(draft, _source(file, draft))


def warm() -> None:
    """Read all lists now, so that processes that are forked after this share them."""
    parse("Ein Text über den Verteidigungspakt von Xyzstadt.".encode(), "warm.txt")


def _source(file: RawFile, draft: Draft) -> Source:
    return Source(
        path=file.path,
        name=file.path.rpartition("/")[2],
        sha256=sha256(file.data).hexdigest(),
        bytes=len(file.data),
        format=draft.format,
        encoding=draft.encoding,
        warnings=draft.warnings,
    )


def _running_text(draft: Draft) -> str:
    return "\n\n".join((draft.headline, draft.lead, draft.body))


def _article(draft: Draft, source: Source) -> Article:
    dateline, byline = read_dateline(draft.body), read_byline(draft.body)
    places = draft.dateline_places
    agencies = draft.agencies
    names = draft.byline
    signed = signature({name: getattr(draft, name) for name in TEXT_FIELDS})
    return Article(
        key=document_key(
            source_id=draft.source_id,
            url=draft.url,
            published=draft.published,
            kicker=draft.kicker,
            headline=draft.headline,
            lead=draft.lead,
            body=draft.body,
        ),
        headline=draft.headline,
        source=source,
        kicker=draft.kicker,
        lead=draft.lead,
        body=draft.body,
        published=draft.published,
        dateline_places=(dateline.places if dateline else ()) if places is None else places,
        agencies=(dateline.agencies if dateline else ()) if agencies is None else agencies,
        byline=(byline.names if byline else ()) if names is None else names,
        language=language_of(_running_text(draft), draft.language),
        url=draft.url,
        signature=signed.bands,
        minhash=signed.minhash,
        parts=tuple(words_to_find("\n\n".join((draft.kicker, _running_text(draft))))),
    )
