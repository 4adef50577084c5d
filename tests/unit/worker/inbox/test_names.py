"""Which names are left alone, why, and since when ``status`` tells of them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.inbox.inbox import LONGEST, Scan
from worker.inbox.left_alone import OLD_SECONDS, left_alone
from worker.inbox.names import HIDDEN, SYSTEM, WRITING, ignored, is_litter, why_ignored

ALONE = {
    **dict.fromkeys([".hidden", ".", ".~lock.a.odt#", ".a.swp", ".git"], HIDDEN),
    **dict.fromkeys(["a.part", "a.PART", "a.tmp", "a.crdownload", "a.txt~", "~"], WRITING),
    **dict.fromkeys(["a.filepart", "a.download", "a.Swp", "a.lock", "~$artikel.docx"], WRITING),
    **dict.fromkeys(["desktop.ini", "Desktop.INI", "Thumbs.db", "@eaDir", ".DS_Store"], SYSTEM),
    **dict.fromkeys(["a.partial", "a.bak", "a.SWO", "a.crswap", "a.aria2", "#a.txt#"], WRITING),
    **dict.fromkeys(["a.txt.sb-1a2b3c4d-XyZabc"], WRITING),
    **dict.fromkeys(["Icon\r", "@Recycle", "@Recently-Snapshot", "#snapshot"], SYSTEM),
    **dict.fromkeys(["Network Trash Folder", "Temporary Items"], SYSTEM),
    **dict.fromkeys(["._a.txt", "__MACOSX", "$RECYCLE.BIN", "lost+found"], SYSTEM),
}


@pytest.mark.parametrize(("name", "why"), ALONE.items())
def test_names_that_are_left_alone(name: str, why: str) -> None:
    assert why_ignored(name) == why
    assert is_litter(name) == (why == SYSTEM)


@pytest.mark.parametrize(
    "name",
    ["a.txt", "a.part.txt", "part", "tmp", "~a", "a.tmp1", "ä", "a.json", "a\nb", "a\udcff",
     "lock", "a.lock.txt", "desktop.ini.txt", "thumbs", "eaDir", "$a",
     "Icon", "#a", "a#", "#", "##", "# 1", "a.sb-1", "bak", "a.bak.txt"],
)  # fmt: skip
def test_other_names_are_not(name: str) -> None:
    assert not ignored(name)


@given(st.text(min_size=1))
def test_every_name_is_an_article_or_has_a_reason(name: str) -> None:
    assert ignored(name) == bool(why_ignored(name))
    assert not is_litter(name) or ignored(name)
    assert ignored("." + name)
    assert ignored(name + ".tmp")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Articles and all that is left alone, in the inbox and in a dropped folder."""
    for folder in (tmp_path, tmp_path / "taz" / "2024"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$a.docx", "a.lock", "a.tmp", "b~"):
            (folder / name).write_text("x")
        (folder / "@eaDir").mkdir()
        (folder / "@eaDir" / "a.txt").write_text("x")
        (folder / "a.txt").write_text("Text")
    return tmp_path


NAMES = {".DS_Store", "Thumbs.db", "desktop.ini", "~$a.docx", "a.lock", "a.tmp", "b~", "@eaDir"}


def test_litter_is_no_article_in_a_dropped_folder_neither(inbox: Path) -> None:
    assert {file.relative for file in Scan(inbox, 0.0).files()} == {"a.txt", "taz/2024/a.txt"}


def test_what_is_left_alone_is_told_once_it_is_minutes_old(inbox: Path) -> None:
    now = time.time()
    assert dict(left_alone(inbox, now)) == {}
    told = dict(left_alone(inbox, now + OLD_SECONDS + 1))
    assert set(told) == NAMES | {f"taz/2024/{name}" for name in NAMES}
    assert (told["a.tmp"], told["taz/2024/@eaDir"]) == (WRITING, SYSTEM)


def test_a_file_that_was_renamed_just_now_is_young_whatever_its_time(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_text("x")
    os.utime(tmp_path / "a.part", (0, 0))
    assert dict(left_alone(tmp_path, time.time())) == {}


def test_a_clock_that_is_ahead_makes_nothing_young_for_ever(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_text("x")
    later = time.time() + OLD_SECONDS + 1
    os.utime(tmp_path / "a.part", (later + 1e6,) * 2)
    assert set(dict(left_alone(tmp_path, later))) == {"a.part"}


def test_no_inbox_has_nothing(tmp_path: Path) -> None:
    assert dict(left_alone(tmp_path / "inbox", time.time())) == {}


def test_below_a_path_that_is_too_long_nothing_is_told(tmp_path: Path) -> None:
    """Red before: paths of 25 kilobytes. The scan tells of the folder."""
    inbox, names = tmp_path / "inbox", ["n" * 250] * (LONGEST // 251 + 1)
    inbox.mkdir()
    handle = os.open(inbox, os.O_RDONLY)
    for name in names:
        os.close(os.open("a.part", os.O_CREAT, dir_fd=handle))
        os.mkdir(name, dir_fd=handle)
        above, handle = handle, os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(above)
    os.close(os.open("a.part", os.O_CREAT, dir_fd=handle))
    os.close(handle)
    told = dict(left_alone(inbox, time.time() + OLD_SECONDS + 1))
    assert len(told) == len(names)
    assert max(map(len, told)) <= LONGEST


def test_scripts_of_a_saved_page_are_finished() -> None:
    assert ignored("jquery.js.download")
    assert ignored("jquery.js.download", "Downloads")
    assert not ignored("jquery.js.download", "Artikel-Dateien")
    assert ignored(".x.download", "Artikel_files")
    assert ignored("a.part", "Artikel_files")
