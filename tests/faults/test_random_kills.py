"""Random kills and other faults, seeded; the long form is `make soak`."""

from __future__ import annotations

import os

import pytest

from tests import evidence
from tests.faults.soak import Soak
from tests.faults.soak_changes import Shares
from tests.faults.soak_faults import KILLS, SHARED
from worker.container import Container

SEED = int(os.environ.get("DEPESCHE_TEST_SEED", "1"))
LONG = os.environ.get("DEPESCHE_TEST_LONG") == "1"


def _soak(
    container: Container, articles: int, seconds: float, kills_only: bool, every: float
) -> Soak:
    soak = Soak(container, SEED, shares=Shares(withdrawn=0.05))
    took = soak.run(articles, seconds, KILLS if kills_only else SHARED, every)
    print(f"seed {SEED}, faults {dict(soak.faults)}, all ended {took:.1f} s after the last")
    judgement = soak.judge()
    evidence.counted(judgement.inputs, len(judgement.lost), len(judgement.doubled))
    assert judgement.inputs >= articles  # a correction is one more
    assert judgement.corrected
    assert judgement.mirrored
    assert judgement.renamed
    assert judgement.wrong() == {}
    return soak


@pytest.mark.slow
def test_twenty_random_kills(container: Container) -> None:
    articles, seconds = (2000, 100.0) if LONG else (200, 20.0)
    soak = _soak(container, articles, seconds, kills_only=True, every=5.0 if LONG else 2.5)
    assert sum(soak.faults.values()) >= (20 if LONG else 5)


def test_short_soak(container: Container) -> None:
    soak = _soak(container, 200, 30.0, kills_only=False, every=2.0)
    assert sum(soak.faults.values()) >= 5
