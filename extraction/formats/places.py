"""Place names as datelines write them: ``FRANKFURT AM MAIN``, ``MOSKAU/BERLIN``."""

from __future__ import annotations

import re

from german.wordlist import word_list

_WORD = re.compile(r"[^\W\d_][\w.'’-]*\Z")
_SMALL = word_list(
    """
    a. am an ob auf au bei da de del der des di do dos du en et i. im in la le les ob of sur the
    und upon v. van vom von vor zu zum zur
    """
)
_SMALL_LATER = word_list("am an auf au aux de del der do in im la le les sur upon von vor")
_AS_WRITTEN = frozenset({"D.C.", "DC", "NRW", "USA", "UK"})
_RIVERS = {
    "main": "Frankfurt am Main",
    "m.": "Frankfurt am Main",
    "oder": "Frankfurt (Oder)",
    "o.": "Frankfurt (Oder)",
    "ruhr": "Mülheim an der Ruhr",
    "saale": "Halle (Saale)",
}
_SHARP_S = {"Giessen": "Gießen", "Meissen": "Meißen", "Hassfurt": "Haßfurt"}
#: Words in capitals that open a paragraph, often before a bar, and are no place.
_NO_PLACE = word_list(
    """
    ANALYSE ANZEIGE ARD BERICHT BUND CDU CHRONIK CONTRA CSU DEBATTE DGB DIE DOSSIER EIL EILMELDUNG
    ESSAY EU EXKLUSIV EZB FAQ FDP FIFA FOTO FRAGE GLOSSE GRÜNE HINTERGRUND HINWEIS INFO INTERVIEW
    KOLUMNE KOMMENTAR KONTRA KRITIK LINKE LIVE LIVETICKER MEINUNG MELDUNG NACHRUF NATO NEU NEWS
    OECD OSZE PLUS PODCAST PORTRAIT PORTRÄT PRO QUELLE REDAKTION REPORTAGE REZENSION SERIE SPD
    SPORT TEIL THEMA TICKER TITEL TOP TV UEFA UHR UN UNESCO UNHCR UNICEF UNO UPDATE USA VIDEO
    WETTER WHO WIRTSCHAFT WTO ZDF ZITAT
    """
)
_NO_PLACE_WORDS = word_list(
    """
    agentur agenturen aus beim das dem der die ein eine für laut nach nachrichtenagentur
    presse-agentur presseagentur seit
    """
)
_SHORT_PLACES = frozenset({"ROM", "ULM", "HOF", "AUE", "UFA", "KÖLN", "CALW"})
_SHORTEST = 4
_MOST_PLACES, _MOST_WORDS = 4, 5


def places_in(written: str, *, in_capitals: bool) -> tuple[str, ...] | None:
    """Split ``A/B`` into places in ordinary case; ``None`` if any of it can be no place.

    ``in_capitals``: believe only words in capitals, for want of other evidence.
    """
    parts = [" ".join(part.split()) for part in re.split(r"[/,]|\s(?:und|UND)\s", written)]
    parts = [part for part in parts if part]
    if len(parts) > _MOST_PLACES or not all(_may_be_place(part, in_capitals) for part in parts):
        return None
    return _with_rivers([_ordinary_case(part) for part in parts])


def _may_be_place(part: str, in_capitals: bool) -> bool:
    words = re.sub(r"\(\w+\)\Z", "", part).split()
    if not 1 <= len(words) <= _MOST_WORDS or words[0].lower() in _NO_PLACE_WORDS:
        return False
    if in_capitals and (part in _NO_PLACE or not _in_capitals(part)):
        return False
    if in_capitals and len(part) < _SHORTEST and part not in _SHORT_PLACES:
        return False
    return all(_WORD.match(word) and _fits(word) for word in words)


def _fits(word: str) -> bool:
    return word[0].isupper() or word in _SMALL


def _in_capitals(part: str) -> bool:
    return part.replace("ß", "").isupper()


def _ordinary_case(part: str) -> str:
    if not _in_capitals(part):
        return part
    words = part.split()
    return " ".join(_lower_word(word, first=i == 0) for i, word in enumerate(words))


def _lower_word(word: str, *, first: bool) -> str:
    if word in _AS_WRITTEN:
        return word
    if not first and word.lower() in _SMALL:
        return word.lower()
    pieces = re.split(r"([-'’(])", word)
    lowered = (_lower_piece(piece, first=i == 0) for i, piece in enumerate(pieces))
    name = "".join(lowered)
    return _SHARP_S.get(name, name)


def _lower_piece(piece: str, *, first: bool) -> str:
    small = piece.lower()
    return small if small in _SMALL_LATER and not first else piece[:1] + small[1:]


def _with_rivers(names: list[str]) -> tuple[str, ...]:
    """``Frankfurt/Main`` is one place, ``Frankfurt/Berlin`` two."""
    places: list[str] = []
    for name in names:
        full = _RIVERS.get(name.lower())
        if full and places and full.startswith(places[-1]):
            places[-1] = full
        else:
            places.append(name)
    return tuple(dict.fromkeys(places))
