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
from worker.intake.permitted import MOST, Permits, PermittedFile
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
    wanted = senders._permits().file(str(path))
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


def test_nobody_has_the_columns_of_others_tables_taken_away(
    senders: Senders, folders: Folders, tmp_path: Path
) -> None:
    (folders.inbox / "tabellen").mkdir()
    for place in (folders.inbox / "tabellen" / "Columns.TOML", tmp_path / "taz" / "columns.toml"):
        place.write_text('headline = "Titel"\n')
        fate = senders._permits().look(str(place))
        assert isinstance(fate, ItemFate)
        assert (fate.fate, "columns" in fate.reason) == ("failed", True)
        assert place.exists()


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
        senders._permits().file("/a" * 1_000_000)


def test_a_loop_of_links_is_one_paths_fault(senders: Senders, tmp_path: Path) -> None:
    """Red before: none of the others in the message was taken."""
    (tmp_path / "taz" / "loop").symlink_to("loop")
    fate = senders._permits().look(str(tmp_path / "taz" / "loop"))
    assert isinstance(fate, ItemFate)
    assert fate.fate == "failed"


def test_a_link_inside_is_the_file_that_it_means(senders: Senders, tmp_path: Path) -> None:
    (tmp_path / "taz" / "link.txt").symlink_to(tmp_path / "taz" / "2024" / "a.txt")
    found = permitted(senders, tmp_path / "taz" / "link.txt")
    assert found == (tmp_path / "taz" / "2024" / "a.txt", "taz/2024/a.txt", False)


def chain(folder: Path, count: int, end: str = "a.txt") -> Path:
    """The last of so many links, each to the one before it."""
    for number in range(count):
        (folder / f"{number}").symlink_to(f"{number - 1}" if number else end)
    return folder / f"{count - 1}"


def test_as_many_links_lead_to_a_file_as_the_kernel_follows(
    senders: Senders, tmp_path: Path
) -> None:
    """Red before: links were followed without end, and those to each other for weeks."""
    folder = tmp_path / "taz" / "2024"
    last = chain(folder, 41)
    assert permitted(senders, last.with_name("39")) == (folder / "a.txt", "taz/2024/a.txt", False)
    fate = senders._permits().look(str(last))
    assert isinstance(fate, ItemFate)
    assert (fate.fate, "more than 40 links lead there" in fate.reason) == ("failed", True)


def test_a_folder_that_too_many_links_lead_to_is_not_allowed_and_forbids_no_other(
    senders: Senders, tmp_path: Path
) -> None:
    last = chain(tmp_path, 41, "taz")
    both = Senders(senders._intake, [last, tmp_path / "taz"], (64, 1000))
    assert permitted(both, tmp_path / "taz" / "2024" / "a.txt")[1] == "taz/2024/a.txt"
    with pytest.raises(OSError, match="more than 40 links"):
        permitted(both, last / "2024" / "a.txt")


def test_the_paths_of_a_message_take_no_longer_than_they_may(
    folders: Folders, tmp_path: Path
) -> None:
    """Red before: so long as its sender had laid links for; others waited for hours."""
    paths = [str(folders.inbox / f"{number}.txt") for number in range(4)]
    for path in paths:
        Path(path).touch()
    told = iter([0.0, 0.0, MOST, MOST + 1, MOST + 1])
    permits = Permits(folders, [], clock=told.__next__)
    looks = dict(permits.looks([paths[0], *paths]))
    taken = [path for path, found in looks.items() if isinstance(found, PermittedFile)]
    assert (list(looks), taken) == (paths, paths[:2])
    late = looks[paths[2]]
    assert isinstance(late, ItemFate)
    assert "those before it took 60 seconds" in late.reason


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
