"""Put names of organisations, places and events into the nominative, without an article.

``der Freien Universität Berlin`` → ``Freie Universität Berlin``. The gender of the head noun, as
far as the determiner and the adjectives agree with it, decides the strong ending of the adjectives
before it; where the lexicon does not know it, they narrow it down (``dem``: masculine or neuter). A
genitive -s of the head goes where the rest heads names, or the determiner is a genitive.
"""

from __future__ import annotations

import re

from articles.article import Label
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.kinds import is_kind, without_genitive
from german.agreement import NOMINATIVE, agreed, left_open
from german.inflection import adjective
from german.lexicon import gender, is_noun, nominative_plural
from german.wordlist import word_list

_ARTICLE = re.compile(r"(?:[Dd](?:er|ie|as|es|em|en)|[Ee]ine[mnrs]?) (?=\S)")
_ADJECTIVE_STEM = re.compile(
    r"(?i)\w{2,}(?:deutsch|isch|lich|ig|ell|iv|bar|sam|haft|al|är|iert|end|ös|at)\Z"
)
_STEMS = word_list(
    """
    alt arm auswärtig best blau braun bunt deutsch dritt erst evangelisch fern frei früh ganz gelb
    gemeinsam gesamt golden grau groß grün gut heilig hoh höh höchst international jung katholisch
    klein kurz lang letzt link mittler nah neu nieder ober oberst offen öffentlich privat recht rot
    rund schnell schwarz schwäbisch silbern still südlich nördlich toll tot unabhängig unter
    vereinigt vereint weiß weit wirtschaftlich zentral zweit vereinigte atomar nuklear militärisch
    roten bunt sozial liberal national regional medizin
    """
)
_TOWN = re.compile(r"(?:burg|berg|dorf|tal|see|bach|hafen|furt|hof|land|reich|stadt|feld|markt)\Z")
GENITIVE_DETERMINERS = word_list("des eines seines ihres dieses jenes")
DETERMINERS = GENITIVE_DETERMINERS | word_list(
    """
    der die das dem den ein eine einem einen einer vom zum zur im am beim ins ans seiner seinem
    ihrer ihrem dieser diesem diesen seine ihre
    """
)


def without_article(name: str) -> str:
    """Return ``Die Linke`` without its article."""
    return _ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name


def dictionary_form(name: str, determiner: str, label: Label, gazetteer: Gazetteer) -> str:
    """Return ``name`` as a dictionary has it; ``determiner`` stands before it, or is ""."""
    if label == "LOC" and (name in gazetteer.states or name in gazetteer.places):
        return name
    if label == "LOC" and " " not in name:
        return without_genitive(name)
    words = without_article(name).split(" ")
    if words != name.split(" "):
        determiner = name.split(" ", 1)[0].casefold()
    count = _adjectives(words, determiner, gazetteer)
    if label == "LOC" and not count and determiner not in GENITIVE_DETERMINERS:
        return name
    written = [*words]
    head = _head(words, count, determiner, gazetteer)
    if count:
        words[:count] = _inflected(words[:count], written[head], determiner)
    return " ".join(words)


def _adjectives(words: list[str], determiner: str, gazetteer: Gazetteer) -> int:
    """Return how many adjectives lead the name; a noun must follow them."""
    count = 0
    while count < len(words) - 1 and _is_adjective(
        words[count], words[count + 1], determiner, gazetteer
    ):
        count += 1
    return count if count and words[count][:1].isupper() else 0


def _is_adjective(word: str, next_word: str, determiner: str, gazetteer: Gazetteer) -> bool:
    """Tell whether ``word`` is an inflected adjective; ``Leipziger`` never changes and is none."""
    written, ending = adjective(word)
    if not ending or word in gazetteer.places or gazetteer.first_names.get(word):
        return False
    stem = written.lower().rpartition("-")[2]
    if ending == "er":
        return stem in _STEMS or stem.endswith(("isch", "lich"))
    if stem in _STEMS or stem in gazetteer.adjectives:
        return True
    if _ADJECTIVE_STEM.match(stem) and not (ending == "e" and is_noun(word)):
        return True  # `Verbraucherzentrale` is none
    likely = ending == "en" and determiner not in ("", "die") and not is_noun(word)
    return likely and _is_head(next_word)


def _is_head(word: str) -> bool:
    """Tell whether the word is a noun that may head a name; names of places are none."""
    return is_noun(word) or is_kind(word)


def _head(words: list[str], adjectives: int, determiner: str, gazetteer: Gazetteer) -> int:
    """Return the index of the head noun, and take its genitive or dative ending off in ``words``.

    The head is the last noun of known gender before a small word (``für``, ``der``); towns, which
    often end like nouns, count only in the first place, and behind a feminine head a genitive is
    an attribute (``Demokratische Partei Thailands``), unless the words before it cannot stand
    before a feminine noun (``vom Norddeutschen Regatta Verein``).
    """
    head, run = adjectives, _run(words, adjectives)
    ending = adjective(words[0])[1] if adjectives else ""
    fitting = left_open(determiner, ending) & {"f", "p"}
    for index in range(adjectives, run):
        alone = determiner in GENITIVE_DETERMINERS and run - adjectives == 1
        led = index == adjectives and bool(determiner or adjectives)
        base = _base(words[index], led=led, surely=alone)
        attribute = index > adjectives and gender(words[head]) in fitting
        if base != words[index] and not attribute and base not in gazetteer.places:
            words[index] = base
            return index
        town = index > adjectives and (
            attribute or _TOWN.search(words[index]) or words[index] in gazetteer.places
        )
        if _is_head(words[index]) and not town:
            head = index
    return head


def _run(words: list[str], start: int) -> int:
    """Return the index behind the capitalised words from ``start`` on."""
    behind = start
    while behind < len(words) and words[behind][:1].isupper():
        behind += 1
    return behind


def _base(noun: str, *, led: bool, surely: bool) -> str:
    """Return the nominative of a noun: ``Amtes``, and ``Spielen`` in the dative plural.

    Without an adjective or a determiner that leads to it, ``Siegen`` is rather a town. What is
    written in capitals (``GRÜNEN``) stays.
    """
    plural = noun if noun.isupper() else nominative_plural(noun)
    return without_genitive(plural if led or is_kind(plural) else noun, surely=surely)


def _inflected(adjectives: list[str], head: str, determiner: str) -> list[str]:
    _, written = adjective(adjectives[0])
    told = agreed(head, determiner, written) if nominative_plural(head) == head else "p"
    ending = NOMINATIVE[told] if told else _likely_ending(written, head, determiner)
    return [adjective(word)[0] + ending for word in adjectives]


def _likely_ending(written: str, head: str, determiner: str) -> str:
    """Return the ending for a head of unknown gender; without evidence the word stays."""
    left = left_open(determiner, written)
    if written != "en":
        return written
    if determiner in DETERMINERS and "m" in left and not ("p" in left and head.endswith("n")):
        return NOMINATIVE["m"]
    return "e"
