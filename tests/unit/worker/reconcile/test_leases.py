"""What counts as lost: by Redis's clock while it goes as ours does, by no other host's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.leases import SETTLED_SECONDS, SILENT_SECONDS
from tasks.names import ENRICH_DOCUMENTS, INTAKE_ARTICLE
from worker.reconcile.leases import Contact, Held, Lately, lost
from worker.reconcile.message import Message

ONE, TWO = (Message(ENRICH_DOCUMENTS, (ids,)) for ids in (["a", "b"], ["b", "c"]))
ARTICLE = Message(INTAKE_ARTICLE, ())


def held(message: Message | None, silent: float) -> Held:
    return Held(b"tag", message, silent)


@given(st.floats(-SILENT_SECONDS, SILENT_SECONDS), st.booleans())
def test_what_is_renewed_is_never_lost(silent: float, settled: bool) -> None:
    assert lost([held(ONE, silent), held(ARTICLE, silent), held(None, silent)], settled) == []


@given(st.floats(min_value=0.001), st.booleans(), st.sampled_from([1, -1]))
def test_what_nobody_renews_is_lost_once_redis_was_there_long_enough(
    more: float, settled: bool, sign: int
) -> None:
    """Also where its clock was set back, and what another program has written there."""
    silent = sign * (SILENT_SECONDS + more)
    each = [held(ONE, silent), held(ARTICLE, silent), held(None, silent)]
    assert lost(each, settled) == (each if settled else [])


@pytest.mark.parametrize(
    ("dead", "gone"),
    [((), []), (("a",), []), (("a", "b"), [ONE]), (("a", "b", "c"), [ONE, TWO])],
)
def test_what_only_the_dead_had_in_hand_is_lost_at_once(
    dead: tuple[str, ...], gone: list[Message]
) -> None:
    each = [held(ONE, 0.0), held(TWO, 0.0), held(ARTICLE, 0.0), held(None, 0.0)]
    assert [one.message for one in lost(each, False, dead)] == gone


def settled(*looks: tuple[float, float]) -> list[bool]:
    contact = Contact()
    told = []
    for now, theirs in looks:
        contact.heard(now, theirs)
        told.append(contact.settled())
    return told


@given(st.floats(-1e6, 1e9))
def test_whatever_redis_s_clock_says_it_is_settled_after_some_looks(offset: float) -> None:
    looks = [(float(now), now + offset) for now in range(8)]
    assert settled(*looks) == [False] * int(SETTLED_SECONDS) + [True] * 3


@pytest.mark.parametrize("jump", [-3600.0, -1.5, 1.5, 3600.0])
def test_a_clock_that_jumps_is_not_believed(jump: float) -> None:
    """It was set, or another server has taken Redis's place."""
    looks = [(float(now), float(now)) for now in range(7)]
    looks += [(float(now), now + jump) for now in range(7, 14)]
    assert settled(*looks) == [False] * 5 + [True] * 2 + [False] * 5 + [True] * 2


def test_after_a_time_in_which_nobody_looked_it_is_not_settled() -> None:
    """Redis may have been away: who lives renews again first."""
    looks = [(float(now), float(now)) for now in (*range(7), 20, 22, 24, 26)]
    assert settled(*looks) == [False] * 5 + [True] * 2 + [False] * 3 + [True]


def test_where_redis_did_not_answer_it_is_not_settled() -> None:
    contact = Contact()
    for now in range(12):
        contact.heard(float(now), float(now))
        assert contact.settled() is (now in {5, 11})
        if now == 5:
            contact.broken()


def test_documents_count_as_held_for_a_moment_more() -> None:
    lately = Lately(seconds=3.0)
    assert lately.seen(["a"], 10.0) == {"a"}
    assert lately.seen(["b"], 12.0) == {"a", "b"}
    assert lately.seen([], 13.0) == {"a", "b"}
    assert lately.seen([], 13.1) == {"b"}
    assert lately.seen([], 15.1) == set()
