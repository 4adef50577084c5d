"""The one reader of word lists."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from german.wordlist import lines, pairs, rows, word_list, words_of


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the name of a package that carries some lists."""
    folder = tmp_path / "listed_words"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "words.txt").write_text("# a remark\n\nHaus Hof\n  \nÄmter\n", "utf-8")
    (folder / "data" / "rows.tsv").write_text("a\tb\t\n\tc\td\n", "utf-8")
    (folder / "pairs.txt").write_text("Anna f\nKim\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder.name
    sys.modules.pop(folder.name, None)


def test_comments_and_empty_lines_are_left_out(package: str) -> None:
    assert list(lines(package, "words.txt")) == ["Haus Hof", "Ämter"]
    assert words_of(package, "words.txt") == {"Haus", "Hof", "Ämter"}


def test_empty_fields_stay(package: str) -> None:
    assert list(rows(package, "data/rows.tsv")) == [["a", "b", ""], ["", "c", "d"]]


def test_a_word_may_map_to_nothing(package: str) -> None:
    assert pairs(package, "pairs.txt") == {"Anna": "f", "Kim": ""}


def test_a_file_that_is_not_there(package: str) -> None:
    with pytest.raises(FileNotFoundError):
        list(lines(package, "missing.txt"))


def test_words_in_the_code() -> None:
    assert word_list("\n  Haus\n Hof Haus ") == {"Haus", "Hof"}
