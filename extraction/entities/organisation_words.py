"""The words that speak of an organisation's kind: beside its name, and in an article on such."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from german.wordlist import word_list

PRESS = word_list("newspaper magazine agency broadcaster")
CLUBS = word_list("club team")
_PRESS_CUES = """
    zeitung zeitungen magazin magazins blatt blattes blatts portal zeitschrift illustrierte
    illustrierten sender senders agentur wochenblatt journal verlag redaktion netzwerk
"""
_CLUB_CUES = """
    verein vereins klub klubs club clubs ligist ligisten meister meisters sieger siegers aufsteiger
    absteiger nachbar rivale rivalen gegner team mannschaft stürmer trainer fans
"""
_COMPANY_CUES = """
    konzern konzerns hersteller herstellers bauer bauers händler händlers firma unternehmen
    unternehmens riese riesen versicherer versicherers bank kette discounter discounters zulieferer
    zulieferers gesellschaft anbieter anbieters betreiber betreibers tochter mutter verlag verlags
    verlages marke reederei agentur gruppe spezialist fluglinie airline werft brauerei supermarkt
    versandhaus netzwerk plattform dienst dienstes entwickler ausrüster produzent börse
"""
#: How nouns end behind which the name of such an organisation stands: ``das Magazin Stern``.
_CUES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PRESS, tuple(_PRESS_CUES.split())),
    **dict.fromkeys(CLUBS, tuple(_CLUB_CUES.split())),
    **dict.fromkeys(("company", "platform"), tuple(_COMPANY_CUES.split())),
    "party": ("partei", "parteien", "fraktion", "koalition"),
    "union": ("gewerkschaft", "gewerkschaften"),
    "armed": ("miliz", "gruppe", "organisation"),
    "ngo": ("organisation", "verein", "verband"),
}
_CLUB_TOPIC = word_list(
    """
    Trainer Tor Tore Spiel Spieltag Liga Bundesliga Sieg Niederlage Mannschaft Stürmer Torwart
    Saison Tabelle Pokal Elfmeter Halbzeit Verein Klub Spieler Meister Champions Derby Verteidiger
    Torhüter Unentschieden Rückrunde Hinrunde Ligist Mittelfeldspieler Trainers
    """
)
_PRESS_TOPIC = word_list(
    """
    Zeitung Zeitungen Magazin Magazine Verlag Blatt Blätter Redaktion Chefredakteur Journalist
    Journalisten Presse Leser Auflage Medien Titelseite Zeitschrift Zeitschriften Boulevard
    """
)
#: Words of an article on such things; any two speak for it.
_TOPICS: dict[str, frozenset[str]] = {
    **dict.fromkeys(CLUBS, _CLUB_TOPIC),
    **dict.fromkeys(PRESS, _PRESS_TOPIC),
    "company": word_list(
        """
        Aktie Aktien Umsatz Gewinn Konzern Vorstand Aufsichtsrat Börse Unternehmen Millionen Werk
        Mitarbeiter Quartal Hersteller Konzerns Autobauer Aktionäre Marke Produktion Kunden Dax
        """
    ),
    "union": word_list(
        "Gewerkschaft Streik Streiks Warnstreik Tarif Tarifverhandlungen Beschäftigte Beschäftigten"
    ),
    "party": word_list(
        """
        Partei Parteien Fraktion Koalition Wahl Wahlen Opposition Abgeordnete Abgeordneten Wähler
        Parteitag Landtag Bundestag Parlament Kandidat Stimmen Parteichef Mandate Sitze
        """
    ),
}
_ENOUGH = 2
_NONE: frozenset[str] = frozenset()


def is_cue(word: str, kind: str) -> bool:
    """Tell whether a folded noun says that the name behind it is of the kind."""
    ends = _CUES.get(kind)
    return bool(ends) and word.endswith(ends or ())


@lru_cache(maxsize=4096)
def is_any_cue(word: str) -> bool:
    """Tell whether a noun says what the name behind it is: ``Nachrichtenagentur``."""
    low = word.lower()
    return word[:1].isupper() and any(low.endswith(ends) for ends in _CUES.values())


def is_on(kind: str, words: Set[str]) -> bool:
    """Tell whether an article of these words is on such organisations."""
    return len(_TOPICS.get(kind, _NONE) & words) >= _ENOUGH
