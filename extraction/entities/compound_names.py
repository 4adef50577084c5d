"""Names that stand inside longer words: ``Nato`` in ``Nato-Generalsekretär``, ``Ukrainekrieg``.

In front of a hyphen a name is what the article, the rules or the lists know as one, the longest
such run of pieces (`inner_names`), or a first name with what follows it (``Max-Planck-Institut``).
Without a hyphen only what is known to begin words counts, before a noun. A tagger says which words
hold a name, and of what kind: of these the first piece counts where nobody knows it. Its kind is
believed last, as the noun behind may tell better (``Zapf-Anhänger``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from articles.article import Label, Mention
from extraction.analysed_text import AnalysedText
from extraction.entities import organisation_list
from extraction.entities.aliases import Aliases
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.compound_words import (
    HYPHEN,
    SHORTEST_NOUN,
    is_rest,
    long_words,
    words_with_names,
)
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.gazetteer import shipped as gazetteer_lists
from extraction.entities.inner_names import (
    LONGEST,
    Known,
    further,
    inner_names,
    is_place,
    listed,
)
from extraction.geography.senses import senses
from german.wordlist import word_list

#: What stands before a name and is none: ``Ex-Trump-Berater``, ``Anti-Putin-Demo``.
_BEFORE = word_list(
    "ex anti nicht pro vize co noch nach vor alt post prä mini super ur inter trans chef"
)
_PARLIAMENTS = ("Bundestag", "Bundesrat", "Nationalrat", "Bundeswehr", "Vatikan")
#: Organisations whose names are the beginnings of other words: ``Treuhandfonds``, ``Telekomfirma``.
_NO_ROOTS = word_list("treuhand amnesty verfassungsschutz landtag telekom")
#: Letters and words that taggers take for organisations: ``HIV-Test``, ``Deutsch-Kurs``.
_NO_NAMES = word_list(
    """
    aids hi hiv dna dns rna sms wm em ice ic pc tv it ki cd dvd ufo bip internet gps usb lkw pkw
    kfz ceo abc deutsch englisch online web formel corona covid top hd suv gsm lte lgbt ehec ns bwl
    jva lpg sim led mri mrt ct gmbh ag kg eg ev vip dj mp pr vwl nrw-land umts dsl wlan url pdf
    interims ethanol dancehall riesenslalom slalom eishockey volleyball semifinal halbfinal final
    viertelfinal achtelfinal einpersonen nfc rfid emp kv epu jus oled präsidentschafts
    bundespräsidentschafts
    """
)
#: Those who stand by a person, and what is called after one: ``Zapf-Anhänger``, ``Zapf-Ära``.
_OF_PEOPLE = re.compile(
    r"(?:anhänger|wähler|gegner|kritiker|vertraut|getreu|verehrer|berater|kenner|nachfolge"
    r"|vorgänger|kabinett|regierung|ära|zeit|clan|familie|faktion|lager|flügel|block|paket|regime"
    r"|besuch|biograf|biograph|biografie|biographie|zitat|rede|interview|sohn|tochter|elf|intimus)"
    r"\w{0,3}\Z"
)
#: What companies have: ``Zapf-Werk`` is none of a person.
_OF_COMPANIES = re.compile(
    r"(?:werk|konzern|aktie|gruppe|filiale|markt|märkte|kunde|mitarbeiter|händler|manager|vorstand"
    r"|aufsichtsrat|betriebsrat|chef|sprecher|belegschaft|produkt|modell|maschine|teamchef)\w{0,3}\Z"
)
_ROAD, _MODEL = (
    re.compile(r"(?!A3\d\d)[AB] ?\d{1,3}\Z"),
    re.compile(r"[A-Z][A-Za-z]{0,2}-?\d{1,4}\w?\Z"),
)
#: What joins the pieces of a person's name: ``Alexander-von-Humboldt-Stiftung``.
_PARTICLES = word_list("von van der den de zu und al bin")
#: Letters between a name and the noun behind it: ``Bundestagswahl``, ``Palästinenserpräsident``.
_LINKS = ("", "s", "n", "en")
_SHORTEST, _SHORTEST_LISTED = 3, 5
#: What the lists of first names hold and is mostly something else: ``Al-Quds-Brigaden``.
_NO_FIRST_NAMES = word_list("al corona roma jura weser lotto marine angel foul saint san star")
#: Names of these labels are no compounds of their kind: ``Baden-Württemberg``, ``Meyer-Landrut``.
_OWN: tuple[Label, ...] = ("PER", "LOC")


@dataclass(frozen=True, slots=True)
class Compound:
    """A word that may hold a name, surely if a tagger gave it a label: ``start:end`` of a field.

    ``within`` is the label of the name that it is a part of, if it is a person's or a place's.
    """

    label: Label | None
    field: str
    start: int
    end: int
    within: Label | None = None


class _Held(NamedTuple):
    """A name of a word, from ``start`` to ``end`` of it."""

    label: Label
    start: int
    end: int


def names_inside(
    compounds: Sequence[Compound],
    mentions: Sequence[Mention],
    texts: AnalysedText,
    gazetteer: Gazetteer,
    aliases: Aliases,
) -> list[Mention]:
    """Return the names inside of words, under their canonical names.

    They may lie within ``mentions``, which are the canonical ones of the whole article.
    """
    known = Known(mentions, gazetteer, aliases)
    inside: dict[tuple[str, int], Mention] = {}
    for compound in (*compounds, *_unmarked(compounds, mentions, texts, known)):
        text = texts[compound.field]
        word = text[compound.start : compound.end]
        for label, start, end in _held(word, compound, known):
            surface, at = word[start:end], compound.start + start
            name = known.name(label, _spelt(surface, label))
            if not aliases.is_blocked(label, surface):
                mention = Mention(label, name, surface, compound.field, at, compound.start + end)
                inside.setdefault((compound.field, at), mention)
    return [*inside.values()]


def _spelt(surface: str, label: Label) -> str:
    """Return ``Deutschland`` for ``deutschland``, and people without hyphens between words."""
    spelt = surface.replace("-", " ") if label == "PER" else surface
    return spelt[:1].upper() + spelt[1:]


def _unmarked(
    compounds: Sequence[Compound], mentions: Sequence[Mention], texts: AnalysedText, known: Known
) -> Iterator[Compound]:
    """Yield the words that no tagger marked and that may hold a name, but those in people's."""
    for field in texts:
        # A byte for each character: places by number would take a hundred.
        marked, within = bytearray(len(texts[field])), bytearray(len(texts[field]))
        for c in compounds:
            if c.field == field:
                marked[c.start : c.end] = b"\1" * (c.end - c.start)
        for m in mentions:
            if m.field == field and m.label in _OWN:
                within[m.start : m.end] = bytes([_OWN.index(m.label) + 1]) * (m.end - m.start)
        starts = {m.start for m in mentions if m.field == field}
        solid = ((at, at + len(w)) for w, at in long_words(texts.of(field)) if _may_hold(w, known))
        for start, end in (*words_with_names(texts[field]), *solid):
            label = _OWN[within[start] - 1] if within[start] else None
            named = texts[field][end - 1] == "-" and start in starts  # `CDU- und SPD-Wähler`
            if not marked[start] and label != "PER" and not named:
                yield Compound(None, field, start, end, within=label)


