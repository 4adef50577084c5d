"""How long reading may take, and what happens when it takes longer."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import suppress

import pytest

from articles.errors import TooSlow
from worker.enrichment.budget import Budget

SHORT = Budget(limit=4.0, least=0.0)


def _work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.mark.parametrize(
    ("limit", "characters", "seconds"),
    [(600, 5_000, 30.5), (600, 300_000, 60), (600, 10**9, 540), (10, 5_000, 5), (1, 5_000, 0.9)],
)
def test_a_long_article_has_longer_but_never_all_the_time(
    limit: float, characters: int, seconds: float
) -> None:
    assert Budget(limit).seconds(characters) == pytest.approx(seconds)


def test_a_slower_pipeline_has_longer() -> None:
    assert Budget(600, times=4).seconds(5_000) == pytest.approx(4 * 30.5)
    assert Budget(600, times=4).seconds(10**9) == pytest.approx(540)


def test_what_takes_longer_is_given_up_and_the_next_begins_anew() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(TooSlow, match="more than 0 seconds"), SHORT.on(0):
        _work(60)
    with SHORT.on(0):
        _work(0.01)
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) == before


def test_a_time_that_is_over_at_the_last_moment_leaves_nothing_armed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The signal may come when all is read and the clock is not yet stopped."""
    stop, over = signal.setitimer, list[bool]()

    def setitimer(which: int, seconds: float, *again: float) -> object:
        if seconds == 0 and not over:
            over.append(True)
            raise TooSlow("just now", "")
        return stop(which, seconds, *again)

    before = signal.getsignal(signal.SIGPROF)
    with monkeypatch.context() as patch:
        patch.setattr(signal, "setitimer", setitimer)
        with pytest.raises(TooSlow, match="just now"), SHORT.on(0):
            pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) == before


def test_what_waits_or_sleeps_takes_no_time() -> None:
    with SHORT.on(0):
        time.sleep(0.5)


def test_who_swallows_it_is_told_again() -> None:
    def swallowing() -> None:
        with suppress(Exception):
            _work(60)
        _work(60)

    with pytest.raises(TooSlow), SHORT.on(0):
        swallowing()


def test_in_another_thread_nothing_is_measured() -> None:
    ended: list[bool] = []

    def work() -> None:
        with SHORT.on(0):
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended
