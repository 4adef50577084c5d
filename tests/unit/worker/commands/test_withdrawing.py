"""``withdraw``, ``restore``, ``withdrawn``, ``index drop-old``: what they ask and say."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexing.index.point_in_time import point_in_time
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run
from worker.care.all_sites import answer
from worker.commands import sites
from worker.spool import deposit, recognised
from worker.spool.withdrawal import Withdrawal

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nKarsten Holm war in Bremen."


EXPIRE = ("expire", "--before", "21.6.2024")


class Terminal(io.StringIO):
    """A person who types that."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def ids(container: FakeContainer) -> dict[str, str]:
    """Two articles and a file that is none."""
    with container.spool.filling() as batch:
        for name, text in {"a": TEXT.format(1), "b": TEXT.format(2), "leer": ""}.items():
            deposit.put(batch, io.BytesIO(text.encode()), f"taz/{name}.txt")
    fates = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return {fate.path: fate.id for fate in fates}


def test_an_article_is_taken_down_listed_and_let_in_again(
    run: Run, container: FakeContainer, ids: dict[str, str]
) -> None:
    id_ = ids["taz/a.txt"]
    assert run("withdrawn").out == "Nothing was withdrawn.\n"
    said = run("withdraw", "taz/a.txt", id_[:8], "taz/leer.txt", "--reason", "  the press law ")
    assert said.out.splitlines()[0] == f"{id_}  taz/a.txt: withdrawn, 1 file in withdrawn/"
    assert said.status == 0
    assert run("show", id_).status == 2
    listed = run("withdrawn", "--json").json
    by_path = {one["path"]: one for one in listed}
    assert set(by_path) == {"taz/a.txt", "taz/leer.txt"}
    one = by_path["taz/a.txt"]
    assert (one["reason"], one["purged"], one["todo"]) == ("the press law", False, [])
    assert one["site"] == container.site.name
    assert [file["path"] for file in one["files"]] == ["taz/a.txt"]
    assert f"{id_}  taz/a.txt  withdrawn by " in run("withdrawn").out
    assert run("restore", "taz/a.txt").out.startswith("1 file is on the way again")
    assert run("restore", "taz/a.txt").status == 2
    (batch,) = container.spool.batches()
    assert [fate.fate for fate in container.intake.batch(batch.name)] == ["indexed"]
    past = run("withdrawn", "--past", "--json").json
    assert [(p["what"], p["id"], p["reason"]) for p in reversed(past)] == [
        ("withdrawn", id_, "the press law"),
        ("restored", id_, ""),
    ]
    assert f"{id_}  taz/a.txt  restored by " in run("withdrawn", "--past").out