def _held(word: str, compound: Compound, known: Known) -> list[_Held]:
    """Return the names that a word holds, in order and apart."""
    if len(word) > LONGEST:
        return []
    edges = [match.start() for match in HYPHEN.finditer(word)]
    if not edges:
        solid = _before_noun(word, compound.label, known)
        fits = solid and (not compound.within or solid.label in ("LOC", "PER"))
        return [solid] if solid and fits else []
    if not compound.label and is_place(word):
        return []
    pieces = [*zip([0, *(edge + 1 for edge in edges)], [*edges, len(word)], strict=True)]
    held = _in_pieces(word, pieces, compound.label, known)
    if compound.within:  # `Berlin-Mitte` holds no place
        return [h for h in held if h.label in ("PER", "ORG")]
    return held or [*_guessed(word, pieces, compound.label)]


def _in_pieces(
    word: str, pieces: Sequence[tuple[int, int]], tagged: Label | None, known: Known
) -> list[_Held]:
    held: list[_Held] = []
    at = 0
    while at < len(pieces):
        name = _at(word, pieces, at, None if held else tagged, known)
        if name:
            held.append(name)
            at = next((i for i, (start, _) in enumerate(pieces) if start > name.end), len(pieces))
        else:
            at += 1
    return held


def _at(
    word: str, pieces: Sequence[tuple[int, int]], at: int, tagged: Label | None, known: Known
) -> _Held | None:
    """Return the longest name that begins with the piece ``at`` and leaves the last one."""
    start, end = pieces[at]
    piece, last = word[start:end], len(pieces) - 1
    if piece.lower() in _BEFORE or not piece:
        return None
    first = all(word[slice(*before)].lower() in _BEFORE for before in pieces[:at])
    if at == last:
        former = at and word[slice(*pieces[at - 1])].lower() in _BEFORE
        if former and "LOC" in listed(piece).sure:
            return _Held("LOC", start, end)
        solid = _before_noun(piece, None, known)
        return solid and solid._replace(start=start + solid.start, end=start + solid.end)
    for _, behind in reversed(pieces[at:last]):
        form = word[start:behind]
        for spelt in dict.fromkeys((form, form.replace("-", " "))):
            label = known.label(spelt, tagged) if first else further(spelt)
            if label == "PER" and tagged == "ORG" and label not in known.told(spelt):
                label = "ORG" if _OF_COMPANIES.match(word[pieces[-1][0] :].lower()) else label
            if label and (spelt.lower() not in _NO_NAMES or label in listed(spelt).sure):
                return _Held(label, start, behind)
        if _is_person(word, pieces[at:], behind, known.gazetteer):
            return _Held("PER", start, behind)
    return None


