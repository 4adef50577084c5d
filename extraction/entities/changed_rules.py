"""Which names mean something else under other rules about names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extraction.entities.aliases import Aliases, Key, key, rule

_Sends = tuple[Key, str, str]


def changed_names(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return every name that an article may hold for which these lines of rules differ.

    Those of the rules that came, went or changed, what they made of them, and all that others send
    to one of these. Lines are as in ``aliases.Aliases.read``, which raises ``UsageError``.
    """
    old, new = Aliases.read(before), Aliases.read(now)
    sends = [*_sends(before), *_sends(now)]
    changed = {k for k, _, _ in sends if _meaning(old, k) != _meaning(new, k)}
    more = changed
    while more:  # A = B, and B means something else now: whoever writes A is meant, too
        more = {k for k, _, target in sends if target and key(k[0], target) in changed} - changed
        changed = changed | more
    names = (name for k, *both in sends if k in changed for name in both if name)
    return list(dict.fromkeys(names))


def _sends(lines: Iterable[str]) -> list[_Sends]:
    """Key, name and target ("" of what is blocked) of each name in the rules."""
    read = (rule(line, number) for number, line in enumerate(lines, start=1))
    return [(key(r[1], name), name, r[3]) for r in read if r for name in r[2]]


def _meaning(rules: Aliases, of: Key) -> tuple[str | None, str | None, bool]:
    return rules.merges.get(of), rules.renames.get(of), of in rules.blocked
