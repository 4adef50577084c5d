"""Names as they stand inside of words, and whose they are: ``Elb``, ``Merkel``, ``Bundesliga``.

What the lists know is the same in every article and kept; what an article names in full goes
before it (`Known`).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cache, cached_property, lru_cache
from typing import NamedTuple, cast

from articles.article import Label, Mention
from extraction.entities import gazetteer as lists
from extraction.entities import organisation_list
from extraction.entities.aliases import Aliases
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.gazetteer import Gazetteer
from extraction.geography.senses import senses
from german.folding import caseless
from german.wordlist import lines, word_list

#: Which of several lists is believed: ``UN`` is a place in Japan too, ``Wagner`` a group.
_ORDER: tuple[Label, ...] = ("ORG", "MISC", "LOC", "PER")
_CITIES = frozenset({"city", "district"})
#: Surnames of the list that begin words of another kind: ``High-Tech``, ``Warn-App``.
_NO_SURNAMES = word_list(
    "high jury pick warn league start heim grün west nord süd ost quick real light"
)
#: Words that places are called and that are hardly meant inside of words: ``Weltraum-Projekt``.
_NO_PLACES = word_list("weltraum roma papa corona jura marken kita france columbia victoria union")
#: What the last piece of a place's own name may be: ``Mexiko-Stadt``.
_PLACES_END = ("-Stadt", "-Land", "-Nord", "-Süd", "-Ost", "-West", "-Mitte", "-Bad")
_SHORTEST_CITY, _LEAST_ROOT = 4, 5
#: Letters of the longest word that is looked into.
LONGEST = 80


class Listed(NamedTuple):
    """What the lists say of a form: for what it surely stands, and what else it may be."""

    sure: frozenset[Label]
    unsure: frozenset[Label]


class Inner(NamedTuple):
    """Whose name it is, and the name if the form is another."""

    label: Label
    name: str


@cache
def inner_names() -> dict[str, Inner]:
    """Return the names in ``seeds/gazetteers/inner-names.txt`` by their form in words."""
    label, names = "", dict[str, Inner]()
    for line in lines("seeds", "gazetteers/inner-names.txt"):
        if line.startswith("@ "):
            label = line[2:].strip()
            continue
        for written in filter(None, map(str.strip, line.split(";"))):
            form, _, name = written.partition(" = ")
            names[form] = Inner(cast("Label", label), name or form)
    return names


@lru_cache(maxsize=8192)
def listed(form: str) -> Listed:
    """Return what organisations, places and people the lists know under a form."""
    sure, unsure = set[Label](), set[Label]()
    if own := inner_names().get(form):
        sure.add(own.label)
    if alias := organisation_list.shipped().alias(form):
        kind: Label = "MISC" if all(b.kind == "misc" for b in alias.bearers) else "ORG"
        (sure if alias.sure and not sure else unsure).add(kind)
    known = lists.shipped()
    if form in known.states or form in known.places:
        sure.add("LOC")
    elif form.lower() not in _NO_PLACES and (places := senses(form)):
        plain = not is_common_noun(form) and not form.isupper() and form[:1].isupper()
        far = places[0].place.kind in _CITIES and (places[0].weak or len(form) < _SHORTEST_CITY)
        (sure if plain and not far and not sure else unsure).add("LOC")
    if form in known.surnames and form.lower() not in _NO_SURNAMES:
        unsure.add("PER")
    return Listed(frozenset(sure), frozenset(unsure - sure))


def further(form: str) -> Label | None:
    """Return whose name a form surely is that stands behind other pieces of a word.

    Of places only states and what words are made of: ``Heal-Africa-Hospital``.
    """
    known = lists.shipped()
    place = form in known.states or form in known.places or form in inner_names()
    return _first({k for k in listed(form).sure if k != "LOC" or place}, None)


@lru_cache(maxsize=4096)
def is_place(word: str) -> bool:
    """Tell whether a place is called so: ``Sachsen-Anhalt``, ``Berlin-Tiergarten``."""
    if senses(word) or "LOC" in listed(word).sure or word.endswith(_PLACES_END):
        return True
    first, _, last = word.rpartition("-")
    return _is_town(first.rpartition("-")[2]) and _is_town(last)


def _is_town(piece: str) -> bool:
    return "LOC" in listed(piece).sure or any(s.place.kind == "district" for s in senses(piece))


class Known:
    """What the article, the rules and the lists know as names, by their spelling."""

    def __init__(self, mentions: Sequence[Mention], gazetteer: Gazetteer, aliases: Aliases) -> None:
        self.article: dict[str, dict[Label, str]] = {}
        self._words: dict[str, dict[Label, str]] = {}
        for m in mentions:
            for form in (m.surface, m.name):
                self.article.setdefault(_key(form), {}).setdefault(m.label, m.name)
            if m.label == "PER" and " " in m.name:
                surname = self.article.setdefault(_key(m.name.rpartition(" ")[2]), {})
                surname.setdefault("PER", m.name)
            elif m.label in ("ORG", "LOC") and " " in m.name:
                for word in m.name.split():
                    self._words.setdefault(_key(word), {}).setdefault(m.label, m.name)
        self.gazetteer, self.aliases = gazetteer, aliases

    def label(self, form: str, tagged: Label | None) -> Label | None:
        """Return whose name a form is, ``tagged`` what a tagger takes its word for.

        ``None`` if nobody knows it, and where no tagger marked the word if it may be a noun.
        """
        own = self.article.get(_key(form), {})
        sure, unsure = listed(form)
        rules: set[Label] = {*self.aliases.labels(form)}
        noun = is_common_noun(form)
        if not tagged and noun:
            return _first(sure | (rules & set(own)), None)
        if tagged == "ORG" and tagged in unsure and tagged not in own:  # `Mars-Süßwaren`
            return tagged
        known = [{*own}, sure | rules]
        for labels in reversed(known) if form.isupper() else known:  # `UN` beside `Kim Jong Un`
            if label := _first(labels, tagged):
                return label
        if tagged and tagged in self._words.get(_key(form), ()):
            return tagged
        if not tagged or noun:
            return tagged if tagged in unsure else None
        return _first(unsure, tagged)

    def told(self, form: str) -> set[Label]:
        """Return the labels under which the article has a form, or the lists surely know it."""
        return {*self.article.get(_key(form), ())} | listed(form).sure

    def name(self, label: Label, surface: str) -> str:
        """Return the canonical name: the article's own, else that of the lists and rules."""
        key = _key(surface)
        own = self.article.get(key, {}).get(label) or self._words.get(key, {}).get(label)
        return own or self.aliases.name(label, _listed_name(label, surface))

    def root(self, word: str) -> tuple[str, Label] | None:
        """Return the longest single word that the article has as a name and a word begins with."""
        if word[:_LEAST_ROOT] not in self._beginnings:
            return None
        able = (word[:end] for end in self._beginnings[word[:_LEAST_ROOT]] if end <= len(word))
        ranked = [(*self._roots[form], form) for form in able if form in self._roots]
        _, label, root = min(ranked, default=(0, None, ""))
        return (root, label) if label else None

    @cached_property
    def _beginnings(self) -> dict[str, set[int]]:
        """How long the roots are that begin with the same letters."""
        beginnings: dict[str, set[int]] = {}
        for root in self._roots:
            beginnings.setdefault(root[:_LEAST_ROOT], set()).add(len(root))
        return beginnings

    @cached_property
    def _roots(self) -> dict[str, tuple[int, Label]]:
        """Names that are no nouns, with their rank, for the longest wins, and their label."""
        roots: dict[str, tuple[int, Label]] = {}
        names = {(n, k) for labels in self.article.values() for k, n in labels.items()}
        for rank, (name, label) in enumerate(sorted(names, key=lambda n: (-len(n[0]), n))):
            root = name.rpartition(" ")[2] if label == "PER" else name
            if _LEAST_ROOT <= len(root) <= LONGEST and root.isalpha() and not is_common_noun(root):
                roots.setdefault(root, (rank, label))
        return roots


def _listed_name(label: Label, surface: str) -> str:
    """Return ``Elbe`` for ``Elb``, ``Bundestag`` for ``Bundestags``, else the surface."""
    inner = inner_names().get(surface)
    if inner and inner.label == label:
        return inner.name
    alias = organisation_list.shipped().alias(surface) if label in ("ORG", "MISC") else None
    return alias.name if alias else surface


def _first(labels: Set[Label], wanted: Label | None) -> Label | None:
    """Return the wanted label if it is among them, else the likeliest."""
    if wanted in labels:
        return wanted
    return next((label for label in _ORDER if label in labels), None)


@lru_cache(maxsize=8192)
def _key(name: str) -> str:
    return caseless(name.replace("-", " "))
