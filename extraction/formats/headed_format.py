"""Plain text below a head of fields, as wires, archives and editors' programs write it::

    Titel: Putin und Kim unterzeichnen Pakt
    Autor: Anna Muster
    Datum: 19.06.2024

    Der Text.

Fields go by the names that front matter has (``markdown_format``); a mail is a mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.formats.draft import Draft
from extraction.formats.embargo_line import end_of, held_until
from extraction.formats.format import Format, RawFile, on_text
from extraction.formats.markdown_format import NAMED, renamed
from extraction.formats.markup import without_markup
from extraction.formats.release import EMBARGOES, Told, embargo_in, released
from extraction.formats.text_format import lead_and_body, paragraphs
from extraction.formats.values import from_values
from german.wordlist import word_list

_ADVICE = "Mend the fields at its head (docs/formats.md, Markdown), or take them out."
_FIELD = re.compile(r"(?P<name>[^\W\d_][\w -]{0,30}):[ \t]+(?P<value>\S.*)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_KNOWN = {name for names in NAMED.values() for name in names}
#: What reviews and tables say of other things, and tells no head of an article.
_TELL_NOTHING = {name for part in ("subjects", "genre", "version") for name in NAMED[part]}
#: Beside the headline; one alone may be a line of a text.
_LEAST, _MOST = 2, 40
#: Fields of a book or a film that is reviewed: its title and its author are not the article's.
_OF_WORKS = word_list("besetzung darsteller fsk isbn kinostart regie seiten verlag")
#: What is longer is text, and a field that nobody knows would be left out.
_LONGEST_OTHER = 200


def read_headed(text: str) -> Draft:
    """Read clean text. Raises ``Unreadable``."""
    head, rest = _BLANK_LINE.split(text.strip("\n"), maxsplit=1)
    fields = _fields(head.split("\n"))
    told = [f"Sperrfrist: {fields.pop(name)}" for name in EMBARGOES if name in fields]
    values, left_out = renamed(fields)
    plain, said = without_markup(rest)
    parts = paragraphs(plain)
    if "lead" not in values:
        values["lead"], parts = lead_and_body(parts)
    values["body"] = "\n\n".join(parts)
    draft = from_values("headed", values, _ADVICE, (*left_out, *said))
    for line in told:
        end = end_of(line)
        draft = held_until(draft, end) if end else _held(draft, line)
    return draft


def _held(draft: Draft, line: str) -> Draft:
    """By a line that says more, or less, than until when: what cannot be read holds it back."""
    return released(draft, Told(embargo=embargo_in(line, "")))


def _fields(lines: Iterable[str]) -> dict[str, str]:
    """The fields by their names in small letters, or none where a line is no field.

    A line that is indented goes on with the one above it.
    """
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        match = _FIELD.fullmatch(line.rstrip())
        if match:
            name = match["name"].strip().lower()
            value = match["value"].strip()
            fields[name] = f"{fields[name]}, {value}" if name in fields else value
        elif name and line[:1] in " \t" and line.strip():
            fields[name] += f" {line.strip()}"
        else:
            return {}
    return fields


def _recognises(file: RawFile) -> bool:
    """By a block of fields at the head, one of them the headline, and another that is known."""
    if file.ends_in(".json"):
        return False
    lines = file.head
    end = next((number for number, line in enumerate(lines) if not line.strip()), 0)
    if not _LEAST <= end <= _MOST or not _FIELD.fullmatch(lines[0].rstrip()):
        return False
    fields = _fields(lines[:end])
    names = set(fields)
    others = (value for name, value in fields.items() if name not in _KNOWN)
    if names & _OF_WORKS or any(len(value) > _LONGEST_OTHER for value in others):
        return False
    return bool(names & set(NAMED["headline"])) and len(names & _KNOWN - _TELL_NOTHING) >= _LEAST


FORMAT = Format(_recognises, on_text(read_headed))
