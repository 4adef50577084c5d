"""Who does it: the subject of a finite verb, by German word order."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.entities.role_nouns import role_of_word
from extraction.quotes.phrases import Phrase, is_plain, mention_of, phrases
from extraction.quotes.speaking import can_speak
from extraction.quotes.tokens import SPEECH, QuoteToken
from extraction.quotes.verbs import verbs
from extraction.quotes.word_lists import (
    AUXILIARIES,
    CONJUNCTIONS,
    PAST_SUBJUNCTIVE,
    PREPOSITIONS,
    SUBJUNCTIVE,
    SUBORDINATING,
    TIMES,
)
from german.lexicon import gender

_STOPS = frozenset(":;")
#: Tokens before a verb in which its relative pronoun, or the verb that it shares its subject with,
#: is looked for. Set by hand, see ``extraction.quotes``.
_REACH = 25
_RELATIVE = frozenset({"der", "die", "das", "welcher", "welche", "welches"})
_FRONT = frozenset({"auch", "selbst", "sogar", "nur", "und", "aber", "doch", "denn", "allein"})


def subject(row: Sequence[QuoteToken], verb: int) -> Phrase | None:
    """Return the subject of the finite verb at ``verb`` of speech, ``None`` where none is to be
    seen that could speak.
    """
    phrase = _subject(row, verb)
    if phrase and _is_thing(row, phrase):
        return _rather(row, phrase, phrases(row, clause_start(row, verb), len(row)))
    return phrase


def is_done_by_a_thing(row: Sequence[QuoteToken], verb: int) -> bool:
    """Tell whether the subject is something that cannot speak, so that nobody need be sought."""
    phrase = _subject(row, verb)
    return phrase is not None and _is_thing(row, phrase)


def _subject(row: Sequence[QuoteToken], verb: int) -> Phrase | None:
    front = clause_start(row, verb)
    who = _antecedent(row, verb)
    if who:
        return who
    if row[front].low in SUBORDINATING and _is_last(row, verb):
        return _within(row, front, verb) or _after(row, verb)
    if front == verb:
        joined = verb > 0 and row[verb - 1].low in CONJUNCTIONS
        return (_shared(row, verb) if joined else None) or _after(row, verb)
    return _of_main_clause(row, front, verb)


def _of_main_clause(row: Sequence[QuoteToken], front: int, verb: int) -> Phrase | None:
    """Choose between the phrase that opens the clause and the one behind the verb."""
    before = _before(row, front, verb)
    after = _after(row, verb)
    if after and before and _follows_speech(row, before, verb):
        return after
    close = _close_before(row, front, verb)
    if close and close != before:
        return close
    if before is None or _is_inverted(row, before, after, verb):
        return after or before or _within(row, front, verb)
    return before


def _antecedent(row: Sequence[QuoteToken], verb: int) -> Phrase | None:
    """Return whom a relative clause is about: ``ein Zeuge, der angab, dass …``."""
    if not _is_last(row, verb):
        return None
    place = verb
    while place > max(0, verb - _REACH) and row[place].text not in (",", ":"):
        place -= 1
    if row[place].text != "," or row[place + 1].low not in _RELATIVE:
        return None
    if place + 2 < verb and not is_plain(row[place + 2]):
        return None
    before = [phrase for phrase in phrases(row, 0, place + 1) if phrase.end >= place]
    return before[-1] if before else None


def _shared(row: Sequence[QuoteToken], verb: int) -> Phrase | None:
    """Return the subject of the verb before ``und``: ``Sie kam und sagte``."""
    known = verbs().finite
    for place in range(verb - 2, max(-1, verb - _REACH), -1):
        token = row[place]
        finite = token.low in known or token.low in AUXILIARIES
        if finite and token.text == token.low and row[place - 1].low not in CONJUNCTIONS:
            return subject(row, place) or first_subject(row, phrases(row, 0, len(row)))
    return first_subject(row, phrases(row, 0, len(row)))


def clause_start(row: Sequence[QuoteToken], verb: int) -> int:
    """Return where the clause of the verb begins: behind a quotation, a colon or ``und``."""
    place = verb
    last = _is_last(row, verb)
    while place > 0 and row[place - 1].text not in _STOPS:
        previous = row[place - 1]
        if previous.pair and _is_said(row, place, verb):
            break
        if place == verb and previous.low in CONJUNCTIONS:
            break
        if previous.text == "," and last and row[place].low in SUBORDINATING:
            break
        place -= 1
    while place < verb and row[place].text in (",", "–", "-"):
        place += 1
    return place


def _is_said(row: Sequence[QuoteToken], place: int, verb: int) -> bool:
    """Tell whether the quotation before ``place`` is what the verb reports, not a name."""
    token = row[place - 1]
    if place != verb and row[place].text not in (",", "–", "—", "-"):
        return False
    opens = place == 1 or row[place - 2].text == ":"
    return token.low == SPEECH or not token.title or (opens and place != verb)


def _is_last(row: Sequence[QuoteToken], verb: int) -> bool:
    """Tell whether the clause ends with the verb."""
    place = verb + 1
    while place < len(row) and row[place].low in AUXILIARIES:
        place += 1
    return place >= len(row) or row[place].text in (",", ".", "–", ")")


def first_subject(row: Sequence[QuoteToken], among: Sequence[Phrase]) -> Phrase | None:
    """Return the first of a sentence's phrases that may be a subject, people and pronouns first."""
    able = [phrase for phrase in among if _may_be_subject(row, phrase)]
    people = (phrase for phrase in able if phrase.pronoun or _is_person(row, phrase))
    first = able[0] if able else None
    if first and _is_thing(row, first):
        return _rather(row, first, among)
    return first if first and mention_of(row, first) else next(people, first)


