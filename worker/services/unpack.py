"""Unpack one folder of a zip or tar archive; what leads out of it is refused."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from articles.errors import UsageError

_CHUNK = 1 << 20


def unzip(archive: Path, inside: PurePosixPath, target: Path) -> None:
    """Unpack the folder ``inside`` of a zip archive as ``target``.

    Raises ``UsageError`` for a name that leads out of ``target``.
    """
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            name = PurePosixPath(member.filename)
            if member.is_dir() or not name.is_relative_to(inside):
                continue
            path = target / _inside(member.filename, name.relative_to(inside), archive)
            with opened.open(member) as source:
                _write(path, source, executable=bool(member.external_attr >> 16 & 0o100))
    _open_folders(target)


def untar(archive: Path, target: Path) -> None:
    """Unpack a compressed tar archive as ``target``, less the one folder that all lies in.

    Raises ``UsageError`` for a name or a link that leads out of ``target``, or that is neither
    file, folder nor link.
    """
    with tarfile.open(archive) as opened:
        for member in opened:
            relative = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            path = target / _inside(member.name, relative, archive)
            if member.isdir():
                path.mkdir(parents=True, exist_ok=True)
            elif member.issym():
                _inside(member.linkname, PurePosixPath(relative.parent, member.linkname), archive)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.symlink_to(member.linkname)
            elif member.islnk():
                former = PurePosixPath(*PurePosixPath(member.linkname).parts[1:])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.hardlink_to(target / _inside(member.linkname, former, archive))
            elif member.isfile() and (source := opened.extractfile(member)):
                with source:
                    _write(path, source, executable=bool(member.mode & 0o100))
            else:
                raise UsageError(f"{archive.name}: {member.name!r} is no file, folder or link.")
    _open_folders(target)


def _inside(said: str, relative: PurePosixPath, archive: Path) -> PurePosixPath:
    """The path, unless it leads out of the folder that it is relative to."""
    normal = PurePosixPath(os.path.normpath(relative))
    outside = normal.is_absolute() or ".." in normal.parts or "\\" in said
    if outside or PurePosixPath(said).is_absolute():
        raise UsageError(f"{archive.name}: {said!r} leads out of the archive.")
    return normal


def _write(path: Path, source: IO[bytes], *, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as copy:
        shutil.copyfileobj(source, copy, _CHUNK)
    # Readable by the user the server runs as, whatever the umask.
    path.chmod(0o755 if executable else 0o644)


def _open_folders(target: Path) -> None:
    for folder in (target, *(p for p in target.rglob("*") if p.is_dir() and not p.is_symlink())):
        folder.chmod(0o755)
