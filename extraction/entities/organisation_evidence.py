"""Tell whether a word that may be an organisation is one here: ``Stern``, ``Bayern``, ``Union``.

A listed name that is a common noun, a surname, a place or a first name as well counts only where
the article agrees: another name of the same organisation stands in it, a noun beside it says what
it is (``Magazin``, ``Konzern``), it is quoted as titles of newspapers are, or its own kind is
talked of. Nouns need more than names: a coat of arms has a star, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from articles.article import Mention
from extraction.analysed_text import AnalysedField
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.context import determiner_before, word_before
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.organisation_list import Alias, Hit, Organisation
from extraction.entities.organisation_words import PRESS, is_cue, is_on
from extraction.entities.press_names import is_beside, is_quoted, is_source, is_title
from german.wordlist import word_list

ARTICLES = ("Der ", "Die ", "Das ")
_STATE = word_list("government parliament ministry military")
_PLACE_WORDS = word_list("in aus nach bei nahe nördlich südlich westlich östlich ganz")
_DEFINITE = word_list("der die das dem den des zur zum beim vom im ins am")
_INDEFINITE = word_list("ein eine einem einen einer eines kein keine")
#: What makes a noun of a company's name: ``Allianz gegen …``.
_ATTRIBUTE = re.compile(r" (?:aus|gegen|zwischen|der|des|von|mit|für) ")
#: What may come between two parties: ``SPD und Grüne``, ``Grünen, Linke``.
_LISTED = re.compile(r"(?:,| und| oder|/| sowie| mit| von) ?\Z")
_US = (
    "USA US Washington Obama Bush Trump Biden Clinton Repräsentantenhaus US-Präsident Republikaner"
)
#: States and towns whose institutions go by a common noun: without their names nothing is clear.
_SEATS = {
    "US": word_list(_US),
    "Berliner Senat": word_list("Berlin Berliner"),
    "Hamburger Senat": word_list("Hamburg Hamburger"),
    "Bremer Senat": word_list("Bremen Bremer"),
    "Hamburgische Bürgerschaft": word_list("Hamburg Hamburger"),
    "Bremische Bürgerschaft": word_list("Bremen Bremer"),
}
_TWO = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of an article: the organisations surely named, how many of each kind, what the tagger takes
    for organisations, the words of people's full names, all words, what may be the press; and kind
    and country of those named.
    """

    named: frozenset[Organisation]
    tagged: frozenset[str]
    called: frozenset[str]
    words: frozenset[str]
    press: frozenset[str] = frozenset()
    kinds: Counter[str] = field(default_factory=Counter)
    lands: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def gathered(
        cls, hits: Iterable[tuple[Alias, bool]], mentions: Sequence[Mention], words: frozenset[str]
    ) -> Evidence:
        """Gather from the listed names, sure or not, the tagger's mentions and the words."""
        listed = [*hits]
        named = frozenset(bearer for alias, sure in listed if sure for bearer in alias.bearers)
        full = (m.surface.split() for m in mentions if m.label == "PER" and " " in m.surface)
        return cls(
            named,
            frozenset(m.surface for m in mentions if m.label == "ORG"),
            frozenset(word for words_of_name in full for word in words_of_name),
            words,
            frozenset(a.name for a, _ in listed if any(b.kind in PRESS for b in a.bearers)),
            Counter(bearer.kind for bearer in named),
            frozenset((bearer.kind, bearer.country) for bearer in named),
        )


