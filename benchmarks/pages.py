"""How well pages of the web are read, beside trafilatura and Tika: ``python -m benchmarks.pages``.

Pages in the manner of content systems (``benchmarks/html``): ``tuned`` are those that the rules
were made with, ``held-out`` were written when the rules were finished. The text is counted by words
(lead and body together, F of each page, the mean of all), headline, date and authors by pages where
they are right. Of a time of day trafilatura gives the day alone, which counts as right for it.

``--wrong`` names what is not right, ``--only`` takes one half, ``--tika JAR`` has Apache Tika's
program (``tika``) read the same pages: its plain text, title, date and authors.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import Any

from articles.errors import Unreadable
from benchmarks.figures import Figure, table
from benchmarks.page_set import HALVES, Page, pages
from benchmarks.tika import read_all
from extraction.formats.format import RawFile
from extraction.formats.html_format import read_page
from extraction.formats.published import localised

_ROUNDS = 5
_MINUTES = 16
_NEARLY_ALL, _SHOWN = 0.99, 150


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader makes of a page."""

    headline: str = ""
    kicker: str = ""
    lead: str = ""
    text: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()
    partial: bool = False


def ours(page: Page) -> Read:
    """Read a page as Depesche does; what is refused is nothing."""
    try:
        (draft,) = read_page(RawFile(f"{page.name}.html", page.markup.encode()))
    except Unreadable as fault:
        return Read(headline=f"refused: {fault}")
    date = localised(draft.published).value if draft.published else ""
    text = f"{draft.lead}\n\n{draft.body}"
    return Read(
        draft.headline, draft.kicker, draft.lead, text, date, draft.byline or (), draft.partial
    )


def alone(page: Page) -> Read:
    """Read a page by trafilatura, as its own documentation does."""
    document = _bare(page, fast=False)
    if document is None:
        return Read()
    names = tuple(name.strip() for name in (document.author or "").split(";") if name.strip())
    return Read(document.title or "", text=document.text, date=document.date or "", authors=names)


def _bare(page: Page, *, fast: bool) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(page.markup, with_metadata=True, include_comments=False, fast=fast)


def f_of(page: Page, read: Read) -> float:
    """Return F of the words of lead and body."""
    wanted = Counter(_words((page.lead, *page.text)))
    given = Counter(_words([read.text]))
    right = (wanted & given).total()
    return 2 * right / max(1, wanted.total() + given.total())


def _words(texts: Iterable[str]) -> list[str]:
    return " ".join(texts).split()


def wrong_of(page: Page, read: Read) -> dict[str, str]:
    """Return what is not right: what it is, and what was read."""
    pairs = {
        "headline": (page.headline, read.headline),
        "kicker": (page.kicker, read.kicker),
        "lead": (page.lead, read.lead) if page.lead else ("", ""),
        "date": (_minutes(page.date), _minutes(read.date)),
        "authors": (page.authors, read.authors),
        "partial": (page.partial, read.partial),
    }
    return {
        name: f"{given!r} for {right!r}" for name, (right, given) in pairs.items() if right != given
    }


def _minutes(date: str) -> str:
    return str(datetime.fromisoformat(date))[:_MINUTES] if len(date) > 10 else date


def by_tika(jar: Path, chosen: list[Page]) -> Callable[[Page], Read]:
    """Have Tika read all pages at once; return what tells what it made of each."""
    files = {f"{page.name}.html": page.markup.encode() for page in chosen}
    told = {
        name: Read(each.title, text=each.text, date=each.date, authors=each.authors)
        for name, each in read_all(jar, files).items()
    }
    return lambda page: told[f"{page.name}.html"]


def evaluate(half: str, *, wrong: bool = False, tika: Path | None = None) -> list[Figure]:
    """Return the figures of a half."""
    chosen = pages(half)
    figures = []
    readers: dict[str, Callable[[Page], Read]] = {"Depesche": ours, "trafilatura": alone}
    if tika:
        readers["Tika"] = by_tika(tika, chosen)
    for who, reader in readers.items():
        figures += _figures(half, who, chosen, reader, wrong=wrong and who == "Depesche")
    return [*figures, *rates(half, chosen)]


def _figures(
    half: str, who: str, chosen: list[Page], reader: Callable[[Page], Read], *, wrong: bool
) -> list[Figure]:
    reads = [reader(page) for page in chosen]
    fs = [f_of(page, read) for page, read in zip(chosen, reads, strict=True)]
    missed: Counter[str] = Counter()
    for page, read, f in zip(chosen, reads, fs, strict=True):
        told = wrong_of(page, read)
        if who != "Depesche" and read.date and page.date.startswith(read.date):
            told.pop("date", None)
        missed.update(list(told))
        if wrong and (told or f < _NEARLY_ALL):
            print(f"{page.name}: F {f:.3f}", *_told(page, read, told), sep="\n  ")
    size = len(chosen)
    shares = {name: 1 - missed[name] / size for name in ("headline", "date", "authors")}
    targets = {"headline": 0.98, "date": 0.95}
    if who == "Depesche":
        shares |= {name: 1 - missed[name] / size for name in ("kicker", "lead", "partial")}
    texts = [
        Figure(
            f"{half}: {who}, F of the text", mean(fs), 0.95, f"{size} pages, least {min(fs):.3f}"
        )
    ]
    return texts + [
        Figure(f"{half}: {who}, {name} right", share, targets.get(name))
        for name, share in shares.items()
    ]


def _told(page: Page, read: Read, told: dict[str, str]) -> Iterable[str]:
    wanted, given = Counter(_words((page.lead, *page.text))), Counter(_words([read.text]))
    yield from (f"{name}: {how}" for name, how in told.items())
    yield f"missing: {' '.join(wanted - given)[:_SHOWN]}"
    yield f"added: {' '.join(given - wanted)[:_SHOWN]}"


def rates(half: str, chosen: list[Page]) -> list[Figure]:
    """Return pages a second on one core: ours, trafilatura's, and the share of it."""
    readers: dict[str, Callable[[Page], object]] = {
        "Depesche": ours,
        "trafilatura": alone,
        "trafilatura, fast": lambda page: _bare(page, fast=True),
    }
    seconds = {who: _seconds(reader, chosen) for who, reader in readers.items()}
    figures = [
        Figure(f"{half}: {who}, pages a second", len(chosen) / taken)
        for who, taken in seconds.items()
    ]
    share = seconds["trafilatura"] / seconds["Depesche"]
    fast = seconds["trafilatura, fast"] / seconds["Depesche"]
    return [
        *figures,
        Figure(f"{half}: our rate by trafilatura's", share, 0.7, f"by its fast mode's {fast:.2f}"),
    ]


def _seconds(reader: Callable[[Page], object], chosen: list[Page]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        gc.collect()
        start = time.process_time()
        for page in chosen:
            reader(page)
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    """Print the figures of both halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=HALVES, nargs="*", default=list(HALVES))
    parser.add_argument("--wrong", action="store_true", help="name what is not right")
    parser.add_argument("--tika", type=Path, metavar="JAR", help="Tika's program, as a rival")
    chosen = parser.parse_args()
    for half in chosen.only:
        print(table(evaluate(half, wrong=chosen.wrong, tika=chosen.tika)), flush=True)


if __name__ == "__main__":
    main()
