"""JSON of Elasticsearch, however deep: what one document holds must not hide all others."""

from __future__ import annotations

import json
import sys
from threading import Lock
from typing import Any

from elastic_transport import JsonSerializer

# Elasticsearch takes a thousand levels in what it does not search, and answers put some around
# them; Python 3.11 reads so many only where nothing else is under way.
_DEEPEST = 4000
_raised = Lock()


class DeepJson(JsonSerializer):
    """As the client's own, but for documents that are nested deeper than Python likes."""

    def json_loads(self, data: bytes) -> Any:
        """Return what ``data`` says; ``ValueError`` where it is no JSON, or still too deep."""
        try:
            return json.loads(data)
        except RecursionError:
            return _deep(data)


def _deep(data: bytes) -> Any:
    with _raised:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, _DEEPEST))
        try:
            return json.loads(data)
        except RecursionError:
            raise ValueError("it is nested too deep") from None
        finally:
            sys.setrecursionlimit(before)
