"""Members of a ZIP archive (Word, OpenDocument, EPUB), each looked at before it is read.

Nothing is unpacked to a disk, and a name is only ever compared: none leads out.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from articles.errors import Unreadable
from extraction.confined.limits import Limits

_BOMB = "Nothing that people write is packed so; do not open it if you do not know its sender."
_BROKEN = "Open it in the program it comes from, save it again and drop it again."
_SECRET = "Open it with its password, save it without one and drop it again."  # noqa: S105
#: What unpacks to less costs nothing, whatever its ratio.
_SMALL = 1 << 20
_ENCRYPTED = 1


class Packed:
    """The archive. Raises ``Unreadable`` where it is broken, or unpacks to what no document has."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
            raise Unreadable(f"This archive is broken: {fault}.", _BROKEN) from fault
        self._members = {member.filename: member for member in self._archive.infolist()}
        self._refuse_bombs(len(data), limits)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def names(self) -> list[str]:
        """Of its members, in their order."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """Return a member's bytes. Raises ``Unreadable`` where there is none, or it is broken."""
        member = self._members.get(name)
        if member is None:
            raise Unreadable(f"This archive has no {name[:80]!r}: it is cut or broken.", _BROKEN)
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable("It is encrypted.", _SECRET)
        try:
            return self._archive.read(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as fault:
            raise Unreadable(f"{name[:80]!r} in it is broken: {fault}.", _BROKEN) from fault

    def get(self, name: str) -> bytes:
        """Return a member's bytes, none where there is no such member."""
        return self.read(name) if name in self else b""

    def _refuse_bombs(self, size: int, limits: Limits) -> None:
        members = self._archive.infolist()
        if len(members) > limits.members:
            raise Unreadable(
                f"It has {len(members):,} members, more than {limits.members:,}.", _BOMB
            )
        unpacked = sum(member.file_size for member in members)
        if unpacked > limits.unpacked:
            said = f"It unpacks to {unpacked:,} bytes, more than {limits.unpacked:,}"
            raise Unreadable(f"{said} (DEPESCHE_READER_UNPACKED).", _BOMB)
        if sum(member.compress_size for member in members) > size:
            raise Unreadable("Its members lie in each other, as in a bomb.", _BOMB)
        for member in members:
            most = max(_SMALL, limits.ratio * member.compress_size)
            if member.file_size > most:
                said = (
                    f"{member.filename[:80]!r} in it unpacks to more than {limits.ratio} times its"
                )
                raise Unreadable(f"{said} size, as a bomb does.", _BOMB)
