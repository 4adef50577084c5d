"""What stands in Redis by which name, and of which type: whatever kombu and Depesche keep there.

Results and single heartbeats are not among it: those are written over whatever stands there.
"""

from __future__ import annotations

from tasks.names import OLD_UNACKED, PRIORITIES, QueueNames

#: The sets in which kombu keeps what is bound to an exchange; each queue has one of its own.
_BINDINGS = ("_kombu.binding.", "_kombu.binding_permanent.")


def lists_of(names: QueueNames) -> dict[str, str]:
    """Every list in which messages may wait that a process of this site takes, and their kind."""
    return {name + ending: kind for name, kind in names.kinds.items() for ending in PRIORITIES}


def types_of(names: QueueNames) -> dict[str, bytes]:
    """What each name must be of in Redis, those of older releases among them."""
    held = (names.unacked, OLD_UNACKED)
    bindings = [prefix + name for prefix in _BINDINGS for name in names.kinds]
    return {
        **dict.fromkeys(lists_of(names), b"list"),
        **dict.fromkeys((*bindings, names.alive), b"set"),
        **dict.fromkeys(held, b"hash"),
        **dict.fromkeys((f"{name}_index" for name in held), b"zset"),
    }
