"""Leave out common nouns that a tagger took for people or places: ``Verteidigungspakt``; quoted
ones (an „Allianz“) that it took for organisations.

The dictionary is the lexicon of compounds. It holds names too (``Merkel``, ``Chemnitz``), which
have no forms but a genitive; so a common noun is one that has a plural, that ends many
compounds, or that is a compound of known parts. Nouns that are names as well (``Koch``,
``Essen``) stay names unless an article stands before them and nobody is called so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from articles.article import Mention
from extraction.entities import organisation_list
from extraction.entities.aliases import Aliases
from extraction.entities.bare_kinds import is_bare_kind
from extraction.entities.context import (
    ADDRESSES,
    Context,
    determiner_before,
    line_before,
    word_before,
)
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.kinds import is_kind
from extraction.entities.organisation_words import PRESS, is_any_cue
from extraction.entities.press_names import is_quoted
from extraction.entities.role_nouns import role_of_word
from extraction.geography.surface import read
from german.compounds import parts
from german.compounds.tables import tables
from german.first_names import noun_names
from german.lexicon import genders, plural
from german.wordlist import word_list

#: Compounds that must end in a word without a plural for it to be a noun: ``Schutt``.
_ENOUGH = 4
_ADDRESSES = frozenset({*ADDRESSES, "dr", "prof", "familie"})
#: Words behind which nouns without an article are common: ``zu Fuß``, ``ohne Hut``.
NO_NAME_BEHIND = word_list("zu ohne per pro als statt")
_TWICE = 2
_SIDE = re.compile("(?:Nord|Süd|Ost|West|Mittel|Zentral)(?:ost|west)?(?=[a-zäöü]{3})")
_NOUN_PHRASE = re.compile(
    r"\b(?:[DdEeKk](?:er|ie|as|es|em|en|ine?[nmrs]?|eine?)|[AaIi]m|[BbVvZz](?:eim|om|u[mr]))\s"
    r"(?:[a-zäöüß]+e[nrsm]?\s)?"
    r"(?=(?P<word>[A-ZÄÖÜ]\w+))"
)
#: What compounds end in that name streets, waters, hills, villages: ``Klingenteichstraße``.
_GEOGRAPHIC = (
    *("straße", "strasse", "gasse", "allee", "weg", "damm", "ufer", "platz", "markt", "ring"),
    *("brücke", "tor", "turm", "tunnel", "brunnen", "park", "garten", "bahn", "bahnhof", "hafen"),
    *("burg", "berg", "fels", "stein", "feld", "tal", "see", "meer", "bach", "fluss", "strom"),
    *("kanal", "bucht", "küste", "insel", "kap", "wald", "heide", "moor", "gebirge", "gletscher"),
    *("hof", "heim", "dorf", "hausen", "stadt", "stadtteil", "viertel", "siedlung", "land", "gau"),
    *("au", "kirche", "münster", "dom", "schloss", "palast", "kloster", "hütte", "hut", "horn"),
    *("kreis", "raum", "wiese", "höhe", "schanze", "galerie", "afrika", "asien", "europa", "bad"),
    *("stadion", "arena", "halle", "kaserne", "gefängnis", "zentrum", "museum", "theater", "haus"),
    *("distrikt", "delta", "becken", "riff", "krater", "basar", "mine", "grube", "villa", "alm"),
)


@lru_cache(maxsize=8192)
def is_common_noun(word: str) -> bool:
    """Tell whether a single word is a common noun in some form: ``Tatorts``, ``Buskonvoi``.

    Names that are nouns too count as nouns. False for what has a hyphen, and for the unknown.
    """
    if "-" in word or not word[:1].isupper() or not word[1:].islower():
        return False
    known = tables()
    lemma = known.lemmas.get(word.lower())
    if lemma is None:
        return bool(parts(word))
    unit = known.heads.get(lemma.lower())
    return lemma in _with_plural() or bool(unit and unit.seen >= _ENOUGH)


class _Seen(NamedTuple):
    """Of an article: the words of people's full names, those behind an article, and those that
    stand as names do.
    """

    called: frozenset[str]
    articled: frozenset[str]
    bare: frozenset[str]


def without_common_nouns(context: Context, gazetteer: Gazetteer, aliases: Aliases) -> list[Mention]:
    """Return the mentions that are no common nouns, in the same order."""
    called = {w for m in context.mentions if m.label == "PER" for w in _words_of_full(m)}
    nouns = [m for m in context.mentions if m.label in ("LOC", "PER") and is_common_noun(m.surface)]
    bare = _bare(nouns, context)
    places = any(m.label == "LOC" for m in nouns)
    articled = behind_articles(context.texts) if places or bare else frozenset[str]()
    seen = _Seen(frozenset(called), articled, bare - articled)
    return [
        mention
        for mention in context.mentions
        if not _is_noun_here(mention, context, gazetteer, aliases, seen)
    ]


def _bare(nouns: Sequence[Mention], context: Context) -> frozenset[str]:
    """Return the people's names that stand twice as no noun can that is counted.

    A countable noun in the singular needs an article (Duden-Grammatik, 9th ed. 2016, on the use of
    the article): ``Cäsar lachte``, but ``der Cäsar``. Before the verb of a headline it may miss
    one, therefore twice.
    """
    times = Counter(m.surface for m in nouns if m.label == "PER" and is_counted(m.surface))
    for mention in nouns if times else ():
        if word_before(context.texts.get(mention.field, ""), mention.start) in NO_NAME_BEHIND:
            times[mention.surface] = 0
    return frozenset(word for word, number in times.items() if number >= _TWICE)


@lru_cache(maxsize=8192)
def is_counted(word: str) -> bool:
    """Tell whether a word is a noun in the singular that has another form for the plural."""
    return word not in ("", plural(word)) and bool(plural(word)) and "p" not in genders(word)


def _is_noun_here(
    mention: Mention,
    context: Context,
    gazetteer: Gazetteer,
    aliases: Aliases,
    seen: _Seen,
) -> bool:
    word = mention.surface
    if mention.label == "ORG":
        return _is_bare(mention, context, aliases) or _is_quoted_noun(mention, context, aliases)
    if mention.label == "LOC" and "-" in word:
        return _is_plain_compound(word, gazetteer) and "LOC" not in aliases.labels(word)
    if mention.label not in ("PER", "LOC") or " " in word or not is_common_noun(word):
        return False
    if mention.label in aliases.labels(word):
        return False
    if mention.label == "LOC":
        return not _may_be_place(word, gazetteer, seen)
    return not _may_be_person(mention, context, gazetteer, seen)


def _is_bare(mention: Mention, context: Context, aliases: Aliases) -> bool:
    """Tell whether an institution has no name: not one that points back to a longer one
    (``die Kommission`` behind ``EU-Kommission``), nor one that the list knows.
    """
    word = mention.surface
    if not is_bare_kind(word) or "ORG" in aliases.labels(word):
        return False
    if organisation_list.shipped().alias(word):
        return False
    low = word.lower()
    return not any(m.label == "ORG" and low in m.surface.lower() != low for m in context.mentions)


def _is_quoted_noun(mention: Mention, context: Context, aliases: Aliases) -> bool:
    """Tell whether a noun is only quoted: an „Allianz“ against somebody.

    Not a newspaper, as ``der „Stern“``, nor behind a noun that says what it is (``Partei
    „Heimat“``), nor a compound (``Finanztest``), which somebody made up to be a name.
    """
    text = context.texts.get(mention.field, "")
    if not is_quoted(text, mention.start, mention.end):
        return False
    word = mention.surface
    if not is_common_noun(word) or parts(word) or "ORG" in aliases.labels(word):
        return False
    line = line_before(text, mention.start - 1).rstrip()
    if is_any_cue(line[line.rfind(" ") + 1 :]):
        return False
    listed = organisation_list.shipped().alias(word)
    return not listed or PRESS.isdisjoint(bearer.kind for bearer in listed.bearers)


def _may_be_place(word: str, gazetteer: Gazetteer, seen: _Seen) -> bool:
    if word in gazetteer.places or word in gazetteer.states or word in gazetteer.surnames:
        return True
    if _of_known_place(word) or _is_geographic(word):
        return True
    return not _is_frequent(word) and {word, f"{word}s"}.isdisjoint(
        seen.articled
    )  # villages look so too


def _is_plain_compound(word: str, gazetteer: Gazetteer) -> bool:
    """Tell whether what stands behind the last hyphen heads no names of places: ``Google-Dienste``.

    Not of several words, which a tagger hardly takes for a name without reason.
    """
    last = word.rpartition("-")[2]
    if " " in word or not is_common_noun(last) or word in gazetteer.places or read(word):
        return False
    return not (is_kind(last) or _is_geographic(last) or last.lower() in _GEOGRAPHIC)


def _is_frequent(word: str) -> bool:
    """Tell a noun from a village by its dictionary form (``Panik``; but ``Schalke`` is no plural
    of ``Schalk``) or by the many compounds that end in it (``Leichen``).
    """
    known = tables()
    lemma = known.lemmas.get(word.lower(), "")
    unit = known.heads.get(lemma.lower())
    return word == lemma or bool(unit and unit.seen >= _ENOUGH)


def behind_articles(texts: Mapping[str, str]) -> frozenset[str]:
    """Return the words that stand behind an article anywhere: headlines leave it out."""
    return frozenset(
        match["word"] for text in texts.values() for match in _NOUN_PHRASE.finditer(text)
    )


def _of_known_place(word: str) -> bool:
    """Tell whether the lists know such a place; one that few know is rather the noun."""
    compound = word.lower() not in tables().lemmas
    rest = _SIDE.sub("", word).capitalize()
    return any(compound or not sense.weak for sense in (*read(word), *read(rest)))


def _is_geographic(word: str) -> bool:
    low = word.lower()
    return low.removesuffix("s").endswith(_GEOGRAPHIC) and low not in _GEOGRAPHIC


def _may_be_person(mention: Mention, context: Context, gazetteer: Gazetteer, seen: _Seen) -> bool:
    """Tell whether somebody may be called so, after a title, in full elsewhere, or at all."""
    text = context.texts.get(mention.field, "")
    before = word_before(text, mention.start)
    forms = {mention.surface, mention.surface.removesuffix("s")}
    if forms & seen.called or before in _ADDRESSES or role_of_word(before.capitalize()):
        return True
    if any(gazetteer.first_names.get(form) for form in forms):
        return True  # `die Offenbarung des Johannes`
    if mention.surface in seen.bare:
        return True
    names = (gazetteer.surnames, gazetteer.first_names, noun_names())
    listed = any(form in some for form in forms for some in names)
    return listed and not determiner_before(text, mention.start)


def _words_of_full(mention: Mention) -> list[str]:
    words = mention.surface.split()
    return [form for w in words for form in (w, w.removesuffix("s"))] if len(words) > 1 else []


@cache
def _with_plural() -> frozenset[str]:
    """Return the lemmas that have a form other than a genitive in -s or -es."""
    return frozenset(
        lemma
        for form, lemma in tables().lemmas.items()
        if form not in {low + ending for low in (lemma.lower(),) for ending in ("", "s", "es")}
    )
