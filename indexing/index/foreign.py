"""Articles in other languages than German: fields that only they fill, each with its own analysis.

Their texts stand a second time under ``foreign``, for a field of Elasticsearch has one analysis for
all documents. German articles have none of it, so that it costs them nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from articles.article import TEXT_FIELDS

#: The object that holds them: a text that stands in the article anyway.
ROOT = "foreign"
#: Languages with an analysis of their own; the others share one that only folds.
_OWN = ["en", "fr"]
_OTHER = "other"
#: What is no other language: German, and texts of which nobody knows it.
_GERMAN = ["de", "und", ""]
#: A text of more characters does not stand twice: the document has to fit into one request.
_LONGEST = 500_000
#: The same for a script that Elasticsearch runs.
BY_LANGUAGE: dict[str, Any] = {
    "german": _GERMAN,
    "own": _OWN,
    "other": _OTHER,
    "texts": list(TEXT_FIELDS),
    "longest": _LONGEST,
}

# Not ``us``, for ``US`` and ``U.S.`` are the same letters.
_ENGLISH_STOP = """
    a about after against an and any are as at be been before being between but by can could did do
    does during for from had has have he her him his how i if in into is it its may me might must
    my no not of on or our over shall she should since such than that the their them then there
    these they this through to under until was we were what when where which while who whom
    whose why will with would you your
"""
_FRENCH_ASKING = "comment combien lesquels où pourquoi quand quel quelle quelles quels quoi"
_FRENCH_ELIDED = "c d j jusqu l lorsqu m n puisqu qu quoiqu s t"
#: What no rule about endings tells; behind the arrow stands the stem of the word (Porter2's).
_ENGLISH_FORMS = """
    ate,eaten=>eat began,begun=>begin bought=>buy broke,broken=>break brought=>bring built=>build
    came=>come caught=>catch chose,chosen=>choos drank,drunk=>drink drew,drawn=>draw
    drove,driven=>drive fell,fallen=>fall fled=>flee flew,flown=>fli forgot,forgotten=>forget
    fought=>fight froze,frozen=>freez gave,given=>give grew,grown=>grow held=>hold hid,hidden=>hide
    kept=>keep knew,known=>know led=>lead lent=>lend lost=>lose made=>make met=>meet paid=>pay
    ran=>run rode,ridden=>ride rose,risen=>rise sang,sung=>sing sank,sunk=>sink sent=>send
    shook,shaken=>shake shot=>shoot slept=>sleep sold=>sell sought=>seek spent=>spend
    spoke,spoken=>speak stole,stolen=>steal stood=>stand struck=>strike swam,swum=>swim
    taught=>teach thought=>think threw,thrown=>throw told=>tell took,taken=>take tore,torn=>tear
    understood=>understand went,gone=>go withdrew,withdrawn=>withdraw won=>win wore,worn=>wear
    wrote,written=>write children=>child feet=>foot geese=>goos men=>man mice=>mous teeth=>tooth
    women=>woman calves=>calf halves=>half hooves=>hoof knives=>knife loaves=>loaf scarves=>scarf
    shelves=>shelf thieves=>thief wives=>wife wolves=>wolf bacteria=>bacterium
    businessmen=>businessman criteria=>criterion firemen=>fireman fishermen=>fisherman
    phenomena=>phenomenon policemen=>policeman spokesmen=>spokesman
"""
_FRENCH_FORMS = """
    travaux=>travail yeux=>oeil vitraux=>vitrail coraux=>corail baux=>bail
"""

FILTERS: dict[str, Any] = {
    "english_possessive": {"type": "stemmer", "language": "possessive_english"},
    "english_stop": {"type": "stop", "stopwords": _ENGLISH_STOP.split()},
    "english_forms": {"type": "stemmer_override", "rules": _ENGLISH_FORMS.split()},
    "english_stems": {"type": "stemmer", "language": "porter2"},
    "french_elision": {
        "type": "elision",
        "articles": _FRENCH_ELIDED.split(),
        "articles_case": True,
    },
    "french_stop": {"type": "stop", "stopwords": ["_french_", *_FRENCH_ASKING.split()]},
    "french_forms": {"type": "stemmer_override", "rules": _FRENCH_FORMS.split()},
    "french_stems": {"type": "stemmer", "language": "light_french"},
    # Knows the last letter of Greek words, too; Turkish aside, it does what the other does.
    "lowercase_greek": {"type": "lowercase", "language": "greek"},
}
#: Behind what all analyzers of this index do (``mapping.py``), the filters of each.
ANALYZERS: dict[str, list[str]] = {
    "english_news": [
        "english_possessive",
        "english_stop",
        "asciifolding",
        "english_forms",
        "english_stems",
    ],
    "english_exact": ["english_possessive"],
    "french_news": [
        "french_elision",
        "french_stop",
        "french_forms",
        "french_stems",
        "asciifolding",
    ],
    "french_exact": ["french_elision"],
    "folded": ["cjk_width", "lowercase_greek", "asciifolding", "cjk_bigram"],
}


def is_foreign(language: str | None) -> bool:
    """Whether an article is known to be in another language than German (ISO 639-1)."""
    return (language or "") not in _GERMAN


def field_of(language: str | None) -> str:
    """Return the field that holds the texts of articles in a language, "" for German."""
    if not is_foreign(language):
        return ""
    return f"{ROOT}.{language if language in _OWN else _OTHER}"


def foreign_texts(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what a document has under ``foreign``: nothing if it is German."""
    field = field_of(document.get("language"))
    texts = [document.get(name) or "" for name in TEXT_FIELDS] if field else []
    kept = [text for text in texts if 0 < len(text) <= _LONGEST]
    return {field.removeprefix(f"{ROOT}."): kept} if kept else {}
