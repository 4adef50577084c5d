"""The user's rules about names, ``data/aliases.txt``, over the shipped ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from articles.errors import UsageError
from extraction.entities import aliases
from extraction.entities.aliases import Aliases
from extraction.entities.changed_rules import changed_names
from german import wordlist
from worker.atomic import PRIVATE, write_bytes
from worker.enrichment.shared_rules import (
    LOCK_SECONDS,
    SharedRules,
    content_of,
    lines_of,
    lock_of,
    replace,
)
from worker.lock import locked

#: Texts that are kept, and bytes of them all.
_MOST_KEPT, _MOST_BYTES = 100, 20 * 10**6
#: What stands behind the version of model and program.
_RULES = re.compile(r"(?P<tag>\+[0-9a-f]{8})?(?P<rest>(?:\+m\d+)?)")


@dataclass(slots=True)
class Rules:
    """Read anew whenever the file has changed, so that no worker need be started again.

    What it held is kept beside it, in ``aliases.kept``, under the mark that documents have: so it
    can be told what has changed since one was read. With ``shared`` the file is that of all
    hosts, within seconds.
    """

    path: Path
    shared: SharedRules | None = None
    _read: bytes | None = field(default=None, repr=False)
    _merged: Aliases | None = field(default=None, repr=False)
    _kept: set[str] = field(default_factory=set, repr=False)

    def current(self) -> Aliases:
        """All rules. Raises ``UsageError`` with the number of a line that is none."""
        content = self._content()
        if self._merged is None or content != self._read:
            own = Aliases.read(lines_of(content))
            self._merged = Aliases.merged(aliases.shipped(), own)
            self._read = content
        return self._merged

    def renew(self) -> None:
        """Take over what others have changed, also where that was looked at a moment ago."""
        if self.shared:
            self.shared.follow(now=True)

    def wrong(self) -> str:
        """Why the file holds no rules, with the number of the line; empty where all is well."""
        try:
            Aliases.read(lines_of(self._bytes()))
        except UsageError as error:
            return str(error)
        return ""

    def tag(self) -> str:
        """What the version of an enrichment says of the rules: ``+a1b2c3d4``, or nothing.

        Raises ``UsageError`` where they cannot be read.
        """
        content = self._content()
        tag = f"+{hashlib.sha256(content).hexdigest()[:8]}" if content.strip() else ""
        if tag and tag not in self._kept:
            with suppress(OSError):  # then `reenrich --affected` reads more than it had to
                self._keep(tag, content)
                self._kept.add(tag)
        return tag

    def changed_since(self, tag: str) -> list[str] | None:
        """The names that mean something else since a document was read; None if nobody knows.

        ``tag`` is what its pipeline says of the rules. Raises ``UsageError`` as :meth:`current`.
        """
        try:
            before = lines_of(self._kept_as(tag).read_bytes()) if tag else []
        except FileNotFoundError:
            return None
        shipped = list(wordlist.lines("seeds", "aliases.txt"))
        return changed_names([*shipped, *before], [*shipped, *self.lines()])

    def _keep(self, tag: str, content: bytes) -> None:
        kept = self._kept_as(tag)
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        if not kept.exists():
            write_bytes(kept, content, mode=PRIVATE)
            _drop_oldest(kept.parent)

    def _kept_as(self, tag: str) -> Path:
        return self.path.with_name("aliases.kept") / f"{tag.removeprefix('+')}.txt"

    def change(self, changed: Callable[[list[str]], list[str]]) -> None:
        """Replace the lines by ``changed`` of them; what comes out must be rules, all of it.

        Whoever changes them at the same time waits: each sees what the one before has written.
        Raises ``UsageError`` for what is no rule, ``TimeoutError`` where another hangs.
        """
        if self.shared:
            self.shared.follow(now=True)
        with locked(lock_of(self.path), LOCK_SECONDS):
            lines = changed(lines_of(self._bytes()))
            Aliases.read(lines)
            replace(self.path, content_of(lines))
        if self.shared:
            self.shared.follow(now=True)

    def lines(self) -> list[str]:
        """The user's rules as they stand in the file. Raises ``UsageError`` as :meth:`current`."""
        return lines_of(self._content())

    def _content(self) -> bytes:
        if self.shared:
            self.shared.follow()
        return self._bytes()

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise UsageError(f"{self.path} cannot be read: {error.strerror}.") from error


def _drop_oldest(folder: Path) -> None:
    """The latest texts stay: whoever may write shared ones may do so every second.

    What was read by one that is gone, `reenrich --affected` reads all of.
    """
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    left = _MOST_BYTES
    for number, file in enumerate(files):
        left -= file.stat().st_size
        if number and (number >= _MOST_KEPT or left < 0):
            file.unlink(missing_ok=True)


def rules_of(pipeline: str, base: str, tag: str, current: Sequence[str]) -> str | None:
    """Return what a document's ``pipeline`` says of the rules, where all else of it is current.

    None where it is not. ``base`` is the version without them, ``tag`` that of the present rules,
    ``current`` what pipelines of today may be.
    """
    match = _RULES.fullmatch(pipeline.removeprefix(base))
    if not (pipeline.startswith(base) and match and base + tag + match["rest"] in current):
        return None
    return match["tag"] or ""
