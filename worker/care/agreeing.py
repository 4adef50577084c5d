"""What a site does about an article that it and others may have withdrawn or let in: pure.

Where only one has changed it since all agreed, that counts. Of two that did not know of each other,
what withdraws counts before what lets in, and what purges before what keeps: taken down too much is
put right by one command, and let in too much by none. So all sites come to the same end, in
whatever order they look.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from indexing.index.sound import sound_words
from indexing.writing.withdrawals import HIGHEST, Shared
from worker.spool.agreed import Own
from worker.spool.withdrawal import Withdrawal

#: ``agree``: both are the same, and the revision is noted. ``write``: the others learn of it.
#: ``take``: this site does as the others. ``merge``: that, and the others learn of what is more.
Step = Literal["agree", "write", "take", "merge"]


def step(own: Own, found: Shared | None, here: str = "") -> Step:
    """What is to be done; ``found`` is None where the others know nothing of it.

    ``here`` is this site's name: what it has told itself it knows.
    """
    if found is None or found.revision < own.revision:  # never told, or their index was lost
        is_nothing = found is None and own.withdrawal is None and not own.revision
        return "agree" if is_nothing else "write"
    if found.revision > own.revision and not own.changed:
        return "take"
    if _is_same(own, found):
        return "agree"
    if own.changed and (found.revision == own.revision or (here and found.told_by == here)):
        return "write"
    return _of_two(own, found)


def _of_two(own: Own, found: Shared) -> Step:
    """Neither knew of the other."""
    if own.withdrawal is None:
        return "take"
    if found.restored:
        return "write"
    return "merge" if _adds(own, found) else "take"


def _is_same(own: Own, found: Shared) -> bool:
    one = own.withdrawal
    if one is None or found.restored:
        return one is None and found.restored
    words = (one.purged, one.reason, one.at, one.who)
    told = (found.purged, found.reason, found.at, found.who)
    return words == told and {own.id, *own.keys} == {own.id, *found.keys}


def _adds(own: Own, found: Shared) -> bool:
    purges = own.withdrawal is not None and own.withdrawal.purged and not found.purged
    return purges or not set(own.keys) <= {own.id, *found.keys}


def written(own: Own, found: Shared | None, here: str) -> Shared:
    """What is written in place of what was found; ``here`` is this site's name."""
    before = found.revision if found else 0
    is_new = own.changed or before >= own.revision
    # Behind a number that another program has forged: at one revision what withdraws counts.
    revision = min(max(own.revision, before) + is_new, HIGHEST)
    one = own.withdrawal
    if one is None:
        known = found or Shared(own.id, revision)
        bare = replace(known, keys=(), day="", minhash="", told_by=here)
        return replace(bare, revision=revision, restored=True)
    return Shared(
        own.id,
        revision,
        purged=one.purged,
        at=one.at,
        reason=sound_words(one.reason),
        who=sound_words(one.who),
        site=own.site or here,
        told_by=here,
        day=one.day,
        minhash=sound_words(one.minhash),
        keys=own.keys,
    )


def taken(own: Own, found: Shared, path: str) -> tuple[Withdrawal, str]:
    """The withdrawal that a site takes over, with nothing to do yet, and where it was asked.

    Of two the words of the stronger stay. ``path`` is what the article is called here.
    """
    one = own.withdrawal
    if one and one.purged and not found.purged:
        return replace(one, todo=()), own.site
    new = Withdrawal(
        *(found.id, path, found.reason, found.at, found.who, found.purged),
        day=found.day,
        minhash=found.minhash,
    )
    return new, found.site
