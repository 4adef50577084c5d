"""What comes under a mirror's name and is none of its files: it gets a path of its own.

The path of a mirror's document is that of a file in its tree. By their paths texts are known again,
go on, are withdrawn and looked for: so nothing else may have one. Whoever works a batch renames in
it, before anything is read: however it came there, and whether its mirror was there before.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import count

import structlog

from extraction.formats.identity import printable_path
from worker import beneath
from worker.mirror.mirrors import Mirrors
from worker.spool.naming import distinct_name
from worker.spool.spool import Batch

log = structlog.get_logger()


def keep_apart(batch: Batch, mirrors: Mirrors) -> dict[str, str]:
    """Give what is called like a mirror in a batch of other files another name, and return both.

    It keeps that when the batch is worked again. Call it as the batch's owner. Raises ``OSError``.
    """
    if batch.mirror():
        return {}
    names = {mirror.name for mirror in mirrors.all()}
    try:
        with beneath.folder(batch.root) as root:
            return {name: _renamed(root, name) for name in sorted(names & {*os.listdir(root)})}
    except FileNotFoundError:
        return {}


def path_now(relative: str, renamed: Mapping[str, str]) -> str:
    """The path of a file of the batch after that."""
    name, slash, rest = relative.partition("/")
    return renamed.get(name, name) + slash + rest


def _renamed(root: int, name: str) -> str:
    """No mirror's name has a ``~``; the ending stays, for it may tell of a container."""
    there = {*os.listdir(root)}
    free = (new for number in count(1) if (new := distinct_name(name, str(number))) not in there)
    new = next(free)
    os.rename(name, new, src_dir_fd=root, dst_dir_fd=root)
    log.info("batch.kept_apart", mirror=name, now=printable_path(new))
    return new
