"""One withdrawal: what is told of it, and the steps that it takes."""

from __future__ import annotations

from dataclasses import dataclass

#: What there is to do for each, in this order; the last two for what is purged.
INDEX, FILES, REDIS, EXPUNGE = STEPS = ("index", "files", "redis", "expunge")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that holds the article: its path below the inbox as printed, digest and size.

    ``bytes`` is 0 where the size is not known.
    """

    path: str
    sha256: str
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What was done about an article and holds no more: ``withdrawn``, or ``restored`` from that.

    ``at`` is ISO 8601; ``reason`` that of a withdrawal.
    """

    id: str
    path: str
    what: str
    reason: str
    at: str
    who: str
    purged: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One article that was taken down: why, when (ISO 8601) and by whom.

    ``purged``: its bytes are kept nowhere. ``todo`` names the steps that are still to be taken, of
    ``STEPS``; ``turn`` tells whether some were added since this was read. ``day`` of publication
    and ``minhash``, of which no text can be had: by them it is recognised where it has changed.
    """

    id: str
    path: str
    reason: str
    at: str
    who: str
    purged: bool = False
    todo: tuple[str, ...] = ()
    turn: int = 0
    day: str = ""
    minhash: str = ""

    @property
    def anew(self) -> tuple[str, ...]:
        """The steps to be taken once more where its document was there again."""
        return (INDEX, REDIS, EXPUNGE) if self.purged else (INDEX,)
