"""Cut long texts into pieces that a pipeline can take, at paragraphs or blanks."""

from __future__ import annotations

from collections.abc import Iterator


def chunks(text: str, start: int, limit: int) -> Iterator[tuple[int, str]]:
    """Yield offset and text of consecutive pieces of ``text[start:]``, each of 1 to ``limit``
    characters.

    Cut behind the last empty line within the limit, else behind the last line end, else behind
    the last blank, else in the middle of a word.
    """
    while len(text) - start > limit:
        end = start + limit
        for mark in ("\n\n", "\n", " "):
            at = text.rfind(mark, start, end)
            # A piece of less than half the limit is only worth it at an empty line.
            if at > start and (mark == "\n\n" or at - start >= limit // 2):
                end = at + len(mark)
                break
        yield start, text[start:end]
        start = end
    if start < len(text):
        yield start, text[start:]
