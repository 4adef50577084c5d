"""One look through a mirror's tree: what has changed is written down.

Only of what looks as if it had moved any byte is read.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from worker import failpoint, rooted
from worker.mirror import room
from worker.mirror.difference import difference, why_away, why_mount_away
from worker.mirror.listing import listing
from worker.mirror.moves import moved
from worker.mirror.state import State
from worker.mirror.take import Taking

#: Changes that are written in one go.
AT_ONCE = 1_000
#: Times the grace that what may have moved is missed, while that is still to be read.
MOVING = 6


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a look has found; ``away``: why nothing of what is missed is believed to be deleted.

    ``full``: why new names were left out.
    Of a mirror it is said that it ``stands`` where its tree is none to read from, either.
    """

    changes: int = 0
    moved: int = 0
    deleted: int = 0
    away: str = ""
    full: str = ""


def scan(state: State, now: float, grace: float, taking: Taking) -> Scanned:
    """Look, and forget what is missed for longer than ``grace`` seconds, unless the disk is away.

    ``now`` is in seconds since the epoch; ``taking`` reads. Whatever ends it, the next look goes on
    from there.
    """
    about = state.about()
    accepted = bool(about.get("accepted"))
    try:
        with rooted.opened(about["root"]) as root:
            away = _other_disk(root, about, accepted)
            device = {"device": os.fstat(root).st_dev} if accepted else {}
            counts, found, full = ((0, 0), [], "") if away else _look(state, root, now, taking)
    except OSError as error:
        away, counts, found, full = f"{about['root']}: {error.strerror or error}", (0, 0), [], ""
    # What is accepted meanwhile is for the next look; and none is for a tree that nobody has seen.
    accept = {"accepted": ""} if accepted else {}
    if away:
        state.say(away=away, stands="1", scanned=now, full="", **accept)
        return Scanned(away=away)
    mounts = [] if accepted else json.loads(about.get("mounts") or "[]")
    stands = why_mount_away(mounts, found)
    doubt = why_away(*state.with_articles(), accepted=accepted)
    away = stands or (doubt and f"{doubt} (what is new is read)")
    # Never what this look was the first to miss: it may be read under another name in a moment.
    accepted = accepted and not full
    before = now if accepted else min(now - grace, float(about.get("scanned") or 0))
    # To read a large tree that was renamed takes long: but who keeps one of his from being read
    # keeps no document for ever.
    moving = before if accepted else before - MOVING * grace
    deleted = 0 if away else state.expire(before, moving=moving)
    known = json.dumps(sorted({*found, *mounts}))
    stands = "1" if stands else ""
    said = {"away": away, "stands": stands, "full": full}
    state.say(**said, scanned=now, mounts=known, **accept, **device)
    return Scanned(*counts, deleted, away, full)


def _look(
    state: State, root: int, now: float, taking: Taking
) -> tuple[tuple[int, int], list[str], str]:
    """How many changes and moves, the disks that are mounted below the root, and ``full``."""
    count, mounts, left_out = 0, set[bytes](), room.LeftOut(state, now)
    found = difference(state.known(), listing(root, mounts))
    while changes := list(islice(found, AT_ONCE)):
        known = left_out.known(changes)
        state.apply(known, now)
        count += len(known)
    failpoint.reach("mirror.scanned")
    moves = moved(state, root, taking)
    failpoint.reach("mirror.moved")
    return (count, moves), [os.fsdecode(path) for path in mounts], left_out.why


def _other_disk(root: int, about: dict[str, str], accepted: bool) -> str:
    """Why this is not the folder that was added; "" where it is."""
    device = str(os.fstat(root).st_dev)
    if device == about.get("device") or accepted:
        return ""
    return f"{Path(about['root'])} is on another disk than before, or not mounted"
