"""Make the names of people whole that a tagger cut: ``Kim Jong`` before ``Un``.

To the left a known first name is taken in, to the right a known name, and the third syllable of
an East Asian name. Nouns (``Merkels Kurs``) and titles are never taken in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from articles.article import Mention
from extraction.entities import gazetteer as lists
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.role_nouns import role_of_word
from extraction.entities.titles import without_title
from german.compounds import parts
from german.compounds.tables import tables
from german.wordlist import word_list

_BEFORE = re.compile(r"(?<![\w-])(?P<word>[^\W\d_][\w’'-]+) \Z")
_BEHIND = re.compile(r" (?P<word>[^\W\d_][\w’'-]*)(?![\w-])")
_REACH = 40
#: Frequent Korean, Chinese and Vietnamese surnames, which stand first.
_EAST_ASIAN = word_list(
    """
    Kim Lee Yi Ri Park Pak Choi Choe Jung Chung Jong Kang Cho Jo Yoon Yun Jang Chang Lim Im Rim Han
    Oh Seo Suh Shin Sin Kwon Hwang Ahn An Song Son Hong Yoo Yu Ryu Ko Moon Mun Yang Bae Paek Baek
    Noh Roh Ro Nam Ha Ban Hyon Thae Li Wang Zhang Chen Liu Zhao Huang Zhou Wu Xu Sun Hu Mao Deng
    Jiang Tschiang Tschou Tsai Lai Nguyen Tran Pham Hoang Phan Vo Dang Bui Ngo Duong Truong
    """
)
#: Words that the lists of first names hold and that are mostly something else.
_NO_FIRST_NAMES = word_list(
    """
    herrn vater anders august tor bette york radio israel half bern roman titan tiger marine christ
    """
)
_REGION = re.compile(
    r"(?:Nah|Fern|Mittler)e[nmr]?(?: und (?:Nah|Fern|Mittler)e[nmr]?)? Osten(?=s?\b)"
)
_SYLLABLE = re.compile(r"[A-Z][a-z]{1,5}\Z")
_EASTERN_WORDS = 2


def with_whole_names(
    mentions: Sequence[Mention], texts: Mapping[str, str], gazetteer: Gazetteer | None = None
) -> list[Mention]:
    """Return the mentions, people's names made whole; a part marked apart is taken in."""
    known = gazetteer or lists.shipped()
    ordered = sorted(mentions, key=lambda m: (m.field, m.start))
    starts = {(m.field, m.start): m for m in ordered}
    ends = {(m.field, m.end): m for m in ordered}
    taken: set[int] = set()
    whole: dict[int, Mention] = {}
    for mention in ordered:
        text = texts.get(mention.field, "")
        if longer := _region(mention, text):
            whole[id(mention)] = longer
            continue
        if mention.label != "PER" or id(mention) in taken or not text:
            continue
        start, first = _start(mention, text, ends, known)
        end, last = _end(mention, text, starts, known)
        taken |= {id(part) for part in (first, last) if part}
        if (start, end) != (mention.start, mention.end):
            surface = text[start:end]
            whole[id(mention)] = replace(
                mention, name=surface, surface=surface, start=start, end=end
            )
    return [whole.get(id(m), m) for m in mentions if id(m) not in taken]


def _region(mention: Mention, text: str) -> Mention | None:
    """Return ``Nahen Osten`` for a mention of ``Nahen`` alone."""
    match = _REGION.match(text, mention.start) if mention.label == "LOC" else None
    if not match or match.end() <= mention.end:
        return None
    return replace(mention, name=match[0], surface=match[0], end=match.end())


def _start(
    mention: Mention, text: str, ends: Mapping[tuple[str, int], Mention], known: Gazetteer
) -> tuple[int, Mention | None]:
    """Return where the name begins, and the mention that it takes in."""
    here = mention.start, None
    match = _BEFORE.search(text[max(mention.start - _REACH, 0) : mention.start])
    if not match or not _is_first_name(match["word"], known):
        return here
    before = ends.get((mention.field, mention.start - 1))
    start = mention.start - len(match[0])
    if before is None:
        return start, None
    alone = before.label == "PER" and before.surface == match["word"]
    single = " " not in mention.surface or not _is_first_name(mention.surface.split()[0], known)
    return (start, before) if alone and single else here


def _end(
    mention: Mention, text: str, starts: Mapping[tuple[str, int], Mention], known: Gazetteer
) -> tuple[int, Mention | None]:
    """Return where the name ends, and the mention that it takes in."""
    match = _BEHIND.match(text, mention.end)
    if not match or not match["word"][:1].isupper():
        return mention.end, None
    behind = starts.get((mention.field, mention.end + 1))
    if behind and (behind.label == "PER" or behind.surface != match["word"]):
        return mention.end, None
    words = without_title(mention.surface, known).name.split()
    word = match["word"]
    east = len(words) == _EASTERN_WORDS and words[0] in _EAST_ASIAN and _SYLLABLE.match(words[1])
    if east and _SYLLABLE.match(word) and not _is_noun(word):
        return match.end(), behind
    if behind is None and words and _goes_on(words, word, known):
        return match.end(), None
    return mention.end, None


def _goes_on(words: Sequence[str], word: str, known: Gazetteer) -> bool:
    """Tell whether ``word`` is the surname of a first name, or one more name of a full name."""
    if not _is_first_name(words[0], known) or words[-1].endswith(("s", "’")):
        return False
    if len(words) == 1:
        return word in known.surnames  # `Koch`, `Müller` too
    return not _is_noun(word) and (word in known.surnames or word in known.first_names)


def _is_first_name(word: str, known: Gazetteer) -> bool:
    """Tell whether the lists know the word as a woman's or a man's name and it is no other word."""
    if word.casefold() in _NO_FIRST_NAMES or role_of_word(word) or not word[:1].isupper():
        return False
    return bool(known.gender(f"{word} …"))


def _is_noun(word: str) -> bool:
    return word.lower() in tables().lemmas or bool(parts(word)) or bool(role_of_word(word))
