"""Institutions that a noun and a place name: ``iranische Regierung``, ``Landgericht Köln``.

No list can hold them all, but they are built alike: the adjective of a state before a noun for what
a state has, a noun for an office before its town, both in a compound (``US-Justizministerium``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from articles.article import Mention
from extraction.analysed_text import AnalysedField
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.word_kinds import WordKinds
from extraction.geography.senses import senses
from german.inflection import adjective
from german.wordlist import word_list

#: What a state has; a compound of ``ministerium`` as well.
_OF_STATE = word_list(
    """
    Regierung Parlament Armee Militär Streitkräfte Luftwaffe Marine Polizei Botschaft Konsulat
    Generalkonsulat Außenamt Verfassungsgericht Geheimdienst Küstenwache Zentralbank Notenbank
    Nationalbank Senat Landtag Landesregierung Staatsregierung Nationalversammlung Nationalgarde
    Grenzschutz Präsidialamt Kongress Repräsentantenhaus Unterhaus Oberhaus Abgeordnetenhaus
    Verfassungsgerichtshof Übergangsregierung Militärregierung Exilregierung Militärjunta
    Staatsanwaltschaft Generalstaatsanwaltschaft Landeskriminalamt Innenbehörde Atombehörde
    Luftfahrtbehörde Zivilluftfahrtbehörde Börsenaufsicht Wettbewerbsbehörde Staatsfernsehen
    Gesundheitsbehörde Wahlkommission Revolutionsgarden Staatsbahn Grenzpolizei
    Militärpolizei Generalstab Verteidigungsamt Heer Staatskanzlei Rechnungshof
    Verfassungsschutz Sicherheitskabinett Föderationsrat Staatspräsidentschaft Exilparlament
    Fußballverband Parlamentskammer
    """
)
_MINISTRY = "ministerium"
#: What stands before the town that it is in.
_OF_TOWN = word_list(
    """
    Landgericht Amtsgericht Oberlandesgericht Verwaltungsgericht Oberverwaltungsgericht
    Arbeitsgericht Landesarbeitsgericht Sozialgericht Landessozialgericht Finanzgericht
    Verwaltungsgerichtshof Landesgericht Bezirksgericht Handelsgericht Obergericht
    Landesverwaltungsgericht Strafgericht Kreisgericht Staatsanwaltschaft
    Generalstaatsanwaltschaft Polizei Polizeipräsidium Polizeidirektion Polizeiinspektion
    Kriminalpolizei Wasserschutzpolizei Feuerwehr Berufsfeuerwehr Universität Uni Hochschule
    Fachhochschule Klinikum Universitätsklinikum Uniklinik Universitätsmedizin Universitätsspital
    Kantonsspital Landeskriminalamt Handelskammer Handwerkskammer IHK Ärztekammer Landesärztekammer
    Verbraucherzentrale Stadtwerke Kantonspolizei Stadtpolizei Landespolizeidirektion Hauptzollamt
    Kreissparkasse Stadtsparkasse Sparkasse Staatstheater Stadttheater Nationaltheater
    Schauspielhaus Volkstheater Kunsthalle Kunstmuseum Zollfahndungsamt Autobahndirektion
    Bistum Erzbistum Diözese Erzdiözese Landtag Flüchtlingsrat Verkehrsbetriebe
    Berufsrettung Landesregierung Gesundheitsamt Regierungsrat Bundespolizeidirektion
    Bundespolizeiinspektion Hafenbehörde Staatsarchiv TU FH
    """
)
#: What stands before the hyphen, or a state's letters.
_PREFIXES = ("US", "EU", "UN", "Uno", "UNO", "Nato", "NATO", "NRW", "DDR", "UK", "EZB")
_IN_COMPOUND = (_OF_STATE - word_list("Polizei Staatsanwaltschaft Wahlkommission")) | word_list(
    "Kabinett Ministerrat Kommission Rat Flüchtlingshilfswerk"
)
#: Before the noun: a state's adjective, or the town's that has a parliament or court of its own.
_TOWNS_OWN = word_list("Senat Landtag")
_SITUATED = re.compile(r" (?:am|an der|im|in der|ob der) [A-ZÄÖÜ]\w+")
_VOLUNTEERS = re.compile(r"Freiwillige[nr]? \Z")
_LINK = " "


def institutions(
    field: AnalysedField, there: Sequence[Mention], gazetteer: Gazetteer
) -> Iterator[tuple[int, int]]:
    """Yield start and end of the institutions in a text; ``there`` are its mentions, sorted."""
    words, starts = field.tokens.words, field.tokens.starts
    places = {m.start: m.end for m in there if m.label == "LOC"}
    for index, kind in _KINDS.among(words):
        start, end = starts[index], starts[index] + len(words[index])
        if "-" in words[index]:
            yield start, end
            continue
        if "town" in kind and (behind := _town_behind(field, index, places, gazetteer)):
            volunteers = _VOLUNTEERS.search(field.text[max(start - 14, 0) : start])
            yield start - len(volunteers[0]) if volunteers else start, behind
        elif "state" in kind and (before := _state_before(field, index, gazetteer)) is not None:
            yield before, end


def _kind(word: str) -> str:
    """Return what its name is made of beside the noun: ``state``, ``town``, both, "" for others."""
    if not word[:1].isupper():
        return ""
    prefix, hyphen, rest = word.rpartition("-")
    bases = _bases(rest if hyphen else word)
    ministry = any(
        base.lower().endswith(_MINISTRY) and len(base) > len(_MINISTRY) for base in bases
    )
    if hyphen:
        institution = ministry or not _IN_COMPOUND.isdisjoint(bases)
        return "state" if prefix in _PREFIXES and institution else ""
    state = "state" if ministry or not _OF_STATE.isdisjoint(bases) else ""
    return state + ("town" if ministry or not _OF_TOWN.isdisjoint(bases) else "")


_KINDS = WordKinds(_kind)


def _bases(word: str) -> tuple[str, ...]:
    """Return the word and what it may be a genitive of."""
    if not word.endswith("s"):
        return (word,)
    return (word, word[:-1], word[:-2]) if word.endswith("es") else (word, word[:-1])


def _state_before(field: AnalysedField, index: int, gazetteer: Gazetteer) -> int | None:
    """Return where the adjective of a state before the noun begins, ``None`` if there is none."""
    if not index:
        return None
    words, starts = field.tokens.words, field.tokens.starts
    word, start = words[index - 1], starts[index - 1]
    if field.text[start + len(word) : starts[index]] not in (" ", "\u00a0"):
        return None
    if words[index] in _TOWNS_OWN and word.endswith("er") and word[:1].isupper():
        return start if _is_town(word[:-2], gazetteer) else None
    stem, ending = adjective(word)
    if stem == "deutsch" and words[index].startswith("Bundes"):
        return None
    last = stem.lower().rpartition("-")[2]
    known = last in gazetteer.adjectives or stem.lower() in gazetteer.adjectives
    return start if ending and known else None


def _town_behind(
    field: AnalysedField, index: int, places: Mapping[int, int], gazetteer: Gazetteer
) -> int | None:
    """Return where the town's name behind the noun ends, ``None`` if none follows."""
    words, starts = field.tokens.words, field.tokens.starts
    if index + 1 == len(words):
        return None
    start = starts[index + 1]
    end = start + len(words[index + 1])
    gap = field.text[starts[index] + len(words[index]) : start]
    if gap != _LINK or not words[index + 1][:1].isupper():
        return None
    town = words[index + 1]
    if not gazetteer.states.isdisjoint(_bases(town)):
        return None  # `Botschaft Kanadas`
    place = places.get(start, 0)
    if not place and not _is_town(town, gazetteer):
        return None
    end = max(end, place)
    situated = _SITUATED.match(field.text, end)
    return situated.end() if situated and senses(field.text[start : situated.end()]) else end


def _is_town(name: str, gazetteer: Gazetteer) -> bool:
    town = name.partition("-")[0]
    return name in gazetteer.places or bool(senses(name)) or (town in gazetteer.places)
