"""What may be a keyphrase: nouns and compounds, terms of two words, nouns tied by a preposition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.lang.de.stop_words import STOP_WORDS

from extraction.keyphrases.adjectives import Form, stem, term
from extraction.keyphrases.lists import is_generic
from extraction.keyphrases.tokens import WeightedWord
from german.compounds import lemma, parts
from german.compounds.tables import tables
from german.wordlist import word_list

_TIES = word_list("für auf gegen mit zu zum zur von vom der des am im um über nach")
_SHORTEST = 3
#: Letters by which an adjective is known to be made of a name.
_OPENING = 4
#: A noun of the lexicon that has made this many compounds is one for certain.
_CERTAIN = 3
#: How often a word that no lexicon knows, most likely a name, must stand within sentences.
_UNKNOWN = 3
#: Adjectives that look like compounds where a sentence opens with them: ``Erfolgreich``.
_ADJECTIVE = re.compile(
    r"(?:reich|voll|frei|weise|los|artig|mäßig|fähig|haft|isch|lich|ig|bar|wärts)$"
)


@dataclass(slots=True)
class Candidate:
    """A phrase as it would be shown, with its occurrences: their number and summed weight.

    ``noun`` is the lemma that it turns on, the phrase itself if it is a single word.
    """

    phrase: str
    noun: str
    count: int = 0
    weight: float = 0.0
    forms: list[Form] = field(default_factory=list)

    def add(self, weight: float) -> None:
        """Count one more occurrence."""
        self.count += 1
        self.weight += weight


def nouns(row: Sequence[WeightedWord], names: Collection[str]) -> dict[str, Candidate]:
    """Return the nouns and compounds among the tokens by lemma."""
    inside = Counter([token.text for token in row if not token.opens])
    gathered: dict[str, Candidate] = {}
    for token in row:
        word = token.text
        if not _may_be_noun(word) or word in names:
            continue
        if token.opens and word not in inside and not _is_certain(word):
            continue
        name = lemma(word)
        if name not in names:
            if name not in gathered:
                gathered[name] = Candidate(name, name)
            gathered[name].add(token.weight)
    return {
        name: candidate
        for name, candidate in gathered.items()
        if _is_known(name) or inside[name] >= _UNKNOWN
    }


def terms(
    row: Sequence[WeightedWord], known: Collection[str], names: Collection[str]
) -> dict[str, Candidate]:
    """Return adjective and noun (``künstliche Intelligenz``) where the noun is in ``known``.

    Adjectives made of the article's names (``peruanisch`` beside ``Peru``) make no term.
    """
    openings = {name[:_OPENING].lower() for name in names}
    gathered: dict[tuple[str, str], Candidate] = {}
    for at in range(1, len(row)):
        adjective, noun = row[at - 1], row[at]
        if not noun.joined or not noun.text[0].isupper() or (root := stem(adjective)) is None:
            continue
        name = lemma(noun.text)
        if at > 1 and adjective.joined and _is_verb(row[at - 2].text, adjective.text):
            continue
        if name in known and root[:_OPENING].lower() not in openings:
            before = row[at - 2].text.lower() if at > 1 and adjective.joined else ""
            candidate = gathered.setdefault((root.lower(), name), Candidate("", name))
            candidate.add((adjective.weight + noun.weight) / 2)
            candidate.forms.append((before, adjective.text, noun.text))
    return _shown(gathered)


def ties(row: Sequence[WeightedWord], known: Collection[str]) -> dict[str, Candidate]:
    """Return nouns tied by a preposition or genitive (``Rente mit 63``) that stand there twice."""
    gathered: dict[str, Candidate] = {}
    for first, tie, last in zip(row, row[1:], row[2:], strict=False):
        if tie.text not in _TIES or not (tie.joined and last.joined):
            continue
        name = lemma(first.text)
        if name not in known or is_generic(name):
            continue
        if last.text.isdigit() or (lemma(last.text) in known and not is_generic(lemma(last.text))):
            phrase = f"{name} {tie.text} {last.text}"
            gathered.setdefault(phrase, Candidate(phrase, name)).add(first.weight)
    return {name: tied for name, tied in gathered.items() if tied.count > 1}


def _shown(gathered: dict[tuple[str, str], Candidate]) -> dict[str, Candidate]:
    shown: dict[str, Candidate] = {}
    for (root, name), candidate in gathered.items():
        phrase = term(root, name, candidate.forms)
        if phrase:
            candidate.phrase = phrase
            shown[phrase] = candidate
    return shown


def _is_verb(before: str, word: str) -> bool:
    """Tell ``Haushalte benötigen Strom`` from an adjective: a noun stands right before it."""
    return word.endswith("en") and before[0].isupper() and before.lower() not in STOP_WORDS


@lru_cache(maxsize=8_192)
def _may_be_noun(word: str) -> bool:
    if not word[0].isupper() or len(word) < _SHORTEST or word.lower() in STOP_WORDS:
        return False
    return not (word.endswith("er") and word[:-2].lower() in tables().whole)  # ``Heidelberger``


@lru_cache(maxsize=8_192)
def _is_certain(word: str) -> bool:
    """Tell whether a word is a noun also where every word has a capital."""
    unit = tables().heads.get(word.lower())
    return bool(unit and unit.seen >= _CERTAIN) or (
        bool(parts(word)) and not _ADJECTIVE.search(word)
    )


@lru_cache(maxsize=8_192)
def _is_known(name: str) -> bool:
    return name.lower() in tables().lemmas or bool(parts(name))
