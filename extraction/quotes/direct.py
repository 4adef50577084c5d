"""Direct quotations of a sentence and who spoke them."""

from __future__ import annotations

from dataclasses import dataclass, field

from extraction.quotes.attachment import is_attached, is_insertion
from extraction.quotes.marks import Pair
from extraction.quotes.sentence import NOBODY, Sentence
from extraction.quotes.speakers import Speaker
from extraction.quotes.tokens import QuoteToken
from extraction.quotes.word_lists import PAST_SUBJUNCTIVE, SUBJUNCTIVE
from german.wordlist import word_list

_REPORTED = SUBJUNCTIVE | PAST_SUBJUNCTIVE
_POSSESSIVE = ("sein", "ihr")
_SAYINGS = word_list(
    """
    fazit kritik antwort frage forderung vorwurf urteil kommentar appell aussage meinung reaktion
    begründung motto rat erklärung einschätzung bilanz botschaft bitte warnung wunsch hoffnung
    prognose vermutung these credo devise versprechen zuversicht sorge befürchtung lob zustimmung
    widerspruch unterstützung rückendeckung worte satz argument passus rede zitat
    """
)
_DASHES = frozenset("–-—")
_JOINS = _DASHES | {","}


@dataclass(slots=True)
class Draft:
    """A direct quotation that is still open to more pieces and to a speaker.

    ``sure`` tells that its own sentence names the speaker; ``lone`` that the sentence is nothing
    but the quotation; ``sentence`` is its number in the
    paragraph, and ``opens`` tells that the quotation opens it.
    """

    pieces: list[Pair]
    speaker: Speaker = NOBODY
    cue: str = ""
    sure: bool = False
    lone: bool = False
    sentence: int = -1
    opens: bool = False
    joints: list[str] = field(default_factory=list)

    def claim(self, speaker: Speaker, cue: str) -> None:
        """Take the speaker that another sentence names, unless its own does."""
        if self.lone and not self.sure:
            self.speaker, self.cue, self.sure = speaker, cue, True


def drafts(sentence: Sentence) -> list[Draft]:
    """Return the direct quotations of the sentence in order."""
    made: list[Draft] = []
    previous = -1
    for place in sentence.speech:
        pair = sentence.row[place].pair
        if pair is None:
            continue
        if made and _goes_on(sentence, previous, place):
            made[-1].pieces.append(pair)
            made[-1].joints.append(" ")
        else:
            made.append(_draft(sentence, place, pair))
        previous = place
    return made


def _draft(sentence: Sentence, place: int, pair: Pair) -> Draft:
    which = _cue_of(sentence, place)
    if which is not None:
        speaker, cue = sentence.speakers[which], sentence.cues[which]
        if speaker.name or cue.speaker or cue.passive:
            return Draft([pair], speaker, cue.text, sure=True, opens=place == 0)
        return Draft([pair], _somebody(sentence), cue.text)
    if sentence.free:
        return Draft([pair], sentence.running, lone=True)
    if _is_reported(sentence, place) and sentence.running.name and not _colon(sentence, place):
        return Draft([pair], sentence.running)
    return Draft([pair], _somebody(sentence), sure=_colon(sentence, place))


def _is_reported(sentence: Sentence, place: int) -> bool:
    """Tell whether the clause of the quotation is in the subjunctive of reported speech.

    Where no name acts in the sentence, any clause will do.
    """
    row = sentence.row
    if not sentence.actor.label and any(token.text in _REPORTED for token in row):
        return True
    if any(token.text in _REPORTED for token in row[:place]):
        return True
    for token in row[place + 1 :]:
        if token.text in _JOINS:
            return False
        if token.text in _REPORTED:
            return True
    return False


def _somebody(sentence: Sentence) -> Speaker:
    actor = sentence.actor
    if actor.label == "LOC":
        return sentence.running  # `Kairo: „…“`: where it was said
    if not actor.label and actor.span and _says(actor.name):
        return next((who for who in sentence.people if who.name), actor)
    thing = not actor.label and actor.name.startswith(_POSSESSIVE)
    return sentence.running if (thing and sentence.running.name) or not actor.name else actor


def _says(name: str) -> bool:
    """Tell whether the phrase is about what somebody says: ``das Fazit von X``."""
    return any(word.lower() in _SAYINGS for word in name.split()[:3])


def _colon(sentence: Sentence, place: int) -> bool:
    return place > 0 and sentence.row[place - 1].text == ":"


def _cue_of(sentence: Sentence, place: int) -> int | None:
    """Return which cue belongs to the quotation: at its end, else the nearest before, else after.

    A verb that names nobody counts only where none names somebody.
    """
    row, cues = sentence.row, sentence.cues
    for number, cue in enumerate(cues):
        if is_attached(row, place, cue):
            return number
    before = [n for n, cue in enumerate(cues) if cue.start < place]
    after = (
        [] if _colon(sentence, place) else [n for n, cue in enumerate(cues) if cue.start > place]
    )
    ranked = [*reversed(before), *after]
    named = [n for n in ranked if sentence.speakers[n].name]
    return next(iter(named or ranked), None)


def _goes_on(sentence: Sentence, previous: int, place: int) -> bool:
    """Tell whether an insertion parts the two: ``„Das“, sagte X, „ist …“``."""
    row = sentence.row
    first, between = row[previous], row[previous + 1 : place]
    if is_insertion(row, previous, place):
        return True
    if not between or between[-1].text not in _JOINS or between[0].text not in _JOINS:
        return False
    dashes = between[0].text in _DASHES and between[-1].text in _DASHES
    inserted = any(
        previous < cue.start < place and (dashes or is_attached(row, previous, cue))
        for cue in sentence.cues
    )
    return inserted and _unfinished(first, row[place])


def _unfinished(first: QuoteToken, second: QuoteToken) -> bool:
    if first.pair is None or second.pair is None:
        return False
    words = second.text.lstrip("„“”\"»«‚‘’'‹›`,… ")
    return words[:1].islower() or not first.pair.final
