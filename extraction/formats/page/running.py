"""The paragraphs of a page: which are of the article, and which of them is its lead."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.formats.clean import clean
from extraction.formats.markup import without_markup
from extraction.formats.page.authors import credit_of
from extraction.formats.page.dates import is_date_line
from extraction.formats.page.heading import Heading
from extraction.formats.page.structured import Structured
from extraction.formats.text_format import lead_and_body, paragraphs

_WORD = re.compile(r"\w+")
_LEAD_AT_LEAST, _LONGEST_VALUE = 40, 2_000
#: JSON-LD's text is taken where it is longer by this.
_MORE = 1.5
#: What follows a press release: whom to ask, who has sent it.
_TAIL = re.compile(
    r"(?:Presse|Medien)?(?:kontakt|anfragen)\b.{0,20}:|Rückfragehinweis|Original-Content von:"
)
_SHORT, _MOST_OF_TAIL = 400, 12
#: How a paragraph begins that leads away from the article, or stands below a picture.
_HINT = re.compile(
    r"(?i)(?:lesen sie (?:auch|dazu|mehr|hier|außerdem|weiter|jetzt)|siehe auch|auch interessant"
    r"|mehr (?:zum thema|dazu|lesen)|passend (?:dazu|zum thema)|zum (?:artikel|thema|video)\b"
    r"|das könnte (?:sie|dich) (?:auch )?interessieren|weitere (?:meldungen|artikel|nachrichten)"
    r"|(?:fotos?|bild|grafik|video|quelle|bildquelle)\s*:|\((?:foto|bild|grafik|quelle)\s*:|©"
    r"|(?:anzeige|werbung|(?:artikel )?teilen|drucken|merken|newsletter|zurück|nach oben|mehr"
    r"|(?:zur )?startseite|weiterlesen|(?:\d+ )?kommentare?)\W*\Z"
    r"|(?:über )?dieses thema (?:im programm|berichtet)|folgen sie uns|diesen artikel teilen"
    r"|empfohlener (?:redaktioneller|externer) inhalt|an dieser stelle (?:finden|befindet|steht)"
    r"|(?:\d+ )?min(?:uten)? lesezeit|lesezeit\b|(?:ihr|dein) kommentar"
    r"|hier (?:geht es|geht's|finden sie|klicken))"
)
_LONGEST_HINT = 220
_SIGNED = re.compile(r"\([^()]{4,80}\)\Z")


def lead_of(heading: Heading, body: list[str], described: Iterable[str]) -> tuple[str, list[str]]:
    """Return the lead and the rest: what is marked as one, what the page's description repeats."""
    if heading.lead:
        rest = body[1:] if body and _same(body[0], heading.lead) else body
        return heading.lead, rest
    for description in described:
        short = description.rstrip(" .…")
        if len(short) >= _LEAD_AT_LEAST and body[1:] and body[0].startswith(short[:_LONGEST_VALUE]):
            return body[0], body[1:]
    return lead_and_body(body)


def cleaned(body: list[str], heading: Heading, people: Iterable[str]) -> list[str]:
    """Return the paragraphs without empty ones, and without what the head says once more.

    A last one in brackets that names one of the ``people`` who wrote it is no paragraph either.
    """
    signed = [name.rpartition(" ")[2] for name in people]
    told = {_plain(text) for text in (heading.headline, heading.kicker, *heading.bylines)}
    kept = [clean(paragraph).strip() for paragraph in body]
    kept = [p for p in kept if p and _plain(p) not in told and not is_beside(p)]
    if kept[1:] and _SIGNED.match(kept[-1]) and any(a in kept[-1] for a in signed):
        kept.pop()
    tail = next((at for at, p in enumerate(kept) if at and _TAIL.match(p)), len(kept))
    short = all(len(p) <= _SHORT for p in kept[tail:]) and len(kept) - tail <= _MOST_OF_TAIL
    return kept[:tail] if short else kept


def is_beside(paragraph: str) -> bool:
    """Whether a paragraph is none of the article: a date, a hint at another one, a credit."""
    if credit_of(paragraph)[0]:
        return False
    hint = len(paragraph) <= _LONGEST_HINT and _HINT.match(paragraph)
    return bool(hint) or is_date_line(paragraph)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def longer(body: list[str], said: Structured) -> list[str]:
    """Return the text that JSON-LD has, where it is much longer: the page shows a part alone."""
    if len(said.body) <= _MORE * sum(map(len, body)):
        return body
    plain, _ = without_markup(clean(said.body))
    parts = paragraphs(plain)
    return parts if len(parts) > 1 else [line.strip() for line in plain.split("\n") if line.strip()]


def without_credit(body: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the paragraphs without a last one that names agencies alone, and these."""
    if not body:
        return body, ()
    agencies, alone = credit_of(body[-1])
    return (body[:-1] if alone and body[1:] else body), agencies
