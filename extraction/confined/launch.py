"""The program that becomes another of the system's, with nothing but what that needs.

Run by its path in an isolated Python, as ``server.py`` is: it takes from itself all rights but to
read the programs of the system, and is then replaced (execve(2)). It has the file as its standard
input, and one pipe for what it says.
"""

from __future__ import annotations

import json
import os
import sys


def main(arguments: list[str]) -> None:
    """``arguments``: who began it, where modules are imported from, and what to run, as JSON."""
    began, folders, asked = int(arguments[0]), json.loads(arguments[1]), json.loads(arguments[2])
    sys.path[:] = folders
    from extraction.confined.confine import confine_program, end_with_parent

    end_with_parent()
    if os.getppid() != began:
        return  # it has ended in between
    confine_program(asked["seconds"], asked["memory"], asked["readable"])
    os.execve(asked["words"][0], asked["words"], asked["environment"])  # noqa: S606  (no shell)


if __name__ == "__main__":
    main(sys.argv[1:])
