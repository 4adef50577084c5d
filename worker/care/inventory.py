"""What containers hold, in eight bytes for each name and each digest.

So that each is read once while it stays as it is, whatever is looked for in it: who sends another
text of what is purged every few minutes would have all of them read again each time.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from articles.errors import ArticleFault
from extraction.containers.member import Member

#: Names and digests, and both together, that are kept of all containers together: 32 MiB.
MOST = 4_000_000
_ITSELF = 64


@dataclass(frozen=True, slots=True)
class Found:
    """A member that was looked for, by its name and digest; ``container`` is that of all of it.

    ``container`` is "" where it is larger than what lies in another one may be.
    """

    name: str
    sha256: str
    container: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that a container holds; ``broken``: as far as it could be read."""

    names: Sequence[int] = ()
    digests: Sequence[int] = ()
    broken: bool = False

    @property
    def size(self) -> int:
        """How many of ``MOST`` it takes, with what stands for the container itself."""
        return _ITSELF + len(self.names) + len(self.digests)

    def may_hold(self, names: Iterable[str], digests: Iterable[str]) -> bool:
        """Whether one of them is in it, or by chance looks as if: two may have the same print."""
        of_names = any(_is_in(self.names, name) for name in names)
        return of_names or any(_is_in(self.digests, digest) for digest in digests)


def under(name: str, digest: str) -> str:
    """What stands among digests for one that counts under that name alone. No name has a NUL, so
    that it is for one pair, whatever a document has for a digest.
    """
    return f"{name}\0{digest}"


def print_of(text: str) -> int:
    """Eight bytes of a text. Another key makes them in each process, so that no sender can have
    two texts with the same.
    """
    return hash(text)


def _is_in(prints: Sequence[int], text: str) -> bool:
    wanted = print_of(text)
    at = bisect_left(prints, wanted)
    return at < len(prints) and prints[at] == wanted


@dataclass(slots=True)
class Reading:
    """One container that is being read. ``broken`` is the fault that ended it."""

    names: array[int] = field(default_factory=lambda: array("q"))
    digests: array[int] = field(default_factory=lambda: array("q"))
    broken: ArticleFault | None = None

    def first(
        self, members: Iterator[Member], wanted: Callable[[str, str], bool]
    ) -> tuple[str, str] | None:
        """Name and digest of the first that is ``wanted`` by them; None: there is no more of it."""
        try:
            for member in members:
                digest = sha256(member.data).hexdigest()
                if wanted(member.name, digest):
                    return member.name, digest
                self._note(member.name, digest)
        except ArticleFault as fault:
            self.broken = fault
        return None

    def _note(self, name: str, digest: str) -> None:
        if len(self.names) + len(self.digests) <= MOST:
            self.names.append(print_of(name))
            self.digests.extend((print_of(digest), print_of(under(name, digest))))

    def inventory(self) -> Inventory:
        """What was read, and more than ``MOST`` of it where that is not all."""
        names, digests = (array("q", sorted(each)) for each in (self.names, self.digests))
        return Inventory(names, digests, self.broken is not None)
