"""Articles without a date of publication: how many, why, and how to find them."""

from __future__ import annotations

from collections.abc import Mapping

_WHY = {
    "missing": "missing",
    "unreadable": "unreadable",
    "ambiguous": "ambiguous",
    "future": "far in the future, which is not believed",
}


def told(counts: Mapping[str, int]) -> str:
    """Return what ``status`` says, "" where every article has its date.

    ``counts`` are articles by the reason, as ``indexing.writing.states.undated`` gives them.
    """
    known = {reason: counts[reason] for reason in _WHY if counts.get(reason)}
    if not known:
        return ""
    whys = ", ".join(f"{count:,} {_WHY[reason]}" for reason, count in known.items())
    total = sum(known.values())
    articles = "1 article has" if total == 1 else f"{total:,} articles have"
    last = list(known)[-1]
    return f"{articles} no date of publication: {whys} (`depesche search undated:{last}`)"
