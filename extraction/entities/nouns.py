"""The gender of the nouns that head the names of organisations, places and events.

German compounds have the gender of their last part, so the end of a word decides: first lists of
last parts, longest match first, then suffixes that fix the gender (Duden-Grammatik, 9th ed. 2016,
section on genus: -ung, -heit, -schaft, -tät … feminine, -ment, -um … neuter).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, cast

from german.wordlist import word_list

#: ``p``: plural only; "": not known.
Gender = Literal["m", "f", "n", "p", ""]

_MASCULINE = word_list(
    """
    ausschuss aufsichtsrat rat bahnhof ball beirat bereich betrieb bezirk block bote bund
    bundestag chor club cup damm dienst dom fernsehfunk flughafen fonds friedhof funk garten
    gerichtshof gesandte gipfel golf graben grenzschutz hafen handel hof kanal klub kongress
    konvent konzern kreis krieg weltkrieg kurier landtag markt minister nationalpark orden osten
    westen norden süden ozean palast park pakt platz preis pokal presserat rechnungshof rhein
    ring rundfunk schutz see senat sender spiegel sport staat stab stamm stiftungsrat
    streifen sund tag tagesspiegel turm verband verein verlag verkehr vertrag volkskongress
    vorstand wald wetterdienst wirtschaftsrat zirkus zoll zoo zug raum weg berg währungsfonds
    anzeiger beobachter kanzler
    """
)
_FEMININE = word_list(
    """
    agentur akademie allianz armee bahn bank behörde bibliothek börse botschaft brigade bucht
    burg energie fabrik fakultät feuerwehr flotte föderation front garde gemeinde gendarmerie
    genossenschaft gewerkschaft gruppe handelskammer hilfe hochschule illustrierte industrie
    initiative insel jugend justiz kammer kanzlei kasse katastrophenhilfe kirche klinik
    koalition kommission konferenz küste lebenshilfe liga linke linie luftwaffe macht marine
    messe mission molkerei moschee oper opposition orchesterakademie partei philharmonie polizei
    post praxis presse republik revolution rundschau schule sparkasse staatsanwaltschaft stadt
    stelle straße synagoge tafel uni union universität volkspartei wache wacht waffe wehr welt
    werft wirtschaft woche zeit zeitung zelle zentralbank zentrale halbinsel meerenge region
    gazette ag hilfsorganisation szene bewegung ausgabe
    """
)
_NEUTER = word_list(
    """
    amt archiv büro blatt bündnis bataillon center deutschland emirat fernsehen forum gebiet
    gebirge gericht gesetz gewerbe gymnasium haus heer hilfswerk institut internet journal
    kabinett klinikum kloster kollegium komitee kommando kraftwerk krankenhaus kreuz königreich
    labor land lager magazin meer militär ministerium museum netz netzwerk olympia orchester
    parlament präsidium projekt radio reich regiment referat register revier ressort ufer
    schloss sekretariat stadion studio tal team theater tor unternehmen viertel volk werk
    zentrum zeughaus fest festival massaker abkommen syndikat dezernat direktorat kommissariat
    konsulat patriarchat bistum erzbistum technikum
    """
)
_PLURAL = word_list(
    """
    nationen staaten stadtwerke werke betriebe verkehrsbetriebe wähler emirate spiele festspiele
    filmfestspiele philharmoniker symphoniker sinfoniker medien kliniken freunde demokraten
    republikaner piraten grünen falken arbeiter christen muslime juden kirchen streitkräfte
    seestreitkräfte märkte länder inseln alpen naturfreunde museen bühnen wissenschaften
    """
)
_SUFFIXES: tuple[tuple[str, Gender], ...] = (
    *((s, "f") for s in ("ung", "heit", "keit", "schaft", "tät", "ion", "ik", "ie", "anz", "enz")),
    *((s, "f") for s in ("ei", "ur", "ade", "age", "ette", "ive", "ose", "ine", "thek", "welle")),
    *((s, "n") for s in ("ment", "ium", "eum", "tum", "chen", "lein", "nis", "ett", "werk", "iat")),
    *((s, "m") for s in ("ismus", "ling", "rat", "bund", "hof", "tag", "dienst", "ismus", "or")),
    *((s, "m") for s in ("fonds", "stand", "gang", "bau", "kreis", "club", "verband", "verein")),
)
#: Nouns that end in -s in the nominative, so that an -s is no genitive.
_OWN_S = word_list(
    """
    fonds haus kreis preis kurs campus zirkus status ausschuss schluss fluss kongress express
    corps chaos news business bus virus modus korpus zensus konsens prozess rathaus krankenhaus
    ethos tross beschluss schloss kompass pass gas
    """
)
#: Nouns that take -s in an English plural too: without a determiner nothing is clear.
_ENGLISH = word_list("team center club motor sender radio studio journal register market park")
_SHORTEST_PART = 3


@lru_cache(maxsize=4096)
def gender(noun: str) -> Gender:
    """Return the gender of a noun in the nominative, by its last part, "" if unknown."""
    word = noun.casefold().rpartition("-")[2]
    suffix = next((found for suffix, found in _SUFFIXES if word.endswith(suffix)), "")
    return listed(noun) or cast("Gender", suffix)


@lru_cache(maxsize=4096)
def listed(noun: str) -> Gender:
    """Return the gender of a noun whose last part is in the lists, "" for any other."""
    word = noun.casefold().rpartition("-")[2]
    for start in range(max(len(word) - _SHORTEST_PART + 1, 1)):
        part = word[start:]
        for parts, found in _LISTS:
            if part in parts:
                return found
    return ""


_LISTS: tuple[tuple[frozenset[str], Gender], ...] = (
    (_PLURAL, "p"),
    (_NEUTER, "n"),
    (_FEMININE, "f"),
    (_MASCULINE, "m"),
)


@lru_cache(maxsize=4096)
def without_genitive(noun: str, *, surely: bool = False) -> str:
    """Return ``Bundesamts``, ``Kreuzes`` without the ending of a masculine or neuter genitive.

    Only if the rest is a noun known to be masculine or neuter; if ``surely`` (a determiner says
    so) a single -s goes in any case.
    """
    if not noun.endswith("s") or _ends_in(noun, _OWN_S) or noun.isupper():
        return noun
    for base in (noun[:-2], noun[:-1]) if noun.endswith("es") else (noun[:-1],):
        if listed(base) in ("m", "n") and (surely or not _ends_in(base, _ENGLISH)):
            return base
    unsure = noun.endswith(("ss", "us", "is", "os", "as", "’s", "'s")) or len(noun) < len("Abcs")
    return noun[:-1] if surely and not unsure else noun


def _ends_in(noun: str, parts: frozenset[str]) -> bool:
    word = noun.casefold()
    return any(word[start:] in parts for start in range(len(word)))
