"""Another user of this machine: a forked child that is nobody's but a stranger's."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from worker.access_lists import packed

T = TypeVar("T")

#: Neither is root, nor whom the tests run as: the one that many programs run as, and a person.
STRANGERS = (65_534, 54_321)

as_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user; run the tests as root for this"
)


_UNNAMED = 0xFFFFFFFF


def let_in(folder: Path, uid: int, *lists: str, others: int = 5) -> None:
    """What ``setfacl`` (``-d``: the default list) ``-m u:UID:rwx,g::rx`` does; else skipped."""
    rights = [(1, 7, _UNNAMED), (2, 7, uid), (4, 5, _UNNAMED), (16, 7, _UNNAMED)]
    rights.append((32, others, _UNNAMED))
    try:
        for name in lists:
            os.setxattr(folder, name, packed(rights))
    except (OSError, AttributeError):
        pytest.skip("no access lists on this disk")


def as_user(uid: int, work: Callable[[], T], groups: Sequence[int] = ()) -> T | BaseException:
    """What ``work`` returns, or raises, where that user does it, with no right of root's."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _become_and_work(uid, work, writer, groups)
    os.close(writer)
    with open(reader, "rb") as said:  # noqa: PTH123
        answer: T | BaseException = pickle.loads(said.read())
    os.waitpid(child, 0)
    return answer


def _become_and_work(
    uid: int, work: Callable[[], object], writer: int, groups: Sequence[int]
) -> None:
    try:
        os.setgroups(groups)
        os.setgid(uid)
        os.setuid(uid)
        answer = work()
    except BaseException as error:  # noqa: BLE001
        answer = error
    with open(writer, "wb") as told:
        pickle.dump(answer, told)
    os._exit(0)
