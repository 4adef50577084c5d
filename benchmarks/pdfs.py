"""How well PDFs are read, beside PDFium's own text and Tika's: ``python -m benchmarks.pdfs``.

Sample articles are typeset in one to five columns (``typeset``), two articles' text a file, with a
date below the headline. Counted are lead and body by words (F), the same in order (F of the longest
common run of words), broken words that are whole, and headlines and dates that are right. Tika
names the title and date of the properties alone, of which these files have none.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from pypdfium2 import PdfDocument

from benchmarks.figures import Figure, table
from benchmarks.samples import samples
from benchmarks.scans import in_order, plain, whole
from benchmarks.tika import read_all
from benchmarks.typeset import Page, typeset
from extraction.formats.parse import parse

_DAY, _DATE = "19. Juni 2024", "2024-06-19"
_MOST_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader makes of a file."""

    headline: str
    date: str
    text: str


def made(number: int) -> Iterator[tuple[str, Page]]:
    """Yield headlines and files."""
    articles = list(samples().values())
    for at in range(number):
        article, other = articles[at % len(articles)], articles[(at + 7) % len(articles)]
        texts = [article.lead, *article.body.split("\n\n"), *other.body.split("\n\n")]
        paragraphs = [" ".join(plain(text).split()) for text in texts if text]
        columns = 1 + at % _MOST_COLUMNS
        headline = plain(article.headline)
        yield headline, typeset(headline, paragraphs, columns, day=_DAY)


def ours(data: bytes) -> Read:
    """Read it as Depesche does."""
    article = parse(data, "a.pdf")
    names = f"Von {' und '.join(article.byline)}" if article.byline else ""
    date = article.published.value if article.published else ""
    return Read(article.headline, date, f"{article.kicker} {names} {article.lead} {article.body}")


def own_text(data: bytes) -> Read:
    """Return PDFium's text, page by page."""
    pages = [page.get_textpage().get_text_bounded() for page in PdfDocument(data)]
    return Read("", "", "\n".join(pages))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--tika", type=Path, metavar="JAR", help="Tika's program, as a rival")
    chosen = parser.parse_args()
    files = list(made(chosen.files))
    readers: dict[str, Callable[[bytes], Read]] = {"Depesche": ours, "PDFium": own_text}
    reads = {who: [reader(page.data) for _, page in files] for who, reader in readers.items()}
    if chosen.tika:
        told = read_all(
            chosen.tika, {f"{n:03}.pdf": page.data for n, (_, page) in enumerate(files)}
        )
        reads["Tika"] = [Read(each.title, each.date[:10], each.text) for each in told.values()]
    print(table([figure for who, each in reads.items() for figure in _figures(who, files, each)]))


def _figures(
    who: str, files: Sequence[tuple[str, Page]], reads: Sequence[Read]
) -> Iterator[Figure]:
    bags, orders, wholes = [], [], []
    for (headline, page), read in zip(files, reads, strict=True):
        wanted, given = page.words[len(headline.split()) :], read.text.split()
        common = (Counter(wanted) & Counter(given)).total()
        bags.append(2 * common / (len(wanted) + len(given)))
        orders.append(in_order(wanted, given))
        wholes.append(whole(page, given))
    headlines = mean(
        read.headline == headline for (headline, _), read in zip(files, reads, strict=True)
    )
    yield Figure(
        f"{who}: F of the text", mean(bags), 0.95, f"{len(files)} files, least {min(bags):.3f}"
    )
    yield Figure(f"{who}: words in order", mean(orders), 0.98, f"least {min(orders):.3f}")
    yield Figure(
        f"{who}: broken words whole",
        mean(wholes),
        0.99,
        f"of {sum(len(p.broken) for _, p in files):,}",
    )
    yield Figure(f"{who}: headline right", headlines, 0.98)
    yield Figure(f"{who}: date right", mean(read.date == _DATE for read in reads), 0.95)


if __name__ == "__main__":
    main()
