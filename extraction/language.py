"""Tell the language of an article: German from the rest, the rest from each other.

Frequent words and letter trigrams of two dozen languages in Latin script (Cavnar and Trenkle
1994 for the idea; lists from wordfreq, see ``seeds/languages``) are weighed as naive Bayes does;
other scripts tell by themselves. Names belong to no language, so what no list knows weighs little,
and German gets the benefit of the doubt: its articles are the rule here.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from german.wordlist import lines

Scores = NDArray[np.float32]
UNKNOWN = "und"
GERMAN = "de"
#: Letters looked at, in this many slices from the beginning to the end.
_SAMPLE, _SLICES = 2_100, 3
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"([a-zA-Z]{2})(?:[-_]|\Z)")
#: What a trigram weighs beside a word. The unit is a tenth of a power of ten.
_OF_TRIGRAM = 0.12
#: What a language that does not have a word is behind the first that has it.
_MISSING = 30
#: Leads over the second, in tenths of a power of ten: of German over all, of others over German.
_LEAD, _LEAD_OVER_GERMAN = 8.0, 30.0
#: How far apart the languages must be before anything is said: two or three known words.
_LEAST_READ = 25.0
#: A lead that words alone decide by.
_CLEAR_BY_WORDS = 200.0
_DECLARED, _BENEFIT_OF_DOUBT = 20.0, 10.0
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ASCII_LETTERS = string.ascii_letters.encode()
_SCRIPTS = (
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("latin", _LATIN),
)
#: Letters that only one of the languages in Cyrillic script has.
_CYRILLIC = (("uk", re.compile(r"[іїєґІЇЄҐ]")), ("ru", re.compile(r"[ыэёЫЭЁ]")))


def language_of(text: str, declared: str | None = None) -> str:
    """Return the ISO 639-1 code of the language of most of ``text``.

    ``declared`` (``de``, ``de-AT``) is what the source says: it decides where the text is short
    or unclear, never against a clear text. Without it such a text is ``und``.
    """
    code = _CODE.match(declared.strip()) if declared else None
    claimed = code[1].lower() if code else ""
    sample = _sample(text)
    script = _script(sample)
    language = _in_latin(sample, claimed) if script == "latin" else script
    return language if language != UNKNOWN else claimed or UNKNOWN


def _sample(text: str) -> str:
    """Return slices of the beginning, the middle and the end of a long text."""
    if len(text) <= _SAMPLE:
        return text
    size, step = _SAMPLE // _SLICES, (len(text) - _SAMPLE // _SLICES) // (_SLICES - 1)
    return " ".join(text[at * step : at * step + size] for at in range(_SLICES))


def _script(sample: str) -> str:
    if sample.isascii() or _mostly_ascii(sample):
        return "latin"
    if len(_LATIN.findall(sample)) > len(sample) / 2:
        return "latin"
    counts = {script: len(letters.findall(sample)) for script, letters in _SCRIPTS}
    script = max(counts, key=lambda name: counts[name])
    if script == "zh" and counts["ja"]:
        script = "ja"
    if not counts[script]:
        return UNKNOWN
    return _of_cyrillic(sample) if script == "cyrillic" else script


def _mostly_ascii(sample: str) -> bool:
    """Tell the usual case, more than half of it letters from A to Z, without looking at each."""
    plain = sample.encode("ascii", "ignore")
    return len(plain) - len(plain.translate(None, _ASCII_LETTERS)) > len(sample) / 2


def _of_cyrillic(sample: str) -> str:
    counts = {code: len(letters.findall(sample)) for code, letters in _CYRILLIC}
    code = max(counts, key=lambda name: counts[name])
    return code if counts[code] else "ru"


def _in_latin(sample: str, claimed: str) -> str:
    profiles = _profiles()
    words = _WORD.findall(sample.lower())
    bonus = profiles.bonus(claimed)
    scores = profiles.of_words(words) + bonus
    if _lead(scores) < _CLEAR_BY_WORDS:
        scores += profiles.of_trigrams(words)
    if np.ptp(scores - bonus) < _LEAST_READ:
        return UNKNOWN
    return _decide(profiles.codes, scores)


def _decide(codes: tuple[str, ...], scores: Scores) -> str:
    german, first = codes.index(GERMAN), int(scores.argmax())
    if first == german:
        return GERMAN if _lead(scores) >= _LEAD else UNKNOWN
    return codes[first] if scores[first] - scores[german] >= _LEAD_OVER_GERMAN else UNKNOWN


def _lead(scores: Scores) -> float:
    second, first = np.partition(scores, -2)[-2:]
    return float(first - second)


@dataclass(frozen=True, slots=True)
class _Profiles:
    """Rows of ``weights`` by word and by trigram; a column is a language of ``codes``."""

    codes: tuple[str, ...]
    words: dict[str, int]
    trigrams: dict[str, int]
    weights: Scores

    def of_words(self, words: list[str]) -> Scores:
        """Return how much the known ones of words in small letters speak for each language."""
        rows = [row for row in map(self.words.get, words) if row is not None]
        return np.asarray(self.weights[rows].sum(axis=0))

    def of_trigrams(self, words: list[str]) -> Scores:
        """Return how much the letters of the other words speak for each language."""
        marked = [f"_{word}_" for word in words if word not in self.words]
        grams = (word[at : at + 3] for word in marked for at in range(len(word) - 2))
        rows = [row for gram in grams if (row := self.trigrams.get(gram)) is not None]
        return np.asarray(self.weights[rows].sum(axis=0) * _OF_TRIGRAM)

    def bonus(self, claimed: str) -> Scores:
        """Return what a language has before a word is read."""
        scores = np.zeros(len(self.codes), np.float32)
        scores[self.codes.index(GERMAN)] += _BENEFIT_OF_DOUBT
        if claimed in self.codes:
            scores[self.codes.index(claimed)] += _DECLARED
        return scores


@lru_cache(maxsize=1)
def _profiles() -> _Profiles:
    words, trigrams = (
        [line.split("\t") for line in lines("seeds", f"languages/{file}")]
        for file in ("words.txt", "trigrams.txt")
    )
    codes = sorted({cell[:2] for _, *cells in words for cell in cells})
    column = {code: at for at, code in enumerate(codes)}
    weights = np.full((len(words) + len(trigrams), len(codes)), -_MISSING, np.float32)
    for row, (_, *cells) in enumerate((*words, *trigrams)):
        scales = [int(cell[2:]) for cell in cells]
        weights[row, [column[cell[:2]] for cell in cells]] = [s - max(scales) for s in scales]
    return _Profiles(
        tuple(codes),
        {line[0]: row for row, line in enumerate(words)},
        {line[0]: row for row, line in enumerate(trigrams, start=len(words))},
        weights,
    )
