"""The query language: words, phrases, exclusions, filters; text in, plain data out.

==========================  =====================================================
``Vertrag Putin``           both words, in any form
``"der Vertrag"``           as written
``-Krieg``, ``-"der Krieg"``  without it
``person:"Angela Merkel"``  also ``organisation:``, ``place:``, ``quoted:``, ``agency:``
``after:2024-05``           from the end of May 2024 on; ``before:``, ``in:`` likewise
==========================  =====================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from extraction.errors import Misuse
from indexing.dates import span

#: What a filter is called, and the field of the index that it asks for.
NAMES = {
    "person": "people",
    "organisation": "organisations",
    "organization": "organisations",
    "place": "places",
    "quoted": "quoted_people",
    "agency": "agency",
}
DATES = ("before", "after", "in")

_OPEN, _CLOSE = '"„“”»«', '"“”«»'
_PHRASE = rf"[{_OPEN}](?P<phrase>[^{_OPEN}{_CLOSE}]*)[{_CLOSE}]"
_TERM = re.compile(rf"(?P<no>-?)(?:(?P<key>[^\W\d_]+):)?(?:{_PHRASE}|(?P<word>\S+))")
_UNCLOSED = re.compile(rf"[{_OPEN}]\w")
#: A date of German make: 19.6.2024.
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts of a query's text.

    ``names`` and ``without_names`` are pairs of index field and name; ``dates`` pairs of
    ``before``, ``after`` or ``in`` and a date (``YYYY[-MM[-DD]]``).
    """

    words: str = ""
    phrases: tuple[str, ...] = ()
    without_words: tuple[str, ...] = ()
    without_phrases: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    without_names: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()


def parse(text: str) -> Terms:
    """Read a query's text; a lone quotation mark is ignored.

    Raises :class:`Misuse`, in a person's words, for a filter that does not exist or lacks its
    value, for a date that is none and for a quotation mark that is never closed.
    """
    found = list(dict.fromkeys(_read(text)))  # to repeat a word asks for nothing more
    wanted = {kind: tuple(value for k, value in found if k == kind) for kind in _KINDS}
    return Terms(
        words=" ".join(wanted["word"]),
        phrases=wanted["phrase"],
        without_words=wanted["-word"],
        without_phrases=wanted["-phrase"],
        names=_pairs(wanted["name"]),
        without_names=_pairs(wanted["-name"]),
        dates=_pairs(wanted["date"]),
    )


_KINDS = ("word", "-word", "phrase", "-phrase", "name", "-name", "date")


def _pairs(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((field, value) for field, _, value in (one.partition(":") for one in values))


def _read(text: str) -> list[tuple[str, str]]:
    terms = []
    for match in _TERM.finditer(text):
        no, key, phrase, word = match["no"], match["key"], match["phrase"], match["word"]
        if word and _UNCLOSED.match(word):
            raise Misuse(f"The quotation mark in {text[match.start() :][:60]!r} is never closed.")
        if key and _is_filter(key, word):
            terms.append(_filter(no, key.lower(), phrase if word is None else word))
        elif key:
            terms.append((f"{no}word", f"{key}:{word or phrase}"))
        elif phrase or word:
            terms.append((f"{no}phrase" if phrase else f"{no}word", phrase or word))
    return terms


def _is_filter(key: str, word: str | None) -> bool:
    """Tell a filter from a text with a colon (``Fußball:Ergebnisse``, ``https://…``)."""
    low = key.lower()
    if low in NAMES or low in DATES:
        return True
    if word is not None and word.startswith("/"):
        return False
    near = get_close_matches(low, [*NAMES, *DATES], n=1, cutoff=0.75)
    if near or key == low:
        hint = f"did you mean {near[0]}:?" if near else f"there are {_listed()}."
        raise Misuse(f"There is no filter {key}: – {hint}")
    return False


def _listed() -> str:
    return ", ".join(f"{key}:" for key in [*NAMES, *DATES] if key != "organization")


def _filter(no: str, key: str, value: str) -> tuple[str, str]:
    if not value.strip():
        raise Misuse(f'{key}: needs a value right behind it: {key}:"…".')
    if key in NAMES:
        return f"{no}name", f"{NAMES[key]}:{value.strip()}"
    if no:
        raise Misuse(f"{key}: cannot be excluded: use before: and after:.")
    return "date", f"{key}:{_date(value.strip())}"


def _date(value: str) -> str:
    if german := _GERMAN.fullmatch(value):
        day, month, year = german.groups()
        value = f"{year}-{int(month):02}-{int(day):02}"
    try:
        if re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", value):
            span(value)
            return value
    except ValueError:
        pass
    raise Misuse(f"{value!r} is no date: write 2024, 2024-06 or 2024-06-19.")
