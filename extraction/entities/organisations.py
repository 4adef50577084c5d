"""Which names of organisations in one article mean the same one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from extraction.entities.acronyms import by_initials, is_acronym
from extraction.entities.aliases import fold
from extraction.entities.nominative import without_article
from extraction.wordlist import word_list

_LEGAL_FORM = re.compile(
    r"(?:,? (?:AG|SE|GmbH(?: & Co\.?(?: KG)?)?|KG|KGaA|SE & Co\. KGaA|e\. ?V\.|eG|Inc\.?|Corp\.?"
    r"|Ltd\.?|Holding|plc|PLC|LLC|S\.A\.|SA|N\.V\.|NV|Co\.)| \([^()]*\)?|[- ](?:Konzern|Gruppe|Group))+\Z"
)
_CLUB = word_list(
    """
    fc bsc sc sv tsv tsg fsv vfb vfl vfr ssv spvgg msv ksc hsv fk afc cf rc rb tus kfc djk
    thc ec ev erc hc bg ehc rsc sg borussia eintracht hertha werder bayer fortuna
    arminia holstein alemannia dynamo hansa kickers olympique real athletic juventus
    inter manchester atletico atlético rot-weiss rot-weiß
    """
)
#: What a word alone may point back to: ``die Kommission`` is the commission named before.
_BACK = word_list(
    """
    kommission ministerium bank bahn universität institut gericht senat behörde amt verband
    gewerkschaft stiftung partei kirche fraktion zeitung konzern uni agentur hochschule rat
    kammer verein parlament klinik post club klub liga gesellschaft union akademie times zentralbank
    """
)
_LONGEST_CLUB = 4
_YEAR = re.compile(r"\b(?:18|19|20)?\d\d\b|\b\d\.")


def same_organisations(
    names: Sequence[str], defined: Mapping[str, str], kept: frozenset[str] = frozenset()
) -> list[str]:
    """Return one name for each organisation; ``names`` stand in reading order.

    ``defined`` maps folded acronyms to long names, as the article itself defines them; ``kept``
    are folded names that stand for themselves, whatever longer name contains them.
    """
    keys = [_key(name) for name in names]
    spelling = _spelling(names, keys)
    full = {key: _full(key, spelling, defined, kept) for key in spelling}
    meant = _pointing_back([full[key] for key in keys], kept)
    return [spelling.get(key, defined.get(key, key)) for key in meant]


def _key(name: str) -> str:
    return fold(_LEGAL_FORM.sub("", without_article(name)).replace("-", " ")) or fold(name)


def _spelling(names: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """Return the most frequent spelling of each key, without legal form, the first of equals."""
    counts: dict[str, Counter[str]] = {}
    for name, key in zip(names, keys, strict=True):
        counts.setdefault(key, Counter())[_LEGAL_FORM.sub("", name) or name] += 1
    return {key: count.most_common(1)[0][0] for key, count in counts.items()}


def _full(
    key: str, spelling: dict[str, str], defined: Mapping[str, str], kept: frozenset[str]
) -> str:
    """Return the key of the long name that ``key`` is short for, or ``key``."""
    if long := defined.get(key):
        spelling_key = _key(long)
        return spelling_key if spelling_key in spelling else key
    if is_acronym(spelling[key]) and key not in kept:
        longs = [name for other, name in spelling.items() if other != key and " " in name]
        if long := by_initials(spelling[key], longs):
            return _key(long)
    clubs = [other for other in spelling if other != key and _is_club_of(key, other)]
    longest = [club for club in clubs if not any(_is_club_of(club, other) for other in clubs)]
    return longest[0] if len(longest) == 1 else key


def _is_club_of(short: str, long: str) -> bool:
    """Tell whether ``bayern`` may be short for the sports club ``fc bayern münchen``."""
    words = long.split()
    if not _CLUB & set(words) or short == long:
        return False
    wanted = short.split()
    if len(words) > _LONGEST_CLUB:
        return False
    inside = any(words[i : i + len(wanted)] == wanted for i in range(len(words)))
    return inside and len(wanted) < len(words) and not _YEAR.fullmatch(short)


def _pointing_back(keys: Sequence[str], kept: frozenset[str]) -> list[str]:
    """Let a bare ``kommission`` mean the last organisation before it that ends in this word."""
    result: list[str] = []
    last: dict[str, str] = {}
    for key in keys:
        meant = last.get(key, key) if key in _BACK and key not in kept else key
        result.append(meant)
        for word in meant.split():
            last.update({back: meant for back in _BACK if word.endswith(back) and meant != back})
    return result
