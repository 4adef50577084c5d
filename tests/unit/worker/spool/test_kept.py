"""Rights, group and time go with a file from its place to the archive, and so do its folders'."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker import access_lists
from worker.access_lists import GROUP, MASK, NOBODY_NAMED, OTHERS, OWNER, USER
from worker.folders import Folders
from worker.intake.reading import FileReader
from worker.spool import deposit, own_copy
from worker.spool.kept import file_like, models_of, rights, way
from worker.spool.naming import reason_name
from worker.spool.settle import Reason, archive, fail
from worker.spool.spool import Batch, Spool, SpooledFile

OLD = 1_500_000_000


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data").prepare()


@pytest.fixture
def group() -> int:
    """A group that is not our first one, and that we may give files to."""
    others = [g for g in os.getgroups() if g != os.getgid()]
    if not others and os.geteuid() != 0:
        pytest.skip("this user is in one group only")
    return others[0] if others else 4711


def _article(folder: Path, mode: int, group: int = -1) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "a.txt"
    file.write_text("Text")
    os.chown(file, -1, group)
    file.chmod(mode)
    os.utime(file, (OLD, OLD))
    return file


def _rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _copied(folders: Folders, file: Path, relative: str) -> Batch:
    with Spool(folders.spool).filling() as batch:
        deposit.copy(batch, file, relative)
    return batch


def _listed(path: Path, named: int, *, group: int, others: int = 0) -> None:
    """What ``setfacl -m u:4711:…`` makes of it: the group's bits of its mode are the mask then."""
    rest = ((GROUP, group), (MASK, 7), (OTHERS, others))
    entries = [(OWNER, 7, NOBODY_NAMED), (USER, named, 4711)]
    entries += [(tag, rights, NOBODY_NAMED) for tag, rights in rest]
    try:
        os.setxattr(path, access_lists.ACCESS, access_lists.packed(entries))
    except (OSError, AttributeError):
        pytest.skip("no access lists on this disk")


#: What the list lets whom it names, the group and others do, and the copy's bits of both.
LISTS = [(4, 0, 0, 0o00), (4, 4, 0, 0o40), (6, 6, 4, 0o44), (4, 0, 4, 0o04), (0, 4, 4, 0o00)]


@pytest.mark.parametrize(("named", "group", "others", "left"), LISTS)
def test_whom_an_access_list_lets_not_read_a_text_reads_no_copy_of_it(
    folders: Folders, tmp_path: Path, named: int, group: int, others: int, left: int
) -> None:
    """Red before: the bits of the list's mask were taken for the group's."""
    file = _article(tmp_path / "taz", 0o600)
    _listed(file, named, group=group, others=others)
    copied = _copied(folders, file, "taz/a.txt").root / "taz/a.txt"
    assert _rights(copied) & 0o077 == left
    assert access_lists.ACCESS not in os.listxattr(copied)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_nor_one_of_intake_s_or_its_reason(folders: Folders) -> None:
    """Red before, both."""
    file = _article(folders.inbox / "taz", 0o600)
    os.chown(file, 65533, -1)
    _listed(file, 4, group=0)
    with Spool(folders.spool).filling() as batch:
        deposit.claim(batch, file, "taz/a.txt")
    spooled = SpooledFile(batch.root / "taz/a.txt", "taz/a.txt")
    read = FileReader(1000, leases=True).read(spooled, archived=False)
    assert read.copy
    assert _rights(read.copy) & 0o077 == 0
    reason = fail(folders, spooled.path, "taz/a.txt", Reason("x", "parse"))
    assert reason
    assert _rights(reason.with_name(reason_name(reason.name))) & 0o077 == 0


def test_nor_names_in_a_folder_like_one_that_it_lets_not_list(
    folders: Folders, tmp_path: Path
) -> None:
    """Red before."""
    file = _article(tmp_path / "taz", 0o600)
    _listed(file.parent, 7, group=0)
    batch = _copied(folders, file, "taz/a.txt")
    assert _rights(batch.root / "taz") & 0o077 == 0


def test_a_copy_can_be_read_by_whoever_made_it(folders: Folders, tmp_path: Path) -> None:
    """Somebody else's file, open to our group and not to its owner."""
    file, target = _article(tmp_path / "taz", 0o040), tmp_path / "copy"
    with target.open("wb") as copy:
        file_like(copy.fileno(), file.stat())
    assert _rights(target) == 0o440


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o664])
def test_a_copy_has_the_rights_group_and_time_of_its_file(
    folders: Folders, tmp_path: Path, group: int, mode: int
) -> None:
    file = _article(tmp_path / "taz", mode, group)
    batch = _copied(folders, file, "taz/a.txt")
    target = archive(folders, batch.root / "taz/a.txt", "taz/a.txt")
    assert target
    there = target.stat()
    assert (_rights(target), there.st_gid, there.st_mtime) == (mode & ~0o022, group, OLD)


def test_what_a_program_sends_is_an_ordinary_file(folders: Folders) -> None:
    with Spool(folders.spool).filling() as batch, open(os.devnull, "rb") as nothing:  # noqa: PTH123
        deposit.put(batch, nothing, "sent/a.json")
    assert _rights(batch.root / "sent/a.json") == 0o644


