"""Names that break programs, and things in the inbox that are no files."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import time
from pathlib import Path

import pytest

from articles.errors import UsageError
from extraction.formats.identity import printable_path
from tests.faults.outcome import (
    article,
    assert_ended,
    command,
    digest,
    documents,
    drop,
    status,
    wait_until_ended,
)
from tests.faults.poison import pipeline
from tests.processes import Processes, files_in, states, wait_for
from worker.container import Container
from worker.spool import deposit

NAMES = [
    b"mit leerzeichen .txt",
    b" ",
    b"zeile\neins\r\nzwei.txt",
    b"tab\tund\x01steuer\x1b[31mzeichen.txt",
    b"\"doppelt\" 'einfach' `rueck`.txt",
    b"-rf",
    b"--help",
    b"$(touch gefahr) & ; | * ? [a] <b>.txt",
    b"back\\slash\\x41.txt",
    b"%2e%2e%2fetc%2fpasswd",
    b"n" * 251 + b".txt",
    "ü".encode() * 127,
    b"\xff\xfe kein utf-8 \xe4.txt",
    "e\u0301 und \u202egnudliewhcs.txt".encode(),
    "🗞️ Zeitung.txt".encode(),
    b"con.json.reason.json.txt",
]


def test_names_that_break_programs(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """Each name as an article, as a folder, and once more as a file that fails."""
    names = [os.fsdecode(name) for name in NAMES]
    good = {name: article(f"gut {number}") for number, name in enumerate(names)}
    good |= {
        f"ordner/{name}/{name}": article(f"unten {number}") for number, name in enumerate(names)
    }
    bad = {f"schlecht/{name}": b"\x00" * (number + 1) for number, name in enumerate(names)}
    processes.start_all(**pipeline(tmp_path))
    drop(container, good | bad)
    wait_until_ended(container, len(good), len(bad))
    assert_ended(container, good, bad)
    listed = command(processes, "failed", "--json")
    assert listed.returncode == 1
    said = {file["path"] for file in json.loads(listed.stdout)["files"]}
    assert said == {printable_path(name) for name in bad}
    for words in (["status"], ["status", "--json"], ["failed"]):
        assert command(processes, *words).returncode in {0, 1}, words
    again = printable_path(f"schlecht/{names[12]}")
    assert "1 file " in command(processes, "retry", again).stdout
    wait_until_ended(container, len(good), len(bad))
    assert_ended(container, good, bad)
    assert not list(Path.cwd().glob("gefahr"))


def test_links_pipes_and_sockets_are_left_alone(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    inbox = container.folders.inbox
    outside = tmp_path / "outside"
    outside.mkdir()
    secret = outside / "geheim.txt"
    secret.write_bytes(article("geheim"))
    (inbox / "verweis.txt").symlink_to(secret)
    (inbox / "ordner").symlink_to(outside)
    (inbox / "ins-leere.txt").symlink_to(outside / "nichts")
    (inbox / "kreis").symlink_to(inbox)
    os.mkfifo(inbox / "rohr.txt")
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(inbox)  # the address of a socket is short
    listener.bind("dose.txt")
    os.chdir(here)
    odd = {"verweis.txt", "ordner", "ins-leere.txt", "kreis", "rohr.txt", "dose.txt"}
    processes.start_all(**pipeline(tmp_path))
    dropped = {f"gut-{number}.txt": article(number) for number in range(3)}
    drop(container, dropped)
    wait_for(lambda: states(container)["enriched"] == 3, "the good ones")
    listener.close()
    left_alone = status(processes)["left_alone"]
    assert set(left_alone) == odd
    assert "link" in left_alone["kreis"]
    assert "pipe" in left_alone["rohr.txt"]
    assert "socket" in left_alone["dose.txt"]
    assert {path.name for path in inbox.iterdir()} == odd
    assert files_in(outside) == ["geheim.txt"]
    assert secret.read_bytes() == article("geheim")
    assert sum(documents(container).values()) == 3
    for path in inbox.iterdir():
        path.unlink()
    assert_ended(container, dropped)


def test_what_systems_leave_in_folders(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """None of it becomes an article; none of it keeps an article waiting."""
    processes.start("watch")
    processes.start("intake")
    outside = tmp_path / "ressort"
    (outside / "@eaDir").mkdir(parents=True)
    litter = [".DS_Store", "Thumbs.db", "desktop.ini", "~$a.docx", "a.txt.lock", "@eaDir/a.txt"]
    for name in litter:
        (outside / name).write_bytes(article(name))
    (outside / "gut.txt").write_bytes(article("gut"))
    shutil.move(outside, container.folders.inbox / "ressort")
    wait_for(lambda: files_in(container.folders.archive) == ["ressort/gut.txt"], "the article")
    time.sleep(3)
    assert files_in(container.folders.inbox) == sorted(f"ressort/{name}" for name in litter)
    assert files_in(container.folders.spool) == files_in(container.folders.failed) == []
    assert set(documents(container)) == {("ressort/gut.txt", digest(article("gut")))}
    assert status(processes)["left_alone"] == {}, "they are seconds old"


def test_a_link_that_takes_a_files_place(container: Container, tmp_path: Path) -> None:
    """Between the look and the claim: neither the last name nor a folder may lead elsewhere."""
    inbox = container.folders.inbox
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "geheim.txt").write_text("geheim")
    (inbox / "geheim.txt").symlink_to(outside / "geheim.txt")
    (inbox / "ordner").symlink_to(outside)
    os.mkfifo(inbox / "rohr.txt")
    with container.spool.filling() as batch:
        for relative in ("geheim.txt", "ordner/geheim.txt", "rohr.txt"):
            with pytest.raises(OSError, match=r"regular|symbolic|directory"):
                deposit.claim(batch, inbox / relative, relative)
        assert batch.files() == []
        with pytest.raises((OSError, UsageError)):
            deposit.copy(batch, inbox / "geheim.txt", "geheim.txt")
        assert batch.files() == []
    assert (outside / "geheim.txt").read_text() == "geheim"
    # Never put back by name, where something else may lie by now; no text is in them.
    assert not [path for path in container.folders.spool.rglob("*") if _no_file(path)]
    assert os.listdir(inbox) == ["ordner"]


def _no_file(path: Path) -> bool:
    return not stat.S_ISREG(path.lstat().st_mode) and not stat.S_ISDIR(path.lstat().st_mode)
