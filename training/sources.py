"""Read the annotated sources, each in its own format, into one shape: tokens with BIO tags."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GERMEVAL = {
    "PER": "PER",
    "LOC": "LOC",
    "ORG": "ORG",
    "OTH": "MISC",
    "LOCderiv": "LOCderiv",
    "PERpart": "PERpart",
    "LOCpart": "LOCpart",
    "ORGpart": "ORGpart",
    "OTHpart": "MISCpart",
}
SILVER = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "MISC": "MISC"}
LEGAL = {
    **dict.fromkeys(("PER", "RR", "AN"), "PER"),
    **dict.fromkeys(("LD", "ST", "STR", "LDS"), "LOC"),
    **dict.fromkeys(("ORG", "UN", "INN", "GRT"), "ORG"),
    "MRK": "MISC",
}
SMARTDATA = {
    "person": "PER",
    **dict.fromkeys(("organization", "organization-company"), "ORG"),
    **dict.fromkeys(
        ("location", "location-city", "location-street", "location-route", "location-stop"), "LOC"
    ),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens and their BIO tags, of equal number; labels as in `training.samples`."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of running text with ``(start, end, label)`` in characters."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def germeval(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a GermEval 2014 file: the outer labels only.

    Derivations of people and organisations (``PERderiv``) are left out.
    """
    for block in _blocks(path.read_text("utf-8")):
        rows = [line.split("\t") for line in block if not line.startswith("#\t")]
        if rows:
            yield _sentence([r[1] for r in rows], [r[2] for r in rows], GERMEVAL)


def conll(path: Path, labels: dict[str, str]) -> Iterator[Sentence]:
    """Yield the sentences of an xz-compressed file with a token and a tag on each line."""
    for block in _blocks(lzma.decompress(path.read_bytes()).decode("utf-8")):
        rows = [line.rsplit(maxsplit=1) for line in block]
        rows = [row for row in rows if len(row) == 2]
        if rows:
            yield _sentence([r[0] for r in rows], [r[1] for r in rows], labels)


def smartdata(path: Path) -> Iterator[Line]:
    """Yield the lines of the SmartData documents with the names that lie within a line."""
    import fastavro  # whoever reads nothing of SmartData need not have it

    with path.open("rb") as file:
        for document in fastavro.reader(file):
            yield from _lines(document)


def _lines(document: Any) -> Iterator[Line]:
    mentions = [
        (m["span"]["start"], m["span"]["end"], SMARTDATA[m["type"]])
        for m in document["conceptMentions"]
        if m["type"] in SMARTDATA
    ]
    for match in re.finditer(r"[^\n]+", str(document["text"])):
        first, last = match.span()
        spans = [(a - first, b - first, n) for a, b, n in mentions if a >= first and b <= last]
        yield Line(re.sub(r"\s", " ", match.group()), tuple(spans))


def _blocks(text: str) -> Iterator[list[str]]:
    for block in re.split(r"\n[ \t\r]*\n", text):
        lines = [line.rstrip("\r") for line in block.split("\n") if line.strip()]
        if lines:
            yield lines


def _sentence(tokens: list[str], tags: list[str], labels: dict[str, str]) -> Sentence:
    """Map the labels; others become ``O``; an ``I-`` that continues nothing begins a name."""
    mapped: list[str] = []
    before = "O"
    for tag in tags:
        label = labels.get(tag[2:], "")
        inside = tag[0] == "I" and before[2:] == tag[2:]
        mapped.append(f"{'I' if inside else 'B'}-{label}" if label else "O")
        before = tag
    return Sentence(tuple(tokens), tuple(mapped))
