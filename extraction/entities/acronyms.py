"""Which acronym of an article stands for which of its long names.

Two sources, in this order: the article says so in brackets, in either order (``Bundesamt für
Sicherheit in der Informationstechnik (BSI)``, ``BSI (Bundesamt …)``), or the initials fit one
long name alone. After Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text" (2003), with German compounds in mind: a letter may stand inside
a word (``Bundeskriminalamt``: BKA), but the first begins the first word and no capitalised word
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from articles.article import Mention
from extraction.entities.aliases import Aliases
from extraction.entities.context import Context
from german.folding import caseless

_ACRONYM = re.compile(r"(?=[^\s]{2,10}\Z)[\w/.&-]*[A-ZÄÖÜ][\w/.&-]*[A-ZÄÖÜ][\w/.&-]*\Z")
_LOWER_ACRONYM = re.compile(r"[a-z]{3,5}\Z")
_IN_BRACKET = re.compile(r"\s?\((?:kurz:?\s+)?[„\"»]?(?P<short>[\w/.&-]{2,10})[“\"«]?[),;]")
_SHORTLY = re.compile(r",?\s+[–-]?\s*kurz:?\s+[„\"»]?(?P<short>[\w/&-]{2,10})\b")
_LONG_IN_BRACKET = re.compile(r"\s?\(\Z")
_INSIDE = re.compile(r"(?P<long>.{5,}?)\s+\((?P<short>[\w/.&-]{2,10})\)?\Z")
_LEAST_INITIALS = 2
#: Acronyms and long names with the same first letter that are compared in one article. A long one
#: has a hundred; in a list of made up ones each would be compared with all.
_MOST_PAIRS = 4_000


def is_acronym(name: str) -> bool:
    """Tell whether ``name`` looks like letters that stand for words: ``BSI``, ``BaFin``."""
    return bool(_ACRONYM.match(name))


def fits(short: str, long: str) -> bool:
    """Tell whether ``short`` may abbreviate ``long``: see the module."""
    letters = [c for c in short.casefold() if c.isalnum()]
    words = [w for w in re.split(r"[\s/-]+", long) if w]
    capital = [w for w in words if w[0].isupper()]
    if len(capital) < _LEAST_INITIALS and len(long) <= 2 * len(short):
        return False
    return bool(letters and words) and _reads(letters, words)


def _reads(letters: list[str], words: list[str]) -> bool:
    """Tell whether the words can be read as the letters, one after the other.

    ``reached`` holds how many letters may be used up so far.
    """
    reached, all_but_last = {0}, False
    for word in words:
        all_but_last = len(letters) in reached
        reached = {end for at in reached for end in _ends(letters, at, word)}
    # `Verwaltungsgerichtshof Mannheim` is the VGH: the place is left out.
    return len(letters) in reached or (all_but_last and len(letters) > len("VG"))


def _ends(letters: list[str], at: int, word: str) -> set[int]:
    """Return where reading may stand behind ``word``; only a small word may give no letter."""
    folded, ends = word.casefold(), set() if word[0].isupper() else {at}
    if at < len(letters) and folded[0] == letters[at]:
        at, rest = at + 1, folded[1:]
        ends.add(at)
        while at < len(letters) and (index := rest.find(letters[at])) >= 0:
            at, rest = at + 1, rest[index + 1 :]
            ends.add(at)
    return ends


def definitions(
    context: Context, organisations: Iterable[tuple[int, str]], aliases: Aliases
) -> dict[str, str]:
    """Return folded acronym -> long name as the article defines them in brackets.

    ``organisations`` are indices of mentions in the context and their names in the nominative.
    Capitals that the ``aliases`` do not know need not fit the long name: they may be those of its
    own language (``Republikanische Volkspartei (CHP)``).
    """
    defined: dict[str, str] = {}
    names = dict(organisations)
    for index, name in names.items():
        mention = context.mentions[index]
        if inside := _INSIDE.match(name):
            defined.setdefault(caseless(inside["short"]), inside["long"])
        elif short := _short_behind(context, mention, name, aliases):
            defined.setdefault(caseless(short), name)
        elif is_acronym(name) and (long := _long_behind(context, index, names)):
            defined.setdefault(caseless(name), long)
    return defined


def _short_behind(context: Context, mention: Mention, name: str, aliases: Aliases) -> str:
    """Return the acronym in brackets behind a long name, "" if there is none that fits."""
    after = context.after(mention)
    match = _IN_BRACKET.match(after) or _SHORTLY.match(after)
    if not match or is_acronym(name) or len(match["short"]) >= len(name):
        return ""
    short: str = match["short"]
    likely = is_acronym(short) or _LOWER_ACRONYM.match(short)
    fitting = fits(short, name) or _in_order(short.casefold().strip("."), name.casefold())
    foreign = short.isupper() and " " in name and not aliases.labels(short)
    return short if likely and (fitting or foreign) else ""


def _in_order(letters: str, text: str) -> bool:
    """Tell whether the letters occur in this order, the first one at the start.

    The last may be that of a country that the long name leaves out: ``Freiheitliche Partei (FPÖ)``.
    """
    needed = letters[:-1] if len(letters) > len("PÖ") else letters
    rest = iter(text)
    return text.startswith(letters[:1]) and all(c in rest for c in needed if c.isalnum())


def _long_behind(context: Context, index: int, names: dict[int, str]) -> str:
    """Return the long name in brackets behind an acronym."""
    mention, later = context.mentions[index], index + 1
    if later not in names or context.mentions[later].field != mention.field:
        return ""
    between = context.texts.get(mention.field, "")[mention.end : context.mentions[later].start]
    fitting = _LONG_IN_BRACKET.match(between) and _in_order(
        mention.surface.casefold(), names[later].casefold()
    )
    return names[later] if fitting else ""


def by_initials(
    acronyms: Iterable[str],
    names: Iterable[str],
    able: Callable[[str, str], bool] = lambda _short, _long: True,
) -> dict[str, str]:
    """Return acronym -> the only one of the long names that it fits, of those that are ``able``.

    Where there are more of both than any article has, nothing is compared.
    """
    begin: dict[str, dict[str, None]] = {}
    for name in names:
        begin.setdefault(name[:1].casefold(), {})[name] = None
    pairs = [(short, begin.get(short[:1].casefold(), {})) for short in acronyms]
    if sum(len(longs) for _, longs in pairs) > _MOST_PAIRS:
        return {}
    fitting = {
        short: [n for n in longs if short not in n.split() and fits(short, n) and able(short, n)]
        for short, longs in pairs
    }
    return {short: longs[0] for short, longs in fitting.items() if len(longs) == 1}
