"""The nouns that head the names of organisations, places and events: ``Bundesamt``, ``Festspiele``.

A compound is of the kind of its last part, so the end of a word decides. What gender they have
and how they are declined the lexicon knows (``german.lexicon``).
"""

from __future__ import annotations

from functools import lru_cache

from german.lexicon import genitive_of
from german.wordlist import word_list

_KINDS = word_list(
    """
    abkommen ag agentur akademie allianz alpen amt anzeiger arbeiter archiv armee aufsichtsrat
    ausgabe ausschuss bahn bahnhof ball bank bataillon behörde beirat beobachter bereich berg
    betrieb betriebe bewegung bezirk bibliothek bistum blatt block bote botschaft brigade bucht
    bund bundestag burg börse bühnen bündnis büro center chor christen club cup damm demokraten
    deutschland dezernat dienst direktorat dom emirat emirate energie erzbistum fabrik fakultät
    falken fernsehen fernsehfunk fest festival festspiele feuerwehr filmfestspiele flotte
    flughafen fonds forum freunde friedhof front funk föderation garde garten gazette gebiet
    gebirge gemeinde gendarmerie genossenschaft gericht gerichtshof gesandte gesetz gewerbe
    gewerkschaft gipfel golf graben grenzschutz gruppe grünen gymnasium hafen halbinsel handel
    handelskammer haus heer hilfe hilfsorganisation hilfswerk hochschule hof illustrierte
    industrie initiative insel inseln institut internet journal juden jugend justiz kabinett
    kammer kanal kanzlei kanzler kasse katastrophenhilfe kirche kirchen klinik kliniken klinikum
    kloster klub koalition kollegium komitee kommando kommissariat kommission konferenz kongress
    konsulat konvent konzern kraftwerk krankenhaus kreis kreuz krieg kurier königreich küste
    labor lager land landtag lebenshilfe liga linie linke luftwaffe länder macht magazin marine
    markt massaker medien meer meerenge messe militär minister ministerium mission molkerei
    moschee museen museum muslime märkte nationalpark nationen naturfreunde netz netzwerk norden
    olympia oper opposition orchester orchesterakademie orden osten ozean pakt palast park
    parlament partei patriarchat philharmonie philharmoniker piraten platz pokal polizei post
    praxis preis presse presserat projekt präsidium radio rat raum rechnungshof referat regiment
    region register reich republik republikaner ressort revier revolution rhein ring rundfunk
    rundschau schloss schule schutz see seestreitkräfte sekretariat senat sender sinfoniker
    sparkasse spiegel spiele sport staat staaten staatsanwaltschaft stab stadion stadt
    stadtwerke stamm stelle stiftungsrat straße streifen streitkräfte studio sund symphoniker
    synagoge syndikat szene süden tafel tag tagesspiegel tal team technikum theater tor turm
    übergang ufer uni union universität unternehmen verband verein verkehr verkehrsbetriebe verlag
    vertrag viertel volk volkskongress volkspartei vorstand wache wacht waffe wald weg wehr welt
    weltkrieg werft werk werke westen wetterdienst wirtschaft wirtschaftsrat wissenschaften
    woche wähler währungsfonds zeit zeitung zelle zentralbank zentrale zentrum zeughaus zirkus
    zoll zoo zug
    """
)
#: Nouns that take -s in an English plural too: without a determiner nothing is clear.
_ENGLISH = word_list("team center club motor sender radio studio journal register market park")
#: Endings that are seldom a genitive's in words that nobody knows.
_UNSURE = ("ss", "us", "is", "os", "as", "’s", "'s")
_SHORTEST_PART, _SHORTEST = 3, len("Abcs")


@lru_cache(maxsize=4096)
def is_kind(noun: str) -> bool:
    """Tell whether a noun, or its last part, heads names: ``Bundesamt``, ``Stiftungsrat``."""
    word = noun.casefold().rpartition("-")[2]
    return any(word[at:] in _KINDS for at in range(max(len(word) - _SHORTEST_PART + 1, 1)))


@lru_cache(maxsize=4096)
def without_genitive(noun: str, *, surely: bool = False) -> str:
    """Return ``Bundesamts``, ``Kreuzes`` without the ending of a masculine or neuter genitive.

    Only if it is one of a noun that heads names; if ``surely`` (a determiner says so) of any noun,
    and from a word that nobody knows a single -s goes.
    """
    if not noun.endswith("s") or noun.isupper():
        return noun
    base = genitive_of(noun)
    if base == noun or (base and (surely or (is_kind(base) and not _is_english(base)))):
        return base
    unknown = surely and not base and not noun.endswith(_UNSURE) and len(noun) >= _SHORTEST
    return noun[:-1] if unknown else noun


def _is_english(noun: str) -> bool:
    return noun.casefold().endswith(tuple(_ENGLISH))
