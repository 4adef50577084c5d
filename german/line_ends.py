"""Words that were broken at the end of a line, put together again.

``pdftotext`` and old editors leave ``Wahl-⏎rechtsreform``: no search finds it and no name is seen
in it. Where a small letter goes on, one word was broken in more than 99 of 100 cases; the others
are told by the text itself, which may have the word or its hyphened form once more, by the lexicon,
and by the halves. Where a capital goes on, the hyphen belongs to the word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from german.compounds.tables import tables
from german.first_names import first_names
from german.lexicon import is_noun
from german.surnames import surnames
from german.wordlist import word_list

#: The hyphen first: what begins with a character is looked for in a fraction of the time.
_LINE_END = re.compile(r"-(?<=[\w:*/]-)[ \t]*\n[ \t]*(?=[^\W_])")
#: ``Pilot*-⏎innen``, ``Mitarbeiter/-⏎innen``: a form for both genders, broken behind its mark.
_BOTH_BEFORE, _BOTH_AFTER = re.compile(r"[^\W\d_][:*/]\Z"), re.compile(r"inn?(?:en)?(?![^\W_])")
#: ``Schüler-⏎Innen`` is another.
_MAN = re.compile(r"[A-ZÄÖÜ][^\W\d_]*[a-zäöüß]")
#: What stands before it, and what the next line goes on with.
_BEFORE = re.compile(r"\w(?:\w|-(?=\w))*\Z")
_AFTER = re.compile(r"(?P<word>[^\W_]+)(?P<more>-\w)?")
_LONGEST = 100
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: ``Landes-⏎und Bundesregierung``: behind these stands the other half of a pair …
_PAIRING = word_list("und oder bzw beziehungsweise sowie respektive u")
#: … behind these mostly: ``ein-⏎bis zweimal``, but ``Kür-⏎bis``.
_MOSTLY_PAIRING = word_list("bis wie als noch statt aber")
_WHOLE = word_list("anstatt dennoch sowie")
#: Small words in the middle of a phrase with hyphens: ``Kopf-⏎an-Kopf-Rennen``. Those of other
#: languages (``de``, ``la``) are syllables of German words more often.
_MIDDLE = word_list(
    "an auf bei durch für gegen im in ins mit my nach nachher ohne our raus sur sous über um und"
    " unter von vor zu zum zur"
)
#: Adjectives that keep their hyphen: ``rot-grün``, ``deutsch-französisch``, ``nicht-öffentlich``.
_COLOUR = "rot|grün|schwarz|gelb|blau|weiß|braun|grau"
_TWINS = re.compile(
    rf"(?:(?:{_COLOUR})-(?:{_COLOUR})"
    r"|(?:deutsch|christlich|öffentlich|.+isch|.{3,}lich)-(?:deutsch|rechtlich|.*isch|.*sozial)"
    r"|nicht-.*(?:isch|lich|ig|al|ar|ell|iv))(?:e[mnrs]?)?"
)
#: What always has one: lands and loan words, by their beginnings.
_HYPHENED = re.compile(
    r"(?:baden-württ|rheinland-pf|nordrhein-westf|sachsen-anhalt|schleswig-holst|mecklenburg-vorp"
    r"|saudi-arab|bosnien-herz|österreich-ung|start-up|play-off|make-up|know-how|check-in|pop-up"
    r"|go-kart|stand-by|back-up|blu-ray|corned-)"
)


def whole_words(texts: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Return the texts of one article by field without broken words, and how many there were.

    The line end goes in every case: ``Wahl-⏎recht`` is ``Wahlrecht``, ``CDU-⏎Chef`` is
    ``CDU-Chef``, ``Landes-⏎und`` is ``Landes- und``. Nothing else changes.
    """
    if not any(_LINE_END.search(text) for text in texts.values()):
        return dict(texts), 0
    known = {word for text in texts.values() for word in _WORD.findall(text)}
    mended = {name: _mended(text, known) for name, text in texts.items()}
    return {name: text for name, (text, _) in mended.items()}, sum(n for _, n in mended.values())


def _mended(text: str, known: Collection[str]) -> tuple[str, int]:
    """Return ``text`` without broken words, and their number; ``known``: the article's words."""
    pieces: list[str] = []
    behind = number = 0
    line = ""
    for broken in _LINE_END.finditer(text):
        piece = text[behind : broken.start()]
        pieces.append(piece)
        line = (line + piece)[-_LONGEST:]
        behind = broken.end()
        before, after = _BEFORE.search(line), _AFTER.match(text, behind)
        mark = broken[0]
        if before and after:
            mark = _between(before[0], after["word"], bool(after["more"]), known)
            number += 1
        elif _BOTH_BEFORE.search(line) and _BOTH_AFTER.match(text, behind):
            mark = "-" if line[-1] == "/" else ""
            number += 1
        line += mark
        pieces.append(mark)
    return "".join([*pieces, text[behind:]]), number


def _between(before: str, after: str, more: bool, known: Collection[str]) -> str:
    """Return what stands between the halves of a word: nothing, a hyphen, a hyphen and a blank.

    ``more``: the second half goes on with a hyphen.
    """
    last = before.rpartition("-")[2]
    word, hyphened = last + after, f"{last}-{after}"
    counted = last[-1].isdigit() and after in _MOSTLY_PAIRING  # `18-⏎bis 25-Jährige`
    if not more and (after in _PAIRING or counted):
        return "- "
    if word in known or (after == "Innen" and not more and _MAN.fullmatch(last)):
        return ""
    if hyphened in known or last[-1].isdigit() or len(last) == 1 or not after.isalpha():
        return "-"
    if last[-1].isupper() or after[0].isupper():
        return "" if len(last) > 1 and word.isupper() and is_known(word) else "-"
    if after in (_MIDDLE if more else _MOSTLY_PAIRING) and not is_known(word):
        return "-" if more else "- "
    return "-" if _keeps_hyphen(hyphened.lower()) else ""


def _keeps_hyphen(hyphened: str) -> bool:
    """Tell ``rot-grün``, ``saudi-arabisch`` and ``Start-up`` by their halves."""
    return bool(_HYPHENED.match(hyphened) or _TWINS.fullmatch(hyphened))


@lru_cache(maxsize=8_192)
def is_known(word: str) -> bool:
    """Tell whether the lexicon has a word: a noun in any form, a compound, a name."""
    name = word.capitalize()
    if word.lower() in _WHOLE or word.lower() in tables().lemmas or is_noun(name):
        return True
    bare = name.removesuffix("s")
    return any(form in names for form in (name, bare) for names in (first_names(), surnames()))