@pytest.mark.parametrize("way", ["claim", "copy"])
@pytest.mark.parametrize("end", ["archive", "failed"])
def test_folders_keep_theirs_to_the_end(
    folders: Folders, tmp_path: Path, group: int, way: str, end: str
) -> None:
    top = (folders.inbox if way == "claim" else tmp_path) / "taz"
    file = _article(top / "2024", 0o640)
    for folder, mode in ((top, 0o2770), (top / "2024", 0o700)):
        os.chown(folder, -1, group)
        folder.chmod(mode)
    with Spool(folders.spool).filling() as batch:
        getattr(deposit, way)(batch, file, "taz/2024/a.txt")
    taken = batch.root / "taz/2024/a.txt"
    if end == "archive":
        archive(folders, taken, "taz/2024/a.txt")
    else:
        fail(folders, taken, "taz/2024/a.txt", Reason("x", "parse"))
    made = folders.data / end / "taz"
    assert (_rights(made), made.stat().st_gid) == (0o2750, group)
    # The first has the bit, and hands its group and the group's right to read down.
    assert (_rights(made / "2024"), (made / "2024").stat().st_gid) == (0o2750, group)


def test_folders_of_a_shared_archive_are_shared_as_it_is(
    folders: Folders, tmp_path: Path, group: int
) -> None:
    os.chown(folders.archive, -1, group)
    folders.archive.chmod(0o2775)
    file = _article(tmp_path / "taz" / "2024", 0o644)
    (tmp_path / "taz").chmod(0o700)
    batch = _copied(folders, file, "taz/2024/a.txt")
    archive(folders, batch.root / "taz/2024/a.txt", "taz/2024/a.txt")
    for folder in ("taz", "taz/2024"):
        made = folders.archive / folder
        assert made.stat().st_gid == group
        assert _rights(made) & 0o2070 == 0o2050


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
@pytest.mark.parametrize("shared", [0o700, 0o2750, 0o2770])
def test_whom_the_archive_is_shared_with_to_read_may_change_nothing_in_it(
    folders: Folders, group: int, shared: int
) -> None:
    """Red before: folders there could be written by whom it was, or was later, shared with."""
    os.chown(folders.archive, -1, group)
    folders.archive.chmod(shared)
    folders.inbox.chmod(0o2770)
    file = _article(folders.inbox / "taz", 0o666, group)
    os.chown(file, 65533, -1)
    os.chown(folders.inbox / "taz", 65533, group)
    (folders.inbox / "taz").chmod(0o2777)
    with Spool(folders.spool).filling() as batch:
        deposit.claim(batch, file, "taz/a.txt")
    own_copy.take_over(batch.root / "taz/a.txt", "taz/a.txt")
    target = archive(folders, batch.root / "taz/a.txt", "taz/a.txt")
    assert target
    assert _rights(target) & 0o022 == 0
    assert _rights(target.parent) & 0o022 == 0
    assert _rights(target.parent) & 0o2050 == 0o2050


def test_nor_in_a_folder_that_nothing_in_the_inbox_is_like(folders: Folders) -> None:
    """Red before: that of a container was as open as the umask left it."""
    folders.archive.chmod(0o2750)
    (folders.inbox / "a.zip").write_bytes(b"PK")
    before = os.umask(0o002)
    try:
        with Spool(folders.spool).filling() as batch:
            deposit.claim(batch, folders.inbox / "a.zip", "a.zip")
        archive(folders, batch.root / "a.zip", "a.zip", wanted="a.zip/a.zip")
    finally:
        os.umask(before)
    assert _rights(folders.archive / "a.zip") == 0o2755


def test_a_folder_that_is_there_stays_as_it_is(folders: Folders, tmp_path: Path) -> None:
    (folders.archive / "taz").mkdir(mode=0o750)
    batch = _copied(folders, _article(tmp_path / "taz", 0o644), "taz/a.txt")
    archive(folders, batch.root / "taz/a.txt", "taz/a.txt")
    assert _rights(folders.archive / "taz") == 0o750


def test_whoever_made_a_folder_can_always_take_files_out_of_it(
    folders: Folders, tmp_path: Path
) -> None:
    file = _article(tmp_path / "taz", 0o444)
    (tmp_path / "taz").chmod(0o555)
    batch = _copied(folders, file, "taz/a.txt")
    (tmp_path / "taz").chmod(0o755)
    assert _rights(batch.root / "taz") == 0o755


def test_a_link_in_a_folder_s_place_lends_it_nothing(tmp_path: Path) -> None:
    (tmp_path / "fremd").mkdir(mode=0o700)
    (tmp_path / "taz").symlink_to(tmp_path / "fremd")
    models = models_of(tmp_path / "taz" / "a.txt", "taz/a.txt")
    (tmp_path / "neu").mkdir()
    with way(tmp_path / "neu", ["taz"], models):
        assert _rights(tmp_path / "neu" / "taz") == 0o755


@given(st.integers(0, 0o7777))
def test_another_group_gets_no_more_than_everybody(mode: int) -> None:
    assert rights(mode, True) == mode & 0o777
    other = rights(mode, False)
    assert other & 0o707 == mode & 0o707
    assert (other & 0o070) >> 3 == mode & 0o007
