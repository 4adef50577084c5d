"""Word lists: those that stand in the code, and those that a package carries as files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def word_list(words: str) -> frozenset[str]:
    """Return the set of the words in ``words``, which white space parts."""
    return frozenset(words.split())


def lines(package: str, file: str) -> Iterator[str]:
    """Yield the lines of a package's data ``file`` (UTF-8), without comments and empty ones.

    A comment is a line that begins with ``#``. Raises ``FileNotFoundError``.
    """
    for line in files(package).joinpath(file).read_text("utf-8").splitlines():
        if line.strip() and line[0] != "#":
            yield line


@cache
def words_of(package: str, file: str) -> frozenset[str]:
    """Return the words of a data file; white space parts them. Read once.

    Raises as :func:`lines`.
    """
    return frozenset(word for line in lines(package, file) for word in line.split())


def rows(package: str, file: str, separator: str = "\t") -> Iterator[list[str]]:
    """Yield the fields of each line of a data file. Raises as :func:`lines`."""
    return (line.split(separator) for line in lines(package, file))


def pairs(package: str, file: str) -> dict[str, str]:
    """Return what each word of a data file maps to: the rest of its line, "" if it has none."""
    split = (line.partition(" ") for line in lines(package, file))
    return {word: rest.strip() for word, _, rest in split}
