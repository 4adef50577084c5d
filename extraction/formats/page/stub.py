"""Whether a page holds the beginning of its article alone: the rest is behind a barrier."""

from __future__ import annotations

import re

from extraction.formats.page.structured import Structured
from extraction.formats.page.tree import Element, text_of

WARNING = (
    "This page holds only a part of its article: the rest is for subscribers. Save it again when"
    " you are logged in, and drop that."
)
_BARRIER = re.compile(
    r"(?i)(?:jetzt |um |artikel |bericht |text |hier )?(?:weiter(?:zu)?lesen mit|weiterlesen\?)"
    r"|mit [\w.+ -]{2,30}(?:\+|plus|abo) (?:jetzt )?(?:weiter)?lesen"
    r"|(?:möchten|wollen) sie (?:diesen (?:artikel|text|beitrag) )?(?:weiter)?lesen"
    r"|sie (?:möchten|wollen) (?:diesen (?:artikel|text|beitrag) )?weiterlesen"
    r"|(?:exklusiv|nur|lesbar) für (?:unsere )?"
    r"(?:abonnent|\w+-abonnent|plus-|mitglieder|registrierte)"
    r"|(?:registrieren|melden) sie sich\b.{0,40}\bweiter"
    r"|(?:diesen|den ganzen|den vollständigen|ganzen) (?:artikel|text|beitrag) (?:jetzt )?"
    r"(?:weiter|frei|kauf|mit )|(?:artikel|inhalt) freischalten"
    r"|lesen sie (?:diesen artikel |jetzt )?(?:weiter|vollständig) mit"
    r"|jetzt (?:\w+ )?(?:abo(?:nnieren)?|abonnent(?:in)?|testen|freischalten|weiterlesen)\b"
    r"|(?:sie haben|bereits) (?:schon |noch kein )?(?:ein )?(?:digital-?)?abo"
    r"|dieser (?:artikel|inhalt|beitrag) ist (?:kostenpflichtig|exklusiv|nur|abonnenten)"
)
_OUTSIDE = ("nav", "header", "footer")
_HOLDING = ("p", "a", "button", "h2", "h3", "h4", "span", "strong", "div")
_SHORT, _LONGEST_LINE, _MOST_PARTS = 8, 200, 3
_VERY_FEW_WORDS, _FEW_WORDS, _MUST_BE_THERE = 120, 260, 0.6


def has_barrier(root: Element) -> bool:
    """Whether somebody is asked to pay or to register, where the article stands.

    To be asked of the whole page, before anything is taken out of it.
    """
    for element in root.iter(*_HOLDING):
        if (
            len(element) > _MOST_PARTS
            or not _SHORT <= len("".join(element.itertext())) <= _LONGEST_LINE
        ):
            continue
        if _BARRIER.search(text_of(element)) and not _is_outside(element):
            return True
    return False


def _is_outside(element: Element) -> bool:
    """Whether it stands in the head or foot of the site, not of the article."""
    within = element.iterancestors(*_OUTSIDE, "article", "main")
    return next((each.tag in _OUTSIDE for each in within), False)


def is_partial(said: Structured, barrier: bool, words: int) -> bool:
    """Whether a text of so many ``words`` is not the whole article."""
    if said.closed and said.words:
        return words < _MUST_BE_THERE * said.words
    if said.closed:
        return barrier or words < _VERY_FEW_WORDS
    return barrier and words < _FEW_WORDS