def _before(row: Sequence[QuoteToken], front: int, verb: int) -> Phrase | None:
    """Return the phrase in front of the verb if the clause begins with it."""
    place = front
    while place < verb and row[place].low in _FRONT:
        place += 1
    if place >= verb or row[place].low in PREPOSITIONS or row[place].low in SUBORDINATING:
        return None
    leading = phrases(row, place, verb)
    if not leading or leading[0].start != place or not _may_be_subject(row, leading[0]):
        return None
    return _with_name(row, leading, verb)


def _with_name(row: Sequence[QuoteToken], among: Sequence[Phrase], verb: int) -> Phrase:
    """Return the first phrase with the name that stands between commas before the verb."""
    first, last = among[0], among[-1]
    aside = first is not last and row[last.start - 1].text == "," and verb - last.end <= 1
    plain = not any(_is_verb(token) for token in row[first.end : last.start])
    if aside and plain and _is_person(row, last) and mention_of(row, first) is None:
        return first._replace(end=last.end, heads=(*first.heads, *last.heads))
    return first


def _follows_speech(row: Sequence[QuoteToken], before: Phrase, verb: int) -> bool:
    """Tell whether a whole clause stands in front: ``Der Plan sei gut, sagte sie``."""
    if row[verb - 1].text not in (",", "–", "—") or before.end >= verb - 1:
        return False
    if row[before.end].text == "," or row[before.end - 1].text == ",":
        return False
    return any(_is_verb(token) for token in row[before.end : verb])


def _is_verb(token: QuoteToken) -> bool:
    low = token.low
    return (
        low in verbs().finite or low in AUXILIARIES or low in SUBJUNCTIVE or low in PAST_SUBJUNCTIVE
    )


def _close_before(row: Sequence[QuoteToken], front: int, verb: int) -> Phrase | None:
    """Return the phrase right before the verb where another verb stands before that."""
    if not any(_is_verb(token) for token in row[front:verb]):
        return None
    able = [phrase for phrase in phrases(row, front, verb) if _may_be_subject(row, phrase)]
    named = able and (able[-1].pronoun or mention_of(row, able[-1]))
    return able[-1] if named and able[-1].end == verb else None


def _after(row: Sequence[QuoteToken], verb: int) -> Phrase | None:
    end = verb + 1
    while end < len(row) and not row[end].text.startswith((":", ";")):
        end += 1
    for phrase in phrases(row, verb + 1, min(end, verb + 40)):
        if any(row[i].text == "," for i in range(verb + 1, phrase.start)):
            return None
        if _may_be_subject(row, phrase):
            return phrase
    return None


def _within(row: Sequence[QuoteToken], front: int, verb: int) -> Phrase | None:
    """Return the subject of a clause whose verb stands at its end: ``wie Müller sagte``."""
    front += row[front].low in SUBORDINATING
    able = [phrase for phrase in phrases(row, front, verb) if _may_be_subject(row, phrase)]
    return able[0] if able else None


def _is_inverted(
    row: Sequence[QuoteToken], before: Phrase, after: Phrase | None, verb: int
) -> bool:
    """Tell whether the phrase behind the verb is the subject: ``Die Frage bejahte sie``."""
    if after is None or before.pronoun or after.start > verb + 2:
        return False
    if after.pronoun:
        first = _is_person(row, before) or _is_masculine(row, before)
        return row[after.start].low in ("er", "sie", "es") and not first
    agrees = not _is_plural(row, verb) or _is_plural_phrase(row, after)
    return agrees and _is_person(row, after) and mention_of(row, before) is None


def _is_masculine(row: Sequence[QuoteToken], phrase: Phrase) -> bool:
    """Tell whether ``der`` is a nominative: ``Der Geschäftsführer nannte sie …``."""
    head = row[phrase.core - 1].text
    role = role_of_word(head, "der")
    masculine = (role.gender if role else gender(head)) == "m"
    return row[phrase.start].low == "der" and masculine


def _is_plural(row: Sequence[QuoteToken], verb: int) -> bool:
    low = row[verb].low
    return low.endswith("en") or low in ("sind", "seien")


def _is_plural_phrase(row: Sequence[QuoteToken], phrase: Phrase) -> bool:
    return any(token.low in ("und", "sowie", "die") for token in row[phrase.start : phrase.end])


def _may_be_subject(row: Sequence[QuoteToken], phrase: Phrase) -> bool:
    if phrase.preposition or phrase.oblique:
        return False
    return row[phrase.core - 1].low not in TIMES or row[phrase.core - 1].mention is not None


def _is_thing(row: Sequence[QuoteToken], phrase: Phrase) -> bool:
    """Tell whether the phrase means nobody who could speak: ``die Absicht``."""
    head = row[phrase.core - 1]
    if phrase.pronoun or head.pair or mention_of(row, phrase) is not None:
        return False
    named = phrase.core - 2 >= phrase.start and row[phrase.core - 2].text.isupper()
    return not named and not can_speak(head.text)  # `der AK Vorratsdatenspeicherung`


def _rather(row: Sequence[QuoteToken], phrase: Phrase, among: Sequence[Phrase]) -> Phrase | None:
    """Return a person, body or office among some phrases in place of a thing, if there is one."""
    for other in among:
        named = mention_of(row, other)
        able = other.pronoun or (named and named.label in ("PER", "ORG"))
        office = role_of_word(row[other.core - 1].text)
        if other.start != phrase.start and (able or office) and _may_be_subject(row, other):
            return other
    return None


def _is_person(row: Sequence[QuoteToken], phrase: Phrase) -> bool:
    mention = mention_of(row, phrase)
    return mention is not None and mention.label == "PER"
