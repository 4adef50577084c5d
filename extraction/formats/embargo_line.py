"""A line at the edge of a text that sets an embargo: ``+++ SPERRFRIST: Freitag, 18 Uhr +++``.

Such lines are of press offices and of people, in formats that have no field for it. A line counts
where it says nothing but until when: ``Sperrfrist: Warum Journalisten sie brechen`` is a headline.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from articles.article import Published
from extraction.formats.clean import one_line
from extraction.formats.draft import Draft
from extraction.formats.release import FREE, Told, released
from extraction.formats.text_format import lead_and_body, paragraphs
from german.dates import WrittenDate, date_at_start, read_date

#: So many lines of a text may set one, at its beginning and at its end.
_FIRST, _LAST = 5, 3
_LONGEST, _FEW, _MIDNIGHT = 160, 3, 24
_MARK = re.compile(
    r"(?i)(?:(?:achtung|bitte beachten|hinweis)\b\W{0,5}(?:redaktion(?:en)?\b\W{0,5})?)?"
    r"(?:(?P<sure>sperrfrist|sperrvermerk)|embargo(?:ed)?)\b(?P<colon>\s*[:–-])?\s*"
    r"(?P<until>(?:(?:gilt|bis|zum|frei|ab|für|until|till|for|not|before|der|die|am)\b[ :]*)*)"
    r"(?P<end>.*)"
)
_SOME = re.compile(r"(?i)sperrfrist|sperrvermerk|embargo")
#: Letters of each of them that have no other small form anywhere (as ſ is one of S).
_OF_SOME = ("perrfr", "perrverm", "embargo")
_BEFORE, _BEHIND = re.compile(r"\A[\W_]+"), re.compile(r"[*+=_!#)\]\s]+\Z")
_ZONE_IN_BRACKETS = re.compile(r"\s*\(([A-Z]{3,4})\Z")
#: Of a speech: until it begins.
_BEGINNING = re.compile(r"(?i)(?:rede|vortrags|veranstaltungs)?beginn(?: der \w{2,30})?")
_FOR_LONG = re.compile(r"(?i)(?:bis )?auf weiteres|further notice")
_DAYS = ("mo", "di tu", "mi we", "do th", "fr", "sa", "so su")
_RELATIVE = re.compile(
    r"(?i)(?:(?P<day>heute|morgen|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mo|di|mi|do|fr|sa|so)\b\.?"
    r"(?: ?(?:abend|mittag|früh))?,?\s*)?"
    r"(?:(?P<date>\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9}\b\.?)),?\s*)?"
    r"(?:(?:um|ab|at)\s+)?(?:(?P<hour>[01]?\d|2[0-4])"
    r"(?:[.:](?P<minute>[0-5]\d)(?:\s*(?:uhr|h)\b)?|\s*(?:uhr|h)\b))?"
    r"(?: mes?z| ces?t)?\W{0,3}"
)
_DAY = frozenset({"day", "second"})


def without_embargo_line(draft: Draft) -> Draft:
    """Return the draft with the embargo that such a line sets, and without the line.

    Raises ``Unreadable`` where its end cannot be told, not even by the date of the article.
    """
    if not any(map(_may_set_one, _texts(draft))):
        return draft
    lines = [line for text in _texts(draft) for line in text.split("\n") if line.strip()]
    edges = {*range(min(_FIRST, len(lines))), *range(max(0, len(lines) - _LAST), len(lines))}
    found = [(at, end) for at in sorted(edges) if (end := end_of(lines[at])) is not None]
    if not found:
        return draft
    bare = _without(draft, {lines[at] for at, _ in found})
    for _, end in found:
        bare = held_until(bare, end)
    return bare


def _may_set_one(text: str) -> bool:
    """As the pattern says, after a look that takes a tenth of its time."""
    small = text.lower()
    return any(letters in small for letters in _OF_SOME) and bool(_SOME.search(text))


def held_until(draft: Draft, end: str) -> Draft:
    """Return the draft with an embargo until then, as ``end_of`` has it. Raises ``Unreadable``."""
    if FREE.match(end):
        return draft
    return released(draft, Told(embargo=_resolved(end, draft.published)))


def end_of(line: str) -> str | None:
    """Return until when a line holds a text back, in its words; None where it does not say that.

    ``aufgehoben`` and its like are such words too.
    """
    if len(line) > _LONGEST:
        return None
    match = _MARK.fullmatch(_BEHIND.sub("", _BEFORE.sub("", one_line(line))))
    if match is None:
        return None
    end, sure = _ZONE_IN_BRACKETS.sub(r" \1", match["end"]), bool(match["sure"])
    if FREE.match(end):
        return end if match["colon"] and len(end.split()) <= _FEW else None
    if not (match["colon"] or match["until"] or (sure and end[:1].isdigit())):
        return None
    return end if _is_end(end) else _day_at_start(end) if sure else None


def _is_end(end: str) -> bool:
    relative = _RELATIVE.fullmatch(end)
    return bool(
        _is_day(read_date(end))
        or _FOR_LONG.fullmatch(end)
        or _BEGINNING.fullmatch(end)
        or (relative and any(relative.groups()))
    )


def _day_at_start(end: str) -> str | None:
    """The day of a date with more behind it (``10 Uhr für Online``), to whose end it is held."""
    read = date_at_start(end)
    known = read.published if read else None
    return known.value[:10] if known and known.precision in _DAY else None


def _is_day(read: WrittenDate) -> bool:
    return bool(read.published and read.published.precision in _DAY and not read.part)


def _resolved(end: str, published: Published | None) -> str:
    """A date, where the words mean one beside that of the article; else the words."""
    relative = _RELATIVE.fullmatch(end)
    if published is None or published.precision not in _DAY or _is_day(read_date(end)):
        return end
    day = date.fromisoformat(published.value[:10])
    if _BEGINNING.fullmatch(end):
        return day.isoformat()
    if relative is None or not any(relative.groups()):
        return end
    return _with_clock(_day(relative, day), relative)


def _day(relative: re.Match[str], day: date) -> str:
    """The first such day from that of the article on."""
    if relative["date"]:
        return _in_year(relative["date"], day)
    word = (relative["day"] or "heute").lower()
    if word in {"heute", "morgen"}:
        return (day + timedelta(days=word == "morgen")).isoformat()
    wanted = next(n for n, names in enumerate(_DAYS) if word[:2] in names.split())
    return (day + timedelta(days=(wanted - day.weekday()) % 7)).isoformat()


def _in_year(written: str, day: date) -> str:
    """A date without its year, in that of the article, or in the next."""
    for year in (day.year, day.year + 1):
        known = read_date(f"{written}{'' if written.endswith('.') else ' '}{year}").published
        if known and known.value >= day.isoformat():
            return known.value[:10]
    return written


def _with_clock(day: str, relative: re.Match[str]) -> str:
    """Of midnight (``24 Uhr``) the day, which is held to its end."""
    hour = int(relative["hour"] or _MIDNIGHT)
    return day if hour == _MIDNIGHT else f"{day}, {hour}:{relative['minute'] or '00'} Uhr"


def _texts(draft: Draft) -> tuple[str, ...]:
    return draft.kicker, draft.headline, draft.lead, draft.body


def _without(draft: Draft, lines: set[str]) -> Draft:
    """The draft without these lines; where one was its headline, what is below it is that."""
    lead, body = _text_without(draft.lead, lines), _text_without(draft.body, lines)
    kicker = "" if draft.kicker in lines else draft.kicker
    if draft.lead and not lead:  # the line stood where a lead stands
        lead, parts = lead_and_body(paragraphs(body))
        body = "\n\n".join(parts)
    if draft.headline not in lines:
        return replace(draft, kicker=kicker, lead=lead, body=body)
    first, *parts = paragraphs(f"{lead}\n\n{body}") or [draft.headline]
    headline, _, rest = first.partition("\n")
    lead, parts = lead_and_body([*filter(None, [rest.strip()]), *parts])
    return replace(draft, kicker=kicker, headline=headline, lead=lead, body="\n\n".join(parts))


def _text_without(text: str, lines: set[str]) -> str:
    kept = "\n".join(line for line in text.split("\n") if line not in lines)
    return "\n\n".join(paragraphs(kept))
