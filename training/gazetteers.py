"""Reduce the name lists to what canonical names need: ``python -m training.gazetteers``.

Written to ``seeds/gazetteers``: surnames and places whose ``-s`` form is a genitive and not a
name of its own, and the names of states.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extraction.brown import FIRST_NAME, SURNAME
from training.tables import lookup, name_flags

TARGET = Path(__file__).parents[1] / "seeds" / "gazetteers"
#: Brown clusters of German cities and countries, and the one of their genitives.
PLACES = {16, 80, 208, 285, 848, 976}
PLACE_GENITIVES = 284
#: How much more frequent (natural logarithm) a surname must be than its -s form.
LEAST_LEAD = 1.5


def surnames(flags: dict[str, int], probability: dict[str, Any]) -> Iterable[str]:
    """Yield surnames X, no first names, where Xs is found and much rarer than X."""
    for name, flag in flags.items():
        own, genitive = probability.get(name), probability.get(name + "s")
        if flag & SURNAME and not flag & FIRST_NAME and own and genitive and len(name) > 2:
            if flags.get(name + "s", 0) & FIRST_NAME == 0 and own - genitive > LEAST_LEAD:
                yield name


def names_in_s(flags: dict[str, int], bases: set[str]) -> Iterable[str]:
    """Yield the first names and surnames that end in -s and are no genitive of ``bases``."""
    for name, flag in flags.items():
        if flag & (FIRST_NAME | SURNAME) and name.endswith("s") and name[:-1] not in bases:
            yield name


def places(cluster: dict[str, int]) -> Iterable[str]:
    """Yield forms X of a place cluster whose form Xs stands among the place genitives."""
    for form, number in cluster.items():
        if number in PLACES and form[0].isupper() and len(form) > 2:
            if cluster.get(form + "s") == PLACE_GENITIVES and form.isalpha() | ("-" in form):
                yield form


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=TARGET)
    args = parser.parse_args()
    names = args.data / "names"
    flags = name_flags(names)
    bases = set(surnames(flags, lookup("prob")))
    lists = {
        "surnames.txt": bases,
        "names-in-s.txt": names_in_s(flags, bases),
        "places.txt": places(lookup("cluster")),
        "states.txt": (names / "state-names.list").read_text("utf-8").splitlines(),
    }
    args.target.mkdir(parents=True, exist_ok=True)
    for file, entries in lists.items():
        kept = sorted({entry.strip() for entry in entries} - {""})
        (args.target / file).write_text("\n".join(kept) + "\n", "utf-8")
        print(file, len(kept))


if __name__ == "__main__":
    main()
