"""People called by a nickname between their names: ``Jonas „Adler“ Muster`` is one name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from articles.article import Mention
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.gazetteer import shipped as gazetteer

_WHOLE = re.compile(
    r"(?P<first>[A-ZÄÖÜ][\w’-]+) [„\"»“‚'][A-ZÄÖÜ][\w -]{1,24}[“\"«”‘'] (?P<last>[A-ZÄÖÜ][\w’-]+)"
)


def with_nicknames(mentions: Sequence[Mention], texts: Mapping[str, str]) -> list[Mention]:
    """Return the mentions, those within such a name replaced by the whole name."""
    whole = [longer for m in mentions if m.label == "PER" and (longer := _whole(m, texts))]
    if not whole:
        return [*mentions]
    kept = [m for m in mentions if not any(_overlap(m, name) for name in whole)]
    return [*kept, *whole]


def _whole(mention: Mention, texts: Mapping[str, str]) -> Mention | None:
    """Return the name that begins where a mention of its first part does."""
    match = _WHOLE.match(texts.get(mention.field, ""), mention.start)
    if not match or mention.end > match.end() or match["first"] not in gazetteer().first_names:
        return None
    if match["last"] not in gazetteer().surnames and is_common_noun(match["last"]):
        return None
    return replace(mention, name=match[0], surface=match[0], end=match.end())


def _overlap(mention: Mention, name: Mention) -> bool:
    same = mention.field == name.field
    return same and mention.start < name.end and name.start < mention.end
