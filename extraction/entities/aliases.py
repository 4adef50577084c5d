"""What a person lays down about names: merge two, rename one, block what is no name.

One rule a line; ``#`` opens a comment. Several names are parted by ``;``::

    merge ORG: Nordatlantikpakt; Nordatlantische Allianz = Nato
    rename PER: Kim Jong-un = Kim Jong Un
    block LOC: Foto

``merge`` and ``rename`` send names of one label to a name; ``rename`` is applied last, so that
it changes what a merge has made. ``block`` drops the mentions of a name under one label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import cast, get_args

from articles.article import Label
from articles.errors import UsageError
from german.folding import caseless, unhyphened
from german.wordlist import lines

Key = tuple[str, str]
_LABELS = "|".join(get_args(Label))
_LINE = re.compile(rf"\s*(merge|rename|block)\s+({_LABELS})\s*:(.*)\Z", re.DOTALL)
#: A byte that is no UTF-8, as ``surrogateescape`` decodes it.
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_EXAMPLE = "write `merge ORG: Nordatlantikpakt = Nato`, `rename …` or `block LOC: Foto`"


@dataclass(frozen=True, slots=True)
class Aliases:
    """Rules about names; keys are a label and a folded name. See the module for their meaning."""

    merges: Mapping[Key, str] = field(default_factory=dict)
    renames: Mapping[Key, str] = field(default_factory=dict)
    blocked: frozenset[Key] = frozenset()
    _labels: Mapping[str, tuple[Label, ...]] = field(init=False, repr=False, compare=False)
    _targets: Mapping[Key, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        targets = {key(label, target): target for (label, _), target in self.merges.items()}
        object.__setattr__(self, "_targets", targets)
        object.__setattr__(self, "_labels", _labels_of(self.merges))

    @classmethod
    def read(cls, lines: Iterable[str]) -> Aliases:
        """Read rules; a later one beats an earlier one about the same name.

        Raises ``UsageError`` with the number of the line that is no rule.
        """
        merges: dict[Key, str] = {}
        renames: dict[Key, str] = {}
        blocked: set[Key] = set()
        for number, line in enumerate(lines, start=1):
            if found := rule(line, number):
                kind, label, names, target = found
                keys = [key(label, name) for name in names]
                if kind == "block":
                    blocked.update(keys)
                else:
                    blocked.difference_update(keys)
                    (merges if kind == "merge" else renames).update(dict.fromkeys(keys, target))
        return cls(merges, renames, frozenset(blocked))

    @classmethod
    def merged(cls, first: Aliases, later: Aliases) -> Aliases:
        """Return both sets of rules; about one name ``later`` decides."""
        freed = later.merges.keys() | later.renames.keys()
        merges = {k: v for k, v in first.merges.items() if k not in later.blocked}
        return cls(
            {**merges, **later.merges},
            {**first.renames, **later.renames},
            (first.blocked - freed) | later.blocked,
        )

    def name(self, label: Label, name: str) -> str:
        """Return the name that the rules give ``name``; itself where they say nothing."""
        for rules in (self.merges, self.renames):
            name = _followed(rules, label, name)
        return name

    def canonical(self, label: Label, name: str) -> str:
        """Return ``name`` as the rules spell it if others merge into it, else ""."""
        own = key(label, name)
        merged = key(label, self.merges.get(own, name)) != own
        return "" if merged else self._targets.get(own, "")

    def is_blocked(self, label: Label, name: str) -> bool:
        return key(label, name) in self.blocked

    def labels(self, name: str) -> tuple[Label, ...]:
        """Return the labels under which ``name`` is merged or is what others merge into."""
        return self._labels.get(_unhyphened(name), ())

    @staticmethod
    def with_merge(lines: Sequence[str], label: Label, alias: str, name: str) -> list[str]:
        """Return ``lines`` and a rule that ``alias`` is another name of ``name``.

        Raises ``UsageError`` for names that a line cannot hold, and for two that are the same.
        """
        return _with_line(lines, f"merge {label}: {_one(alias)} = {_one(name)}", alias, name)

    @staticmethod
    def with_rename(lines: Sequence[str], label: Label, name: str, new: str) -> list[str]:
        """Return ``lines`` and a rule that ``name`` is called ``new``; raises as ``with_merge``."""
        return _with_line(lines, f"rename {label}: {_one(name)} = {_one(new)}", name, new)

    @staticmethod
    def with_block(lines: Sequence[str], label: Label, name: str) -> list[str]:
        """Return ``lines`` and a rule that ``name`` is no name; raises as ``with_merge``."""
        return _with_line(lines, f"block {label}: {_one(name)}")


@cache
def shipped() -> Aliases:
    """Return the rules in ``seeds/aliases.txt``, read once in a process."""
    return Aliases.read(lines("seeds", "aliases.txt"))


def key(label: str, name: str) -> Key:
    """What a rule about a name of a label is known by."""
    return label, _unhyphened(name)


_unhyphened = lru_cache(maxsize=8192)(unhyphened)


def _labels_of(merges: Mapping[Key, str]) -> dict[str, tuple[Label, ...]]:
    """Return folded name -> the labels under which it is merged or merged into."""
    labels: dict[str, set[str]] = {}
    for (label, name), target in merges.items():
        for key in (name, _unhyphened(target)):
            labels.setdefault(key, set()).add(label)
    return {
        name: tuple(label for label in get_args(Label) if label in of_name)
        for name, of_name in labels.items()
    }


def _followed(rules: Mapping[Key, str], label: str, name: str) -> str:
    """Follow rules until none applies; a circle ends where it closes."""
    at = key(label, name)
    seen: set[Key] = set()
    while at not in seen and (target := rules.get(at)) is not None:
        seen.add(at)
        name, at = target, key(label, target)
    return name


def rule(line: str, number: int) -> tuple[str, Label, list[str], str] | None:
    """Return kind, label, names and target of a line, ``None`` if it is empty."""
    content = line.partition("#")[0].strip()
    if not content:
        return None
    match = _LINE.match(content)
    kind, label, rest = match.groups() if match else ("", "", "")
    written, equals, target = rest.partition("=")
    names = [" ".join(name.split()) for name in written.split(";") if name.strip()]
    target = " ".join(target.split())
    if not names or bool(equals) != bool(target) or (kind == "block") == bool(target):
        shown = line.strip()[:80]  # it may be any file's bytes
        raise UsageError(f"line {number} is no rule about names: {shown!r}; {_EXAMPLE}.")
    if _NO_UTF8.search(content):  # a guessed letter would make a name that nobody has
        raise UsageError(f"line {number} is not UTF-8: {line.strip()[:80]!r}; save it as UTF-8.")
    return kind, cast("Label", label), names, target


def _one(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or set(plain) & set("=;#"):
        raise UsageError(
            f"{name!r} can stand in no rule: a name is not empty and has no '=', ';', '#'."
        )
    return plain


def _with_line(lines: Sequence[str], line: str, *names: str) -> list[str]:
    if names and caseless(names[0]) == caseless(names[1]) and line.startswith("merge"):
        raise UsageError(f"{names[0]!r} and {names[1]!r} are the same name already.")
    return [*(kept for kept in lines if kept.strip() != line), line]
