"""Articles that come under an id or an address that a person has given to another document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.intake.reading import ReadFile
from worker.spool.settings_by_hand import SettingsByHand


def by_set_keys(by_hand: SettingsByHand, reads: Sequence[ReadFile]) -> list[ReadFile]:
    """The files, each article under the id of the document that is known by its key.

    Raises ``ServiceUnavailable`` where it cannot be told.
    """
    ids = by_hand.known(read.article.key for read in reads if read.article)
    return [_under(read, ids) for read in reads] if ids else list(reads)


def _under(read: ReadFile, ids: dict[str, str]) -> ReadFile:
    article = read.article
    if article is None or article.key not in ids:
        return read
    content_key = read.content_key or article.key
    return replace(read, article=replace(article, key=ids[article.key]), content_key=content_key)
