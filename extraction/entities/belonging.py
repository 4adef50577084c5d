"""What a role belongs to: the state, organisation or person beside it, by its canonical name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from articles.article import Label, Mention
from extraction.entities import organisation_list
from extraction.entities import role_patterns as patterns
from extraction.entities.acronyms import is_acronym
from extraction.entities.aliases import Aliases
from extraction.entities.context import Context, determiner_before, line_before
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.kinds import without_genitive
from extraction.entities.nominative import dictionary_form
from extraction.entities.role_nouns import Role, role_of_word
from german.folding import caseless
from german.inflection import adjective, towns
from german.wordlist import word_list

_FIRST_WORDS = re.compile(
    rf"(?:[a-zäöüß][\w-]*\s+)*(?P<noun>{patterns.NAME}(?:\s+{patterns.NAME})*)"
)
_ARTICLES = {"des": "des", "vom": "dem", "am": "dem", "beim": "dem", "im": "dem"}
#: Kinds of places, and what says nothing without a name.
_KINDS = word_list(
    """
    region bundesstaat bundesstaates land bundesland staat stadt republik insel provinz kreis
    landkreis gemeinde bezirk kanton hauptstadt ort kolonie abteilung team mannschaft verein neubau
    stadtteil unternehmen firma frau mann familie gruppe partei fraktion
    """
)


class Belonging:
    """Looks up what stands beside roles among the named mentions of one article."""

    def __init__(
        self,
        context: Context,
        names: Mapping[int, str],
        gazetteer: Gazetteer,
        aliases: Aliases,
    ) -> None:
        self.context, self.names = context, names
        self.gender, self.attribute = "", False
        self.gazetteer, self.aliases = gazetteer, aliases
        mentions = context.mentions
        self.starts = {(m.field, m.start): i for i, m in enumerate(mentions) if i in names}
        self.ends = {(m.field, m.end): i for i, m in enumerate(mentions) if i in names}
        self.by_surface = {caseless(mentions[i].surface): name for i, name in names.items()}

    def role(self, text: str, word: str, start: int) -> Role | None:
        """Return the role that the ``word`` at ``start`` names for somebody of ``gender``."""
        return role_of_word(word, self.determiner(text, start), self.gender)

    def determiner(self, text: str, start: int) -> str:
        """Return the determiner before a role, adjectives between them left out."""
        line = line_before(text, start)
        return determiner_before(line, len(line) - len(self._adjectives(line)))

    def owner(self, text: str, start: int, field: str) -> str:
        """Return whose role it is by what stands before: ``Russlands``, ``der russische``."""
        line = line_before(text, start)
        adjectives = self._adjectives(line)
        rest = line[: len(line) - len(adjectives)].rstrip()
        index = self.ends.get((field, start - len(line) + len(rest)))
        if index is not None and patterns.GENITIVE.search(self.context.mentions[index].surface):
            return self.names[index]
        return self._by_adjective(adjectives) or self._by_town(rest)

    def phrase(self, preposition: str, words: str, start: int, field: str) -> str:
        """Return the name that ``words``, which begin at ``start``, hold, or their noun.

        A place further on only says where (``Sprecher der Polizei in Köln``), unless what comes
        first is a kind of place (``Gouverneur des Bundesstaats Virginia``).
        """
        first = _FIRST_WORDS.match(words)
        if not first:
            return ""
        noun: str = first["noun"]
        place = without_genitive(noun.split(maxsplit=1)[0], surely=True).lower() in _KINDS
        named = [
            (at, index)
            for at in range(start, start + len(words))
            if (index := self.starts.get((field, at))) is not None
        ]
        for at, index in named:
            where = self.context.mentions[index].label == "LOC" and not place
            if not (where and at > start + first.start("noun")):
                return self.names[index]
        if place or preposition.startswith("für"):
            return ""
        article = preposition.rsplit(maxsplit=1)[-1]
        article = _ARTICLES.get(article, article if article == "der" else "")
        adjectives = [word.capitalize() for word in words[: first.start("noun")].split()]
        form = dictionary_form(" ".join([*adjectives, noun]), article, "ORG", self.gazetteer)
        return form.split(" ", len(adjectives))[-1]

    def named(self, prefix: str) -> str:
        """Return the canonical name of what stands before a hyphen: ``US``, ``CDU``."""
        for form in (prefix, prefix.replace("-", " ")):
            if name := self.by_surface.get(caseless(form)):
                return name
            for label in ("ORG", "LOC"):
                if (name := self.aliases.name(_label(label), form)) != form:
                    return name
            listed = organisation_list.shipped().alias(form)
            if listed and listed.sure and len(listed.bearers) == 1:
                return listed.bearers[0].name
        return prefix

    def whole(self, text: str, start: int, prefix: str) -> str:
        """Return ``IG Metall`` where the role ``Metall-Chefin`` stands behind ``IG``."""
        words = line_before(text, start).split()
        if not words or not prefix:
            return prefix
        longer = f"{words[-1]} {prefix}"
        letters = len(words[-1]) <= len("VfB") and is_acronym(words[-1])
        return self.by_surface.get(caseless(longer), longer if letters else prefix)

    def behind(self, text: str, mention: Mention, *, having_role: bool) -> str:
        """Return the party in brackets, or, with a role, ``| vom Ifo-Institut``."""
        if bracket := patterns.BRACKET.match(text, mention.end):
            return self._party(bracket["inside"], mention, bracket.start("inside"))
        for length in range(3, 12) if having_role else ():
            index = self.starts.get((mention.field, mention.end + length))
            between = text[mention.end : mention.end + length]
            if index is not None and patterns.FROM.match(between):
                return self.names[index] if self.context.mentions[index].label == "ORG" else ""
        return ""

    def goes_on(self, text: str, end: int, field: str) -> bool:
        """Tell whether a role is followed by a name of its own: ``Müller, Ministerin Schmidt``."""
        rest = text[end : end + 40]
        at = end + len(rest) - len(rest.lstrip())
        index = self.starts.get((field, at))
        person = index is not None and self.context.mentions[index].label == "PER"
        return person or bool(re.match(r"\s+[A-ZÄÖÜ]", rest))

    def _party(self, inside: str, mention: Mention, start: int) -> str:
        first = re.split(r"[,;]", inside)[0].strip()
        index = self.starts.get((mention.field, start))
        if index is not None:
            return self.names[index] if self.context.mentions[index].label == "ORG" else ""
        known = self.aliases.name("ORG", first)
        return known if "ORG" in self.aliases.labels(first) or is_acronym(first) else ""

    def _adjectives(self, line: str) -> str:
        match = patterns.ADJECTIVES.search(line)
        return match[0] if match else ""

    def _by_adjective(self, adjectives: str) -> str:
        for word in reversed(adjectives.split()):
            if state := self.gazetteer.adjectives.get(adjective(word)[0]):
                return self.aliases.name("LOC", state)
        return ""

    def _by_town(self, line: str) -> str:
        """``Berliner Innensenator``, ``Bremer Bürgermeister``, ``Brandenburgs Innenminister``"""
        words = line.split()
        if words and words[-1][:-1] in self.gazetteer.places and words[-1].endswith("s"):
            return words[-1][:-1]
        able = towns(words[-1]) if words else ()
        return next((town for town in able if town in self.gazetteer.places), "")


def _label(label: str) -> Label:
    return "ORG" if label == "ORG" else "LOC"
