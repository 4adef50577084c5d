"""Tell speech from titles, names and words that somebody only keeps at a distance.

Each sign gives points; a quotation with enough of them was said by somebody. The points and
lengths here were set by hand on the half of the Wikinews quotations that may be tuned on
(``benchmarks.quotes --half tune``); nothing was fitted by a program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from extraction.analysed_text import AnalysedField
from extraction.quotes.attachment import is_attached, is_insertion, is_judgement
from extraction.quotes.cue import Cue
from extraction.quotes.indirect import contents
from extraction.quotes.tokens import QuoteToken
from extraction.quotes.verbs import is_finite
from extraction.quotes.word_lists import (
    ADVERBS,
    AUXILIARIES,
    NOMINATIVE,
    OBLIQUE,
    PREPOSITIONS,
    PRONOUNS,
    SUBJUNCTIVE,
)
from german.wordlist import word_list

#: Characters of a quotation whose words are looked at.
_READ = 400
_ENOUGH = 2.0
#: What it is worth to stand beside speech, ``„böse“ und „gefährlich“``.
_JOINED = 2.5
_JOINING = frozenset({"und", "oder", "sowie", ","})
_CERTAIN, _SHORT = 8, 4
#: What a cue is worth: where the quotation stands in its indirect speech, else by its kind.
_REPORTED, _STRONG, _WEAK = 2.0, 1.5, 1.0
#: Words behind which a name or a title stands.
_NAMING = word_list(
    """
    sogenannte sogenannten sogenannter sogenanntes genannte genannten genannter genanntes name namen
    titel motto begriff begriffe wort worte spitznamen spitzname beinamen decknamen codenamen
    codename film filme buch bücher roman romane zeitung zeitschrift magazin nachrichtenmagazin
    wochenzeitung tageszeitung zeitungen sender fernsehsender serie sendung show reihe band gruppe
    lied song album single stück drama oper operette musical projekt programm aktion initiative
    kampagne bündnis partei bewegung organisation verein verband stiftung firma unternehmen konzern
    typs typ modell marke label schiff boot yacht frachter fähre flugzeug sonde satellit rakete
    raumschiff restaurant hotel club disco diskothek café kneipe zeche stadion halle thema stichwort
    überschrift schlagzeile rubrik kurz alias genannt heißt heißen hieß nennt nannte hurrikan taifun
    sturm orkan wirbelsturm tief hoch bar theater ausstellung festival preis orden software spiel
    zeitungs portal blog website internetseite webseite plattform app computerspiel stamm miliz
    gesetz paragraf kategorie klasse artikel aufsatz gedicht gemälde skulptur theaterstück
    dokumentation dokumentarfilm podcast kolumne abkürzung sprichwort bereich
    wettbewerb auszeichnung prädikat ehrentitel dachmarke operation mission lautet lauten selbst
    """
)
_NAMED = word_list(
    """
    genannt genannten genannte heißt heißen hieß hießen getauft benannt betitelt bekannt geheißen
    lautet titulierte bekannte bekannten nennt nennen titelte umbenannt überschrieben
    """
)
_SMALL_WORDS = ADVERBS | AUXILIARIES | NOMINATIVE | OBLIQUE | PREPOSITIONS | PRONOUNS
_FIRST_PERSON = word_list("ich wir uns unser unsere unseren mich mir mein meine meinen unserem")


def speech(text: AnalysedField, row: Sequence[QuoteToken], cues: Sequence[Cue]) -> list[int]:
    """Return the places of the quotations that are speech; ``cues`` are the sentence's cues."""
    quoted = [place for place, token in enumerate(row) if token.pair]
    if not quoted:
        return []
    score = {place: points(text, row, place, cues) for place in quoted}
    said = {place for place in quoted if _is_certain(row, place) or score[place] >= _ENOUGH}
    for first, second in pairwise(quoted):
        if is_insertion(row, first, second):
            said |= {first, second}
    for place in quoted:  # „böse“ und „gefährlich“
        joined = place > 1 and row[place - 1].low in _JOINING
        if joined and place - 2 in said and score[place] >= _ENOUGH - _JOINED:
            said.add(place)
        elif joined and place in said and score.get(place - 2, -9.0) >= _ENOUGH - _JOINED:
            said.add(place - 2)
    return sorted(said)


def _is_certain(row: Sequence[QuoteToken], place: int) -> bool:
    """Tell whether the quotation goes on in the next paragraph, or is a sentence of its own."""
    pair = row[place].pair
    alone = place == 0 and not any(token.word for token in row)
    return pair is not None and (pair.continued or (alone and pair.final))


