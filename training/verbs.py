"""Make the list of verbs that word families are made of: ``python -m training.verbs``.

Writes ``german/derivation/verbs.txt``: infinitives of simplemma's German dictionary that have
finite forms there and that wordfreq's large list has often enough. The forms themselves are not
taken from it: ``german/derivation`` makes them by rule.
"""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory
from wordfreq import get_frequency_dict

from german.derivation.conjugation import strong_bases

OUT = Path(__file__).parents[1] / "german" / "derivation" / "verbs.txt"
_INFINITIVE = re.compile(r"[a-zäöüß]{2,}(?:en|eln|ern)|tun")
#: What all forms of a verb must reach together, in occurrences a word.
COMMON = 1e-7
_NOTICE = (
    "# Made by training/verbs.py from simplemma's German dictionary (Měchura's lemmatization\n"
    "# lists, ODbL, and others) and wordfreq's word frequencies (Speer 2022, CC BY-SA 4.0).\n"
    "# This file may be used under the Open Database License 1.0. White space parts the verbs.\n"
)


def verbs() -> list[str]:
    """Return the infinitives, in order."""
    known = get_frequency_dict("de", "large")
    forms: dict[str, set[str]] = defaultdict(set)
    for form, lemma in DefaultDictionaryFactory().get_dictionary("de").items():
        if lemma.islower() and form.islower() and _INFINITIVE.fullmatch(lemma):
            forms[lemma] |= {form, lemma}
    participles = {base.participle for base in strong_bases().values()}
    return sorted(
        lemma
        for lemma, its in forms.items()
        if sum(known.get(form, 0.0) for form in its) > COMMON
        and any(form.endswith("t") for form in its)
        and not any(lemma.endswith(participle) for participle in participles)
    )


def main() -> None:
    """Write the list."""
    OUT.write_text(_NOTICE + "\n".join(textwrap.wrap(" ".join(verbs()), 100)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
