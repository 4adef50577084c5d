"""What is withdrawn is gone and stays away, until it is restored."""

from __future__ import annotations

import io
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from articles.article import TEXT_FIELDS
from articles.errors import ServiceUnavailable, UsageError
from indexing.index import answers
from indexing.index.migrate import migrate
from indexing.writing import of_paths
from indexing.writing.versions import every
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.security.stranger import STRANGERS, as_root
from worker import failpoint
from worker.care import keep_withdrawn as keep_withdrawn_module
from worker.care import putting_away, taking_away
from worker.care.compared import Compared
from worker.care.keep_withdrawn import (
    Chore,
    Finishing,
    keep_withdrawn,
    quick,
    slow,
    sweep,
    sweeping,
)
from worker.care.repair import repair
from worker.care.restore import meant, restore
from worker.care.retry import retry
from worker.care.sharing import share
from worker.care.status import read
from worker.care.taking_away import HELD, OWN, QUICK, SLOW, finish
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw, withdraw_failed
from worker.care.withdrawn_documents import unindex
from worker.container import Container
from worker.intake.fates import ItemFate
from worker.spool import deposit, recognised
from worker.spool.settle import lies_as
from worker.spool.withdrawal import FILES, INDEX, Withdrawal

BODY = "Karsten Holm war in Bremen. " * 12
TEXT = f" date 2024-06-20 Amt : Bericht {{}}\n\n{BODY}"
ORDER = Order("court order 7 O 12/26", "desk")
PURGE = Order("court order 7 O 12/26", "desk", purge=True)


def dropped(container: FakeContainer, **files: str | bytes) -> dict[str, ItemFate]:
    with container.spool.filling() as batch:
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            deposit.put(batch, io.BytesIO(raw), name.replace("__", "/").replace("_", "."))
    fates = {fate.path: fate for fate in container.intake.batch(batch.name)}
    container.client.indices.refresh(index=container.settings.index)
    return fates


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def gone(container: FakeContainer, ids: list[str], order: Order = ORDER) -> None:
    withdraw(container, ids, order)
    finish(container)


def work(container: FakeContainer) -> list[ItemFate]:
    return [f for batch in container.spool.batches() for f in container.intake.batch(batch.name)]


def documents(fake: FakeElasticsearch) -> set[str]:
    versions = (i for name, i in fake.store.indices.items() if name != "articles-withdrawals")
    return {id_ for index in versions for id_ in index.documents}


def test_it_is_out_of_index_and_archive_and_its_copies_too(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    first = dropped(container, a_txt=TEXT.format(1), b_txt=TEXT.format(2))
    dropped(container, copy_txt=TEXT.format(1))
    gone(container, [first["a.txt"].id])
    assert documents(fake) == {first["b.txt"].id}
    assert files(container.folders.archive) == ["b.txt"]
    assert files(container.folders.withdrawn) == ["a.txt", "copy.txt"]
    assert container.ledger.counts() == {"indexed": 1, "duplicate": 0, "failed": 0, "withdrawn": 2}
    (one,) = container.tombstones.all()
    assert (one.path, one.reason, one.who, one.todo) == ("a.txt", ORDER.reason, "desk", ())


CHANGED = TEXT.format("1, berichtigt") + "Und mehr."


@pytest.fixture
def cut_short(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The id of a text that has a document, and whose file is not archived: nothing tells of it."""

    def dies(point: str) -> None:
        if point == "intake.indexed":
            raise ServiceUnavailable(point)

    with monkeypatch.context() as patch, suppress(ServiceUnavailable):
        patch.setattr(failpoint, "reach", dies)
        dropped(container, a_txt=TEXT.format(1))
    (first,) = documents(fake)
    return first


def test_a_later_text_that_is_written_just_then_goes_with_it(
    container: FakeContainer,
    fake: FakeElasticsearch,
    cut_short: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever withdrew the first had looked for others before."""
    monkeypatch.setattr("worker.care.withdraw.same_articles", lambda *_: ({}, {}))

    def withdrawn(point: str) -> None:
        if point == "intake.indexed":
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            gone(container, [cut_short])

    monkeypatch.setattr(failpoint, "reach", withdrawn)
    assert dropped(container, a_txt=CHANGED)["a.txt"].fate == "waiting"
    finish(container)
    work(container)
    finish(container)
    assert documents(fake) == set()
    assert files(container.folders.archive) == []


def test_what_is_refused_by_its_id_alone_is_so_where_its_path_tells_another(
    container: FakeContainer,
) -> None:
    """Its document was gone, and the ledger lost, when it was withdrawn: nothing else is known."""
    dropped(container, a_txt=TEXT.format(1))
    id_ = dropped(container, x_txt=CHANGED)["x.txt"].id
    gone = Withdrawal(id_, "x.txt", ORDER.reason, "2026-11-29T00:00:00Z", ORDER.who)
    container.tombstones.add([(gone, (), ())])
    unindex(container, [id_])
    assert dropped(container, a_txt=CHANGED)["a.txt"].fate == "withdrawn"


def test_a_later_text_that_was_not_joined_yet_goes_with_it(
    container: FakeContainer, fake: FakeElasticsearch, cut_short: str
) -> None:
    first, changed = cut_short, CHANGED
    second = dropped(container, a_txt=changed, b_txt=TEXT.format(2))["a.txt"].id
    assert second != first
    gone(container, [first])
    work(container)
    finish(container)
    assert not documents(fake) & {first, second}
    assert files(container.folders.archive) == ["b.txt"]
    assert len(files(container.folders.withdrawn)) == 2
    (one,) = container.tombstones.all()
    assert restore(container, [one]) == 2
    work(container)
    assert len(documents(fake)) == 2, "one article, of both its texts, and the other"
    assert len(files(container.folders.archive)) == 3


def test_it_goes_with_it_however_many_keys_the_document_tells(
    container: FakeContainer, fake: FakeElasticsearch, cut_short: str
) -> None:
    second = dropped(container, a_txt=CHANGED)["a.txt"].id
    told = {"known_as": [f"s-{number}" for number in range(6_000)]}
    container.client.update(index="articles", id=cut_short, doc=told)
    gone(container, [cut_short])
    assert not documents(fake) & {cut_short, second}


def beside(
    container: FakeContainer, fake: FakeElasticsearch, id_: str, count: int, path: str = "a.txt"
) -> set[str]:
    """Documents of the same text and path, as who may write documents may write them; their ids."""
    told = ("headline", "signature", "minhash", "published")
    same = {name: value for name, value in fake.source(id_).items() if name in told}
    same |= {"source": {"path": path}, "enrichment": {"state": "enriched"}}
    ids = [f"t-{number:040x}" for number in range(count)]
    for each in ids:
        fake.store.single("articles").put(each, same)
    container.client.indices.refresh(index="articles")
    return set(ids)


@pytest.mark.parametrize("order", [ORDER, PURGE])
def test_documents_of_others_take_no_place_of_what_an_article_is_recognised_by(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    order: Order,
) -> None:
    """By five thousand of them all else was pushed out: it came in again, and all was well."""
    monkeypatch.setattr(recognised, "MOST_OF_DOCUMENTS", 40)
    monkeypatch.setattr(recognised, "MOST_OF_OTHERS", 20)
    body = "".join(LONG.format(f"über Punkt {n} und die Kosten von {n} Euro") for n in range(20))
    text = f" date 2024-06-20 Amt : Hafenplan\n\n{body}"
    id_ = dropped(container, a_txt=text)["a.txt"].id
    dropped(container, a_txt=text.replace("Punkt 7", "Absatz sieben"))
    theirs = beside(container, fake, id_, 39)
    gone(container, [id_], order)
    again = {"headline": "Hafenplan", "kicker": "Amt", "body": body, "id": "dpa:9"}
    fates = [
        *dropped(container, json_json=json.dumps(again)).values(),
        *dropped(container, a_txt=text.replace("Punkt 8", "Absatz acht")).values(),
        *dropped(container, b_txt=text.replace("Punkt 7", "Absatz sieben")).values(),
    ]
    assert [fate.fate for fate in fates] == ["withdrawn"] * 3
    left = documents(fake)
    assert len(theirs) - len(left) == recognised.MOST_OF_OTHERS
    assert left < theirs
    said = container.tombstones.left_out()
    assert list(said) == [id_]
    assert said[id_] >= len(left)
    compared = Compared()
    verify(container, compared)
    (told,) = (one for page in compared.pages("left_out", 10) for one in page)
    assert (told.id, told.path, told.detail) == (id_, "a.txt", f"{said[id_]:,} keys or documents")


def test_what_had_no_place_is_told_until_that_is_looked_at(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognised, "MOST_OF_OTHERS", 3)
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    beside(container, fake, id_, 5)
    gone(container, [id_])
    assert container.tombstones.left_out().keys() == {id_}
    gone(container, sorted(documents(fake)))
    assert documents(fake) == set()
    gone(container, [id_])
    assert container.tombstones.left_out() == {}
    restore(container, [meant(container, id_)])
    assert container.tombstones.left_out() == {}


def test_it_is_refused_from_then_on_whatever_name_it_has(container: FakeContainer) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_])
    again = {"headline": "Bericht 1", "kicker": "Amt", "body": BODY, "id": "dpa:9"}
    fates = dropped(container, new_txt=TEXT.format(1), json_json=json.dumps(again))
    assert [fate.fate for fate in fates.values()] == ["withdrawn", "withdrawn"]
    assert f"`depesche restore {id_}`" in fates["new.txt"].reason
    assert files(container.folders.archive) == files(container.folders.failed) == []
    assert files(container.folders.withdrawn) == ["a.txt", "json.json", "new.txt"]


