"""How much of the disk may be taken by what is known of one mirror.

A name in its tree costs whoever makes it nothing, and is some kilobytes here.
"""

from __future__ import annotations

import shutil

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
