"""Is a number of four digits a year? From the words around it."""

from __future__ import annotations

import re

from extraction.temporal.match import PatternMatch
from german.wordlist import word_list

#: Words before a year, other than prepositions that the rules know.
_NO_YEAR_BEFORE = word_list(
    """
    rund etwa ungefähr fast knapp circa ca. zirka über mehr weniger als mindestens höchstens
    maximal insgesamt gut nahezu genau alle je pro plus minus mal zu Nr Nummer Artikel Art
    Paragraf Paragraph § §§ Absatz Seite Seiten Zimmer Raum Linie Bus Flug Flugnummer Tel
    Telefon Telefonnummer Fax Mobil Handy Konto Kontonummer Postfach PLZ Aktenzeichen Drucksache
    DIN ISO EN Platz Hausnummer Höhe Windows Office Airbus Boeing Typ Modell Serie Code Kennwort
    Pin PIN Resolution Entschließung Saal Sitzungssaal darunter davon Euro EUR Dollar Franken USD
    CHF Pfund Yen $ € £ Los Losnummer Asteroid Komet weitere
    weiteren tausende hunderte keine wie Punkte Position WLAN Version
    """
)
#: Units and beings that are counted; most others are told by being plural behind a round number.
_COUNTED = word_list(
    """
    Menschen Personen Leute Einwohner Einwohnern Euro Dollar Franken Mark Pfund Rubel Yen Kronen
    Schilling Lire Meter Metern Kilometer Kilometern Zentimeter Millimeter Hektar Quadratmeter
    Quadratmetern Quadratkilometer Kubikmeter Liter Litern Tonnen Kilo Kilogramm Gramm Grad Watt
    Kilowatt Megawatt Volt Kalorien Prozent Punkte Punkten Stück Seiten Stimmen Tote Toten
    Todesopfer Verletzte Verletzten Opfer Kinder Kindern Frauen Männer Männern Soldaten Polizisten
    Beamte Beamten Mitarbeiter Mitarbeitern Beschäftigte Beschäftigten Arbeitsplätze
    Arbeitsplätzen Stellen Zuschauer Zuschauern Besucher Besuchern Teilnehmer Teilnehmern
    Demonstranten Flüchtlinge Flüchtlingen Fälle Fällen Infektionen Neuinfektionen Wohnungen
    Häuser Häusern Gebäude Fahrzeuge Fahrzeugen Autos Jahre Jahren Tage Tagen Wochen Monate
    Monaten Stunden Minuten Sekunden Mal Millionen Milliarden Exemplare Exemplaren Unternehmen
    Betriebe Betrieben Studenten Schüler Schülern Mitglieder Mitgliedern Anhänger Anhängern Fans
    Gäste Gästen Patienten Haushalte Haushalten Tiere Tieren Umdrehungen Höhenmeter Höhenmetern
    Bürger Bürgern Bewohner Bewohnern Helfer Helfern Feuerwehrleute Einsatzkräfte Einsatzkräften
    Arbeiter Arbeitern Delegierte Delegierten Kilometern Plätze Plätzen Sitze Sitzen Zivilisten
    Kämpfer Kämpfern Rebellen Migranten Kunden Aktien Bände Bücher Artikel Gemeinden Schulen
    """
)
_COUNTED_SMALL = frozenset(
    [
        "km",
        "m",
        "cm",
        "mm",
        "kg",
        "g",
        "t",
        "ha",
        "qm",
        "km²",
        "m²",
        "l",
        "kW",
        "MW",
        "PS",
        "GB",
        "MB",
        "mal",
        "mm²",
        "hl",
    ]
)
_YEAR = re.compile("[12][0-9]{3}")
_PLURAL = re.compile(r"[A-ZÄÖÜ]\w+(?:en|ern|er|e|s)")
#: Behind these a number is a year even where it is round.
_PREPOSITIONS = frozenset(
    ["SEIT", "BIS", "AB", "VOR", "NACH", "MODE", "SEASON", "UNIT", "UNITS", "LPAR"]
)
_FIRST, _LAST, _OLDEST_BARE = 1000, 2100, 1400
_FIRST_PLAIN, _LAST_PLAIN = 1900, 2060


def is_year(match: PatternMatch, year: int) -> bool:
    """Tell whether the bare number that was found is a year."""
    if not _FIRST <= year < _LAST or _word_before(match) in _NO_YEAR_BEFORE:
        return False
    if _is_numeric(match, -1) or _is_numeric(match, 1):
        return False
    following = match.after()
    if following in _COUNTED or following in _COUNTED_SMALL or match.code_after("UNITS", "APO"):
        return False
    led = match.code_before(*_PREPOSITIONS)
    if following[:1].isupper() and not match.code_after("MONTH", "WDAY", "AM", "DET"):
        return _before_noun(year, following)
    if year % 100 == 0:
        return led or (year in (1900, 2000) and match.code_before("IN", "AM", "VON", "UND"))
    return led or year >= _OLDEST_BARE


def _word_before(match: PatternMatch) -> str:
    """Return the word before, without the stop of an abbreviation: ``Nr. 2019``."""
    return match.before(2) if match.before() == "." else match.before()


def _before_noun(year: int, noun: str) -> bool:
    """``wurde 2019 Ministerin``, but not ``1950 Bienen``."""
    if not _FIRST_PLAIN <= year <= _LAST_PLAIN or year % 100 == 0:
        return False
    return year % 10 != 0 or not _PLURAL.fullmatch(noun)


def _is_numeric(match: PatternMatch, side: int) -> bool:
    """Tell whether another number stands right beside, as in telephone numbers."""
    word = match.before() if side < 0 else match.after()
    beyond = match.before(2) if side < 0 else match.after(2)
    if word in ("/", "-") and beyond[:1].isdigit():
        return not _YEAR.fullmatch(beyond)  # 1914-1918
    if word in ("auf", "davon"):
        return word == "davon" or beyond[:1].isdigit()  # von 2000 auf 1800
    return word[:1].isdigit() and not _YEAR.fullmatch(word)
