"""What a word means in an expression of time: ``words.txt``, number words and compounds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from extraction.temporal import feast
from german.inflection import ADJECTIVE_ENDINGS
from german.wordlist import lines

_ONES = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
_TEENS = [
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
#: Parts of the day that stand behind the name of a weekday in one word.
_DAY_PARTS = {
    **dict.fromkeys(("morgen", "vormittag", "früh", "frühe"), "MO"),
    "mittag": "MI",
    "nachmittag": "AF",
    "abend": "EV",
    "nacht": "NI",
}
#: Lengths that stand before -ig in adjectives: ``dreitägig``, ``90-minütig``.
_LENGTHS = {"täg": "D", "wöch": "W", "monat": "M", "stünd": "TH", "minüt": "TM"}
_LONGEST_COUNT = 21
_TENFOLD = range(20, 100, 10)
#: Abbreviations, which in capitals mean something else (`SEP`, `SO`, `MIN`), and parts of words.
_NO_CAPITALS = ("MONABB", "WDABB", "SMALLPART", "VB", "NB")
_NAMES = ("Start", "Min", "Std", "Sek", "Jh", "Jhd", "Jhdt")


class Lexeme(NamedTuple):
    """``code`` is the class of a word that the rules speak of; see ``words.txt``."""

    code: str
    text: str = ""
    number: float = 0


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Lexeme]:
    """Return the lexeme of each form that has one, in each case that it is written in."""
    by_form: dict[str, Lexeme] = {}
    for form, lexeme in (*_numbers(), *_compounds(), *_feasts(), *_listed()):
        by_form[form] = lexeme
        if form.islower() and lexeme.code not in ("SMALLPART", "VB", "NB"):
            by_form.setdefault(form.capitalize(), lexeme)
    for form, lexeme in list(by_form.items()):
        if lexeme.code not in _NO_CAPITALS and form not in _NAMES:
            by_form.setdefault(form.upper(), lexeme)
    return by_form


@lru_cache(maxsize=1)
def count_words() -> dict[str, int]:
    """Return the number words from 2 to 99 and a few beyond."""
    words = dict(zip((*_ONES, *_TEENS), range(1, 20), strict=True))
    for ten, word in zip(_TENFOLD, _TENS, strict=True):
        words[word] = ten
        words |= {f"{unit}und{word}": ten + n for n, unit in enumerate(_ONES, 1)}
    del words["ein"]
    return {**words, "zwo": 2, "hundert": 100, "tausend": 1000, "zweier": 2, "dreier": 3}


def _listed() -> Iterator[tuple[str, Lexeme]]:
    for line in lines("extraction.temporal", "words.txt"):
        head, _, words = line.partition(": ")
        code, text, number = head.split()
        lexeme = Lexeme(code, text.strip("-"), float(number.strip("-") or 0))
        if number.startswith("-") and number != "-":
            lexeme = lexeme._replace(number=-lexeme.number)
        for word in words.split():
            yield from ((form, lexeme) for form in _forms(word))


def _forms(word: str) -> Iterator[str]:
    if word.endswith("-"):
        yield from (word[:-1] + ending for ending in ADJECTIVE_ENDINGS)
    else:
        yield word


def _numbers() -> Iterator[tuple[str, Lexeme]]:
    for word, number in count_words().items():
        yield word, Lexeme("COUNTW", str(number), number)
        if number in _TENFOLD:
            yield from _decades(word, number)
        if number <= _LONGEST_COUNT:
            yield from _lengths(word, str(number))
    yield from _lengths("ein", "1")


def _decades(word: str, number: int) -> Iterator[tuple[str, Lexeme]]:
    lexeme = Lexeme("DECADEW", "19", number / 10)
    yield f"{word}er", lexeme
    for form in ("er", "ern"):
        yield f"{word.capitalize()}{form}", Lexeme("DECADEN", "19", number / 10)
    for form in ("erjahre", "erjahren", "er-Jahre", "er-Jahren"):
        yield f"{word.capitalize()}{form}", Lexeme("DECADE", "19", number / 10)


def _lengths(word: str, number: str) -> Iterator[tuple[str, Lexeme]]:
    for stem, unit in _LENGTHS.items():
        for ending in ("", *ADJECTIVE_ENDINGS):
            yield f"{word}{stem}ig{ending}", Lexeme("LENGTH", duration(number, unit))


def _compounds() -> Iterator[tuple[str, Lexeme]]:
    days = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
    for number, day in (*enumerate(days, 1), (6, "Sonnabend")):
        yield f"{day.lower()}s", Lexeme("WDAYSET", "", number)
        for part, value in _DAY_PARTS.items():
            yield f"{day}{part}", Lexeme("WDAYPART", value, number)
            yield f"{day.lower()}{part}s", Lexeme("WDAYSET", value, number)


def _feasts() -> Iterator[tuple[str, Lexeme]]:
    for name in feast.names():
        yield name, Lexeme("FEAST", name)
        yield f"{name}s", Lexeme("FEAST", name)


def duration(number: str, unit: str) -> str:
    """Return a TIMEX3 duration: ``P3D``, ``PT2H`` (units of a day's parts begin with T)."""
    return f"PT{number}{unit[1]}" if unit[0] == "T" else f"P{number}{unit}"
