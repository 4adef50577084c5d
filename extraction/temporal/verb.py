"""What a German verb form tells of time, from lists and endings, without a tagger."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from german.wordlist import word_list

Direction = Literal["", "past", "future"]

_PAST = word_list(
    """
    war waren wurde wurden hatte hatten kam kamen ging gingen gab gaben nahm nahmen fand fanden
    stand standen stieg stiegen fiel fielen lag lagen blieb blieben ließ ließen hielt hielten
    rief riefen schrieb schrieben sprach sprachen traf trafen trat traten starb starben verlor
    verloren gewann gewannen begann begannen zog zogen schloss schlossen bat baten schlug
    schlugen flog flogen lief liefen fuhr fuhren sah sahen trug trugen warf warfen griff griffen
    brach brachen sank sanken schoss schossen bot boten lud luden las lasen half halfen schien
    schienen wuchs wuchsen wies wiesen dachte dachten wusste wussten brachte brachten kannte
    nannte nannten musste mussten konnte konnten durfte durften wollte wollten saß saßen schied
    schieden schwand fing fingen ertrank mied stieß stießen riss rissen schuf schufen sprang
    sprangen sang sangen trank tranken stahl hing hingen hob hoben litt litten schnitt schnitten
    stritt stritten trieb trieben wich wichen zwang zwangen geschah genoss rann schwamm schwammen
    tat taten riet rieten galt galten schritt schritten glitt
    verschwand verschwanden kehrte kippte stürzte worden gewesen geworden
    """
)
_FUTURE = word_list(
    """
    wird werden werde würde würden soll sollen will wollen möchte möchten wolle solle beginnen
    starten finden kommen reisen tagen laden enden öffnen entscheiden treten treffen stehen
    spielen empfangen eröffnen laufen gehen muss müssen kann können darf dürfen plant planen
    beraten wählen fahren feiern zeigen erscheinen folgen halten geben nehmen fallen steigen
    """
)
_OPENING = frozenset(["Wird", "Werden", "Soll", "Sollen"])
_BEING = frozenset(["ist", "sind", "sei", "seien"])
_HAVING = frozenset(["hat", "haben", "habe", "hätten", "hätte"]) | _BEING
_ARRANGED = re.compile(
    r"(?:geplant|vorgesehen|angesetzt|anberaumt|terminiert|angekündigt)(?:e[nrms]?)?"
)
_PLANNED = re.compile(r"geplant|vorgesehen|angesetzt|anberaumt|terminiert|angekündigt")
_NO_LONGER = frozenset(["ursprünglich", "war", "waren", "wurde", "wurden", "hatte", "hatten"])
#: With these a word that looks like a participle is one.
_HELPING = _HAVING | _NO_LONGER | frozenset(["wird", "werden", "werde", "soll", "sollen", "will"])
_PREFIX = re.compile(
    r"(?:ver|be|ent|er|zer|miss|über|unter|wider|voll|ab|an|auf|aus|bei|ein|mit|nach|vor|zu|zurück)"
)
_PRETERITE = re.compile(r"[a-zäöüß]{2,}te(?:n|t|st)?")
_PARTICIPLE = re.compile(
    r"(?:[a-zäöüß]{2,6})?ge[a-zäöüß]{2,}(?:t|en)|(?:[a-zäöüß]{2,6})?(?:ver|be|ent|er|zer|miss|über"
    r"|unter)[a-zäöüß]{2,}t|[a-zäöüß]{3,}iert"
)
_STRONG_PARTICIPLE = word_list(
    """
    verloren begonnen gestorben verstorben entschieden beschlossen erhalten entlassen verlassen
    vergangen verschwunden entstanden bekommen erschossen erschienen ertrunken verschoben
    verboten unterschrieben unterbrochen überfallen überwiesen bewiesen erfahren empfangen
    verletzt zerbrochen erworben verdorben vergessen verraten betreten befohlen empfohlen
    betroffen getroffen eingetroffen
    """
)
_PARTICIPIAL = re.compile(
    r"(?:[a-zäöüß]{2,6})?(?:ge|ver|be|ent|er|zer)[a-zäöüß]{2,}[^a]en(?:e[nrsm]?)"
)
_PRESENT = re.compile(r"[a-zäöüß]{2,}t")
_NO_PRESENT = word_list(
    """
    hat ist habt nicht mit seit jetzt oft erst selbst fast
    laut meist dort weit statt sonst acht gut not rot alt
    kalt echt bekannt damit somit womit insgesamt überhaupt derzeit zumindest zuletzt zunächst
    demnächst möglichst längst höchst samt recht leicht schlecht direkt konkret privat gesamt
    nächst mitunter angst breit bereit dicht fest hart schlicht spät stet tot wert zeit zuerst
    äußerst ernst jüngst einst unlängst dereinst bisweilen anstatt etwa wenigst mindest trotz
    zusammengefasst soweit inwieweit sogleich gerecht verantwortlich komplett nett fett wacht
    wohlbekannt unbekannt unbestimmt bestimmt erneut vermehrt verstärkt bewusst unbewusst berühmt
    beliebt geeignet geehrt verletzt verheiratet verurteilt betont isoliert letzt getrennt nackt
    sofort vielleicht direkt indirekt unbedingt entfernt absolut interessant weltweit bundesweit
    landesweit europaweit dauerhaft ernsthaft jederzeit umsonst anstatt zurecht zumeist konsequent
    konstant unverändert aufrecht bemerkenswert explizit permanent seinerzeit allesamt unerwartet
    präsent relevant ungeachtet transparent insoweit effizient intelligent senkrecht vehement
    mitsamt prompt unweit rasant massenhaft
    beispielhaft dominant preiswert uneingeschränkt unbemerkt
    brillant prominent moderat ambulant wohnhaft nordwest südwest nordost südost doppelt hundert
    entspannt begeistert enttäuscht überzeugt besorgt verzweifelt verletzt unverletzt verschuldet
    perfekt exakt korrekt strikt intakt abstrakt defekt robust leidlich zuvorderst vorerst
    """
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
    errichten verzichten vernichten bestätigten geehrte ältesten jüngsten kosten posten konkrete
    konkreten private privaten direkte direkten gesamte gesamten bereiten festhalten stattfinden
    abhalten beraten abbitten anbieten verbieten aufhalten ausrichten bewerten auswerten erwarten
    verwalten unterhalten spalten erbitten vorbereiten verbreiten ableiten einleiten bekannte
    bekannten beliebte beliebten berühmte berühmten wichtigste wichtigsten zuständigkeiten
    """
)