def test_another_text_under_the_same_id_or_url_is_refused_another_id_is_not(
    container: FakeContainer,
) -> None:
    url = "https://dpa.example/7"
    old = json.dumps({"headline": "H", "body": "Eins.", "id": "dpa:7", "url": url})
    gone(container, [dropped(container, a_json=old)["a.json"].id])
    news = {"id": {"id": "dpa:7"}, "url": {"url": url + "/"}, "other": {"id": "dpa:8", "url": url}}
    for name, own in news.items():
        text = json.dumps({"headline": "H", "body": f"Neu {name}.", **own})
        fate = dropped(container, **{f"{name}_json": text})[f"{name}.json"].fate
        assert fate == ("indexed" if name == "other" else "withdrawn"), name


def test_all_versions_of_an_article_go_and_none_comes_back(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    texts = [
        json.dumps({"headline": "H", "body": f"{n}. {BODY * 2}", "id": "dpa:7"}) for n in "123"
    ]
    for text in texts:
        dropped(container, a_json=text)
    assert len(files(container.folders.archive)) == 3
    gone(container, ["s-dpa:7"])
    assert files(container.folders.archive) == []
    assert len(files(container.folders.withdrawn)) == 3
    own = [json.dumps(json.loads(text) | {"id": f"x:{n}"}) for n, text in enumerate(texts)]
    assert {dropped(container, b_json=text)["b.json"].fate for text in own} == {"withdrawn"}
    restore(container, [meant(container, "s-dpa:7")])
    work(container)
    assert {version.number for version in every(fake.source("s-dpa:7"))} == {1, 2, 3}
    assert fake.source("s-dpa:7")["body"].startswith("3."), "the latest is the current one again"
    gone(container, ["s-dpa:7"], PURGE)
    assert {name[0] for name in files(container.folders.archive)} == {"b"}, "of ids of their own"
    assert files(container.folders.withdrawn) == []


LONG = "Der Rat von Bremen hat am Montag den Plan für den Hafen beraten. Karsten Holm sprach {}. "


def test_a_text_without_an_id_is_recognised_under_its_path_though_it_has_changed(
    container: FakeContainer,
) -> None:
    body = "".join(LONG.format(f"über Punkt {n} und die Kosten von {n} Euro") for n in range(20))
    text = f" date 2024-06-20 Amt : Hafenplan\n\n{body}"
    gone(container, [dropped(container, a_txt=text)["a.txt"].id])
    changed = text.replace("Punkt 7", "Absatz sieben")
    fates = {
        "its path": dropped(container, a_txt=changed),
        "another day": dropped(container, a_txt=changed.replace("2024-06-20", "2024-06-21")),
        "another path": dropped(container, b_txt=changed.replace("Punkt 8", "Absatz acht")),
        "another text": dropped(container, a_txt=TEXT.format(1)),
    }
    told = {name: fate.fate for name, each in fates.items() for fate in each.values()}
    assert told == {
        "its path": "withdrawn",
        "another day": "indexed",
        "another path": "indexed",
        "another text": "indexed",
    }


def test_of_several_under_one_path_each_is_recognised(container: FakeContainer) -> None:
    for name in ("Hafen", "Bahnhof"):
        lines = (f"Punkt {n} über den {name} hat {name}rat {n} gelesen. " for n in range(40))
        text = f" date 2024-06-20 Amt : {name}\n\n{''.join(lines)}"
        gone(container, [dropped(container, a_txt=text)["a.txt"].id])
        changed = text.replace("Punkt 7", "Absatz sieben")
        assert dropped(container, a_txt=changed)["a.txt"].fate == "withdrawn"


def test_what_is_purged_is_nowhere_also_when_it_comes_again(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_], PURGE)
    assert files(container.folders.archive) == files(container.folders.withdrawn) == []
    assert container.persistence.rewritten == 1
    assert dropped(container, b_txt=TEXT.format(1))["b.txt"].fate == "withdrawn"
    for folder in (container.folders.archive, container.folders.failed, container.folders.spool):
        assert files(folder) == []
    assert container.tombstones.all()[0].todo == ("redis",)
    finish(container)
    assert container.persistence.rewritten == 2
    assert BODY[:30].encode() not in b"".join(
        path.read_bytes() for path in container.folders.data.rglob("*") if path.is_file()
    )


