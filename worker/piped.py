"""Output that goes into a file or another program: lines as they are, neither broken nor padded."""

from __future__ import annotations

import re
from typing import Any, TextIO, cast

#: Wider than any line: where nobody looks at a screen there is nothing to fit.
WIDTH = 1_000_000
# From the first blank of a run, and never back: an article may have a million of them in a row.
_PADDING = re.compile(r"(?<![ \t])[ \t]++(?=\n)")


class Unpadded:
    """A stream for text that is written a whole line or more at a time; blanks at ends of lines go.

    Rich fills the cells of a table with blanks, the last ones too.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, as a stream does."""
        return self._stream.write(_PADDING.sub("", text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def options(stream: TextIO) -> dict[str, Any]:
    """Return how Rich's ``Console`` writes to ``stream``: fitted to a terminal, else as it is."""
    if stream.isatty():
        return {"file": stream}
    return {"file": cast("TextIO", Unpadded(stream)), "width": WIDTH, "soft_wrap": True}
