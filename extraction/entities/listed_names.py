"""Mark the organisations that the list knows: ``Europaparlament``, ``Scotland Yard``.

What is sure wins over the tagger, wherever it stands; of what is something else as well (see
``organisation_evidence``) only what the article speaks for. A mention that holds more than the
listed name (``New York Times Magazine``) stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from articles.article import Label, Mention
from extraction.analysed_text import AnalysedField, analysed
from extraction.entities import gazetteer as lists
from extraction.entities import organisation_list
from extraction.entities.context import word_before
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.institutions import institutions
from extraction.entities.named_bodies import named_bodies
from extraction.entities.organisation_evidence import (
    ARTICLES,
    Evidence,
    is_meant,
    is_plainly_meant,
)
from extraction.entities.organisation_list import Hit, OrganisationList
from extraction.entities.organisation_words import is_any_cue
from german.wordlist import word_list

_NO_SENTENCE_BEFORE = re.compile(r"[\w,;)–-]\s*\Z")
_CLOSING = tuple('“"«‘”»)')
_INDEFINITE = word_list("ein eine einem einen einer eines")
#: What may follow a maker's name where its product is meant: ``Boeing 737``, ``Audi A4``.
_MODEL = re.compile(r"[ -][A-Z]{0,3}-?\d")
_REACH = 4


class _Field(NamedTuple):
    """One text, the tagger's mentions in it and the listed names."""

    name: str
    text: AnalysedField
    mentions: Sequence[Mention]
    hits: Sequence[Hit]
    sure: frozenset[int]
    begin: int = 0


def with_listed(
    mentions: Sequence[Mention],
    texts: Mapping[str, str],
    known: OrganisationList | None = None,
    *,
    behind: int = 0,
) -> list[Mention]:
    """Return the mentions, those within a listed name or an institution's replaced by the whole
    name as ``ORG``; what the list knows as no organisation becomes ``MISC``.

    Nothing is marked in the body before ``behind``, where its dateline ends.
    """
    listed, gazetteer = known or organisation_list.shipped(), lists.shipped()
    cut = analysed(texts)
    fields = [_field(name, cut.of(name), mentions, listed, gazetteer) for name in cut]
    fields = [f._replace(begin=behind if f.name == "body" else 0) for f in fields]
    evidence = Evidence.gathered(
        ((hit.alias, hit.start in field.sure) for field in fields for hit in field.hits),
        mentions,
        frozenset[str]().union(*(field.text.tokens.words for field in fields)),
    )
    elsewhere = [mention for mention in mentions if mention.field not in cut]
    return [*elsewhere, *(m for f in fields for m in _marked(f, evidence, gazetteer))]


def _field(
    name: str,
    text: AnalysedField,
    mentions: Sequence[Mention],
    listed: OrganisationList,
    gazetteer: Gazetteer,
) -> _Field:
    there = sorted((m for m in mentions if m.field == name), key=lambda m: m.start)
    hits = [_without_article(hit, text, listed) for hit in listed.hits(text)]
    sure = frozenset(hit.start for hit in hits if _is_sure(hit, text, gazetteer))
    return _Field(name, text, there, hits, sure)


def _without_article(hit: Hit, field: AnalysedField, listed: OrganisationList) -> Hit:
    """Return ``Die Freien Wähler`` at the start of a sentence as ``Freien Wähler``, if listed."""
    if not hit.alias.name.startswith(ARTICLES) or not _starts_sentence(hit, field.text):
        return hit
    start = hit.start + len("Die ")
    rest = listed.alias(field.text[start : hit.end])
    return Hit(rest, start, hit.end, hit.tokens - 1) if rest else hit


def _starts_sentence(hit: Hit, text: str) -> bool:
    return not _NO_SENTENCE_BEFORE.search(text[max(hit.start - 3, 0) : hit.start])


