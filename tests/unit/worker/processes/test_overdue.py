"""A message that is at work for longer than any may be: the worker ends."""

from __future__ import annotations

from worker.processes.overdue import Watch


class Request:
    """As Celery's: it can be referred to weakly."""


def test_the_worker_ends_where_one_message_is_at_work_for_too_long() -> None:
    now, ends = [0.0], list[float]()
    watch = Watch(660.0, lambda: ends.append(now[0]), lambda: now[0])
    hangs = Request()
    for moment in range(0, 700, 5):
        now[0] = moment
        watch.look([hangs, Request()])
    assert ends[0] == 665.0


def test_others_one_after_another_do_not_end_it() -> None:
    now, ends = [0.0], list[float]()
    watch = Watch(660.0, lambda: ends.append(now[0]), lambda: now[0])
    for moment in range(0, 7000, 600):
        now[0] = moment
        watch.look([Request()])
        watch.look([])
    assert not ends
