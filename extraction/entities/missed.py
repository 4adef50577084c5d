"""Mark what a tagger missed although the same article tells what it is.

The surname of somebody who is named in full elsewhere (``Wolffs Paraden`` beside ``Andreas
Wolff``), and the acronym of an organisation (``DHB``) that is marked elsewhere or stands in
brackets behind it. Surnames that are nouns too (``Kunst``, ``Richter``) only where a title or a
verb of speech is beside them, or where they stand twice as such a noun cannot (``Stumpf kam``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from articles.article import Label, Mention
from extraction.analysed_text import AnalysedField, analysed
from extraction.entities import gazetteer as lists
from extraction.entities.acronyms import is_acronym
from extraction.entities.common_nouns import NO_NAME_BEHIND, behind_articles, is_counted
from extraction.entities.context import ADDRESSES, determiner_before, word_before
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.people import PARTICLES
from extraction.entities.role_nouns import role_of_word
from extraction.entities.titles import without_title
from german.lexicon import is_noun, parts
from german.tokens import RUNS
from german.wordlist import word_list

#: Surnames that are other words, old spellings of trades, or farms.
_NOUNS = word_list(
    """
    amann becker breit dick ebert frei frisch fromm groß heller jung knapp kraus kurz lang lieb
    lieber miller moser neu neumann ochs ost pfaff pfeiffer rau sauer schmidt schnell schön stark
    winkler
    """
)
_SPEECH = re.compile(
    r"['’]?\s(?:sagt|erklär|beton|warn|kritisier|forder|nannte|nennt|verwies|kündig|lobte|sprach|wies"
    r"|mein|räumte|hob|fügte|zeigte|wirft|warf|bestätig|teilte|rief|schrieb|gehört|kennt|kannte)\w*"
)
_ADDRESSES = word_list("sagte sagt so laut erklärte betonte meinte") | ADDRESSES.keys()
#: A name, its start and its end.
_Named = tuple[str, int, int]
_SHORTEST = len("Can")
#: Names of one article with the first word in common, ``von`` say: of more none is looked for.
_MOST = 200
#: What may follow a name: the ending of a genitive, and no more letters.
_END = re.compile(r"(?:s|['’](?!\w))?(?![\w-])")
_BRACKET = re.compile(r"\s\((?P<short>[A-ZÄÖÜ][\w-]{1,9})\)")


def with_missed(
    mentions: Sequence[Mention], texts: Mapping[str, str], gazetteer: Gazetteer | None = None
) -> list[Mention]:
    """Return the mentions and behind them those that were missed; none of them overlap."""
    known = gazetteer or lists.shipped()
    wanted: dict[str, Label] = dict.fromkeys(_surnames(mentions, known), "PER")
    wanted.update(dict.fromkeys(_acronyms(mentions, texts), "ORG"))
    if not wanted:
        return [*mentions]
    by_word = _by_word(wanted)
    cut = analysed(texts)
    added = []
    for field in cut:
        taken = sorted((m.start, m.end) for m in mentions if m.field == field)
        for name, start, end in _named(by_word, cut.of(field)):
            if _is_free(taken, start, end):
                surface = cut[field][start:end]
                added.append((name, Mention(wanted[name], surface, surface, field, start, end)))
    bare = _bare(added, cut)
    return [*mentions, *(m for name, m in added if m.label == "ORG" or _may_be(name, m, cut, bare))]


def _bare(added: Iterable[tuple[str, Mention]], texts: Mapping[str, str]) -> frozenset[str]:
    """Return the surnames that stand twice as no noun can that is counted: without an article."""
    times = Counter(name for name, m in added if m.label == "PER" and is_counted(name))
    articled = behind_articles(texts) if times else frozenset[str]()
    for name, m in added if times else ():
        before = word_before(texts[m.field], m.start)
        if before in NO_NAME_BEHIND or determiner_before(texts[m.field], m.start):
            times[name] = 0
    return frozenset(name for name, n in times.items() if n > 1 and name not in articled)


def _by_word(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names by their first word, with and without a genitive -s, the longest first.

    A regular expression of all names would have to be compiled anew for each article.
    """
    by_word: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        if word := name[: next((piece.end for piece in RUNS[name]), 0)]:
            for form in (word, f"{word}s"):
                by_word.setdefault(form, []).append(name)
    return {form: names for form, names in by_word.items() if len(names) <= _MOST}


def _named(by_word: Mapping[str, list[str]], field: AnalysedField) -> Iterator[_Named]:
    """Yield the names that stand in a text, each with its start and its end, an ending included."""
    text, behind = field.text, 0
    for token, begin in zip(field.tokens.words, field.tokens.starts, strict=True):
        if token not in by_word and token.isalpha():
            continue
        for first, last, _ in RUNS[token]:
            names, start = by_word.get(token[first:last]), begin + first
            if not names or start < behind or text[start - 1 : start] == "-":
                continue
            for name in names:
                end = text.startswith(name, start) and _END.match(text, start + len(name))
                if end:
                    behind = end.end()
                    yield name, start, behind
                    break


def _surnames(mentions: Sequence[Mention], gazetteer: Gazetteer) -> Iterable[str]:
    """Yield the surnames of people whose full name surely is one, with and without particles."""
    plain = [without_title(m.surface, gazetteer).name.split() for m in mentions if m.label == "PER"]
    other = {m.surface for m in mentions if m.label != "PER"}
    often = Counter(words[-1] for words in plain if words)
    for words in plain:
        if len(words) == 1 or not words:
            continue
        last, first = words[-1], words[0]
        sure = first in gazetteer.first_names or often[last] > 1
        plainly = last.isalpha() or "-" in last
        town = last in gazetteer.places or last in gazetteer.states or last in other
        if sure and plainly and not town and last[:1].isupper() and len(last) >= _SHORTEST:
            yield last
            start = next((i for i, w in enumerate(words) if i and w in PARTICLES), len(words) - 1)
            if 0 < start < len(words) - 1:
                particles = " ".join(words[start:])
                yield from (particles, particles[:1].upper() + particles[1:])


def _acronyms(mentions: Sequence[Mention], texts: Mapping[str, str]) -> Iterable[str]:
    """Yield acronyms that are marked as organisations or stand behind one in brackets."""
    for mention in mentions:
        if mention.label != "ORG":
            continue
        if is_acronym(mention.surface) and mention.surface.isalnum():
            yield mention.surface
        match = _BRACKET.match(texts.get(mention.field, ""), mention.end)
        if match and is_acronym(match["short"]) and " " in mention.surface:
            yield match["short"]


def _is_free(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether no mention overlaps ``start`` to ``end``; the mentions do not overlap."""
    at = bisect_right(taken, (start, end))
    before = at > 0 and taken[at - 1][1] > start
    return not before and not (at < len(taken) and taken[at][0] < end)


def _may_be(name: str, place: Mention, texts: Mapping[str, str], bare: Collection[str]) -> bool:
    """Tell whether a word that is somebody's surname means him here."""
    text = texts[place.field]
    before = word_before(text, place.start)
    if determiner_before(text, place.start):
        return False
    simple = _is_simple_noun(name) and name not in bare
    noun = name.casefold() in _NOUNS or simple or bool(role_of_word(name))
    titled = before in _ADDRESSES or bool(role_of_word(before.capitalize()))
    return not noun or titled or bool(_SPEECH.match(text, place.end))


def _is_simple_noun(name: str) -> bool:
    """Tell whether a surname is a common noun; compounds (``Seehofer``) are hardly ever both."""
    return is_noun(name) and not parts(name)
