"""Regular expressions as Lucene has them; each means a whole term."""

from __future__ import annotations

import re

#: Elasticsearch may refuse a longer one (`index.max_regex_length`).
LONGEST = 1_000
_SPECIAL = re.compile(r'([.?+*|{}\[\]()"\\#@&<>~^$-])')


def escaped(text: str) -> str:
    """Return the pattern for a text as it stands."""
    return _SPECIAL.sub(r"\\\1", text)


def in_any_case(text: str) -> str:
    """Return the pattern for a text in small letters, capitals or both."""
    return "".join(map(_letter, text))


def _letter(letter: str) -> str:
    forms = sorted({form for form in (letter, letter.lower(), letter.upper()) if len(form) == 1})
    return f"[{''.join(forms)}]" if len(forms) > 1 else escaped(letter)
