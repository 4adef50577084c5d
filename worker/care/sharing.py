"""What is withdrawn, or let in again, at one site is so at all: told to them, and taken over.

The tombstones of a site are its truth, also while Elasticsearch is away. Whoever runs this tells
the index what it does not know, on condition of what stands there, and does as it says:
``agreeing`` has the rules. Whatever is killed in between is seen by the next look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import structlog

from articles.errors import DepescheError, ServiceUnavailable, UsageError
from indexing.index import withdrawals
from indexing.index.faults import no_index
from indexing.writing.withdrawals import (
    AT_ONCE,
    Found,
    News,
    Reached,
    Shared,
    reached,
    read,
    read_in_parts,
    since,
    write,
)
from worker import failpoint
from worker.care.agreeing import Step, step, taken, written
from worker.care.files_of import copies_of
from worker.care.restore import Agreed, restore
from worker.care.withdraw import Order
from worker.container import Container
from worker.spool.agreed import Own
from worker.spool.withdrawal import Withdrawal

log = structlog.get_logger()

#: Between two looks of a site: one request, where nothing has changed.
SECONDS = 2.0
_TRIES = 20
#: Of what one look could not settle, so many are named.
_NAMED = 10


class Disputed(ServiceUnavailable):
    """Others change some again and again, or some cannot be let in; all else is settled."""


#: What is held of an article, what stands in the index, and whether the others lack something.
_Other = tuple[Own, Shared, bool]


def share(container: Container) -> None:
    """Tell other sites what they do not know, and do as they have done. Repeatable.

    Raises ``ServiceUnavailable``, and ``UsageError`` where there is no index for it, or no right;
    ``Disputed`` only when all is done that nobody else changes meanwhile.
    """
    agreement = container.tombstones.agreement
    if (there := _there(container)) is None:
        return
    uuid, upto = agreement.followed()
    if uuid != there.uuid:  # the first time, or it was lost: each site tells what it knows
        upto = -1
        agreement.begin()
        agreement.follow(there.uuid, upto)
    faults = dict[str, str]()
    left = _tell(container, faults)
    if there.upto > upto:
        left += _follow(container, there, upto, faults)
    _say(left, faults)


def settle(container: Container, ids: Sequence[str]) -> None:
    """The same for these alone: who waits for them does not wait for what others have written.

    Raises as :func:`share`.
    """
    if not ids or _there(container) is None:
        return
    faults, left = dict[str, str](), list[str]()
    for start in range(0, len(ids), AT_ONCE):
        differing = _differing(container, ids[start : start + AT_ONCE])
        left += _settle(container, [id_ for id_, _ in differing], faults)
    _say(left, faults)


def _say(left: Sequence[str], faults: Mapping[str, str]) -> None:
    """Raise ``Disputed`` where something could not be settled, or be let in."""
    if faults:
        raise Disputed(next(iter(faults.values())))
    if left:
        named = ", ".join(left[:_NAMED])
        raise Disputed(f"What is withdrawn is changed by others again and again: {named}.")


def _there(container: Container) -> Reached | None:
    """How far the index is, made where it is missed; None where nobody has anything to say."""
    client, index, tombstones = container.client, container.settings.index, container.tombstones
    there = reached(client, index)
    if (there is None or there.upto < 0) and not tombstones.exist():
        return None
    if there:
        return there
    try:
        withdrawals.make(client, index)
    except UsageError as error:
        raise no_index(withdrawals.name(index)) from error
    if there := reached(client, index):
        return there
    raise ServiceUnavailable(f"{withdrawals.name(index)} is not there yet.")


def _tell(container: Container, faults: dict[str, str]) -> list[str]:
    """Settle what others may not know; which could not be.

    ``faults`` gets what cannot be let in, and why.
    """
    agreement, left, last = container.tombstones.agreement, list[str](), ""
    while ids := agreement.unshared(AT_ONCE, last):
        left += _settle(container, ids, faults)
        last = ids[-1]
    return left


def _follow(container: Container, there: Reached, above: int, faults: dict[str, str]) -> list[str]:
    """Settle what others have said since; which could not be. How far it came is noted."""
    agreement, left = container.tombstones.agreement, list[str]()
    for news in since(container.client, container.settings.index, above):
        left += _settle_news(container, news, faults)
        if not faults:  # else the next look begins where these are
            # Whoever changed what is left did so behind ``upto``: the next look finds it again.
            agreement.follow(there.uuid, min(news.upto, there.upto))
    return left


def _settle_news(container: Container, news: News, faults: dict[str, str]) -> list[str]:
    """What is restored and never was here needs nothing, and is not even read."""
    known, left = container.tombstones.agreement.known(news.ids), list[str]()
    ours = [id_ for id_ in news.ids if id_ in known]
    for start in range(0, len(ours), AT_ONCE):
        differing = _differing(container, ours[start : start + AT_ONCE])
        left += _settle(container, [id_ for id_, shared in differing if shared], faults)
    strange = [id_ for id_ in news.ids if id_ not in known and id_ not in news.restored]
    for part in read_in_parts(container.client, container.settings.index, strange):
        _take_down(container, [(Own(one.id), one, False) for one in part if not one.restored])
    return left


def _differing(container: Container, ids: Sequence[str]) -> Iterator[tuple[str, Shared | None]]:
    """Which of these are not the same here and there, with what stands there."""
    own = container.tombstones.agreement.own(ids)
    found = read(container.client, container.settings.index, ids)
    for id_ in ids:
        shared = found[id_].shared if id_ in found else None
        if shared is None or not _is_known(own[id_], shared):
            yield id_, shared


def _is_known(own: Own, shared: Shared) -> bool:
    return not own.changed and own.revision == shared.revision and step(own, shared) == "agree"


def _settle(container: Container, ids: Sequence[str], faults: dict[str, str]) -> list[str]:
    """Come to an agreement about each; what others change meanwhile is looked at once more.

    Which were changed again and again: they keep no other waiting.
    """
    left = list(ids)
    for _ in range(_TRIES):
        if not left:
            break
        left = _once(container, left, faults)
    return left


def _once(container: Container, ids: Sequence[str], faults: dict[str, str]) -> list[str]:
    """Which are still to be settled: somebody else was quicker, or is to learn what is more."""
    client, index = container.client, container.settings.index
    agreement, here = container.tombstones.agreement, container.site.name
    own, found = agreement.own(ids), read(client, index, ids)
    there = {id_: one.shared for id_, one in found.items() if one.shared}
    steps = {id_: step(one, there.get(id_), here) for id_, one in own.items()}
    changes: list[tuple[Shared, Found | None]] = [
        (written(own[id_], there.get(id_), here), found.get(id_)) for id_ in _of(steps, "write")
    ]
    done = write(client, index, changes)
    failpoint.reach("sharing.told")
    told = [(own[shared.id], shared.revision) for shared, _ in changes if shared.id in done]
    same = [(own[id_], _revision(there.get(id_))) for id_ in _of(steps, "agree")]
    agreement.agree([*told, *same])
    others = [(own[id_], there[id_], steps[id_] == "merge") for id_ in _of(steps, "take", "merge")]
    _take_down(container, [other for other in others if not other[1].restored])
    faults |= _let_in(container, [other for other in others if other[1].restored])
    slower = [shared.id for shared, _ in changes if shared.id not in done]
    return [*slower, *(id_ for id_ in _of(steps, "merge") if id_ not in faults)]


def _revision(shared: Shared | None) -> int:
    return shared.revision if shared else 0


def _of(steps: Mapping[str, Step], *wanted: Step) -> list[str]:
    return [id_ for id_, one in steps.items() if one in wanted]


def _take_down(container: Container, others: Sequence[_Other]) -> None:
    """Note what others have withdrawn; what is to be done about it is left to ``taking_away``."""
    if not others:
        return
    copies = copies_of(container.ledger, [own.id for own, _, _ in others])
    news = []
    for own, shared, more in others:
        files = copies.get(own.id, ())
        path = own.withdrawal.path if own.withdrawal else files[0].path if files else ""
        one, site = taken(own, shared, path)
        one = replace(one, todo=Order(one.reason, one.who, one.purged).steps)
        news.append((own, (one, shared.keys, files), shared.revision, site, more))
        log.info("withdrawal.taken_over", id=one.id, path=path, purged=one.purged, site=site)
    container.tombstones.take(news)
    failpoint.reach("sharing.taken")


def _let_in(container: Container, others: Iterable[_Other]) -> dict[str, str]:
    """Which cannot be let in, and why."""
    here = {own.id: (own, shared.revision) for own, shared, _ in others}
    strange = [pair for pair in here.values() if not pair[0].withdrawal]
    container.tombstones.agreement.agree(strange)
    known = [own.withdrawal for own, _ in here.values() if own.withdrawal]
    return _restored(container, known, here) if known else {}


def _restored(container: Container, known: Sequence[Withdrawal], here: Agreed) -> dict[str, str]:
    """The same; beside one that is at fault each is let in by itself."""
    try:
        restore(container, known, here, who="another site")
        log.info("restore.taken_over", ids=[one.id for one in known])
    except DepescheError as error:
        now = container.tombstones.by_id([one.id for one in known])
        stuck = [one for one in now.values() if one.todo] or known
        faults = dict.fromkeys((one.id for one in stuck), str(error))
        others = [one for one in known if one.id not in faults]
        return {**faults, **(_restored(container, others, here) if others else {})}
    except Exception as error:
        if len(known) > 1:
            each = (_restored(container, [one], here) for one in known)
            return {id_: why for faults in each for id_, why in faults.items()}
        log.exception("restore.bug", id=known[0].id)
        return {known[0].id: f"{known[0].id} cannot be let in: {error}"}
    return {}
