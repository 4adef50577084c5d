"""Stretches of a text in which terms stand together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, permutations, product

from tests.fakes.analysis import Json, Placed, folded, terms
from tests.fakes.fields import Document, Schema

#: First and last place, and how many places in between belong to it.
Span = tuple[int, int, int]


def spans(
    known: Sequence[Placed],
    asked: Sequence[str],
    *,
    ordered: bool = True,
    gaps: int = 0,
    prefix: bool = False,
) -> list[Span]:
    """Return where all terms asked for stand with no more than so many others between them."""
    if not asked:
        return []
    last = len(asked) - 1
    each = [
        [
            (place, place, 1)
            for place, word in known
            if word == term or (prefix and n == last and word.startswith(term))
        ]
        for n, term in enumerate(asked)
    ]
    return together(each, ordered=ordered, gaps=gaps)


def together(each: Sequence[Sequence[Span]], *, ordered: bool, gaps: int) -> list[Span]:
    """Return the stretches that hold one of each, in this order or in any."""
    stretches: list[Span] = []
    orders = [each] if ordered else list(permutations(each))[:24]
    for order in orders:
        for chosen in product(*order):
            apart = [b[0] - a[1] for a, b in pairwise(chosen)]
            width = sum(span[2] for span in chosen)
            length = chosen[-1][1] - chosen[0][0] + 1
            if all(step > 0 for step in apart) and length - width <= gaps:
                stretches.append((chosen[0][0], chosen[-1][1], width))
    return stretches


def wildcard(pattern: str) -> re.Pattern[str]:
    """Return what fits a term if ``*`` is anything."""
    return re.compile(".*".join(re.escape(folded(part.lower())) for part in pattern.split("*")))


def rule(schema: Schema, document: Document, path: str, wanted: Json) -> list[Span]:
    """Return what an intervals rule finds in a field."""
    ((kind, body),) = wanted.items()
    path = body.get("use_field", path)
    known = schema.terms(document, path)
    if kind == "any_of":
        return [s for way in body["intervals"] for s in rule(schema, document, path, way)]
    if kind == "all_of":
        each = [rule(schema, document, path, way) for way in body["intervals"]]
        return together(each, ordered=body.get("ordered", False), gaps=body["max_gaps"])
    if kind == "match":
        asked = terms(body["query"], schema.asks(path))
        gaps = body.get("max_gaps", -1)
        wide = 10**6 if gaps < 0 else gaps
        return spans(known, asked, ordered=body.get("ordered", False), gaps=wide)
    if kind == "regexp":
        pattern = re.compile(body["pattern"])
    else:
        pattern = wildcard(body["pattern"] if kind == "wildcard" else f"{body['prefix']}*")
    return [(place, place, 1) for place, term in known if pattern.fullmatch(term)]
