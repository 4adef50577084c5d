"""Nouns that say what an institution is and not which one: ``das Bezirksgericht``.

In 1,334 annotated articles three stand alone as a name, each for a longer one of the article.
``Bundesregierung``, ``Landtag``, ``Nationalbank``, which often are names, are not among them.
"""

from __future__ import annotations

from functools import lru_cache

from german.compounds.tables import tables
from german.inflection import genitive_bases
from german.wordlist import word_list

_KINDS = word_list(
    """
    gericht gerichtshof amtsgericht landgericht bezirksgericht landesgericht verwaltungsgericht
    landesverwaltungsgericht arbeitsgericht sozialgericht strafgericht kreisgericht schwurgericht
    schöffengericht jugendgericht handelsgericht staatsanwaltschaft generalstaatsanwaltschaft
    oberstaatsanwaltschaft gesundheitsamt jugendamt schulamt sozialamt finanzamt bauamt ordnungsamt
    arbeitsamt standesamt landratsamt gemeindeamt umweltamt veterinäramt stadtrat kreistag magistrat
    stadtverwaltung kreisverwaltung gemeindeverwaltung bezirkshauptmannschaft bezirksregierung
    ministerium innenministerium außenministerium finanzministerium justizministerium
    verteidigungsministerium gesundheitsministerium umweltministerium wirtschaftsministerium
    kultusministerium sozialministerium verkehrsministerium bildungsministerium
    landwirtschaftsministerium wissenschaftsministerium familienministerium kulturministerium
    arbeitsministerium polizei kriminalpolizei verkehrspolizei autobahnpolizei schutzpolizei
    sicherheitspolizei stadtpolizei mordkommission feuerwehr küstenwache grenzschutz armee heer
    zentralbank notenbank bundespartei landespartei schwesterpartei regierungspartei
    oppositionspartei kreisverband landesverband ortsverband bundesverband dachverband verband
    verein gewerkschaft kommission behörde konzern parlament länderkammer regierung opposition
    universität hochschule fachhochschule volksschule hauptschule grundschule realschule
    gesamtschule gymnasium waldorfschule berufsschule mittelschule krankenhaus klinik klinikum
    uniklinik universitätsklinik universitätsklinikum spital museum theater stadttheater
    volkshochschule musikschule aufsichtsrat betriebsrat vorstand bürgerinitiative burschenschaft
    """
)


@lru_cache(maxsize=4096)
def is_bare_kind(word: str) -> bool:
    """Tell whether a single word, in any form, says no more than what an institution is."""
    low = word.lower()
    forms = {low, tables().lemmas.get(low, low).lower(), *genitive_bases(low)}
    return not forms.isdisjoint(_KINDS)
