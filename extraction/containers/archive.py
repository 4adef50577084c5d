"""ZIP, TAR and what is packed with gzip, bzip2, xz or zstd: their files, however deep, as members.

Nothing is written and no link is followed. What unpacks to far more than it is, is a bomb.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.containers.member import Kind, Member, Opened, Sample, too_long
from extraction.containers.names import safe_name
from extraction.containers.stream import buffered
from extraction.containers.tar_head import Head
from extraction.formats.binary import is_office
from extraction.formats.office import ENDINGS

#: So much may come out of anything.
_FREE = 256 * MEBIBYTE
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError)
#: So much may stand before one file: its head, those of long names, a list of holes.
_HEADS = 2 * MEBIBYTE
#: Of a ZIP's table of contents, which is kept in memory in eleven times as many; a million names.
_TABLE = 128 * MEBIBYTE
_ENCRYPTED = 0x1
#: Ways to pack a file in a ZIP. Others unpack a few bytes to gigabytes before anybody can count.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_WITH_HOLES = "was packed with holes: pack it without --sparse"
_AGAIN = "Pack it again, or drop the files inside it."


class Outcome:
    """What comes out of packed streams, all of them together: in proportion to what goes in.

    ``packed_bytes``: how many have gone in by now.
    """

    def __init__(self, packed_bytes: Callable[[], int], ratio: int) -> None:
        self._packed_bytes, self._ratio, self._out = packed_bytes, ratio, 0

    def of(self, inner: BinaryIO) -> Callable[[int], bytes]:
        """Read one of them. It raises ``Unreadable`` for a bomb, and for what is broken."""

        def read(most: int) -> bytes:
            try:
                data = inner.read(most)
            except _BROKEN as error:
                refuse_disk(error)
                raise Unreadable(f"It cannot be unpacked to its end: {error}.", _AGAIN) from error
            self._out += len(data)
            refuse_bomb(self._out, self._packed_bytes(), self._ratio)
            return data

        return read


def refuse_bomb(
    unpacked_bytes: int, packed_bytes: int, ratio: int, free: int | None = None
) -> None:
    """Raise ``Unreadable`` where so much has come out of so little, and more than is ``free``."""
    free = _FREE if free is None else free
    if unpacked_bytes > max(free, ratio * max(packed_bytes, 1)):
        raise Unreadable(
            f"It unpacks to more than {ratio} times its size (DEPESCHE_MAX_RATIO): it is no "
            "archive of articles.",
            "Leave it out.",
        )


def refuse_disk(error: Exception) -> None:
    """Raise what a disk says, which is no fault of the archive: only the system's have a number."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error


def _gunzip(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream))