class FiniteVerb(NamedTuple):
    """``direction`` of a form, ``before_noun`` where a noun follows: ``gefundene``."""

    direction: Direction
    before_noun: Direction
    participle: bool
    arranged: bool


@lru_cache(maxsize=8_192)
def verb(word: str) -> FiniteVerb:
    """Judge a word; most are no verbs and tell nothing."""
    arranged = bool(_ARRANGED.fullmatch(word))
    told = _of_list(word) or (_of_ending(word, arranged) if word.islower() else "")
    participial = word.islower() and _PARTICIPIAL.fullmatch(word)
    return FiniteVerb(
        direction=told,
        before_noun=told if word in _PAST or not participial else "past",
        participle=bool(_PARTICIPLE.fullmatch(word)) and word not in _PAST,
        arranged=arranged,
    )


def _of_list(word: str) -> Direction:
    lower = word.lower() if word[1:].islower() else word
    if lower in _PAST or _PREFIX.sub("", lower, count=1) in _PAST:
        return "past"
    return "future" if lower in _FUTURE and (word == lower or word in _OPENING) else ""


def _of_ending(word: str, arranged: bool) -> Direction:
    """Judge ``sagte`` and ``beginnt``."""
    if _PRETERITE.fullmatch(word) and word not in _NO_PRETERITE and not arranged:
        return "past"
    present = _PRESENT.fullmatch(word) and not word.startswith("ge")
    return "future" if present and word not in _NO_PRESENT else ""


def is_perfect(forms: set[str]) -> bool:
    """Tell ``hat … gesagt``, ``ist … getötet worden`` and ``soll … gesagt haben``."""
    if forms & {"worden", "gewesen", "geworden"}:
        return True
    having = forms & _HAVING
    if not having and not ("sein" in forms and forms & {"zu", "soll", "sollen"}):
        return False
    if forms & {"wird", "werden"} and having <= _BEING:
        return False
    return any(verb(word).participle or word in _STRONG_PARTICIPLE for word in forms)


def is_arranged(forms: set[str], following: set[str]) -> bool:
    """Tell ``ist für Sonntag geplant`` and ``die für Sonntag geplante Wahl ist frei``.

    ``following`` are the words right behind the date. What ``war geplant`` or ``fiel aus`` lies
    on either side of today, as does what was planned ``ursprünglich``.
    """
    planned = any(_PLANNED.fullmatch(word) for word in forms)
    planned = planned or any(verb(word).arranged for word in following)
    return planned and not any(verb(w).direction == "past" or w in _NO_LONGER for w in forms)


def has_perfect_auxiliary(forms: set[str]) -> bool:
    """Tell ``hat`` and ``ist``: their participle may stand beyond the clause."""
    return bool(forms & _HAVING)


def has_auxiliary(forms: set[str]) -> bool:
    """Tell whether a word that looks like a participle is one."""
    return bool(forms & _HELPING)
