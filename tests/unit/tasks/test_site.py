"""What a site is called: by a setting, by its data folder, by its host."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from tasks.settings import SITE, Settings, read_settings
from tasks.site import FILE, as_name, known_as, own_names, queue_names, site_of


def settings(data: Path, site: str = "") -> Settings:
    return Settings(data=data, site=site)


def test_a_setting_comes_before_the_folder_and_the_folder_before_the_host(tmp_path: Path) -> None:
    assert site_of(settings(tmp_path)) == as_name(socket.gethostname())
    (tmp_path / FILE).write_text("berlin\nhamburg\n", "utf-8")
    assert site_of(settings(tmp_path)) == "hamburg"
    assert site_of(settings(tmp_path, "bremen")) == "bremen"
    assert own_names(settings(tmp_path, "bremen")) == {"berlin", "hamburg", "bremen"}


def test_files_are_sent_to_a_site_that_somebody_has_named(tmp_path: Path) -> None:
    host = queue_names(settings(tmp_path))
    assert host.files == host.shared, "a program's own host may be no site at all"
    named = queue_names(settings(tmp_path, "hamburg"))
    assert named.files == named.own == "depesche.articles.hamburg.intake"


@pytest.mark.parametrize("name", ["Hamburg", "a.b", "-a", "ä", "a b", "a" * 64, "a/b", "a\n"])
def test_what_would_divide_a_queue_s_name_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPESCHE_SITE", name)
    with pytest.raises(UsageError, match="DEPESCHE_SITE"):
        read_settings()


@given(st.text(max_size=100))
def test_any_host_has_a_name(text: str) -> None:
    assert re.fullmatch(SITE, as_name(text))


def test_hosts_of_one_name_in_two_domains_are_two() -> None:
    assert as_name("Web.Berlin.example") == "web-berlin-example" != as_name("web.hamburg.example")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe", b"A.B\n", b"x" * 100_000])
def test_a_file_that_names_nothing_is_as_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert known_as(tmp_path) == []
