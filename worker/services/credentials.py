"""What the embedded Elasticsearch is spoken to with: made at its first start, kept in ``secrets``.

A password that only this data folder's owner can read, and a key and certificate by which the
server proves that it is the one that was started.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from tasks.embedded import CERTIFICATE_FILE, CURL_FILE, KEY_FILE, LOGIN_FILE, secrets_folder
from worker.services import certificate
from worker.services.folder import grant, opened, put, text_of
from worker.services.ports import LOOPBACK

USER = "depesche"
_BYTES = 32
# The password has 256 random bits: more rounds make no guess harder, and each start slower.
_ROUNDS = 1000
_SALT = _HASH = 32


@dataclass(frozen=True)
class Credentials:
    """PEM texts and a password."""

    password: str = field(repr=False)
    certificate: str
    key: str = field(repr=False)


def ensure(data: Path) -> Credentials:
    """Those of the data folder, made where they are not whole."""
    names = secrets_folder(data.resolve()).relative_to(data.resolve()).parts
    with opened(data.resolve(), *names) as folder:
        grant(folder, 0o700)
        status = os.fstat(folder)  # root makes those of another user for that user
        return _read(folder) or _make(folder, (status.st_uid, status.st_gid))


def _read(folder: int) -> Credentials | None:
    names = LOGIN_FILE, CERTIFICATE_FILE, KEY_FILE, CURL_FILE
    said, cert, key, curl = (text_of(folder, name) or "" for name in names)
    try:
        whole = all((cert, key, curl))
        return Credentials(json.loads(said)["password"], cert, key) if whole else None
    except (ValueError, KeyError, TypeError):
        return None


def _make(folder: int, owner: tuple[int, int]) -> Credentials:
    cert, key = certificate.make(LOOPBACK)
    made = Credentials(secrets.token_urlsafe(_BYTES), cert, key)
    texts = {
        KEY_FILE: key,
        CERTIFICATE_FILE: cert,
        CURL_FILE: f'user = "{USER}:{made.password}"\n',
        LOGIN_FILE: json.dumps({"user": USER, "password": made.password}),
    }
    for name, text in texts.items():
        put(folder, name, text, owner=owner if os.geteuid() == 0 else None)
    return made


def users_line(password: str, salt: bytes | None = None) -> str:
    """A line of Elasticsearch's file ``users``: PBKDF2 with HMAC-SHA-512, as its file realm reads.

    The form is that of ``Hasher`` in Elasticsearch's x-pack-core: ``{PBKDF2}rounds$salt$hash``.
    """
    salt = salt or secrets.token_bytes(_SALT)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, _HASH)
    coded = "$".join(base64.b64encode(part).decode() for part in (salt, digest))
    return f"{USER}:{{PBKDF2}}{_ROUNDS}${coded}\n"
