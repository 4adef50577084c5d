"""Sources that are no verbs: ``laut X``, ``nach Angaben von X``, ``X zufolge``."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.quotes.cue import REACH, Cue
from extraction.quotes.phrases import Phrase, mention_of, phrases
from extraction.quotes.subjects import clause_start
from extraction.quotes.tokens import QuoteToken
from extraction.quotes.verbs import verbs
from extraction.quotes.word_lists import AUXILIARIES, GENITIVE
from german.wordlist import word_list

#: Nouns of what is said, in the dative: ``nach Angaben``, ``nach den Worten``.
_SAYINGS = word_list(
    """
    angabe angaben aussage aussagen ansicht ansichten meinung auffassung auskunft auskünften
    darstellung darstellungen einschätzung einschätzungen worten überzeugung mitteilung mitteilungen
    bericht berichten medienberichten presseberichten zeitungsberichten medienangaben information
    informationen erkenntnissen schätzung schätzungen berechnung berechnungen schilderung
    schilderungen zeugenaussagen polizeiangaben behördenangaben firmenangaben unternehmensangaben
    regierungsangaben zeugenangaben eigenangaben lesart kenntnis wissen agenturberichten meldung
    meldungen agenturmeldungen pressemitteilung erklärung erklärungen urteil bekunden beobachtungen
    perspektive studie umfrage prognose prognosen sicht vorstellung vorstellungen bekenntnis
    """
)
_PLACES = frozenset({"in", "im", "aus", "bei", "beim", "von", "vom", "seitens", "auf"})
_RELATIVE = frozenset({"dem", "der", "denen", "welchem", "welcher", "welchen"})
_CLAUSE_ENDS = frozenset(",.;:")
_NO_ADJECTIVES = frozenset({"den", "dessen", "deren"})
_OWN = frozenset({"eigenen", "eigener"})
#: Possessives before what is said, whose owner speaks: ``nach ihrer Auffassung``.
_WHOSE = word_list("seiner seinen seines ihrer ihren ihres")


def place_of(row: Sequence[QuoteToken], place: int) -> Phrase | None:
    """Return where it is said: ``heißt es in dem Bericht``, ``aus Paris hieß es``."""
    front = clause_start(row, place)
    for phrase in phrases(row, front, min(len(row), place + REACH)):
        if phrase.preposition in _PLACES and not phrase.pronoun:
            return phrase
    return None


def _relative_source(row: Sequence[QuoteToken], place: int) -> Phrase | None:
    """Return the antecedent of ``ein Gutachten, laut dem …``."""
    if place < 2 or row[place - 1].text != "," or place + 1 >= len(row):  # noqa: PLR2004
        return None
    if row[place + 1].low not in _RELATIVE:
        return None
    last = next((i for i in range(place + 2, len(row)) if row[i].text in _CLAUSE_ENDS), len(row))
    if row[last - 1].low not in AUXILIARIES | verbs().finite.keys():
        return None
    before = [phrase for phrase in phrases(row, 0, place - 1) if phrase.core > place - REACH]
    return before[-1]._replace(preposition="laut") if before else None


def _laut(row: Sequence[QuoteToken], place: int) -> Cue | None:
    antecedent = _relative_source(row, place)
    if antecedent:
        text = row[place].text
        return Cue("source", place, place + 1, text, antecedent, frame=(0, place + 2))
    if row[place].mention or (place and row[place - 1].low in ("zu", "so", "sehr")):
        return None
    following = phrases(row, place + 1, min(len(row), place + REACH))
    if not following or following[0].start != place + 1:
        return None
    if row[place].low == "gemäß" and mention_of(row, following[0]) is None:
        return None  # mostly a rule
    source = following[0]._replace(preposition="laut")
    return Cue("source", place, place + 1, row[place].text, source, frame=(place, source.end))


def _nach(row: Sequence[QuoteToken], place: int) -> Cue | None:
    """Read ``nach Angaben von X``, ``nach den Worten des X``, ``nach eigenen Angaben``."""
    limit = min(len(row), place + 4)
    noun = next((i for i in range(place + 1, limit) if row[i].low in _SAYINGS), None)
    if noun is None:
        return None
    text = " ".join(token.text for token in row[place : noun + 1])
    between = {token.low for token in row[place + 1 : noun]}
    after = noun + 1
    if after < len(row) and row[after].low in ("von", "vom", "aus"):
        after += 1
    following = phrases(row, after, min(len(row), noun + REACH))
    linked = row[after - 1].low in ("von", "vom", "aus") or (
        after < len(row) and (row[after].low in GENITIVE or not _is_described(row, place, noun))
    )
    counted = (
        after < len(row) and row[after].text[0].isdigit()
    )  # `nach Polizeiangaben 300 Menschen`
    if following and following[0].start == after and linked and not counted and not between & _OWN:
        source = following[0]._replace(preposition="von")
        return Cue("source", place, noun + 1, text, source, frame=(place, source.end))
    whole = phrases(row, place + 1, noun + 1)
    whose = next((i for i in range(place + 1, noun) if row[i].low in _WHOSE), None)
    if whose is not None:
        source = Phrase(whose, whose + 1, whose + 1, (whose,), "nach", pronoun=True)
        return Cue("source", place, noun + 1, text, source, frame=(place, noun + 1))
    own = not whole or between & _OWN
    speaker = None if own else whole[-1]._replace(preposition="nach")
    return Cue(
        "source",
        place,
        noun + 1,
        text,
        speaker,
        frame=(place, noun + 1),
    )


def _is_described(row: Sequence[QuoteToken], place: int, noun: int) -> bool:
    """Tell whether the saying needs nobody: ``nach anderen Angaben neun Stunden``."""
    between = row[place + 1 : noun]
    return bool(between) and all(
        t.low.endswith("en") and t.low not in _NO_ADJECTIVES for t in between
    )


def _zufolge(row: Sequence[QuoteToken], place: int) -> Cue | None:
    start = max(0, place - REACH)
    before = [phrase for phrase in phrases(row, start, place) if phrase.end == place]
    if not before:
        return None
    source = before[-1]._replace(preposition="zufolge")
    return Cue("source", place, place + 1, row[place].text, source, frame=(source.start, place + 1))


def _demnach(_: Sequence[QuoteToken], place: int) -> Cue | None:
    return Cue("source", place, place + 1, "demnach", None, frame=(place, place + 1))


def _aus(row: Sequence[QuoteToken], place: int) -> Cue | None:
    """Read ``aus Sicht von X``."""
    seen = place + 1 < len(row) and row[place + 1].low in ("sicht", "perspektive")
    return _nach(row, place) if seen else None


def _fuer(row: Sequence[QuoteToken], place: int) -> Cue | None:
    """Read ``Für X ist …``, which tells an opinion, at the head of a sentence."""
    following = phrases(row, 1, min(len(row), REACH)) if place == 0 else []
    if not following or following[0].start != 1 or following[0].end >= len(row):
        return None
    source = following[0]._replace(preposition="für")
    known = mention_of(row, source) is not None
    verb = row[source.end].low
    if not known or verb not in ("ist", "sind", "war", "waren", "bleibt", "bedeutet"):
        return None
    return Cue("source", 0, 1, row[0].text, source, strong=False, frame=(0, source.end))


def _steht(row: Sequence[QuoteToken], place: int) -> Cue | None:
    """Read ``„…“, steht in dem Brief``."""
    behind = place > 0 and (row[place - 1].pair or (place > 1 and row[place - 2].pair))
    where = place_of(row, place) if behind else None
    return Cue("verb", place, place + 1, row[place].text, where) if where else None


SOURCES = {
    "demnach": _demnach,
    "aus": _aus,
    "für": _fuer,
    "steht": _steht,
    "stand": _steht,
    "laut": _laut,
    "gemäß": _laut,
    "nach": _nach,
    "zufolge": _zufolge,
}