def _marked(field: _Field, evidence: Evidence, gazetteer: Gazetteer) -> list[Mention]:
    """Return the mentions of a field with those of the list, then with the institutions."""
    new = [
        _mention(_label(hit), field, hit.start, hit.end)
        for hit in field.hits
        if hit.start in field.sure
        or _is_taken_for_one(hit, field.mentions)
        or is_meant(hit, field.text, evidence, gazetteer)
    ]
    marked = {mention.start for mention in new}
    plain = {
        (hit.start, hit.end)
        for hit in field.hits
        if hit.start not in marked and is_plainly_meant(hit, field.text.text)
    }
    kept = [m for m in field.mentions if m.label != "ORG" or (m.start, m.end) not in plain]
    there = _replaced(kept, _behind(field.begin, new))
    for spans in (institutions(field.text, there, gazetteer), named_bodies(field.text)):
        more = [_mention("ORG", field, *span) for span in spans]
        there = _replaced(there, _behind(field.begin, more))
    return there


def _behind(begin: int, mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.start >= begin]


def _mention(label: Label, field: _Field, start: int, end: int) -> Mention:
    surface = field.text.text[start:end]
    return Mention(label, surface, surface, field.name, start, end)


def _label(hit: Hit) -> Label:
    return "MISC" if all(bearer.kind == "misc" for bearer in hit.alias.bearers) else "ORG"


def _is_sure(hit: Hit, field: AnalysedField, gazetteer: Gazetteer) -> bool:
    """Tell whether a name that is sure as such is so here.

    Not a newspaper at the start of a sentence (``Die Zeit drängt``), not a maker before its model,
    not a surname behind a first name.
    """
    alias, text = hit.alias, field.text
    if not alias.sure:
        return False
    if alias.name.startswith(ARTICLES) and _starts_sentence(hit, text):
        return text.startswith(_CLOSING, hit.end)
    before = word_before(text, hit.start)
    if any(bearer.kind == "company" for bearer in alias.bearers):
        model = before in _INDEFINITE or _MODEL.match(text, hit.end)
        return not model and not _is_surname(alias.name, before, gazetteer)
    return not _is_surname(alias.name, before, gazetteer)


def _is_surname(name: str, before: str, gazetteer: Gazetteer) -> bool:
    return name in gazetteer.surnames and bool(gazetteer.first_names.get(before.capitalize()))


def _is_taken_for_one(hit: Hit, there: Sequence[Mention]) -> bool:
    """Tell whether the tagger has as ``ORG`` what may be no organisation: ``Tatort``."""
    if _label(hit) != "MISC":
        return False
    touched = touched_by(there, hit.start, hit.end)
    return any(m.label == "ORG" and (m.start, m.end) == (hit.start, hit.end) for m in touched)


def _replaced(there: Sequence[Mention], new: Iterable[Mention]) -> list[Mention]:
    """Return the sorted mentions, the new ones in the place of what they touch.

    Of new ones that overlap the first, of those that begin together the longest.
    """
    gone: set[int] = set()
    whole: list[Mention] = []
    for mention in sorted(new, key=lambda m: (m.start, -m.end)):
        if whole and mention.start < whole[-1].end:
            continue
        touched = [*touched_by(there, mention.start, mention.end)]
        if any(_is_more(other, mention) for other in touched):
            continue
        gone |= {id(other) for other in touched}
        whole.append(mention)
    kept = (mention for mention in there if id(mention) not in gone)
    return sorted((*kept, *whole), key=lambda m: m.start) if whole else [*there]


def touched_by(there: Sequence[Mention], start: int, end: int) -> Iterable[Mention]:
    """Yield the mentions that overlap ``start`` to ``end``; they are sorted and apart."""
    at = max(bisect_left(there, start, key=lambda m: m.start) - 1, 0)
    while at < len(there) and there[at].start < end:
        if there[at].end > start:
            yield there[at]
        at += 1


def _is_more(mention: Mention, listed: Mention) -> bool:
    """Tell whether the mention goes beyond the listed name, by more than an article, an ending or
    a noun that says what it is (``Tageszeitung taz``).
    """
    before, behind = listed.start - mention.start, mention.end - listed.end
    kind = mention.surface[: max(before, 0)].rstrip()
    return behind > len("s") or (before > _REACH and not is_any_cue(kind))
