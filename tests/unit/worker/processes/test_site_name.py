"""The data folder keeps the name of its site, whoever starts first."""

from __future__ import annotations

import socket
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from tasks.settings import Settings
from tasks.site import FILE, known_as
from worker.processes.site_name import keep


def test_the_host_s_name_is_kept_and_another_host_takes_it_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path)
    monkeypatch.setattr(socket, "gethostname", lambda: "a1b2c3")
    assert keep(settings) == "a1b2c3"
    monkeypatch.setattr(socket, "gethostname", lambda: "d4e5f6")
    assert keep(settings) == "a1b2c3", "another container of the same data folder"
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) & 0o444 == 0o444


def test_a_former_name_stays_known(tmp_path: Path) -> None:
    for site in ("berlin", "hamburg", "hamburg", "berlin"):
        assert keep(Settings(data=tmp_path, site=site)) == site
    assert known_as(tmp_path) == ["berlin", "hamburg", "berlin"]


def test_of_many_that_start_at_once_one_gives_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = threading.local()
    monkeypatch.setattr(socket, "gethostname", lambda: hosts.name)
    together, kept = threading.Barrier(8), list[str]()

    def start(name: str) -> None:
        hosts.name = name
        together.wait(10)
        kept.append(keep(Settings(data=tmp_path)))

    threads: list[Any] = [threading.Thread(target=start, args=(f"host{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(kept) == 8
    assert set(kept) == set(known_as(tmp_path))
    assert len(known_as(tmp_path)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_where_it_cannot_be_written_work_begins_all_the_same(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert keep(Settings(data=tmp_path, site="hamburg")) == "hamburg"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
