"""Who counts as living, by what processes say of themselves on disk."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ResponseError

from tests.fakes.parts import FakeBeats
from worker.heartbeat.beat import (
    EVERY_SECONDS,
    SILENT_SECONDS,
    STARTING_SECONDS,
    Beat,
    Seen,
    decoded,
    latest,
)
from worker.heartbeat.files import SIZE, BeatFile, read
from worker.heartbeat.heart import Heart
from worker.heartbeat.keys import DAY, _seen
from worker.heartbeat.pulse import Pulse, namespace
from worker.heartbeat.shared import SharedWord
from worker.wording import spoken


def beat(**more: object) -> Beat:
    return Beat(**{"process": "watch", "host": "a", "pid": 1, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "fault"),
    [
        (Seen(beat(), 0.0), ""),
        (Seen(beat(), SILENT_SECONDS), ""),
        (Seen(beat(), SILENT_SECONDS + 1), "silent for 21 s"),
        (Seen(beat(doing="starts"), STARTING_SECONDS), ""),
        (Seen(beat(doing="starts"), STARTING_SECONDS + 1), "silent for 5 min"),
        (Seen(beat(), 1.0, gone=True), "has ended"),
        (Seen(beat(loops={"watch": 59.0, "reconcile": 299.0}), 1.0), ""),
        (Seen(beat(loops={"watch": 95.0}), 1.0), "hangs: its loop 'watch' has stood for 95 s"),
        (Seen(beat(loops={"reconcile": 400.0}), 1.0), "hangs: its loop 'reconcile' has stood"),
        (Seen(beat(doing="waits", what="Redis"), 1.0), ""),
    ],
)
def test_who_lives(seen: Seen, fault: str) -> None:
    assert seen.fault().startswith(fault)
    assert bool(seen.fault()) == bool(fault)


def test_a_busy_machine_may_leave_out_a_heartbeat() -> None:
    assert SILENT_SECONDS >= 3 * EVERY_SECONDS


def test_of_one_process_the_youngest_counts_and_its_end_wherever_it_was_seen() -> None:
    on_disk, in_redis = Seen(beat(), 3.0, gone=True), Seen(beat(), 1.0)
    (only,) = latest([on_disk, in_redis])
    assert (only.age, only.gone) == (1.0, True)


def test_one_whose_place_another_took_is_of_no_interest() -> None:
    dead, frozen = Seen(beat(pid=1, up=500.0), 60.0), Seen(beat(pid=2, up=900.0), 30.0)
    elsewhere = Seen(beat(pid=3, host="b"), 60.0)
    heir = Seen(beat(pid=4, up=50.0), 1.0)  # begun after the death of 1, before the silence of 2
    assert [seen.beat.pid for seen in latest([dead, frozen, elsewhere, heir])] == [2, 4, 3]


@given(st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.lists(st.text())))
def test_what_is_no_heartbeat_is_none(content: dict[str, object]) -> None:
    whole = decoded(json.dumps(content))
    if whole:
        assert isinstance(whole[0].process, str)
        assert Seen(whole[0], 0.0).fault() == ""


@pytest.mark.parametrize(
    "content",
    [b"[" * 10_000, b"9" * 5_000, b'{"process": "intake", "host": "h", "pid": 1, "up": 1e999}',
     b'{"process": "intake", "host": "h", "pid": 1, "since": NaN}',
     b'{"process": "intake", "host": "h", "pid": 1, "up": ' + b"9" * 400 + b"}",
     b'{"process": "intake", "host": "h", "pid": 1, "what": "' + b"x" * 20_000 + b'"}'],
)  # fmt: skip
def test_what_somebody_else_put_in_its_place_is_none(content: bytes) -> None:
    """Red before: whoever writes such a one into Redis ended every `status`."""
    assert decoded(content) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff", b"7", b'{"pid": 1}'])
def test_half_of_one_is_none(content: bytes) -> None:
    assert decoded(content) is None


@pytest.mark.parametrize("name", ["pid", "up", "since", "loops"])
@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan")])
def test_no_number_that_cannot_be_reckoned_with_is_one(name: str, number: float) -> None:
    """Any client of Redis can write one; `status` must go on."""
    said = {"watch": number} if name == "loops" else number
    assert decoded(json.dumps({**beat().as_json(), name: said})) is None


def test_nothing_is_nested_too_deep_to_be_none() -> None:
    assert decoded("[" * 100_000) is None


def test_a_key_of_another_kind_hides_no_other() -> None:
    """What Redis answers for a list under a name in the register."""
    assert _seen(ResponseError("WRONGTYPE"), -1) is None
    assert _seen(json.dumps(beat().as_json()).encode(), ResponseError("no")) is None


def test_newer_workers_may_say_more() -> None:
    whole = decoded(json.dumps({**beat().as_json(), "mood": "good"}))
    assert whole == (beat(), {"mood": "good"})


@given(st.floats(0, 1e7))
def test_times_are_short(seconds: float) -> None:
    assert len(spoken(seconds)) < 12


def test_a_process_tells_what_it_does_and_since_when() -> None:
    pulse = Pulse("intake")
    assert pulse.beat().doing == "starts"
    pulse.does("waits", "Elasticsearch does not answer: one")
    first = pulse.beat()
    time.sleep(0.02)
    pulse.does("waits", "Elasticsearch does not answer: another")
    second = pulse.beat()
    assert (second.doing, second.what) == ("waits", "Elasticsearch does not answer: another")
    assert second.since > first.since, "it waits since the first time"
    pulse.turn("watch")
    assert 0 <= pulse.beat().loops["watch"] < pulse.beat().up
    assert (first.process, first.pid, first.namespace) == ("intake", os.getpid(), namespace())


def test_it_is_written_in_place_and_the_folder_may_be_removed(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "alive"
    mine = Pulse("watch").beat()
    file = BeatFile(folder)
    file.write(mine)
    (path,) = folder.iterdir()
    inode, size = path.stat().st_ino, path.stat().st_size
    file.write(mine)
    assert (path.stat().st_ino, path.stat().st_size) == (inode, size) == (inode, SIZE)
    path.unlink()
    folder.rmdir()
    folder.parent.rmdir()
    file.write(mine)
    (seen,) = read(folder)
    assert seen.beat == mine
    assert seen.fault() == ""
    file.remove()
    assert read(folder) == []


def test_a_long_word_is_cut_to_the_size_of_the_file(tmp_path: Path) -> None:
    file = BeatFile(tmp_path)
    file.write(beat(what="ä" * 5000, loops={"ö" * 3000: 1.0}))
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size == SIZE
    assert len(read(tmp_path)) == 1
    file.remove()


def test_the_age_is_told_by_the_clock_that_both_share_or_else_by_the_file(tmp_path: Path) -> None:
    file = BeatFile(tmp_path)
    file.write(beat(namespace=namespace(), pid=os.getpid()))
    (path,) = tmp_path.iterdir()
    os.utime(path, (0, 0))
    assert read(tmp_path)[0].age < 10, "the wall clock does not count here"
    file.write(beat(namespace="pid:[1] another-machine", pid=os.getpid()))
    hour = time.time() - 3600
    os.utime(path, (hour, hour))
    assert read(tmp_path)[0].age == pytest.approx(3600, abs=60)
    file.close()


def test_a_death_is_known_at_once_where_its_number_means_it(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    file = BeatFile(tmp_path)
    file.write(beat(pid=ended.pid, namespace=namespace()))
    file.close()
    assert [seen.gone for seen in read(tmp_path)] == [True]
    other = BeatFile(tmp_path)
    other.write(beat(pid=ended.pid + 1, namespace="pid:[1] another-machine"))
    assert [seen.gone for seen in read(tmp_path)] == [False], "and its heir has swept it away"
    other.close()


def test_a_folder_that_cannot_be_had_costs_the_heartbeat_alone(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("keine Mappe")
    keys = FakeBeats()
    heart = Heart(Pulse("enrich"), BeatFile(tmp_path / "run" / "alive"), keys)
    heart.beat()
    assert [seen.beat.process for seen in keys.read()] == ["enrich"]
    heart.end()
    assert keys.read() == []


def test_a_thread_beats_and_at_the_end_nobody_wonders(tmp_path: Path) -> None:
    keys = FakeBeats()
    heart = Heart(Pulse("watch"), BeatFile(tmp_path), keys)
    with heart.beating():
        while not (keys.seen and read(tmp_path)):
            time.sleep(0.01)
    assert read(tmp_path) == keys.seen == []


def test_children_have_a_word_with_their_parent() -> None:
    word = SharedWord()
    assert word.heard() == ""
    child = os.fork()
    if child == 0:
        word.say("Elasticsearch antwortet nicht: ä" * 100)
        os._exit(0)
    os.waitpid(child, 0)
    assert word.heard().startswith("Elasticsearch antwortet nicht: ä")
    word.say("")
    assert word.heard() == ""


@pytest.mark.parametrize("passed", [3600.0, -3600.0])
def test_whoever_is_silent_since_redis_has_another_time_is_not_taken_for_living(
    passed: float,
) -> None:
    content = json.dumps(beat().as_json()).encode()
    seen = _seen(content, round(1000 * (DAY - passed)))
    assert seen is not None
    assert seen.fault() == "silent for 60 min"
