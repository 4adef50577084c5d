"""Pages that hold no article: walls of consent, errors, checks for robots, lists of links."""

from __future__ import annotations

import re

from articles.errors import Unreadable
from extraction.formats.page.tree import Element, text_of

_SAVE_AGAIN = (
    "Open it in a browser, wait until the article stands there, and save that page; or save its"
    " text as plain text with the ending .txt."
)
_WALL = re.compile(
    r"(?i)cookies?\b.{0,60}(?:zustimm|akzept|einwillig|einverstanden)"
    r"|(?:zustimm|einwillig)\w*.{0,60}cookies?|mit werbung (?:weiter)?lesen"
    r"|privacy (?:center|wall)|datenschutzeinstellungen|werbung und tracking"
)
_ERROR = re.compile(
    r"(?i)\b(?:404|403|410|500|502|503)\b"
    r"|(?:seite|artikel|dokument) (?:wurde )?(?:leider )?nicht (?:mehr )?"
    r"(?:gefunden|verfügbar)|not found"
    r"|access denied|zugriff verweigert|forbidden|bad gateway"
    r"|service unavailable|wartungsarbeiten"
)
_ROBOT = re.compile(
    r"(?i)just a moment|are you (?:a )?(?:human|robot)|sind sie ein mensch|captcha|bot-?schutz"
    r"|(?:aktivieren sie|enable) (?:bitte )?(?:javascript|cookies)|checking your browser"
)
_FEW_WORDS, _LONGEST_LOOK = 120, 4_000
_MOST_LINKED = 0.66


def refuse_no_article(heads: str, body: list[str], root: Element, *, sure: bool) -> None:
    """Raise ``Unreadable`` with what the page is, where it is no article.

    ``heads`` are its title and its headline. ``sure``: the page says itself that it is an article,
    so that only an empty one is refused.
    """
    words = sum(len(paragraph.split()) for paragraph in body)
    if not sure and words < _FEW_WORDS:
        text = " ".join(body) or text_of(root)[:_LONGEST_LOOK]
        for pattern, seen, what in (
            (_ROBOT, heads, "a check for robots"),
            (_ERROR, heads, "an error of a web server"),
            (_WALL, f"{heads} {text}", "a question about cookies"),
        ):
            if pattern.search(seen):
                raise Unreadable(f"This page is {what}, not an article.", _SAVE_AGAIN)
    if not words:
        raise Unreadable("This page holds no text of an article.", _SAVE_AGAIN)
    if not sure:
        _refuse_list(root, body)


def _refuse_list(root: Element, body: list[str]) -> None:
    """Raise ``Unreadable`` where most of the text is links: a home page, a list of articles."""
    text = sum(map(len, body))
    linked = {text_of(link) for link in root.iter("a")}
    within = sum(len(line) for line in body if line in linked)
    if text and within > _MOST_LINKED * text:
        raise Unreadable(
            "This page is a list of links, not an article.", "Save the articles themselves."
        )
