"""Programs with a ``/tmp`` of their own, run for real; where the system refuses, that is told."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from worker.services import own_tmp

_SEEN = "ls -A /tmp; pwd; id -u; cat kept"
_TMP = Path("/tmp")


@pytest.fixture
def planted() -> Iterator[Path]:
    """A file in the ``/tmp`` of all, as another user of the machine would put it there."""
    path = _TMP / f".java_pid-depesche-test-{os.getpid()}"
    path.touch()
    yield path
    path.unlink()


@pytest.fixture
def needed() -> Iterator[Path]:
    folder = _TMP / f"depesche-needed-{os.getpid()}" / "inner"
    folder.mkdir(parents=True)
    (folder / "kept").write_text("here")
    yield folder
    shutil.rmtree(folder.parent)


def _run(argv: list[str], folder: Path, *before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, *argv], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )


def test_nothing_of_others_is_seen_and_what_is_needed_stays(planted: Path, needed: Path) -> None:
    result = _run(own_tmp.command(["sh", "-c", _SEEN], None, [needed, Path("/usr")]), needed)
    if "shared with all" in result.stderr:
        pytest.skip(f"this system lets nobody have a /tmp of his own: {result.stderr}")
    assert result.stdout.split() == [needed.parent.name, str(needed), str(os.geteuid()), "here"]
    assert planted.exists()
    # Nothing of it stays outside.
    assert str(needed) not in Path("/proc/self/mounts").read_text(encoding="utf-8")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_it_becomes_the_user_with_no_right_of_roots(needed: Path) -> None:
    status = "grep -E '^(Uid|Gid|Groups|CapEff|CapPrm):' /proc/self/status"
    result = _run(own_tmp.command(["sh", "-c", status], (60_999, 60_998), [needed]), needed)
    shown = {line.split()[0]: set(line.split()[1:]) for line in result.stdout.splitlines()}
    assert shown == {
        "Uid:": {"60999"},
        "Gid:": {"60998"},
        "Groups:": shown["Groups:"],
        "CapEff:": {"0" * 16},
        "CapPrm:": {"0" * 16},
    }
    assert shown["Groups:"] <= {"60998"}


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="rights can be given up by root alone"
)
def test_where_the_system_refuses_it_runs_all_the_same_and_says_so(
    planted: Path, needed: Path
) -> None:
    without = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
    result = _run(own_tmp.command(["sh", "-c", _SEEN], None, [needed]), needed, *without)
    assert "/tmp is shared with all: " in result.stderr
    assert planted.name in result.stdout


def test_a_folder_that_is_not_there_leaves_all_as_it_was(planted: Path, tmp_path: Path) -> None:
    argv = own_tmp.command(["sh", "-c", "ls -A /tmp"], None, [tmp_path / "away"])
    result = _run(argv, tmp_path)
    assert "/tmp is shared with all: " in result.stderr
    assert planted.name in result.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_closed_umask_keeps_no_user_from_what_is_needed(needed: Path) -> None:
    needed.parent.chmod(0o755)
    script = 'umask 077; exec "$@"'
    argv = own_tmp.command(["cat", "kept"], (60_999, 60_998), [needed])
    assert _run(argv, needed, "sh", "-c", script, "sh").stdout == "here"


def test_what_is_needed_may_lie_behind_a_link(planted: Path, needed: Path) -> None:
    """As a cache does whose folder was moved to another disk."""
    with TemporaryDirectory(dir="/var/tmp") as name:
        link = Path(name, "link")
        link.symlink_to(needed.parent)
        shown = ["sh", "-c", f"cat {link}/inner/kept; ls -A /tmp"]
        result = _run(own_tmp.command(shown, None, [link / "inner"]), needed)
    if "shared with all" in result.stderr and os.geteuid() != 0:
        pytest.skip(f"this system lets nobody have a /tmp of his own: {result.stderr}")
    assert "here" in result.stdout
    assert planted.name not in result.stdout


def test_no_link_that_somebody_puts_on_the_way_leads_anywhere(needed: Path, tmp_path: Path) -> None:
    """What lies in a closed folder would be shown outside of it, to whoever may read it there."""
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    (closed / "inner" / "kept").write_text("secret")
    argv = own_tmp.command(["sh", "-c", f"cat {needed}/kept"], None, [needed])
    aside = needed.parent.with_name(f"{needed.parent.name}-aside")
    needed.parent.rename(aside)
    needed.parent.symlink_to(closed)
    try:
        result = subprocess.run(
            argv, cwd="/", capture_output=True, text=True, check=False, timeout=60
        )
    finally:
        needed.parent.unlink()
        aside.rename(needed.parent)
    assert "/tmp is shared with all: " in result.stderr
