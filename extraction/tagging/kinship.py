"""Which word forms behave alike: what is known of one serves for the other."""

from __future__ import annotations

from spacy.strings import hash_string  # type: ignore[attr-defined]

_SHORTEST_TAIL = 5
_LONGEST_FORM = 40

#: Kinds of kinship, as ``relatives`` gives them.
OTHER_CASE, BEHIND_HYPHEN, WITHOUT_S, TAIL = 1, 2, 3, 4


def relatives(form: str) -> list[tuple[int, str]]:
    """List forms that behave like ``form``, nearest first, each with the kind of kinship."""
    if len(form) > _LONGEST_FORM or not any(map(str.isalpha, form)):
        return []
    kin = []
    if form.isupper() and len(form) > 1:
        kin.append((OTHER_CASE, form.capitalize()))
    if "-" in form:
        kin.append((BEHIND_HYPHEN, form.rpartition("-")[2]))
    if form.endswith("s"):
        kin.append((WITHOUT_S, form[:-1].rstrip("'’")))
    tails = range(2, len(form) - _SHORTEST_TAIL + 1)
    return kin + [(TAIL, form[start:].capitalize()) for start in tails]


def key(form: str) -> int:
    """Return the low 32 bits of the form's hash, under which tables keep it."""
    return int(hash_string(form)) & 0xFFFFFFFF
