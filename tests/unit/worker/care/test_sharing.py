"""Withdrawn at one site it is so at each, until one of them lets it in again."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import answers, point_in_time, sound, withdrawals
from indexing.writing import withdrawals as writing
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker import failpoint
from worker.care import sharing
from worker.care.compared import Compared
from worker.care.keep_withdrawn import Finishing, Sharing, sweep
from worker.care.repair import repair
from worker.care.restore import meant, restore
from worker.care.retry import retry
from worker.care.sharing import Disputed, share
from worker.care.status import read
from worker.care.taking_away import OWN, finish
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw, withdraw_failed
from worker.spool import deposit, recognised
from worker.spool.withdrawal import Withdrawal

BODY = "Karsten Holm war in Bremen. " * 12
TEXT = f" date 2024-06-20 Amt : Bericht {{}}\n\n{BODY}"
ORDER = Order("court order 7 O 12/26", "anna")
PURGE = Order("court order 7 O 12/26", "anna", purge=True)
INDEX = "articles-withdrawals"


def dropped(site: FakeContainer, **files: str | bytes) -> dict[str, tuple[str, str]]:
    """The fate and the document of each file by its name."""
    with site.spool.filling() as batch:
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            deposit.put(batch, io.BytesIO(raw), f"{name}.txt")
    return worked(site)


def worked(site: FakeContainer) -> dict[str, tuple[str, str]]:
    fates = [f for batch in site.spool.batches() for f in site.intake.batch(batch.name)]
    site.client.indices.refresh(index="articles")
    return {fate.path.removesuffix(".txt"): (fate.fate, fate.id) for fate in fates}


def looked(*sites: FakeContainer) -> None:
    """As their watchers do."""
    for site in sites:
        share(site)
        finish(site)


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def documents(fake: FakeElasticsearch) -> set[str]:
    return set(fake.store.single("articles").documents)


@pytest.fixture
def both(hamburg: FakeContainer, bremen: FakeContainer) -> str:
    """An article with a file at each; its id."""
    withdrawals.make(hamburg.client, "articles")
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    assert dropped(bremen, x=TEXT.format(1)) == {"x": ("duplicate", id_)}
    return id_


def test_withdrawn_at_one_it_is_gone_at_the_other_and_stays_so(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    finish(hamburg)
    looked(hamburg, bremen)
    assert files(bremen.folders.archive) == []
    assert files(bremen.folders.withdrawn) == ["x.txt"]
    (one,) = bremen.tombstones.all()
    assert (one.id, one.path, one.reason, one.who) == (both, "x.txt", ORDER.reason, "anna")
    assert bremen.tombstones.agreement.sites() == {both: "hamburg"}
    assert dropped(bremen, again=TEXT.format(1))["again"][0] == "withdrawn"
    (bremen.folders.failed / "wieder.txt").write_text(TEXT.format(1))
    retry(bremen, [])
    assert worked(bremen)["wieder"][0] == "withdrawn"
    (bremen.folders.archive / "back-up.txt").write_text(TEXT.format(1))
    compared = Compared()
    verify(bremen, compared)
    assert compared.counts() == {"withdrawn": 1}
    assert repair(bremen, compared) == 1
    assert worked(bremen) == {}
    assert documents(fake) == set()


def test_what_the_others_are_told_holds_nothing_of_the_article(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    told = fake.store.single(INDEX).documents[both].source
    assert told.keys() <= withdrawals.PROPERTIES.keys()
    assert (told["id"], told["site"], told["purged"], told["restored"]) == (
        both,
        "hamburg",
        False,
        False,
    )
    assert (told["reason"], told["who"], told["revision"]) == (ORDER.reason, "anna", 1)
    written = json.dumps(told)
    assert not [word for word in ("a.txt", "x.txt", "Bericht", "Karsten") if word in written]


def test_by_its_path_it_is_known_at_the_other_too(
    hamburg: FakeContainer, bremen: FakeContainer
) -> None:
    line = "Der Rat hat am Montag über Punkt {} beraten, Karsten Holm sprach über {} Euro. "
    text = " date 2024-06-20 Amt : Plan\n\n" + "".join(line.format(n, n) for n in range(20))
    ((_, id_),) = dropped(hamburg, a=text).values()
    withdraw(hamburg, [id_], ORDER)
    looked(hamburg, bremen)
    changed = text.replace("Punkt 7", "Absatz sieben")
    assert dropped(bremen, a=changed)["a"][0] == "withdrawn"
    assert dropped(bremen, b=changed.replace("Punkt 8", "Absatz acht"))["b"][0] == "indexed"


def test_purged_at_one_the_other_s_files_go_for_good(
    hamburg: FakeContainer, bremen: FakeContainer, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    assert files(bremen.folders.withdrawn) == ["x.txt"]
    withdraw(bremen, [both], PURGE)
    looked(bremen, hamburg)
    for site in (hamburg, bremen):
        assert files(site.folders.withdrawn) == files(site.folders.archive) == []
        assert site.tombstones.all()[0].purged
        assert BODY[:30].encode() not in b"".join(
            path.read_bytes() for path in site.folders.data.rglob("*") if path.is_file()
        )


def test_restored_at_one_it_is_back_at_both(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    assert restore(bremen, [meant(bremen, both)], tell=lambda: share(bremen)) == 1
    worked(bremen)
    looked(hamburg)
    worked(hamburg)
    assert files(hamburg.folders.archive) == ["a.txt"]
    assert files(bremen.folders.archive) == ["x.txt"]
    assert documents(fake) == {both}
    assert hamburg.tombstones.all() == bremen.tombstones.all() == []
    assert fake.store.single(INDEX).documents[both].source["restored"] is True
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    assert files(bremen.folders.withdrawn) == ["x.txt"]


def test_a_site_that_has_not_heard_of_a_restore_takes_nothing_down(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    """Its sweep finds a document that it has withdrawn: it asks first."""
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    restore(bremen, [meant(bremen, both)], tell=lambda: share(bremen))
    worked(bremen)
    sweep(hamburg)
    assert documents(fake) == {both}
    assert hamburg.tombstones.all() == []


def test_what_came_in_before_the_other_site_had_heard_of_it_goes_with_its_file(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    withdraw(hamburg, [id_], ORDER)
    looked(hamburg)
    assert dropped(bremen, b=TEXT.format(1))["b"] == ("indexed", id_)
    looked(bremen)
    assert documents(fake) == set()
    assert files(bremen.folders.archive) == []
    assert files(bremen.folders.withdrawn) == ["b.txt"]


@pytest.mark.parametrize("first", ["hamburg", "bremen"])
def test_withdrawn_at_one_while_the_other_lets_it_in_it_is_withdrawn(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str, first: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    restore(hamburg, [meant(hamburg, both)])
    withdraw(bremen, [both], Order("another court", "bea"))
    worked(hamburg)
    sites = [hamburg, bremen] if first == "hamburg" else [bremen, hamburg]
    looked(*sites, *sites)
    worked(hamburg)
    assert documents(fake) == set()
    for site, name in ((hamburg, "a.txt"), (bremen, "x.txt")):
        (one,) = site.tombstones.all()
        assert one.reason == "another court"
        assert files(site.folders.withdrawn) == [name]


def test_who_is_quicker_is_read_first(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    withdraw(bremen, [both], PURGE)
    fake.before(f"{INDEX}/_bulk", lambda: share(hamburg))
    share(bremen)
    looked(hamburg, bremen)
    told = fake.store.single(INDEX).documents[both].source
    assert (told["purged"], told["revision"], told["site"]) == (True, 2, "bremen")
    assert hamburg.tombstones.all()[0].purged


def test_what_an_older_release_has_withdrawn_is_told_once(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    with sqlite3.connect(hamburg.tombstones.path) as database:
        database.execute("DROP TABLE shared")
        database.execute("DROP TABLE followed")
    assert hamburg.tombstones.agreement.sites() == {}
    assert hamburg.tombstones.agreement.unshared(1) == []
    keeping = Sharing()
    keeping(hamburg)
    looked(bremen)
    assert [one.id for one in bremen.tombstones.all()] == [both]
    keeping(hamburg)  # it reads its own words once
    fake.asked.clear()
    keeping(hamburg)
    assert fake.asked == [f"GET /{INDEX}/_stats/docs"]


def test_a_lost_index_is_made_anew_from_the_sites(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    ((_, other),) = dropped(bremen, b=TEXT.format(2)).values()
    withdraw(hamburg, [both], ORDER)
    withdraw(bremen, [other], ORDER)
    looked(hamburg, bremen, hamburg)
    restore(bremen, [meant(bremen, other)])
    looked(bremen)  # Hamburg has not heard of it
    before = {id_: d.source for id_, d in fake.store.single(INDEX).documents.items()}
    del fake.store.indices[INDEX]
    looked(hamburg, bremen, hamburg)
    now = {id_: d.source for id_, d in fake.store.single(INDEX).documents.items()}
    assert now.keys() == before.keys() == {both, other}
    assert [now[id_]["revision"] for id_ in (both, other)] == [1, 2]
    assert now[both]["site"] == "hamburg"
    assert [one.id for one in hamburg.tombstones.all()] == [both]


def test_a_new_site_learns_all_of_it(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    ids = [
        id_ for n in range(3) for _, id_ in dropped(hamburg, **{f"a{n}": TEXT.format(n)}).values()
    ]
    withdraw(hamburg, ids, ORDER)
    looked(hamburg)
    assert not bremen.tombstones.exist()
    looked(bremen)
    assert {one.id for one in bremen.tombstones.all()} == set(ids)
    assert dropped(bremen, b=TEXT.format(2))["b"][0] == "withdrawn"


def test_a_failed_file_is_refused_at_the_other_too(
    hamburg: FakeContainer, bremen: FakeContainer
) -> None:
    for site in (hamburg, bremen):
        dropped(site, leer=bytes(300))
    withdraw_failed(hamburg, "leer.txt", ORDER)
    looked(hamburg, bremen)
    retry(bremen, [])
    assert worked(bremen)["leer"][0] == "withdrawn"


def test_where_nothing_was_withdrawn_it_is_one_small_request(
    hamburg: FakeContainer, fake: FakeElasticsearch
) -> None:
    fake.asked.clear()
    share(hamburg)
    assert fake.asked == [f"GET /{INDEX}/_stats/docs"]
    assert INDEX not in fake.store.indices
    assert not hamburg.tombstones.exist()


class Killed(BaseException):
    """In the place of SIGKILL."""


@contextmanager
def killed_at(point: str) -> Iterator[None]:
    def reach(name: str) -> None:
        if name == point:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(failpoint, "reach", reach)
        with suppress(Killed):
            yield
            pytest.fail(f"{point} was not passed")


@pytest.mark.parametrize("point", ["withdraw.noted", "sharing.told", "withdraw.index"])
def test_killed_at_the_site_that_withdraws(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    point: str,
) -> None:
    with killed_at(point):
        withdraw(hamburg, [both], ORDER)
        looked(hamburg)
    looked(hamburg, bremen)
    assert documents(fake) == set()
    assert fake.store.single(INDEX).documents[both].source["revision"] == 1
    assert files(hamburg.folders.withdrawn) == ["a.txt"]
    assert files(bremen.folders.withdrawn) == ["x.txt"]


@pytest.mark.parametrize("point", ["sharing.taken", "withdraw.index", "withdraw.moved"])
def test_killed_at_the_site_that_takes_over(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    both: str,
    point: str,
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    with killed_at(point):
        looked(bremen)
    looked(bremen)
    assert files(bremen.folders.withdrawn) == ["x.txt"]
    assert files(bremen.folders.archive) == []


@pytest.mark.parametrize("point", ["withdraw.claimed", "restore.told", "restore.let_in"])
def test_killed_while_it_lets_in_what_the_other_has(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    point: str,
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    restore(hamburg, [meant(hamburg, both)], tell=lambda: share(hamburg))
    worked(hamburg)
    with killed_at(point):
        looked(bremen)
    worked(bremen)  # where it is still withdrawn it is put away again
    looked(bremen)
    worked(bremen)
    assert files(bremen.folders.withdrawn) == []
    assert files(bremen.folders.archive) == ["x.txt"]
    assert documents(fake) == {both}


def test_restored_here_after_it_was_told_and_before_that_was_noted(
    hamburg: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
) -> None:
    withdraw(hamburg, [both], ORDER)
    with killed_at("sharing.told"):
        share(hamburg)
    restore(hamburg, [meant(hamburg, both)], tell=lambda: share(hamburg))
    looked(hamburg)
    assert fake.store.single(INDEX).documents[both].source["restored"] is True
    assert hamburg.tombstones.all() == []


def test_withdrawn_here_while_another_s_restore_is_taken_over_it_stays_withdrawn(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    restore(hamburg, [meant(hamburg, both)], tell=lambda: share(hamburg))

    def reach(name: str) -> None:
        if name == "restore.told":
            monkeypatch.undo()
            withdraw(bremen, [both], Order("another court", "bea"))

    monkeypatch.setattr(failpoint, "reach", reach)
    looked(bremen)
    worked(bremen)
    worked(hamburg)
    looked(bremen, hamburg)
    assert fake.store.single(INDEX).documents[both].source["reason"] == "another court"
    assert files(hamburg.folders.withdrawn) == ["a.txt"]
    assert files(bremen.folders.withdrawn) == ["x.txt"]
    assert documents(fake) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"revision": 9, "keys": [7]},
        {"revision": -1},
        {"revision": True},
        {"revision": 9, "purged": "yes"},
        {"revision": 9, "keys": {"a": 1}},
        {"revision": 9, "keys": ["x" * 301]},
        {"revision": 9, "id": "s-another"},
        {"revision": 9, "keys": ["text:\ud800"]},
        {"revision": 9, "minhash": "\udfff"},
        {"revision": 9, "reason": "\ud83d"},
        {"revision": 9, "reason": "x" * 10_001},
        {"reason": "no revision"},
    ],
)
def test_what_another_program_wrote_is_passed_over_and_keeps_no_other(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    wrong: dict[str, object],
) -> None:
    fake.store.single(INDEX).put("s-x", {"id": "s-x", **wrong})
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    assert [one.id for one in bremen.tombstones.all()] == [both]


LINE = {"number": 2, "path": "q.txt", "sha256": "0" * 64, "bytes": 10**6}


@pytest.mark.parametrize(
    "said",
    [
        {"known_as": ["x" * 301]},
        {"known_as": [f"s-{number}" for number in range(11_000)]},
        {"history": [LINE | {"text": "x" * 301}]},
        {"minhash": "x" * 10_001},
        {"source": {"path": "a.txt", "sha256": "0" * 301}},
    ],
    ids=lambda said: next(iter(said)),
)
def test_whatever_a_document_says_its_withdrawal_is_taken_by_other_sites(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    said: dict[str, object],
) -> None:
    hamburg.client.update(index="articles", id=both, doc=said)
    withdraw(hamburg, [both], PURGE)
    looked(hamburg, bremen)
    assert files(bremen.folders.archive) == []
    known_by = {key.partition(":")[0] for key in bremen.tombstones.keys([both])[both]}
    assert known_by >= {"sha256", "text"}, "whatever else it says: under other ids, too"
    assert dropped(bremen, again=TEXT.format(1))["again"][0] == "withdrawn"
    assert documents(fake) == set()


def told_by_another(fake: FakeElasticsearch, id_: str, revision: int, keys: list[str]) -> None:
    """As whoever may write what sites tell each other."""
    about = {"id": id_, "revision": revision, "told_by": "x", "keys": keys, **WORDS}
    fake.store.single(INDEX).put(id_, about)


WORDS = {"site": "x", "reason": "r", "who": "w", "at": "2024-01-01T00:00:00Z"}


def test_a_purge_reaches_other_sites_however_many_keys_somebody_has_told(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    own = set(hamburg.tombstones.keys([both])[both])
    told_by_another(fake, both, 2, [f"k{number}" for number in range(10_000)])
    looked(hamburg, bremen)
    withdraw(hamburg, [both], PURGE)
    looked(hamburg, bremen)
    keys = fake.store.single(INDEX).documents[both].source["keys"]
    assert len(keys) == 10_000
    assert {key for key in own if not key.startswith("path:")} <= set(keys)
    assert bremen.tombstones.all()[0].purged
    assert files(bremen.folders.withdrawn) == []


def test_what_is_told_again_and_again_does_not_grow(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    share(hamburg)
    own = hamburg.tombstones.keys([both])[both]
    with capture_logs() as logged:
        for revision in range(2, 6):
            keys = [f"{revision}-{number}" for number in range(4_000)]
            told_by_another(fake, both, revision, keys)
            share(hamburg)
    now = hamburg.tombstones.keys([both])[both]
    assert len(now) == 10_000 + len(own)
    assert set(own) <= set(now)
    assert set(keys) <= set(now)
    left_out = [line["keys"] for line in logged if line["event"] == "withdrawal.keys_left_out"]
    assert left_out == [2_000, 4_000]


def test_sites_with_more_keys_than_one_may_have_come_to_an_end(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sound, "MOST_KEYS", 6)
    monkeypatch.setattr(recognised, "MOST_KEYS", 6)
    for site in (hamburg, bremen):
        keys = [f"{site.site.name}{number}" for number in range(4)]
        order = Withdrawal("s-1", "x.txt", "court order", WORDS["at"], site.site.name)
        site.tombstones.add([(order, keys, [])])
    for _ in range(3):
        looked(hamburg, bremen)
    before = fake.store.single(INDEX).documents["s-1"].source
    del fake.store.indices[INDEX]
    for _ in range(3):
        looked(bremen, hamburg)
    again = fake.store.single(INDEX).documents["s-1"].source
    assert len(before["keys"]) == len(again["keys"]) == 6
    assert again["revision"] <= before["revision"] + 2
    for _ in range(3):
        looked(bremen, hamburg)
    assert fake.store.single(INDEX).documents["s-1"].source == again, "nobody writes any more"
    for site in (hamburg, bremen):
        held = site.tombstones.keys(["s-1"])["s-1"]
        assert {f"{site.site.name}{number}" for number in range(4)} <= set(held)


def test_what_is_too_large_to_be_read_is_passed_over_and_keeps_no_other(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One of 20 MB had Elasticsearch refuse the whole page that it was in, at each look.

    And lists in lists in the place of its number were read once more, to see whether it is away.
    """
    others = [f"s-dpa:{number}" for number in range(12)]
    withdraw(hamburg, [both, *others], ORDER)
    looked(hamburg)
    monkeypatch.setattr(answers, "MOST_WITHOUT_TEXTS", 200_000)
    fake.store.single(INDEX).put("s-x", {"id": "s-x", "revision": [9, *([[]] * 20_000)]})
    looked(bremen)
    assert {one.id for one in bremen.tombstones.all()} == {both, *others}


