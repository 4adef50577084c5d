"""The program tesseract, where this system has it with German."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from articles.limits import MEBIBYTE
from extraction.confined.program import Failed, Program

LANGUAGE = "deu"
INSTALL = (
    "Install tesseract with German (Debian, Ubuntu: `apt install tesseract-ocr tesseract-ocr-deu`;"
    " Fedora: `dnf install tesseract tesseract-langpack-deu`; macOS: `brew install tesseract"
    " tesseract-lang`)"
)
_MEMORY = 1536 * MEBIBYTE
_START = 60.0


class Missing(Exception):
    """There is none that can read; says why."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """One that has German."""

    program: Program

    def hocr(self, picture: bytes, dpi: int, seconds: float) -> str:
        """Return the words of a picture (PNM) and their places, as hOCR.

        Raises ``Late`` and ``Failed`` as ``Program.run`` does.
        """
        words = ("stdin", "stdout", "-l", LANGUAGE, "--dpi", str(dpi))
        hocr = self.program.run((*words, "-c", "tessedit_create_hocr=1"), picture, seconds, _MEMORY)
        return hocr.decode("utf-8", "replace")


def tesseract() -> Tesseract:
    """Return the first on the PATH. Raises ``Missing``, and ``OSError`` as ``Program.run`` does."""
    path = shutil.which("tesseract")
    if path is None:
        raise Missing("tesseract is not installed")
    data = os.environ.get("TESSDATA_PREFIX", "")
    return _tried(str(Path(path).absolute()), str(Path(data).absolute()) if data else "")


@lru_cache(maxsize=4)
def _tried(path: str, data: str) -> Tesseract:
    """Only one that works is remembered: the others may be mended meanwhile."""
    environment = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}  # it may begin no thread
    if data:
        environment["TESSDATA_PREFIX"] = data
    program = Program(path, environment, (data,) if data else ())
    try:
        languages = program.run(("--list-langs",), b"", _START, _MEMORY)
    except Failed as fault:
        raise Missing(f"{path} does not work: {fault}") from fault
    if LANGUAGE not in languages.decode("utf-8", "replace").split():
        raise Missing(f"{path} has no German ({LANGUAGE})")
    return Tesseract(program)
