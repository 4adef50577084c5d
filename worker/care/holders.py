"""Files of many articles that hold one of them: a ZIP, a feed, a table.

Each article in it was made a file of its own when it was unpacked, and lies in the folder that has
the container's path; so does the container itself. Without it no other article is lost.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from io import FileIO
from pathlib import Path

import structlog

from articles.errors import ArticleFault
from extraction.containers.member import Member
from extraction.formats.identity import printable_path
from worker import beneath
from worker.care.believed import known_texts
from worker.care.files_of import NOTHING
from worker.care.inventory import Found, Inventory, Reading, under
from worker.care.looked import Looked, Question, TooLong, TurnOver
from worker.care.may_hold import Candidate, MayHold, above, second_behind
from worker.container import Container
from worker.intake.former import WITHIN
from worker.intake.reading import Look
from worker.intake.told import possible_path
from worker.intake.unpack import is_articles, kind_of_open
from worker.spool.naming import dropped_name
from worker.spool.origin import Origin
from worker.spool.withdrawal import KeptFile

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Held:
    """Containers that hold an article, as they looked before they were read, the outermost first;
    and why others were not looked through.
    """

    containers: list[tuple[Candidate, Look]]
    left: list[str]


class Holders:
    """Looks for them.

    ``looked`` is what was looked through before; ``say`` is told what is left.
    """

    def __init__(
        self,
        container: Container,
        looked: Looked | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._container, self._looked, self._say = container, looked or Looked(), say
        self._may_hold, self._overdue = MayHold(container), False
        self._most = container.intake.unpacker.portions.limits.member_bytes

    def of(
        self, files: Sequence[KeptFile], named: Collection[str] = (), withdrawn: str = ""
    ) -> Held:
        """Containers in the archive and in ``failed/`` that hold one of the files.

        By bytes that the ledger knows as an article's, whatever name they have. By its path where
        that is one of ``named``: it may hold another text. Then one in the archive counts that
        cannot be read any more: all that could be had of it was. What a document alone says of
        another's path, counts in the archive for these bytes under that name. Without those that
        may lie in one that is left, which is told by their digests alone. Where others have their
        turn before all are looked through, the rest is left. Raises ``ServiceUnavailable`` while
        one is being unpacked, or is to be that came before the article was ``withdrawn`` ("":
        whenever it came). Ten minutes after that tables are read without columns that somebody
        holds.
        """
        self._overdue = datetime.now(UTC) - WITHIN > second_behind(withdrawn)
        known = known_texts(self._container.ledger, files)
        told = (file.sha256 for file in files if file.path in named or file.sha256 in known)
        digests = frozenset(told) - {NOTHING}  # one for all: they may be very many
        asked = self._asked(files, named, digests, withdrawn)
        found, left = dict[Candidate, Look](), dict[Candidate, str]()
        self._looked.begin()
        # The innermost first: it may lie in another one itself.
        order = sorted(asked, key=_depth, reverse=True)
        for number, candidate in enumerate(order):
            try:
                names, alone = asked[candidate]
                if it := self._look_through(candidate, names, digests | alone):
                    found[candidate], digest = it
                    digests |= {digest}
            except TooLong as error:
                left[candidate] = str(error)
            except OSError as error:  # somebody keeps it from being opened, or the disk does
                left[candidate] = f"{_told(*candidate[1:])} cannot be looked through: {error}."
            except TurnOver:
                said = (
                    f"Of {len(asked):,} files that {files[0].path} may lie in {number:,} are "
                    "looked through, the others behind other purges."
                )
                left |= dict.fromkeys(order[number:], said)
                break
        unknown = {outer for outer, _, _ in left}
        sure = [one for one in reversed(found) if unknown.isdisjoint(above(one[0]))]
        return Held([(one, found[one]) for one in sure], list(dict.fromkeys(left.values())))

    def _asked(
        self,
        files: Sequence[KeptFile],
        named: Collection[str],
        sure: Collection[str],
        withdrawn: str,
    ) -> dict[Candidate, tuple[set[str], set[str]]]:
        """Each container that may hold one of the files, with the names that tell of it, and the
        digests that do ``under`` one alone: not of what failed, which may have come in nowhere.
        """
        unsure: dict[str, list[str]] = {file.path: [] for file in files}
        for file in files:
            unsure[file.path] += {file.sha256}.difference(sure, {NOTHING})
        asked: dict[Candidate, tuple[set[str], set[str]]] = {}
        for told, digests in unsure.items():
            path = possible_path(told)
            self._may_hold.refuse_unpacking(path, withdrawn)
            for candidate in self._may_hold.candidates(path):
                names, alone = asked.setdefault(candidate, (set(), set()))
                name = path.removeprefix(f"{candidate[0]}/")
                names.update([name] if told in named else [])
                if candidate[1] == self._container.folders.archive:
                    alone.update(_under_its_name(name, digests))
        return asked

    def _look_through(
        self, candidate: Candidate, names: Collection[str], digests: frozenset[str]
    ) -> tuple[Look, str] | None:
        """How it looked, and its own digest, if it holds one of them."""
        outer, root, relative = candidate
        look = Look.below(root, relative)
        if look is None or not (names or digests):  # it has gone; nothing is looked for in it
            return None
        asked = Question(root, relative, look, frozenset(names), digests)
        told = self._looked.through(asked, partial(self._read, outer, asked))
        if isinstance(told, Found):
            return look, told.container
        return (look, self._digest_of(asked)) if told.broken and self._is_lost(asked) else None

    def _is_lost(self, asked: Question) -> bool:
        """Whether it counts, too, where it cannot be read: all that could be had of it was."""
        return bool(asked.names) and asked.root == self._container.folders.archive

    def _read(self, outer: str, asked: Question) -> Found | Inventory:
        """The first member that is asked for; without one, all that it holds."""
        unpacker, reading = self._container.intake.unpacker, Reading()
        told = _told(asked.root, asked.relative)
        with FileIO(beneath.open_below(asked.root, asked.relative)) as handle:
            kind = kind_of_open(handle.fileno(), printable_path(outer))
            if kind is None:
                return Inventory()
            origin = Origin(outer, archived=True, overdue=self._overdue)
            members = unpacker.members(outer, kind, handle, origin)
            members = self._looked.in_time(members, told)
            if found := reading.first(members, asked.wants):
                return Found(*found, _digest(handle, self._most))
        if reading.broken and not self._is_lost(asked):
            self._leave(told, reading.broken)
        return reading.inventory()

    def _digest_of(self, asked: Question) -> str:
        with FileIO(beneath.open_below(asked.root, asked.relative)) as handle:
            return _digest(handle, self._most)

    def _leave(self, path: str, fault: ArticleFault) -> None:
        """Nothing more can be had of it, and a person may know."""
        log.warning("purge.left", path=path, why=fault.reason)
        self._say(f"{path} stays, and what is in it is not known: {fault.reason}")


def _under_its_name(name: str, digests: Iterable[str]) -> Iterator[str]:
    """What is looked for of a file that lies by a name; what is left alone is no article's."""
    for digest in digests:
        own = dropped_name(name, digest)
        if is_articles(Member(own)):
            yield under(own, digest)


def _told(root: Path, relative: str) -> str:
    return printable_path(f"{root.name}/{relative}")


def _depth(candidate: Candidate) -> int:
    return candidate[0].count("/")


def _digest(handle: FileIO, most: int) -> str:
    """SHA-256; "" where it is larger than what lies in another one may be."""
    if os.fstat(handle.fileno()).st_size > most:
        return ""
    handle.seek(0)
    digest = sha256()
    while part := handle.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()
