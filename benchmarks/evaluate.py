"""Every figure of extraction in one table.

python -m benchmarks.evaluate --data DIR [--only names quotes] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks import (
    compounds,
    dates,
    keyphrases,
    language,
    names,
    ner,
    news,
    places,
    quotes,
    samples,
    stages,
    story,
)
from benchmarks.figures import Figure, table

PARTS: dict[str, Callable[[Path], list[Figure]]] = {
    "entities": ner.evaluate,
    "news": news.evaluate,
    "names": names.evaluate,
    "samples": samples.evaluate,
    "places": places.evaluate,
    "quotes": quotes.evaluate,
    "dates": dates.evaluate,
    "keyphrases": keyphrases.evaluate,
    "compounds": compounds.evaluate,
    "story": story.evaluate,
    "language": language.evaluate,
    "speed": stages.evaluate,
}


def main() -> None:
    """Measure part by part and print each as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data sets")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    chosen = parser.parse_args()
    figures_of: dict[str, list[Figure]] = {}
    for part in chosen.only:
        start = time.monotonic()
        figures_of[part] = PARTS[part](chosen.data)
        print(f"\n{part} ({time.monotonic() - start:.0f} s)\n{table(figures_of[part])}", flush=True)
    if chosen.json:
        content = {
            part: [asdict(figure) for figure in figures] for part, figures in figures_of.items()
        }
        chosen.json.write_text(json.dumps(content, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
