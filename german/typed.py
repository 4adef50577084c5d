"""Numbers, signs and names as people type them: each way to write one is one token.

``3:2`` and ``H&M`` are no two words, ``10.000`` is ``10 000`` and ``10'000``, ``50 %`` is
``50 Prozent``, ``G-20`` is ``G20``. The index has these rules in front of its tokeniser
(``indexing/index/mapping.py``), for texts and for queries, and queries are read by the same, so
that both agree. They are written so that Java and Python read them alike.

A token made here has low lines inside, which every tokeniser keeps: ``3_zu_2``, ``h_et_m``,
``50_prozent``, ``paragraf_218``, ``moody_s``, ``c_p_p``. Texts are found by its parts as well.
"""

from __future__ import annotations

import re
from array import array

from german.wordlist import word_list

#: Apostrophes of every kind (and what stands for one), blanks that do not break or are thin.
CHARACTERS = {
    **dict.fromkeys("’‘‛ʼʻ´`′＇", "'"),
    **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
    **dict.fromkeys("\u2010\u2011", "-"),
    "％": "%",
}
_LETTER = r"[^\W\d_]"
#: Moody's, O'Neill, geht's. In other languages an apostrophe means other things.
APOSTROPHE = (rf"'(?<={_LETTER}')(?={_LETTER})", "_")
_AFTER_ONE = rf"(?<={_LETTER}\.)(?<![^\W_]{{2}}\.)"
#: Each begins with the sign itself, so that a search skips all other characters; then what stands
#: before and behind it; and what it becomes. One after the other.
PATTERNS: tuple[tuple[str, str], ...] = (
    # 10.000, 10 000, 10'000: three digits behind one to three.
    (r"[.' ](?<=\d[.' ])(?<!\d{4}[.' ])(?<![.,]\d[.' ])(?<![.,]\d\d[.' ])(?=\d{3}(?!\d))", ""),
    # 50%, 50 %, 50 Prozent
    (r"(?:%(?<=\d%)|\s%(?<=\d\s%)|\s[Pp]rozent(?<=\d\s[Pp]rozent))(?!\w)", "_prozent"),
    # §218, §§ 218, Paragraf 218
    (r"(?:§{1,2}\s?|[Pp]aragra(?:f|ph)(?:en|s)?\s)(?=\d)", "paragraf_"),
    # 3:2, 3 : 2
    (r"(?::(?<=\d:)|\s:\s(?<=\d\s:\s))(?=\d)", "_zu_"),
    # 24/7, 2015/16
    (r"/(?<=\d/)(?=\d)", "_"),
    # H&M, 1&1, AT&T, H & M
    (r"&(?<=\w&)(?<!\w{3}&)(?=\w{1,2}(?!\w))", "_et_"),
    (r"\s&\s(?<=\w\s&\s)(?<!\w\w\s&\s)(?=\w(?!\w))", "_et_"),
    # C++, Google+, 50+
    (r"\+(?<=[\w+]\+)(?!\w)", "_p"),
    # C#
    (r"#(?<=[A-Za-z]#)(?<!\w\w#)(?!\w)", "_h"),
    # K.-o., K. o., U.S.A.: single letters with points.
    (rf"\.{_AFTER_ONE}(?:-|\s(?<=[Kk]\.\s)(?=[oO]\.))?(?={_LETTER}(?![^\W_]))", ""),
    # G-20, G 20, A 380: one capital and a number.
    (r"[- ](?<=[A-Z][- ])(?<![\w.,:&/+'-][A-Z][- ])(?=\d{1,3}(?![\d:]))", ""),
    APOSTROPHE,
    # https://www.orf.at, www.orf.at: the address is orf.at.
    (r"(?:https?://(?:www\.)?|www\.)(?=\w)", " "),
)
#: What of a token is a word of its own, by which texts are found, too: ``moody`` of ``moody_s``,
#: ``2015`` of ``2015_16``, ``iphone`` and ``6s`` of ``iphone6s``, ``orf`` of ``orf.at``.
JAVA_PARTS = (
    r"^([^_]{2,})_",
    r"_([^_]{2,})$",
    r"^(\p{L}+)(\d+\p{L}{0,2})$",
    r"^(\p{L}{3,})\.",
    r"\.(\p{L}{3,})$",
)
_TABLE = str.maketrans(CHARACTERS)
_COMPILED = [(re.compile(pattern), becomes) for pattern, becomes in PATTERNS]
_PARTS = [re.compile(pattern.replace(r"\p{L}", _LETTER)) for pattern in JAVA_PARTS]
_NUMBERED = re.compile(rf"({_LETTER}{{2,}})(\d+{_LETTER}{{0,2}})")
_WRITTEN = [
    (re.compile(pattern), becomes)
    for pattern, becomes in (
        (r"(?<=\d)_prozent$", " %"),
        (r"^paragraf_(?=\d)", "§ "),
        (r"(?<=\d)_zu_(?=\d)", ":"),
        (r"(?<=\w)_et_(?=\w)", "&"),
        (r"_p(?=_p|$)", "+"),
        (r"_h$", "#"),
        (r"(?<=\d)_(?=\d)", "/"),
        (rf"(?<={_LETTER})_(?={_LETTER})", "’"),
    )
]
#: Of a token made here what is no word: ``3_zu_2``, ``h_et_m``.
_JOINING = word_list("zu et p h")


def typed(text: str) -> str:
    """Return ``text`` with each number, sign or name in the one way in which it is a token.

    What is read again stays as it is; the length may change. Total on any string.
    """
    text = text.translate(_TABLE)
    for pattern, becomes in _COMPILED:
        text = pattern.sub(becomes, text)
    return text


def typed_with_places(text: str) -> tuple[str, array[int]]:
    """Return :func:`typed` and, for each character of it and its end, where it is from."""
    # Each character becomes one.
    text, places = text.translate(_TABLE), array("L", range(len(text) + 1))
    for pattern, becomes in _COMPILED:
        text, places = _replaced(text, places, pattern, becomes)
    return text, places


def _replaced(
    text: str, places: array[int], pattern: re.Pattern[str], becomes: str
) -> tuple[str, array[int]]:
    pieces, kept, behind = list[str](), array("L"), 0
    for match in pattern.finditer(text):
        pieces += text[behind : match.start()], becomes
        kept += places[behind : match.start()]
        kept.extend([places[match.start()]] * len(becomes))
        behind = match.end()
    if not pieces:
        return text, places
    return "".join([*pieces, text[behind:]]), kept + places[behind:]


def parts_of_token(token: str) -> list[str]:
    """Return the words inside a token by which texts that have it are found as well."""
    groups = (group for pattern in _PARTS for m in pattern.finditer(token) for group in m.groups())
    return [group for group in groups if group and group != token]


def written(token: str) -> str:
    """Return a token of :func:`typed` as people write it: ``3:2``, ``H&M``, ``50 %``, ``§ 218``."""
    if "_" not in token:
        return token
    for pattern, becomes in _WRITTEN:
        token = pattern.sub(becomes, token)
    return token


def numbered(word: str) -> str:
    """Return ``iPhone 6s`` for ``iPhone6s``, else ""; with one letter both are one: ``A380``."""
    inside = _NUMBERED.fullmatch(word)
    return " ".join(inside.groups()) if inside else ""


def words_inside(token: str) -> tuple[str, ...]:
    """Return the words of a token of :func:`typed`, () if it is none: ``50``, ``prozent``."""
    if "_" not in token:
        return ()
    words = tuple(word for word in token.split("_") if word and word not in _JOINING)
    return words if all(len(word) > 1 for word in words) else ()
