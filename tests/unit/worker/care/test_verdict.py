"""What ``status`` says first and last: the sentence, what to do, and its exit status."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.care.note import Note
from worker.care.standing import Status
from worker.care.verdict import exit_status, judge
from worker.care.workers import Worker, mixed, namesakes

QUEUES = {"intake": 0, "enrich": 0, "celery": 0}


def worker(process: str, fault: str = "", seconds: float = 1.0, host: str = "a") -> Worker:
    return Worker(process, host, 7, not fault, fault, seconds, 100.0, "idle", 50.0, "")


ALL = [worker("watch"), worker("intake"), worker("enrich")]
SILENT = worker("enrich", "silent for 40 s", 40.0)
LONG_GONE = worker("enrich", "silent for 3 h 0 min", 3 * 3600.0)
HANGS = worker("watch", "hangs: its loop 'watch' has stood for 95 s", 2.0)


WAITS = replace(worker("intake"), doing="waits", doing_seconds=40.0, what="Redis takes nothing: x")


def status(**content: Any) -> Status:
    return Status(**{"queues": QUEUES, "workers": ALL, **content})


GONE = {"services": {"redis": "away: no answer"}, "queues": None}
LOADS = {"services": {"redis": "loading: it answers when"}, "queues": None}
REFUSES = {"services": {"redis": "refuses: WRONGTYPE"}, "queues": None}
HELD = {"services": {"elasticsearch": "read-only: a block"}}
UNFIT = {"services": {"elasticsearch": "not usable: an older mapping"}}
BUSY = {"files": {"inbox": 2, "spool": 1}, "documents": {"pending": 5}}
PENDING = {"documents": {"pending": 5}}
FAILED = {"files": {"failed": 2}, "documents": {"failed": 1}}
MESSAGE = {"queues": {**QUEUES, "celery": 1}}
NOTE = {"notes": [Note("odd", "Odd", "Look at it")]}
WRONG = {"notes": [Note("odd", "Odd", "Look at it", wrong=True)]}


@pytest.mark.parametrize(
    ("content", "verdict", "steps", "code"),
    [
        ({}, "All is well", [], 0),
        ({"workers": []}, "All is well", [], 0),
        (GONE, "Waiting: redis takes no work", ["Start what is away"], 1),
        (LOADS, "Waiting: redis takes no work", ["Wait until Redis has loaded"], 1),
        (REFUSES, "Waiting: redis takes no work", ["Wait a moment: a key"], 1),
        (
            {**BUSY, "workers": [ALL[0], WAITS, ALL[2]]},
            "Waiting: 3 files to be indexed (`intake`: Redis takes nothing: x).",
            ["See what `intake` waits for"],
            1,
        ),
        ({**BUSY, "workers": [*ALL, WAITS]}, "At work: 3 files", [], 0),
        ({"workers": [ALL[0], WAITS, ALL[2]]}, "All is well", [], 0),
        (HELD, "Waiting: elasticsearch takes no work", ["Free some disk for"], 1),
        (UNFIT, "Waiting: elasticsearch takes no work", ["Do what is said of elasticsearch"], 1),
        (MESSAGE, "At work: 1 message still to be taken, 0 to be enriched.", [], 0),
        ({**MESSAGE, **BUSY}, "At work: 3 files still to be indexed, 5 to be enriched.", [], 0),
        (BUSY, "At work: 3 files still to be indexed, 5 to be enriched.", [], 0),
        (PENDING, "All files can be found; 5 of them", [], 0),
        ({"fates": {"indexed": 9, "corrected": 1}}, "All is well", [], 0),
        (FAILED, "Everything is in, except for what failed: 3.", ["`depesche failed`"], 0),
        (
            {**FAILED, **PENDING, "documents": {"pending": 1, "failed": 1}},
            "Everything is in, except for what failed: 3. 1 article still to be enriched.",
            ["`depesche failed`"],
            0,
        ),
        ({"left_alone": {"p": "a named pipe"}}, "All is well", ["Take what is left alone"], 0),
        (NOTE, "All is well", ["Look at it"], 0),
        (WRONG, "Everything that was dropped is in, but", ["Look at it"], 1),
        (
            {**BUSY, "workers": []},
            (
                "Waiting, and no worker runs for it: 2 files to be claimed (`watch`), "
                "3 files to be indexed (`intake`), 8 articles to be enriched (`enrich`)."
            ),
            ["Start `watch`", "Start `intake`", "Start `enrich`"],
            1,
        ),
        ({**MESSAGE, "workers": []}, "Waiting, and no worker runs for it: 1 message", ["Start"], 1),
        ({**PENDING, "workers": [SILENT]}, "Waiting, and no worker runs", ["Start `enrich`"], 1),
        ({"workers": [*ALL, SILENT]}, "All is well", ["Look at `enrich` on a (process 7)"], 0),
        ({"workers": [*ALL, LONG_GONE]}, "All is well", [], 0),
        ({"workers": [HANGS]}, "All is well", ["Look at `watch` on a (process 7)"], 0),
        ({"workers": [HANGS, *ALL[1:]], "files": {"inbox": 1}}, "Waiting, and", ["Start `w"], 1),
        # Where Redis is away, those of other hosts are not seen: nothing is concluded.
        ({**GONE, **PENDING, "workers": []}, "Waiting: redis", ["Start what is away"], 1),
    ],
)
def test_status_answers_in_a_sentence(
    content: dict[str, Any], verdict: str, steps: list[str], code: int
) -> None:
    current = status(**content)
    said, to_do = judge(current)
    assert said.startswith(verdict)
    assert len(to_do) == len(steps), to_do
    for step, start in zip(to_do, steps, strict=True):
        assert step.startswith(start)
    assert exit_status(current) == code


@pytest.mark.parametrize(
    ("workers", "said"),
    [
        ([], "`enrich` was never seen"),
        ([SILENT, LONG_GONE], "`enrich` on a (process 7) was last seen 40 s ago"),
        ([LONG_GONE], "was last seen 3 h 0 min ago"),
    ],
)
def test_what_to_start_is_told_with_its_last_heartbeat(workers: list[Worker], said: str) -> None:
    (step,) = judge(status(**PENDING, workers=workers))[1]
    assert said in step
    assert "docker compose up -d enrich" in step


numbers = st.integers(0, 3)


@given(numbers, numbers, numbers, numbers, numbers, st.booleans())
def test_all_is_said_to_be_found_only_where_nothing_failed(
    inbox: int, spool: int, failed: int, pending: int, broken: int, manned: bool
) -> None:
    current = status(
        files={"inbox": inbox, "spool": spool, "failed": failed},
        documents={"pending": pending, "failed": broken},
        workers=ALL if manned else [],
    )
    said, _ = judge(current)
    waits = bool(inbox + spool + pending)
    if failed + broken:
        assert "All " not in said
        assert str(failed + broken) in said
    assert exit_status(current) == int(waits and not manned)
    assert ("no worker runs" in said) == (waits and not manned)
    assert ("All is well" in said) == (not waits and not failed + broken)


def test_all_of_it_is_plain_data() -> None:
    content = status(**BUSY).as_dict()
    assert content["workers"][0] == asdict(ALL[0])
    assert content["queues"] == QUEUES


def test_the_intake_of_another_site_does_nothing_here() -> None:
    """And its enrichment does: documents are everybody's."""
    here, elsewhere = {"site": "hamburg"}, [replace(one, site="bremen") for one in ALL]
    waits = status(places=here, workers=elsewhere, files={"inbox": 2, "spool": 1})
    verdict, to_do = judge(waits)
    assert "no worker runs for it" in verdict
    assert [step.split("`")[1] for step in to_do] == ["watch", "intake"]
    own = [replace(one, site="hamburg") for one in ALL]
    assert judge(status(places=here, workers=[*elsewhere, *own], files={"spool": 1}))[1] == []


