"""Ctrl-C and SIGTERM wait for the end of what must not be cut short."""

from __future__ import annotations

import signal
import threading

import pytest

from worker.services.uninterrupted import uninterrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_comes_behind_it(number: signal.Signals) -> None:
    before = signal.signal(number, signal.default_int_handler)
    steps: list[str] = []
    try:
        with pytest.raises(KeyboardInterrupt):
            _stopped_in_the_middle(number, steps)
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
    assert steps == ["done"]


def _stopped_in_the_middle(number: signal.Signals, steps: list[str]) -> None:
    with uninterrupted():
        signal.raise_signal(number)
        steps.append("done")


def test_another_thread_just_works() -> None:
    steps = []

    def work() -> None:
        with uninterrupted():
            steps.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert steps == ["done"]
