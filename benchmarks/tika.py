"""What Apache Tika makes of files: its text and metadata, all files in one run of its program.

The program is no part of the project. Maven brings it:
``mvn org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy
-Dartifact=org.apache.tika:tika-app:3.2.2:jar -DoutputDirectory=DIR``.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_TITLES = ("dc:title",)
_DATES = ("article:published_time", "dcterms:created", "dcterms:modified")
_AUTHORS = ("dc:creator", "author", "article:author")


@dataclass(frozen=True, slots=True)
class Tika:
    """What it says of a file: its plain text, and what its metadata name."""

    text: str = ""
    title: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()


def read_all(jar: Path, files: Mapping[str, bytes]) -> dict[str, Tika]:
    """Return what it says of each file, by its name with its ending."""
    with TemporaryDirectory(prefix="depesche-tika-") as place:
        given, said = Path(place) / "in", Path(place) / "out"
        given.mkdir()
        for name, data in files.items():
            (given / name).write_bytes(data)
        run = ["java", "-jar", str(jar.absolute()), "-J", "-t", "-i", str(given), "-o", str(said)]
        subprocess.run(run, check=True, capture_output=True, cwd=place)
        return {name: _told(said / f"{name}.json") for name in files}


def _told(path: Path) -> Tika:
    if not path.exists():
        return Tika()
    whole: dict[str, Any] = json.loads(path.read_text("utf-8"))[0]
    authors = next((whole[name] for name in _AUTHORS if whole.get(name)), ())
    return Tika(
        str(whole.get("X-TIKA:content", "")),
        next((str(whole[name]) for name in _TITLES if whole.get(name)), ""),
        next((str(whole[name]) for name in _DATES if whole.get(name)), ""),
        (authors,) if isinstance(authors, str) else tuple(authors),
    )
