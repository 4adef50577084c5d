"""Reduce the name lists to what canonical names need: ``python -m training.gazetteers``.

Written to ``seeds/gazetteers``: surnames and places whose ``-s`` form is a genitive and not a
name of its own, and the names of states.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

from extraction.tagging.brown import FIRST_NAME, SURNAME
from training.tables import lookup, name_flags

TARGET = Path(__file__).parents[1] / "seeds" / "gazetteers"
#: Brown clusters of places, of surnames, and of the genitives of either.
PLACES = {16, 80, 208, 285, 464, 848, 976}
SURNAMES = 40
GENITIVES = {284, 988, 1436}
#: How much more frequent (natural logarithm) a surname must be than its -s form elsewhere.
LEAST_LEAD = 1.5


def surnames(
    flags: dict[str, int], cluster: dict[str, int], probability: dict[str, float]
) -> Iterable[str]:
    """Yield surnames X, no first names, where Xs is found, rarer than X and no name itself."""
    listed = {name for name, flag in flags.items() if flag & SURNAME}
    likely = {form for form, number in cluster.items() if number == SURNAMES and form.istitle()}
    for name in listed | likely:
        genitive = name + "s"
        if name not in probability or genitive not in probability or len(name) < 3:
            continue
        lead = probability[name] - probability[genitive]
        least = 0.0 if cluster.get(genitive) in GENITIVES else LEAST_LEAD
        first_name = (flags.get(name, 0) | flags.get(genitive, 0)) & FIRST_NAME
        if not first_name and lead > least:
            yield name


def names_in_s(flags: dict[str, int], bases: set[str]) -> Iterable[str]:
    """Yield the first names and surnames that end in -s and are no genitive of ``bases``."""
    for name, flag in flags.items():
        if flag & (FIRST_NAME | SURNAME) and name.endswith("s") and name[:-1] not in bases:
            yield name


def places(cluster: dict[str, int]) -> Iterable[str]:
    """Yield forms X of a place cluster whose form Xs stands among the genitives."""
    for form, number in cluster.items():
        genitive = number in PLACES and cluster.get(form + "s") in GENITIVES
        if genitive and re.fullmatch(r"[A-ZÄÖÜ][\w-]{2,}", form):
            yield form


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=TARGET)
    args = parser.parse_args()
    names = args.data / "names"
    flags = name_flags(names)
    bases = set(surnames(flags, lookup("cluster"), lookup("prob")))
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
