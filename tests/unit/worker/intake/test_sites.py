"""A message of files goes to the site that takes them: once, and where there is no doubt."""

from __future__ import annotations

import pytest

from articles.errors import ServiceUnavailable
from tasks.names import DEFAULT_QUEUE, QueueNames
from tests.fakes.parts import FakeContainer
from worker.heartbeat.beat import EVERY_SECONDS, Beat, Seen
from worker.heartbeat.pulse import MOST_TOLD, Pulse
from worker.intake.sites import MOST_FOLDERS, Others, sites_by_folder, taken_by

HERE = "hamburg"
FOLDERS = {
    "/srv/bremen/inbox": {"bremen"},
    "/media/agentur": {"bremen"},
    "/srv/kiel/inbox": {"kiel"},
    "": {"leer"},
}


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
        (["/mnt/a.txt"], "leer"),
        (["a.txt"], ""),
        (["/mnt/" + "a/" * 3_000 + "b.txt"], ""),
        ([], ""),
    ],
)
def test_the_site_is_the_one_below_whose_folders_all_lie(paths: list[str], site: str) -> None:
    known = FOLDERS if site == "leer" else {f: s for f, s in FOLDERS.items() if f}
    assert taken_by(paths, known) == site


def test_where_two_sites_take_a_folder_of_that_name_nobody_guesses() -> None:
    assert taken_by(["/data/inbox/a.txt"], {"/data/inbox": {"a", "b"}}) == ""


def test_only_living_intakes_of_other_sites_count() -> None:
    beats = [
        beat(HERE, "/a"),
        beat("bremen", "/b"),
        beat("bremen", "/c"),
        beat("kiel", "/d", age=600.0),
        beat("kiel", "/e", process="watch"),
        beat("", "/f"),
        beat("husum", "/c/"),
    ]
    assert sites_by_folder(beats, but=HERE) == {"/b": {"bremen"}, "/c": {"bremen", "husum"}}


def test_of_one_that_tells_of_very_many_folders_some_count() -> None:
    """Anybody may write a heartbeat, and each message of files has it looked through."""
    told = sites_by_folder([beat("bremen", *(f"/{n}" for n in range(5_000)))], but=HERE)
    assert len(told) == MOST_FOLDERS


def test_heartbeats_are_read_once_for_the_messages_between_two_of_them() -> None:
    reads: list[float] = []
    now = [1_000.0]

    def beats() -> list[Seen]:
        reads.append(now[0])
        return [beat("bremen", "/b")]

    others = Others(beats, QueueNames(), clock=lambda: now[0])
    for _ in range(100):
        assert others.queue_for(["/b/a.txt"]) == QueueNames().of("bremen")
    assert len(reads) == 1
    now[0] += EVERY_SECONDS
    others.queue_for(["/b/a.txt"])
    assert len(reads) == 2


def test_many_folders_cost_no_message_more_than_few() -> None:
    """Looked up, not compared with each path."""
    looked: list[str] = []

    class Counting(dict[str, set[str]]):
        def get(self, folder: str, _: object = None) -> set[str]:
            looked.append(folder)
            return super().get(folder, set())

    known = Counting({f"/{n}": {"bremen"} for n in range(10_000)})
    assert taken_by([f"/7/b/{n}.txt" for n in range(100)], known) == "bremen"
    assert len(looked) == 300


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
