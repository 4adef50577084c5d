"""Articles without a date of publication: how many, why, and how to find them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.care.note import Note
from worker.container import Container

#: As ``extraction.formats.published`` names them, in the order in which they are told.
FUTURE = "future"
REASONS = ("missing", "unreadable", "ambiguous", FUTURE)


def told(counts: Mapping[str, int]) -> tuple[str, tuple[str, ...]]:
    """Return what ``status`` says, and each reason with its number; "" where nothing is wrong.

    ``counts`` are articles by the reason, as ``indexing.writing.states.undated`` gives them. A
    date in the future is there, but not believed.
    """
    reasons = [reason for reason in REASONS if counts.get(reason)]
    if not reasons:
        return "", ()
    total = sum(counts[reason] for reason in reasons)
    articles = "1 article has" if total == 1 else f"{total:,} articles have"
    text = f"{articles} {_lacking(reasons)}, see `depesche search undated:{reasons[-1]}`"
    return text, tuple(f"{counts[reason]:,} {reason}" for reason in reasons)


def _lacking(reasons: list[str]) -> str:
    if reasons == [FUTURE]:
        return "a date of publication that is not believed"
    return "no date of publication" + (", or one that is not believed" if FUTURE in reasons else "")


def undated(container: Container) -> Iterator[Note]:
    """Articles without a date of publication, by the reason."""
    from indexing.writing import states

    text, reasons = told(states.undated(container.client, container.settings.index))
    if text:
        yield Note("undated", text, items=reasons)
