"""Another user's commands on a data folder: he is told that he may not look, and nothing else."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.security.stranger import STRANGERS, as_root, as_user
from worker.cli import main
from worker.folders import Folders
from worker.mirror.mirrors import Mirrors
from worker.spool.settle import Reason, fail, settling
from worker.spool.tombstones import Tombstones
from worker.spool.withdrawal import Withdrawal

NOW = "2026-11-30T10:00:00Z"
#: What lists, and what acts upon what it finds.
COMMANDS = (
    "failed",
    "failed --json",
    "mirror list",
    "mirror list --json",
    "status",
    "verify",
    "withdrawn",
    "withdrawn --past",
    "withdrawn --json",
    "where a.txt",
    "restore a.txt",
)


@pytest.fixture
def data() -> Iterator[Path]:
    """One with a file in ``failed/``, and something withdrawn."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        folders = Folders(Path(name, "data")).prepare()
        (folders.inbox / "a.txt").touch()
        with settling(folders):
            fail(folders, folders.inbox / "a.txt", "a.txt", Reason("The file is empty.", "read"))
        tombstones = Tombstones(folders.data / "withdrawals.sqlite")
        tombstones.add([(Withdrawal("t-1", "b.txt", "court order", NOW, "desk"), [], [])])
        yield folders.data


@as_root
@pytest.mark.parametrize("command", COMMANDS)
def test_he_is_told_that_he_may_not_look(
    data: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REDIS_URL=redis", "ELASTICSEARCH_URL=http"):
        setting, _, scheme = name.partition("=")
        monkeypatch.setenv(f"DEPESCHE_{setting}", f"{scheme}://127.0.0.1:1")
    monkeypatch.setenv("DEPESCHE_DATA", str(data))
    monkeypatch.setattr(sys, "argv", ["depesche", *command.split()])
    monkeypatch.chdir("/")
    if command.startswith("mirror"):  # `failed` looks there, too
        (tree := data.with_name("press")).mkdir()
        Mirrors(Folders(data)).add(tree)
    said()  # our own interpreter may lie where he cannot read: it loads what it needs
    told = as_user(STRANGERS[0], said)
    assert isinstance(told, tuple), told
    code, out, err = told
    assert (code, out) == (1, ""), err
    assert "Permission denied" in err or "unable to open" in err


def said() -> tuple[object, str, str]:
    """How a command ended, and what it said."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            return ended.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()
