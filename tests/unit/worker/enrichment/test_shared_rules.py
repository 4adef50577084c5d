"""Every host has the same rules about names: what one changes the others have, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from extraction.entities.aliases import Aliases
from indexing.index import shared_rules
from tests.fakes.elastic import FakeElasticsearch
from worker.enrichment import shared_rules as sharing
from worker.enrichment.rules import Rules
from worker.enrichment.shared_rules import UNSHARED, SharedRules, content_of, lines_of, merged


class Host:
    """A data folder of its own, on the same index."""

    def __init__(self, folder: Path, client: Elasticsearch) -> None:
        folder.mkdir()
        path = folder / "aliases.txt"
        self.shared = SharedRules(path, lambda: client, "articles")
        self.rules = Rules(path, self.shared)

    def block(self, name: str) -> None:
        self.rules.change(lambda lines: Aliases.with_block(lines, "PER", name))

    def lines(self) -> list[str]:
        self.shared.follow(now=True)
        return self.rules.lines()


@pytest.fixture
def hosts(client: Elasticsearch, tmp_path: Path) -> tuple[Host, Host]:
    return Host(tmp_path / "a", client), Host(tmp_path / "b", client)


def test_without_rules_nothing_is_made_anywhere(
    hosts: tuple[Host, Host], fake: FakeElasticsearch
) -> None:
    assert [host.lines() for host in hosts] == [[], []]
    assert not hosts[0].rules.path.exists()
    assert not fake.store.indices


def test_what_one_host_lays_down_holds_on_the_other(hosts: tuple[Host, Host]) -> None:
    a, b = hosts
    a.block("Foto")
    assert b.lines() == ["block PER: Foto"]
    b.block("Grafik")
    assert a.lines() == b.lines() == ["block PER: Foto", "block PER: Grafik"]
    assert a.rules.tag() == b.rules.tag() != ""
    assert a.shared.differs() == ""
    a.rules.change(lambda lines: lines[1:])
    assert b.lines() == ["block PER: Grafik"]
    a.rules.path.write_text("")
    assert a.lines() == b.lines() == []


def test_it_is_looked_at_the_index_every_few_seconds_and_not_at_each_article(
    hosts: tuple[Host, Host], fake: FakeElasticsearch
) -> None:
    fake.asked.clear()
    for _ in range(20):
        hosts[0].rules.tag()
        hosts[0].rules.current()
    assert fake.asked == ["GET /articles-rules/_doc/rules"]


def test_rules_without_end_are_taken_over_by_nobody(
    hosts: tuple[Host, Host], client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program wrote them; of ninety megabytes each worker would make gigabytes."""
    monkeypatch.setattr(sharing, "MOST", 1_000)
    hosts[0].block("Foto")
    before = shared_rules.read(client, "articles")
    assert shared_rules.write(client, "articles", "block PER: x\n" * 100, before)
    assert hosts[0].lines() == ["block PER: Foto"]
    assert "in the index have more than 1,000 bytes" in hosts[0].shared.fault
    assert hosts[1].lines() == []
    for host in hosts:
        host.rules.path.write_text("block PER: y\n" * 100)
    before = shared_rules.read(client, "articles")
    assert shared_rules.write(client, "articles", "block PER: z\n", before)
    hosts[1].shared.follow(now=True)
    assert "of all hosts together" in hosts[1].shared.fault
    assert len(hosts[1].rules.lines()) == 100


def test_files_of_before_become_one(hosts: tuple[Host, Host]) -> None:
    for host, name in zip(hosts, ("Foto", "Grafik"), strict=True):
        host.rules.path.write_text(f"# von Hand\nblock PER: {name}\n")
    for host in (*hosts, hosts[0]):
        host.shared.follow(now=True)
    assert hosts[0].rules.lines() == hosts[1].rules.lines()
    assert hosts[0].rules.lines() == ["# von Hand", "block PER: Foto", "block PER: Grafik"]


def test_two_at_once_both_count(hosts: tuple[Host, Host], fake: FakeElasticsearch) -> None:
    a, b = hosts
    a.block("Foto")
    b.shared.follow(now=True)
    fake.before("PUT .*_doc", lambda: b.block("Grafik"))
    a.block("Karte")
    assert a.lines() == b.lines() == ["block PER: Foto", "block PER: Grafik", "block PER: Karte"]


def test_while_elasticsearch_is_away_the_file_holds_and_is_shared_later(
    hosts: tuple[Host, Host], fake: FakeElasticsearch
) -> None:
    a, b = hosts
    a.block("Foto")
    assert b.lines() == ["block PER: Foto"]
    fake.go_away()
    a.block("Grafik")
    assert "does not answer" in a.shared.fault
    assert len(a.rules.lines()) == 2
    assert b.rules.lines() == ["block PER: Foto"]
    fake.come_back()
    assert (a.shared.differs(), b.shared.differs()) == (UNSHARED, "")
    assert a.lines() == b.lines() == ["block PER: Foto", "block PER: Grafik"]
    assert a.shared.fault == ""


def test_of_a_lost_index_and_of_a_lost_file_the_other_is_left(
    hosts: tuple[Host, Host], fake: FakeElasticsearch
) -> None:
    a, b = hosts
    a.block("Foto")
    del fake.store.indices["articles-rules"]
    a.shared.follow(now=True)
    a.rules.path.unlink()
    assert a.lines() == b.lines() == ["block PER: Foto"]


def test_what_is_no_rule_or_no_text_stays_where_it_is(
    hosts: tuple[Host, Host], client: Elasticsearch
) -> None:
    a, b = hosts
    a.block("Foto")
    for content, word in ((b"das ist keine Regel\n", "Regel"), (b"# M\xfcller\n", "UTF-8")):
        a.rules.path.write_bytes(content)
        a.shared.follow(now=True)
        assert word in a.shared.fault
        assert a.rules.path.read_bytes() == content
        assert b.lines() == ["block PER: Foto"]


def test_where_the_right_is_missing_it_is_said(
    hosts: tuple[Host, Host], fake: FakeElasticsearch
) -> None:
    fake.refuse("PUT /articles-rules", 403, "security_exception")
    hosts[0].block("Foto")
    assert "refuses" in hosts[0].shared.fault
    assert hosts[0].rules.lines() == ["block PER: Foto"]


def test_another_is_quicker(client: Elasticsearch) -> None:
    assert shared_rules.write(client, "articles", "eins\n", None)
    assert not shared_rules.write(client, "articles", "zwei\n", None)
    before = shared_rules.read(client, "articles")
    assert before
    assert shared_rules.write(client, "articles", "drei\n", before)
    assert not shared_rules.write(client, "articles", "vier\n", before)
    after = shared_rules.read(client, "articles")
    assert after
    assert after.text == "drei\n"
    shared_rules.make(client, "articles")


FILES = st.none() | st.lists(st.sampled_from("abcdef"), unique=True).map(content_of)


@given(FILES, FILES, FILES)
def test_what_is_merged_is_kept_once_it_is_everywhere(
    base: bytes | None, local: bytes | None, shared: bytes | None
) -> None:
    now = merged(base, local, shared)
    if now is not None:
        assert merged(now, now, now) == now
        assert merged(base, local, now) in {now, local if now == base else now}
    if base is not None and local is not None and shared is not None:
        lines = set(lines_of(merged(base, local, shared) or b""))
        before, here, there = (set(lines_of(each)) for each in (base, local, shared))
        assert lines == (there - (before - here)) | (here - before)
