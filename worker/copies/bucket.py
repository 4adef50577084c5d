"""A bucket of S3 below a prefix, through obstore. What it refuses is ``ServiceUnavailable``.

Who logs in and where stands in the usual variables (``AWS_ACCESS_KEY_ID``, ``AWS_REGION``,
``AWS_ENDPOINT`` …), which obstore reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, BinaryIO

from articles.errors import ServiceUnavailable, UsageError

_TIMEOUTS = {"timeout": "60s", "connect_timeout": "5s"}
_RETRIES = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class Bucket:
    """Files by key, as bytes go in and come back."""

    def __init__(self, address: str) -> None:
        """``address`` is ``s3://bucket/prefix``. Raises ``UsageError`` without the extra `s3`."""
        try:
            from obstore.exceptions import BaseError
            from obstore.store import S3Store
        except ImportError as error:
            raise UsageError(
                "DEPESCHE_ARCHIVE needs the extra `s3`: pip install 'depesche[s3]'"
            ) from error
        self.address = address
        self._errors = BaseError
        name, _, prefix = address.removeprefix("s3://").partition("/")
        options: Any = {**_TIMEOUTS, "allow_http": True}  # only where the endpoint says http://
        retries: Any = _RETRIES
        self._store = S3Store(
            name, prefix=prefix.strip("/") or None, client_options=options, retry_config=retries
        )

    def put(self, key: str, file: BinaryIO) -> None:
        """Write a file's bytes, in the place of what is there."""
        with self._translated(key):
            self._store.put(key, file)

    def digest(self, key: str) -> str | None:
        """The SHA-256 of what comes back; None where nothing is there."""
        digest = hashlib.sha256()
        with self._translated(key):
            try:
                for chunk in self._store.get(key).stream():
                    digest.update(chunk)
            except FileNotFoundError:
                return None
        return digest.hexdigest()

    def delete(self, key: str) -> None:
        """Remove it, if it is there."""
        with self._translated(key):
            try:
                self._store.delete(key)
            except FileNotFoundError:
                return

    def listed(self) -> Iterator[str]:
        """The keys of all, below the prefix."""
        with self._translated("the list"):
            for page in self._store.list():
                yield from (str(each["path"]) for each in page)

    @contextmanager
    def _translated(self, key: str) -> Iterator[None]:
        try:
            yield
        except (self._errors, OSError, ValueError) as error:
            said = str(error).strip().splitlines()
            raise ServiceUnavailable(
                f"{self.address}: {key}: {said[0] if said else type(error).__name__}"
            ) from error
