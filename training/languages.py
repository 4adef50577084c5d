"""Make the profiles in ``seeds/languages`` from wordfreq: ``python -m training.languages``.

``words.txt`` holds each language's most frequent words, ``trigrams.txt`` the letter sequences of
its frequent words. A line is the word or trigram and its frequency in each language that has it,
as ``de75``: ten times the decimal logarithm of occurrences in a thousand million. Languages that
have it far more rarely than the first are left out.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from wordfreq import get_frequency_dict

from german.wordlist import word_list

OUT = Path(__file__).parents[1] / "seeds" / "languages"
_AS_ISO = word_list("de en fr es it pt nl da sv nb pl cs sk hu ro fi tr sl lt lv ca id")
#: wordfreq's code and ISO 639-1.
LANGUAGES = {**{code: code for code in sorted(_AS_ISO)}, "sh": "hr"}
#: Low German, Bavarian, Alemannic, Berlin: as German as any word is another language's.
_DIALECTS = word_list(
    """
    allet baba bin bisch bist bua buur chind dat des dit dood doot dor dree du düsse een eens fief
    fröher för füer gah geiht gfallt gheat ghört gliek gmacht gsagt gseh gsi gseit gsehn gsund gutt
    güng ha hab ham hamma hebb hebbt hefft heff hest hett het hier hob hoam host huus hüt hüüt i
    ick ik is isch ja jeht jibt jut ka kaan kinner koa koan kunn kümmt kütt lüttje lütt lüüd lüt
    maa maken man mer mi mia miar min minsch mir mit moin morjen na ned nee net ni nich nid nix no
    noch nöd nu oa oans oba ok op plattdüütsch sacht san schee scho schoa schon schöön seggt segg
    seggen sehn se si sin sünd sien sik snackt to tohuus tied un üüs üsi unsa unse vun vör wat weer
    weet wi wiar wia wie wo woar wor ward wääs zit zäme
    """
)
_DIALECT_SCALE = 55
_WORD = re.compile(r"[^\W\d_]+\Z")
_MOST_WORDS, _MOST_FOR_TRIGRAMS, _MOST_TRIGRAMS = 800, 15_000, 600
_FAR_BEHIND = 25
Profile = dict[str, dict[str, int]]


def main() -> None:
    """Write both files."""
    frequencies = {iso: _words(code) for code, iso in LANGUAGES.items()}
    wanted = {word for words in frequencies.values() for word in _first(words, _MOST_WORDS)}
    words = _profile(frequencies, wanted)
    for word in sorted(_DIALECTS):
        row = words.setdefault(word, {"de": _DIALECT_SCALE})
        row["de"] = max(row.values())
    _write("words.txt", words)
    trigrams = {iso: _trigrams(words) for iso, words in frequencies.items()}
    wanted = {gram for grams in trigrams.values() for gram in _first(grams, _MOST_TRIGRAMS)}
    _write("trigrams.txt", _profile(trigrams, wanted))


def _words(code: str) -> dict[str, float]:
    words = get_frequency_dict(code, "small")
    return {word: frequency for word, frequency in words.items() if _WORD.match(word)}


def _trigrams(words: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each letter trigram, long words counting no more than frequent ones."""
    counts: Counter[str] = Counter()
    for word in _first(words, _MOST_FOR_TRIGRAMS):
        marked = f" {word} "
        for at in range(len(marked) - 2):
            counts[marked[at : at + 3]] += math.sqrt(words[word])  # type: ignore[assignment]
    total = sum(counts.values())
    return {gram: count / total for gram, count in counts.items()}


def _first(frequencies: Mapping[str, float], number: int) -> list[str]:
    return sorted(frequencies, key=lambda item: (-frequencies[item], item))[:number]


def _profile(frequencies: Mapping[str, Mapping[str, float]], wanted: set[str]) -> Profile:
    profile: Profile = defaultdict(dict)
    for language, items in frequencies.items():
        for item in wanted:
            scale = round(10 * (9 + math.log10(items[item]))) if item in items else 0
            profile[item][language] = scale
    return {item: _near(row) for item, row in profile.items()}


def _near(row: dict[str, int]) -> dict[str, int]:
    least = max(row.values()) - _FAR_BEHIND
    return {language: scale for language, scale in row.items() if scale > least}


def _write(file: str, profile: Profile) -> None:
    lines = [
        "\t".join([item.replace(" ", "_"), *(f"{code}{scale}" for code, scale in row.items())])
        for item, row in sorted(profile.items())
    ]
    (OUT / file).write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{file}: {len(lines)}")


if __name__ == "__main__":
    main()