@pytest.mark.parametrize(
    ("status", "kind", "looks"),
    [(429, "circuit_breaking_exception", 1), (429, "es_rejected_execution_exception", 2)],
)
def test_what_is_refused_for_a_moment_is_taken_over_all_the_same(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    status: int,
    kind: str,
    looks: int,
) -> None:
    """Red before: what one request was refused counted as too large, and nobody asked again."""
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    fake.refuse("withdrawals/_mget", status, kind)
    for _ in range(looks - 1):
        with pytest.raises(ServiceUnavailable):
            looked(bremen)
    looked(bremen)
    assert {one.id for one in bremen.tombstones.all()} == {both}


def test_a_reason_that_no_other_site_would_take_is_refused() -> None:
    with pytest.raises(UsageError, match="at most 1,000 characters"):
        Order("x" * 1_001, "anna")


def test_of_the_words_of_others_a_part_is_kept(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    """Two thousand of them with 40,000 characters each had `status` take 330 MB."""
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    names = ("reason", "who", "site", "minhash", "day")
    strange(fake, 1, **dict.fromkeys(names, "\U0001f600" * 10_000))
    looked(hamburg, bremen)
    kept = hamburg.tombstones.by_id(["s-strange:0"])["s-strange:0"]
    lengths = [len(text) for text in (kept.reason, kept.who, kept.minhash, kept.day)]
    assert lengths == [1_000, 1_000, 1_000, 10]
    assert len(hamburg.tombstones.agreement.sites()["s-strange:0"]) == 1_000


def test_a_reason_of_an_older_release_is_taken_in_part_and_all_come_to_one_end(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    long = Withdrawal("s-1", "x.txt", "r" * 9_000, WORDS["at"], "anna", purged=True)
    hamburg.tombstones.add([(long, ["s-1"], [])])
    withdrawals.make(hamburg.client, "articles")
    told = {"id": "s-1", "revision": 1, "reason": "r" * 9_000, "who": "anna", "at": WORDS["at"]}
    fake.store.single(INDEX).put("s-1", {**told, "purged": True, "keys": ["s-1"]})
    for _ in range(3):
        looked(hamburg, bremen)
    for site in (hamburg, bremen):
        assert site.tombstones.by_id(["s-1"])["s-1"].reason == "r" * 1_000
    before = fake.store.single(INDEX).documents["s-1"].seq_no
    looked(hamburg, bremen)
    assert fake.store.single(INDEX).documents["s-1"].seq_no == before


def test_without_the_right_to_make_the_index_it_says_who_makes_it(
    hamburg: FakeContainer, fake: FakeElasticsearch
) -> None:
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    withdraw(hamburg, [id_], ORDER)
    fake.refuse(f"PUT /{INDEX}", 403, "security_exception")
    with pytest.raises(UsageError, match=f"no index '{INDEX}': run `depesche index create`"):
        share(hamburg)
    notes = [note for note in read(hamburg).notes if note.kind == "untold_withdrawals"]
    assert [note.items for note in notes] == [(id_,)]
    share(hamburg)
    assert not [note for note in read(hamburg).notes if note.kind == "untold_withdrawals"]


def test_where_elasticsearch_takes_nothing_it_waits(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    fake.store.single(INDEX).settings["index.blocks.write"] = True
    with pytest.raises(ServiceUnavailable, match="takes no withdrawal now"):
        share(hamburg)
    fake.store.single(INDEX).settings["index.blocks.write"] = None
    share(hamburg)
    assert both in fake.store.single(INDEX).documents


def test_many_are_told_and_taken_in_pages(
    hamburg: FakeContainer, bremen: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "AT_ONCE", 3)
    ids = [f"s-dpa:{number}" for number in range(10)]
    withdraw(hamburg, ids, ORDER)
    looked(hamburg, bremen)
    assert {one.id for one in bremen.tombstones.all()} == set(ids)
    assert bremen.tombstones.agreement.unshared(1) == []
    assert writing.read(hamburg.client, "articles", ids).keys() == set(ids)


def test_however_many_cannot_be_settled_each_is_looked_at_once(
    hamburg: FakeContainer, both: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that could not be were read again for each other one: a look of a hundred thousand had no
    end.
    """
    withdraw(hamburg, ids := [f"s-dpa:{number}" for number in range(30)], ORDER)
    monkeypatch.setattr(sharing, "AT_ONCE", 1)
    monkeypatch.setattr(sharing, "write", lambda *_: set())
    really, read_ids = hamburg.tombstones.agreement.unshared, list[str]()

    def unshared(*asked: Any) -> list[str]:
        read_ids.extend(found := really(*asked))
        return found

    monkeypatch.setattr(hamburg.tombstones.agreement, "unshared", unshared)
    with pytest.raises(Disputed, match="again and again"):
        share(hamburg)
    assert read_ids == sorted(ids)


def test_of_what_cannot_be_let_in_only_it_is_looked_for(
    hamburg: FakeContainer, bremen: FakeContainer, both: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else is unfinished may be millions, and was read for each page of other sites' words."""
    withdraw(hamburg, [both], ORDER)
    looked(hamburg, bremen)
    restore(hamburg, [meant(hamburg, both)])
    share(hamburg)

    def cannot(*_: Any, **__: Any) -> int:
        raise ServiceUnavailable("not now")

    monkeypatch.setattr(sharing, "restore", cannot)
    monkeypatch.setattr(bremen.tombstones, "unfinished", None)
    with pytest.raises(Disputed, match="not now"):
        share(bremen)


def test_who_changes_one_for_ever_keeps_no_other_waiting(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither what is to be told nor what is to be taken over; nor what somebody brought back."""
    monkeypatch.setattr(sharing, "AT_ONCE", 1)
    monkeypatch.setattr(writing, "AT_ONCE", 1)
    ((_, own),) = dropped(
        bremen, z=TEXT.format("from elsewhere") + "And all of that. " * 20
    ).values()
    disputed, revisions = "a-first-of-all", iter(range(1, 10_000))

    def rewrite() -> None:
        told = {"id": disputed, "revision": next(revisions), "restored": True}
        fake.store.single(INDEX).put(disputed, told)

    order = Withdrawal(disputed, "x.txt", *("court order", "2026-01-01T00:00:00Z", "eve"))
    bremen.tombstones.add([(order, [], [])])
    withdraw(bremen, [own], ORDER)
    rewrite()
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    really = writing.read

    def read_and_rewrite(*asked: Any) -> dict[str, writing.Found]:
        found = really(*asked)
        if disputed in asked[-1]:
            rewrite()
        return found

    monkeypatch.setattr(sharing, "read", read_and_rewrite)
    with pytest.raises(Disputed, match=disputed):
        share(bremen)
    assert {one.id for one in bremen.tombstones.all()} == {disputed, own, both}
    assert bremen.tombstones.agreement.unshared(9) == [disputed]
    finish(bremen)
    fake.store.single("articles").put(own, {"headline": "back"})
    sweep(bremen)
    assert documents(fake) == set()
    monkeypatch.setattr(sharing, "read", really)
    share(bremen)
    assert bremen.tombstones.agreement.unshared(9) == []


def test_a_path_that_no_file_of_a_mirror_has_keeps_nothing_from_being_let_in(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str, tmp_path: Path
) -> None:
    (tmp_path / "press").mkdir()
    hamburg.mirrors.add(tmp_path / "press")
    for path in ("press/\\ud800", "press/\\x00", "press/../x"):
        told = {"path": path, "sha256": "", "site": "hamburg"}
        fake.store.single("articles").put(both, {"headline": "x", "source": told})
        withdraw(hamburg, [both], ORDER)
        looked(hamburg)
        let_in(fake, both)
        share(hamburg)
        assert hamburg.tombstones.all() == []


def let_in(fake: FakeElasticsearch, *ids: str) -> None:
    """As another site does that another program is."""
    index = fake.store.single(INDEX)
    for id_ in ids:
        revision = index.documents[id_].source["revision"] + 1
        index.put(id_, {"id": id_, "restored": True, "revision": revision, "told_by": "x"})


def test_one_that_cannot_be_let_in_keeps_no_other_and_is_tried_again(
    hamburg: FakeContainer,
    fake: FakeElasticsearch,
    both: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = [f"s-dpa:{number}" for number in range(3)]
    withdraw(hamburg, [*others, both], ORDER)
    looked(hamburg)
    let_in(fake, *others, both)
    court = [f"s-court:{number}" for number in range(25)]
    for id_ in court:
        fake.store.single(INDEX).put(id_, {"id": id_, "revision": 1, "keys": [id_]})
    really = restore

    def fails(*asked: Any, **more: Any) -> int:
        if both in {one.id for one in asked[1]}:
            raise RuntimeError("a bug")
        return really(*asked, **more)

    monkeypatch.setattr(sharing, "restore", fails)
    for _ in range(2):
        with pytest.raises(Disputed, match=f"{both} cannot be let in: a bug"):
            share(hamburg)
        assert {one.id for one in hamburg.tombstones.all()} == {*court, both}
    monkeypatch.setattr(sharing, "restore", really)
    share(hamburg)
    assert {one.id for one in hamburg.tombstones.all()} == set(court)


def test_one_whose_file_cannot_be_taken_away_keeps_no_other_from_being_let_in(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(hamburg, ["s-dpa:1", "s-dpa:2", both], ORDER)
    finish(hamburg)
    share(hamburg)
    hamburg.tombstones.reopen(both, ["files"])
    let_in(fake, "s-dpa:1", "s-dpa:2", both)

    def stuck(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("worker.care.putting_away._put_one_away", stuck)
    with pytest.raises(Disputed, match="not permitted"):
        share(hamburg)
    assert {one.id for one in hamburg.tombstones.all()} == {both}


def test_one_that_cannot_be_let_in_and_was_never_told_ends_no_look(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is among those that are to be told, as long as it is not settled."""
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    hamburg.tombstones.agreement.follow("another index", -1)
    let_in(fake, both)
    tried = list[str]()

    def fails(*asked: Any, **more: Any) -> int:
        tried.append(both)
        raise RuntimeError("a bug")

    monkeypatch.setattr(sharing, "restore", fails)
    with pytest.raises(Disputed, match="cannot be let in"):
        share(hamburg)
    assert len(tried) <= 2


def test_what_no_file_is_here_of_is_done_with_at_once(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    """Another program may write a million of them: each must not take a write to the disk."""
    withdraw(hamburg, [both], ORDER)
    for number in range(250):
        told = {"id": f"s-{number}", "revision": 1, "purged": number % 2 == 0}
        fake.store.single(INDEX).put(f"s-{number}", told)
    share(hamburg)
    share(bremen)
    before = writes(bremen)
    finish(bremen)
    assert writes(bremen) - before < 20
    assert bremen.tombstones.unfinished() == []
    assert files(bremen.folders.withdrawn) == ["x.txt"]


def strange(fake: FakeElasticsearch, count: int, **about: Any) -> None:
    """What another program says of articles that no site has."""
    for number in range(count):
        told = {"id": f"s-strange:{number}", "revision": 1, **WORDS, **about}
        fake.store.single(INDEX).put(told["id"], told)


def test_what_is_restored_and_never_was_here_is_neither_read_nor_noted(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    """A row with a transaction of its own for each ten had 20,000 of them take five minutes."""
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    share(hamburg)
    strange(fake, 250, restored=True)
    before = writes(hamburg)
    fake.asked.clear()
    share(hamburg)
    assert [line for line in fake.asked if "_mget" in line] == []
    assert writes(hamburg) - before == 1, "how far it was followed"
    withdraw(hamburg, ["s-strange:7"], ORDER)
    share(hamburg)
    now = fake.store.single(INDEX).documents["s-strange:7"].source
    assert (now["revision"], now["restored"], now["reason"]) == (2, False, ORDER.reason)


def test_many_withdrawals_of_which_nothing_is_here_are_taken_over_at_once(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    strange(fake, 250)
    before = writes(hamburg)
    share(hamburg)
    assert writes(hamburg) - before < 5
    assert len(hamburg.tombstones.all()) == 251


def test_with_very_many_keys_few_are_taken_over_at_once(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a page at once would be gigabytes."""
    strange(fake, 40, keys=[f"k{number}" for number in range(3_000)])
    really, sizes = hamburg.tombstones.take, list[int]()

    def take(others: Any) -> None:
        sizes.append(len(others))
        really(others)

    monkeypatch.setattr(hamburg.tombstones, "take", take)
    share(hamburg)
    assert sizes == [10] * 4


def test_how_far_others_were_followed_is_noted_behind_each_page(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in between it began anew; and what follows that was written meanwhile is found."""
    monkeypatch.setattr(point_in_time, "_PAGE", 30)
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    strange(fake, 100)
    really, taken, before = sharing._take_down, list[str](), list[str]()

    def take(container: FakeContainer, others: Any) -> None:
        if not before and len(taken) > 50:
            raise Killed
        taken.extend(own.id for own, _, _ in others)
        really(container, others)

    monkeypatch.setattr(sharing, "_take_down", take)
    with pytest.raises(Killed):
        share(hamburg)
    _, upto = hamburg.tombstones.agreement.followed()
    last = fake.store.single(INDEX).documents["s-strange:99"].seq_no
    assert 50 <= upto < last
    before += taken
    taken.clear()
    share(hamburg)
    assert not set(before) & set(taken)
    assert len(hamburg.tombstones.all()) == 101


def test_one_s_own_is_told_and_taken_away_before_others_are_followed(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    """Twenty thousand of others were followed first, and the article was found for a minute."""
    strange(fake, 50)
    withdraw(hamburg, [both], ORDER)
    fake.asked.clear()
    Finishing(OWN)(hamburg)
    assert documents(fake) == set()
    assert [line for line in fake.asked if f"{INDEX}/_refresh" in line] == []
    assert fake.store.single(INDEX).documents[both].source["reason"] == ORDER.reason
    assert [one.id for one in hamburg.tombstones.all()] == [both]


def test_what_came_back_is_asked_about_alone(
    hamburg: FakeContainer, fake: FakeElasticsearch, both: str
) -> None:
    withdraw(hamburg, [both], ORDER)
    looked(hamburg)
    strange(fake, 50)
    fake.store.single("articles").put(both, {"headline": "back"})
    sweep(hamburg)
    assert documents(fake) == set()
    assert [one.id for one in hamburg.tombstones.all()] == [both]


def writes(site: FakeContainer) -> int:
    """How often its tombstones were written."""
    return int(site.tombstones.changes().split()[1])
