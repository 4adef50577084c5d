"""How fast Depesche is: every measure beside its target, on services of its own.

    python -m benchmarks.performance --data DIR [--only intake latency] [--quick] [--json FILE]

Each figure is measured against something in the same run, three rounds each; with ``--quick`` one
round of small numbers, which only tries the measures. ``--long`` reads 50,000 articles for the
memory of a worker, 50,000 twice for ``reenrich``, and fills an index with 1,000,000. The machine
must do nothing else. Exit status 1 where a measure could not be taken; a missed target is no error.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks.speed import (
    again,
    burst,
    enrichment,
    growth,
    intake,
    latency,
    rest,
    scale,
    stages,
    start,
    steadiness,
    warm,
)
from benchmarks.speed.ground import Ground, ground
from benchmarks.speed.rows import Row, table

#: In this order: what is most sensitive to a server that still compiles comes last.
MEASURES: dict[str, Callable[[Ground], list[Row]]] = {
    "latency": latency.measure,
    "burst": burst.measure,
    "memory": steadiness.measure,
    "rest": rest.measure,
    "start": start.measure,
    "reenrich": again.measure,
    "growth": growth.measure,
    "scale": scale.measure,
    "intake": intake.measure,
    "enrichment": enrichment.measure,
    "stages": stages.measure,
}


def main() -> None:
    """Measure one after the other and print each as it is known."""
    chosen = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the services are stopped then, too
    if chosen.fscrawler is None:
        print("FSCrawler is left out: --fscrawler names the folder of one.")
    rows: dict[str, list[Row]] = {}
    with ground(
        chosen.data,
        chosen.elasticsearch,
        quick=chosen.quick,
        long=chosen.long,
        fscrawler=chosen.fscrawler,
    ) as here:
        if not chosen.quick:
            warm.through(here)
        for name in chosen.only:
            begun = time.monotonic()
            rows[name] = _measured(name, here)
            print(f"\n{name} ({time.monotonic() - begun:.0f} s)\n{table(rows[name])}", flush=True)
    if chosen.json:
        _write(chosen.json, rows, quick=chosen.quick)
    sys.exit(0 if all(rows.values()) else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data sets")
    parser.add_argument("--only", nargs="*", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--quick", action="store_true", help="small numbers, one round: a try")
    parser.add_argument(
        "--long",
        action="store_true",
        help="memory, reenrich over 50,000, growth and scale to 1,000,000",
    )
    parser.add_argument("--json", type=Path, help="write the rows there, and growth.png beside")
    parser.add_argument("--fscrawler", type=Path, help="the folder of FSCrawler 3")
    parser.add_argument("--elasticsearch", help="the address of one that runs already")
    return parser.parse_args()


def _measured(name: str, here: Ground) -> list[Row]:
    """The rows; none, and why, where it could not be measured: the others still can."""
    try:
        return MEASURES[name](here)
    except Exception as error:  # noqa: BLE001
        print(f"\n{name} could not be measured: {error!r}", file=sys.stderr)
        return []


def _write(path: Path, measured_rows: dict[str, list[Row]], *, quick: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {
        name: [asdict(row) | {"met": row.met} for row in measured]
        for name, measured in measured_rows.items()
    }
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "quick": quick}
    content = {"machine": machine, "measures": rows}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    if measured_rows.get("growth") and not growth.plot(
        measured_rows["growth"], path.with_name("growth.png")
    ):
        print("No plot: matplotlib is not installed (pip install -e '.[benchmarks]').")


if __name__ == "__main__":
    main()