def points(
    text: AnalysedField, row: Sequence[QuoteToken], place: int, cues: Sequence[Cue]
) -> float:
    """Return how much speaks for speech."""
    pair = row[place].pair
    if pair is None:
        return 0.0
    inner = text.tokens.between(pair.first, min(pair.last, pair.first + _READ))
    words = [token.text for token in inner if token.text[0].isalnum()]
    if not words:
        return -9.0
    within = _within(words, pair.final, text.text[pair.first : pair.last])
    return within + _beside(text.text, row, place, words) + _around(row, place, cues)


def _within(words: list[str], final: bool, inner: str) -> float:
    """Count length, case, punctuation and the first person."""
    score = -1.0 if len(words) == 1 else 0.0
    score += 3.0 if len(words) >= _CERTAIN else 1.5 if len(words) >= 5 else 0.5 * (len(words) > 2)  # noqa: PLR2004
    if _is_small(words):
        score += 1.5 if len(words) > 1 else 1.0
    elif _is_title(words):
        score -= 1.5
    score += 1.5 * final + 0.5 * (", " in inner)
    return score + 2.0 * any(word.lower() in _FIRST_PERSON for word in words)


def _is_title(words: list[str]) -> bool:
    """Tell whether all longer words have capitals: ``Neue Ungarische Garde``."""
    long = [word for word in words if len(word) >= _SHORT]
    return bool(long) and len(words) > 1 and all(word[0].isupper() for word in long)


def _is_small(words: list[str]) -> bool:
    return words[0][0].islower()


def _beside(text: str, row: Sequence[QuoteToken], place: int, words: list[str]) -> float:
    """Count the words right before and behind it."""
    token = row[place]
    score = _before(row, place, words) + _behind(row, place, words)
    if text[token.end : token.end + 1].isalnum() or re.match(
        r"-\w", text[token.end : token.end + 2]
    ):
        score -= 6.0
    return score - 1.0 * (text[token.start] == "'" and text[token.start : token.start + 2] != "''")


def _before(row: Sequence[QuoteToken], place: int, words: list[str]) -> float:
    if not place:
        return 0.0
    before = row[place - 1]
    apart = place > 1 and not _is_small(words) and row[place - 2].low in _NAMING
    named = before.low in _NAMING or apart
    if named and (before.text != ":" or len(words) < _CERTAIN):
        return -4.0 if len(words) < _CERTAIN else -3.0
    if before.text == ":":
        return 2.0
    return 0.0 if _is_small(words) else _before_capital(row, place, words)


def _before_capital(row: Sequence[QuoteToken], place: int, words: list[str]) -> float:
    """Count what stands before words that begin with a capital, as names and titles do."""
    before, pair = row[place - 1], row[place].pair
    if before.word and words[0].lower() in _SMALL_WORDS and pair and not pair.final:
        return -2.0  # speech within a sentence would go on in small letters
    if before.capital and before.word and before.low not in PREPOSITIONS:
        return -2.0
    if before.low in PREPOSITIONS or before.low in NOMINATIVE or before.low in OBLIQUE:
        return -1.0 if len(words) < _SHORT else -0.5
    return 0.0


def _behind(row: Sequence[QuoteToken], place: int, words: list[str]) -> float:
    following = row[place + 1 : place + 4]
    if not following:
        return 0.0
    named = any(
        token.low in _NAMED and not (next_ and next_.low == "es")
        for token, next_ in zip_longest(following, row[place + 2 : place + 5])
        if token
    )
    brackets = following[0].text == "(" and following[1:] and following[1].text[:2].isupper()
    short = len(words) < (_SHORT if _is_small(words) else _CERTAIN)
    pair = row[place].pair
    parted = pair is not None and (pair.final or row[place].text[-2:-1] == ",")
    inverted = 0 < place < _SHORT and row[0].low in ("als", "von", "vor", "zu")
    acts = short and is_finite(following[0].low) and not parted and not inverted
    named = following[0].low in _NAMED or (named and len(words) < _CERTAIN)
    return -3.0 * named - 3.0 * bool(brackets) - 3.0 * acts


def _around(row: Sequence[QuoteToken], place: int, cues: Sequence[Cue]) -> float:
    """Count the cues of the sentence."""
    score = -2.0 if row[place].mention else 0.0
    if any(token.text in SUBJUNCTIVE for token in row):
        score += 1.0
    if any(is_attached(row, place, cue) for cue in cues):
        return score + 4.0
    if any(is_judgement(row, place, cue) for cue in cues):
        return score + 4.5
    reported = any(_is_within(row, place, cue) for cue in cues)
    strong = any(cue.strong for cue in cues)
    return score + (_REPORTED if reported else _STRONG if strong else _WEAK * bool(cues))


def _is_within(row: Sequence[QuoteToken], place: int, cue: Cue) -> bool:
    """Tell whether the quotation stands within indirect speech."""
    return any(start <= place < end for start, end in contents(row, cue))
