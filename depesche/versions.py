"""The texts that an article has had, read out of the archive's files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from articles.article import Version
from articles.errors import ArticleFault, UsageError

if TYPE_CHECKING:
    from tasks.settings import Settings


def versions_of(document: Mapping[str, Any]) -> list[Version]:
    """Return all versions of an article, the newest first; the first of them is the current one."""
    from indexing.writing.versions import current, newest_first

    return [current(document), *newest_first(document)]


def version_document(
    settings: Settings, document: Mapping[str, Any], number: int
) -> dict[str, Any]:
    """Return a version as the index would have it, from the bytes of its file.

    Nothing is in it that enrichment reads, and nothing that was set by hand. Raises
    :class:`UsageError` where there is no such version, or its file is not in the archive of these
    settings.
    """
    from indexing.writing.versions import as_it_was_read

    versions = {version.number: version for version in versions_of(document)}
    if number not in versions:
        known = ", ".join(map(str, sorted(versions)))
        raise UsageError(f"There is no version {number} of {document['id']}: it has {known}.")
    read = _read(settings, versions[number]) | as_it_was_read(document, number)
    return {"id": document["id"], **{n: v for n, v in read.items() if v is not None}}


def _read(settings: Settings, version: Version) -> dict[str, Any]:
    """By the rules of today; what was read of it when it came may be a little else."""
    from extraction.formats.parse import parse
    from indexing.index.dates import moment_of
    from indexing.writing.document import to_document
    from worker.care.files_of import file_of
    from worker.folders import Folders

    folders = Folders(settings.data).trusted()
    file = file_of(folders, version)
    if file is None:
        raise UsageError(
            f"The file of version {version.number} ({version.path}) is not in {folders.archive}: "
            "it is on another machine, or gone (`depesche verify`)."
        )
    data, received = file.read_bytes(), version.received_at
    came = moment_of(received) or datetime.now(UTC)
    try:
        article = parse(
            data,
            version.path,
            limit=max(len(data), settings.max_file_bytes),
            zone=settings.time_zone,
            received=came,
            limits=settings.reader_limits(),
        )
    except ArticleFault as fault:
        raise UsageError(f"Version {version.number} cannot be read any more: {fault}") from fault
    read = to_document(article, received, "")
    del read["enrichment"]
    return read | {"version": version.number, "arrived_at": version.arrived_at}
