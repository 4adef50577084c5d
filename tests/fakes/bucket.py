"""A bucket in memory."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from articles.errors import ServiceUnavailable


class Memory:
    """A bucket in memory, which can be away, refuse keys, or keep other bytes than it was given."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.away = self.lies = False
        self.written = 0
        self.refused: set[str] = set()

    def put(self, key: str, file: BinaryIO) -> None:
        self._answer(key)
        self.written += 1
        self.files[key] = file.read()[: 1 if self.lies else None]

    def digest(self, key: str) -> str | None:
        self._answer(key)
        return sha256(self.files[key]).hexdigest() if key in self.files else None

    def listed(self) -> Iterator[str]:
        """The keys of all."""
        return iter(sorted(self.files))

    def delete(self, key: str) -> None:
        self._answer(key)
        self.files.pop(key, None)

    def _answer(self, key: str) -> None:
        if key in self.refused:
            raise ServiceUnavailable(f"{key} is refused")
        if self.away:
            raise ServiceUnavailable("the bucket is away")
