"""One set of rules about names for all hosts: each host's ``aliases.txt`` follows the index.

The file stays what is read, and may be changed by hand; so rules hold also while Elasticsearch is
away, and what was changed meanwhile is shared when it is back. Lines are merged as in a three-way
merge, whose base (``aliases.shared``) is what this host last had in common with the index.
"""

from __future__ import annotations

import time
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from articles.errors import DepescheError, ServiceUnavailable, UsageError
from extraction.entities.aliases import Aliases
from worker.atomic import PRIVATE, write_bytes
from worker.lock import locked

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from indexing.index.shared_rules import Stored

LOCK_SECONDS = 30.0
#: Between two looks at the index in one process, and after one that failed.
_SECONDS, _AFTER_FAULT = 2.0, 5.0
_TRIES = 20
#: Bytes that all share. Of more every worker has its own copy for minutes before it reads again.
MOST = 2_000_000
BEHIND = "others have changed the rules about names: this host has them with its next article"
UNSHARED = "this host's rules about names are not in the index yet"


@dataclass(slots=True)
class SharedRules:
    """Keeps ``path`` and the index the same; ``fault`` says why it could not, the last time."""

    path: Path
    client: Callable[[], Elasticsearch]
    index: str
    fault: str = ""
    _due: float = field(default=0.0, repr=False)

    def follow(self, *, now: bool = False) -> None:
        """Take over what others have changed and hand on what was changed here, if it is time."""
        if not now and time.monotonic() < self._due:
            return
        try:
            with locked(lock_of(self.path), LOCK_SECONDS):
                self._follow(self.client())
            self.fault = ""
        except (DepescheError, OSError) as error:
            self.fault = str(error)
        self._due = time.monotonic() + (_AFTER_FAULT if self.fault else _SECONDS)

    def _follow(self, client: Elasticsearch) -> None:
        for _ in range(_TRIES):
            if self._once(client):
                return
        raise ServiceUnavailable("The rules about names are changed by others again and again.")

    def differs(self) -> str:
        """How file and index differ, empty where they do not. Changes nothing; raises as requests.

        What is no rule in the file is not looked for.
        """
        from indexing.index import shared_rules

        there = shared_rules.read(self.client(), self.index)
        local, _, shared, wanted = self._states(there)
        if wanted != shared:
            return UNSHARED
        return BEHIND if wanted is not None and wanted != local else ""

    def _once(self, client: Elasticsearch) -> bool:
        """Whether nobody else has changed them meanwhile. Each step may be the last one."""
        from indexing.index import shared_rules

        there = shared_rules.read(client, self.index)
        local, base, shared, wanted = self._states(there)
        if wanted is None:
            return True
        _check_size(wanted, "of all hosts together")
        Aliases.read(lines_of(wanted))
        if wanted != shared and not shared_rules.write(client, self.index, _text(wanted), there):
            return False
        if wanted != local:
            replace(self.path, wanted)
        if wanted != base:
            write_bytes(self._common, wanted, mode=PRIVATE)
        return True

    def _states(self, there: Stored | None) -> tuple[bytes | None, ...]:
        """What the file holds, what both held last, what the index holds, what both should."""
        shared = there.text.encode(errors="replace") if there else None
        _check_size(shared or b"", "in the index")
        local, base = _bytes(self.path), _bytes(self._common)
        return local, base, shared, merged(base, local, shared)

    @property
    def _common(self) -> Path:
        return self.path.with_name("aliases.shared")


def merged(base: bytes | None, local: bytes | None, shared: bytes | None) -> bytes | None:
    """What file and index should hold; ``None`` where there are no rules. Pure.

    ``base`` is what both held last; ``None`` each where it is not there. A file that is gone says
    nothing, for disks go; who wants no rules empties it. Of two changes at once both count: lines
    that one took out are out, and those that this host has added come last, so that they decide.
    """
    if shared is None:
        return (base if local is None else local) or None
    if local is None or local == base:
        return shared
    if shared == base:
        return local
    before, here, there = (lines_of(each or b"") for each in (base, local, shared))
    gone, known = set(before) - set(here), {*before, *there}
    lines = [line for line in there if line not in gone]
    return content_of([*lines, *(line for line in here if line not in known)])


def lines_of(content: bytes) -> list[str]:
    """The lines of a file, with or without a byte order mark.

    Bytes that are no UTF-8 stay what they are: in a comment they do no harm, and in a rule they are
    told, and not lost when the rules are written again.
    """
    return content.removeprefix(BOM_UTF8).decode(errors="surrogateescape").splitlines()


def content_of(lines: list[str]) -> bytes:
    """The file that holds these lines."""
    return "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")


def lock_of(path: Path) -> Path:
    """What is held by whoever changes the file."""
    return path.with_name(f"{path.name}-lock")


def replace(path: Path, content: bytes) -> None:
    """Write the file anew; through a link: what it names is the user's file, and the link stays.

    A new one is Depesche's alone; of one that is there the rights stay as they are.
    """
    before = path.stat() if path.exists() else None
    write_bytes(path.resolve(), content, before, mode=PRIVATE)


def _check_size(content: bytes, where: str) -> None:
    if len(content) > MOST:
        raise UsageError(
            f"The rules about names {where} have more than {MOST:,} bytes: they are not shared."
        )


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            "The rules about names are no UTF-8: other hosts do not get them."
        ) from error
