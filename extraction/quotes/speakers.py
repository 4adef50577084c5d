"""Whom a phrase or a pronoun means: names, offices and gender met so far in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from articles.article import Mention
from extraction.quotes.offices import Offices
from extraction.quotes.phrases import Phrase, mention_of
from extraction.quotes.quote import Span, SpeakerLabel
from extraction.quotes.speaker_names import nominative
from extraction.quotes.tokens import QuoteToken
from extraction.quotes.word_lists import NOMINATIVE, OBLIQUE
from german.first_names import gender_of_person
from german.lexicon import Gender, gender

#: Speakers and offices that are remembered, so that a long text costs no more. Set by hand, see
#: ``extraction.quotes``.
_KEPT = 12
_MOST_OFFICES = 60
#: Nouns that mean a person who was named just before.
_AGAIN = re.compile(
    r"-(?:politiker(?:in)?|chef(?:in)?|jährige|abgeordnete|vorsitzende|mann|frau)\Z"
    r"|(?:minister|regierungschef|senator|bürgermeister|politiker|abgeordneten|kommissar"
    r"|gewerkschafter|manager|forscher|wissenschaftler|professor|autor|regisseur|trainer|landrat"
    r"|anwält|jurist|expert|verteidiger|schauspieler|sänger|ökonom|historiker|soziologe)(?:in)?\Z"
)
#: Who is meant by a possessive, by its first three letters: ``seiner Ansicht nach``.
_OWNERS = {"sei": "er", "ihr": "sie"}
_NEAR = frozenset({"dieser", "diese", "letzterer", "letztere"})
_DEFINITE = frozenset({"der", "die", "das", "dieser", "diese", "dem", "des"})


class Speaker(NamedTuple):
    """Who speaks: a canonical name with its label, or a noun phrase without; ``span`` names it."""

    name: str
    label: SpeakerLabel
    gender: Gender = ""
    span: Span | None = None


@dataclass(slots=True)
class People:
    """Who was met so far, the last one at the end, and which offices they hold; ``given`` are
    those of the whole article.
    """

    met: list[Speaker] = field(default_factory=list)
    offices: dict[str, Speaker] = field(default_factory=dict)
    given: Offices = field(default_factory=lambda: Offices(()))

    def meet(self, speaker: Speaker) -> None:
        """Note that the speaker was the last one to act."""
        if speaker.name:
            self.met = [known for known in self.met[-_KEPT:] if known.name != speaker.name]
            self.met.append(speaker._replace(span=None))

    def speaker(self, row: Sequence[QuoteToken], phrase: Phrase) -> Speaker:
        """Return whom the phrase means."""
        span = (row[phrase.start].start, row[phrase.end - 1].end)
        if phrase.pronoun:
            low = _OWNERS.get(row[phrase.start].low[:3], row[phrase.start].low)
            near = self._last_named(row, phrase.start) if low in _NEAR else None
            return (near or self._meant(low))._replace(span=span)
        mention = mention_of(row, phrase)
        if mention and not _is_situated(row, phrase, mention):
            label = cast("SpeakerLabel", mention.label)
            return Speaker(mention.name, label, _gender(row, phrase, mention), span)
        title = _title(row, phrase)
        if title:
            return Speaker(title, "", "", span)
        return self._by_office(row, phrase, span)

    def hold(self, row: Sequence[QuoteToken], phrase: Phrase) -> None:
        """Note the offices that the phrase gives a person: ``Ministerin Anna Muster``."""
        mention = mention_of(row, phrase)
        if mention is None or mention.label != "PER":
            return
        person = Speaker(mention.name, "PER", _gender(row, phrase, mention))
        for token in row[phrase.start : phrase.end]:
            if token.capital and token.mention is None and token.pair is None:
                self.offices.pop(token.low, None)
                self.offices[token.low] = person
        while len(self.offices) > _MOST_OFFICES:
            del self.offices[next(iter(self.offices))]

    def _meant(self, pronoun: str) -> Speaker:
        wanted: Gender = "f" if pronoun in ("sie", "diese", "letztere", "jene") else "m"
        if pronoun not in (
            "er",
            "sie",
            "dieser",
            "diese",
            "letzterer",
            "letztere",
            "jener",
            "jene",
        ):
            return Speaker("", "")
        for speaker in reversed(self.met):
            if speaker.gender == wanted or (not speaker.gender and speaker.label == "PER"):
                return speaker
        return Speaker("", "")

    def _last_named(self, row: Sequence[QuoteToken], place: int) -> Speaker | None:
        """Return the person named last in the sentence: ``dieser`` means the nearest."""
        for token in reversed(row[:place]):
            if token.mention and token.mention.label == "PER":
                return Speaker(token.mention.name, "PER", gender_of_person(token.mention.name))
        return None

    def _by_office(self, row: Sequence[QuoteToken], phrase: Phrase, span: Span) -> Speaker:
        name = self.given.holder(row, phrase)
        if name:
            return Speaker(name, "PER", gender_of_person(name), span)
        gender = _by_determiner(row[phrase.start].low)
        head = row[phrase.core - 1].low
        plain = phrase.end == phrase.core and row[phrase.start].low in _DEFINITE and name is None
        holder = (self._holder(head) or self._last_actor(head, gender)) if plain else None
        if holder:
            return holder._replace(span=span)
        return Speaker(_noun_phrase(row, phrase), "", gender, span)

    def _last_actor(self, head: str, gender: Gender) -> Speaker | None:
        """Return who acted last if such a word may mean them again: ``der SPD-Politiker``."""
        last = self.met[-1] if self.met else None
        if last is None or last.label != "PER" or not gender or last.gender != gender:
            return None
        return last if _AGAIN.search(head) else None

    def _holder(self, head: str) -> Speaker | None:
        """Return who holds the office: ``die Ministerin`` is ``Familienministerin Muster``."""
        if head in self.offices:
            return self.offices[head]
        fitting = [who for office, who in self.offices.items() if office.endswith(head)]
        return fitting[-1] if fitting and len({who.name for who in fitting}) == 1 else None


def _is_situated(row: Sequence[QuoteToken], phrase: Phrase, mention: Mention) -> bool:
    """Tell whether the place only says whose or where: ``das Polizeipräsidium Westpfalz``."""
    noun = row[phrase.core - 2] if phrase.core - 2 >= phrase.start else None
    named = row[phrase.core - 1].mention is mention and mention.label == "LOC"
    return bool(named and noun and noun.capital and not (noun.mention or noun.pair))


def _title(row: Sequence[QuoteToken], phrase: Phrase) -> str:
    """Return the words between marks where they are the head: ``die „Computerwoche“``."""
    pair = row[phrase.core - 1].pair
    return row[phrase.core - 1].text.strip("„“”\"»«‚‘’'‹›` ") if pair else ""


def _noun_phrase(row: Sequence[QuoteToken], phrase: Phrase) -> str:
    """Return the phrase as text, its determiner only where it shows the nominative."""
    start = phrase.start
    if phrase.core > start + 1 and (row[start].low in OBLIQUE or phrase.preposition):
        start += row[start].low in OBLIQUE or row[start].low in NOMINATIVE
    if start >= phrase.end:
        start = phrase.start
    end = phrase.end
    while end > start + 1 and row[end - 1].text in (",", "–", "-"):
        end -= 1
    if start == phrase.start or row[phrase.start].low not in OBLIQUE:
        return _joined(row, start, end)
    core = min(phrase.core, end)
    rest = _joined(row, core, end)
    head = nominative(_joined(row, start, core), row[phrase.start].low)
    return head + (" " if rest and row[core].start > row[core - 1].end else "") + rest


def _joined(row: Sequence[QuoteToken], start: int, end: int) -> str:
    words = [_cased(row[place], place == start) for place in range(start, end)]
    gaps = ["" if row[i].start == row[i - 1].end else " " for i in range(start + 1, end)]
    return "".join(gap + word for gap, word in zip(["", *gaps][: len(words)], words, strict=True))


def _cased(token: QuoteToken, first: bool) -> str:
    small = first and (token.low in NOMINATIVE or token.low in OBLIQUE)
    return token.low if small else token.text


def _gender(row: Sequence[QuoteToken], phrase: Phrase, mention: Mention) -> Gender:
    if mention.label != "PER":
        return _by_determiner(row[phrase.start].low) or _of_organisation(mention)
    return gender_of_person(mention.name) or _by_office_word(row, phrase)


def _by_office_word(row: Sequence[QuoteToken], phrase: Phrase) -> Gender:
    for token in row[phrase.start : phrase.end]:
        if token.low in ("herr", "herrn"):
            return "m"
        feminine = token.low.endswith("in") and token.capital and gender(token.text) == "f"
        if (token.low == "frau" or feminine) and token.mention is None:
            return "f"
    return "m" if row[phrase.start].low == "der" else "f" if row[phrase.start].low == "die" else ""


def _of_organisation(mention: Mention) -> Gender:
    return "" if mention.label != "ORG" else "f"


def _by_determiner(low: str) -> Gender:
    if low in ("der", "dieser", "ein"):
        return "m"
    if low in ("die", "diese", "eine"):
        return "f"
    return "n" if low in ("das", "dieses") else ""
