"""Does a clause speak of what was or of what will be? From its verbs, without a parser.

A clause reaches to the next comma, colon, quotation mark or end of a sentence; where it holds no
verb that tells, the sentence is asked. The nearest verb decides, perfect tenses (``soll …
begonnen haben``) are past, and the present tense speaks of what is to come.
"""

from __future__ import annotations

from extraction.temporal.token import CodedTokens, symbol
from extraction.temporal.verb import (
    Direction,
    has_auxiliary,
    has_perfect_auxiliary,
    is_arranged,
    is_perfect,
    verb,
)

_Words = list[tuple[int, str]]

_CLAUSE_REACH, _SENTENCE_REACH, _ATTRIBUTE_REACH = 30, 40, 4
#: Marks that part the verbs of clauses, and of what is said from who says it; and besides the
#: end of the sentence what parts two of them: ``um 9 Uhr; am Montag``.
_CLAUSE_ENDS = frozenset('!?:;,„“”»«‚‘"()|…–—')
_SPEECH_ENDS = frozenset('!?:;„“”»«"|')
_PARAGRAPH = symbol("PARA")
_MARKS = {_PARAGRAPH, *map(symbol, ("DOT", "MARK", "COMMA", "DASH", "LPAR", "RPAR", "APO"))}
_STOPS = frozenset(";")


def direction(tokens: CodedTokens, start: int, end: int) -> Direction:
    """Return what the verbs nearest to the tokens from ``start`` to ``end`` tell."""
    clause = _around(tokens, start, end, _CLAUSE_ENDS, _CLAUSE_REACH)
    if told := _of_words(tokens, clause, start, end):
        return told
    if has_perfect_auxiliary({word for _, word in clause}):
        return ""
    whole = _around(tokens, start, end, _SPEECH_ENDS, _SENTENCE_REACH)
    return _of_words(tokens, whole, start, end) if len(whole) > len(clause) else ""


def same_sentence(tokens: CodedTokens, start: int, end: int) -> bool:
    """Tell whether no sentence ends between two tokens, which are not far apart."""
    near = 0 <= end - start <= _SENTENCE_REACH
    return near and not any(_is_end(tokens, at, _STOPS) for at in range(start, end))


def sentence(tokens: CodedTokens, start: int, end: int) -> set[str]:
    """Return the words of the sentence around the tokens, without them."""
    left, right = start - 1, end
    while left >= max(0, start - _SENTENCE_REACH) and not _is_end(tokens, left, _STOPS):
        left -= 1
    stop = min(len(tokens.starts), end + _SENTENCE_REACH)
    while right < stop and not _is_end(tokens, right, _STOPS):
        right += 1
    return {tokens.word(at) for at in (*range(left + 1, start), *range(end, right))}


def _of_words(tokens: CodedTokens, words: _Words, start: int, end: int) -> Direction:
    forms = {word for _, word in words}
    following = {word for at, word in words if end <= at < end + _ATTRIBUTE_REACH}
    if is_arranged(forms, following):
        return "future"
    if is_perfect(forms):
        return "past"
    helped = has_auxiliary(forms)
    near = sorted(words, key=lambda word: min(abs(word[0] - start), abs(word[0] - end)))
    for at, word in near:
        form = verb(word)
        noun_follows = tokens.word(at + 1)[:1].isupper()
        told = form.before_noun if noun_follows else form.direction
        if told and not (helped and form.participle):
            return told
    return ""


def _around(tokens: CodedTokens, start: int, end: int, ends: frozenset[str], reach: int) -> _Words:
    """Return the words around the tokens up to a mark that ends the clause, without them."""
    left, right, plain = start - 1, end, symbol("X")
    while left >= max(0, start - reach) and not _is_end(tokens, left, ends):
        left -= 1
    stop = min(len(tokens.starts), end + reach)
    while right < stop and not _is_end(tokens, right, ends):
        right += 1
    return [
        (at, tokens.word(at))
        for at in (*range(left + 1, start), *range(end, right))
        if tokens.codes[at] == plain
    ]


def _is_end(tokens: CodedTokens, at: int, ends: frozenset[str]) -> bool:
    code = tokens.codes[at]
    if code not in _MARKS:
        return False
    return code == _PARAGRAPH or tokens.ends[at] in tokens.stops or tokens.word(at) in ends