def test_what_had_no_place_is_said_until_it_is_withdrawn_once_more(
    run: Run, ids: dict[str, str], container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood in the log alone."""
    monkeypatch.setattr(recognised, "MOST_OF_DOCUMENTS", 4)
    id_, told = ids["taz/a.txt"], {"known_as": [f"s-{number}" for number in range(6)]}
    container.client.update(index="articles", id=id_, doc=told)
    said = run("withdraw", id_, "--reason", "the press law")
    assert said.status == 1
    assert f"{id_}: " in said.err
    assert f"withdraw that by id, then {id_} once more" in said.err
    assert " keys or documents had no place" in run("withdrawn").out
    assert run("withdrawn", "--json").json[0]["left_out"] > 0
    assert run("withdraw", id_, "--reason", "the press law").status == 0
    assert " keys or documents had no place" not in run("withdrawn").out


def test_it_is_restored_by_an_id_that_was_set_by_hand(run: Run, ids: dict[str, str]) -> None:
    run("correct", ids["taz/a.txt"], "--id", "dpa:7")
    assert run("withdraw", "s-dpa:7", "--reason", "the press law").status == 0
    assert run("restore", "s-dpa:7").out.startswith("1 file is on the way again")


def test_a_path_may_be_that_of_a_copy_or_of_an_earlier_text(
    run: Run, container: FakeContainer, ids: dict[str, str]
) -> None:
    texts = {"alt.json": "Alt.", "neu.json": "Neu."}
    files = {n: json.dumps({"headline": "B", "body": t, "id": "dpa:7"}) for n, t in texts.items()}
    for name, text in {"kopie.txt": TEXT.format(1), **files}.items():
        with container.spool.filling() as batch:
            deposit.put(batch, io.BytesIO(text.encode()), f"dpa/{name}")
        container.intake.batch(batch.name)
    said = run("withdraw", "dpa/kopie.txt", "dpa/alt.json", "--reason", "court order")
    assert said.status == 0
    assert sorted(said.out.splitlines()) == [
        "s-dpa:7  dpa/neu.json: withdrawn, 2 files in withdrawn/",
        f"{ids['taz/a.txt']}  taz/a.txt: withdrawn, 2 files in withdrawn/",
    ]


def test_a_purge_asks_and_what_is_left_is_said(
    run: Run, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ("withdraw", "taz/a.txt", "--reason", "court order", "--purge", "--by", "Kanzlei")
    refused = run(*call)
    assert refused.status == 2
    assert "depesche: This deletes 1 article for good: say so with --yes." in refused.err
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    asked = run(*call)
    assert asked.status == 1
    assert f"  {ids['taz/a.txt']}  taz/a.txt  Bericht 1\n" in asked.err
    assert run("withdrawn", "--json").json == []
    monkeypatch.setattr(sys, "stdin", Terminal("j\n"))
    done = run(*call, "--json")  # no Redis is here
    assert done.status == 1
    assert "Not finished, and done by itself later" in done.err
    (one,) = json.loads(done.out)
    assert (one["who"], one["purged"], one["todo"]) == ("Kanzlei", True, ["redis", "expunge"])
    assert run("withdraw", "nirgends", "--reason", "x").status == 2
    assert run("withdraw", "taz/b.txt", "--reason", " ").status == 2


@pytest.mark.parametrize("call", [("withdraw", "taz/a.txt", "--reason", "x"), EXPIRE])
def test_a_purge_says_where_searches_are_open_that_find_it_still(
    run: Run, container: FakeContainer, ids: dict[str, str], call: tuple[str, ...]
) -> None:
    client, index = container.client, container.settings.index
    with point_in_time(client, index) as pit:
        said = run(*call, "--purge", "--yes").err
        query = {"ids": {"values": [ids["taz/a.txt"]]}}
        assert client.search(pit=pit, query=query)["hits"]["hits"], "as in Elasticsearch"
    assert "Searches are open in Elasticsearch" in said
    again = ("withdraw", "taz/b.txt", "--reason", "x", "--purge", "--yes")
    assert "Searches are open" not in run(*again).err


def test_what_is_old_expires(run: Run, ids: dict[str, str]) -> None:
    call = ("expire", "--before", "21.6.2024")
    assert run(*call, "--dry-run").out == "2 articles would be withdrawn.\n"
    assert len(run(*call, "--dry-run", "--json", "--query", '"Bericht 1"').json) == 1
    assert run(*call).status == 2, "nobody can be asked"
    assert run("withdrawn", "--json").json == []
    none = run(*call, "--yes", "--agency", "dpa")
    assert (none.out, none.err) == (
        "0 articles withdrawn.\n",
        "No article is of the agency dpa.\n",
    )
    assert run(*call, "--yes").out == "2 articles withdrawn.\n"
    assert {one["reason"] for one in run("withdrawn", "--json").json} == {"expired"}
    assert run("expire", "--dry-run").status == 2, "no licence is set"
    assert run("expire", "--before", "gestern").status == 2
    assert run(*call, "--by", "heart").status == 2


def test_old_versions_of_the_index_are_deleted(
    run: Run, fake: FakeElasticsearch, ids: dict[str, str]
) -> None:
    assert run("index", "drop-old").out == "There are no older versions.\n"
    run("index", "migrate", "--force")
    assert run("index", "drop-old").status == 2
    assert len(fake.store.indices) == 2
    assert run("index", "drop-old", "--yes").out.startswith("Deleted: articles-v")
    assert [list(index.aliases) for index in fake.store.indices.values()] == [
        ["articles", "articles-readable"]
    ]


def test_what_is_under_embargo_can_be_withdrawn(
    run: Run, fake: FakeElasticsearch, ids: dict[str, str], container: FakeContainer
) -> None:
    held = {"embargo_until": "2999-01-01T00:00:00Z"}
    one = next(iter(ids.values()))
    fake.store.single("articles").update(one, held)
    container.client.indices.refresh(index="articles")
    said = run("withdraw", one, "--reason", "court order", "--yes")
    assert said.status == 0, said.err


def test_other_sites_are_told_at_once_and_theirs_are_listed(
    run: Run, fake: FakeElasticsearch, ids: dict[str, str], container: FakeContainer
) -> None:
    one = ids["taz/a.txt"]
    fake.refuse("PUT /articles-withdrawals", 403, "security_exception")
    said = run("withdraw", one, "--reason", "court order")
    assert (said.status, said.err[:32]) == (0, "The watcher tells other sites: T")
    assert run("withdraw", one, "--reason", "court order").err == ""
    told = fake.store.single("articles-withdrawals")
    assert told.documents[one].source["reason"] == "court order"
    content = {"id": "s-dpa:9", "revision": 1, "reason": "theirs", "who": "bea", "site": "bremen"}
    told.put("s-dpa:9", {**content, "at": "2026-01-01T00:00:00Z"})
    run("verify", "--repair")
    assert "withdrawn by bea at bremen: theirs" in run("withdrawn").out
    told_of = {row["id"]: row["site"] for row in run("withdrawn", "--json").json}
    assert told_of == {one: container.site.name, "s-dpa:9": "bremen"}
    run("restore", one)
    assert told.documents[one].source["restored"] is True


def test_who_withdraws_follows_no_other_site_and_takes_away_what_is_his(
    run: Run, fake: FakeElasticsearch, ids: dict[str, str], container: FakeContainer
) -> None:
    """Twenty thousand documents of another program had it wait for minutes."""
    run("withdraw", "taz/b.txt", "--reason", "court order")
    theirs = Withdrawal("s-dpa:1", "x", "", "2026-01-01T00:00:00Z", "", todo=("index", "files"))
    container.tombstones.add([(theirs, [], [])])
    told = fake.store.single("articles-withdrawals")
    told.put("s-dpa:9", {"id": "s-dpa:9", "revision": 1, "site": "bremen"})
    one = ids["taz/a.txt"]
    assert run("withdraw", one, "--reason", "court order").status == 0
    assert told.documents[one].source["reason"] == "court order"
    assert run("show", one).status == 2
    assert container.tombstones.by_id(["s-dpa:9"]) == {}
    assert container.tombstones.by_id(["s-dpa:1"])["s-dpa:1"].todo == theirs.todo
    assert run("restore", one).status == 0
    assert told.documents[one].source["restored"] is True
    assert container.tombstones.by_id(["s-dpa:9"]) == {}
    assert run("expire", "--before", "21.6.2024", "--yes").status == 0
    assert container.tombstones.by_id(["s-dpa:9"]) == {}
    assert container.tombstones.by_id(["s-dpa:1"])["s-dpa:1"].todo == theirs.todo


def test_the_last_verify_of_all_sites_is_told(
    run: Run, ids: dict[str, str], container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = container.site.name
    monkeypatch.setattr(sites, "ask", lambda parts, *said: {here: answer(parts, *said)})
    assert "was never verified" in run("verify", "--all-sites").out
    assert run("verify").status == 0
    said = run("verify", "--all-sites")
    assert (said.status, said.out.endswith("all was well\n")) == (0, True)
    refused = run("verify", "--all-sites", "--repair")
    assert (refused.status, "run `depesche verify` at each" in refused.err) == (2, True)


def test_a_path_of_several_articles_means_none_that_was_withdrawn(
    run: Run, container: FakeContainer, fake: FakeElasticsearch, ids: dict[str, str]
) -> None:
    run("withdraw", "taz/a.txt", "--reason", "law")
    b = fake.source(ids["taz/b.txt"])
    for id_ in ("s-1", "s-2"):
        source = {**b["source"], "path": "taz/a.txt"}
        fake.store.single(container.settings.index).put(id_, {**b, "source": source})
    container.client.indices.refresh(index=container.settings.index)
    said = run("withdraw", "taz/a.txt", "--reason", "law", "--purge", "--yes")
    assert "may be any of 2 articles" in said.err
    (one,) = container.tombstones.all()
    assert not one.purged


def test_no_purge_is_said_of_a_file_that_cannot_be_read(
    run: Run,
    container: FakeContainer,
    ids: dict[str, str],
    leased: Callable[[Path], Callable[[], None]],
) -> None:
    leased(container.folders.archive / "taz/a.txt")
    said = run("withdraw", "taz/a.txt", "--purge", "--yes", "--reason", "the press law")
    assert said.status == 1
    assert said.out == f"{ids['taz/a.txt']}  taz/a.txt: not purged yet\n"
    assert "; still to do: files" in run("withdrawn").out


def test_a_document_that_stays_for_what_it_says_of_itself_is_said(
    run: Run, ids: dict[str, str], container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Whoever wrote it could have had a text let in again, and nobody was told."""
    id_, key = ids["taz/a.txt"], "t-" + "f" * 40
    container.client.update(index="articles", id=id_, doc={"known_as": [key]})
    forged = {"headline": "x", "source": {"path": "b.txt", "site": "anderswo"}}
    fake.store.single("articles").put(key, {**forged, "enrichment": {"state": "enriched"}})
    said = run("withdraw", id_, "--reason", "the press law")
    assert said.status == 1
    assert f"{key} stays: " in said.err
    assert run("withdraw", key, "--reason", "the press law").status == 0
    assert run("withdraw", id_, "--reason", "the press law").status == 0
