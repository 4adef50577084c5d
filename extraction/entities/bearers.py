"""What the archive calls the organisations of one article that the list knows.

A name that several bear (``Rotes Kreuz``, ``Sozialdemokraten``) is that one's who goes by another
name in the article as well, else the one's whose country the article speaks of; where that does
not tell, it stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set

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
#: Kinds whose names never are the beginning of a longer one: the ``Bundestag`` is no other's.
_OF_THEIR_OWN = word_list(
    "government parliament ministry court authority eu un international party agency broadcaster"
)


def archive_names(
    names: Sequence[str], words: Set[str], listed: OrganisationList
) -> dict[str, str]:
    """Return name -> what the archive calls it, for those of the ``names`` that are listed.

    ``words`` are those of the article.
    """
    aliases = {name: alias for name in set(names) if (alias := listed.alias(name))}
    told = Counter({a.name: a.bearers[0] for a in aliases.values() if len(a.bearers) == 1}.values())
    return {name: _meant(alias, told, words) for name, alias in aliases.items()}


def standing_alone(names: Iterable[str], listed: OrganisationList) -> set[str]:
    """Return those of the names that no longer name takes in: parliaments, authorities, parties."""
    return {
        name
        for name in set(names)
        if (alias := listed.alias(name)) and alias.bearers[0].kind in _OF_THEIR_OWN
    }


def _meant(alias: Alias, told: Counter[Organisation], words: Set[str]) -> str:
    """Return the name of the bearer who is meant; ``told`` counts the names of each in the article.

    ``Bayern`` is the club's full name only where another name of it stands beside it.
    """
    called = {bearer.name for bearer in alias.bearers}
    if len(called) == 1:
        alone = not alias.sure and told[alias.bearers[0]] == 1
        return alias.name if alone else called.pop()
    named = [bearer for bearer in alias.bearers if bearer in told]
    if len(named) == 1:
        return named[0].name
    said = {
        bearer: len(_COUNTRIES.get(bearer.country, frozenset()) & words) for bearer in alias.bearers
    }
    most = max(said.values())
    likely = [bearer for bearer, count in said.items() if count == most >= _ENOUGH]
    return likely[0].name if len(likely) == 1 else alias.name
