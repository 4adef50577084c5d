"""Where ``depesche`` begins: Ctrl-C ends it without a traceback, even while it loads the rest."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line. Exit status 130 where it is interrupted."""
    try:
        from worker.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would only disturb the end
        sys.exit(130)
