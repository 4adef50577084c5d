"""Names that stand inside longer words: ``Nato`` in ``Nato-Generalsekretär``, ``Ukrainekrieg``.

A tagger says which words hold a name, and of what kind; here the name is found in the word. In
front of a hyphen it is what the article, the rules or the lists know as a name, the longest such
beginning; failing those the first piece. Without a hyphen only a known name counts, before a noun.
Words that no tagger marked, and those that are names themselves (``US-Kongress``), hold a name
where the lists know it in front of a hyphen and a noun, or begin as a state or parliament is called
(``Bundestagswahl``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from articles.article import Label, Mention
from extraction.analysed_text import AnalysedText
from extraction.entities.aliases import Aliases
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.gazetteer import Gazetteer
from german.folding import caseless
from german.lexicon import is_noun
from german.wordlist import word_list

#: What stands before a name and is none: ``Ex-Trump-Berater``, ``Anti-Putin-Demo``.
_BEFORE = word_list("ex anti nicht pro vize co noch alt post prä mini super ur inter trans")
_PARLIAMENTS = ("Bundestag", "Bundesrat", "Nationalrat", "Landtag", "Bundeswehr", "Vatikan")
#: What makes a state's name the word for those who live there: ``Ukrainerinnen``.
_INHABITANTS = word_list("innen rinnen")
#: Nouns before which nothing stands for itself: ``US-Dollar``.
_NO_HEADS = word_list("dollar")
#: Letters and words that taggers take for organisations: ``HIV-Test``, ``Deutsch-Kurs``.
_NO_NAMES = word_list(
    """
    aids hi hiv dna dns rna sms wm em ice ic pc tv it ki cd dvd ufo bip internet gps usb lkw pkw
    kfz ceo abc deutsch englisch online web formel corona covid
    """
)
_HYPHEN = re.compile(r"[-‑–/]")
_WORD = re.compile(r"(?<![\w.’'/-])[A-ZÄÖÜ][\w.’']*(?:[-‑/][\w.’']+)*[-‑][A-ZÄÖÜ][^\W\d_]+")
#: Letters between a name and the noun behind it: ``Bundestagswahl``, ``Palästinenserpräsident``.
_LINKS = ("", "s", "n")
_SHORTEST, _SHORTEST_NOUN, _LONGEST = 4, 4, 80
#: Names of these labels are no compounds of other names: ``Baden-Württemberg``, ``Meyer-Landrut``.
_OWN: tuple[Label, ...] = ("PER", "LOC")


@dataclass(frozen=True, slots=True)
class Compound:
    """A word that may hold a name, surely if a tagger gave it a label: ``start:end`` of a field."""

    label: Label | None
    field: str
    start: int
    end: int


def _lands(gazetteer: Gazetteer) -> set[str]:
    return {name for name in {*gazetteer.states, *gazetteer.adjectives.values()} if name.isalpha()}


@cache
def _begins_with_land(lands: frozenset[str]) -> re.Pattern[str]:
    """Return what begins with one of these names and goes on with more than an ending."""
    first = "".join(sorted({land[0] for land in lands}))  # looked at before all names are tried
    names = "|".join(sorted(lands, key=len, reverse=True))
    return re.compile(rf"\b(?=[{first}])(?:{names})[a-zäöüß]{{4,40}}\b")


class _Known:
    """What the article, the rules and the lists know as names, by their spelling."""

    def __init__(self, mentions: Sequence[Mention], gazetteer: Gazetteer, aliases: Aliases) -> None:
        self.article: dict[str, dict[Label, str]] = {}
        for m in mentions:
            for form in (m.surface, m.name):
                self.article.setdefault(_key(form), {}).setdefault(m.label, m.name)
            if m.label == "PER" and " " in m.name:
                surname = self.article.setdefault(_key(m.name.rpartition(" ")[2]), {})
                surname.setdefault("PER", m.name)
        self.gazetteer, self.aliases = gazetteer, aliases
        self.lands: dict[str, Label] = dict.fromkeys(_lands(gazetteer), "LOC")
        self.lands |= dict.fromkeys(_PARLIAMENTS, "ORG")

    def labels(self, name: str) -> set[Label]:
        return {*self.article.get(_key(name), ())} | self.listed(name)

    def listed(self, name: str) -> set[Label]:
        """Return the labels under which the rules and lists know a name."""
        labels: set[Label] = {*self.aliases.labels(name)}
        if name in self.gazetteer.states or name in self.gazetteer.places:
            labels.add("LOC")
        return labels

    def name(self, label: Label, surface: str) -> str:
        """Return the canonical name: the article's own, else that of the rules."""
        own = self.article.get(_key(surface), {}).get(label)
        return own or self.aliases.name(label, surface)


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
    known = _Known(mentions, gazetteer, aliases)
    inside: dict[tuple[str, int], Mention] = {}
    begins = _begins_with_land(frozenset(known.lands))
    for compound in (*compounds, *_unmarked(compounds, mentions, texts, begins)):
        text = texts[compound.field]
        if held := _held(text[compound.start : compound.end], compound, known):
            label, start, end = held[0], compound.start + held[1], compound.start + held[2]
            surface = text[start:end]
            name = known.name(label, _spelt(surface, label))
            if not aliases.is_blocked(label, surface):
                mention = Mention(label, name, surface, compound.field, start, end)
                inside.setdefault((compound.field, start), mention)
    return [*inside.values()]


