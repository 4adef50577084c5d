"""What determiners and the endings of adjectives tell of the noun behind them.

``des Amerikanischen`` stands before a masculine or neuter noun, ``der Freien`` before a feminine
one or a plural (Duden-Grammatik, 9th ed. 2016, on the declension of adjectives).
"""

from __future__ import annotations

from typing import cast

from german.declension import Gender
from german.lexicon import gender, genders

Genders = frozenset[Gender]
#: The ending that an adjective without a determiner has in the nominative.
NOMINATIVE: dict[Gender, str] = {"m": "er", "f": "e", "n": "es", "p": "e"}
#: By determiner: the genders that the ending of an adjective behind it leaves open.
_BEHIND: dict[str, dict[str, str]] = {
    word: leaves
    for words, leaves in (
        ("der dieser jener jeder welcher", {"e": "m", "en": "fp"}),
        ("die diese jene alle", {"e": "f", "en": "p"}),
        ("das dieses jenes", {"e": "n", "en": "mn"}),
        ("ins ans fürs ums aufs", {"e": "n"}),
        ("des dem vom zum im am beim diesem", {"en": "mn"}),
        ("den diesen", {"en": "mp"}),
        ("zur", {"en": "f"}),
    )
    for word in words.split()
} | {
    f"{word}{ending}": leaves
    for word in ("ein", "kein", "mein", "dein", "sein", "ihr", "unser", "euer")
    for ending, leaves in (
        ("", {"er": "m", "es": "n"}),
        ("e", {"e": "f", "en": "p"}),
        ("em", {"en": "mn"}),
        ("es", {"en": "mn"}),
        ("en", {"en": "mp"}),
        ("er", {"en": "fp"}),
    )
}
_BARE = {"e": "fp", "er": "mfp", "es": "n", "em": "mn", "en": "mnp"}


def left_open(determiner: str, ending: str = "") -> Genders:
    """Return the genders that a determiner in small letters leaves open, all of them if unknown.

    ``ending`` is that of an adjective behind it (``en``); "" if there is none.
    """
    behind = _BEHIND.get(determiner, _BARE)
    written = behind.get(ending, "") if ending else "".join(behind.values())
    return cast("Genders", frozenset(written))


def agreed(noun: str, determiner: str, ending: str = "") -> Gender:
    """Return the gender of a noun in this place, ``p`` for a plural, "" if nothing tells it.

    The lexicon says what the noun may be, the words before it which of that they leave open; if
    they contradict each other, the lexicon is right, unless the ending is a nominative's for
    certain: ``-es`` (``ein Freies Tibet``) and, without a determiner, ``-e`` (``Ultimate Ears``).
    Of several what the form is as a nominative counts first (``den Roten Löwen``: plural), then
    the noun's likeliest.
    """
    able = genders(noun)
    # `der Freies Fernsehen GmbH`: where an ending cannot stand, it is as without a determiner.
    left = left_open(determiner, ending) or left_open("", ending)
    if not able:
        return next(iter(left)) if len(left) == 1 else ""
    likely = gender(noun)
    agreeing = (each for each in (likely, *able) if each in left)
    written: Gender = "n" if ending == "es" else "p"
    sure = ending == "es" or (ending == "e" and determiner not in _BEHIND)
    return next(agreeing, written if sure else likely)
