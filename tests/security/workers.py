"""A genuine Celery worker whose tasks only say that they were called.

``workers.py ADDRESS FOLDER [SECONDS]``: so long a message may be at work.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasks.broker import connect
from tasks.names import QueueNames
from tasks.redis_address import parse
from tasks.register import register_enrich, register_intake
from worker import logs
from worker.heartbeat.files import BeatFile
from worker.heartbeat.heart import Heart
from worker.heartbeat.keys import BeatKeys
from worker.heartbeat.pulse import Pulse
from worker.heartbeat.shared import SharedWord
from worker.processes.celery_worker import serve

#: Paths for which the task takes long, and does not come to an end.
SLOWLY, FOR_EVER = "slowly", "for ever"
LEASE_SECONDS, SLOW_SECONDS = 2.0, 12.0


class Work:
    """What is done for all tasks."""

    def batch(self, name: str, *, before_others: bool = False) -> None:
        """Nothing."""

    def sends_on(self, paths: Sequence[str], came_from: str) -> str:
        """There is no other site."""
        return ""

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """Say so, and take long where that is asked for."""
        print("files:", paths, flush=True)
        if SLOWLY in paths:
            time.sleep(SLOW_SECONDS)
        if FOR_EVER in paths:
            time.sleep(3600)
        return []

    def article(self, parts: dict[str, Any]) -> dict[str, Any]:
        """What was sent."""
        return parts

    def asked(self, question: str, said: dict[str, Any]) -> dict[str, Any]:
        """Nothing."""
        return {}

    def documents(self, ids: Sequence[str], careful: bool, request: int) -> None:
        """Nothing."""


if __name__ == "__main__":
    url, folder, longest = sys.argv[1], Path(sys.argv[2]), float([*sys.argv, "600"][3])
    logs.configure(process="stub")
    app, work = connect(url, LEASE_SECONDS), Work()
    register_intake(app, work, 600.0)
    register_enrich(app, work, 600.0)
    heart = Heart(Pulse("intake"), BeatFile(folder), BeatKeys(parse(url)))
    queues = *QueueNames().of_intake, *QueueNames().of_enrich
    serve(app, "stub", queues, 2, 1000, heart, SharedWord(), longest)
