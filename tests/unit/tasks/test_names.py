"""What stands in Redis has one owner: an index, a site, and nobody else."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tasks.broker import connect
from tasks.names import (
    DEFAULT_QUEUE,
    ENRICH_DOCUMENTS,
    ENRICH_QUEUE,
    INTAKE_ARTICLE,
    INTAKE_BATCH,
    INTAKE_FILES,
    INTAKE_QUEUE,
    QueueNames,
)
from tasks.settings import SITE

#: Indices as Elasticsearch and the settings take them, sites as the settings do.
indices = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,5}", fullmatch=True)
sites = st.from_regex(re.compile(SITE), fullmatch=True).filter(lambda name: len(name) < 8)
everybody = {DEFAULT_QUEUE, INTAKE_QUEUE, ENRICH_QUEUE}


def of(names: QueueNames) -> set[str]:
    held = {names.unacked, f"{names.unacked}_index"}
    return {*names.of_intake, *names.of_enrich, names.alive, *held} - everybody


def test_the_names_are_those_of_the_documents() -> None:
    names = QueueNames("articles", "hamburg")
    assert names.own == "depesche.articles.hamburg.intake"
    assert names.shared == "depesche.articles.intake"
    assert names.documents == "depesche.articles.enrich"


@given(indices, indices, sites, sites)
def test_two_installations_never_meet(one: str, other: str, here: str, there: str) -> None:
    if one != other:
        assert not of(QueueNames(one, here)) & of(QueueNames(other, there))


@given(indices, sites, sites)
def test_two_sites_share_all_but_their_own_queues(index: str, here: str, there: str) -> None:
    one, other = QueueNames(index, here), QueueNames(index, there)
    if here != there:
        assert of(one) ^ of(other) == {one.own, other.own}


def test_a_dot_in_the_name_of_an_index_makes_no_site_of_it() -> None:
    assert QueueNames("a.b").shared != QueueNames("a", "b").own


@given(indices, sites, sites)
def test_messages_wait_in_queues_and_in_nothing_else(index: str, here: str, there: str) -> None:
    """Red before: by its first letters heartbeats' register was one, and what workers hold."""
    names = QueueNames(index, here)
    queues = {*names.kinds, names.of(there)}
    assert all(names.is_queue(queue) for queue in queues)
    others = {names.alive, names.unacked, f"{names.unacked}_index", f"{names.prefix}.a.b.intake"}
    assert not any(names.is_queue(other) for other in others)


def test_each_task_has_its_queue() -> None:
    for known in (True, False):
        names = QueueNames("archiv", "hamburg", known)
        routes = connect("redis://127.0.0.1:1", names=names).conf.task_routes
        assert routes == {
            INTAKE_BATCH: names.own,
            INTAKE_FILES: names.own if known else names.shared,
            INTAKE_ARTICLE: names.shared,
            ENRICH_DOCUMENTS: names.documents,
        }
