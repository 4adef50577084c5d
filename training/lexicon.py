"""Make the lexicon's tables of nouns and first names: ``python -m training.lexicon --data DIR``.

Writes ``declension.tsv``, ``first-names.tsv`` and ``noun-names.txt`` into ``german/data``. Genders,
genitives and plurals come from the German Wiktionary as the package ``german-nouns`` carries it
(CC BY-SA 4.0), which nouns are in use from wordfreq. Compounds are left out where their last part
tells the same. ``german/data/README.md`` names the sources.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from wordfreq import get_frequency_dict

from german.compounds.split import cut
from german.compounds.tables import tables
from german.declension import Declension, encoded
from german.wordlist import rows
from training import names

OUT = Path(__file__).parents[1] / "german" / "data"
_WIKTIONARY = (
    "# Made by training/lexicon.py from the German Wiktionary (its authors, CC BY-SA 4.0) as the\n"
    "# package german-nouns carries it; may be used under CC BY-SA 4.0.\n"
)
_NOTICE = _WIKTIONARY + (
    "# Genders, genitive, plural (see german/declension.py), the nouns declined so.\n"
)
_NAMES_NOTICE = (
    "# Made by training/lexicon.py: gender and first names, from the lists of GermaNER and\n"
    "# German-LER (Apache License 2.0) and from first-names-common.txt.\n"
)
#: Entries that are no common nouns, and pieces of words.
_OTHER = ("Vorname", "Nachname", "Toponym", "Eigenname", "Straßenname", "Buchstabe", "Affix")
_PIECES = ("Gebundenes Lexem", "Wortverbindung", "Redewendung", "Geflügeltes Wort")
_VARIANTS = ("", " 1", " 2", " 3", " 4", " stark", "*")
_GENITIVES = ("", " 1", " 2", " 3", " 4", " schwach", "*")
Entry = Mapping[str, str]


class Noun(NamedTuple):
    """What the dictionary says of a noun, in small letters; "" where it says nothing."""

    genders: str
    genitive: str
    plural: str
    kind: str = ""

    def small(self) -> Noun:
        """Return the noun with its forms in small letters."""
        return Noun(*map(str.lower, self))


def entries() -> Iterator[Entry]:
    """Yield the entries of the dictionary."""
    text = (files("german_nouns") / "nouns.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def noun(entry: Entry) -> Noun | None:
    """Return what an entry says of a noun, ``None`` if it tells no gender."""
    low = entry["lemma"].lower()
    genders = "".join(dict.fromkeys(entry[f"genus{n}"] for n in ("", " 1", " 2", " 3", " 4")))
    plural = _first(entry, "nominativ plural", _VARIANTS)
    kind = "t" if "Toponym" in entry["pos"] else ""
    if plural == low and not _first(entry, "nominativ singular", _VARIANTS):
        return Noun("p", "", low, kind)
    genitive = _first(entry, "genitiv singular", _GENITIVES)
    return Noun(genders, genitive, plural, kind) if genders else None


def _first(entry: Entry, case: str, variants: Iterable[str]) -> str:
    return next((entry[case + v].lower() for v in variants if entry.get(case + v)), "")


def nouns(all_entries: Iterable[Entry]) -> dict[str, Noun]:
    """Return the common nouns and the names of places that have a gender, in small letters.

    Of several entries the first decides on the forms; the genders of all are kept.
    """
    known: dict[str, Noun] = {}
    for entry in sorted(all_entries, key=lambda entry: any(o in entry["pos"] for o in _OTHER)):
        low = entry["lemma"].lower()
        if any(piece in entry["pos"] for piece in _PIECES) or not low.isalpha() or len(low) < 2:
            continue
        if _is_person(entry) or not (new := noun(entry)):
            continue
        old = known.get(low, new)
        genders = old.genders if old.genders == "p" else old.genders + new.genders
        genders = "".join(dict.fromkeys(genders.replace("p", "") or "p"))
        known[low] = old._replace(genders=genders, plural=old.plural or new.plural)
    return known


def _is_person(entry: Entry) -> bool:
    return "Vorname" in entry["pos"] or "Nachname" in entry["pos"]


def way(low: str, known: Noun) -> Declension:
    """Return the declension of a noun as the table writes it."""
    genitive = encoded(low, known.genitive) if known.genitive else "-"
    plural = encoded(low, known.plural) if known.plural else "-"
    return Declension(known.genders, genitive, plural, known.kind)


def needed(known: Mapping[str, Noun]) -> dict[str, Declension]:
    """Return the declensions of the nouns in use that their last part does not tell already."""
    used, lemmas = get_frequency_dict("de", "large"), tables().lemmas
    ways = {low: way(low, entry) for low, entry in known.items()}
    kept = {}
    for low, declension in ways.items():
        last = cut(low)
        derived = ways.get(last[-1][1].lemma.lower()) if last else None
        in_use = low in used or low in lemmas or known[low].plural in used
        if in_use and derived != declension:
            kept[low] = declension
    return kept


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data sets")
    folder = parser.parse_args().data / "names"
    listed = list(entries())
    known = nouns(listed)
    for word, genders, *forms in rows("german", "data/nouns.txt", " "):
        low = word.lower()
        known[low] = Noun(genders, *(forms or known[low][1:3])).small()
    _write("declension.tsv", _NOTICE + _declensions(needed(known)))
    _write("first-names.tsv", _NAMES_NOTICE + names.written(names.first_names(folder)))
    common = {low: entry for low, entry in known.items() if not entry.kind}
    both = "".join(f"{name}\n" for name in names.noun_names(listed, common))
    _write("noun-names.txt", f"{_WIKTIONARY}# Nouns that are people's names too.\n{both}")


def _declensions(ways: Mapping[str, Declension]) -> str:
    by_way: dict[Declension, list[str]] = defaultdict(list)
    for low, declension in ways.items():
        by_way[declension].append(low)
    ordered = sorted(by_way.items(), key=lambda item: (-len(item[1]), item[0]))
    return "".join(_line(way, some) for way, some in ordered)


def _write(name: str, content: str) -> None:
    (OUT / name).write_text(content, "utf-8")
    print(f"{name}: {len(content.encode()):,} bytes")


def _line(way: Declension, nouns: Iterable[str]) -> str:
    return f"{';'.join(way if way.kind else way[:3])}\t{' '.join(sorted(nouns))}\n"


if __name__ == "__main__":
    main()