def is_meant(hit: Hit, text: AnalysedField, evidence: Evidence, gazetteer: Gazetteer) -> bool:
    """Tell whether an unsure name is an organisation at this place."""
    kinds = {bearer.kind for bearer in hit.alias.bearers} - {"misc"}
    before = word_before(text.text, hit.start)
    if any(is_cue(before, kind) for kind in kinds):
        return True
    if kinds & _STATE or not kinds:
        return bool(kinds) and _is_state_organ(hit, text.text, evidence)
    press = bool(kinds & PRESS) and _is_press(hit, text.text, evidence)
    if press or ("party" in kinds and _is_party(hit, text.text, before, evidence)):
        return True
    named = not evidence.named.isdisjoint(hit.alias.bearers)
    if is_plain_noun(hit.alias.name):
        article = determiner_before(text.text, hit.start) in _DEFINITE
        return named and article and not kinds & PRESS
    other = before in _PLACE_WORDS or _is_persons(hit.alias.name, before, evidence, gazetteer)
    alike = hit.alias.name in evidence.tagged or _is_among_its_kind(kinds, evidence)
    return not other and (named or alike)


@lru_cache(maxsize=4096)
def is_plain_noun(name: str) -> bool:
    """Tell whether the last word of a name is a common noun: ``Stern``, ``Die Zeit``."""
    return is_common_noun(name.rpartition(" ")[2])


def is_plainly_meant(hit: Hit, text: str) -> bool:
    """Tell whether the noun itself is meant: ``eine Allianz gegen``, the quoted word „Allianz“."""
    if hit.alias.sure or not is_plain_noun(hit.alias.name):
        return False
    if not {bearer.kind for bearer in hit.alias.bearers} <= {"company", "misc"}:
        return False
    one = word_before(text, hit.start) in _INDEFINITE
    return one or is_quoted(text, hit.start, hit.end) or bool(_ATTRIBUTE.match(text, hit.end))


def _is_press(hit: Hit, text: str, evidence: Evidence) -> bool:
    """Tell whether a newspaper's name is cited as one.

    A noun would be in the genitive behind ``des``: ``des Spiegel``.
    """
    place = text, hit.start, hit.end
    if is_title(*place) or is_source(*place):
        return True
    surface = text[hit.start : hit.end]
    genitive = word_before(text, hit.start) == "des" and surface == hit.alias.name
    if genitive and surface[-1:] not in "sx" and is_plain_noun(surface):
        return True
    return is_on("newspaper", evidence.words) and is_beside(*place, evidence.press)


def _is_state_organ(hit: Hit, text: str, evidence: Evidence) -> bool:
    """Tell whether ``der Senat``, ``der Kongress`` is one of a state or town that is named."""
    if determiner_before(text, hit.start) not in _DEFINITE:
        return False
    if evidence.kinds["court"] and hit.alias.name == "Senat":
        return False
    return any(
        bearer in evidence.named
        or (bearer.kind == "military" and (bearer.kind, bearer.country) in evidence.lands)
        or not _seat(bearer).isdisjoint(evidence.words)
        for bearer in hit.alias.bearers
    )


def _seat(bearer: Organisation) -> frozenset[str]:
    return _SEATS.get(bearer.name) or _SEATS.get(bearer.country) or frozenset()


def _is_party(hit: Hit, text: str, before: str, evidence: Evidence) -> bool:
    """Tell whether a party's name stands among parties, behind an article or beside another."""
    others = evidence.kinds["party"]
    if (not others and not is_on("party", evidence.words)) or before in ("im", "ins"):
        return False  # `Picknick im Grünen`
    if hit.alias.name == "Union" and ("party", "DE") not in evidence.lands:
        return False
    listed = bool(_LISTED.search(text[max(hit.start - 8, 0) : hit.start])) and others > 0
    article = hit.alias.name.startswith(ARTICLES) and others >= _TWO
    return listed or article or before in _DEFINITE or before in ("bei", "von", "mit")


def _is_persons(name: str, before: str, evidence: Evidence, gazetteer: Gazetteer) -> bool:
    """Tell whether somebody is rather meant who is called so."""
    return name in evidence.called or bool(gazetteer.first_names.get(before.capitalize()))


def _is_among_its_kind(kinds: Set[str], evidence: Evidence) -> bool:
    """Tell whether the article names three others of the kind, or two and talks of such."""
    counts = {kind: evidence.kinds[kind] for kind in kinds}
    return any(
        count > _TWO or (count == _TWO and is_on(kind, evidence.words))
        for kind, count in counts.items()
    )
