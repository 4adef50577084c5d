"""Words that tell that somebody is quoted, and who: ``sagte X``, ``so X``, ``laut X``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from extraction.quotes.phrases import Phrase, mention_of, phrases
from extraction.quotes.subjects import clause_start, is_done_by_a_thing, subject
from extraction.quotes.tokens import Token
from extraction.quotes.verbs import Verb, verbs
from extraction.quotes.words import AUXILIARIES, CONJUNCTIONS, PASSIVE, PREPOSITIONS
from extraction.wordlist import word_list

CueKind = Literal["verb", "so", "source"]
_REACH = 25
#: Cues of a sentence; what has more is no sentence.
_MOST = 12
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
_OWN = frozenset({"eigenen", "eigener"})
#: Possessives before what is said, whose owner speaks: ``nach ihrer Auffassung``.
_WHOSE = word_list("seiner seinen seines ihrer ihren ihres")
#: What somebody lets be known: ``ließ durchblicken, dass``.
_KNOWN_BY = frozenset({"durchblicken", "verbreiten", "verlautbaren"})


class Cue(NamedTuple):
    """A cue at the tokens ``start`` to ``end`` of a sentence.

    ``text`` is its words; ``speaker`` the phrase that says who; ``strong`` is false for verbs
    that judge more than report, ``passive`` true where nobody need be named. ``frame`` is the
    tokens of the cue with its speaker, for ``so`` and sources.
    """

    kind: CueKind
    start: int
    end: int
    text: str
    speaker: Phrase | None
    strong: bool = True
    frame: tuple[int, int] = (0, 0)
    passive: bool = False


def cues(row: Sequence[Token]) -> list[Cue]:
    """Return the cues of a sentence in order."""
    return [*islice(_cues(row), _MOST)]


def _cues(row: Sequence[Token]) -> Iterator[Cue]:
    finite, participles, _ = verbs()
    for place, token in enumerate(row):
        low = token.low
        if low in participles and token.text == low and _is_participle(row, place, low in finite):
            cue = _participle(row, place, participles[low])
        elif low in finite and (token.text == low or place == 0):
            cue = _finite(row, place, finite[low])
        elif low == "so":
            cue = _so(row, place)
        elif low in _KNOWN_BY:
            cue = _let(row, place)
        elif low in _SOURCES:
            cue = _SOURCES[low](row, place)
        else:
            continue
        if cue:
            yield cue


def _is_other_verb(row: Sequence[Token], place: int) -> bool:
    """Tell ``fand gestern statt`` from ``fand den Plan gut``, ``befindet sich`` from judging."""
    low = row[place].low
    following = [token.low for token in row[place + 1 : place + _REACH]]
    if low.startswith(("find", "fand")):
        return "statt" in following
    near = [*following[:3], *(token.low for token in row[max(0, place - 1) : place])]
    return low.startswith(("befind", "befand")) and "sich" in near


def _finite(row: Sequence[Token], place: int, able: Sequence[Verb]) -> Cue | None:
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
        said = _place_of(row, place)
    if row[place].low.startswith("zitier"):
        said = _cited(row, place) or said
    return Cue("verb", place, place + 1, text, said, strong)


def _particle(row: Sequence[Token], place: int, wanted: set[str]) -> str:
    if not wanted:
        return ""
    if place and row[place - 1].low in wanted - PREPOSITIONS:
        return row[place - 1].low  # wie er bekannt gab
    for token in row[place + 1 : place + _REACH]:
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


def _is_participle(row: Sequence[Token], place: int, finite: bool) -> bool:
    """Tell ``wird bezeichnet`` from ``bezeichnet``: an auxiliary is in the same clause."""
    if not finite:
        return True
    helper = _helper(row, place)
    if helper is None:
        return False
    between = row[min(helper, place) : max(helper, place)]
    return not any(token.text in (",", ":") or token.low in CONJUNCTIONS for token in between)


def _participle(row: Sequence[Token], place: int, able: Sequence[Verb]) -> Cue | None:
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
        said = _place_of(row, place)
    return Cue("verb", min(place, helper), place + 1, text, said, strong)


def _modal(row: Sequence[Token], place: int) -> int | None:
    """Return the verb that governs the infinitive at ``place``: ``kann nicht sagen,``."""
    if place + 1 < len(row) and row[place + 1].word and row[place + 1].low not in AUXILIARIES:
        return None
    for back in range(place - 1, max(-1, place - _REACH), -1):
        token = row[back]
        if token.low in AUXILIARIES or token.low in ("kannst", "würdest", "willst", "musst"):
            return back
        if token.text in (",", ":") or token.pair:
            return None
    return None


def _let(row: Sequence[Token], place: int) -> Cue | None:
    """Read ``X ließ durchblicken,``."""
    if place + 1 >= len(row) or row[place + 1].text != ",":
        return None
    for back in range(place - 1, max(-1, place - _REACH), -1):
        if row[back].low in ("ließ", "ließen", "lässt", "lassen"):
            said = subject(row, back)
            return Cue("verb", back, place + 1, row[place].text, said) if said else None
        if row[back].text in (",", ":"):
            return None
    return None


def _helper(row: Sequence[Token], place: int) -> int | None:
    """Return the finite verb that goes with the participle at ``place``."""
    if place + 1 < len(row) and row[place + 1].low in AUXILIARIES:
        return place + 1
    for back in range(place - 1, max(-1, place - _REACH), -1):
        if row[back].low in AUXILIARIES:
            return back
        if row[back].text in (":", ";"):
            return None
    return None


def _agent(row: Sequence[Token], place: int) -> Phrase | None:
    """Return the phrase behind ``von`` or, failing that, ``in``: who said it in a passive."""
    for back in range(place - 1, max(-1, place - _REACH), -1):
        if row[back].low in ("von", "vom"):
            found = phrases(row, back, place)
            return found[0] if found else None
    return _place_of(row, place)


def _place_of(row: Sequence[Token], place: int) -> Phrase | None:
    """Return where it is said: ``heißt es in dem Bericht``, ``aus Paris hieß es``."""
    front = clause_start(row, place)
    for one in phrases(row, front, min(len(row), place + _REACH)):
        if one.preposition in _PLACES and not one.pronoun:
            return one
    return None


def _cited(row: Sequence[Token], place: int) -> Phrase | None:
    """Return the person whom somebody cites."""
    subject_ = subject(row, place)
    for one in phrases(row, 0, len(row)):
        mention = mention_of(row, one)
        if mention and mention.label == "PER" and not one.preposition and one != subject_:
            return one
    return None


def _so(row: Sequence[Token], place: int) -> Cue | None:
    """Read ``, so X``: behind a comma, dash or quotation, or in brackets, before a phrase."""
    if place == 0 or not (row[place - 1].pair or row[place - 1].text in (",", "–", "-", "—", "(")):
        return None
    found = phrases(row, place + 1, min(len(row), place + _REACH))
    if not found or found[0].preposition:
        return None
    if found[0].start > place + 1 and row[place + 1].low not in _SO_ADVERBS:
        return None
    one = found[0]
    after = row[one.end] if one.end < len(row) else None
    ends = after is None or after.text[0] in ".,–-—:;)!?" or after.low in PREPOSITIONS or after.pair
    behind = row[place - 1].pair is not None or (place > 1 and row[place - 2].pair is not None)
    if not ends and not behind and after and after.low not in _SO_ADVERBS:
        return None
    end = one.end
    while end < len(row) and row[end].low in _SO_ADVERBS:
        end += 1
    if row[place - 1].text == "," and any(token.text == "," for token in row[end:]) is False:
        end = len(row)  # ``…, so Müller am Montag in Kiel``
    return Cue("so", place, place + 1, "so", one, frame=(place, end))


_SO_ADVERBS = word_list(
    "weiter wörtlich weiters abschließend gestern heute am gegenüber zuvor damals"
)


def _relative_source(row: Sequence[Token], place: int) -> Phrase | None:
    """Return the antecedent of ``ein Gutachten, laut dem …``."""
    if place < 2 or row[place - 1].text != "," or place + 1 >= len(row):  # noqa: PLR2004
        return None
    if row[place + 1].low not in _RELATIVE:
        return None
    last = next((i for i in range(place + 2, len(row)) if row[i].text in _CLAUSE_ENDS), len(row))
    if row[last - 1].low not in AUXILIARIES | verbs().finite.keys():
        return None
    before = [one for one in phrases(row, 0, place - 1) if one.core > place - _REACH]
    return before[-1]._replace(preposition="laut") if before else None


def _laut(row: Sequence[Token], place: int) -> Cue | None:
    antecedent = _relative_source(row, place)
    if antecedent:
        text = row[place].text
        return Cue("source", place, place + 1, text, antecedent, frame=(0, place + 2))
    if row[place].mention or (place and row[place - 1].low in ("zu", "so", "sehr")):
        return None
    found = phrases(row, place + 1, min(len(row), place + _REACH))
    if not found or found[0].start != place + 1:
        return None
    if row[place].low == "gemäß" and mention_of(row, found[0]) is None:
        return None  # mostly a rule
    one = found[0]._replace(preposition="laut")
    return Cue("source", place, place + 1, row[place].text, one, frame=(place, one.end))


def _nach(row: Sequence[Token], place: int) -> Cue | None:
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
    found = phrases(row, after, min(len(row), noun + _REACH))
    counted = (
        after < len(row) and row[after].text[0].isdigit()
    )  # `nach Polizeiangaben 300 Menschen`
    if found and found[0].start == after and not counted and not between & _OWN:
        one = found[0]._replace(preposition="von")
        return Cue("source", place, noun + 1, text, one, frame=(place, one.end))
    whole = phrases(row, place + 1, noun + 1)
    whose = next((i for i in range(place + 1, noun) if row[i].low in _WHOSE), None)
    if whose is not None:
        one = Phrase(whose, whose + 1, whose + 1, (whose,), "nach", pronoun=True)
        return Cue("source", place, noun + 1, text, one, frame=(place, noun + 1))
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


def _zufolge(row: Sequence[Token], place: int) -> Cue | None:
    start = max(0, place - _REACH)
    found = [one for one in phrases(row, start, place) if one.end == place]
    if not found:
        return None
    one = found[-1]._replace(preposition="zufolge")
    return Cue("source", place, place + 1, row[place].text, one, frame=(one.start, place + 1))


def _demnach(_: Sequence[Token], place: int) -> Cue | None:
    return Cue("source", place, place + 1, "demnach", None, frame=(place, place + 1))


def _aus(row: Sequence[Token], place: int) -> Cue | None:
    """Read ``aus Sicht von X``."""
    seen = place + 1 < len(row) and row[place + 1].low in ("sicht", "perspektive")
    return _nach(row, place) if seen else None


def _fuer(row: Sequence[Token], place: int) -> Cue | None:
    """Read ``Für X ist …``, which tells an opinion, at the head of a sentence."""
    found = phrases(row, 1, min(len(row), _REACH)) if place == 0 else []
    if not found or found[0].start != 1 or found[0].end >= len(row):
        return None
    one = found[0]._replace(preposition="für")
    known = mention_of(row, one) is not None
    if not known or row[one.end].low not in ("ist", "sind", "war", "waren", "bleibt", "bedeutet"):
        return None
    return Cue("source", 0, 1, row[0].text, one, strong=False, frame=(0, one.end))


def _steht(row: Sequence[Token], place: int) -> Cue | None:
    """Read ``„…“, steht in dem Brief``."""
    behind = place > 0 and (row[place - 1].pair or (place > 1 and row[place - 2].pair))
    where = _place_of(row, place) if behind else None
    return Cue("verb", place, place + 1, row[place].text, where) if where else None


_SOURCES = {
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
