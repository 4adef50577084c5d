"""Requests that are not done."""

from __future__ import annotations

from tests.fakes.analysis import Json


class Refused(Exception):
    """An answer that is an error: its status and Elasticsearch's type and reason of it."""

    def __init__(self, status: int, kind: str, reason: str, **more: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.status = status
        self.error = {"type": kind, "reason": reason, **more}

    def body(self) -> Json:
        """The answer."""
        return {"error": {**self.error, "root_cause": [self.error]}, "status": self.status}
