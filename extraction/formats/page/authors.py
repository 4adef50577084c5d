"""Who wrote an article, people and agencies, by all that its page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.formats.byline import read_byline
from extraction.formats.dateline import agencies_in
from extraction.formats.page.structured import Said

_PARTS = re.compile(r"\s*(?:[,;/|&•·()]|\s(?:und|UND|and|mit|sowie|für)\s)\s*")
_BEFORE = re.compile(
    r"(?i)\A(?:(?:(?:geschrieben|verfasst|eingestellt|gepostet|veröffentlicht|erstellt|gespeichert)\s+)?von"
    r"|by|posted by|text|ein(?:e)?\s+\w+\s+von|aufgezeichnet\s+von|autor(?:in|en)?"
    r"|redaktion|quelle|foto)\s*:?\s+"
)
_FROM = re.compile(r"(?i),?\s+(?:aus|in)\s+[A-ZÄÖÜ]\S+\Z")
_DESK = re.compile(
    r"(?i)redaktion|online|team|nachrichten|zeitung|news|agentur|presse(?:stelle|amt)|http"
    r"|super user|administrator|studio|büro|korrespondent|reporter|verlag|gmbh|dienst"
)
_CREDIT = re.compile(
    r"(?i)\(([^()]{2,40})\)\W*\Z"
    r"|(?:quellen?|mit (?:agentur)?material (?:von|der)?|agenturen)\s*:?\s+"
    r"([\w/,&\s-]{2,40})\W*\Z"
)
_ALONE = re.compile(
    r"(?:©|\(c\)|Quellen?:|Mit Material (?:von|der)|–|-|\s)*([\w/,+:&\s-]{2,60})[.\s]*\Z"
)
_NUMBER = re.compile(r",?\s*dpa:\d{6}-\d+-\d+/\d+")
_MOST, _LONGEST = 20, 300


def authors(said: Iterable[Said], lines: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of people and the agencies; ``said`` by JSON-LD counts before ``lines``."""
    people: dict[str, None] = {}
    agencies: dict[str, None] = {}
    for each in said:
        _noted(each.name, each.person, people, agencies)
    for line in lines:
        if people:
            break
        _noted(line, None, people, agencies)
    return tuple(people)[:_MOST], tuple(agencies)


def _noted(
    line: str, person: bool | None, people: dict[str, None], agencies: dict[str, None]
) -> None:
    plain = _BEFORE.sub("", line[:_LONGEST].strip())
    for part in _PARTS.split(plain):
        if written := agencies_in(part):
            agencies.update(dict.fromkeys(written))
        elif person is not False and (name := _name(part, certain=bool(person))):
            people.setdefault(name)


def _name(part: str, *, certain: bool) -> str:
    part = _FROM.sub("", _BEFORE.sub("", part.strip()))
    if _DESK.search(part):
        return ""
    byline = read_byline(f"Von {part}")
    if byline:
        return byline.names[0]
    return part if certain and " " in part and not any(map(str.isdigit, part)) else ""


def credit_of(paragraph: str) -> tuple[tuple[str, ...], bool]:
    """Return the agencies that a last paragraph names, and whether it says nothing else."""
    plain = _NUMBER.sub("", paragraph[-_LONGEST:]).strip()
    alone = _ALONE.match(plain) if len(paragraph) <= _LONGEST else None
    if alone and (agencies := agencies_in(alone[1])):
        return agencies, True
    bracket = _CREDIT.search(plain)
    agencies = agencies_in(bracket[1] or bracket[2]) if bracket else ()
    return agencies, bool(bracket and agencies and not plain[: bracket.start()].strip(" ©–-"))
