"""Take genitive endings off names, only where something speaks for it.

``Jens``, ``Paris`` and ``Texas`` end in -s of their own. An ending goes if the form without it
stands in the same article, or a list knows it as a name whose -s form is a genitive.
"""

from __future__ import annotations

import re
from functools import cached_property

from articles.article import Label
from extraction.entities.gazetteer import Gazetteer
from german.folding import transcribed

_APOSTROPHES = "'’ʼ‘`"
#: ``Hans'`` and ``Scholz’``: after a sibilant the apostrophe is the whole ending.
_BARE_APOSTROPHE = re.compile(rf"(?<=[sxzßcS])[{_APOSTROPHES}]$")
_APOSTROPHE_S = re.compile(rf"[{_APOSTROPHES}][sS]$")
#: Endings of names that are seldom genitives: ``Tsipras``, ``Morales``, ``Petrus``, ``Hendriks``;
#: after ck they mostly are: ``Habecks``. Those that are none are listed (``Hicks``).
_FOREIGN = re.compile(r"(?:[aeiouyáéíóú]s|(?<!c)ks|ns|bs|hs|ps|ds|ts)\Z")
#: ``Vereinigten Staaten``, ``Niederlanden``: the states are listed as ``Vereinigte …``.
_INFLECTED = (re.compile(r"(?<=e)[nr]\b(?= )"), re.compile(r"(?<=e)[nr]\b"))


class NamesInText(frozenset[str]):
    """The names of one label in an article as they stand, and the last words of people's names."""

    @cached_property
    def last_words(self) -> frozenset[str]:
        """The last words of those that have several."""
        return frozenset(name.rpartition(" ")[2] for name in self if " " in name)


def nominative(
    name: str, label: Label, known: NamesInText, gazetteer: Gazetteer, *, owner: bool = False
) -> str:
    """Return ``name`` without a genitive ending; ``owner``: a noun follows that it may govern.

    ``known`` are the names of the same label in the article.
    """
    if _BARE_APOSTROPHE.search(name):
        return name[:-1]
    if _APOSTROPHE_S.search(name):
        return name[:-2] if label in ("PER", "LOC") or name[:-2] in known else name
    if state := _state(name, gazetteer) if label == "LOC" else None:
        return state
    return _without_s(name, label, known, gazetteer, owner) if _may_end_in_s(name) else name


def _may_end_in_s(name: str) -> bool:
    """Tell whether the last -s can be an ending: ``NATOs``, but not ``USS`` or ``SMS``."""
    longer = len(name) > len("Bos") or name[:-1].isupper()
    return longer and name.endswith("s") and not name.endswith("ss") and not name.isupper()


def _without_s(
    name: str, label: Label, known: NamesInText, gazetteer: Gazetteer, owner: bool
) -> str:
    if label == "PER":
        return name[:-1] if _is_person(name, known, gazetteer, owner) else name
    if label == "LOC":
        return _place(name, known, gazetteer)
    base = name[:-1]
    bare = base.isupper() or (label == "ORG" and base in gazetteer.places)
    return base if base in known or bare else name


def _state(name: str, gazetteer: Gazetteer) -> str | None:
    """Return the state that ``name`` is, put back into the nominative."""
    forms = (name, *(inflected.sub("", name) for inflected in _INFLECTED))
    return next((form for form in forms if form in gazetteer.states), None)


def _is_person(name: str, known: NamesInText, gazetteer: Gazetteer, owner: bool) -> bool:
    """Tell whether the person's ``name`` is a genitive."""
    base, last = name[:-1], name.rpartition(" ")[2]
    if last in gazetteer.names_in_s:
        # `Peters` beside `Jan Peters` is he, even if there is a `Peter` too.
        return base in known and (" " in name or last not in known.last_words)
    bare = last[:-1]
    listed = bare in gazetteer.surnames or (" " not in name and bare in gazetteer.first_names)
    listed = listed or transcribed(bare) in known
    return base in known or bare in known or listed or (owner and not _FOREIGN.search(name))


def _place(name: str, known: NamesInText, gazetteer: Gazetteer) -> str:
    for base in (name[:-1], name[:-2] if name.endswith("es") else name[:-1]):
        if base in known or base in gazetteer.places:
            return base
    return name
