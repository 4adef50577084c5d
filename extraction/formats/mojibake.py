"""Text that was encoded twice: ``GrÃ¼ÃŸe`` is ``Grüße``.

ftfy (Robyn Speer, 2019) knows what such text looks like and undoes it. It is asked only about lines
that have a pair of characters as UTF-8 read as Windows-1252, Mac Roman or code page 437 leaves
them, since it takes as long to read a text as all the rest of intake does.
"""

from __future__ import annotations

import re

from extraction.formats.clean import unusual_in

#: What the bytes 0x80 to 0xBF are in Windows-1252, « and » apart.
_BEHIND = "\x80-\xaa\xac-\xba\xbc-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
#: ``»Ã«`` in guillemets may be right: only within a word it is an ë.
_PAIRS = (
    rf"(?<=[\xc2-\xdf])[{_BEHIND}]|(?<=[a-z]\xc3)[«»]|(?<=\xc3)[«»][a-z]"
    rf"|(?<=[\xe0-\xef])[{_BEHIND}«»][{_BEHIND}«»]|(?<=√)[§-ø]|(?<=[├┬])[^\s\w]"
)
#: All that a pair may begin with first, which is looked for in a fraction of the time.
_TWICE = re.compile(rf"[\xc2-\xef√├┬](?:{_PAIRS})")
#: The same among unusual characters alone: where there is none of these, there is no pair.
_MAYBE = re.compile(
    rf"[\xc2-\xdf][{_BEHIND}]|\xc3[«»]|[\xe0-\xef][{_BEHIND}«»][{_BEHIND}«»]|√[§-ø]|[├┬]"
)
#: Characters of a word: it may be a whole file.
_SHOWN = 40


def unmixed(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` as it was before it was encoded twice, and a warning if it was.

    Goes line by line, so that whole ones keep a broken one from nothing. To be called before
    ``clean``, which would take characters out of the middle of the pairs.
    """
    if text.isascii() or not _MAYBE.search(unusual_in(text)) or not _TWICE.search(text):
        return text, ()
    lines = text.split("\n")
    mended = [_mended(line) if _TWICE.search(line) else line for line in lines]
    if mended == lines:
        return text, ()
    changed = [(old, new) for old, new in zip(lines, mended, strict=True) if old != new]
    old, new = _first_difference(*changed[0])
    said = f"Text that was encoded twice was mended: {old!r} is {new!r}, lines: {len(changed)}."
    return "\n".join(mended), (said,)


def _mended(line: str) -> str:
    from ftfy import TextFixerConfig, fix_encoding  # seldom needed, and never by a good file

    # A blank may be a lost byte A0, but `Ã ` may be right as well.
    return fix_encoding(line, TextFixerConfig(restore_byte_a0=False, unescape_html=False))


def _first_difference(old: str, new: str) -> tuple[str, str]:
    """Return the first words in which two lines differ, as much of them as a warning shows."""
    pairs = zip(old.split(), new.split(), strict=False)
    first, other = next((pair for pair in pairs if pair[0] != pair[1]), (old, new))
    return first[:_SHOWN], other[:_SHOWN]