def _is_person(
    word: str, pieces: Sequence[tuple[int, int]], end: int, gazetteer: Gazetteer
) -> bool:
    """Tell whether a first name and what may be a surname stand before the last piece."""
    first, *rest = (word[start:stop] for start, stop in pieces if stop <= end)
    if not rest or end != pieces[-2][1] or first.lower() in _NO_FIRST_NAMES:
        return False
    if listed(first).sure & {"LOC", "ORG"}:  # `Israel-Libanon-Konflikt`
        return False
    names = all(part[:1].isupper() or part in _PARTICLES for part in rest)
    return first in gazetteer.first_names and names and rest[-1][:1].isupper()


def _guessed(word: str, pieces: Sequence[tuple[int, int]], tagged: Label | None) -> Iterator[_Held]:
    """Yield the first piece of a word that a tagger marked, though nobody knows it."""
    spelt = ((word[start:end], start, end) for start, end in pieces[:-1])
    piece, start, end = next((p for p in spelt if p[0] and p[0].lower() not in _BEFORE), ("", 0, 0))
    if not tagged or _is_no_name(piece):
        return
    label: Label = tagged
    if _ROAD.match(piece):
        label = "LOC"
    elif _MODEL.match(piece):
        label = "MISC"
    elif (
        not piece.isupper() and tagged != "MISC" and _OF_PEOPLE.match(word[pieces[-1][0] :].lower())
    ):
        label = "PER"
    yield _Held(label, start, end)


def _is_no_name(piece: str) -> bool:
    return piece.casefold() in _NO_NAMES or is_common_noun(piece) or not piece[:1].isupper()


def _before_noun(word: str, label: Label | None, known: Known) -> _Held | None:
    """Return the longest known name in front of a noun, with a letter between them or none.

    In a word that no tagger marked only what words are known to begin with counts, and the single
    words that the article has as names.
    """
    if not label:
        own = known.root(word)
        if own and is_rest(word[len(own[0]) :]):
            return _Held(own[1], 0, len(own[0]))
        return _beginning(word)
    if known_root := _beginning(word):
        return known_root
    for end in range(len(word) - SHORTEST_NOUN, _SHORTEST, -1):
        name = word[:1].upper() + word[1:end]
        held = known.label(name, label)
        if held and any(map(is_rest, _behind(word, end))):
            return _Held(held, 0, end)
    return None


def _may_hold(word: str, known: Known) -> bool:
    if len(word) > LONGEST:
        return False
    return _beginning(word) is not None or known.root(word) is not None


def _behind(word: str, end: int) -> Iterator[str]:
    """Yield what may stand behind a name that ends there."""
    return (word[end + len(link) :] for link in _LINKS if word.startswith(link, end))


@lru_cache(maxsize=32768)
def _beginning(word: str) -> _Held | None:
    """Return the longest name with which a word without a hyphen begins, in front of a noun."""
    roots = _roots()
    for end in range(len(word) - SHORTEST_NOUN, _SHORTEST - 1, -1):
        label = roots.get(word[:1].upper() + word[1:end])
        if label and any(is_rest(rest, word[0].islower()) for rest in _behind(word, end)):
            return None if senses(word) else _Held(label, 0, end)
    return None


@cache
def _roots() -> Mapping[str, Label]:
    """Return what is known to begin words: states, parliaments, seas, sure organisations."""
    known = gazetteer_lists()
    lands = {*known.states, *known.adjectives.values()}
    roots: dict[str, Label] = {
        name: "ORG"
        for name, alias in organisation_list.shipped().aliases.items()
        if alias.sure and len(name) >= _SHORTEST_LISTED and name.istitle() and name.isalpha()
        if name.lower() not in _NO_ROOTS
        if not is_common_noun(name) and any(b.kind != "misc" for b in alias.bearers)
    }
    roots |= dict.fromkeys(filter(str.isalpha, lands), "LOC")
    roots |= {
        form: inner.label
        for form, inner in inner_names().items()
        if inner.label != "PER" and form.lower() not in _NO_ROOTS
    }
    return roots | dict.fromkeys(_PARLIAMENTS, "ORG")
