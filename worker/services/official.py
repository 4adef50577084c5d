"""Fetch Elasticsearch as elastic.co gives it out: with its own Java, and its checksum beside it."""

from __future__ import annotations

import hashlib
import platform
import re
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from articles.errors import ServiceUnavailable
from worker.services import download
from worker.services.reporter import Reporter
from worker.services.unpack import untar

#: Instead of an address: do not ask there.
NONE = "none"

_FOLDER = "https://artifacts.elastic.co/downloads/elasticsearch"
_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
#: How many times its size the archive needs: itself, and what is unpacked of it.
_ROOM = 3.2
_WHAT = "Fetching Elasticsearch"


def address(
    version: str, given: str = "", system: str | None = None, machine: str | None = None
) -> str | None:
    """The archive's address: the given one, else that for this machine; None where there is none.

    ``system`` and ``machine`` as ``platform`` names them.
    """
    if given:
        return None if given == NONE else given
    os_name = _SYSTEMS.get(system or platform.system())
    processor = _MACHINES.get((machine or platform.machine()).lower())
    if not os_name or not processor:
        return None
    return f"{_FOLDER}/elasticsearch-{version}-{os_name}-{processor}.tar.gz"


def fetch(source: str, cache: Path, home: Path, tell: Reporter) -> None:
    """Fetch the archive into ``cache``, and unpack it as ``home``.

    What an interrupted fetch leaves in the cache, the next one goes on with. Raises
    ``ServiceUnavailable`` where it is not to be had, or not what its checksum says;
    ``UsageError`` without room on the disk.
    """
    name = download.shown(source)
    wanted = checksum(download.text(f"{source}.sha512"), name)
    part = cache / f"{PurePosixPath(urlsplit(source).path).name}.part"
    old = part.exists()
    tell.line(f"{_WHAT} from {name}, once on this machine …")
    download.download(source, part, tell, _WHAT, _ROOM)
    if old and _sha512(part) != wanted:
        part.unlink()  # begun with another archive
        download.download(source, part, tell, _WHAT, _ROOM)
    if _sha512(part) != wanted:
        part.unlink()
        raise ServiceUnavailable(f"{name} is not what {name}.sha512 says; nothing was kept of it.")
    tell.line("Unpacking Elasticsearch …")
    try:
        untar(part, home)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise ServiceUnavailable(f"{name} is no archive that can be unpacked: {error}.") from None
    finally:
        part.unlink()


def checksum(text: str, source: str) -> str:
    """The SHA-512 at the beginning of a checksum file: ``<128 digits>  <name>``."""
    match = re.match(r"([0-9a-f]{128})(\s|$)", text.strip().lower())
    if match is None:
        raise ServiceUnavailable(f"{source}.sha512 holds no SHA-512.")
    return match[1]


def _sha512(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()
