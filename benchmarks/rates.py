"""How fast each format is read, beside the library that would read it alone: ``benchmarks.rates``.

One article with a text of 3,000 characters in each format (or so many in a file of many), read over
and over. Counted are articles a second of processor time, that of the processes included in which
binary formats are read. ``ours`` is the reader: bytes to a draft with headline, date, byline and
paragraphs, or to members; ``whole`` is ``parse``, with all that intake makes of any text after it
(language, dateline, words to find). ``unconfined`` is the reader of a document without the process
that each has of its own. ``library`` is what somebody writes in ten lines with the
library that the readers stand upon, and ``rival`` the same with another one, where it is installed:
``pip install python-docx odfpy ebooklib feedparser pdfplumber openpyxl extract-msg mail-parser
fastwarc newsmlg2``. The share is of the library's rate, whatever that gives: of JSON a tree, of a
table rows. ``articles`` and ``the same`` are the same job on both sides, from bytes to headline,
paragraphs and date of each article: ours is the reader's (of a file of many, that of its members
too), the other the library's with what has to be written besides (``benchmarks.rate_articles``).
Pages of the web are in ``benchmarks.pages``. Both sides take turns, and of each the best counts.

    python -m benchmarks.rates [--only pdf docx] [--seconds 2]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import psutil

from benchmarks.figures import Figure, table
from benchmarks.rate_articles import ARTICLES
from benchmarks.rate_ways import Way, ways
from extraction.confined.limits import NORMAL
from extraction.containers.member import Limits, Member, Opened, Sample
from extraction.containers.registry import kind_of
from extraction.documents.readers import READERS
from extraction.formats.format import RawFile
from extraction.formats.parse import parse
from extraction.formats.registry import format_of

_WANTED = 0.7
_TURNS = 25
#: What a process of its own reads, whose time the system tells in hundredths of a second: too
#: coarse for short turns.
_CONFINED, _LONG_TURNS = frozenset({*READERS, "7z", "msg", "parquet", "xlsx"}), 3
Servers = Sequence[psutil.Process]


def main() -> None:
    """Print a line a format."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", metavar="FORMAT")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    chosen = parser.parse_args()
    for way in ways():
        if not chosen.only or way.name in chosen.only:
            print(table(list(_figures(way, chosen.seconds))), flush=True)


def _figures(way: Way, seconds: float) -> list[Figure]:
    """Return the rates of a format."""
    readers: dict[str, Callable[[], object]] = {"ours": lambda: _read(way)}
    if not way.many:
        readers["whole"] = lambda: parse(way.data, way.path)
    if way.name in READERS:
        readers["unconfined"] = lambda: READERS[way.name](way.data, NORMAL)
    if way.name in ARTICLES:
        readers["articles"] = lambda: _read_whole(way)
        readers["the same"] = lambda: ARTICLES[way.name](way.data)
    readers |= {who: lambda read=read: read(way.data) for who, read in way.others.items()}  # type: ignore[misc]
    turns = _LONG_TURNS if way.name in _CONFINED else _TURNS
    rates = {who: rate * way.articles for who, rate in _rates(readers, seconds, turns).items()}
    library, rival = (*way.others, "", "")[:2]
    note = ", ".join(f"{who} {rate:,.0f}/s" for who, rate in rates.items())
    if rival:
        note += f"; by {rival}'s {rates['ours'] / rates[rival]:.2f}"
    if way.name in ARTICLES:
        note += f"; of the same job {rates['articles'] / rates['the same']:.2f}"
    share = rates["ours"] / rates[library] if library else float("nan")
    return [Figure(f"{way.name:10}", share, _WANTED if library else None, note)]


def _read(way: Way) -> int:
    if not way.many:
        return _drafts(way.path, way.data)
    read = sum(not member.left for member in _members(way))
    assert read == way.articles, (way.name, read)  # noqa: S101
    return read


def _read_whole(way: Way) -> int:
    """The same, with each member of a file of many read as the article that it is."""
    if not way.many:
        return _drafts(way.path, way.data)
    return sum(_drafts(member.name, member.data) for member in _members(way))


def _drafts(path: str, data: bytes) -> int:
    file = RawFile(path, data)
    return len(format_of(file).read(file))


def _members(way: Way) -> Iterator[Member]:
    kind = kind_of(Sample(way.path, way.data[:65_536], way.data[-65_536:]))
    assert kind  # noqa: S101  (it is one)
    return kind.members(Opened(way.path, way.stream(), Limits()))


def _rates(
    readers: Mapping[str, Callable[[], object]], seconds: float, turns: int
) -> dict[str, float]:
    """Calls a second of processor time: of each the best of so many turns, which they take.

    The best and no mean: what else runs on the machine empties the caches, and so costs processor
    time; nothing gives any back.
    """
    for read in readers.values():  # what is loaded once is loaded
        read()
    servers = psutil.Process(os.getpid()).children()
    calls = {who: _fitting(read, seconds / turns, servers) for who, read in readers.items()}
    best = dict.fromkeys(readers, 0.0)
    for _ in range(turns):
        for who, read in readers.items():
            best[who] = max(best[who], calls[who] / _turn(read, calls[who], servers))
    return best


def _fitting(read: Callable[[], object], seconds: float, servers: Servers) -> int:
    """How many calls take about so long."""
    calls, used = 1, _turn(read, 1, servers)
    while used < seconds / 4:
        calls, used = 2 * calls, _turn(read, 2 * calls, servers)
    return max(1, round(calls * seconds / used))


def _turn(read: Callable[[], object], calls: int, servers: Servers) -> float:
    """Seconds of processor time that so many calls take."""
    begins = _used(servers)
    for _ in range(calls):
        read()
    return _used(servers) - begins


def _used(servers: Servers) -> float:
    """Return the processor time of this process, and of its readers with their children."""
    each = [server.cpu_times() for server in servers]
    return time.process_time() + sum(
        one.user + one.system + one.children_user + one.children_system for one in each
    )


if __name__ == "__main__":
    main()
