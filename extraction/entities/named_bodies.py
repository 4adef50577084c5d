"""Bodies whose form tells what they are: ``Isarwert AG``, ``Storm-Gesellschaft``, ``TSV Lahr``.

Their names are endless, but a legal form, a noun behind a hyphen and the letters of a club are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.analysed_text import AnalysedField
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.organisation_words import is_any_cue
from extraction.entities.word_kinds import WordKinds
from german.wordlist import word_list

_LEGAL = word_list("GmbH AG KG KGaA UG gGmbH GbR Ltd Inc Corp LLC plc")
_BEHIND_LEGAL = re.compile(r" & Co\. (?:KGaA|KG)")
_WITH_POINT = word_list("Ltd Inc Corp")
#: What is named after somebody or something.
_NAMED_AFTER = tuple(
    "-" + noun
    for noun in word_list(
        """
        Stiftung Gesellschaft Institut Gymnasium Universität Frauenuniversität Schule Grundschule
        Gesamtschule Realschule Museum Klinik Krankenhaus Klinikum Verlag Hochschule Akademie
        Bibliothek Archiv Zentrum Orchester Sparkasse Kirchengemeinde Tribunal Ministerrat
        Generalversammlung Sicherheitsrat Exekutivkomitee Kontrollausschuss Sportgericht
        Bundestagsfraktion Landtagsfraktion Streitkräfte Luftwaffe Armee Parlament Notenbank
        """
    )
)
_NO_NAMES = word_list(
    """
    US EU UN Uno Nato Elite Top Privat Online Internet Eliten Anti Ex Öko Bio Haupt Spezial Test
    Transfer Luxus Mega Möchtegern Schönheits Reha Rehabilitations Kinder Familien Partner Chef
    """
)
_CLUB_LETTERS = word_list(
    """
    FC SV SC TSV VfB VfL TuS FSV SSV BSC TSG HSG EHC ERC SpVgg MTV FK BSG ESV ASV VfR KSV TSC
    """
)
#: Small words that are capitals at the start of a sentence.
_DETERMINERS = word_list(
    "Die Der Das Den Dem Des Bei Eine Ein Einer Auch Für Von Im In Am Beim Mit"
)
_MOST_WORDS, _MOST_BEHIND = 4, 2
_FIRST = re.compile(r"1\. \Z")
#: The year behind a club's name; two digits else are a score: ``FC Wien 15 Punkte``.
_YEAR = re.compile(r" (?:0[4-9]|9[68]|1[89]\d\d)\b(?!\.)")
Span = tuple[int, int]


def named_bodies(field: AnalysedField) -> Iterator[Span]:
    """Yield start and end of the bodies in a text, in order; they may lie in one another."""
    words, starts = field.tokens.words, field.tokens.starts
    for index, shape in _SHAPES.among(words):
        if shape == "legal":
            yield from _with_legal_form(field, index)
        elif shape == "club":
            yield from _club(field, index)
        else:
            yield starts[index], starts[index] + len(words[index])


def _shape(word: str) -> str:
    """Return what a word says of a body's name: ``legal``, ``club``, ``whole``, "" for nothing."""
    if word in _LEGAL:
        return "legal"
    if word in _CLUB_LETTERS:
        return "club"
    return "whole" if "-" in word and is_named_after(word) else ""


_SHAPES = WordKinds(_shape)


def is_named_after(word: str) -> bool:
    """Tell ``Possehl-Stiftung``, named after somebody, from ``Elite-Universität``."""
    bases = (word, word.removesuffix("s"), word.removesuffix("es"))
    base = next((form for form in bases if form.endswith(_NAMED_AFTER)), "")
    if not base:
        return False
    prefix = base.rpartition("-")[0].split("-")
    common = all(
        is_common_noun(part) or part in _NO_NAMES or not part[:1].isupper() for part in prefix
    )
    return not common and prefix[0] not in _NO_NAMES and len(prefix[0]) > 1


def _with_legal_form(field: AnalysedField, index: int) -> Iterator[Span]:
    """Yield the capitalised words before a legal form, with it, if there are any."""
    first = index
    while first and index - first < _MOST_WORDS and _joins(field, first - 1, first):
        first -= 1
    while first < index and is_any_cue(field.tokens.words[first]):
        first += 1  # `die Firma Blum GmbH`
    if first == index:
        return
    start = field.tokens.starts[first]
    end = field.tokens.starts[index] + len(field.tokens.words[index])
    more = _BEHIND_LEGAL.match(field.text, end)
    point = field.tokens.words[index] in _WITH_POINT and field.text.startswith(".", end)
    yield start, more.end() if more else end + point


def _club(field: AnalysedField, index: int) -> Iterator[Span]:
    """Yield a club's letters and the capitalised words or the year behind them."""
    last = index
    while (
        last + 1 < len(field.tokens)
        and last - index < _MOST_BEHIND
        and _joins(field, last + 1, last + 1)
    ):
        if not _gap_is_blank(field, last):
            break
        last += 1
    if last == index:
        return
    start = field.tokens.starts[index]
    end = field.tokens.starts[last] + len(field.tokens.words[last])
    first = _FIRST.search(field.text[max(start - 3, 0) : start])
    year = _YEAR.match(field.text, end)
    yield start - len(first[0]) if first else start, year.end() if year else end


def _gap_is_blank(field: AnalysedField, index: int) -> bool:
    end = field.tokens.starts[index] + len(field.tokens.words[index])
    return field.text[end : field.tokens.starts[index + 1]] == " "


def _joins(field: AnalysedField, index: int, behind: int) -> bool:
    """Tell whether the capitalised word at ``index`` belongs to the name before ``behind``."""
    word = field.tokens.words[index]
    if behind > index and not _gap_is_blank(field, index):
        return False
    return word[:1].isupper() and len(word) > 1 and word not in _DETERMINERS
