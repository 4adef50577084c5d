"""How Depesche starts another process of its own."""

from __future__ import annotations

import sys


def itself(*command: str) -> list[str]:
    """``depesche COMMAND`` by the same Python, and by no program of the folder it is started in.

    With ``-m`` alone Python looks there first: a ``celery.py`` that anybody may put into a folder
    where an operator types ``depesche up`` would run as the operator. Hence ``-P``.
    """
    return [sys.executable, "-P", "-m", "worker.cli", *command]
