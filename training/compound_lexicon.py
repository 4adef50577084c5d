"""Make the lexicon of the compound splitter: ``python -m training.compound_lexicon``.

Writes ``nouns.tsv`` and ``modifiers.tsv`` into ``german/compounds``. Nouns and their forms
come from simplemma's German dictionary, their frequencies from wordfreq's large list. Which
stretches really make compounds is counted over the dictionary's 250,000 nouns: each is split at
the place whose two sides make the most other compounds, counted again, four times over (hard EM
in the spirit of Koehn and Knight 2003, with numbers of compounds in place of frequencies of
parts; cf. the counts of Tuggener 2016).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory
from wordfreq import get_frequency_dict

from german.wordlist import pairs, words_of

OUT = Path(__file__).parents[1] / "german" / "compounds"
Splits = dict[str, list[int]]
#: What a noun's lemma and forms must reach together, in occurrences a word.
BASE, COMMON = 2e-8, 1e-6
#: Stems with ``ß`` today; all others (``Prozeß``) are spellings of before 1996.
_TODAY = re.compile(
    "stra|spaß|maß|groß|größ|gr[uü]ß|b[uü]ß|f[uü]ß|preuß|sto|stö|floß|kl[oö]ß|süß|weiß|heiß|fleiß|geiß"
    "|äuß|auß|fäß|säß|ieß|reiß|beiß|cheiß|chleiß|ruß|muße|schoß$"
)
ROUNDS = 4
#: How many compounds a noun must end for its plural to be told from a verb made noun.
PLURAL = 10
_NOTICE = (
    "# Made by training/compound_lexicon.py from simplemma's German dictionary (Měchura's\n"
    "# lemmatization lists, ODbL, and others) and wordfreq's word frequencies (Speer 2022,\n"
    "# CC BY-SA 4.0). This file may be used under the Open Database License 1.0.\n"
)


def nouns() -> tuple[dict[str, str], dict[str, str]]:
    """Return noun form -> lemma, and every other form of the dictionary -> lemma.

    Spellings of before 1996 (``Prozeß``) are led to those of today.
    """
    dictionary = dict(DefaultDictionaryFactory().get_dictionary("de").items())
    forms = {f: m for f, m in dictionary.items() if _is_noun(f) and _is_noun(m)}
    forms |= {word: word for word in _list("own_lemma.txt")}
    return (
        {f: _today(m) for f, m in forms.items() if _today(f) == f},
        {f: m for f, m in dictionary.items() if f.islower()},
    )


def _list(file: str) -> frozenset[str]:
    return words_of("german.compounds", file)


def _today(word: str) -> str:
    return word if "ß" not in word or _TODAY.search(word.lower()) else word.replace("ß", "ss")


def frequencies(forms: dict[str, str]) -> tuple[dict[str, float], set[str]]:
    """Return each lemma's frequency, and the forms in lower case that occur."""
    known = get_frequency_dict("de", "large")
    total: dict[str, float] = defaultdict(float)
    occurring = set()
    for form, lemma in forms.items():
        amount = known.get(form.casefold(), 0.0)
        total[lemma] += amount
        if amount:
            occurring.add(form.lower())
    return dict(total), occurring


def adjectives(lemmas: Iterable[str], others: dict[str, str]) -> set[str]:
    """Return the lemmas that are adjectives made nouns: ``Sichere``, ``Historische``."""
    kept = _list("persons.txt")
    known = set()
    for lemma in lemmas:
        low = lemma.lower()
        stem = re.sub("e[rsnm]?$", "", low)
        declined = others.get(stem + "en") is not None and others.get(stem + "es") is not None
        if stem != low and declined and lemma not in kept:
            known.add(lemma)
    return known


def _is_noun(word: str) -> bool:
    return word.isalpha() and word[0].isupper() and word[1:].islower() and len(word) <= 40


def missing_forms(
    forms: dict[str, str], base: dict[str, float], made: set[str], occurring: set[str]
) -> dict[str, str]:
    """Return regular forms that the dictionary leaves out or gives to an adjective: ``Rechten``."""
    added: dict[str, str] = {}
    for form, lemma in forms.items():
        if lemma not in base or lemma in made:
            continue
        for ending in (
            ("s", "es", "n", "en") if form == lemma else ("n",) if form[-1] in "erl" else ()
        ):
            new = form + ending
            if forms.get(new, next(iter(made), "")) in made and new.lower() in occurring:
                added[new] = lemma
    return added


def first_parts(
    forms: dict[str, str], base: dict[str, float], others: dict[str, str]
) -> dict[str, str]:
    """Return every form that a base noun may take as a first part, with the commonest lemma.

    The stem of a verb stands for the verb (``glüh``: ``glühen``).
    """
    by_form: dict[str, str] = {}
    for form, lemma in forms.items():
        if lemma in base:
            _offer(by_form, form.lower(), lemma, base)
    for lemma in base:
        low = lemma.lower()
        is_verb = others.get(low) == low and low.endswith("n")
        for form in _linked(low):
            if form not in by_form or form.endswith("s"):
                _offer(by_form, form, lemma, base)
            if is_verb and form == low[:-2] and by_form.get(form) == lemma:
                by_form[form] = low
    for lemma in base:
        low = lemma.lower()
        if low not in by_form or others.get(low) != low or not low.endswith("n"):
            by_form[low] = lemma  # but ``hexen`` is of Hexe, not of the verb
    return by_form | pairs("german.compounds", "modifiers.txt")


def _offer(by_form: dict[str, str], form: str, lemma: str, base: dict[str, float]) -> None:
    if form not in by_form or base[lemma] > base.get(by_form[form], 0.0):
        by_form[form] = lemma


