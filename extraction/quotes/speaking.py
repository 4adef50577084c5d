"""Nouns that nobody can mean who speaks: ``Der Fehler räumte …`` is never said.

Abstract nouns by their endings (Duden-Grammatik, 9th ed. 2016, word formation of nouns) but those
of bodies (``Regierung``) and of texts (``Mitteilung``), and a list of things.
"""

from __future__ import annotations

from functools import lru_cache

from german.wordlist import word_list

_ABSTRACT = ("ung", "ungen", "keit", "keiten", "heit", "heiten", "tion", "tionen", "ismus")
#: Bodies and texts that have such endings: they speak, or something is read in them.
_BODIES = (
    *("regierung", "verwaltung", "leitung", "zeitung", "verteidigung", "stiftung", "führung"),
    *("abteilung", "vereinigung", "vertretung", "mitteilung", "meldung", "erklärung", "behandlung"),
    *("schätzung", "versammlung", "verfassung", "anleitung", "vereinbarung", "verordnung"),
    *(
        "untersuchung",
        "forschung",
        "begründung",
        "stellung",
        "äußerung",
        "sitzung",
        "siedlung",
        "reinigung",
    ),
    *("erhebung", "prüfung", "auswertung", "berechnung", "verlautbarung", "stellungnahme"),
    *("einladung", "anordnung", "verfügung", "ankündigung", "bekanntmachung", "empfehlung"),
    *("redaktion", "fraktion", "koalition", "opposition", "kommission", "union", "direktion"),
    *("organisation", "delegation", "föderation", "resolution", "publikation", "präsentation"),
    *("dokumentation", "information", "mission", "generation", "station", "institution"),
    *("petition", "konvention", "nation", "administration", "inspektion", "sektion", "aktion"),
    *("mehrheit", "minderheit", "einheit", "staatssicherheit", "menschheit", "gottheit"),
    *("gesellschaft", "leute", "persönlichkeit", "öffentlichkeit", "aufsicht", "schwingung"),
)
_THINGS = word_list(
    """
    absicht angst anlass anschlag arbeit auto bau beginn betrieb bezug bombe boot brand chance
    dach dollar einsatz ende erfolg ergebnisse euro explosion fahrt fahrzeug fall fehler feier
    fest feuer film finanzkrise flug flugzeug folge folgen form formen freude fund furcht
    fälle gebäude gefahr geld gesicht gift grenze grund gründe hand haus hintergrund
    hochwasser hoffnung idee jahr jahre jahrzehnt kampf kilometer kilometern kosten kraft
    krieg krise lage lauf laufe leben leiche licht luft löhne maschine menge meter milch
    milliarden million millionen mittel monat monate motiv motor name nummer ort preis preise
    problem probleme programm prozent rahmen raum recht regen schaden schiff schritt schuld
    schäden seite sorge spiel stelle steuern strecke streik stunde stunden sturm stürme summe
    tag tage tat teil teile tiefdruckgebiet tod tonnen trauer umlauf unfall unglück unwetter
    ursache verbot verdacht verfahren verhalten verkehr verlust vertrag vorfall vorwurf
    vorwürfe waffe waffen wagen wahl wahrheit wasser weg welle wert wetter wind
    wirtschaftskrise woche wochen wohnung wunsch wut zahl zahlen zeit ziel zug zukunft zustand
    zuversicht
    """
)


@lru_cache(maxsize=8192)
def can_speak(noun: str) -> bool:
    """Tell whether a noun in any case may be the subject of a verb of speech."""
    low = noun.lower()
    if low in _THINGS or low.removesuffix("s") in _THINGS:
        return False
    plain = low.removesuffix("en") if low.endswith("ungen") else low
    plain = plain.removesuffix("en") if plain.endswith(("keiten", "heiten", "tionen")) else plain
    return not plain.endswith(_ABSTRACT) or plain.endswith(_BODIES)
