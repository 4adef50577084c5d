"""Kibana's panels on real articles: ``python -m benchmarks.kibana --data DIR [--most N]``.

Every panel of every dashboard, the map and every saved search are asked of a genuine Elasticsearch
as Kibana would ask, on the 850 annotated articles of ``DATA/ner/news``; each number that comes back
is counted again from the documents in Python. No Kibana runs: how it looks is not tried.
``--pictures FOLDER`` draws what comes back on the sample articles instead (``make pictures``).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from elasticsearch import Elasticsearch

from articles.tls import Tls
from indexing.index.connect import connect
from tests.kibana_articles import World, of_data, of_samples, world
from tests.kibana_by_hand import FOUND, differences, said, tiles
from tests.kibana_objects import Line, layers, panels, queries
from tests.kibana_panels import LINES, MOST_HITS, answer, grid, hits, seen
from worker import services

ARTICLES = 850
#: Of the map as it is opened, and nearer.
PRECISIONS = (3, 7)


@contextmanager
def elasticsearch() -> Iterator[Elasticsearch]:
    """A genuine one of its own, gone afterwards. Raises as ``services.start``."""
    with TemporaryDirectory(prefix="depesche-kibana-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the embedded Elasticsearch runs as another user
        place = Path(folder) / "services"
        home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
        plan = services.Plan(place, Path(home) if home else None, 0, heap="512m")
        try:
            (started,) = services.start(plan, ["elasticsearch"])
            tls = Tls(ca=str(started.login.ca)) if started.login else None
            with connect(started.full_url, tls=tls) as client:
                yield client
        finally:
            services.stop(place)


def numbers(shown: object) -> int:
    """Return how many numbers an answer has: those of buckets, and those in them."""
    if isinstance(shown, list):
        return sum(map(numbers, shown))
    if not isinstance(shown, dict):
        return 0
    own = sum(key in shown for key in ("doc_count", "value", "values"))
    return own + sum(map(numbers, shown.values()))


def wrong_in_panel(filled: World, panel: Line) -> tuple[int, list[str]]:
    """Return how many numbers a panel has, and those that are counted otherwise by hand."""
    (layer,) = layers(panel)
    shown = answer(filled, panel)
    return numbers(shown), differences(shown, layer, layer["columnOrder"], seen(filled, panel))


def wrong_in_search(filled: World, search: Line) -> tuple[int, list[str]]:
    """Return how many documents a saved search finds, and what is otherwise by hand."""
    (kql,) = queries(search)
    total, found = hits(filled, search)
    wanted = sum(map(FOUND[kql], seen(filled, search)))
    told = [] if total == wanted else [f"{total} instead of {wanted}"]
    if len(found) != min(wanted, MOST_HITS):
        told.append(f"{len(found)} shown")
    for hit in found if "said" in search["attributes"]["columns"] else ():
        own = dict.fromkeys(said(filled.documents[hit["_id"]])[:100])
        if set(hit["fields"].get("said", [])) != set(own):
            told.append(f"quotes of {hit['_id']}")
    return total, told


def wrong_in_map(filled: World, map_: Line) -> tuple[int, list[str]]:
    """Return in how many tiles there are articles, and the tiles that are otherwise by hand."""
    counted, told = 0, []
    for precision in PRECISIONS:
        shown, wanted = grid(filled, map_, precision), tiles(filled.seen, precision)
        counted += len(shown)
        told += [key for key in shown.keys() | wanted if shown.get(key) != wanted.get(key)]
    return counted, told


def compare(filled: World) -> Iterator[tuple[str, int, int, list[str]]]:
    """Yield for each dashboard, map and saved search: panels, numbers, what is otherwise."""
    for line in LINES:
        title = line["attributes"]["title"]
        match line["type"]:
            case "dashboard":
                yield title, *_wrong_in_dashboard(filled, line)
            case "map":
                yield title, 1, *wrong_in_map(filled, line)
            case "search":
                yield title, 1, *wrong_in_search(filled, line)


def _wrong_in_dashboard(filled: World, line: Line) -> tuple[int, int, list[str]]:
    found = {
        panel["panelIndex"]: wrong_in_panel(filled, panel)
        for panel in panels(line)
        if panel["type"] == "lens"
    }
    told = [f"{name}: {each}" for name, (_, wrong) in found.items() for each in wrong]
    return len(found), sum(counted for counted, _ in found.values()), told


def main() -> None:
    """Compare, or draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path, help="the folder of data sets")
    what.add_argument("--pictures", type=Path, help="where to")
    parser.add_argument("--most", type=int, default=ARTICLES, help="articles")
    options = parser.parse_args()
    if options.pictures:
        _draw(options.pictures)
    else:
        began = time.monotonic()
        documents = of_data(options.data, options.most)
        print(f"{len(documents)} articles, enriched in {time.monotonic() - began:.0f} s")
        _compare(documents)


def _draw(folder: Path) -> None:
    from benchmarks.kibana_pictures import draw

    folder.mkdir(exist_ok=True)
    with elasticsearch() as client, world(client, of_samples()) as filled:
        for path in draw(filled, folder):
            print(path)


def _compare(documents: Mapping[str, Line]) -> None:
    """Print a line a dashboard, and each number that is counted otherwise; status 1 if any is."""
    failed = False
    with elasticsearch() as client, world(client, documents) as filled:
        for title, asked, counted, told in compare(filled):
            print(f"{title:<44} {asked:>3} panels  {counted:>7,} numbers  {len(told):>3} otherwise")
            for each in told:
                print(f"    {each}")
            failed = failed or bool(told)
    sys.exit(failed)


if __name__ == "__main__":
    main()
