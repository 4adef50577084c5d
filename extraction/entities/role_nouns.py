"""Words for offices, professions and parts that people have: ``Verteidigungsministerin``.

A word counts as a role if it ends in one of the heads below, however it is inflected. The three
classes differ in their declension: strong nouns (``des Ministers``), weak ones (``des
Präsidenten``) and adjectives used as nouns (``der Vorsitzende``, ``ein Vorsitzender``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from german.gender_forms import both, one_way
from german.lexicon import Gender
from german.wordlist import word_list

_STRONG = word_list(
    """
    preisträger rechtler befehlshaber entwickler organisator gesellschafter sportler geschäftsmann
    grafiker bandleader milizenführer verhandlungsführer geschäftsmann gesandter würdenträger
    minister kanzler sprecher chef trainer coach direktor rektor senator autor moderator kurator
    investor inspektor koordinator inquisitor doktor mentor pastor kantor lektor gouverneur
    ingenieur kommandeur redakteur regisseur akteur amateur konstrukteur general admiral oberst
    oberstleutnant leutnant major hauptmann feldwebel kardinal bischof papst pfarrer priester
    pater abt rabbiner imam mufti ayatollah prediger sekretär kommissar funktionär aktionär
    millionär milliardär bürgermeister weltmeister europameister olympiasieger landesmeister
    meister landrat stadtrat staatsrat bundesrat
    regierungsrat ministerialrat gemeinderat ortsvorsteher vorsteher richter anwalt torwart
    torhüter vorstand leiter manager gründer mitgründer mitbegründer begründer inhaber
    eigentümer besitzer unternehmer händler politiker historiker physiker chemiker mathematiker
    mechaniker techniker musiker informatiker kritiker komiker klassiker mediziner forscher
    wissenschaftler lehrer schüler sänger schauspieler darsteller spieler stürmer verteidiger
    kapitän läufer springer fahrer schwimmer ruderer reiter sieger boxer ringer turner kämpfer
    skifahrer rennfahrer radprofi profi fußballer handballer reporter berater vertreter
    stellvertreter vize premier könig kaiser sultan emir scheich schah diktator machthaber
    herrscher führer ermittler fahnder helfer wirt volkswirt landwirt bauer winzer arzt künstler
    maler bildhauer schriftsteller dichter filmemacher verleger herausgeber rapper mitarbeiter
    nachfolger vorgänger amtsvorgänger amtsnachfolger botschafter unterhändler vermittler
    beobachter erzieher statthalter verwalter geschäftsführer wachtmeister dramaturg dekan
    professor ober premierminister staatschef regierungschef hotelier banker hacker blogger
    youtuber influencer streamer designer koch tänzer schwinger schiedsrichter abteilungsleiter
    bewerber herausforderer amtsinhaber spitzenreiter gegner tormann bahnchef veranstalter
    whistleblower mörder täter attentäter entführer räuber betrüger ratgeber pfleger sanitäter
    feuerwehrmann kaufmann kameramann obmann verbraucherschützer umweltschützer tierschützer
    naturschützer datenschützer denkmalpfleger archivar bibliothekar notar kommentator ceo
    statistiker sammler rentner forstwirt förster imker jäger wärter angler züchter gärtner
    bäcker metzger tischler schreiner schmied maurer elektriker optiker apotheker eigner reeder
    pächter
    """
)
_WEAK = word_list(
    """
    feminist populist nationalist expressionist impressionist pazifist traditionalist
    präsident dirigent produzent korrespondent intendant student dozent referent assistent
    konkurrent agent regent kommandant journalist aktivist pianist polizist jurist kabarettist
    komponist spezialist publizist essayist bassist gitarrist violinist cellist solist chronist
    kolumnist ökonomist lobbyist terrorist islamist kommunist sozialist artist analyst germanist
    anarchist putschist extremist stylist drogist ökonom astronom agronom gastronom fotograf
    photograph geograf ozeanograf kartograf choreograf biograf kandidat diplomat demokrat
    sozialdemokrat christdemokrat bürokrat soldat astronaut kosmonaut oligarch monarch patriarch
    prinz fürst architekt präfekt chirurg pilot therapeut pädagoge psychologe biologe
    soziologe politologe theologe geologe virologe meteorologe archäologe epidemiologe
    seismologe klimatologe onkologe kardiologe neurologe gynäkologe ethnologe philologe
    kriminologe ökologe zoologe experte zeuge erbe philosoph stratege athlet prophet
    genosse kommilitone demoskop demonstrant repräsentant praktikant informant kommunikant
    fabrikant lieferant debütant veteran
    """
)
_ADJECTIVAL = word_list(
    """
    vorsitzend abgeordnet beauftragt angeklagt gesandt delegiert beamt angestellt verdächtig
    konservativ grün überlebend bevollmächtigt geistlich verurteilt beschuldigt
    vorstandsvorsitzend
    """
)
#: Parts before a hyphen that belong to the role: ``Co-Vorsitzende``.
ROLE_PREFIXES = word_list(
    """
    co ex vize alt chef interims star haupt fraktions partei bundes landes oscar it tv pop rock
    jazz hip-hop live online ski formel 1 sport kultur polizei regierungs oppositions
    """
)
_NEUTRAL = word_list("mitglied model star boss idol oberhaupt legende majestät ikone talent")


class Role(NamedTuple):
    """A role in the nominative and the gender of the word."""

    name: str
    gender: Gender


def _ends(words: frozenset[str]) -> str:
    plain = (word for word in words if "-" not in word)
    return "|".join(sorted(plain, key=len, reverse=True))


def _weak_stems() -> str:
    return _ends(frozenset(word.removesuffix("e") for word in _WEAK))


_FEMININE = re.compile(
    rf"(?P<stem>.*(?:{_ends(_STRONG)}|{_weak_stems()}|ärzt|anwält|köch|bäuer|bischöf|frau))"
    r"in\Z|.*(?:königin|kauffrau|obfrau|ombudsfrau|kamerafrau|feuerwehrfrau|äbtissin|prinzessin)\Z"
)
_MASCULINE = re.compile(rf"(?P<stem>.*(?:{_ends(_STRONG)}))(?:e?s)?\Z")
_OTHER = re.compile(rf"(?P<stem>.*(?:{_ends(_NEUTRAL)}))(?:e?s)?\Z")
_N_STEM = re.compile(rf"(?P<stem>.*(?:{_weak_stems()}))(?P<end>e?n?)\Z")
_ADJECTIVE = re.compile(rf"(?P<stem>.*(?:{_ends(_ADJECTIVAL)}))(?P<end>e[rnms]?)\Z")
_WITH_E = re.compile(rf".*(?:{'|'.join(w for w in _WEAK if w.endswith('e') and '-' not in w)})\Z")
_LONGEST = 60
#: What ``Abgeordnete:r`` stands for; ``Sprecher:in`` stands for the plural too.
_TWO = 2


def role_of_word(word: str, determiner: str = "", gender: str = "") -> Role | None:
    """Return the role that ``word`` names, or ``None``.

    ``determiner`` before it and ``gender`` (``f``, ``m``, "") of the person tell genders apart.

    ``Ministers`` is ``Minister``, ``Biologen`` is ``Biologe``; ``der CDU-Vorsitzende`` is a
    ``CDU-Vorsitzender``, ``der CDU-Vorsitzenden`` a ``CDU-Vorsitzende``; ``Sprecher:in`` is what
    the person's gender makes of it.
    """
    if not word[:1].isupper() or len(word) > _LONGEST:
        return None
    return _role(_of_gender(word, gender), determiner, gender)


@lru_cache(maxsize=8192)
def _of_gender(word: str, gender: str) -> str:
    """Return what a form for both genders is for a person of one: ``Sprecherin``."""
    genders = both(one_way(word))
    if not genders:
        return word
    man, woman = (genders[0], genders[-2]) if len(genders) > _TWO else (genders[1], genders[0])
    return woman if gender == "f" else man


@lru_cache(maxsize=8192)
def _role(word: str, determiner: str, gender: str) -> Role | None:
    lower = word.lower()
    if _FEMININE.match(lower):
        return Role(word, "f")
    if match := _MASCULINE.match(lower):
        return Role(word[: len(match["stem"])], "m")
    if match := _OTHER.match(lower):
        return Role(word[: len(match["stem"])], "")
    if match := _N_STEM.match(lower):
        stem = word[: len(match["stem"])]
        return Role(stem + "e" if _WITH_E.match(match["stem"] + "e") else stem, "m")
    if match := _ADJECTIVE.match(lower):
        return _adjectival(word[: len(match["stem"])], match["end"], determiner, gender)
    return None


def _adjectival(stem: str, ending: str, determiner: str, gender: str) -> Role:
    """``der Vorsitzende`` is a man, ``der Vorsitzenden`` (genitive, dative) a woman."""
    masculine = (
        ending in ("er", "em")
        or (ending == "e" and determiner == "der")
        or (ending == "en" and determiner in ("dem", "den", "des", "vom", "zum", "beim", "einem"))
    )
    if gender != "m" and (gender == "f" or not masculine):
        return Role(stem + "e", "f")
    return Role(stem + "er", "m")
