"""What file systems say of files, within what SQLite and the calendar can hold.

Anybody may give his file any time: xfs and ext4 keep years beyond 2400, others any number of
seconds; network disks give files numbers of all 64 bits, and SQLite's have a sign.
"""

from __future__ import annotations

from datetime import UTC, datetime

#: SQLite's lowest number.
LEAST = -(2**63)
_MOST = 2**63 - 1
_FIRST = datetime.min.replace(tzinfo=UTC).timestamp()
_LAST = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()


def kept_time(nanoseconds: int) -> int:
    """A time as SQLite holds it: beyond 1677 and 2262 their last nanosecond."""
    return max(LEAST, min(nanoseconds, _MOST))


def kept_number(number: int) -> int:
    """An inode's number as SQLite holds it; two stay two."""
    return (number - LEAST) % 2**64 + LEAST


def moment_of(seconds: float) -> datetime:
    """A time of a file in UTC: beyond the years 1 and 9999 their last second."""
    return datetime.fromtimestamp(max(_FIRST, min(seconds, _LAST)), UTC)
