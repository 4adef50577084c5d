"""Of which shape the answers of other sites are: any other is none, whoever has sent it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: A type, a range of numbers, a list of what ``[...]`` is, a mapping of names to what
#: ``{str: ...}`` is, an object with these names at least, or None for an empty one.
Shape = Any

_VERIFIED = {"at": str, "counts": {str: int}}
#: By question; an answer has one of these.
SHAPES: Mapping[str, tuple[Shape, ...]] = {
    "status": (
        {
            "status": {"verdict": str, "files": {str: int}, "to_do": [str]},
            "exit_status": range(256),
        },
    ),
    "failed": ({"files": [{"path": str, "stage": str, "error": str}]},),
    "retry": ({"files": int, "documents": int},),
    "verified": ({"verified": _VERIFIED}, {"verified": None}),
}


def is_answer(question: str, said: object) -> bool:
    """Whether a site may have answered that."""
    return any(_fits(said, shape) for shape in SHAPES[question])


def _fits(value: object, shape: Shape) -> bool:
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and _has(value, shape)
    if isinstance(shape, range):
        return type(value) is int and value in shape
    return value == {} if shape is None else type(value) is shape  # no bool is a number


def _has(value: Mapping[str, object], shape: Mapping[Any, Shape]) -> bool:
    if str in shape:
        return all(_fits(each, shape[str]) for each in value.values())
    return all(name in value and _fits(value[name], of_it) for name, of_it in shape.items())