def _linked(low: str) -> Iterable[str]:
    if low[-1] not in "sxzß":
        yield low + "s"
    if low.endswith("e") and len(low) > 4:
        yield low[:-1]
    if low.endswith("en") and len(low) > 5:
        yield low[:-2]


def splits(vocabulary: Iterable[str], firsts: dict[str, str], lasts: set[str]) -> Splits:
    """Return the places where each word can be split into a first and a last part."""
    return {
        word: places
        for word in vocabulary
        if (
            places := [
                i for i in range(3, len(word) - 2) if word[i:] in lasts and word[:i] in firsts
            ]
        )
    }


def count(possible: Splits) -> tuple[Counter[str], Counter[str]]:
    """Count in how many compounds each first and each last part stands."""
    firsts: Counter[str] = Counter()
    lasts: Counter[str] = Counter()
    for word, places in possible.items():
        for at in places:
            firsts[word[:at]] += 1
            lasts[word[at:]] += 1
    for _ in range(ROUNDS):
        best = {
            word: max(places, key=lambda i, w=word: _weight(firsts[w[:i]], lasts[w[i:]]))  # type: ignore[misc]
            for word, places in possible.items()
        }
        firsts = Counter(word[:at] for word, at in best.items())
        lasts = Counter(word[at:] for word, at in best.items())
    return firsts, lasts


def _weight(first: int, last: int) -> float:
    return math.log(first + 0.1) + math.log(last + 0.1)


def main() -> None:
    """Write both files."""
    forms, others = nouns()
    total, occurring = frequencies(forms)
    blocked, short, particles = _list("not_parts.txt"), _list("short.txt"), _list("particles.txt")
    base = {
        lemma: amount
        for lemma, amount in total.items()
        if amount >= BASE and lemma.lower() in occurring and len(lemma) >= 3
    }
    made = adjectives(base, others)
    forms |= missing_forms(forms, base, made, occurring)
    parts = {lemma: amount for lemma, amount in base.items() if lemma not in made}
    lasts = {low for lemma in parts if _allowed(low := lemma.lower(), short) and low not in blocked}
    firsts = {
        form: lemma
        for form, lemma in first_parts(forms, parts, others).items()
        if _allowed(form, short) and form not in particles
    }
    whole = {word.lower() for word in _list("whole.txt")}
    vocabulary = {lemma.lower() for lemma in total if len(lemma) >= 6} - whole
    seen_first, seen_last = count(splits(vocabulary, firsts, lasts))
    for form, noun in plurals(parts, seen_last).items():
        forms[form] = noun
        del parts[form]
    _write_nouns(forms, parts, occurring, {low: seen_last[low] for low in lasts})
    _write_modifiers(firsts, seen_first, base)


def plurals(base: dict[str, float], seen: Counter[str]) -> dict[str, str]:
    """Return nouns made of verbs that are rather a plural: ``Arbeiten`` -> ``Arbeit``."""
    own = _list("own_lemma.txt")
    by_lemma = {}
    for lemma in base.keys() - own:
        stems = [lemma[:-1], lemma[:-2]] if lemma.endswith("en") else []
        for noun in stems:
            often = seen[noun.lower()]
            if noun in base and often >= PLURAL and often >= PLURAL * seen[lemma.lower()] / 2:
                by_lemma[lemma] = noun
    return by_lemma


def _allowed(form: str, short: frozenset[str]) -> bool:
    return len(form) >= 4 or form in short


def _write_nouns(
    forms: dict[str, str],
    base: dict[str, float],
    occurring: set[str],
    seen: dict[str, int],
) -> None:
    by_lemma: dict[str, list[str]] = defaultdict(list)
    for form, lemma in forms.items():
        if lemma in base and form != lemma and form.lower() in occurring:
            by_lemma[lemma].append(form.lower())
    ranked = sorted(base, key=lambda lemma: (-base[lemma], lemma))
    with (OUT / "nouns.tsv").open("w", encoding="utf-8") as file:
        file.write(
            _NOTICE + "# Lemma, number of compounds that end in it, Zipf frequency, other forms.\n"
        )
        for lemma in ranked:
            number = seen.get(lemma.lower(), 0)
            floor = 1 if lemma.lower() in seen and base[lemma] >= COMMON else 0
            if number >= 2 or base[lemma] >= COMMON or (number and len(lemma) >= 8):
                zipf = f"{math.log10(base[lemma]) + 9:.1f}"
                row = [lemma, str(max(number, floor)), zipf, *sorted(set(by_lemma[lemma]))]
                file.write("\t".join(row) + "\n")


def _write_modifiers(firsts: dict[str, str], seen: Counter[str], base: dict[str, float]) -> None:
    fixed = pairs("german.compounds", "modifiers.txt").keys()
    with (OUT / "modifiers.tsv").open("w", encoding="utf-8") as file:
        file.write(_NOTICE + "# First part with its linking element, lemma, number of compounds.\n")
        for form, lemma in sorted(firsts.items()):
            common = base.get(lemma, 0) >= COMMON and len(form) >= 5 and _regular(form, lemma)
            number = max(seen[form], 1 if common else 0, 20 if form in fixed else 0)
            once = seen[form] == 1 and base.get(lemma, 0) >= COMMON and len(form) >= 5
            if seen[form] >= 2 or common or once or form in fixed:
                file.write(f"{form}\t{lemma}\t{number}\n")


def _regular(form: str, lemma: str) -> bool:
    """Tell whether a noun may be expected as a first part in this form, unseen."""
    low = lemma.lower()
    if low.endswith(("ung", "heit", "keit", "schaft", "ion", "tät", "ling", "tum")):
        return form == low + "s"
    return form in (low, low + "n") if low.endswith("e") else form == low


if __name__ == "__main__":
    main()
