"""Where the embedded services are, and how they are spoken to: as the data folder says.

``run/<name>.json`` names a service's address, ``services/secrets/`` holds what Elasticsearch is
spoken to with. Both are believed only where nobody else may have written them.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from articles.errors import UsageError
from tasks import peer
from tasks.data_folder import fault_of_folder, fault_of_owner

#: How the address of each begins. One that begins otherwise was started by an earlier version.
SCHEMES = {"redis": "unix", "elasticsearch": "https"}
LOGIN_FILE, CERTIFICATE_FILE, KEY_FILE, CURL_FILE = (
    f"elasticsearch.{ending}" for ending in ("json", "crt", "key", "curl")
)

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Login:
    """What the embedded Elasticsearch is spoken to with; ``ca`` is the one certificate it has."""

    user: str
    password: str = field(repr=False)
    ca: Path

    def into(self, url: str) -> str:
        """The address with user and password in it."""
        parts = urlsplit(url)
        return urlunsplit(
            parts._replace(
                netloc=f"{quote(self.user, '')}:{quote(self.password, '')}@{parts.netloc}"
            )
        )


def secrets_folder(data: Path) -> Path:
    """The folder (0700) of what the embedded services are spoken to with."""
    return data / "services" / "secrets"


def address(data: Path, name: str) -> str:
    """The address of the service that runs under the data folder, without a login.

    Raises :class:`UsageError` where none is known, or where what names it is not to be trusted.
    """
    try:
        url = str(_content(data / "run" / f"{name}.json", data)["url"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        fault = fault_of_folder(data)
        setting = f"DEPESCHE_{name.upper()}_URL"
        said = f"{fault} Or set {setting}." if fault else ""
        raise UsageError(
            f"No {name.capitalize()} is known"
            + (f". {said}" if said else f": start one with `depesche up`, or set {setting}.")
        ) from None
    if urlsplit(url).scheme != SCHEMES[name]:
        raise UsageError(
            f"The {name.capitalize()} that runs under {data} was started by an earlier version, "
            "without protection: `depesche down`, then `depesche up`."
        )
    if urlsplit(url).scheme == "unix":
        with suppress(OSError):  # it is away, which is said when it is connected to
            check_socket(_path_in(url), data)
    return url


def socket_path(data: Path, known: str) -> str:
    """Where Redis has its socket by now; ``known`` while no run file says so.

    Raises :class:`UsageError` where the run file is not to be trusted.
    """
    with suppress(FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return _path_in(str(_content(data / "run" / "redis.json", data)["url"]))
    return known


def _path_in(url: str) -> str:
    return unquote(urlsplit(url).path)


def check_socket(path: str, data: Path) -> None:
    """Its folder may lie below ``/tmp``: cleared up, anybody puts another in its place.

    Raises :class:`UsageError` where that is done, and ``OSError`` where there is none to look at:
    what nobody has looked at is not connected to.
    """
    folder = Path(path).parent
    _check(folder.lstat(), folder, _trusted(data))


def check_peer(connected: socket.socket, path: str, data: Path) -> None:
    """Who listens at the other end: between the look and the connect it may have become another.

    Raises as :func:`check_socket`.
    """
    check_socket(path, data)
    uid = peer.uid_of(connected)
    if uid is not None and uid not in _trusted(data):
        raise UsageError(f"{path} is not believed: another user (uid {uid}) listens there.")


def login(data: Path) -> Login:
    """What the embedded Elasticsearch is spoken to with. Raises as :func:`address`."""
    folder = secrets_folder(data)
    try:
        content = _content(folder / LOGIN_FILE, data)
        return Login(str(content["user"]), str(content["password"]), folder / CERTIFICATE_FILE)
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        raise UsageError(
            f"The password of the embedded Elasticsearch is not in {folder}: `depesche down`, then "
            "`depesche up`, which makes another."
        ) from None


def curl(data: Path, url: str) -> str:
    """How a person asks it: its certificate, and a file with the login; no secret is in it."""
    folder = secrets_folder(data)
    certificate, config = (shlex.quote(str(folder / n)) for n in (CERTIFICATE_FILE, CURL_FILE))
    return f"curl --cacert {certificate} -K {config} {url}"


def _content(path: Path, data: Path) -> Any:
    """The JSON in a file that nobody but its owner may have written, nor put there."""
    if fault := fault_of_owner(data):
        raise UsageError(fault)
    trusted = _trusted(data)
    try:
        _check(path.parent.lstat(), path.parent, trusted)
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123
            _check(os.fstat(file.fileno()), path, trusted)
            return json.loads(file.read())
    except PermissionError:
        raise UsageError(
            f"{path} may be read only by the user who started the services: run this as that user."
        ) from None
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None


def _trusted(data: Path) -> set[int]:
    return {os.geteuid(), 0, data.stat().st_uid}


def _check(status: os.stat_result, path: Path, trusted: set[int]) -> None:
    if status.st_uid not in trusted or status.st_mode & _OTHERS_WRITE:
        raise UsageError(
            f"{path} is not believed: others may write it (owner {status.st_uid}, mode "
            f"{stat.S_IMODE(status.st_mode):04o}). `depesche up` sets its own right, "
            "where the disk knows any."
        )
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise UsageError(f"{path} is not believed: it is neither file nor folder.")
