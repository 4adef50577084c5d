"""The first names of the lexicon, and the nouns that are people's names as well."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from wordfreq import zipf_frequency

from german.wordlist import pairs

_NAME = re.compile(r"[^\W\d_a-zß][^\W\d_]+(?:-[^\W\d_]+)?")
_GENDERS = {"Fem": "f", "Masc": "m"}
#: Nouns as frequent as ``Zeit`` are hardly ever the name that they are too.
_FREQUENT = 5.0


def first_names(folder: Path) -> dict[str, str]:
    """Return first names and their gender, "" for those that are borne by both or of unknown one.

    Where the list says both, the name is borne by both; the handwritten list decides before.
    """
    genders: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "first-names.tsv").read_text("utf-8").splitlines():
        name, _, *rest = (*line.split("\t"), "")
        if _NAME.fullmatch(name):
            genders[name].add(_GENDERS.get(rest[0], ""))
    told = {name: said - {""} for name, said in genders.items()}
    listed = {name: said.pop() if len(said) == 1 else "" for name, said in told.items()}
    return listed | pairs("german", "data/first-names-common.txt")


def written(names: Mapping[str, str]) -> str:
    """Return the names as the data file has them: a line for each gender."""
    by_gender: dict[str, list[str]] = defaultdict(list)
    for name, gender in names.items():
        by_gender[gender].append(name)
    lines = (f"{gender}\t{' '.join(sorted(some))}\n" for gender, some in by_gender.items())
    return "".join(sorted(lines))


def noun_names(entries: Iterable[Mapping[str, str]], nouns: Mapping[str, object]) -> list[str]:
    """Return the common nouns among the dictionary's first names and surnames: ``Cäsar``."""
    names = {
        entry["lemma"]
        for entry in entries
        if "Vorname" in entry["pos"] or "Nachname" in entry["pos"]
    }
    both = (name for name in names if name.isalpha() and name.lower() in nouns)
    return sorted(name for name in both if zipf_frequency(name, "de") < _FREQUENT)
