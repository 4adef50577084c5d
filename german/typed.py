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
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import overload

from german.wordlist import word_list

#: Apostrophes of every kind (and what stands for one), blanks that do not break or are thin.
CHARACTERS = {
    **dict.fromkeys("’‘‛ʼʻ´`′＇", "'"),
    **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
    **dict.fromkeys("\u2010\u2011", "-"),
    "％": "%",
}
_LETTER = r"[^\W\d_]"
_BLANK = r"[ \t\n\r]"
#: Three digits behind one to three, and behind no fraction.
_THOUSANDS = r"(?<!\d{4}.)(?<![.,]\d.)(?<![.,]\d\d.)(?=\d{3}(?!\d))"
_NUMBER_OF_LETTER = r"(?<=[A-Z].)(?<![\w.,:&/+'-]..)(?=\d{1,3}(?![\d:]))"
_AT_A_BLANK = (
    # 10 000; 50 %, 50 Prozent; 3 : 2
    rf"(?<=\d{_BLANK})(?:(?<= ){_THOUSANDS}|(%)(?!\w)|([Pp]rozent)(?!\w)|(:){_BLANK}(?=\d))",
    # H & M
    rf"(&){_BLANK}(?<=\w{_BLANK}&{_BLANK})(?<!\w\w{_BLANK}&{_BLANK})(?=\w(?!\w))",
    # G 20, A 380: one capital and a number.
    rf"(?<= ){_NUMBER_OF_LETTER}",
)
_AT_A_SIGN = (
    # K.-o., K. o., U.S.A.: single letters with points.
    (
        rf"(?<=\.)(?<={_LETTER}.)(?<![^\W_]{{2}}.)"
        rf"(?:-|{_BLANK}(?<=[Kk]..)(?=[oO]\.))?(?={_LETTER}(?![^\W_]))"
    ),
    # https://www.orf.at, www.orf.at: the address is orf.at.
    r"(?<=h)ttps?(://)(?:www\.)?(?=\w)",
    r"(?<=w)(ww\.)(?=\w)",
    # Paragraf 218, §218, §§ 218
    rf"(?<=[Pp])(aragra)(?:f|ph)(?:en|s)?{_BLANK}(?=\d)",
    rf"(?<=§)§?{_BLANK}?(?=\d)",
    # G-20
    rf"(?<=-){_NUMBER_OF_LETTER}",
    # 3:2; 24/7, 2015/16; 50%
    r"(?<=[:/])(?<=\d.)(?=\d)",
    r"(?<=%)(?<=\d.)(?!\w)",
    # H&M, 1&1, AT&T
    r"(?<=&)(?<=\w.)(?<!\w{3}.)(?=\w{1,2}(?!\w))",
    # C++, Google+, 50+; C#
    r"(?<=\+)(?<=[\w+].)(?!\w)",
    r"(?<=#)(?<=[A-Za-z].)(?<!\w\w.)(?!\w)",
)
#: Moody's, O'Neill, geht's. In other languages an apostrophe means other things.
_APOSTROPHE = rf"(?<=')(?<={_LETTER}.)(?={_LETTER})"


def pattern(apostrophe: bool = True) -> str:
    """Return the pattern of all that is written in several ways, for Java and Python.

    Its groups together have the sign, by which :data:`BECOMES` says what stands there instead.
    It is one pattern, and an analysis of a text runs through it once, for each pass has its
    price. What is frequent is asked first: most blanks have neither a digit nor a capital before
    them.
    """
    signs = "|".join([*_AT_A_SIGN, *([_APOSTROPHE] if apostrophe else ())])
    blanks = "|".join(_AT_A_BLANK)
    thousands = rf"[.'](?<=\d.){_THOUSANDS}"
    return rf"{_BLANK}(?:{blanks})|{thousands}|([.'%:/&+#§Pphw-])(?:{signs})"


#: What a sign becomes, by what the groups of the pattern hold.
BECOMES: Mapping[str, str] = {
    **dict.fromkeys(("", ".", "-"), ""),
    **dict.fromkeys(("%", "prozent", "Prozent"), "_prozent"),
    **dict.fromkeys(("§", "paragra", "Paragra"), "paragraf_"),
    **dict.fromkeys(("/", "'"), "_"),
    **dict.fromkeys(("h://", "www."), " "),
    ":": "_zu_",
    "&": "_et_",
    "+": "_p",
    "#": "_h",
}
#: What of a token is a word of its own, by which texts are found, too: ``moody`` of ``moody_s``,
#: ``2015`` of ``2015_16``, ``iphone`` and ``6s`` of ``iphone6s``, ``orf`` of ``orf.at``. One
#: pattern, and none of a token of letters alone, as nearly all are.
JAVA_PARTS = (
    r"^(?=\p{L}*[\d_.])(?:"
    r"(?:([^_]{2,})|[^_]?)_(?:.*_)?(?:([^_]{2,})|[^_]?)$"
    r"|(\p{L}+)(\d+\p{L}{0,2})$"
    r"|(\p{L}{3,})\.(?:.*\.)?(?:(\p{L}{3,})$)?"
    r"|.*\.(\p{L}{3,})$)"
)
_SPECIAL = re.compile(f"[{''.join(CHARACTERS)}]")
_PATTERN = re.compile(pattern())
GROUPS = _PATTERN.groups
_PARTS = re.compile(JAVA_PARTS.replace(r"\p{L}", _LETTER))
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
    return _PATTERN.sub(_becomes, _plain(text))


def _becomes(match: re.Match[str]) -> str:
    return BECOMES["".join(filter(None, match.groups()))]


def _plain(text: str) -> str:
    return _SPECIAL.sub(lambda special: CHARACTERS[special[0]], text)


class Places(Sequence[int]):
    """For each character of a read text, and for its end, where it is from: stretch by stretch.

    Most are asked for a few of them, and one for each would take longer than reading does.
    """

    def __init__(self, stretches: Sequence[tuple[int, int, bool]]) -> None:
        """``stretches``: how long, from where on, and whether it is the text as it stood there."""
        self._starts = list(accumulate((length for length, _, _ in stretches), initial=0))
        self._stretches = stretches

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...
    def __getitem__(self, at: int | slice) -> int | Sequence[int]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        at = at + len(self) if at < 0 else at
        if not 0 <= at < len(self):
            raise IndexError(at)
        n = bisect_right(self._starts, at) - 1
        _, source, kept = self._stretches[n]
        return source + (at - self._starts[n] if kept else 0)


def typed_with_places(text: str) -> tuple[str, Places]:
    """Return :func:`typed` and, for each character of it and its end, where it is from."""
    text, behind = _plain(text), 0
    pieces, stretches = list[str](), list[tuple[int, int, bool]]()
    for match in _PATTERN.finditer(text):
        start, becomes = match.start(), _becomes(match)
        pieces += text[behind:start], becomes
        stretches += (start - behind, behind, True), (len(becomes), start, False)
        behind = match.end()
    stretches.append((len(text) - behind + 1, behind, True))
    return "".join([*pieces, text[behind:]]), Places(stretches)


def parts_of_token(token: str) -> list[str]:
    """Return the words inside a token by which texts that have it are found as well."""
    match = _PARTS.match(token)
    return [group for group in match.groups() if group and group != token] if match else []


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
