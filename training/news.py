"""The annotated news articles as sentences of words and tags.

A sentence is a paragraph, cut behind the ends of sentences if it is longer. A name that is only a
piece of a token (``Nato`` in ``Nato-Gipfel``) is a part; parts and derivations inside full names
have no tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import spacy
from spacy.tokens import Doc

from benchmarks.news_gold import FULL, Marked, Name, inline
from training.samples import NUMBER, Sample

_WRITTEN = Path(__file__).with_name("articles")
MOST_WORDS = 110
_DATE = re.compile(r" date \d{4}-\d\d-\d\d ")
_ENDS = {".", "!", "?", "“", "«", ":"}


def written() -> list[Marked]:
    """Return the articles in ``training/articles``: for training alone, measured nowhere."""
    return [inline(path.stem, path.read_text("utf-8")) for path in sorted(_WRITTEN.glob("*.txt"))]


def samples(marked: Sequence[Marked]) -> list[Sample]:
    """Return the sentences of the articles, in order."""
    return [sample for article in by_article(marked) for sample in article]


def by_article(marked: Sequence[Marked]) -> list[list[Sample]]:
    """Return the sentences of each article."""
    nlp = spacy.blank("de")
    return [
        [
            sample
            for start, end in lines(article.text)
            for sample in _samples(
                nlp.make_doc(article.text[start:end]), _within(article, start, end)
            )
        ]
        for article in marked
    ]


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each line that says something begins and ends, without the date in front."""
    for match in re.finditer(r"[^\n]+", text):
        start, end = match.span()
        if date := _DATE.match(text, start):
            start = date.end()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if start < end:
            yield start, end


def _within(article: Marked, start: int, end: int) -> list[Name]:
    return [
        name._replace(start=name.start - start, end=name.end - start)
        for name in article.names
        if start <= name.start < end
    ]


def _samples(doc: Doc, names: Sequence[Name]) -> Iterator[Sample]:
    tags = tagged(doc, names)
    start = 0
    for at in range(len(doc)):
        last = at + 1 == len(doc)
        inside = not last and tags[at + 1].startswith("I-")
        if last or (not inside and _is_cut(doc, start, at)):
            words = tuple(token.text for token in doc[start : at + 1])
            yield Sample(words, tuple(NUMBER[tag] for tag in tags[start : at + 1]))
            start = at + 1


def _is_cut(doc: Doc, start: int, at: int) -> bool:
    """Tell whether a sentence that begins at ``start`` may end behind ``at``."""
    length = at + 1 - start
    ends = doc[at].text in _ENDS and 2 * length >= MOST_WORDS and len(doc) - start > MOST_WORDS
    return length >= MOST_WORDS or ends


def tagged(doc: Doc, names: Sequence[Name]) -> list[str]:
    """Return a tag for each token: full names first, the others where none stands."""
    tags = ["O"] * len(doc)
    others = []
    for name in names:
        if name.label not in FULL:
            others.append(name)
        elif span := doc.char_span(name.start, name.end, alignment_mode="contract"):
            _write(tags, span.start, span.end, name.label)
        else:
            others.append(name._replace(label=f"{name.label}part"))
    for name in others:
        wide = doc.char_span(name.start, name.end, alignment_mode="expand")
        if wide is not None:
            _write(tags, wide.start, wide.end, name.label)
    return tags


def _write(tags: list[str], start: int, end: int, label: str) -> None:
    if all(tag == "O" for tag in tags[start:end]):
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
