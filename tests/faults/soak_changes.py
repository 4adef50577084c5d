"""Articles of the soak that change: corrected, out of order, under one path, out of containers.

Each text has a mark of its own (``den Fall 17-2``: the second text of article 17), by which it is
known wherever its bytes lie.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from py7zr import SevenZipFile

from extraction.formats.identity import document_key

MARK = re.compile(rb"den Fall (\d+(?:-\d+)?)\.")
#: Members of a container of the soak.
MEMBERS = 5
#: Seconds until the next text of an article comes, at most; and until one is withdrawn.
SOON, LATER = 12.0, 30.0


@dataclass(frozen=True, slots=True)
class Shares:
    """Of all articles: those that change, come in containers, or lie in a mirror."""

    corrected: float = 1 / 3
    withdrawn: float = 0.1
    contained: float = 0.15
    mirrored: float = 0.1


@dataclass(slots=True)
class Text:
    """One text of an article, and where it was dropped: ``name`` is "" until then."""

    mark: str
    content: bytes
    parts: dict[str, str] = field(default_factory=dict)
    name: str = ""
    container: str = ""


@dataclass(slots=True)
class Piece:
    """An article with its texts in the order in which they come; ``newest`` is the mark of one."""

    number: int
    id: str  #: of its document; "" where only its content tells
    texts: list[Text]
    newest: str
    path: str = ""  #: under which all its texts come; "": each under its own
    withdraw: bool = False
    purge: bool = False
    restore: bool = False
    state: str = "current"  #: or ``withdrawn``, ``purged``, ``restored``


def mark_of(content: bytes) -> str:
    """Which text of which article these bytes hold, or ""."""
    found = MARK.search(content)
    return found.group(1).decode() if found else ""


def number_of(mark: str) -> int:
    """Which article."""
    return int(mark.partition("-")[0])


def piece(number: int, dice: random.Random, body: str, corrected: bool) -> Piece:
    """An article with an id, a URL or nothing but its path, and with one, two or three texts."""
    count = dice.choice([2, 2, 2, 3]) if corrected else 1
    kind = dice.choice(["id", "id", "url", "path"]) if corrected else dice.choice(["id", "url"])
    order = list(range(1, count + 1))
    marks = {k: f"{number}-{k}" for k in order}
    if kind == "path":
        texts = [Text(marks[k], plain(number, marks[k], body)) for k in order]
        return Piece(number, "", texts, marks[count], f"{number % 7}/pfad-{number:06}.txt")
    known = {"id": f"probe:{number}"} if kind == "id" else {}
    known |= {"url": f"https://beispiel.de/{number}"} if kind == "url" else {}
    counted = dice.random() < 0.5  # the source says which version each is, and they come anyhow
    if counted:
        dice.shuffle(order)
    texts = [_with_parts(known, marks[k], body, str(k) if counted else "") for k in order]
    key = document_key(source_id=known.get("id"), url=known.get("url"))
    return Piece(number, key, texts, marks[count] if counted else texts[-1].mark)


def plain(number: int, mark: str, body: str) -> bytes:
    """A text that has neither id nor URL."""
    head = f" date 2024-06-19 Probe : Messung {number}\n\nIn Dessau sprach Petra Lindenau"
    return f"{head} über den Fall {mark}.\n\n{body}".encode()


def _with_parts(known: dict[str, str], mark: str, body: str, version: str) -> Text:
    parts = {
        "headline": f"Messung {number_of(mark)}",
        "text": f"In Dessau sprach Petra Lindenau über den Fall {mark}. {body}",
        "published": "2024-06-19",
        **known,
        **({"version": version} if version else {}),
    }
    content = {("body" if name == "text" else name): value for name, value in parts.items()}
    return Text(mark, json.dumps(content, ensure_ascii=False).encode(), parts)


class Changes:
    """Drops the texts of articles one after the other, some together in a container."""

    def __init__(self, inbox: Path, dice: random.Random, shares: Shares) -> None:
        self._inbox, self._dice, self.shares = inbox, dice, shares
        self.pieces: dict[int, Piece] = {}
        self.containers: dict[str, list[Text]] = {}
        self._due: list[tuple[float, Piece, int]] = []
        self._open: list[Text] = []

    def begin(self, number: int, body: str, corrected: bool, contained: bool) -> Piece:
        """A new article: its first text comes now, the others later."""
        new = self.pieces[number] = piece(number, self._dice, body, corrected)
        self._send(new, 0, contained)
        return new

    def turn(self, *, at_once: bool = False) -> bool:
        """Drop what is due; whether anything is left. ``at_once``: what is not due yet, too."""
        due, self._due = self._due, []
        for when, one, position in due:
            ready = at_once or when <= time.monotonic()
            if ready and self._is_claimed(one.texts[position - 1]):
                self._send(one, position, self._dice.random() < self.shares.contained)
            else:
                self._due.append((when, one, position))
        if at_once and self._open:
            self._close()
        return bool(self._due or self._open)

    def _is_claimed(self, text: Text) -> bool:
        """Then a text that comes now came later. Before that it would overwrite it."""
        place = text.container or text.name
        return bool(place) and not (self._inbox / place).exists()

    def _send(self, one: Piece, position: int, contained: bool) -> None:
        text = one.texts[position]
        if contained and text.parts:
            self._open.append(text)
            if len(self._open) >= MEMBERS:
                self._close()
        else:
            text.name = one.path or f"{one.number % 7}/artikel-{one.number:06}-{position}.json"
            self._put(text.name, text.content)
        if position + 1 < len(one.texts):
            when = time.monotonic() + self._dice.uniform(0, SOON)
            self._due.append((when, one, position + 1))

    def _close(self) -> None:
        texts, self._open = self._open, []
        kind = self._dice.choice(["zip", "7z", "jsonl", "csv"])
        name = f"mappen/mappe-{len(self.containers):04}.{kind}"
        self.containers[name] = texts
        members, content = container(kind, texts)
        self._put(name, content)
        for text, member in zip(texts, members, strict=True):
            text.container, text.name = name, f"{name}/{member}"

    def _put(self, name: str, content: bytes) -> None:
        path = self._inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def container(kind: str, texts: Sequence[Text]) -> tuple[list[str], bytes]:
    """The names that its members get, and its bytes."""
    target = io.BytesIO()
    names = [f"{text.mark}.json" for text in texts]
    if kind == "zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in zip(names, texts, strict=True):
                archive.writestr(name, text.content)
        return names, target.getvalue()
    if kind == "7z":
        with SevenZipFile(target, "w") as whole:
            for name, text in zip(names, texts, strict=True):
                whole.writestr(text.content, name)
        return names, target.getvalue()
    if kind == "jsonl":
        rows = b"\n".join(text.content for text in texts)
        return [f"{row:07}.json" for row in range(1, len(texts) + 1)], rows
    columns = ["headline", "text", "published", "id", "url", "version"]
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, columns, restval="", delimiter=";")
    writer.writeheader()
    writer.writerows(text.parts for text in texts)
    return [f"{row:07}.json" for row in range(2, len(texts) + 2)], sheet.getvalue().encode()
