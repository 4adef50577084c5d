"""Whether the second copy of the archive is whole: each file read back, and what is only there."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import file_digest

from articles.errors import Unreadable, UsageError
from extraction.formats.identity import os_path_of, printable_path
from worker import beneath
from worker.care.compared import Compared, Difference
from worker.care.verify import Progress, regular_files
from worker.container import Container
from worker.copies.keys import key_of, path_of
from worker.spool.outsized import refuse_holes

_PAGE = 1000


def look_at_copies(
    container: Container, compared: Compared, progress: Progress = lambda *_: None
) -> None:
    """Read every copy back, and compare. Raises ``ServiceUnavailable`` and ``UsageError``."""
    if not container.settings.archive:
        raise UsageError("DEPESCHE_ARCHIVE is not set: there are no copies of the archive.")
    archive = container.folders.archive
    for file in regular_files(archive):
        relative = str(file.relative_to(archive))
        key, own = key_of(relative), _digest(container, relative)
        if own and (copy := container.bucket.digest(key)) != own:
            detail = "other bytes" if copy else "none"
            compared.add(Difference("no_copy", printable_path(relative), "", detail))
        progress("copies", 1)
    for key in container.bucket.listed():
        _only_there(container, compared, key)


def _digest(container: Container, relative: str) -> str:
    """Empty where the file is gone, or is a hole, which nobody copies."""
    try:
        handle = beneath.open_below(container.folders.archive, relative)
    except (FileNotFoundError, beneath.NotAFile):
        return ""
    with os.fdopen(handle, "rb") as file, suppress(Unreadable):
        refuse_holes(handle)
        return file_digest(file, "sha256").hexdigest()
    return ""


def _only_there(container: Container, compared: Compared, key: str) -> None:
    relative = path_of(key)
    if relative is None or beneath.is_file(container.folders.archive, relative):
        return  # of a digest nobody can tell the path
    digest = container.bucket.digest(key)
    gone = container.tombstones.of([f"sha256:{digest}"])
    kind = "copy_withdrawn" if gone else "copy_only"
    id_ = next((one.id for one in gone.values()), "")
    compared.add(Difference(kind, printable_path(relative), id_, key))


def copy_again(container: Container, compared: Compared) -> int:
    """Have the watcher copy what has no whole copy, and remove what was withdrawn; how many."""
    count = 0
    for page in compared.pages("no_copy", _PAGE):
        container.copies.forget(key_of(os_path_of(one.path)) for one in page)
        count += len(page)
    for page in compared.pages("copy_withdrawn", _PAGE):
        for difference in page:
            relative = path_of(difference.detail) or ""
            container.copies.leave(difference.detail, os.fsencode(relative))
        count += len(page)
    if count:
        container.copies.say(again=os.urandom(8).hex())
    return count