def test_what_hangs_at_another_site_is_looked_at_there() -> None:
    hangs = replace(HANGS, site="bremen")
    assert judge(status(places={"site": "hamburg"}, workers=[*ALL, hangs]))[1] == []


def test_two_watchers_of_one_name_may_be_two_data_folders() -> None:
    one, other = replace(ALL[0], site="hamburg"), replace(ALL[0], site="hamburg", host="b")
    (note,) = namesakes([one, other], "hamburg")
    assert note.items == ("a, process 7", "b, process 7")
    assert "DEPESCHE_SITE" in note.to_do
    for known in ([one], [one, replace(other, site="bremen")], [one, replace(other, lives=False)]):
        assert namesakes(known, "hamburg") == []


def test_workers_of_several_versions_are_named() -> None:
    """As in the middle of an update, or where a host was forgotten."""
    old, new = (replace(ALL[2], version=f"news+e{number}", host=f"h{number}") for number in (4, 5))
    (note,) = mixed([*ALL, old, new])
    assert note.items == ("news+e4: h4, process 7", "news+e5: h5, process 7")
    assert "`enrich`" in note.text
    watch = replace(ALL[0], version="mapping 3")
    for known in (ALL, [new, new, *ALL], [watch, old], [replace(old, lives=False), new]):
        assert mixed(known) == []
