"""Which names of organisations in one article mean the same one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from extraction.entities.acronyms import by_initials, is_acronym
from extraction.entities.kinds import is_kind
from extraction.entities.nominative import without_article
from extraction.geography.senses import senses
from german.folding import caseless
from german.wordlist import word_list

_LEGAL_FORM = re.compile(
    r"(?:,? (?:AG|SE|GmbH(?: & Co\.?(?: KG)?)?|KG|KGaA|SE & Co\. KGaA|e\. ?V\.|eG|Inc\.?|Corp\.?"
    r"|Ltd\.?|Holding|plc|PLC|LLC|S\.A\.|SA|N\.V\.|NV|Co\.)| \([^()]*\)?"
    r"|[- ](?:Konzern|Gruppe|Group))+\Z"
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
    kammer verein parlament klinik post club klub liga gesellschaft akademie times zentralbank union
    """
)
_LINK = re.compile(r" (?:für|der|des|zur|zum) ")
_GERMAN = re.compile(r"deutsche[rs]? (?P<rest>\S+)\Z")
_FEDERAL = re.compile(r"bundes(?P<rest>[^\W\d_]{6,})\Z")
_LONGEST_CLUB = 4
_YEAR = re.compile(r"\b(?:18|19|20)?\d\d\b|\b\d\.")
#: Names that a club of four words can go by, itself among them: of more clubs than these that go
#: by a name never is one the longest.
_MOST_CLUBS = 10


class _Names(NamedTuple):
    """The organisations of an article: spelling by key, and what is known of them."""

    spelling: Mapping[str, str]
    defined: Mapping[str, str]
    kept: frozenset[str]
    longer: Mapping[str, str]
    initials: Mapping[str, str]
    clubs: Mapping[str, Sequence[str]]


def same_organisations(
    names: Sequence[str], defined: Mapping[str, str], kept: frozenset[str] = frozenset()
) -> list[str]:
    """Return one name for each organisation; ``names`` stand in reading order.

    ``defined`` maps folded acronyms to long names, as the article itself defines them; ``kept``
    are folded names that stand for themselves, whatever longer name contains them.
    """
    keys = [_key(name) for name in names]
    spelling = _spelling(names, keys)
    acronyms = {spelling[key] for key in spelling if key not in kept and is_acronym(spelling[key])}
    initials = by_initials(acronyms, (name for name in spelling.values() if " " in name))
    known = _Names(spelling, defined, kept, _longer(spelling), initials, _clubs(spelling))
    full = {key: _full(key, known) for key in spelling}
    meant = _pointing_back([full[key] for key in keys], kept)
    return [spelling.get(key, defined.get(key, key)) for key in meant]


def without_legal_form(name: str) -> str:
    """Return ``Volkswagen AG`` as ``Volkswagen``."""
    return _LEGAL_FORM.sub("", name) or name


def _key(name: str) -> str:
    return caseless(without_legal_form(without_article(name)).replace("-", " ")) or caseless(name)


def _spelling(names: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """Return the most frequent spelling of each key, without legal form, the first of equals."""
    counts: dict[str, Counter[str]] = {}
    for name, key in zip(names, keys, strict=True):
        counts.setdefault(key, Counter())[without_legal_form(name)] += 1
    return {key: count.most_common(1)[0][0] for key, count in counts.items()}


def _full(key: str, names: _Names) -> str:
    """Return the key of the long name that ``key`` is short for, or ``key``."""
    spelling = names.spelling
    if long := names.defined.get(key):
        return _key(long) if _key(long) in spelling else key
    if key in names.kept:
        return key
    if long := names.initials.get(spelling[key]):
        return _key(long)
    if long := names.longer.get(key):
        return long
    longer = [club for club in names.clubs.get(key, ()) if _goes_by(club, key)]
    if len(longer) > _MOST_CLUBS:
        return key
    longest = [club for club in longer if not any(_contains(other, club) for other in longer)]
    return longest[0] if len(longest) == 1 else key


def _longer(spelling: Mapping[str, str]) -> dict[str, str]:
    """Return the names that are the beginning of one other name alone, or lack its ``Deutsche``
    or ``Bundes``.

    ``max planck institut`` of ``max planck institut für physik``, ``städtetag`` of ``deutscher
    städtetag``, ``sgs`` of ``sgs neuss``, ``kartellamt`` of ``bundeskartellamt``.
    """
    longer: dict[str, set[str]] = {}
    for key, spelt in spelling.items():
        words = spelt.split(" ")
        if len(words) > 1 and senses(words[-1]):
            for end in range(1, len(words)):
                longer.setdefault(_key(" ".join(words[:end])), set()).add(key)
        elif match := _FEDERAL.match(key):
            longer.setdefault(match["rest"], set()).add(key)
        for link in _LINK.finditer(key):
            longer.setdefault(key[: link.start()], set()).add(key)
        if match := _GERMAN.match(key):
            longer.setdefault(match["rest"], set()).add(key)
    return {short: names.copy().pop() for short, names in longer.items() if len(names) == 1}


def _clubs(spelling: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the clubs by each row of words that stands in their names."""
    clubs: dict[str, list[str]] = {}
    for club in (key for key in spelling if _is_club(key, spelling)):
        words = club.split(" ")
        rows = {
            " ".join(words[start:end])
            for start in range(len(words))
            for end in range(start + 1, len(words) + 1)
        }
        for row in rows:
            clubs.setdefault(row, []).append(club)
    return clubs


def _is_club(key: str, spelling: Mapping[str, str]) -> bool:
    """Tell whether a name is a sports club's; letters before one word are taken for a club too:
    ``THW Kiel``.
    """
    words = key.split()
    letters = len(words) == len(("thw", "kiel")) and is_acronym(spelling[key].split()[0])
    return len(words) <= _LONGEST_CLUB and bool(letters or _CLUB & set(words))


def _goes_by(club: str, short: str) -> bool:
    """Tell whether a club goes by ``short``; of ``THW Kiel`` only the town."""
    return _contains(club, short) if _CLUB & set(club.split()) else club.endswith(f" {short}")


def _contains(long: str, short: str) -> bool:
    """Tell whether ``fc bayern münchen`` holds ``bayern``, as words in a row."""
    inside = f" {short} " in f" {long} " and short != long
    return inside and not _YEAR.fullmatch(short)


def _pointing_back(keys: Sequence[str], kept: frozenset[str]) -> list[str]:
    """Let a bare ``kommission`` mean the last organisation before it that ends in this word."""
    result: list[str] = []
    last: dict[str, str] = {}
    for key in keys:
        bare = key in _BACK or is_kind(key)
        meant = last.get(key, key) if bare and key not in kept else key
        result.append(meant)
        first, _, rest = meant.partition(" ")
        if rest:
            last[first] = meant
        for word in meant.split():
            last.update({back: meant for back in _BACK if word.endswith(back) and meant != back})
    return result
