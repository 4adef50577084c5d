"""The library's parser of mails, with an end to what costs it time out of all proportion."""

from __future__ import annotations

from collections.abc import Callable
from email.feedparser import BufferedSubFile, BytesFeedParser  # type: ignore[attr-defined]
from email.message import Message
from email.policy import Compat32
from typing import Any

from articles.errors import Unreadable

ADVICE = "Save its text as plain text with the headline as its first line and the ending .txt."
#: What tells how a part is put together is read in time that grows with the square of its length;
#: the first of them by the parser itself, in each part. The longest name of a file fits.
LONGEST_TOLD, _READ_AT_ONCE = 2_500, "content-type"
#: How a line begins that may end a part with its boundary; and what a report's field ends with,
#: and nothing else does (RFC 2046, 3464).
_BOUNDARY, _EMPTY = "--", ("\r", "\n")
_PIECE = 65_536
_Ends = Callable[[str], Any]


class _Policy(Compat32):
    """The library's, with an end to the field that tells how a part is put together."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if name.strip().lower() == _READ_AT_ONCE and len(value) > LONGEST_TOLD:
            said = f"Its field {name[:40]} has more than {LONGEST_TOLD:,} characters."
            raise Unreadable(said, ADVICE)
        return name, value


class _Lines(BufferedSubFile):  # type: ignore[misc]
    """The lines of a mail. Only such as can end a part are held against all parts around them.

    The library asks of each line whether it ends any of them: 20 MB within 150 parts took 22 s, and
    a MiB of empty lines within 100 parts took 17.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[_Ends] = []
        self._ended_by_empty: list[_Ends] = []
        super().push_eof_matcher(self._ends_a_part)

    def push_eof_matcher(self, pred: _Ends) -> None:
        self._parts.append(pred)
        self._ended_by_empty += [pred] if pred("\n") else []

    def pop_eof_matcher(self) -> _Ends:
        last = self._parts.pop()
        if self._ended_by_empty and self._ended_by_empty[-1] is last:
            self._ended_by_empty.pop()
        return last

    def _ends_a_part(self, line: str) -> bool:
        if line.startswith(_EMPTY):
            return bool(self._ended_by_empty)
        return line.startswith(_BOUNDARY) and any(ends(line) for ends in reversed(self._parts))


def parsed(data: bytes) -> Message:
    """Read a mail with the parts that it has. Raises ``Unreadable`` and what the library does.

    It is for the caller to ``refuse_many_parts`` before.
    """
    parser = BytesFeedParser(policy=_Policy())
    parser._input = _Lines()  # type: ignore[attr-defined]
    for start in range(0, len(data), _PIECE):
        parser.feed(data[start : start + _PIECE])
    mail: Message = parser.close()
    return mail