def _spelt(surface: str, label: Label) -> str:
    """Return ``Deutschland`` for ``deutschland``, and people without hyphens between words."""
    spelt = surface.replace("-", " ") if label == "PER" else surface
    return spelt[:1].upper() + spelt[1:]


def _unmarked(
    compounds: Sequence[Compound],
    mentions: Sequence[Mention],
    texts: AnalysedText,
    lands: re.Pattern[str],
) -> Iterator[Compound]:
    """Yield the words with a hyphen that neither a tagger marked nor people and places hold.

    Nor those without one that begin as a state or parliament is called.
    """
    for field in texts:
        taken = [(c.start, c.end) for c in compounds if c.field == field]
        taken += [(m.start, m.end) for m in mentions if m.field == field and m.label in _OWN]
        starts = {at for start, end in taken for at in range(start, end)}
        for match in _WORD.finditer(texts[field]):
            noun = _HYPHEN.split(match[0])[-1]
            likely = len(noun) >= _SHORTEST_NOUN and noun.lower() not in _NO_HEADS
            if match.start() not in starts and likely and is_noun(noun):
                yield Compound(None, field, *match.span())
        for match in lands.finditer(texts[field]):
            if match.start() not in starts:
                yield Compound(None, field, *match.span())


def _held(word: str, compound: Compound, known: _Known) -> tuple[Label, int, int] | None:
    """Return the label of the name that a word holds, and where it begins and ends there."""
    if len(word) > _LONGEST:
        return None
    ends = [match.start() for match in _HYPHEN.finditer(word)]
    if not ends:
        return _before_noun(word, compound.label, known)
    starts = [0, *(end + 1 for end in ends)]
    pieces = [word[start:end] for start, end in zip(starts, ends, strict=False)]
    first = next((i for i, p in enumerate(pieces) if p and p.lower() not in _BEFORE), -1)
    if first < 0:
        return None
    for end in reversed(ends[first:]):
        form = word[starts[first] : end]
        for spelt in dict.fromkeys((form, form.replace("-", " "))):
            labels = known.labels(spelt) if compound.label else known.listed(spelt)
            sure = compound.label or not is_common_noun(spelt)
            if sure and (label := _one(labels, compound.label)):
                return label, starts[first], end
    if compound.label is None or _is_no_name(pieces[first]):
        return None
    whole = compound.label == "PER" and pieces[first] in known.gazetteer.first_names
    return compound.label, starts[first], ends[-1] if whole else ends[first]


def _is_no_name(piece: str) -> bool:
    return piece.casefold() in _NO_NAMES or is_common_noun(piece) or not piece[:1].isupper()


def _one(labels: set[Label], wanted: Label | None) -> Label | None:
    """Return the wanted label if it is among them, else the only one that there is."""
    return wanted if wanted in labels else next(iter(labels)) if len(labels) == 1 else None


def _before_noun(word: str, label: Label | None, known: _Known) -> tuple[Label, int, int] | None:
    """Return the longest known name in front of a noun, with a letter between them or none.

    In a word that no tagger marked only states and parliaments count.
    """
    for end in range(len(word) - _SHORTEST_NOUN, _SHORTEST - 1, -1):
        name = word[:1].upper() + word[1:end]
        behind = (word[end + len(link) :] for link in _LINKS if word.startswith(link, end))
        held = _one(known.labels(name), label) if label else known.lands.get(name)
        if held and any(map(_is_rest, behind)):
            return held, 0, end
    return None


def _is_rest(rest: str) -> bool:
    long = len(rest) >= _SHORTEST_NOUN and rest not in _INHABITANTS
    return long and (rest.startswith("weit") or is_noun(rest.capitalize()))


def _key(name: str) -> str:
    return caseless(name.replace("-", " "))
