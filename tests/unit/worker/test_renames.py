"""Every way of a file is tried at the start: what never works is refused, with the folder."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from articles.errors import UsageError
from worker import renames
from worker.folders import Folders
from worker.renames import mounts_below, try_renames, ways

PLACES = ["inbox", "spool", "archive", "failed"]

MOUNTED = """
import sys
from pathlib import Path
from articles.errors import UsageError
from worker.folders import Folders
from worker.renames import try_renames
try:
    print(try_renames(Folders(Path(sys.argv[1])).prepare()))
except UsageError as error:
    print("refused:", error)
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "mit Leerzeichen").prepare()


def _files(folders: Folders) -> list[Path]:
    return [path for path in folders.data.rglob("*") if path.is_file()]


def test_where_all_is_well_nothing_is_said_and_nothing_stays(folders: Folders) -> None:
    assert try_renames(folders) == []
    assert _files(folders) == []


@pytest.mark.parametrize("way", range(5))
def test_a_way_that_crosses_mounts_is_refused_by_name(
    folders: Folders, way: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = ways(folders)[way]
    rename = Path.rename

    def crossing(path: Path, to: Path) -> Path:
        if (path.parent, to.parent) == (source, target):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", crossing)
    with pytest.raises(UsageError, match="DEPESCHE_DATA") as refused:
        try_renames(folders)
    assert f"from {source} to {target}" in str(refused.value)
    assert _files(folders) == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_right_or_a_full_disk_is_said_and_no_end(
    folders: Folders, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refused(path: Path, to: Path) -> Path:
        if to.parent == folders.archive:
            raise OSError(code, os.strerror(code))
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refused)
    assert try_renames(folders) == [
        f"no file can be put into {folders.archive}: {os.strerror(code)}"
    ]


def test_what_a_killed_trial_left_goes(folders: Folders) -> None:
    old, young = (folders.archive / f".depesche-trial-{n}-ab.tmp" for n in (1, 2))
    for path in (old, young):
        path.touch()
    os.utime(old, (time.time() - 100,) * 2)
    (folders.archive / "artikel.txt").touch()
    try_renames(folders)
    assert {path.name for path in _files(folders)} == {young.name, "artikel.txt"}


def test_mount_points_are_read_from_the_kernel_s_list(tmp_path: Path) -> None:
    lines = [
        "22 1 0:21 / / rw - ext4 /dev/sda rw",
        f"23 22 0:22 / {tmp_path}/data rw shared:1 - tmpfs tmpfs rw",
        f"24 22 0:22 /x {tmp_path}/data/a\\040b rw - tmpfs tmpfs rw",
        f"25 22 0:22 /x {tmp_path}/database rw - tmpfs tmpfs rw",
        "",
        "26 22",
    ]
    assert mounts_below(tmp_path / "data", lines) == [tmp_path / "data" / "a b"]
    assert mounts_below(tmp_path / "data", []) == []


def test_a_mount_that_another_user_has_made_keeps_nobody_from_starting(tmp_path: Path) -> None:
    """As FUSE lets everybody in a folder of his own, and he may make one in the inbox."""

    def line(uid: int) -> str:
        own = f"rw,user_id={uid},group_id=7"
        return f"30 22 0:9 / {tmp_path}/inbox/x rw,nosuid shared:1 - fuse.sshfs host:/ {own}\n"

    assert mounts_below(tmp_path, [line(os.geteuid() + 1)]) == []
    for uid in {0, os.geteuid()}:
        assert mounts_below(tmp_path, [line(uid)]) == [tmp_path / "inbox" / "x"]
    by_root = f"30 22 0:9 / {tmp_path}/inbox/x rw shared:1 - tmpfs tmpfs rw,size=64k\n"
    assert mounts_below(tmp_path, [by_root]) == [tmp_path / "inbox" / "x"]


def _mounted(data: Path, place: str) -> str:
    """What is said where the folder is mounted on itself."""
    if not shutil.which("unshare"):
        pytest.skip("no unshare: nothing can be mounted for one process alone")
    mount = f'mount --bind "$0/{place}" "$0/{place}"'
    done = subprocess.run(
        [
            *("unshare", "-m", "sh", "-c", f'{mount} || exit 77; exec "$@"', str(data)),
            *(sys.executable, "-c", MOUNTED, str(data)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout and (done.returncode == 77 or "unshare" in done.stderr):
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    return done.stdout


@pytest.mark.parametrize("place", PLACES)
def test_a_real_bind_mount_is_refused_by_name(folders: Folders, place: str) -> None:
    said = _mounted(folders.data, place)
    assert said.startswith("refused: No file can move from")
    assert str(folders.data / place) in said
    assert "DEPESCHE_DATA" in said


def test_a_real_mount_inside_a_folder_is_refused_by_name(folders: Folders) -> None:
    (folders.inbox / "taz").mkdir()
    said = _mounted(folders.data, "inbox/taz")
    assert said.startswith(f"refused: {folders.inbox}/taz is a mount of its own")


def test_without_the_kernel_s_list_the_ways_are_still_tried(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renames, "_MOUNTS", Path("/nicht/da"))
    assert try_renames(folders) == []


def test_a_link_that_leads_nowhere_goes_with_what_else_trials_have_left(folders: Folders) -> None:
    left = [folders.inbox / f"{renames.TRIAL}{number}.tmp" for number in range(4)]
    for place in left[1:]:
        place.touch()
    left[0].symlink_to("nowhere")
    for place in left:
        os.utime(place, (1, 1), follow_symlinks=False)
    assert try_renames(folders) == []
    assert _files(folders) == []
    assert not any(map(os.path.lexists, left))
