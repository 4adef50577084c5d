"""Where articles in other languages have the words of a query, by the analysis of their language.

The stems of German are known here (:mod:`german.stems`), those of other languages to Elasticsearch
alone. So it is asked for the terms of the texts and of the words: one request for a page, and none
where all of its articles are German.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from german.typed import typed, written
from indexing.index.faults import translate_errors
from indexing.index.foreign import ROOT, field_of
from indexing.index.mapping import mappings
from indexing.searching.marker import LONGEST_TEXT, Match
from indexing.searching.patterns import is_open
from indexing.searching.scoring import BOOSTS

_FIELDS = mappings()["properties"][ROOT]["properties"]
#: Between the pieces of a text: no rule about signs and numbers reads across.
_APART = "\n\n"


class _Token(NamedTuple):
    """One token of a text: its place among the others, and where it stands, in characters."""

    place: int
    start: int
    end: int


#: What a text has: its terms, each with its tokens.
_Terms = Mapping[str, Sequence[_Token]]


def foreign_matches(
    client: Elasticsearch, index: str, words: Sequence[str], sources: Mapping[str, Any]
) -> dict[str, dict[str, list[Match]]]:
    """Return the matches of ``words`` by id and text, for those of ``sources`` that are foreign.

    Raises :class:`ServiceUnavailable`.
    """
    words = [word for word in words if not is_open(word)]
    fields = {id_: field_of(source.get("language")) for id_, source in sources.items()}
    foreign = [id_ for id_, field in fields.items() if field]
    if not (words and foreign):
        return {}
    languages = list(dict.fromkeys(fields[id_] for id_ in foreign))
    said = [written(word) for word in words]
    pieces = {
        id_: [str(sources[id_].get(name) or "")[:LONGEST_TEXT] for name in BOOSTS]
        for id_ in foreign
    }
    queries = [_document(field, said, of_query=True) for field in languages]
    texts = [_document(fields[id_], pieces[id_]) for id_ in foreign]
    with translate_errors():
        docs = client.mtermvectors(index=index, docs=[*queries, *texts])["docs"]
    terms = [
        _terms(doc, text)
        for doc, text in zip(docs, [*[said] * len(languages), *pieces.values()], strict=True)
    ]
    asked = {field: _by_piece(each, said) for field, each in zip(languages, terms, strict=False)}
    return {
        id_: _matches(words, asked[fields[id_]], there, pieces[id_])
        for id_, there in zip(foreign, terms[len(languages) :], strict=True)
    }


def _document(field: str, pieces: Sequence[str], *, of_query: bool = False) -> dict[str, Any]:
    """Return what asks for the terms of a text that is no document, all its pieces as one."""
    name = field.removeprefix(f"{ROOT}.")
    analyzer = _FIELDS[name]["search_analyzer" if of_query else "analyzer"]
    return {
        "doc": {ROOT: {name: _APART.join(pieces)}},
        "fields": [field],
        "per_field_analyzer": {field: analyzer},
        "field_statistics": False,
        "payloads": False,
    }


def _terms(doc: Mapping[str, Any], pieces: Sequence[str]) -> _Terms:
    """Read an answer. Offsets are those of Java, where some characters count as two."""
    places = _places(_APART.join(pieces))
    return {
        term: [
            _Token(token["position"], places[token["start_offset"]], places[token["end_offset"]])
            for token in about["tokens"]
        ]
        for vector in doc["term_vectors"].values()
        for term, about in vector["terms"].items()
    }


def _places(text: str) -> Sequence[int]:
    """Return for each code unit of UTF-16, and for the end, which character of ``text`` it is."""
    units = [at for at, letter in enumerate(text) for _ in range(1 + (letter > "\uffff"))]
    return [*units, len(text)]


def _by_piece(terms: _Terms, pieces: Sequence[str]) -> list[list[tuple[int, str]]]:
    """Return the terms of each piece, and where each stands behind the first of them."""
    starts = _starts(pieces)
    each: list[list[tuple[int, str]]] = [[] for _ in pieces]
    placed = [(token, term) for term, tokens in terms.items() for token in tokens]
    for token, term in sorted(placed):
        each[bisect_right(starts, token.start) - 1].append((token.place, term))
    return [[(place - piece[0][0], term) for place, term in piece] for piece in each]


def _starts(pieces: Sequence[str]) -> list[int]:
    return [0, *accumulate(len(piece) + len(_APART) for piece in pieces)][:-1]


def _matches(
    words: Sequence[str],
    asked: Sequence[Sequence[tuple[int, str]]],
    there: _Terms,
    pieces: Sequence[str],
) -> dict[str, list[Match]]:
    starts, names = _starts(pieces), list(BOOSTS)
    matches: dict[str, list[Match]] = {name: [] for name in names}
    for word, terms in zip(words, asked, strict=True):
        for start, end in _stretches(terms, there):
            at = bisect_right(starts, start) - 1
            first, last = start - starts[at], end - starts[at]
            same = typed(pieces[at][first:last]).casefold() == word.casefold()
            matches[names[at]].append(Match(first, last, word, "word" if same else "form"))
    return matches


def _stretches(terms: Sequence[tuple[int, str]], there: _Terms) -> Iterator[tuple[int, int]]:
    """Yield where the terms of one word stand one behind the other."""
    known = [{token.place: token for token in there.get(term, ())} for _, term in terms]
    for place, token in known[0].items() if known else ():
        row = [have.get(place + behind) for (behind, _), have in zip(terms, known, strict=True)]
        if last := row[-1] if all(row) else None:
            yield token.start, last.end