def _bunzip(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", bz2.BZ2File(stream))


def _unxz(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", lzma.LZMAFile(stream))


class _Unzstd:
    """A stream out of zstd, whose faults are those of any packed file."""

    def __init__(self, stream: BinaryIO) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd  # here, for few files are packed so
        self._file, self._fault = zstd.ZstdFile(stream), zstd.ZstdError

    def read(self, most: int) -> bytes:
        try:
            return bytes(self._file.read(most))
        except self._fault as fault:
            raise EOFError(str(fault)) from fault


def _unzstd(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", _Unzstd(stream))


Unpack = Callable[[BinaryIO], BinaryIO]
_PACKERS: tuple[tuple[bytes, tuple[str, ...], Unpack], ...] = (
    (b"\x1f\x8b", (".gz", ".tgz"), _gunzip),
    (b"BZh", (".bz2", ".tbz2", ".tbz"), _bunzip),
    (b"\xfd7zXZ\x00", (".xz", ".txz"), _unxz),
    (b"\x28\xb5\x2f\xfd", (".zst", ".tzst"), _unzstd),
)
_TAR_HEAD = 512
#: Behind the first four bytes of bzip2: its first block, or the end of one that is empty.
_BLOCK, _END = bytes.fromhex("314159265359"), bytes.fromhex("177245385090")
PACKED_ENDINGS = (".zip", ".tar", *(end for _, endings, _ in _PACKERS for end in endings))
_SHORT = {".tgz": ".tar", ".tbz2": ".tar", ".tbz": ".tar", ".txz": ".tar", ".tzst": ".tar"}


def is_zip(sample: Sample) -> bool:
    """A ZIP archive that is none of an office's documents, by what is in it or by its name."""
    packed = sample.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    document = sample.ends_in(*ENDINGS) or is_office(sample.head, sample.tail)
    return packed and not document


def is_tar(sample: Sample) -> bool:
    """By its mark, which all of today write, and the sum of its head: ``Neustart`` is one, too."""
    head = sample.head[:_TAR_HEAD]
    return head[257:262] == b"ustar" and (head[262:263] == b"\0" or _fits(head))


def _fits(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def is_packed(sample: Sample) -> bool:
    """By its first bytes; a text may begin with ``BZh``."""
    head = sample.head
    if head.startswith(b"BZh") and head[4:10] not in (_BLOCK, _END):
        return False
    return head.startswith(tuple(magic for magic, _, _ in _PACKERS))


class Frugal:
    """A stream for the library that reads a ZIP's whole table of contents at once: it has an end.

    It stands in what a file says of its own size, and a hole of terabytes costs its sender nothing.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.seek, self.tell = stream, stream.seek, stream.tell

    def seekable(self) -> bool:
        """As the stream below is."""
        return self._stream.seekable()

    def read(self, most: int = -1) -> bytes:
        """Raises ``zipfile.BadZipFile`` for more than any part of an archive that is read has."""
        if most > _TABLE:
            raise zipfile.BadZipFile(f"its table of contents has more than {_TABLE:,} bytes")
        return self._stream.read(most)


def _zip(opened: Opened) -> Iterator[Member]:
    total, source = 0, opened.stream.seek(0, io.SEEK_END)
    opened.stream.seek(0)
    try:
        archive = zipfile.ZipFile(cast("BinaryIO", Frugal(opened.stream)))
    except (*_BROKEN, NotImplementedError) as error:
        refuse_disk(error)
        raise Unreadable(f"It is no whole ZIP archive: {error}.", _AGAIN) from error
    had: set[tuple[str, int, int]] = set()  # the names of all are in memory already
    with archive:
        for info in archive.infolist():
            name = safe_name(info.filename)
            if not name or info.is_dir():
                continue
            same = (name, info.CRC, info.file_size)
            if stat.S_ISLNK(info.external_attr >> 16) or same in had:
                yield Member(name, left=True)
                continue
            had.add(same)
            total += info.file_size
            refuse_bomb(total, source, opened.limits.ratio)
            yield _zipped(archive, info, name, opened.limits.member_bytes)


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: int) -> Member:
    if info.file_size > most:
        return Member(name, fault=too_long(f"{name!r}", most))
    if info.flag_bits & _ENCRYPTED:
        return Member(name, fault=f"{name!r} is encrypted: pack it again without a password.")
    if info.compress_type not in METHODS:
        return Member(name, fault=f"{name!r} is packed in a way that is not read: use deflate.")
    try:
        with archive.open(info) as file:
            return Member(name, file.read(most))
    except (*_BROKEN, NotImplementedError, RuntimeError) as error:
        refuse_disk(error)
        return Member(name, fault=f"{name!r} cannot be unpacked: {error}")


#: How often a library may ask behind the end. For a member that says that it is long it asks on.
_ENDS = 100


class _Sparing:
    """A stream for a library that keeps what it reads as heads: there is an end to these."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left, self._ends = stream, _HEADS, 0

    def allow(self, size: int) -> None:
        """So many bytes of content come now, and the heads behind it."""
        self._left = size + _HEADS

    def read(self, most: int) -> bytes:
        data = self._stream.read(most)
        if most and not data:
            self._ends += 1
        self._left -= len(data)
        if self._left < 0:
            raise tarfile.ReadError(f"before one of its files stand more than {_HEADS:,} bytes")
        if self._ends > _ENDS:
            raise tarfile.ReadError("it is cut off")
        return data


def _refuse_more(rest: BinaryIO) -> None:
    """Archives that were put one behind the other: behind the end is nothing but zeros."""
    while part := rest.read(MEBIBYTE):
        if part.strip(b"\0"):
            raise tarfile.ReadError("behind its end there is more")


def _tar(opened: Opened) -> Iterator[Member]:
    total, most, stream = 0, opened.limits.member_bytes, _Sparing(opened.stream)
    try:
        with tarfile.open(fileobj=cast("BinaryIO", stream), mode="r|", tarinfo=Head) as archive:
            while info := archive.next():
                archive.members = []  # type: ignore[attr-defined]  # it would keep all of them
                stream.allow(archive.offset - archive.fileobj.tell())
                name = safe_name(info.name)
                if info.isdir() or not name:
                    continue
                total += info.size
                refuse_bomb(total, archive.offset, opened.limits.ratio)
                if not info.isreg():
                    yield Member(name, left=True)
                elif info.issparse():
                    yield Member(name, fault=f"{name!r} {_WITH_HOLES}")
                elif info.size > most:
                    yield Member(name, fault=too_long(f"{name!r}", most))
                elif file := archive.extractfile(info):
                    yield Member(name, file.read(most))
            stream.allow(sys.maxsize)
            _refuse_more(cast("BinaryIO", archive.fileobj))
    except (tarfile.TarError, RecursionError, *_BROKEN) as error:
        refuse_disk(error)
        raise Unreadable(f"It is no whole TAR archive: {error}.", _AGAIN) from error


def unpacked(opened: Opened, outcome: Outcome | None = None) -> Opened:
    """What is in a packed file, as a stream of its own, under the name that is left.

    ``outcome`` counts it, with others that are in the same file; without one it is alone.
    """
    head = opened.stream.read(8)
    opened.stream.seek(0)
    _, endings, open_ = next(packer for packer in _PACKERS if head.startswith(packer[0]))
    ending = next((end for end in endings if opened.name.lower().endswith(end)), "")
    name = opened.name[: len(opened.name) - len(ending)] + _SHORT.get(ending, "") if ending else ""
    outcome = outcome or Outcome(opened.stream.tell, opened.limits.ratio)
    inner = outcome.of(open_(opened.stream))
    return Opened(name or "content", buffered(inner), opened.limits, opened.columns)


ZIP = Kind("a ZIP archive", is_zip, _zip, whole=True)
TAR = Kind("a TAR archive", is_tar, _tar)
