"""Rules for what is counted from the anchor: ``gestern``, ``am Mittwoch``, ``nächste Woche``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extraction.temporal import feast as feasts
from extraction.temporal import period as periods
from extraction.temporal.explicit import narrowed, towards, written
from extraction.temporal.grammar import Found, Reading, Rule, lines, rules
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene, chosen
from extraction.temporal.tense import Direction

_UNKNOWN_DAY = Period("XXXX-XX-XX", "day")
_WEEK = 7
_FEAST_YEARS = 2
_SATURDAY = 6
#: Papers that are called after their day: ``Welt am Sonntag``.
_PAPERS = frozenset(["Welt", "Bild", "BILD", "NZZ", "Rundschau", "Zeitung", "Morgenpost", "Kurier"])


def of_day(day: date | None, unknown: str, part: str) -> Reading:
    """Return a day, or the part of it that ``part`` (``EV``) names."""
    period = periods.day(day) if day else Period(unknown, "day")
    if not part:
        return Reading("date", period)
    return Reading("time", replace(period, value=f"{period.value}T{part}"))


def deictic(found: Found, scene: Scene) -> Reading | None:
    """``gestern``, ``gestern Abend``, ``am heutigen Mittwoch``."""
    part = found.lexeme("part").text
    today = scene.anchor.day
    shift = found.number("shift")
    day = periods.shifted(today, shift) if today else None
    return of_day(day, _UNKNOWN_DAY.value, part)


def tomorrow(found: Found, scene: Scene) -> Reading | None:
    """``Morgen`` at the start of a sentence, where a verb follows."""
    opening = found.start == 0 or found.code_before("DOT", "PARA") or found.before() in '„»"!?:'
    if not opening or not found.after()[:1].islower():
        return None
    today = scene.anchor.day
    return of_day(periods.shifted(today, 1) if today else None, _UNKNOWN_DAY.value, "")


def weekday(found: Found, scene: Scene) -> Reading | None:
    """``am Mittwoch``, ``Dienstagabend``, ``seit Montag``."""
    if _is_name(found):
        return None
    if found.code_before("UND") and found.code_before("JED", distance=3):
        return Reading("set", Period(f"XXXX-WXX-{found.number('day')}"))
    number, same = found.number("day"), scene.last_day
    if found.code_before("EIN"):
        return _weekday(found, None)  # an einem Montag
    if same and found.code_before("COMMA", "DEICT", "LPAR") and same.isoweekday() == number:
        return _weekday(found, same)  # heute, Freitag
    return _weekday(found, scene.weekday(number, towards(found, scene)))


def related_weekday(found: Found, scene: Scene) -> Reading | None:
    """``am kommenden Freitag``, ``letzten Montag``, ``an diesem Mittwoch``."""
    today, number = scene.anchor.day, found.number("day")
    if not today:
        return _weekday(found, None)
    away = number - today.isoweekday()  # this week's
    shift = found.number("rel")
    if shift > 0:
        away = away % _WEEK or _WEEK
    elif shift < 0:
        away = away % _WEEK - _WEEK
    away += _WEEK * (shift - (1 if shift > 0 else -1)) if shift else 0
    return _weekday(found, periods.shifted(today, away))


def weekday_of_week(found: Found, scene: Scene) -> Reading | None:
    """``Mittwoch kommender Woche``."""
    if found.lexeme("unit").text != "W":
        return None
    today, number = scene.anchor.day, found.number("day")
    away = number - today.isoweekday() + _WEEK * found.number("rel") if today else 0
    return _weekday(found, periods.shifted(today, away) if today else None)


def _weekday(found: Found, day: date | None) -> Reading:
    part = found.lexeme("part").text or found.lexeme("day").text
    unknown = f"XXXX-WXX-{found.number('day')}"
    return of_day(day, unknown, part.strip("-"))


def _is_name(found: Found) -> bool:
    """Tell people and papers from days: ``Konrad Sonntag sagte``, ``der Freitag schreibt``."""
    before = found.before()
    if before == "am" and found.before(2) in _PAPERS:
        return True
    named = before[:1].isupper() and before.isalpha() and found.code_before("X")
    return named and found.end - found.start == 1 and not found.code_after("COMMA", "DASH")


def night(found: Found, scene: Scene) -> Reading | None:
    """``Nacht zum Sonntag``: the night that begins on Saturday and ends on Sunday."""
    if found.at("shift") >= 0:
        today = scene.anchor.day
        end = periods.shifted(today, found.number("shift")) if today else None
    else:
        end = scene.weekday(found.number("day"), towards(found, scene))
    start = periods.shifted(end, -1) if end else None
    if not (start and end):
        before = (found.number("day") - 2) % _WEEK + 1
        return Reading("time", Period(f"XXXX-WXX-{before}TNI", "day"))
    return Reading("time", Period(f"{start.isoformat()}TNI", "day", start, end))


def dated_night(found: Found, scene: Scene) -> Reading | None:
    """``Nacht vom 3. auf den 4. Mai``, ``Nacht zum 4. Mai``."""
    end = scene.day_of_year(found.number("month"), found.number("day"), towards(found, scene))
    if found.number("year") and end and end.first:
        end = periods.day(end.first.replace(year=found.number("year")))
    start = periods.shifted(end.first, -1) if end and end.first else None
    if not (end and start):
        return None
    return Reading("time", Period(f"{start.isoformat()}TNI", "day", start, end.first))


def part_of_date(found: Found, scene: Scene) -> Reading | None:
    """``Morgen des 17. Januar``, ``Abend des 3. Mai 2019``."""
    named = written(found, scene)
    if not named or not named.period.value:
        return None
    part = found.lexeme("part").text
    return replace(
        named, kind="time", period=replace(named.period, value=f"{named.period.value}T{part}")
    )


def related(found: Found, scene: Scene) -> Reading | None:
    """``im vergangenen Jahr``, ``nächste Woche``, ``Ende dieses Monats``."""
    unit, shift = found.lexeme("unit").text, found.number("rel")
    period = from_anchor(scene, unit, shift)
    return Reading("date", narrowed(found, period)) if period else None


def from_anchor(scene: Scene, unit: str, shift: int) -> Period | None:
    """Return the anchor's year, month, week … or one so many of them away."""
    anchor = scene.anchor
    if unit == "Y":
        return periods.year(anchor.year + shift) if anchor.year else Period("XXXX", "year")
    if unit == "M":
        now = anchor.months
        return (
            periods.month(*periods.add_months(*now, shift)) if now else Period("XXXX-XX", "month")
        )
    if unit in ("W", "WE"):
        day = periods.shifted(anchor.day, _WEEK * shift) if anchor.day else None
        return _week(day, unit)
    if unit == "D":
        day = periods.shifted(anchor.day, shift) if anchor.day else None
        return periods.day(day) if day else _UNKNOWN_DAY
    if unit == "DE" and anchor.year:
        return periods.decade(anchor.year // 10 + shift)
    if unit == "CE" and anchor.year:
        return periods.century((anchor.year - 1) // 100 + 1 + shift)
    return None


def _week(day: date | None, unit: str) -> Period:
    if unit == "W":
        return periods.week(day) if day else Period("XXXX-WXX", "week")
    return periods.weekend(day) if day else Period("XXXX-WXX-WE", "weekend")


def weekend(found: Found, scene: Scene) -> Reading | None:
    """``am Wochenende``: the last one up to the anchor, or the next."""
    today = scene.anchor.day
    if not today:
        return Reading("date", _week(None, "WE"))
    back = today.isoweekday() < _SATURDAY and towards(found, scene) != "future"
    return Reading("date", _week(periods.shifted(today, -_WEEK if back else 0), "WE"))


def related_weekend(found: Found, scene: Scene) -> Reading | None:
    """``kommendes Wochenende`` is the next to come, ``vergangenes`` the last one that is over."""
    shift, today = found.number("rel"), scene.anchor.day
    if not today:
        return Reading("date", _week(None, "WE"))
    weeks = shift - 1 if shift > 0 and today.isoweekday() < _SATURDAY else shift
    return Reading("date", _week(periods.shifted(today, _WEEK * weeks), "WE"))


def related_month(found: Found, scene: Scene) -> Reading | None:
    """``vergangenen Mai``, ``nächsten Januar``, ``Juli dieses Jahres``."""
    number, shift = found.number("month"), found.number("rel")
    now = scene.anchor.months
    if found.at("unit") >= 0:
        if found.lexeme("unit").text != "Y":
            return None
        year = scene.anchor.year
        if not year:
            return Reading("date", Period(f"XXXX-{number:02}", "month"))
        return Reading("date", narrowed(found, periods.month(year + shift, number)))
    if not now:
        return Reading("date", Period(f"XXXX-{number:02}", "month"))
    offset = (number - now[1]) % periods.MONTHS
    if shift > 0:
        offset = offset or periods.MONTHS
    elif shift < 0:
        offset -= periods.MONTHS
    else:
        offset = number - now[1]
    return Reading("date", narrowed(found, periods.month(*periods.add_months(*now, offset))))


def related_season(found: Found, scene: Scene) -> Reading | None:
    """``im vergangenen Herbst``, ``nächsten Sommer``, ``Herbst dieses Jahres``."""
    name, shift, now = found.lexeme("season").text, found.number("rel"), scene.anchor.months
    if found.at("unit") >= 0:
        if found.lexeme("unit").text != "Y" or not scene.anchor.year:
            return None
        return Reading("date", narrowed(found, periods.season(scene.anchor.year + shift, name)))
    if not now:
        return Reading("date", Period(f"XXXX-{name}", "season"))
    year, first = now[0], periods.SEASONS[name]
    if shift > 0:
        year += now[1] >= first
    elif shift < 0:
        year -= now[1] <= first + 2
    elif now[1] <= 2 and name == "WI":  # noqa: PLR2004 - the winter that began last year
        year -= 1
    return Reading("date", narrowed(found, periods.season(year, name)))


def feast(found: Found, scene: Scene) -> Reading | None:
    """``Ostern 2024``, ``Weihnachten``, ``kommenden Pfingsten``, ``Ostern vergangenen Jahres``."""
    return _feast(found, scene, found.lexeme("name").text)


def named_feast(found: Found, scene: Scene) -> Reading | None:
    """``Tag der Deutschen Einheit``, ``Mariä Himmelfahrt``."""
    name = found.lexeme("name").text.replace("_", " ")
    words = scene.tokens.text[scene.tokens.starts[found.start] : scene.tokens.ends[found.end - 1]]
    if words.startswith(("Tags ", "Tages ")):
        words = "Tag " + words.partition(" ")[2]
    wanted = {"Himmelfahrt": ("Christi Himmelfahrt", "Mariä Himmelfahrt")}.get(name, (name,))
    if not words.startswith(wanted):
        return None
    return _feast(found, scene, "Mariä Himmelfahrt" if words.startswith("Mariä") else name)


def sunday_in_advent(found: Found, scene: Scene) -> Reading | None:
    number, now = found.number("which"), scene.anchor.day
    if not (now or found.number("year")) or not 1 <= number <= 4:  # noqa: PLR2004 - Sundays
        return None
    years = _years(found.number("year"), now)
    days = [feasts.advent(number, year) for year in years]
    return Reading("date", periods.day(chosen(days, now or days[0], towards(found, scene))))


def _feast(found: Found, scene: Scene, name: str) -> Reading | None:
    year, anchor = found.number("year"), scene.anchor
    if found.at("unit") >= 0 and anchor.year:
        year = anchor.year + found.number("rel")
    if not year and not anchor.day:
        return Reading("date", Period("XXXX-XX-XX", "day"))
    found_in = [feasts.feast(name, one) for one in _years(year, anchor.day)]
    by_day = {period.first: period for period in found_in if period and period.first}
    if not by_day:
        return None
    tense: Direction = towards(found, scene)
    if found.at("rel") >= 0 and found.at("unit") < 0:
        tense = "past" if found.number("rel") < 0 else "future"
    days = [day for day in by_day if day]
    return Reading("date", by_day[chosen(days, anchor.day or days[0], tense)])


def _years(year: int, now: date | None) -> list[int]:
    middle = now.year if now else year
    return [year] if year else list(range(middle - _FEAST_YEARS, middle + _FEAST_YEARS + 1))


def edge(found: Found, scene: Scene) -> Reading | None:
    """``Jahresende``, ``zu Jahresbeginn 2023``, ``Monatsmitte``, ``Jahreswechsel``."""
    unit, _, mode = found.lexeme("edge").text.partition(".")
    year, today = found.number("year"), scene.anchor.day
    period = periods.year(year) if year else from_anchor(scene, unit, 0)
    if mode == "TURN":
        return _turn_of_year(found, scene)
    if not period:
        return None
    if unit == "Y" and today and not year and period.first:
        tense = towards(found, scene)
        narrow = periods.third(period, mode)
        if tense == "past" and narrow.first and narrow.first > today:
            period = periods.year(today.year - 1)
        elif tense == "future" and narrow.last and narrow.last < today:
            period = periods.year(today.year + 1)
    return Reading("date", periods.third(period, mode))


def _turn_of_year(found: Found, scene: Scene) -> Reading | None:
    today = scene.anchor.day
    if not today:
        return None
    days = [date(year, 12, 31) for year in _years(0, today) if 1 <= year < date.max.year]
    eve = chosen(days, today, towards(found, scene))
    return Reading("date", Period(eve.isoformat(), "day", eve, periods.shifted(eve, 1)))


def this_year(found: Found, scene: Scene) -> Reading | None:
    """``heuer``, as Austria, Bavaria and South Tyrol say."""
    period = from_anchor(scene, "Y", 0)
    return Reading("date", period) if period else None


def part_of_unit(found: Found, scene: Scene) -> Reading | None:
    """``Ende des Jahres``, ``Anfang der Woche``: of the anchor's."""
    period = from_anchor(scene, found.lexeme("unit").text, 0)
    return Reading("date", narrowed(found, period)) if period else None


RULES: list[Rule] = [
    *rules(
        deictic,
        lines("""
            shift:DEICT
            shift:DEICT part:PART|SMALLPART|FRUEH
            shift:DEICT DAYPART part:PART
            shift:DEICTADJ part:PART
            shift:DEICTADJ WDAY part:PART|SMALLPART|FRUEH?
            shift:DEICTADJ part:WDAYPART
            shift:DEICTADJ UNIT
        """),
    ),
    *rules(tomorrow, ["PART"]),
    *rules(
        weekday,
        lines("""
            day:WDAY part:PART|SMALLPART|FRUEH?
            day:WDAYPART
            DAYPART day:WDAYPART
        """),
    ),
    *rules(
        related_weekday,
        lines("""
            rel:REL|THIS day:WDAY part:PART|SMALLPART|FRUEH?
            rel:REL|THIS day:WDAYPART
        """),
    ),
    *rules(weekday_of_week, ["day:WDAY|WDAYPART DET? rel:REL|THIS unit:UNIT"]),
    *rules(
        night,
        lines("""
            PART AM|AN DET? day:WDAY
            PART VON|AM WDAY AM|AN DET? day:WDAY
            PART AM|AN shift:DEICT
        """),
    ),
    *rules(
        dated_night,
        lines("""
            PART AM|AN DET? day:SMALL DOT month:MONTH year:YEAR?
            PART VON|AM SMALL DOT AM|AN DET? day:SMALL DOT month:MONTH year:YEAR?
            PART VON|AM SMALL DOT MONTH AM|AN DET? day:SMALL DOT month:MONTH year:YEAR?
        """),
    ),
    *rules(
        part_of_date,
        lines("""
            part:PART DET day:SMALL DOT month:MONTH year:YEAR?
            DAYPART part:PART DET day:SMALL DOT month:MONTH year:YEAR?
        """),
    ),
    *rules(
        related,
        lines("""
            rel:REL|THIS unit:UNIT|CENTURY
            mode:MODE DET? rel:REL|THIS unit:UNIT|CENTURY
        """),
    ),
    *rules(weekend, ["WEEKEND"]),
    *rules(related_weekend, ["rel:REL|THIS WEEKEND"]),
    *rules(
        related_month,
        lines("""
            rel:REL|THIS month:MONTH
            mode:MODE rel:REL|THIS month:MONTH
            month:MONTH DET? rel:REL|THIS unit:UNIT
            mode:MODE month:MONTH DET? rel:REL|THIS unit:UNIT
        """),
    ),
    *rules(
        related_season,
        lines("""
            rel:REL|THIS season:SEASON
            mode:MODE DET? rel:REL|THIS season:SEASON
            season:SEASON DET? rel:REL|THIS unit:UNIT
        """),
    ),
    *rules(
        feast,
        lines("""
            name:FEAST year:YEAR?
            rel:REL|THIS name:FEAST
            name:FEAST DET? rel:REL|THIS unit:UNIT
        """),
    ),
    *rules(
        named_feast,
        lines("""
            X name:FEAST year:YEAR?
            UNIT DET name:FEASTOF year:YEAR?
            UNIT DET X name:FEASTOF year:YEAR?
        """),
    ),
    *rules(
        sunday_in_advent,
        ["which:ORDW ADVENT year:YEAR?", "which:SMALL DOT ADVENT year:YEAR?"],
    ),
    *rules(edge, ["edge:UNITMODE year:YEAR?", "edge:UNITMODE DET UNIT year:YEAR"]),
    *rules(this_year, ["HEUER"]),
    *rules(part_of_unit, ["mode:MODE DET unit:UNIT|CENTURY"]),
]
