"""What a site's answer may be, by the question: whoever reaches Redis may answer for one.

An answer of another shape is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

_COUNT, _EXIT = range(2**53), range(256)
#: A type; a range of whole numbers; ``[shape]``: a list of such; ``{...: shape}``: by any names;
#: an object of at least these names; one of several. Nothing is of the shape ``()``.
_SHAPES: Mapping[str, Any] = {
    "status": {
        "status": {"verdict": str, "files": {...: _COUNT}, "to_do": [str]},
        "exit_status": _EXIT,
    },
    "failed": {"files": [{"path": str, "stage": str, "error": str}]},
    "retry": {"files": _COUNT, "documents": _COUNT},
    "verified": {"verified": ({...: ()}, {"at": str, "counts": {...: _COUNT}})},
}
#: How deep answers are nested at most, and how large a number in them is.
_DEEPEST, _LARGEST = 20, 2**63


def read(question: str, got: object) -> dict[str, Any] | None:
    """An answer to the question; None where it is none."""
    if isinstance(got, dict) and _fits(got, _SHAPES[question]) and _can_be_printed(got):
        return got
    return None


def _fits(value: object, shape: Any) -> bool:
    match shape:
        case tuple():
            return any(_fits(value, one) for one in shape)
        case list():
            return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
        case dict() if ... in shape:
            return isinstance(value, dict) and all(
                _fits(each, shape[...]) for each in value.values()
            )
        case dict():
            return isinstance(value, dict) and all(
                name in value and _fits(value[name], inner) for name, inner in shape.items()
            )
        case range():
            return type(value) is int and value in shape
    return type(value) is shape


def _can_be_printed(value: object, depth: int = 0) -> bool:
    """What nobody looks at, too: ``--json`` prints it."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return depth < _DEEPEST and all(_can_be_printed(each, depth + 1) for each in inner)
    if isinstance(value, float):
        return isfinite(value)
    return not isinstance(value, int) or abs(value) < _LARGEST
