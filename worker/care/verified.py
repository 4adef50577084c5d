"""When this site was last verified, and what was found then: other sites may ask for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from worker.atomic import write_json
from worker.container import Container
from worker.moment import moment

#: Below the data folder.
NAME = "verified.json"


def note(container: Container, left: Mapping[str, int]) -> None:
    """It was verified now; ``left`` are the differences by kind that nobody has put right."""
    at = moment()
    write_json(container.folders.data / NAME, {"at": at, "counts": dict(left)})


def last(container: Container) -> dict[str, Any]:
    """``at`` (ISO 8601) and ``counts`` by kind; empty where it was never verified."""
    try:
        told = json.loads((container.folders.data / NAME).read_bytes())
        return {"at": str(told["at"]), "counts": {k: int(n) for k, n in told["counts"].items()}}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
