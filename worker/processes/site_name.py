"""The data folder keeps what its site is called; see ``tasks.site``."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import structlog

from tasks.settings import Settings
from tasks.site import FILE, known_as, site_of
from worker.atomic import write_bytes

log = structlog.get_logger()

#: Other programs on this host read it, to send files to this site.
_READABLE = 0o644


def keep(settings: Settings) -> str:
    """Write the name down where it is new, and return it.

    Of two that start at once in a folder without a name the first one gives it. A full disk costs
    the note, and not the start.
    """
    try:
        _keep(settings)
    except OSError as error:
        log.error("site.not_kept", site=site_of(settings), error=str(error))
    return site_of(settings)


def _keep(settings: Settings) -> None:
    path = settings.data / FILE
    if not known_as(settings.data):
        _first(path, site_of(settings))
    names, site = known_as(settings.data), site_of(settings)
    if names[-1:] != [site]:
        if names:
            log.warning("site.renamed", before=names[-1], now=site)
        write_bytes(path, _lines([*names, site]), mode=_READABLE)


def _first(path: Path, site: str) -> None:
    """Unless somebody else was first."""
    written = path.with_name(f".{FILE}-{os.getpid()}-{os.urandom(4).hex()}.tmp")
    write_bytes(written, _lines([site]), mode=_READABLE)
    try:
        with suppress(FileExistsError):
            os.link(written, path, follow_symlinks=False)
    finally:
        written.unlink(missing_ok=True)


def _lines(names: list[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()
