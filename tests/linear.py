"""Whether time grows with the text alone: a ratio, which a busy machine leaves as it is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

LONG = 40_000
TIMES = 4
# What is quadratic takes sixteen times as long for a text four times as long.
MOST = 9.0
# Seconds; below, the clock says more than the work.
NOTHING = 0.1
TRIES = 3


def assert_linear(work: Callable[[str], object], piece: str, *, length: int = LONG) -> None:
    """Fail if reading ``piece`` over and over takes more than in proportion to its ``length``.

    Processor time, the best of three tries; ``length`` in characters.
    """
    text, shorter = (piece * (size // len(piece)) for size in (length, length // TIMES))
    ratios = []
    for _ in range(TRIES):
        seconds = _seconds(work, text)
        ratio = seconds / max(_seconds(work, shorter), NOTHING / TIMES)
        if seconds < NOTHING or ratio < MOST:
            return
        ratios.append(round(ratio, 1))
    raise AssertionError(f"{length:,} of {piece!r}: {ratios} times as long as a {TIMES}th of it")


def _seconds(work: Callable[[str], object], text: str) -> float:
    gc.disable()  # it goes through what other tests have left in memory, too
    try:
        start = time.process_time()
        work(text)
        return time.process_time() - start
    finally:
        gc.enable()
