"""How much of the disk may be taken by what is known of one mirror.

A name in its tree costs whoever makes it nothing, and is some kilobytes here.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from worker.mirror.difference import Change
from worker.mirror.state import State
from worker.spool import outsized


def why_full(state: State) -> str:
    """Why no new name is written down now; "" where there is room for more.

    What its file has left of its own is as good as free disk. Raises ``OSError``.
    """
    file, used, spare = state.takes()
    return why_none(used, shutil.disk_usage(file.parent).free + spare)


def why_none(used: int, free: int) -> str:
    """The same, by the bytes of what is known and those that are free for more. Pure.

    So it can become three times as large (all is renamed, say) before others have too little.
    """
    if used <= max(0, free - outsized.LEFT) / 2:
        return ""
    return (
        f"what is known of its files has {used:,} bytes, and {free:,} are free on the disk: "
        f"{outsized.LEFT:,} are to be left, and half of the rest is the most that it may have"
    )


class LeftOut:
    """The new names of one look that are left out, and ``why``; "" where none is.

    What has moved there is not deleted: it is missed since ``now``, the moment of the look. Of what
    is missed a number each is kept, and it is written once, however many names it has.
    """

    def __init__(self, state: State, now: float) -> None:
        self._state, self._now = state, now
        self._missed: set[int] | None = None
        self.why = ""

    def known(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Those that are written down. Raises ``OSError``."""
        looks = [look for kind, _, look in changes if kind == "added" and look]
        why = why_full(self._state) if looks else ""
        if not why:
            return changes
        self.why = why
        if self._missed is None:
            self._missed = {hash(look) for look in self._state.looks_missed()}
        seen = {look[:3] for look in looks if hash(look[:3]) in self._missed}
        self._missed -= {hash(look) for look in seen}
        self._state.miss_anew(seen, self._now)
        return [change for change in changes if change.kind != "added"]
