"""A message of files goes to the site that takes them: once, and where there is no doubt."""

from __future__ import annotations

import pytest

from articles.errors import ServiceUnavailable
from tasks.names import DEFAULT_QUEUE, QueueNames
from tests.fakes.parts import FakeContainer
from worker.heartbeat.beat import Beat, Seen
from worker.heartbeat.pulse import MOST_TOLD, Pulse
from worker.intake.sites import folders_by_site, taken_by

HERE = "hamburg"
FOLDERS = {"bremen": {"/srv/bremen/inbox", "/media/agentur"}, "kiel": {"/srv/kiel/inbox/"}}


def beat(site: str, *takes: str, process: str = "intake", age: float = 1.0) -> Seen:
    return Seen(Beat(process, f"{site}-host", 7, site=site, takes=list(takes)), age)


@pytest.mark.parametrize(
    ("paths", "site"),
    [
        (["/srv/bremen/inbox/a.txt", "/media/agentur/2024/b.txt"], "bremen"),
        (["/srv/kiel/inbox/a.txt"], "kiel"),
        (["/srv/kiel/inbox/../../bremen/inbox/a.txt"], "bremen"),
        (["/srv/bremen/inbox/a.txt", "/srv/kiel/inbox/a.txt"], ""),  # of two
        (["/srv/bremen/inbox2/a.txt"], ""),
        (["/srv/bremen/inbox"], ""),
        (["a.txt"], ""),
        ([], ""),
    ],
)
def test_the_site_is_the_one_below_whose_folders_all_lie(paths: list[str], site: str) -> None:
    assert taken_by(paths, FOLDERS) == site


def test_where_two_sites_take_a_folder_of_that_name_nobody_guesses() -> None:
    assert taken_by(["/data/inbox/a.txt"], {"a": {"/data/inbox"}, "b": {"/data/inbox"}}) == ""


def test_only_living_intakes_of_other_sites_count() -> None:
    beats = [
        beat(HERE, "/a"),
        beat("bremen", "/b"),
        beat("bremen", "/c"),
        beat("kiel", "/d", age=600.0),
        beat("kiel", "/e", process="watch"),
        beat("", "/f"),
    ]
    assert folders_by_site(beats, but=HERE) == {"bremen": {"/b", "/c"}}


def test_folders_that_are_too_long_to_be_told_are_not() -> None:
    assert Pulse("intake", HERE, ["/a"]).beat().takes == ["/a"]
    assert Pulse("intake", HERE, ["/" + "a" * MOST_TOLD]).beat().takes == []


def test_what_lies_here_or_was_sent_here_is_worked_here(container: FakeContainer) -> None:
    inbox = container.folders.inbox
    (inbox / "a.txt").write_text("Ein Satz.")
    container.heartbeats.seen.append(beat("bremen", "/srv/bremen", str(inbox)))
    names, senders = container.names, container.senders
    bremen = QueueNames(names.index, "bremen").own
    for queue in (names.shared, DEFAULT_QUEUE, "intake"):
        assert senders.sends_on([str(inbox / "a.txt")], queue) == ""
        assert senders.sends_on(["/srv/bremen/b.txt"], queue) == bremen
        assert senders.sends_on(["/nowhere/b.txt"], queue) == ""
    assert senders.sends_on(["/srv/bremen/b.txt"], names.own) == "", "sent on once"


def test_without_redis_nothing_is_sent_on(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> list[Seen]:
        raise ServiceUnavailable("Redis does not answer")

    monkeypatch.setattr(container.heartbeats, "read", away)
    assert container.senders.sends_on(["/srv/bremen/b.txt"], DEFAULT_QUEUE) == ""
