"""What stands around a mention in the running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from articles.article import Mention
from extraction.analysed_text import AnalysedText
from extraction.entities.nominative import DETERMINERS
from german.lexicon import Gender

#: Forms of address before a surname, with the gender that each tells.
ADDRESSES: dict[str, Gender] = {"frau": "f", "herr": "m", "herrn": "m"}
_REACH = 160
#: The last word of a text that is read from its end: a search from its start tries each letter.
#: With the ending of ``Minister:in``.
_LAST_WORD = re.compile(r"[„\"»‚'“]?[ \u00a0\n]+((?:(?:ni|r)[:*_](?=[^\W\d_]))?[^\W\d_]+)")


class Context(NamedTuple):
    """The running text of an article by field, and its mentions in reading order."""

    texts: AnalysedText
    mentions: Sequence[Mention]

    def after(self, mention: Mention) -> str:
        """Return up to 160 characters of the same paragraph behind a mention."""
        text = self.texts.get(mention.field, "")
        end = text.find("\n", mention.end, mention.end + _REACH)
        return text[mention.end : end if end >= 0 else mention.end + _REACH]


def line_before(text: str, start: int) -> str:
    """Return up to 160 characters of the same paragraph before a place in a text."""
    least = max(start - _REACH, 0)
    return text[max(text.rfind("\n", least, start) + 1, least) : start]


def word_before(text: str, start: int) -> str:
    """Return the word before a place in a text, folded, "" if a mark stands between."""
    match = _LAST_WORD.match(text[max(start - 32, 0) : start][::-1])
    return match[1][::-1].casefold() if match else ""


def determiner_before(text: str, start: int) -> str:
    """Return the article or pronoun before a place in a text, "" if there is none."""
    word = word_before(text, start)
    return word if word in DETERMINERS else ""
