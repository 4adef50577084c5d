"""Words that name both genders at once: ``Pilot:innen``, ``SchülerInnen``, ``Lehrer(innen)``.

Written with a colon, an asterisk, a low line, a slash, brackets or a capital I (Duden, ``Gendern``
2022, names all of them). The index (``indexing/index/mapping.py``) finds them by the same pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from german.lexicon import gender, genitive, plural

_MARK = r"(?:[:*_]|/-?)"
#: English words in -in, which nobody is called: ``LinkedIn``, ``PlugIn``, ``Log_in``.
_ENGLISH = (
    "Add|All|Break|Built|Burn|Buy|Check|Drive|Drop|Lead|Linked|Lock|Log|Opt|Plug|Roll|Sign|Sit"
    "|Stand|Stay|Tie|Trade|Walk"
)


def _pattern(upper: str, lower: str, letter: str) -> str:
    """Return the pattern of a form in -in or -innen: what the man is called, then its ending."""
    none = f"(?!(?:{_ENGLISH}){_MARK}?[Ii]n(?!{letter}))"
    base = f"(?<!{letter}){none}({upper}{letter}{{0,60}}?{lower})"
    ends = (
        f"{_MARK}(innen|in(?!{letter}))",
        r"\(-?(innen|in)\)",
        f"(Innen|In(?!{letter}))",
    )
    return f"{base}(?:{'|'.join(ends)})"


def _adjectival(upper: str, letter: str) -> str:
    """Return the pattern of ``Abgeordnete:r``, ``Beamte(n)``."""
    return (
        rf"(?<!{letter})({upper}{letter}{{0,60}}?e)"
        rf"(?:{_MARK}([rn])(?!{letter})|\(-?([rn])\))(?!{letter})"
    )


#: For Java, by classes of Unicode; replaced by these, a form is ``Pilot:innen`` in every spelling.
JAVA_PATTERNS = (
    (_pattern(r"\p{Lu}", r"\p{Ll}", r"\p{L}"), "$1:$2$3$4"),
    (_adjectival(r"\p{Lu}", r"\p{L}"), "$1:$2$3"),
)
_UPPER, _LOWER, _LETTER = "[A-ZÀ-ÖØ-ÞŠŽČ]", "[a-zß-öø-ÿšžčćńł]", r"[^\W\d_]"
_FORMS = (
    re.compile(_pattern(_UPPER, _LOWER, _LETTER)),
    re.compile(_adjectival(_UPPER, _LETTER)),
)
_ONE_WAY = re.compile(rf"(?P<base>{_LETTER}+):(?P<end>innen|in|r|n)(?P<rest>{_LETTER}*)")
_REST = re.compile(rf"(?<=:innen){_LETTER}+")
_LETTERS = re.compile(f"{_LETTER}+")
#: What any form has, to ask cheaply: most texts have none, and all have ``In`` and ``nnen``.
_SIGN = re.compile(rf"[:*_/(I](?<={_LOWER}.)(?:(?<=I)n|(?<!I)-?(?:in|[rn]))")
#: Distinct forms of one text that are taken apart: each costs as much as many other words.
_MOST = 10_000
_PLAIN = str.maketrans("äöüÄÖÜ", "aouAOU")


def one_way(text: str) -> str:
    """Return ``text`` with every gender form written as ``Pilot:innen``, ``Abgeordnete:r``."""
    if not _SIGN.search(text):
        return text
    for pattern in _FORMS:
        text = pattern.sub(_with_colon, text)
    return text


def _with_colon(match: re.Match[str]) -> str:
    base, *ends = match.groups()
    return f"{base}:{next(end for end in ends if end).lower()}"


def is_gender_form(word: str) -> bool:
    """Tell whether a word is such a form, written in :func:`one_way`."""
    return bool(_ONE_WAY.fullmatch(word)) and word[0].isupper()


def gender_forms(text: str) -> Iterator[str]:
    """Yield the gender forms of a text, each as :func:`one_way` writes it."""
    one = one_way(text)
    if one is not text:
        yield from (match[0] for match in _ONE_WAY.finditer(one) if match[0][0].isupper())


def placed_forms(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the gender forms of a text, each as :func:`one_way` writes it, with where it stands."""
    if not _SIGN.search(text):
        return
    for pattern in _FORMS:
        for match in pattern.finditer(text):
            rest = _LETTERS.match(text, match.end())
            end = rest.end() if rest else match.end()
            yield match.start(), end, _with_colon(match) + text[match.end() : end]


@lru_cache(maxsize=4_096)
def both(form: str) -> tuple[str, ...]:
    """Return the words that a form in :func:`one_way` stands for, the man's first.

    ``Pilot:innen`` is ``Pilot``, ``Pilotin`` and ``Pilotinnen``; a compound stands for two
    (``Politikerrunde``, ``Politikerinnenrunde``). Empty if it is no such form.
    """
    match = _ONE_WAY.fullmatch(form)
    if not match:
        return ()
    base, end, rest = match.groups()
    if end in ("r", "n"):
        return (base, base + end)
    man, woman = masculine(base), f"{base}in"
    if rest:
        return (_first_part(man) + rest, f"{woman}nen{rest}")
    return tuple(dict.fromkeys((man, base, woman, f"{woman}nen")))


def words_of_both(text: str) -> list[str]:
    """Return the distinct words that a text's gender forms stand for, alone and in compounds."""
    words: dict[str, None] = {}
    for form in islice(dict.fromkeys(gender_forms(text)), _MOST):
        words |= dict.fromkeys((*both(form), *both(_REST.sub("", form))))
    return list(words)


def masculine(base: str) -> str:
    """Return what the man is called whose woman is ``base`` and -in: ``Arzt`` for ``Ärzt``."""
    plain = base.translate(_PLAIN)
    able = (base, f"{base}e", plain, f"{plain}e", f"{base}er")
    return next((man for man in able if gender(man) == "m"), base)


def _first_part(man: str) -> str:
    """Return the word as the first part of a compound: ``Studenten``, ``Ärzte``, ``Bürger``."""
    weak = genitive(man)
    return weak if weak.endswith("n") else plural(man) or man
