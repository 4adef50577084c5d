"""Read the gold names in ``tests/gold/names``: short articles with annotated mentions.

An article begins with ``=== ID``; its first line is the headline. A mention is written
``[SURFACE|LABEL ENTITY]`` or, with a role, ``[SURFACE|LABEL ENTITY; ROLE; OF]``: ``ENTITY`` is an
id within the article, ``ROLE`` the role in the nominative, ``OF`` the id of another entity of the
article or, failing that, a name; either may be empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from articles.article import Label

FOLDER = Path(__file__).parents[1] / "tests" / "gold" / "names"
_ARTICLE = re.compile(r"^=== *(\S+) *\n", re.MULTILINE)
_MENTION = re.compile(r"\[([^\[\]|]+)\|(PER|LOC|ORG|MISC) ([\w-]+)(?:;([^;\]]*)(?:;([^\]]*))?)?\]")


@dataclass(frozen=True, slots=True)
class GoldMention:
    """``entity`` at ``start`` to ``end`` of ``field``, in characters."""

    label: Label
    entity: str
    field: str
    start: int
    end: int
    role: str = ""
    role_of: str = ""


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """The texts of an article by field, and its mentions."""

    key: str
    texts: dict[str, str]
    mentions: tuple[GoldMention, ...]


def articles(part: str) -> list[GoldArticle]:
    """Return the articles of a part: ``first``, ``second`` or ``third``."""
    pieces = _ARTICLE.split((FOLDER / f"{part}.txt").read_text("utf-8"))
    return [_article(*pair) for pair in zip(pieces[1::2], pieces[2::2], strict=True)]


def _article(key: str, written: str) -> GoldArticle:
    headline, _, body = written.strip().partition("\n")
    texts, mentions = {}, list[GoldMention]()
    for field, marked in (("headline", headline), ("body", body.strip())):
        texts[field], mentions_of_field = _unmarked(field, marked)
        mentions += mentions_of_field
    return GoldArticle(key, texts, tuple(mentions))


def _unmarked(field: str, marked: str) -> tuple[str, list[GoldMention]]:
    """Return the text without marks, and the mentions in it. Raises ``ValueError`` for a slip."""
    text, mentions, at = "", [], 0
    for match in _MENTION.finditer(marked):
        text += marked[at : match.start()]
        surface, label, entity, role, of = match.groups(default="")
        bounds = (len(text), len(text) + len(surface))
        mentions.append(
            GoldMention(cast("Label", label), entity, field, *bounds, role.strip(), of.strip())
        )
        text, at = text + surface, match.end()
    text += marked[at:]
    if re.search(r"[\[\]|]", text):
        raise ValueError(f"a mention is not well written in {text!r}")
    return text, mentions
