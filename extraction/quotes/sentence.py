"""One sentence with what the readers of quotations need of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from extraction.quotes.cue import Cue
from extraction.quotes.phrases import Phrase
from extraction.quotes.speakers import Speaker
from extraction.quotes.tokens import QuoteToken

NOBODY = Speaker("", "")


@dataclass(slots=True)
class Sentence:
    """The tokens, the phrases, the cues, the places of tokens that are speech, and who acts.

    ``actor`` is the sentence's subject, ``running`` who spoke or acted last before it, and
    ``speakers`` whom each cue names. ``reported`` tells that the sentence before was speech,
    ``people`` are those whom it names.
    """

    row: list[QuoteToken]
    phrases: list[Phrase]
    cues: list[Cue]
    speech: list[int]
    speakers: list[Speaker]
    actor: Speaker
    running: Speaker
    reported: bool = False
    people: list[Speaker] = field(default_factory=list)

    @property
    def free(self) -> bool:
        """Tell whether it is nothing but speech."""
        return bool(self.speech) and not any(token.word for token in self.row)
