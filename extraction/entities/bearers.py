"""What the archive calls the organisations of one article that the list knows.

A name that several bear (``Rotes Kreuz``, ``Sozialdemokraten``) is that one's who goes by another
name in the article as well, else the one's whose country the article speaks of or lies in, else the
one's whose like it names (``Union`` beside the SPD is CDU/CSU); where that does not tell, it stays
as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

from extraction.entities.organisation_list import Alias, Organisation, OrganisationList
from german.wordlist import word_list

#: Words that tell of which country an article is.
_COUNTRIES = {
    "DE": word_list(
        "Deutschland Bundestag Bundesregierung Berlin Bundesrepublik deutsche deutschen"
    ),
    "AT": word_list(
        "Österreich Österreichs Wien Wiener österreichische österreichischen Nationalrat Graz Linz"
    ),
    "CH": word_list(
        "Schweiz Schweizer Bern Zürich schweizerische Bundesrat Nationalrat Ständerat Kanton Basel"
    ),
    "US": word_list("USA US Washington"),
    "GB": word_list("Großbritannien Großbritanniens London Londoner britische britischen"),
    "CA": word_list("Kanada Kanadas Ottawa kanadische kanadischen"),
}
_ENOUGH = 2
#: Those by whom others are named as well.
_MEMBERS = {"CDU": "CDU/CSU", "CSU": "CDU/CSU", "Europäische Kommission": "EU"}
#: Kinds whose names never are the beginning of a longer one: the ``Bundestag`` is no other's.
_OF_THEIR_OWN = word_list(
    "government parliament ministry court authority eu un international party agency broadcaster"
)


def archive_names(
    names: Sequence[str],
    words: Set[str],
    listed: OrganisationList,
    countries: Mapping[str, int] | None = None,
) -> dict[str, str]:
    """Return name -> what the archive calls it, for those of the ``names`` that are listed.

    ``words`` are those of the article, ``countries`` those that its places lie in, by code with
    the number of places.
    """
    aliases = {name: alias for name in set(names) if (alias := listed.alias(name))}
    told = Counter({a.name: a.bearers[0] for a in aliases.values() if len(a.bearers) == 1}.values())
    where = Counter(countries or {})
    return {name: _meant(alias, told, words, where) for name, alias in aliases.items()}


def standing_alone(names: Iterable[str], listed: OrganisationList) -> set[str]:
    """Return those of the names that no longer name takes in: parliaments, authorities, parties."""
    return {
        name
        for name in set(names)
        if (alias := listed.alias(name))
        and _is_one(alias)
        and alias.bearers[0].kind in _OF_THEIR_OWN
    }


def _is_one(alias: Alias) -> bool:
    """Tell whether the name is that of one kind alone: a ``Union`` may be anything."""
    return alias.sure or len({bearer.kind for bearer in alias.bearers}) == 1


def _meant(
    alias: Alias, told: Counter[Organisation], words: Set[str], countries: Counter[str]
) -> str:
    """Return the name of the bearer who is meant; ``told`` counts the names of each in the article.

    ``Bayern`` is the club's full name only where another name of it stands beside it.
    """
    called = {bearer.name for bearer in alias.bearers}
    if len(called) == 1:
        alone = not alias.sure and told[alias.bearers[0]] == 1
        return alias.name if alone else called.pop()
    through = {_MEMBERS.get(other.name) for other in told}
    named = [bearer for bearer in alias.bearers if bearer in told or bearer.name in through]
    if len(named) == 1:
        return named[0].name
    said = {
        bearer: len(_COUNTRIES.get(bearer.country, frozenset()) & words)
        + _ENOUGH * countries[bearer.country]
        for bearer in alias.bearers
    }
    like = Counter({bearer: _likes(bearer, told) for bearer in alias.bearers})
    by_country = len({bearer.kind for bearer in alias.bearers}) == 1
    return (
        _only_most(Counter(said), _ENOUGH if by_country else 0) or _only_most(like, 1) or alias.name
    )


def _likes(bearer: Organisation, told: Iterable[Organisation]) -> int:
    """Return how many others of its kind and country the article names."""
    return sum((other.kind, other.country) == (bearer.kind, bearer.country) for other in told)


def _only_most(counts: Counter[Organisation], least: int) -> str:
    """Return the name of the one with most, "" if there are several or it has less than asked."""
    (first, most), *others = counts.most_common()
    return first.name if most >= least > 0 and all(n < most for _, n in others) else ""
