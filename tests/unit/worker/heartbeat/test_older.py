"""Workers of 0.1.0, as the register of Celery's remote control names them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.heartbeat.older import named

#: As kombu writes it: routing key, pattern, queue.
ENRICH = b"\x06\x16\x06\x16enrich-4711@mars.celery.pidbox"


def test_they_are_named_for_people() -> None:
    of_another_program = b"\x06\x16\x06\x16celery@mars.celery.pidbox"
    intake = b"\x06\x16\x06\x16intake-12@venus.example.org.celery.pidbox"
    assert named([intake, of_another_program, ENRICH]) == [
        "enrich on mars, process 4711",
        "intake on venus.example.org, process 12",
    ]


@given(st.binary())
def test_what_names_none_is_passed_over(member: bytes) -> None:
    assert named([ENRICH, member])[:1] == ["enrich on mars, process 4711"]
