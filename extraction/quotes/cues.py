"""Words that tell that somebody is quoted, and who: ``sagte X``, ``so X``, ``laut X``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from extraction.quotes.cue import REACH, Cue
from extraction.quotes.phrases import Phrase, mention_of, phrases
from extraction.quotes.sources import SOURCES, place_of
from extraction.quotes.subjects import is_done_by_a_thing, subject
from extraction.quotes.tokens import QuoteToken
from extraction.quotes.verbs import SpeechVerb, verbs
from extraction.quotes.word_lists import AUXILIARIES, CONJUNCTIONS, PASSIVE, PREPOSITIONS
from german.wordlist import word_list

#: Cues of a sentence; what has more is no sentence. Set by hand, see ``extraction.quotes``.
_MOST = 12
#: What somebody lets be known: ``ließ durchblicken, dass``.
_KNOWN_BY = frozenset({"durchblicken", "verbreiten", "verlautbaren"})


def cues(row: Sequence[QuoteToken]) -> list[Cue]:
    """Return the cues of a sentence in order."""
    return [*islice(_cues(row), _MOST)]


def _cues(row: Sequence[QuoteToken]) -> Iterator[Cue]:
    finite, participles, _ = verbs()
    words = _words()
    for place, token in enumerate(row):
        low = token.low
        if low not in words:
            continue
        if low in participles and token.text == low and _is_participle(row, place, low in finite):
            cue = _participle(row, place, participles[low])
        elif low in finite and (token.text == low or place == 0):
            cue = _finite(row, place, finite[low])
        elif low == "so":
            cue = _so(row, place)
        elif low in _KNOWN_BY:
            cue = _let(row, place)
        else:
            cue = SOURCES[low](row, place) if low in SOURCES else None
        if cue:
            yield cue


@cache
def _words() -> frozenset[str]:
    """Return the words that a cue may begin with."""
    finite, participles, _ = verbs()
    return _KNOWN_BY.union(("so",), finite, participles, SOURCES)


def _is_other_verb(row: Sequence[QuoteToken], place: int) -> bool:
    """Tell ``fand gestern statt`` from ``fand den Plan gut``, ``befindet sich`` from judging."""
    low = row[place].low
    following = [token.low for token in row[place + 1 : place + REACH]]
    if low.startswith(("find", "fand")):
        return "statt" in following
    near = [*following[:3], *(token.low for token in row[max(0, place - 1) : place])]
    return low.startswith(("befind", "befand")) and "sich" in near


def _finite(row: Sequence[QuoteToken], place: int, able: Sequence[SpeechVerb]) -> Cue | None:
    inflected = place and row[place - 1].low in ("zu", "ein", "eine", "einen")
    if inflected or _is_other_verb(row, place):
        return None
    if row[place].low == "meinen" and place + 1 < len(row) and row[place + 1].word:
        return None  # mostly a determiner
    modal = _modal(row, place) if row[place].low in verbs().infinitives else None
    if modal is not None:
        lets = row[modal].low.startswith(("lass", "läss", "ließ"))
        said = subject(row, modal) if lets else None
        return Cue("verb", modal, place + 1, row[place].text, said) if said else None
    plain = [verb for verb in able if not verb.particle]
    particle = _particle(row, place, {verb.particle for verb in able if verb.particle})
    if not plain and not particle:
        return None
    strong = any(verb.strong for verb in able if verb.particle == (particle or ""))
    if particle and not strong:
        strong = any(verb.strong for verb in plain)
    said = subject(row, place)
    text = f"{row[place].text} {particle}" if particle else row[place].text
    if not said and is_done_by_a_thing(row, place):
        return Cue("verb", place, place + 1, text, None, strong)
    if not said or row[said.start].low == "es" or row[place].low.startswith("verlaut"):
        said = place_of(row, place)
    if row[place].low.startswith("zitier"):
        said = _cited(row, place) or said
    return Cue("verb", place, place + 1, text, said, strong)


def _particle(row: Sequence[QuoteToken], place: int, wanted: set[str]) -> str:
    if not wanted:
        return ""
    if place and row[place - 1].low in wanted - PREPOSITIONS:
        return row[place - 1].low  # wie er bekannt gab
    for token in row[place + 1 : place + REACH]:
        if token.low in wanted and token.text == token.low:
            after = row.index(token, place) + 1 if token.low in PREPOSITIONS else 0
            if (
                not after
                or after >= len(row)
                or not (row[after].word and row[after].low not in CONJUNCTIONS)
            ):
                return token.low
        if token.text in (":", ";"):
            break
    return ""


def _is_participle(row: Sequence[QuoteToken], place: int, finite: bool) -> bool:
    """Tell ``wird bezeichnet`` from ``bezeichnet``: an auxiliary is in the same clause."""
    if not finite:
        return True
    helper = _helper(row, place)
    if helper is None:
        return False
    between = row[min(helper, place) : max(helper, place)]
    return not any(token.text in (",", ":") or token.low in CONJUNCTIONS for token in between)


def _participle(row: Sequence[QuoteToken], place: int, able: Sequence[SpeechVerb]) -> Cue | None:
    helper = _helper(row, place)
    if helper is None or row[helper].low in ("ist", "sind", "war", "waren", "sei", "seien"):
        return None
    text = f"{row[place].text}"
    strong = any(verb.strong for verb in able)
    passive = row[helper].low in PASSIVE or (
        place + 1 < len(row) and row[place + 1].low == "worden"
    )
    if passive and not row[place].low.startswith("zitier"):
        agent = _agent(row, place)
        return Cue("verb", place, place + 1, text, agent, strong, passive=True)
    said = subject(row, helper)
    if said and row[said.start].low == "es":
        said = place_of(row, place)
    return Cue("verb", min(place, helper), place + 1, text, said, strong)


def _modal(row: Sequence[QuoteToken], place: int) -> int | None:
    """Return the verb that governs the infinitive at ``place``: ``kann nicht sagen,``."""
    if place + 1 < len(row) and row[place + 1].word and row[place + 1].low not in AUXILIARIES:
        return None
    for back in range(place - 1, max(-1, place - REACH), -1):
        token = row[back]
        if token.low in AUXILIARIES or token.low in ("kannst", "würdest", "willst", "musst"):
            return back
        if token.text in (",", ":") or token.pair:
            return None
    return None


def _let(row: Sequence[QuoteToken], place: int) -> Cue | None:
    """Read ``X ließ durchblicken,``."""
    if place + 1 >= len(row) or row[place + 1].text != ",":
        return None
    for back in range(place - 1, max(-1, place - REACH), -1):
        if row[back].low in ("ließ", "ließen", "lässt", "lassen"):
            said = subject(row, back)
            return Cue("verb", back, place + 1, row[place].text, said) if said else None
        if row[back].text in (",", ":"):
            return None
    return None


def _helper(row: Sequence[QuoteToken], place: int) -> int | None:
    """Return the finite verb that goes with the participle at ``place``."""
    if place + 1 < len(row) and row[place + 1].low in AUXILIARIES:
        return place + 1
    for back in range(place - 1, max(-1, place - REACH), -1):
        if row[back].low in AUXILIARIES:
            return back
        if row[back].text in (":", ";"):
            return None
    return None


def _agent(row: Sequence[QuoteToken], place: int) -> Phrase | None:
    """Return the phrase behind ``von`` or, failing that, ``in``: who said it in a passive."""
    for back in range(place - 1, max(-1, place - REACH), -1):
        if row[back].low in ("von", "vom"):
            agents = phrases(row, back, place)
            return agents[0] if agents else None
    return place_of(row, place)


def _cited(row: Sequence[QuoteToken], place: int) -> Phrase | None:
    """Return the person whom somebody cites."""
    subject_ = subject(row, place)
    for phrase in phrases(row, 0, len(row)):
        mention = mention_of(row, phrase)
        if mention and mention.label == "PER" and not phrase.preposition and phrase != subject_:
            return phrase
    return None


def _so(row: Sequence[QuoteToken], place: int) -> Cue | None:
    """Read ``, so X``: behind a comma, dash or quotation, or in brackets, before a phrase."""
    if place == 0 or not (row[place - 1].pair or row[place - 1].text in (",", "–", "-", "—", "(")):
        return None
    following = phrases(row, place + 1, min(len(row), place + REACH))
    if not following or following[0].preposition:
        return None
    if following[0].start > place + 1 and row[place + 1].low not in _SO_ADVERBS:
        return None
    source = following[0]
    after = row[source.end] if source.end < len(row) else None
    ends = after is None or after.text[0] in ".,–-—:;)!?" or after.low in PREPOSITIONS or after.pair
    behind = row[place - 1].pair is not None or (place > 1 and row[place - 2].pair is not None)
    if not ends and not behind and after and after.low not in _SO_ADVERBS:
        return None
    end = source.end
    while end < len(row) and row[end].low in _SO_ADVERBS:
        end += 1
    if row[place - 1].text == "," and any(token.text == "," for token in row[end:]) is False:
        end = len(row)  # ``…, so Müller am Montag in Kiel``
    return Cue("so", place, place + 1, "so", source, frame=(place, end))


_SO_ADVERBS = word_list(
    "weiter wörtlich weiters abschließend gestern heute am gegenüber zuvor damals"
)
