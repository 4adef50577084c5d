"""Read the quotations of an article: what was said, by whom, and the word that reports it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from articles.article import TEXT_FIELDS, Mention
from extraction.analysed_text import AnalysedField, analysed
from extraction.quotes.cue import Cue
from extraction.quotes.cues import cues
from extraction.quotes.direct import Draft, drafts
from extraction.quotes.indirect import Indirect, Reported, grouped, indirect
from extraction.quotes.marks import Pair
from extraction.quotes.offices import Offices
from extraction.quotes.paragraphs import Paragraph, flat, paragraphs
from extraction.quotes.phrases import phrases
from extraction.quotes.quote import Quote
from extraction.quotes.sentence import NOBODY, Sentence
from extraction.quotes.speakers import People, Speaker
from extraction.quotes.speech import speech
from extraction.quotes.subjects import first_subject
from extraction.quotes.tokens import QuoteToken, sentences, tokens
from german.first_names import gender_of_person

_Placed = TypeVar("_Placed", Pair, Mention)


def read_quotes(fields: Mapping[str, str], mentions: Sequence[Mention]) -> list[Quote]:
    """Return the quotations of an article in reading order.

    ``fields`` are its texts by name (``kicker``, ``headline``, ``lead``, ``body``), paragraphs
    parted by an empty line; ``mentions`` its names with canonical names and offsets into them.
    Direct quotations may stand within indirect ones. Never raises on any text.
    """
    people, text = People(given=Offices(mentions)), analysed(fields)
    quotes: list[Quote] = []
    for name in sorted(fields, key=_rank):
        there = sorted((m for m in mentions if m.field == name), key=lambda m: m.start)
        quotes += _Reader(name, text.of(name), there, people).quotes()
    return quotes


def _rank(name: str) -> int:
    return TEXT_FIELDS.index(name) if name in TEXT_FIELDS else len(TEXT_FIELDS)


@dataclass(slots=True)
class _Reader:
    name: str
    whole: AnalysedField
    mentions: list[Mention]
    people: People
    running: Speaker = NOBODY
    open: Draft | None = None
    done: list[Quote] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.whole.text

    def quotes(self) -> list[Quote]:
        at = 0
        for paragraph in paragraphs(self.whole):
            while at < len(self.mentions) and self.mentions[at].end <= paragraph.start:
                at += 1
            stop = at
            while stop < len(self.mentions) and self.mentions[stop].start < paragraph.end:
                stop += 1
            self._paragraph(paragraph, self.mentions[at:stop])
            at = stop
        self._close()
        return sorted(self.done, key=lambda quote: (quote.start, -quote.end))

    def _paragraph(self, paragraph: Paragraph, mentions: list[Mention]) -> None:
        row = tokens(self.whole, paragraph.start, paragraph.end, paragraph.pairs, mentions)
        made: list[Draft] = []
        reported: list[tuple[int, Reported]] = []
        for place, part in enumerate(sentences(row, self.whole.stops)):
            sentence = self._sentence(part)
            sentence.reported = bool(reported) and reported[-1][0] == place - 1
            reported += [(place, self._reported(sentence, piece)) for piece in indirect(sentence)]
            here = drafts(sentence)
            for draft in here:
                draft.sentence = place
            if place == 0 and self.open and here:
                here = self._carry_on(here)
            if made and not here and _looks_back(sentence):
                made[-1].claim(sentence.speakers[0], sentence.cues[0].text)
            made += here
            self._nested(paragraph, sentence, mentions)
            self._after(sentence)
        self.done += [self._indirect(group) for group in grouped(reported)]
        _look_ahead(made)
        for draft in made:
            self._finish(draft)

    def _sentence(self, row: list[QuoteToken]) -> Sentence:
        found_cues = cues(row)
        said = speech(self.whole, row, found_cues)
        if self.open and row[0].pair and 0 not in said:
            said.insert(0, 0)
        if said:
            for place in said:
                row[place] = row[place].as_speech()
            found_cues = cues(row)
        speakers = self._speakers(row, found_cues)
        parts = phrases(row, 0, len(row))
        subject = first_subject(row, parts)
        actor = self.people.speaker(row, subject) if subject else NOBODY
        named = [_person(token.mention) for token in row if token.mention and not token.pair]
        people = [who for who in named if who.label == "PER"]
        return Sentence(row, parts, found_cues, said, speakers, actor, self.running, people=people)

    def _nested(self, paragraph: Paragraph, sentence: Sentence, mentions: list[Mention]) -> None:
        """Read the quotations within those of the sentence that name their speaker."""
        for place in sentence.speech:
            outer = sentence.row[place].pair
            inner = _between(paragraph.nested, outer) if outer else []
            if outer is None or not inner:
                continue
            there = _between(mentions, outer)
            row = tokens(self.whole, outer.first, outer.last, flat(inner), there)
            for part in sentences(row, self.whole.stops):
                within = drafts(self._sentence(part))
                for draft in within:
                    if draft.cue or draft.sure:
                        draft.speaker = draft.speaker if draft.sure else NOBODY
                        self.done.append(self._quote(draft))

    def _speakers(self, row: list[QuoteToken], found_cues: list[Cue]) -> list[Speaker]:
        """Return whom each cue names; a later pronoun may mean the person of an earlier cue."""
        speakers = []
        for cue in found_cues:
            plural = cue.speaker and cue.speaker.pronoun and row[cue.start].low.endswith("en")
            known = cue.speaker and not plural
            who = self.people.speaker(row, cue.speaker) if cue.speaker and known else NOBODY
            if who.label:
                self.people.meet(who)
            speakers.append(who)
        return speakers

    def _carry_on(self, here: list[Draft]) -> list[Draft]:
        """Add the first quotation of a paragraph to the one that the paragraph before left open."""
        draft, first = self.open, here[0]
        if draft is None:
            return here
        self.open = None
        draft.pieces += first.pieces
        draft.joints += ["\n\n", *first.joints]
        if first.sure and not draft.sure:
            draft.speaker, draft.cue, draft.sure = first.speaker, first.cue, True
        return [draft, *here[1:]]

    def _finish(self, draft: Draft) -> None:
        if draft.pieces[-1].continued:
            self._close()
            self.open = draft
        else:
            self.done.append(self._quote(draft))

    def _close(self) -> None:
        if self.open:
            self.done.append(self._quote(self.open))
            self.open = None

    def _quote(self, draft: Draft) -> Quote:
        words = [self.text[piece.first : piece.last].rstrip(",") for piece in draft.pieces]
        text = words[0] + "".join(j + w for j, w in zip(draft.joints, words[1:], strict=True))
        parts = tuple((piece.start, piece.end) for piece in draft.pieces)
        who = draft.speaker
        return Quote(
            text,
            "direct",
            who.name,
            who.label,
            draft.cue,
            self.name,
            parts[0][0],
            parts[-1][1],
            parts,
            who.span,
        )

    def _reported(self, sentence: Sentence, piece: Indirect) -> Reported:
        row = sentence.row
        spans = tuple((row[start].start, row[end - 1].end) for start, end in piece.ranges)
        return Reported(spans, piece.speaker, piece.cue)

    def _indirect(self, group: Sequence[Reported]) -> Quote:
        """Return sentences that are one piece of indirect speech."""
        parts = (
            group[0].spans if len(group) == 1 else ((group[0].spans[0][0], group[-1].spans[-1][1]),)
        )
        text = " ".join(self.text[start:end] for start, end in parts)
        who = group[0].speaker
        return Quote(
            text,
            "indirect",
            who.name,
            who.label,
            group[0].cue,
            self.name,
            parts[0][0],
            parts[-1][1],
            parts,
            who.span,
        )

    def _after(self, sentence: Sentence) -> None:
        """Note who was named and who acted, for the pronouns and quotations that follow."""
        for phrase in sentence.phrases:
            self.people.hold(sentence.row, phrase)
        for who in sentence.people:
            self.people.meet(who)
        if sentence.actor.label:
            self.people.meet(sentence.actor)
        for speaker in sentence.speakers:
            self.people.meet(speaker)
        said = next((who for who in reversed(sentence.speakers) if who.name), NOBODY)
        acted = said if said.name else sentence.actor if sentence.actor.label else NOBODY
        if acted.name:
            self.running = acted


def _between(things: list[_Placed], outer: Pair) -> list[_Placed]:
    """Return those of the sorted things that begin within the quotation."""
    first = bisect_left(things, outer.first, key=lambda thing: thing.start)
    return things[first : bisect_left(things, outer.last, key=lambda thing: thing.start)]


def _person(mention: Mention) -> Speaker:
    person = mention.label == "PER"
    return Speaker(mention.name, "PER", gender_of_person(mention.name)) if person else NOBODY


def _looks_back(sentence: Sentence) -> bool:
    """Tell whether it is ``Das sagte X.``, which names the speaker of what stands before."""
    first = sentence.row[0].low in ("das", "dies", "so")
    return (
        first
        and bool(sentence.cues)
        and sentence.cues[0].start == 1
        and bool(sentence.speakers[0].name)
    )


def _look_ahead(made: list[Draft]) -> None:
    """Give quotations at a paragraph's head the speaker that the next one names."""
    head: list[Draft] = []
    for place, draft in enumerate(made):
        if draft.sentence != place or not draft.lone or draft.sure:
            if draft.sentence == place and draft.sure and draft.opens:
                for waiting in head:
                    waiting.claim(draft.speaker, draft.cue)
            return
        head.append(draft)
