"""Write the German Wikinews articles of ``DATA/quotes`` out as article files.

    python -m benchmarks.wikinews DATA OUT            # the main format
    python -m benchmarks.wikinews DATA OUT --plain    # headline, empty line, text

The texts are CC BY 2.5; they serve to measure and are no part of this project.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ARCHIVE = "quotes/wikinews-quotes-train-dev.tar.xz"
_NAME = re.compile(r"(?P<number>\d+) - (?P<headline>.*) \((?P<date>\d{4}-\d{2}-\d{2})\)")


class Wikinews(NamedTuple):
    """One article; ``text`` has its paragraphs separated by line ends as in the source."""

    number: str
    headline: str
    date: str
    text: str


def articles(data: Path) -> Iterator[Wikinews]:
    """All articles of the archive under the data folder."""
    with tarfile.open(data / ARCHIVE) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".json") else None
            if file is not None:
                yield _article(json.load(file))


def _article(content: dict[str, str]) -> Wikinews:
    name = _NAME.fullmatch(content["documentName"])
    if name is None:
        raise ValueError(f"no number, headline and date in {content['documentName']!r}")
    return Wikinews(name["number"], name["headline"], name["date"], content["originalText"])


def main_format(article: Wikinews) -> str:
    """The article in Depesche's main format, the first paragraph as lead."""
    paragraphs = [part.strip() for part in article.text.split("\n") if part.strip()]
    return "\n\n".join([f" date {article.date} {article.headline}", *paragraphs])


def plain_format(article: Wikinews) -> str:
    """The article as plain text: headline and paragraphs."""
    paragraphs = [part.strip() for part in article.text.split("\n") if part.strip()]
    return "\n\n".join([article.headline, *paragraphs])


def main() -> None:
    """Write one file an article."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--plain", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.data / ARCHIVE).is_file():
        sys.exit(f"{arguments.data / ARCHIVE} is not there")
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = 0
    for article in articles(arguments.data):
        text = plain_format(article) if arguments.plain else main_format(article)
        (arguments.out / f"{article.number}.txt").write_text(text, encoding="utf-8")
        written += 1
    print(f"{written} articles are in {arguments.out}")


if __name__ == "__main__":
    main()
