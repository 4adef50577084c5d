"""What a rule says of single words, kept: words come again, and most of them say nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

#: Words that are kept, and the letters of the longest.
_KEPT, _LONGEST = 32_768, 60


class WordKinds(dict[str, str]):
    """By word, what a rule returns for it, "" for nothing; all go when there are too many."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, word: str) -> str:
        kind = self._rule(word)
        if len(word) <= _LONGEST:
            if len(self) >= _KEPT:
                self.clear()
            self[word] = kind
        return kind

    def among(self, words: Sequence[str]) -> list[tuple[int, str]]:
        """Return index and kind of the words that have one."""
        return [(index, kind) for index, word in enumerate(words) if (kind := self[word])]
