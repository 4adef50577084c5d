"""Read the expressions of time in a text."""

from __future__ import annotations

from functools import cache

from articles.article import Published
from extraction.analysed_text import AnalysedField
from extraction.temporal import joined
from extraction.temporal.anchor import anchor_of
from extraction.temporal.grammar import Reading, Rule
from extraction.temporal.joined import Read
from extraction.temporal.match import PatternMatch
from extraction.temporal.mention import TimeMention
from extraction.temporal.period import Period
from extraction.temporal.rules import RULES
from extraction.temporal.scene import Scene
from extraction.temporal.tense import sentence
from extraction.temporal.token import CodedTokens, symbol, tokenise
from german.wordlist import word_list

_OPENING = word_list(
    """
    Start Beginn Auftakt Eröffnung begann begannen beginnt beginnen begonnen startete starteten
    startet starten gestartet eröffnete eröffnet los
    """
)
#: What stands before a day that a time begins or ends with.
_BOUNDS = frozenset(map(symbol, ("BIS", "AB", "SEIT", "DASH")))


def read_dates(text: str | AnalysedField, anchor: Published | None) -> list[TimeMention]:
    """Return the expressions of time in a German text in order; they do not overlap.

    ``anchor`` is the date of publication. Where it is too coarse, or none, what is counted from
    it stays unresolved: with ``2024-06`` the words ``am Mittwoch`` have no range, ``im
    vergangenen Jahr`` is 2023. A bare weekday or month is the last one up to the anchor unless
    the verbs of its clause speak of the future; a bare day of a month is the nearest one.
    ``am Tag darauf`` is counted from the last date read before it. Never raises; takes time
    linear in the length of the text.
    """
    tokens = tokenise(text)
    scene = Scene(tokens, anchor_of(anchor))
    return [_mention(tokens, read) for read in joined.join(tokens, _readings(tokens, scene))]


def _readings(tokens: CodedTokens, scene: Scene) -> list[Read]:
    """Go through the text, take the longest expression at each place and remember it."""
    paragraph = symbol("PARA")
    reads: list[Read] = []
    behind = 0
    for at in sorted(tokens.lexemes):
        if tokens.codes[at] == paragraph:
            scene.last_day = None
        able = _able(tokens.codes[at : at + 2]) if at >= behind else ()
        read = _longest(tokens, scene, able, at) if able else None
        if read:
            reads.append(read)
            behind = read.end
            _remember(scene, read)
    return reads


def _longest(tokens: CodedTokens, scene: Scene, rules: tuple[Rule, ...], at: int) -> Read | None:
    matches = ((rule, rule.pattern.match(tokens.codes, at)) for rule in rules)
    fitting = [(match.end(), rule, match) for rule, match in matches if match]
    for end, rule, match in sorted(fitting, key=lambda match: -match[0]):
        reading = rule.make(PatternMatch(tokens, match), scene)
        if reading:
            return Read(at, end, reading)
    return None


def _remember(scene: Scene, read: Read) -> None:
    """Keep what later expressions count from; hours belong to no day that only bounds a time."""
    period, kind = read.reading.period, read.reading.kind
    if period.first and kind in ("date", "time"):
        scene.last = period
    if kind == "time" and period.first and period.first == period.last:
        scene.last_day, scene.day_end = period.first, read.end  # `am Montagabend, um 20 Uhr`
    if kind in ("time", "duration") or (kind == "date" and not period.precision):
        return
    bounds = scene.tokens.codes[max(0, read.start - 2) : read.start]
    single = kind == "date" and period.precision == "day" and period.first == period.last
    said = single and not _BOUNDS & set(bounds) and not _is_listed(scene, read)
    scene.last_day = period.first if said else None
    scene.day_end = read.end
    if said and sentence(scene.tokens, read.start, read.end) & _OPENING:
        scene.opening = period.first


def _is_listed(scene: Scene, read: Read) -> bool:
    """Tell a weekday by itself, as in opening hours: ``Samstag 10 bis 12 Uhr``."""
    alone = read.end - read.start == 1 and scene.tokens.codes[read.start] == symbol("WDAY")
    named = scene.tokens.code(read.start - 1) == symbol("AM")
    return alone and not named and scene.last_day != read.reading.period.first


@cache
def _able(codes: str) -> tuple[Rule, ...]:
    """Return the rules that may match where tokens of these two classes stand, or a last one."""
    return tuple(
        rule
        for rule in RULES
        if codes[0] in rule.starts and (not rule.seconds or codes[1:] in rule.seconds)
    )


def _mention(tokens: CodedTokens, read: Read) -> TimeMention:
    reading = read.reading
    parts = tuple(
        _of(tokens, start, end, Reading(reading.kind, period))
        for start, end, period in reading.ends
    )
    return _of(tokens, read.start, read.end, reading, parts)


def _of(
    tokens: CodedTokens,
    first: int,
    behind: int,
    reading: Reading,
    parts: tuple[TimeMention, ...] = (),
) -> TimeMention:
    start, end = tokens.starts[first], tokens.ends[behind - 1]
    period: Period = reading.period
    return TimeMention(
        start=start,
        end=end,
        surface=tokens.text[start:end],
        kind=reading.kind,
        value=period.value,
        first=period.first.isoformat() if period.first else "",
        last=period.last.isoformat() if period.last else "",
        precision=period.precision,
        parts=parts,
    )
