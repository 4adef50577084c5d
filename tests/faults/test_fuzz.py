"""Files of every format with seeded faults: each is indexed or fails with a reason, and is quick.

``FUZZ_MINUTES`` and ``FUZZ_SEED`` say how long, and repeat a run: ``python -m tests.faults.fuzz``.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults import fuzz

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_no_fault_in_a_file_is_more_than_its_own(tmp_path: Path) -> None:
    seed = os.environ.get("FUZZ_SEED", str(int(time.time())))
    minutes = float(os.environ.get("FUZZ_MINUTES", "10"))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults.fuzz", "--seed", seed),
            *("--minutes", str(minutes), "--work", str(tmp_path)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60 * minutes + fuzz.SLOW * fuzz.WAITS + 60,
        check=False,
    )
    told = f"{done.stdout[-3_000:]}\n{done.stderr[-3_000:]}\nfiles in {tmp_path}"
    assert done.returncode == 0, told


def test_the_same_seed_makes_the_same_files_and_each_sample_ends(tmp_path: Path) -> None:
    known = fuzz.samples(())
    others = list(known.values())
    for name, data in known.items():
        made = [fuzz.mutated(random.Random(name), name, data, others) for _ in range(2)]
        if not data.startswith(b"PK"):  # which has the time in it
            assert made[0] == made[1], name
        with fuzz.within(fuzz.SLOW):
            assert list(fuzz.ends(name, data)), name
