"""Which files a program may name in a message: those of the inbox and of allowed folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from articles.errors import UsageError
from worker.folders import Folders
from worker.intake.fates import ItemFate
from worker.intake.intake import Intake
from worker.intake.senders import Senders


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data").prepare()


@pytest.fixture
def senders(tmp_path: Path, folders: Folders) -> Senders:
    """Nothing here is indexed: neither service is ever asked for."""
    (tmp_path / "taz" / "2024").mkdir(parents=True)
    (tmp_path / "taz" / "2024" / "a.txt").write_text("a")
    (tmp_path / "secret.txt").write_text("secret")
    nothing: Any = None
    intake = Intake(folders, lambda: nothing, "x", nothing, max_file_bytes=1000, enrich_batch=8)
    return Senders(intake, [tmp_path / "taz"], (64, 1000))


def permitted(senders: Senders, path: Path) -> tuple[Path, str, bool]:
    wanted = senders._permitted(str(path))
    return wanted.file, wanted.relative, wanted.in_inbox


def test_files_of_the_inbox_keep_their_path_and_others_their_folder(
    senders: Senders, folders: Folders, tmp_path: Path
) -> None:
    (folders.inbox / "x").mkdir()
    dropped = folders.inbox / "x" / "b.txt"
    dropped.touch()
    allowed = tmp_path / "taz" / "2024" / "a.txt"
    assert permitted(senders, dropped) == (dropped, "x/b.txt", True)
    assert permitted(senders, allowed) == (allowed, "taz/2024/a.txt", False)
    roundabout = tmp_path / "taz" / ".." / "taz" / "2024" / "a.txt"
    assert permitted(senders, roundabout) == (allowed, "taz/2024/a.txt", False)


def test_nothing_else_can_be_had(senders: Senders, folders: Folders, tmp_path: Path) -> None:
    (folders.archive / "old.txt").touch()
    (tmp_path / "tazette").mkdir()
    (tmp_path / "tazette" / "a.txt").touch()
    for folder in (folders.inbox, tmp_path / "taz"):
        (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
        (folder / "up").symlink_to(tmp_path)
        os.mkfifo(folder / "pipe")
        for name in ("link.txt", "up/secret.txt", "pipe", "..", "../secret.txt", "", "none.txt"):
            with pytest.raises(UsageError, match="DEPESCHE_INGEST_FOLDERS"):
                permitted(senders, folder / name)
    for path in ("/etc/passwd", "secret.txt", "~/.ssh/id_rsa", folders.archive / "old.txt",
                 tmp_path / "tazette" / "a.txt", tmp_path / "taz"):  # fmt: skip
        with pytest.raises(UsageError, match="DEPESCHE_INGEST_FOLDERS"):
            permitted(senders, Path(path))


def test_the_data_folder_is_no_part_of_a_folder_above_it(
    senders: Senders, folders: Folders, tmp_path: Path
) -> None:
    """Red before: a sender had the passwords in it indexed."""
    above = Senders(senders._intake, [tmp_path], (64, 1000))
    for name in ("services/secrets/elasticsearch.json", "archive/closed.txt", "spool/b/files/a"):
        file = folders.data / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("secret")
        with pytest.raises(UsageError, match="DEPESCHE_INGEST_FOLDERS"):
            permitted(above, file)
    (folders.inbox / "a.txt").touch()
    assert permitted(above, folders.inbox / "a.txt")[2]
    assert permitted(above, tmp_path / "taz" / "2024" / "a.txt")[2] is False
    inside = Senders(senders._intake, [folders.archive], (64, 1000))
    assert permitted(inside, folders.archive / "closed.txt")[1] == "archive/closed.txt"


def test_a_path_that_is_too_long_is_not_looked_at(senders: Senders) -> None:
    """Red before: one of 2 MB was looked at for ten minutes."""
    with pytest.raises(UsageError, match="more than 4,096 characters"):
        senders._permitted("/a" * 1_000_000)


def test_a_loop_of_links_is_one_paths_fault(senders: Senders, tmp_path: Path) -> None:
    """Red before: none of the others in the message was taken."""
    (tmp_path / "taz" / "loop").symlink_to("loop")
    fate = senders._look(str(tmp_path / "taz" / "loop"))
    assert isinstance(fate, ItemFate)
    assert fate.fate == "failed"


def test_a_link_inside_is_the_file_that_it_means(senders: Senders, tmp_path: Path) -> None:
    (tmp_path / "taz" / "link.txt").symlink_to(tmp_path / "taz" / "2024" / "a.txt")
    found = permitted(senders, tmp_path / "taz" / "link.txt")
    assert found == (tmp_path / "taz" / "2024" / "a.txt", "taz/2024/a.txt", False)


@pytest.mark.parametrize("path", ["none.txt", "/" + "x" * 5000, "x/" * 3000, ""])
def test_what_cannot_be_had_is_answered(senders: Senders, path: str) -> None:
    (answer,) = senders.files([path])
    assert (answer["path"], answer["fate"]) == (path, "failed")
    assert answer["reason"].startswith("it was not taken: ")


def test_a_path_that_is_none_is_answered(senders: Senders) -> None:
    (answer,) = senders.files(["a\0b"])
    assert answer["fate"] == "failed"


def test_a_link_in_an_allowed_folder_s_own_place_allows_nothing(
    senders: Senders, tmp_path: Path
) -> None:
    """Who owns the folder above it puts it there; root's own links lead where they lead."""
    if os.geteuid():
        pytest.skip("only root gives links away")
    (tmp_path / "taz").rename(tmp_path / "weg")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a.txt").touch()
    (tmp_path / "taz").symlink_to(tmp_path / "root")
    assert permitted(senders, tmp_path / "taz" / "a.txt")[1] == "root/a.txt"
    os.lchown(tmp_path / "taz", 65534, 65534)
    with pytest.raises(UsageError, match="no file in a folder"):
        permitted(senders, tmp_path / "taz" / "a.txt")
