"""The annotated news articles of ``DATA/ner/news``: text, names, and which of them are held out.

Two archives carry the same information, a file an article: ``wikinews-850.tar.xz`` has a table
beside each text (``LABEL <TAB> name <TAB> surface | surface#2``), ``written-432.tar.xz`` marks in
the text (``{LABEL:surface=name}``; of a compound only the part: ``{ORGpart:Nato}-Gipfel``). The
labels are PER, LOC, ORG and MISC, the same with ``part`` for names inside compounds, and
``LOCderiv`` for adjectives and inhabitants of places.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

FULL = ("PER", "LOC", "ORG", "MISC")
PARTS = ("train", "dev", "test")
FOLDER, ARCHIVES = Path("ner") / "news", ("wikinews-850.tar.xz", "written-432.tar.xz")
Part = Literal["train", "dev", "test"]

_MARK = re.compile(
    r"\{(PERpart|LOCpart|ORGpart|MISCpart|LOCderiv|PER|LOC|ORG|MISC):([^{}=]+)(?:=([^{}]+))?\}"
)
_LETTER = r"[^\W\d_]"
#: Of 16 articles 2 are held out, and 2 choose between models.
_SHARES, _TEST, _DEV = 16, (0, 1), (2, 3)


class Name(NamedTuple):
    """Characters ``start:end`` of a text, their label and canonical name."""

    start: int
    end: int
    label: str
    name: str


class Row(NamedTuple):
    """An entity by one of its surfaces; ``occurrences`` (from 1) if only some are meant."""

    label: str
    name: str
    surface: str
    occurrences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """An article: ``stem`` of its file, raw text, and its names as rows and as spans."""

    stem: str
    text: str
    rows: tuple[Row, ...]
    names: tuple[Name, ...]

    @property
    def kind(self) -> str:
        """``a`` to ``h``, the kinds of the written ones, or ``wikinews``."""
        return "wikinews" if self.stem.isdigit() else self.stem[0]


def part_of(stem: str) -> Part:
    """Return what an article serves for, by its name alone: the same on every machine."""
    share = hashlib.sha256(stem.encode()).digest()[0] % _SHARES
    return "test" if share in _TEST else "dev" if share in _DEV else "train"


def articles(data: Path, *parts: Part) -> list[Marked]:
    """Return the articles of these parts, all if none is named.

    Raises ``FileNotFoundError`` if an archive is missing.
    """
    read = (article for name in ARCHIVES for article in _archive(data / FOLDER / name))
    return [article for article in read if not parts or part_of(article.stem) in parts]


def _archive(path: Path) -> Iterator[Marked]:
    files: dict[str, str] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            if file := archive.extractfile(member) if member.isfile() else None:
                files[Path(member.name).name] = file.read().decode("utf-8")
    for name in sorted(files):
        stem, dot, ending = name.rpartition(".")
        if ending == "txt":
            table = files.get(f"{stem}{dot}tsv")
            yield inline(stem, files[name]) if table is None else tabled(stem, files[name], table)


def inline(stem: str, marked: str) -> Marked:
    """Read an article with marks in its text."""
    out: list[str] = []
    names: list[Name] = []
    at = position = 0
    for mark in _MARK.finditer(marked):
        before = marked[at : mark.start()]
        position += len(before)
        out += [before, mark[2]]
        names.append(Name(position, position + len(mark[2]), mark[1], (mark[3] or mark[2]).strip()))
        position += len(mark[2])
        at = mark.end()
    text = "".join([*out, marked[at:]])
    rows = dict.fromkeys(Row(n.label, n.name, text[n.start : n.end]) for n in names)
    return Marked(stem, text, tuple(rows), tuple(names))


def tabled(stem: str, text: str, table: str) -> Marked:
    """Read an article with a table beside it."""
    rows = tuple(row for line in table.splitlines() for row in _rows(line))
    return Marked(stem, text, rows, tuple(spans(text, rows)))


def _rows(line: str) -> Iterator[Row]:
    cells = [cell.strip() for cell in line.split("\t")]
    for surface in cells[2].split("|") if len(cells) == len(Row._fields) - 1 else ():
        form, _, only = surface.strip().partition("#")
        numbers = tuple(int(number) for number in only.split(",") if number.isdigit())
        yield Row(cells[0], cells[1], form if numbers else surface.strip(), numbers)


def spans(text: str, rows: tuple[Row, ...]) -> list[Name]:
    """Return where the rows' surfaces stand: full names first, the longest before all others.

    Full names do not overlap; parts, whose surface is the whole compound, may lie over them.
    """
    names: list[Name] = []
    taken = [False] * len(text)
    for row in sorted(rows, key=lambda row: (row.label not in FULL, -len(row.surface))):
        pattern = rf"(?<!{_LETTER}){re.escape(row.surface)}(?!{_LETTER})"
        for number, match in enumerate(re.finditer(pattern, text), 1):
            start, end = match.span()
            if row.occurrences and number not in row.occurrences:
                continue
            if row.label in FULL:
                if any(taken[start:end]):
                    continue
                taken[start:end] = [True] * (end - start)
            names.append(Name(start, end, row.label, row.name))
    return sorted(names)
