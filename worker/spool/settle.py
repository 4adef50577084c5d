"""A file's last step: one rename into ``archive/`` or ``failed/``, never over other bytes."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from articles.limits import MEBIBYTE
from worker import beneath, failpoint
from worker.access_lists import as_listed
from worker.atomic import PRIVATE, move, write_json
from worker.folders import Folders
from worker.moment import moment
from worker.spool import own_copy, refused
from worker.spool.digests import Digests, Unhashed, Unread
from worker.spool.kept import models_of, way, way_there
from worker.spool.naming import failed_path, name_beside, names_of, reason_name

_LOCK = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
#: The first of a file's names may have gone since, and one behind them may have come.
_ALWAYS_ASKED = 3
#: Of SHA-256, in hexadecimal; no name could be made with one that is longer than any name.
_DIGEST_CHARS = 64
#: Who may read a file in ``failed/`` may read its reason.
_READABLE = 0o044
#: Of folders that nothing in the inbox is like, as the umask leaves it.
_READ_BY_OTHERS = 0o755


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file failed: what a person needs to know and can do."""

    error: str
    stage: str
    advice: str = ""


@contextmanager
def settling(folders: Folders) -> Iterator[None]:
    """Serialise moves into archive and failed, so that looking and renaming are one step."""
    # Not in `run/`: who removes that would leave two of us with a lock each.
    lock = os.open(folders.data / "settle.lock", _LOCK, PRIVATE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def archive(
    folders: Folders,
    file: Path,
    relative: str,
    digests: Digests | None = None,
    wanted: str = "",
) -> Path | None:
    """Move a done file to ``archive/<relative>``; None if it is no longer there to be moved.

    ``wanted`` is another path that it is to have there. Call it inside ``settling``. An older
    reason for the same path has served its time. Raises ``Unhashed`` where ``digests`` does not
    know what has to be compared.
    """
    target = _moved(folders.archive, file, relative, wanted or relative, digests or Digests())
    if target is not None:
        _end_reason(folders.failed, failed_path(relative))
    return target


def _end_reason(failed: Path, relative: str) -> None:
    reason = reason_name(relative.rpartition("/")[2])
    names = beneath.parts(relative)[:-1]
    with suppress(OSError), beneath.folder(failed, names) as folder:
        if _is_there(reason, folder) and not _is_there(beneath.parts(relative)[-1], folder):
            os.unlink(reason, dir_fd=folder)


def fail(
    folders: Folders,
    file: Path,
    relative: str,
    reason: Reason,
    digests: Digests | None = None,
) -> Path | None:
    """Move a faulty file to ``failed/<relative>`` with ``….reason.json`` beside it.

    The reason is written first: a file in ``failed/`` always has one. Call it inside ``settling``.
    What is no file at all goes (``refused.py``). Raises as :func:`archive`. Nobody who dropped
    it changes it there, where that costs no copy.
    """

    def explain(folder: int, name: str, status: os.stat_result) -> None:
        mode = PRIVATE | (status.st_mode & _READABLE)
        _write_reason(Path(reason_name(name)), PurePath(relative), reason, mode, folder)
        failpoint.reach("settle.reasoned")

    wanted = failed_path(relative)
    with suppress(FileNotFoundError):
        own_copy.take_over(file, relative)
    to = folders.failed, file, relative, wanted
    try:
        return _moved(*to, digests or Digests(), explain)
    except Unhashed:  # it, or what has its name, changes as often as it is looked at
        return _moved(*to, Digests(most=0), explain)


def set_apart(
    folders: Folders, file: Path, relative: str, digests: Digests | None = None
) -> Path | None:
    """Move a file of an article that was withdrawn to ``withdrawn/<relative>``.

    None if it is gone. Call it inside ``settling``. Raises as :func:`archive`.
    """
    return _moved(folders.withdrawn, file, relative, relative, digests or Digests())


def discard(folders: Folders, root: Path, relative: str) -> None:
    """Remove a file for good, one in ``failed/`` with its reason; ``relative`` is its path below.

    Folders that nothing is left in go, too: their names may say what the file was about. Call it
    inside ``settling``.
    """
    *names, last = beneath.parts(relative)
    beneath.unlink(root, relative)
    if root == folders.failed:
        beneath.unlink(root, "/".join([*names, reason_name(last)]))
    beneath.remove_empty(root, names)


Before = Callable[[int, str, os.stat_result], None]


def _moved(
    root: Path,
    file: Path,
    relative: str,
    wanted: str,
    digests: Digests,
    before: Before | None = None,
) -> Path | None:
    """Where the file is now: its own path, or one beside it if other bytes are there.

    None if it was gone. ``before`` is called with the open folder and the name that it gets there.
    """
    *names, last = beneath.parts(wanted)
    with ExitStack() as stack:
        try:
            source, name = stack.enter_context(beneath.parent(file, relative))
            status = os.stat(name, dir_fd=source, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(status.st_mode):
            refused.put_away(Path(beneath.split(file, relative)[0]).parent, relative, source, name)
            return None
        models = models_of(file, relative)
        wanted_folder = way(root, names, models, name_beside, mode=_READ_BY_OTHERS)
        folder, taken = stack.enter_context(wanted_folder)
        target = _free(last, folder, name, source, digests)
        if target is None:
            return None
        if before:
            before(folder, target, as_listed(status, Path(f"/proc/self/fd/{source}", name)))
        move(name, target, src=source, dst=folder)
        return Path(root, *taken, target)


def look_ahead(
    folders: Folders,
    file: Path,
    relative: str,
    digests: Digests,
    *,
    failed: bool,
    wanted: str = "",
    withdrawn: bool = False,
) -> None:
    """Hash before the lock is taken what will have to be compared under it; seldom anything."""
    root, wanted = folders.withdrawn if withdrawn else folders.archive, wanted or relative
    if failed:
        root, wanted = folders.failed, failed_path(relative)
    *names, last = beneath.parts(wanted)
    with (
        suppress(FileNotFoundError, NotADirectoryError),
        beneath.parent(file, relative) as (source, name),
        way_there(root, names, name_beside) as (folder, _),
    ):
        if _is_there(last, folder):
            _free(last, folder, name, source, digests)


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _write_reason(path: Path, relative: PurePath, reason: Reason, mode: int, folder: int) -> None:
    """The newest reason on top, the earlier ones kept: the first is often the telling one."""
    before = _read_reason(path, folder)
    now = moment()
    entry = {"error": reason.error, "stage": reason.stage, "time": now, "advice": reason.advice}
    earlier: list[Any] = before.get("earlier", [])
    if before:
        earlier = [*earlier, {key: before.get(key) for key in ("error", "stage", "time")}]
    times = before.get("times", 0) + 1
    kept = earlier[:1] + earlier[1:][-8:]
    content = {"path": str(relative), **entry, "times": times, "earlier": kept}
    write_json(path, content, mode, folder)


def read_reason(path: Path) -> dict[str, Any]:
    """A reason file's content, or an empty one if there is none that can be read."""
    try:
        with beneath.folder(path.parent) as folder:
            return _read_reason(path, folder)
    except OSError:
        return {}


def _read_reason(path: Path, folder: int) -> dict[str, Any]:
    try:
        handle = beneath.open_file(path.name, folder)
        try:
            content = json.loads(beneath.read_all(handle, MEBIBYTE))
        finally:
            os.close(handle)
    except (OSError, ValueError, RecursionError):
        return {}
    return _sound(content) if isinstance(content, dict) else {}


def _sound(content: dict[str, Any]) -> dict[str, Any]:
    """What is of another type may be anybody's: it is left out, for a batch waits for the rest."""
    earlier, times = content.get("earlier"), content.get("times")
    listed = earlier if isinstance(earlier, list) else []
    entries = [entry for entry in listed if isinstance(entry, dict)]
    return {
        **content,
        "earlier": entries,
        "times": times if isinstance(times, int) else len(entries) + 1,
    }


def reason_of(file: Path) -> dict[str, Any]:
    """The reason of a file in ``failed/``."""
    return read_reason(file.with_name(reason_name(file.name)))


def _free(last: str, folder: int, name: str, source: int, digests: Digests) -> str | None:
    """The name that the file can get in a folder; None if it is gone.

    The same bytes under the same name are the same file.
    """
    if not _is_there(last, folder):
        return last
    digest = digests.of(name, source)
    if digest is None:
        return None
    free = (
        candidate
        for candidate in names_of(last, digest)
        if not _is_there(candidate, folder) or digests.same(candidate, folder, name, source)
    )
    return next(free)


def archived_as(folders: Folders, relative: str, digest: str, size: int = 0) -> Path | None:
    """Where a file of that path and digest (SHA-256) lies in the archive, if it does.

    ``size``: of how many bytes, where that is known; others are not read.
    """
    return lies_as(folders.archive, relative, digest, size)


def lies_as(root: Path, relative: str, digest: str, size: int = 0) -> Path | None:
    """The same below another folder that files are moved into by this module's rules.

    Who may write documents writes any path and digest: what no file can have is of none.
    """
    digests = Digests()
    with closing(_under_its_names(root, relative, digest)) as each:
        for path, folder in each:
            if digests.is_of(path.name, folder, digest, size):
                return path
    return None


def left_as(root: Path, relative: str, digest: str, size: int = 0) -> Iterator[tuple[Path, str]]:
    """What lies there still as ``lies_as`` has it, or cannot be opened and may be it; and why."""
    digests = Digests(strict=True)
    for path, folder in _under_its_names(root, relative, digest):
        try:
            if digests.is_of(path.name, folder, digest, size):
                yield path, "is there still"
        except Unread as error:
            yield path, f"cannot be read ({error.strerror}): mend its permissions, or remove it"


def of_others(root: Path, relative: str, digest: str) -> Iterator[tuple[Path, os.stat_result, str]]:
    """What lies under its names that others may still change, and its digest as it is now."""
    digests = Digests()
    for path, folder in _under_its_names(root, relative, digest):
        with suppress(FileNotFoundError):
            status = os.stat(path.name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISREG(status.st_mode) and not own_copy.is_ours(status):
                yield path, status, digests.of(path.name, folder) or ""


def _under_its_names(
    root: Path, relative: str, digest: str
) -> Generator[tuple[Path, int], None, None]:
    """What has one of the names that such a file may have, and the open folder that it is in."""
    try:
        *names, last = beneath.parts(relative)
        if len(beneath.parts(digest)[0]) > _DIGEST_CHARS:  # it becomes part of a name
            return
        with way_there(root, names, name_beside) as (folder, taken):
            for number, name in enumerate(names_of(last, digest)):
                if _is_there(name, folder):
                    yield Path(root, *taken, name), folder
                elif number >= _ALWAYS_ASKED:
                    return
    except (FileNotFoundError, NotADirectoryError, beneath.NotAFile, ValueError):
        return  # ValueError: a NUL, or half a pair of surrogates
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
