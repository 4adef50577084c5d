"""Does a clause speak of what was or of what will be? From its verbs, without a parser.

A clause reaches to the next comma, colon, quotation mark or end of a sentence. The nearest verb
that tells decides; perfect tenses (``soll … begonnen haben``) are past.
"""

from __future__ import annotations

import re
from typing import Literal

from extraction.temporal.token import Tokens, symbol
from extraction.wordlist import word_list

Direction = Literal["", "past", "future"]

_REACH = 18
_ENDS = frozenset('!?:;,„“”»«‚‘"()|…')
_PAST = word_list(
    """
    war waren wurde wurden hatte hatten kam kamen ging gingen gab gaben nahm nahmen fand fanden
    stand standen stieg stiegen fiel fielen lag lagen blieb blieben ließ ließen hielt hielten
    rief riefen schrieb schrieben sprach sprachen traf trafen trat traten starb starben verlor
    verloren gewann gewannen begann begannen zog zogen schloss schlossen bat baten schlug
    schlugen flog flogen lief liefen fuhr fuhren sah sahen trug trugen warf warfen griff griffen
    brach brachen sank sanken schoss schossen bot boten lud luden las lasen half halfen schien
    schienen wuchs wuchsen wies wiesen dachte dachten wusste wussten brachte brachten kannte
    nannte nannten musste mussten konnte konnten durfte durften wollte wollten saß saßen erschien
    verschwand ertrank unterlag entschied entschieden entschloss empfing empfingen unterschrieb
    bestritt bestritten verbot verboten betrug betrugen worden gewesen geworden
    """
)
_FUTURE = word_list(
    """
    wird werden werde würde würden soll sollen will wollen möchte möchten wolle solle beginnt
    beginnen startet starten findet finden kommt kommen reist reisen tagt tagen lädt laden endet
    enden öffnet öffnen entscheidet tritt treten trifft treffen steht stehen spielt spielen
    empfängt empfangen eröffnet läuft laufen gibt geht gehen fällt steigt muss müssen kann können
    darf dürfen plant planen erwartet berät beraten wählt wählen fährt fahren feiert feiern zeigt
    zeigen erscheint erscheinen folgt folgen hält halten stellt veranstaltet organisiert zieht
    """
)
_ARRANGED = word_list("geplant vorgesehen angesetzt anberaumt terminiert")
_ANY = word_list("ist sind sei seien hat haben habe")
_PREFIX = re.compile(r"(?:ver|be|ent|er|zer|miss|über|unter|wider|voll|ge)")
_PRETERITE = re.compile(r"[a-zäöüß]{2,}te(?:n|t|st)?")
_PARTICIPLE = re.compile(
    r"(?:[a-zäöüß]{2,6})?ge[a-zäöüß]{2,}(?:t|en)|(?:[a-zäöüß]{2,6})?(?:ver|be|ent|er|zer)"
    r"[a-zäöüß]{3,}t|[a-zäöüß]{3,}iert"
)
_NO_PRETERITE = word_list(
    """
    heute bitte weite weiten erste ersten letzte letzten zweite zweiten dritte dritten vierte
    vierten gute guten alte alten breite rechte rechten echte echten bunte bunten sollte sollten
    könnte könnten müsste müssten dürfte dürften möchte möchten hätte hätten laute lauten seiten
    mitten unten hinten beste besten meiste meisten nächste nächsten größte größten höchste
    höchsten späte späten leichte leichten schlechte schlechten fünfte sechste siebte achte neunte
    zehnte halten treten bieten bitten raten braten arbeiten warten leiten bereiten gestalten
    erhalten behalten enthalten verhalten auftreten antreten eintreten vertreten betreten starten
    leisten retten testen beobachten betrachten beachten richten berichten unterrichten einrichten
    errichten verzichten vernichten bestätigten geehrte ältesten jüngsten kosten posten
    """
)


def direction(tokens: Tokens, start: int, end: int) -> Direction:
    """Return what the verbs nearest to the tokens from ``start`` to ``end`` tell."""
    words = [(at, tokens.word(at)) for at in _clause(tokens, start, end)]
    near = sorted(words, key=lambda word: min(abs(word[0] - start), abs(word[0] - end)))
    lasting = {word for _, word in words}
    if lasting & _ARRANGED:
        return "future"
    if "zu" in lasting and lasting & {"haben", "sein"} and _has_participle(words):
        return "past"
    if _is_perfect(words):
        return "past"
    for at, word in near:
        if found := _of_verb(word, tokens.word(at + 1)):
            return found
    return "future" if lasting & {"ist", "sind", "sei"} else ""


def _of_verb(word: str, following: str) -> Direction:
    lower = word.lower() if word[:1].isupper() and word[1:].islower() else word
    if lower in _PAST or _PREFIX.sub("", lower, count=1) in _PAST:
        return "past"
    if lower in _FUTURE and (word == lower or word in ("Wird", "Werden", "Soll", "Sollen")):
        return "future"
    if word == lower and _PRETERITE.fullmatch(lower) and lower not in _NO_PRETERITE:
        return "" if following[:1].isupper() and lower.startswith("ge") else "past"
    return ""


def _is_perfect(words: list[tuple[int, str]]) -> bool:
    """Tell ``hat … gesagt``, ``ist … getötet worden`` and ``soll … gesagt haben``."""
    forms = {word for _, word in words}
    if forms & {"worden", "gewesen", "geworden"}:
        return True
    if not (forms & _ANY) or "zu" in forms:
        return False
    return _has_participle(words)


def _has_participle(words: list[tuple[int, str]]) -> bool:
    return any(_PARTICIPLE.fullmatch(word) for _, word in words)


def _clause(tokens: Tokens, start: int, end: int) -> list[int]:
    """Return the places of the words of the clause around the tokens, without them."""
    left, right = start - 1, end
    while left >= max(0, start - _REACH) and not _is_end(tokens, left):
        left -= 1
    stop = min(len(tokens.starts), end + _REACH)
    while right < stop and not _is_end(tokens, right):
        right += 1
    return [*range(left + 1, start), *range(end, right)]


def _is_end(tokens: Tokens, at: int) -> bool:
    word = tokens.word(at)
    if word == ".":
        return tokens.code(at - 1) not in (symbol("SMALL"), symbol("MONABB"))
    return word in _ENDS or tokens.codes[at] == symbol("PARA")