def test_what_was_withdrawn_can_be_purged_later(container: FakeContainer) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_])
    gone(container, [id_], PURGE)
    assert files(container.folders.withdrawn) == []
    (one,) = container.tombstones.all()
    assert (one.path, one.purged) == ("a.txt", True)


def test_restored_it_comes_in_again_by_intake(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_])
    dropped(container, sub__a_txt=TEXT.format(1))
    assert restore(container, [meant(container, id_[:6])]) == 2
    assert sorted(fate.fate for fate in work(container)) == ["duplicate", "indexed"]
    assert documents(fake) == {id_}
    assert files(container.folders.archive) == ["a.txt", "sub/a.txt"]
    assert container.tombstones.all() == []
    with pytest.raises(UsageError, match="Nothing that was withdrawn"):
        meant(container, id_)


def test_an_older_version_of_the_index_loses_it_too_and_stays_read_only(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    done = migrate(container.client, container.settings.index, lambda _: None, force=True)
    assert done
    gone(container, [id_])
    assert documents(fake) == set()
    assert fake.store.indices[done.old].blocks == ["write"]
    assert fake.store.indices[done.new].blocks == []


def test_while_a_migration_holds_writes_off_it_waits(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """The index that is searched is never opened: what it took would be in no copy of it."""
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    index = fake.store.single("articles")
    index.settings["index.blocks.write"] = True
    withdraw(container, [id_], ORDER)
    with pytest.raises(ServiceUnavailable, match="lets nothing be removed"):
        finish(container)
    assert index.blocks == ["write"]
    index.settings["index.blocks.write"] = None
    finish(container)
    assert documents(fake) == set()


def test_the_watcher_takes_what_is_left_and_looks_where_anything_has_changed(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    ids = [fate.id for fate in dropped(container, a_txt=TEXT.format(1)).values()]
    finishing = Finishing(QUICK)
    finishing(container)
    withdraw(container, ids, PURGE)
    fake.refuse("articles-v3/_bulk", 503, "x")
    with pytest.raises(ServiceUnavailable):
        finishing(container)
    finishing(container)
    assert container.tombstones.unfinished()[0].todo == SLOW
    finishing(container)
    asked = len(fake.asked)
    finishing(container)
    assert len(fake.asked) == asked
    stop = threading.Event()
    threading.Timer(2.5, stop.set).start()
    keep_withdrawn(container, stop, slow())
    assert container.tombstones.unfinished() == []


@pytest.fixture
def known_twice(container: FakeContainer, fake: FakeElasticsearch) -> tuple[str, str]:
    """The id of what is withdrawn, and another that its text had; both have no document."""
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_])
    container.tombstones.add_key(id_, "t-2")
    container.tombstones.add_key(id_, "u-2")
    return id_, "t-2"


def test_what_is_back_under_another_id_of_its_text_is_removed_too(
    container: FakeContainer, fake: FakeElasticsearch, known_twice: tuple[str, str]
) -> None:
    """By its URL alone none is: that is any document's word for it."""
    for id_ in (*known_twice, "u-2"):
        fake.store.single("articles").put(id_, {"headline": "back"})
    sweep(container)
    assert documents(fake) == {"u-2"}


def test_what_is_let_in_while_it_is_looked_for_stays(
    container: FakeContainer,
    fake: FakeElasticsearch,
    known_twice: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for id_ in known_twice:
        fake.store.single("articles").put(id_, {"headline": "back"})
    monkeypatch.setattr(
        "worker.care.keep_withdrawn.settle", lambda *_: container.tombstones.remove(known_twice)
    )
    sweep(container)
    assert documents(fake) == set(known_twice)


def held_by_many(container: FakeContainer, withdrawals: int, texts: int) -> list[str]:
    """As whoever writes what sites tell each other has it: the ids that each of many has."""
    ids = [f"t-z{number}" for number in range(texts)]
    each = (Withdrawal(f"s-{n:03}", "", "r", "2026-01-01", "w") for n in range(withdrawals))
    container.tombstones.add((one, ids, []) for one in each)
    return ids


def test_what_very_many_withdrawals_have_in_common_is_asked_about_once(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For three hundred documents of three thousand each pair was, an hour and longer."""
    purged = Withdrawal("t-zz", "", "r", "2026-01-01", "w", purged=True)
    ids = held_by_many(container, 60, 250)
    container.tombstones.add([(purged, ids[-1:], [])])
    for id_ in ids:
        fake.store.single("articles").put(id_, {"headline": "back"})
    asked, alone = list[str](), list[int]()
    really = unindex
    monkeypatch.setattr(keep_withdrawn_module, "settle", lambda _, ids: asked.extend(ids))

    def counted(container: Container, ids: Sequence[str]) -> int:
        alone.append(len(ids))
        return really(container, ids)

    monkeypatch.setattr(keep_withdrawn_module, "unindex", counted)
    sweep(container)
    assert documents(fake) == set()
    assert len(asked) < len(ids) / 2
    assert "t-zz" in asked, "what is purged first"
    assert max(alone) <= 100, "others have their turns in between"
    assert container.tombstones.by_id(["t-zz"])["t-zz"].todo == ("index", "redis", "expunge")


def test_what_came_back_is_looked_for_while_nobody_waits_and_every_ten_minutes_at_least(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind what takes an hour no other site's withdrawal was done, and it rested for days."""
    assert sweep not in [chore.do for chore in quick()]
    assert [chore.do for chore in sweeping()] == [sweep]
    held_by_many(container, 1, 1)
    monkeypatch.setattr(keep_withdrawn_module, "back_in", lambda *_: [])
    for took, rest in ((0.1, 60.0), (2.0, 200.0), (3600.0, 600.0)):
        clock = SimpleNamespace(monotonic=iter((0.0, took)).__next__)
        monkeypatch.setattr(keep_withdrawn_module, "time", clock)
        assert sweep(container) == rest


def came_back(container: FakeContainer, fake: FakeElasticsearch, id_: str) -> None:
    fake.store.single("articles").put(id_, {"headline": "back"})
    sweep(container)


@pytest.mark.parametrize(
    ("order", "again"), [(ORDER, []), (PURGE, [("index", "redis", "expunge")])]
)
def test_of_what_is_purged_the_files_of_both_services_are_written_anew_when_it_was_back(
    container: FakeContainer, fake: FakeElasticsearch, order: Order, again: list[tuple[str, ...]]
) -> None:
    """Under whatever id: what is deleted lies in their files still."""
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_], order)
    container.tombstones.add_key(id_, "t-2")
    for number, name in enumerate((id_, "t-2"), 2):
        came_back(container, fake, name)
        assert [one.todo for one in container.tombstones.unfinished()] == again
        finish(container)
        assert container.persistence.rewritten == (number if order.purge else 0)
    assert container.tombstones.unfinished() == []
    assert documents(fake) == set()


def test_who_writes_it_again_and_again_has_nothing_written_anew_all_the_time(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is the first in a row kept waiting."""
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_], PURGE)
    now, minutes = [0.0], list[int]()
    monkeypatch.setattr(keep_withdrawn_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    (chore,), quick = slow(), Finishing(OWN)
    chore.do(container)
    for minute in range(60):
        now[0] = minute * 60.0
        before = container.persistence.rewritten
        came_back(container, fake, id_)
        quick(container)
        keep_withdrawn_module._done(container, chore, ())
        minutes += [minute] * (container.persistence.rewritten - before)
    assert minutes == list(range(0, 60, 5))
    now[0] += 300.0
    keep_withdrawn_module._done(container, chore, ())
    assert container.tombstones.unfinished() == []


def test_what_took_long_in_vain_is_not_tried_again_at_once(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else Redis would write its files each minute for what is purged and written again."""
    gone(container, [dropped(container, a_txt=TEXT.format(1))["a.txt"].id], PURGE)
    container.tombstones.reopen(container.tombstones.all()[0].id, SLOW)
    now, tried = [0.0], list[float]()
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr(keep_withdrawn_module, "time", clock)

    def in_vain(*_: object) -> None:
        tried.append(now[0])
        now[0] += 120.0 if len(tried) == 1 else 1.0
        raise ServiceUnavailable("segments are as they were")

    monkeypatch.setattr(taking_away, "expunge", in_vain)
    (chore,) = slow()
    while now[0] < 490.0:
        keep_withdrawn_module._done(container, chore, ())
        now[0] += 5.0
    assert tried == [0.0, 480.0, 486.0]
    assert container.persistence.rewritten == 2


def test_what_there_was_nothing_to_do_for_yet_is_not_rested_from(
    container: FakeContainer,
) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    withdraw(container, [id_], PURGE)
    slowly = Finishing(SLOW, 300.0)
    assert slowly(container) == 0.0, "its document is there"
    Finishing(QUICK)(container)
    assert (slowly(container), container.persistence.rewritten) == (300.0, 1)
    assert slowly(container) == 0.0


def test_what_a_snapshot_brought_back_is_removed(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    source = fake.source(id_)
    gone(container, [id_])
    fake.store.single("articles").create(id_, source)
    sweep(container)
    assert documents(fake) == set()


def test_a_failed_file_is_not_retried_into_the_archive(container: FakeContainer) -> None:
    dropped(container, leer_txt=bytes(300))
    one = withdraw_failed(container, "leer.txt", ORDER)
    finish(container)
    assert files(container.folders.failed) == []
    assert files(container.folders.withdrawn) == ["leer.txt"]
    assert dropped(container, leer_txt=bytes(300))["leer.txt"].fate == "withdrawn"
    (container.folders.failed / "wieder.txt").write_bytes(bytes(300))
    retry(container, ["wieder.txt"])
    assert [fate.fate for fate in work(container)] == ["withdrawn"]
    assert meant(container, one.id).id == one.id


@pytest.mark.parametrize("order", [ORDER, PURGE])
def test_withdrawn_while_its_copy_was_being_written_it_comes_back_by_no_gap(
    container: FakeContainer, fake: FakeElasticsearch, order: Order
) -> None:
    """Between the look and the write: the document is made, and the copy waits to be refused."""
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    fake.before("_bulk", lambda: gone(container, [id_], order))
    assert dropped(container, b_txt=TEXT.format(1))["b.txt"].fate == "waiting"
    todo = (INDEX, *SLOW) if order.purge else (INDEX,)
    assert [one.todo for one in container.tombstones.unfinished()] == [todo]
    finish(container)
    assert [fate.fate for fate in work(container)] == ["withdrawn"]
    finish(container)
    assert documents(fake) == set()
    assert files(container.folders.archive) == []
    assert files(container.folders.withdrawn) == ([] if order.purge else ["a.txt", "b.txt"])


@pytest.mark.parametrize("when", ["before it is moved", "after the restore has looked"])
def test_restored_while_its_copy_was_being_refused_both_are_there(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Else the copy would rest in withdrawn/, and nothing would be known of it."""
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_])

    def let_in() -> None:
        restore(container, [meant(container, id_)])

    def refuse() -> None:
        dropped(container, copy_txt=TEXT.format(1))

    def once(point: str, wanted: str, do: Callable[[], None]) -> None:
        if point == wanted:
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            do()

    if when == "before it is moved":
        monkeypatch.setattr(failpoint, "reach", lambda p: once(p, "intake.recorded", let_in))
        refuse()
    else:
        monkeypatch.setattr(failpoint, "reach", lambda p: once(p, "withdraw.claimed", refuse))
        let_in()
    work(container)
    assert files(container.folders.withdrawn) == []
    assert files(container.folders.archive) == ["a.txt", "copy.txt"]
    assert container.tombstones.all() == []


def zipped(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return content.getvalue()


def test_a_container_goes_with_a_purged_member_and_its_other_articles_stay(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    inner = zipped(a=TEXT.format(1), b=TEXT.format(2))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("heft.zip", inner)
        archive.writestr("c.txt", TEXT.format(3))
    dropped(container, woche_zip=outer.getvalue(), other_zip=zipped(d=TEXT.format(4)))
    rows = container.client.search(index="articles", query={"match_all": {}})["hits"]["hits"]
    ids = {row["_source"]["source"]["path"]: row["_id"] for row in rows}
    gone(container, [ids["woche.zip/heft.zip/a.txt"]])
    kept = ["other.zip/d.txt", "other.zip/other.zip", "woche.zip/c.txt", "woche.zip/heft.zip/b.txt"]
    both = ["woche.zip/heft.zip/heft.zip", "woche.zip/woche.zip"]
    assert files(container.folders.archive) == sorted([*kept, *both])
    assert differences(container) == {}, "the container holds it, and it is not missing"
    gone(container, [ids["woche.zip/heft.zip/a.txt"]], PURGE)
    assert files(container.folders.archive) == kept
    dropped(container, neu_zip=zipped(a=TEXT.format(1), e=TEXT.format(5)))
    finish(container)
    assert files(container.folders.archive) == sorted([*kept, "neu.zip/e.txt"])


def test_what_waits_for_a_container_keeps_no_other(container: FakeContainer) -> None:
    dropped(container, heft_zip=zipped(a=TEXT.format(1)))
    single = dropped(
        container, b_txt=TEXT.format(2), b_txt_reason_json='{"headline": "H", "body": "Satz."}'
    )
    rows = container.client.search(index="articles", query={"match_all": {}})["hits"]["hits"]
    (member,) = [row["_id"] for row in rows if "zip" in row["_source"]["source"]["path"]]
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(zipped(a=TEXT.format(1))), "heft.zip")
    with pytest.raises(ServiceUnavailable, match="is being unpacked"):
        gone(container, [member, single["b.txt"].id], PURGE)
    archived = files(container.folders.archive)
    assert archived == ["b.txt.reason.json", "heft.zip/heft.zip"]
    work(container)
    finish(container)
    assert files(container.folders.archive) == ["b.txt.reason.json"]


@pytest.mark.parametrize("step", ["index", "redis", "expunge"])
def test_what_cannot_be_done_now_is_done_later(
    container: FakeContainer, fake: FakeElasticsearch, step: str
) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    withdraw(container, [id_], PURGE)
    if step == "index":
        fake.refuse("_bulk", 503, "x")
    elif step == "redis":
        container.persistence.away = True
    else:
        fake.refuse("_flush", 503, "x")
    with pytest.raises(ServiceUnavailable):
        finish(container)
    assert step in container.tombstones.unfinished()[0].todo
    assert dropped(container, b_txt=TEXT.format(1))["b.txt"].fate == "withdrawn"
    container.persistence.away = False
    finish(container)
    assert container.tombstones.unfinished() == []
    assert files(container.folders.archive) == []


def differences(container: FakeContainer) -> dict[str, int]:
    with closing(Compared()) as compared:
        verify(container, compared)
        counts = compared.counts()
        repair(container, compared)
    return counts


def test_what_a_back_up_brought_back_is_seen_and_taken_away_again(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    source = fake.source(id_)
    gone(container, [id_])
    assert differences(container) == {}
    dropped(container, b_txt=TEXT.format(2))
    fake.store.single("articles").create(id_, source)
    container.client.indices.refresh(index="articles")
    (container.folders.archive / "other.txt").write_text(TEXT.format(1))
    assert differences(container) == {"withdrawn": 2}
    assert differences(container) == {}
    assert files(container.folders.archive) == ["b.txt"]
    assert files(container.folders.withdrawn) == ["a.txt", "other.txt"]
    assert id_ not in documents(fake)


@pytest.mark.parametrize("order", [ORDER, PURGE])
def test_verify_says_as_what_a_document_was_withdrawn_and_repair_takes_it_away(
    container: FakeContainer, fake: FakeElasticsearch, order: Order
) -> None:
    """It was reopened under the document's id, which no withdrawal had: nothing was done."""
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    gone(container, [id_], order)
    rewritten = container.persistence.rewritten
    container.tombstones.add_key(id_, "t-2")
    for name in (id_, "t-2"):
        fake.store.single("articles").put(name, {"source": {"path": "b.txt"}})
    container.client.indices.refresh(index="articles")
    with closing(Compared()) as compared:
        verify(container, compared)
        found = {d.id: d.detail for page in compared.pages("withdrawn", 9) for d in page}
        assert found == {id_: "in the index", "t-2": f"in the index, and withdrawn as {id_}"}
        repair(container, compared)
    assert documents(fake) == set()
    assert container.persistence.rewritten == rewritten + order.purge
    assert container.tombstones.unfinished() == []


def test_status_counts_them_and_says_what_is_left(container: FakeContainer) -> None:
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    withdraw(container, [id_], ORDER)
    (note,) = [note for note in read(container).notes if note.kind == "withdrawing"]
    assert note.items == (id_,)
    finish(container)
    share(container)
    now = read(container)
    assert (now.files["withdrawn"], now.files["failed"], now.fates["withdrawn"]) == (1, 0, 1)
    assert not any(note.kind.endswith("withdrawals") for note in now.notes)
    container.tombstones.path.write_bytes(b"no database" * 100)
    assert [note.kind for note in read(container).notes if note.wrong] == ["unreadable_withdrawals"]
    container.tombstones.path.unlink()
    assert [note.kind for note in read(container).notes if note.wrong] == ["lost_withdrawals"]


def test_status_counts_all_and_names_the_first(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is unfinished may be millions, of another program's words."""
    ids = [f"s-dpa:{number:03}" for number in range(150)]
    withdraw(container, ids, ORDER)
    really, sizes = container.tombstones._listed, list[int]()

    def listed(*asked: object) -> list[Withdrawal]:
        found = really(*asked)  # type: ignore[arg-type]
        sizes.append(len(found))
        return found

    monkeypatch.setattr(container.tombstones, "_listed", listed)
    (note,) = [note for note in read(container).notes if note.kind == "withdrawing"]
    assert note.text.startswith("150 withdrawals not finished")
    assert note.items == tuple(ids[:100])
    assert max(sizes) <= 100


@pytest.mark.parametrize("steps", [OWN, HELD, SLOW])
def test_what_is_left_of_very_many_is_done_in_parts(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...]
) -> None:
    withdraw(container, [f"s-dpa:{number:03}" for number in range(250)], PURGE)
    if steps != OWN:
        finish(container, steps=OWN)
        container.tombstones.reopen_each({f"s-dpa:{n:03}": HELD for n in range(250)})
    really, sizes = container.tombstones._listed, list[int]()

    def listed(*asked: object) -> list[Withdrawal]:
        found = really(*asked)  # type: ignore[arg-type]
        sizes.append(len(found))
        return found

    monkeypatch.setattr(container.tombstones, "_listed", listed)
    finish(container, steps=steps)
    assert not container.tombstones.is_left(steps)
    assert 0 < max(sizes) <= 100


def test_where_withdrawals_cannot_be_read_nothing_is_indexed(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    container.tombstones.path.write_bytes(b"no database" * 100)
    with pytest.raises(ServiceUnavailable, match="nothing is indexed"):
        dropped(container, a_txt=TEXT.format(1))
    container.tombstones.path.unlink()
    assert [fate.fate for fate in work(container)] == ["indexed"]


@pytest.mark.parametrize("spelt", ["c.txt", "\\x63.txt", "\\u0063.txt"])
def test_a_document_that_names_another_s_file_takes_it_not_away(
    container: FakeContainer, fake: FakeElasticsearch, spelt: str
) -> None:
    """Who may write documents may not delete what is in the archive, nor have it refused."""
    rain = " date 2024-06-21 Wetter : Regen\n\n" + "Es regnet in Jena und in Gera. " * 12
    ids = dropped(container, a_txt=TEXT.format(1), b_txt=rain, c_txt=TEXT.format(3))
    b, c = (fake.source(ids[f"{name}.txt"].id) for name in "bc")
    line = {"path": spelt, **{name: c["source"][name] for name in ("sha256", "bytes")}}
    forged = {"source": b["source"], "history": [{"number": 2, **line}, {"number": 3}]}
    container.client.update(index="articles", id=ids["a.txt"].id, doc=forged)
    gone(container, [ids["a.txt"].id], PURGE)
    assert files(container.folders.archive) == ["b.txt", "c.txt"]
    assert dropped(container, again_txt=rain)["again.txt"].fate == "duplicate"


@pytest.mark.parametrize("second", ["b_txt", "a_txt"])
def test_a_document_that_is_made_to_look_like_another_s_article_goes_not_with_it(
    container: FakeContainer, fake: FakeElasticsearch, second: str
) -> None:
    """Who may write documents had others' files deleted for good by an order about one article.

    Under a name that another article had before him, too.
    """
    rain = " date 2024-06-21 Wetter : Regen\n\n" + "Es regnet in Jena und in Gera. " * 12
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    other = dropped(container, **{second: rain})[second.replace("_", ".")].id
    told = ("headline", "signature", "minhash", "published")
    looks = {name: value for name, value in fake.source(id_).items() if name in told}
    container.client.update(index="articles", id=other, doc=looks | {"source": {"path": "a.txt"}})
    gone(container, [id_], PURGE)
    assert other in documents(fake)
    assert len(files(container.folders.archive)) == 1
    assert dropped(container, again_txt=rain)["again.txt"].fate == "duplicate"


@pytest.mark.parametrize("together", [False, True])
def test_of_more_documents_under_its_path_than_are_read_it_is_told_and_no_other_is_passed_over(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    *,
    together: bool,
) -> None:
    monkeypatch.setattr(of_paths, "MOST", 5)
    ids = dropped(container, a_txt=TEXT.format(1), b_txt=TEXT.format(2))
    first, second = ids["a.txt"].id, ids["b.txt"].id
    for number in range(9):
        fake.store.single("articles").create(f"t-{number:040}", fake.source(first))
    fake.store.single("articles").create("t-" + "f" * 40, fake.source(second))
    container.client.indices.refresh(index="articles")
    gone(container, [first, second] if together else [first])
    left = 9 - 5  # its own takes no place
    assert container.tombstones.left_out() == {first: left}
    assert len(documents(fake)) == left + 2 * (not together)


def test_a_name_that_has_had_very_many_articles_leaves_nothing_out(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the ledger knows as others was counted as what had no place, for honest names."""
    monkeypatch.setattr(of_paths, "MOST", 5)
    texts = [f" date 2024-06-{day:02} Amt : Bericht\n\n{BODY}" for day in range(1, 10)]
    ids = [dropped(container, a_txt=text)["a.txt"].id for text in texts]
    assert len(set(ids)) == len(texts)
    gone(container, ids[-1:])
    assert container.tombstones.left_out() == {}


@pytest.mark.parametrize("name", ["b_json", "b_zip"])
def test_a_document_that_names_what_is_no_article_takes_it_not_away(
    container: FakeContainer, name: str
) -> None:
    """What has failed, and a container, whose digests who has sent them knows."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("c.txt", TEXT.format(3))
    content = b"{}" if name == "b_json" else packed.getvalue()
    id_ = dropped(container, a_txt=TEXT.format(1), **{name: content})["a.txt"].id
    work(container)
    path = name.replace("_", ".")
    told = {"path": path, "sha256": sha256(content).hexdigest(), "bytes": len(content)}
    container.client.update(index="articles", id=id_, doc={"source": told})
    gone(container, [id_], PURGE)
    there = [container.folders.failed / path, container.folders.archive / path]
    assert any(place.exists() for place in there)
    assert container.tombstones.unfinished() == []


@pytest.mark.parametrize("how", ["copy", "repair"])
def test_a_document_that_has_another_s_text_takes_its_file_not_along(
    container: FakeContainer, fake: FakeElasticsearch, how: str
) -> None:
    """Where it is read again out of the archive it was deleted, as a text that was purged."""
    rain = " date 2024-06-21 Wetter : Regen\n\n" + RAIN
    ids = dropped(container, a_txt=TEXT.format(1), b_txt=rain)
    id_, other = ids["a.txt"].id, ids["b.txt"].id
    texts = {name: fake.source(other).get(name) for name in TEXT_FIELDS}
    container.client.update(index="articles", id=id_, doc=texts)
    gone(container, [id_], PURGE)
    if how == "copy":
        assert dropped(container, again_txt=rain)["again.txt"].fate == "duplicate"
        return
    forged = {**fake.source(other), "known_as": [other]}
    unindex(container, [other])
    fake.store.single("articles").create("t-" + "f" * 40, forged)
    container.client.indices.refresh(index="articles")
    with closing(Compared()) as compared:
        verify(container, compared)
        repair(container, compared)
    work(container)
    finish(container)
    assert files(container.folders.archive) == ["b.txt"]
    assert other in documents(fake)


RAIN = "Es regnet in Jena und in Gera. " * 12
OF_ANOTHER = {
    "text": (" date 2024-06-21 Wetter : Regen\n\n" + RAIN, "b_txt"),
    "id": (json.dumps({"id": "x-7", "headline": "Regen", "text": RAIN}), "b_json"),
    "url": (
        json.dumps({"url": "https://example.org/7", "headline": "Regen", "text": RAIN}),
        "b_json",
    ),
}


@pytest.mark.parametrize("known_by", OF_ANOTHER)
@pytest.mark.parametrize("of_a_copy", [False, True])
def test_a_document_that_claims_another_s_key_takes_it_not_along(
    container: FakeContainer, fake: FakeElasticsearch, known_by: str, of_a_copy: bool
) -> None:
    """It went from the index, and `verify --repair` took its file away, for good after a purge."""
    text, name = OF_ANOTHER[known_by]
    id_ = dropped(container, a_txt=TEXT.format(1))["a.txt"].id
    other = dropped(container, **{name: text})[name.replace("_", ".")].id
    claims = {"known_as": [other], "url": fake.source(other).get("url")}
    if of_a_copy:
        forged = {**fake.source(id_), **claims}
        fake.store.single("articles").create("t-" + "f" * 40, forged)
    else:
        container.client.update(index="articles", id=id_, doc=claims)
    container.client.indices.refresh(index="articles")
    gone(container, [id_], PURGE)
    assert documents(fake) == {other}
    with closing(Compared()) as compared:
        verify(container, compared)
        repair(container, compared)
        assert compared.counts() == {}
    assert files(container.folders.archive) == [name.replace("_", ".")]
    again = name.replace("b_", "again_")
    assert dropped(container, **{again: text})[again.replace("_", ".")].fate == "duplicate"


@pytest.mark.parametrize("order", [ORDER, PURGE])
def test_a_document_with_paths_that_no_file_has_keeps_no_other_withdrawal(
    container: FakeContainer, fake: FakeElasticsearch, order: Order
) -> None:
    """Nor its own end: half a pair of surrogates before this ending held every withdrawal."""
    ids = dropped(container, a_txt=TEXT.format(1), b_txt=TEXT.format(2))
    odd = ("\\ud800.reason.json", "\\ud800.reason.json/x", "a/" * 2_000 + "b", "\\x00.reason.json")
    paths = ("x" * 300, "\\ud800", "\\Uffffffff", "../../x", None, *odd)
    history = [{"number": n, "path": p, "sha256": "0" * 64} for n, p in enumerate(paths, 2)]
    container.client.update(index="articles", id=ids["a.txt"].id, doc={"history": history})
    gone(container, [fate.id for fate in ids.values()], order)
    assert files(container.folders.archive) == []
    assert all(not one.todo for one in container.tombstones.all())
    told = container.tombstones.files(ids["a.txt"].id)
    assert max(len(file.path) for file in told) == 300
    assert restore(container, [meant(container, ids["a.txt"].id)]) == (not order.purge)


def test_an_error_about_one_article_keeps_no_other(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither from being taken away nor from being let in again."""
    ids = dropped(container, a_txt=TEXT.format(1), b_txt=TEXT.format(2))

    def fails(root: Path, relative: str, digest: str, size: int = 0) -> Path | None:
        if relative == "a.txt":
            raise RuntimeError("a bug")
        return lies_as(root, relative, digest, size)

    monkeypatch.setattr(putting_away, "lies_as", fails)
    withdraw(container, [fate.id for fate in ids.values()], ORDER)
    with pytest.raises(ServiceUnavailable, match="a bug"):
        finish(container)
    assert files(container.folders.archive) == ["a.txt"]
    assert [one.id for one in container.tombstones.unfinished()] == [ids["a.txt"].id]
    assert restore(container, [meant(container, ids["b.txt"].id)]) == 1
    with pytest.raises(ServiceUnavailable, match="a bug"):
        restore(container, [meant(container, ids["a.txt"].id)])


def test_a_document_with_keys_without_end_keeps_no_other_withdrawal(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Elasticsearch asks for 65,536 at once at most; as ``expire`` it withdraws many at once."""
    ids = dropped(container, a_txt=TEXT.format(1), b_txt=TEXT.format(2))
    keys = [f"{number:x}" for number in range(70_000)]
    container.client.update(index="articles", id=ids["a.txt"].id, doc={"signature": keys})
    container.client.indices.refresh(index="articles")
    gone(container, [fate.id for fate in ids.values()])
    assert files(container.folders.withdrawn) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("error", [ServiceUnavailable("not now"), ValueError("a bug")])
def test_a_chore_that_cannot_be_done_keeps_no_other_waiting(
    container: FakeContainer, error: Exception
) -> None:
    stop, done = threading.Event(), list[str]()

    def cannot(_: object) -> float:
        stop.set()
        raise error

    def can(_: object) -> float:
        done.append("done")
        return 0.0

    keep_withdrawn(container, stop, [Chore(cannot), Chore(can)])
    assert done == ["done"]


@pytest.mark.parametrize("path", ["b.txt", "\\ud800", "a\\x00b", "x" * 5_000])
def test_a_withdrawn_document_that_is_there_again_takes_no_file_along_that_it_names(
    container: FakeContainer, fake: FakeElasticsearch, path: str
) -> None:
    """Nor does it end what ``verify --repair`` does about others."""
    ids = dropped(container, a_txt=TEXT.format(1), b_txt=TEXT.format(2))
    id_ = ids["a.txt"].id
    source = fake.source(id_)
    gone(container, [id_])
    fake.store.single("articles").create(id_, source | {"source": {"path": path}})
    container.client.indices.refresh(index="articles")
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {"withdrawn": 1}
    repair(container, compared)
    assert documents(fake) == {ids["b.txt"].id}
    assert files(container.folders.archive) == ["b.txt"]
    assert dropped(container, again_txt=TEXT.format(2))["again.txt"].fate == "duplicate"


def test_what_cannot_be_read_is_not_said_to_be_purged(
    container: FakeContainer, leased: Callable[[Path], Callable[[], None]]
) -> None:
    """Who dropped a file keeps others from opening it; it is no other file for that."""
    first = dropped(container, a_txt=TEXT.format(1), b_txt=TEXT.format(2))
    let_go = leased(container.folders.archive / "a.txt")
    withdraw(container, [first["a.txt"].id, first["b.txt"].id], PURGE)
    with pytest.raises(ServiceUnavailable, match=r"archive/a\.txt, .* cannot be read"):
        finish(container)
    left = container.tombstones.unfinished()
    assert [(one.path, one.todo) for one in left] == [("a.txt", (FILES,))]
    assert files(container.folders.archive) == ["a.txt"]
    let_go()
    finish(container)
    assert container.tombstones.unfinished() == []
    assert files(container.folders.archive) == []


def test_what_cannot_be_read_is_not_said_to_be_restored(
    container: FakeContainer, leased: Callable[[Path], Callable[[], None]]
) -> None:
    first = dropped(container, a_txt=TEXT.format(1))
    withdraw(container, [first["a.txt"].id], ORDER)
    finish(container)
    let_go = leased(container.folders.withdrawn / "a.txt")
    gone = list(container.tombstones.all())
    with pytest.raises(ServiceUnavailable, match=r"withdrawn/a\.txt, .* cannot be read"):
        restore(container, gone)
    assert container.tombstones.all() == gone
    let_go()
    assert restore(container, gone) == 1
    assert container.tombstones.all() == []


def test_of_two_under_one_name_the_one_that_can_be_read_goes(
    container: FakeContainer, leased: Callable[[Path], Callable[[], None]]
) -> None:
    dropped(container, a_txt=TEXT.format(1))
    leased(container.folders.archive / "a.txt")
    second = dropped(container, a_txt=TEXT.format(2).replace("Karsten Holm", "Jana Wulf"))
    withdraw(container, [second["a.txt"].id], PURGE)
    with pytest.raises(ServiceUnavailable, match=r"archive/a\.txt, .* cannot be read"):
        finish(container)
    assert files(container.folders.archive) == ["a.txt"]


@pytest.fixture
def shared(container: FakeContainer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Drops a text as ``a.txt``, which others may write in the archive until the last look."""
    monkeypatch.setattr("worker.inbox.lease.writer_on", lambda handle: None)

    def drop(text: str) -> Path:
        before = {*files(container.folders.archive)}
        dropped(container, a_txt=text)
        (name,) = {*files(container.folders.archive)} - before
        file = container.folders.archive / name
        file.chmod(0o666)
        if os.geteuid() == 0:
            os.chown(file, STRANGERS[0], -1)
        return file

    return drop


def changed(file: Path, content: bytes) -> bytes:
    """What its sender had in it, in whose place he puts this, and as if it was never touched."""
    status, before = file.stat(), file.read_bytes()
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    return before


def only_id(fake: FakeElasticsearch, body: str) -> str:
    (id_,) = (id_ for id_ in documents(fake) if body in fake.source(id_)["body"])
    return id_


OTHER = " date 2024-06-21 Wetter : Regen\n\n" + "Es regnet in Jena und in Gera. " * 12


@pytest.mark.parametrize("content", [TEXT.format(1) + "x", TEXT.format(2), OTHER])
def test_what_its_sender_has_changed_while_it_was_purged_goes(
    container: FakeContainer, fake: FakeElasticsearch, shared: Callable[..., Path], content: str
) -> None:
    """He made it another file for that moment, another article's of his even, and as it was."""
    file, other = shared(TEXT.format(1)), shared(OTHER)
    changed(file, content.encode())
    gone(container, [only_id(fake, "Karsten Holm")], PURGE)
    assert files(container.folders.archive) == [other.name]
    assert container.tombstones.unfinished() == []


@as_root
@pytest.mark.parametrize(
    ("order", "content"),
    [(ORDER, TEXT.format(1) + "x"), (PURGE, TEXT.format(1) + "x"), (ORDER, OTHER)],
)
def test_what_nobody_has_noted_and_its_sender_has_changed_is_not_said_to_be_purged(
    container: FakeContainer,
    fake: FakeElasticsearch,
    shared: Callable[..., Path],
    order: Order,
    content: str,
) -> None:
    """Nor where it is another article's for that moment that came by its name, in withdrawn/."""
    file, id_ = shared(TEXT.format(1)), only_id(fake, "Karsten Holm")
    if content == OTHER:
        shared(OTHER)
    shutil.rmtree(container.folders.unproven)
    if order == ORDER:
        gone(container, [id_], ORDER)
        file = container.folders.withdrawn / "a.txt"
    before = changed(file, content.encode())
    withdraw(container, [id_], PURGE)
    with pytest.raises(ServiceUnavailable, match=r"a\.txt may be of a\.txt"):
        finish(container)
    assert [one.todo for one in container.tombstones.unfinished()] == [(FILES,)]
    changed(file, before)
    finish(container)
    assert container.tombstones.unfinished() == []
    assert not file.exists()


@pytest.mark.parametrize("is_noted", [True, False])
def test_what_is_another_article_s_under_its_name_stays_and_keeps_no_purge(
    container: FakeContainer, fake: FakeElasticsearch, shared: Callable[..., Path], is_noted: bool
) -> None:
    """By what was noted when it was read, whatever is in it, or by the ledger."""
    other, _ = shared(OTHER), shared(TEXT.format(1))
    if is_noted:
        changed(other, OTHER.encode() + b"x")
    else:
        shutil.rmtree(container.folders.unproven)
    gone(container, [only_id(fake, "Karsten Holm")], PURGE)
    assert files(container.folders.archive) == [other.name]
    assert container.tombstones.unfinished() == []


@pytest.mark.parametrize("order", [ORDER, PURGE])
def test_what_others_have_made_too_large_to_be_read_is_withdrawn_as_the_ledger_knows_it(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    order: Order,
) -> None:
    text = " date 2024-06-20 Amt : Hafenplan\n\n" + LONG.format("über den Haushalt") * 9
    id_ = dropped(container, a_txt=text)["a.txt"].id
    other = dropped(container, b_txt=LONG.format("über etwas anderes"))["b.txt"].id
    large = {"known_as": ["t-"] * 20_000, "history": [{"path": "b.txt", "sha256": "x"}] * 9_000}
    fake.store.single("articles").put(id_, {**fake.source(id_), **large})
    container.client.indices.refresh(index="articles")
    with monkeypatch.context() as patch:
        patch.setattr(answers, "MOST", 500_000)
        gone(container, [id_, other], order)
    assert not documents(fake) & {id_, other}
    assert files(container.folders.archive) == []
    again = dropped(container, c_txt=text + "\n")["c.txt"]
    assert again.fate == "withdrawn"
