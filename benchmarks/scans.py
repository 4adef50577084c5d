"""How well scanned pages are read, beside tesseract alone: ``python -m benchmarks.scans``.

Sample articles are typeset in one to four columns (``typeset``), drawn at 150, 200 and 300 dots to
the inch, clean and as a scanner leaves them (laid askew, grey, grainy, with specks), and put into
PDFs as pictures. Counted are words in order: F of the longest common run of words, and of the words
that the page breaks those that are whole. ``alone`` is the text that tesseract writes for the same
pictures, and the same with ``-`` at the ends of lines taken out where a small letter goes on.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from statistics import mean
from typing import Any
from zlib import compress

import numpy as np
from pypdfium2 import PdfDocument

from articles.errors import ArticleFault
from benchmarks.figures import Figure, table
from benchmarks.samples import samples
from benchmarks.typeset import HEIGHT, WIDTH, Page, typeset
from extraction.formats.parse import parse

_DPI = (150, 200, 300)
_TURN = 0.7
_EDGES = re.compile(r"\A\W+|\W+\Z")


def made(number: int) -> Iterator[tuple[str, Page]]:
    """Yield pages, each level and askew, by their names."""
    long = [each for each in samples().values() if len(each.body) > 600]
    for at in range(number):
        article, other = long[at % len(long)], long[(at + 7) % len(long)]
        texts = [article.lead, *article.body.split("\n\n"), *other.body.split("\n\n")]
        paragraphs = [" ".join(plain(text).split()) for text in texts if text]
        headline = plain(article.headline)
        for askew in (0.0, _TURN * (-1) ** at):
            kind = "scanned" if askew else "clean"
            yield kind, typeset(headline, paragraphs, 1 + at % 4, askew=askew)


def plain(text: str) -> str:
    """What Times of a PDF has no sign for goes."""
    return text.encode("cp1252", "ignore").decode("cp1252")


def pictures(page: Page, dpi: int, *, grain: bool) -> list[Any]:
    """Return the page's pictures, rows of grey."""
    drawn = [
        each.render(scale=dpi / 72, grayscale=True).to_numpy() for each in PdfDocument(page.data)
    ]
    return [_grained(each, dpi) if grain else each for each in drawn]


def _grained(picture: Any, seed: int) -> Any:
    """Grey paper, grain and specks."""
    chance = np.random.default_rng(seed)
    grey = 40 + picture.reshape(picture.shape[:2]).astype(np.float32) * 0.75
    grey += chance.normal(0, 10, grey.shape)
    specks = chance.random(grey.shape) < 0.0003
    grey[specks] = chance.integers(0, 255, int(specks.sum()))
    return np.clip(grey, 0, 255).astype(np.uint8)


def as_pdf(drawn: Sequence[Any]) -> bytes:
    """Return a PDF of these pictures."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for picture in drawn:
        height, width = picture.shape[:2]
        packed = compress(picture.tobytes())
        head = (
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
            b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n"
        )
        objects.append(head % (width, height, len(packed)) + packed + b"\nendstream")
        shown = b"%d 0 0 %d 0 0 cm /I Do" % (WIDTH, HEIGHT)
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown))
        kids.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</XObject<</I %d 0 R>>>>"
            b"/Contents %d 0 R>>" % (WIDTH, HEIGHT, len(objects) - 1, len(objects))
        )
    objects[1] = b"<</Type/Pages/Kids[%b]/Count %d>>" % (
        b" ".join(b"%d 0 R" % kid for kid in kids),
        len(kids),
    )
    body = b"".join(b"%d 0 obj%b\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def ours(drawn: Sequence[Any]) -> list[str]:
    """Read a PDF of them as Depesche does."""
    try:
        article = parse(as_pdf(drawn), "scan.pdf")
    except ArticleFault as fault:
        print(fault)
        return []
    names = f"Von {' und '.join(article.byline)}" if article.byline else ""
    return f"{article.kicker} {article.headline} {names} {article.lead} {article.body}".split()


def alone(drawn: Sequence[Any], dpi: int) -> str:
    """Return the text that tesseract writes."""
    return "\n".join(_tesseract(picture, dpi) for picture in drawn)


def _tesseract(picture: Any, dpi: int) -> str:
    height, width = picture.shape[:2]
    run = ["tesseract", "stdin", "stdout", "-l", "deu", "--dpi", str(dpi)]
    pnm = b"P5 %d %d 255\n%b" % (width, height, picture.tobytes())
    return subprocess.run(
        run,
        input=pnm,
        capture_output=True,
        check=True,
        env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/opt/homebrew/bin"},
    ).stdout.decode()


def in_order(wanted: Sequence[str], given: Sequence[str]) -> float:
    """Return F of the words of the longest common run."""
    blocks = SequenceMatcher(None, wanted, given, autojunk=False).get_matching_blocks()
    return 2 * sum(block.size for block in blocks) / max(1, len(wanted) + len(given))


def whole(page: Page, given: Sequence[str]) -> float:
    """Return how many of the words that the page breaks are whole."""
    bare = [_EDGES.sub("", word) for word in given]
    wanted = Counter(_EDGES.sub("", word) for word in page.broken)
    return (wanted & Counter(bare)).total() / max(1, wanted.total())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--dpi", type=int, nargs="*", default=list(_DPI))
    parser.add_argument("--wrong", action="store_true", help="show what is read otherwise")
    chosen = parser.parse_args()
    figures: list[Figure] = []
    all_pages = list(made(chosen.articles))
    for dpi in chosen.dpi:
        for kind in ("clean", "scanned"):
            figures += _figures(
                dpi, kind, [page for k, page in all_pages if k == kind], wrong=chosen.wrong
            )
    print(table(figures))


def _figures(dpi: int, kind: str, pages: Sequence[Page], *, wrong: bool) -> list[Figure]:
    scores: dict[str, list[float]] = {}
    seconds, count = 0.0, 0
    for page in pages:
        drawn = pictures(page, dpi, grain=kind == "scanned")
        begin = time.monotonic()
        read = ours(drawn)
        seconds, count = seconds + time.monotonic() - begin, count + len(drawn)
        raw = alone(drawn, dpi)
        joined = re.sub(r"-\n(?=[a-zäöüß])", "", raw).split()
        for who, words in (
            ("Depesche", read),
            ("tesseract", raw.split()),
            ("tesseract, lines joined", joined),
        ):
            scores.setdefault(f"{who}, words in order", []).append(in_order(page.words, words))
            scores.setdefault(f"{who}, broken words whole", []).append(whole(page, words))
        if wrong:
            _show(page.words, read)
    return [
        *(
            Figure(
                f"{dpi} dpi, {kind}: {what}",
                mean(each),
                0.98 if what == "Depesche, words in order" else None,
                f"least {min(each):.3f}",
            )
            for what, each in scores.items()
        ),
        Figure(
            f"{dpi} dpi, {kind}: Depesche, seconds a page", seconds / count, None, f"{count} pages"
        ),
    ]


def _show(wanted: Sequence[str], given: Sequence[str]) -> None:
    for how, a, b, c, d in SequenceMatcher(None, wanted, given, autojunk=False).get_opcodes():
        if how != "equal":
            print(f"  {' '.join(wanted[a:b])!r} -> {' '.join(given[c:d])!r}")


if __name__ == "__main__":
    main()
