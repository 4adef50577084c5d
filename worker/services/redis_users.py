"""Who may do what in the embedded Redis: programs what messages need, and ``keeper`` everything.

One command would else hold everybody's work for good: a script without end, ``REPLICAOF``, a right
taken away, ``CLIENT PAUSE``. ``docker/redis.sh`` says the same.
"""

from __future__ import annotations

import secrets

#: Of the commands those on messages, results and heartbeats, and to empty it; no scripts, nothing
#: that sets the server, and not ``LCS``, which takes memory by the product of its texts' lengths.
RIGHTS = (
    "+@connection +@transaction +@pubsub +@keyspace +@string +@list +@hash +@set +@sortedset +time "
    "-@dangerous -@scripting -lcs +info +bgrewriteaof +bgsave +flushall +flushdb"
)
KEEPER = "keeper"


def users() -> dict[str, str]:
    """Lines of ``redis.conf``; the keeper's password is another at each start, and there alone."""
    return {
        "user default": f"on nopass ~* &* -@all {RIGHTS}",
        f"user {KEEPER}": f"on >{secrets.token_hex(16)} ~* &* +@all",
    }
