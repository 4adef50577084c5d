"""Names that only the archive can complete: a surname whose bearer the article takes for granted.

The archive is asked for the people with that surname; it means one of them only where it nearly
always does. Pure: whoever calls fetches the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from articles.article import Mention
from extraction.entities.people import PARTICLES
from german.folding import transcribed

#: Fewer articles than this tell nothing.
LEAST_COUNT = 5
#: Of all articles that name somebody with the surname in full, this share must name the one.
LEAST_SHARE = 0.9
#: Lately he must not have been overtaken: the same share of recent articles, if there are any.
LEAST_RECENT_SHARE = 0.8
#: Bare surnames of one article that the archive is asked for, the first ones. A long article has
#: fifty; a list of made up ones would ask for a hundred thousand, and nobody answers that in time.
MOST = 500
#: Of whoever is asked for by a surname alone.
CHIEF_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A full name, the number of articles that hold it, and of recent ones among them."""

    name: str
    count: int
    recent_count: int = 0


def resolve_surname(surname: str, candidates: Sequence[Candidate]) -> str | None:
    """Return the person whom the archive nearly always means by ``surname``, ``None`` if unclear.

    Of the candidates that bear the surname the one in most recent articles, failing any recent
    ones in most articles, is meant if he is in at least 5 articles, in 90 % of the articles
    that name any of them, and in 80 % of the recent ones. "Recent" is for the caller to say
    (a year around the article's date, say).
    """
    bearers = [candidate for candidate in candidates if _bears(candidate.name, surname)]
    if not bearers:
        return None
    best = max(bearers, key=lambda candidate: (candidate.recent_count, candidate.count))
    total, recent = (sum(c.count for c in bearers), sum(c.recent_count for c in bearers))
    clear = (
        best.count >= LEAST_COUNT
        and best.count >= LEAST_SHARE * total
        and best.recent_count >= LEAST_RECENT_SHARE * recent
    )
    return best.name if clear else None


def chief_bearer(surname: str, candidates: Sequence[Candidate]) -> str | None:
    """Return whom a person who types ``surname`` alone nearly certainly means, else ``None``.

    Of the candidates that bear it the one in most articles, if no more than a fifth of the
    articles that name any of them name others: who is asked may say so, and a page is no text.
    """
    bearers = [candidate for candidate in candidates if _bears(candidate.name, surname)]
    best = max(bearers, key=lambda candidate: candidate.count, default=None)
    total = sum(candidate.count for candidate in bearers)
    return best.name if best and best.count >= CHIEF_SHARE * total else None


def unresolved(mentions: Sequence[Mention]) -> list[str]:
    """Return the bare surnames among the canonical names of people, first mentioned first.

    ``von der Leyen`` is one too. A name with a role of its own (``Papst Franziskus``) is asked
    for like any other. Of very many the first are returned.
    """
    names = dict.fromkeys(m.name for m in mentions if m.label == "PER")
    return [*islice(filter(_is_bare, names), MOST)]


def resolved(mentions: Sequence[Mention], full: Mapping[str, str]) -> list[Mention]:
    """Return the mentions with the people in ``full`` (bare name -> full name) renamed.

    What such a person is the ``role_of`` (``Putins Sprecher``) is renamed too.
    """
    people = {m.name for m in mentions if m.label == "PER"} & full.keys()
    done = []
    for mention in mentions:
        name = full[mention.name] if mention.label == "PER" and mention.name in people else None
        of = full[mention.role_of] if mention.role_of in people else None
        changed = name is not None or of is not None
        done.append(
            replace(mention, name=name or mention.name, role_of=of or mention.role_of)
            if changed
            else mention
        )
    return done


def _bears(name: str, surname: str) -> bool:
    """Tell whether ``name`` is a first name and, at its end, the surname."""
    words, wanted = transcribed(name).split(), transcribed(surname).split()
    return len(words) > len(wanted) and words[-len(wanted) :] == wanted


def _is_bare(name: str) -> bool:
    words = name.casefold().split()
    return len(words) == 1 or all(word in PARTICLES for word in words[:-1])
