"""``mirror``, and what status, failed, retry, verify and show say of mirrors."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.writing import write
from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nKarsten Holm war in Bremen, zum {}. Mal."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with two articles and a file that is none; nobody watches it."""
    root = tmp_path / "tree"
    (root / "amt").mkdir(parents=True)
    for number in range(2):
        (root / "amt" / f"{number}.txt").write_text(TEXT.format(number, number))
    (root / "leer.txt").write_text("")
    return root


def turn(container: FakeContainer) -> None:
    """What the processes do."""
    values = {"quiet_seconds": 0.001, "quiet_seconds_unproven": 0.001, "mirror_seconds": 0.000001}
    container.settings = container.settings.model_copy(update=values)
    for _ in range(4):
        container.follower.turn()
        for batch in container.spool.batches():
            container.intake.batch(batch.name)
    container.follower.stop()
    container.client.indices.refresh(index="articles")


def test_a_mirror_from_its_beginning_to_its_end(
    container: FakeContainer, run: Run, root: Path
) -> None:
    assert run("mirror", "list").out == "No folder is followed: depesche mirror add FOLDER\n"
    added = run("mirror", "add", str(root), "--name", "press", "--json")
    assert added.json == {"name": "press", "root": str(root)}
    turn(container)
    (row,) = run("mirror", "list", "--json").json
    assert (row["name"], row["state"], row["root"]) == ("press", "followed", str(root))
    assert row["files"] == {"indexed": 2, "failed": 1, "gone": 0}
    assert "press" in run("mirror", "list").out
    shown = run("show", str(root / "amt" / "1.txt"))
    assert "press/amt/1.txt" in shown.out
    failed = run("failed")
    assert (failed.status, "press/leer.txt" in failed.out) == (1, True)
    assert "1 file and" in run("retry", "press").out
    notes = run("status", "--json").json["notes"]
    assert [note["kind"] for note in notes if note["kind"].startswith("mirror")] == ["mirror"]
    assert run("verify").status == 0
    assert run("mirror", "pause", "press").out == "press is paused.\n"
    (root / "amt" / "1.txt").unlink()
    turn(container)
    assert run("mirror", "list", "--json").json[0]["state"] == "paused"
    assert run("mirror", "resume", "press").status == 0
    root.rename(root.with_name("away"))
    turn(container)
    away = run("mirror", "list")
    assert (away.status, "No such file" in away.out) == (1, True)
    status = run("status", "--json")
    (note,) = [note for note in status.json["notes"] if note["kind"] == "mirror_away"]
    assert (status.status, note["wrong"]) == (1, True)
    assert run("mirror", "remove", "press").status == 0
    turn(container)
    assert run("mirror", "list", "--json").json == []
    assert container.client.count(index="articles")["count"] == 0
    assert run("mirror", "pause", "press").status == 2


def test_what_is_full_and_away_is_told_as_both(
    container: FakeContainer, run: Run, root: Path
) -> None:
    """Red before: it was said to be full alone, and `resume` then deleted what was away."""
    mirror = container.mirrors.add(root, "press")
    with mirror.opened() as state:
        state.say(full="no room", away="110 of its 111 files are gone at once")
    told = run("status", "--json").json["notes"]
    notes = {note["kind"]: note for note in told if note["kind"].startswith("mirror")}
    assert list(notes) == ["mirror_full", "mirror_away"]
    assert "free some disk before" in notes["mirror_away"]["to_do"]
    (row,) = run("mirror", "list", "--json").json
    assert row["state"] == "full"
    assert row["why"] == "no room; away: 110 of its 111 files are gone at once"


def test_who_resumes_one_is_told_what_that_does(
    container: FakeContainer, run: Run, root: Path
) -> None:
    """Red before: "press is followed.", whatever was deleted, or helped by nothing."""
    mirror = container.mirrors.add(root, "press")

    def resumed(**about: str) -> str:
        with mirror.opened() as state:
            state.say(**about)
        return run("mirror", "resume", "press").out

    assert resumed(paused="1") == "press is followed.\n"
    assert "it takes new names when there is room" in resumed(full="no room")
    said = resumed(full="", away="all its files are gone")
    assert said == "press is followed, and what is missed there is deleted.\n"


def test_verify_names_what_a_mirror_and_the_index_do_not_share(
    container: FakeContainer, run: Run, root: Path
) -> None:
    run("mirror", "add", str(root), "--name", "press")
    turn(container)
    (_, id_), _ = sorted(_documents(container).items())
    stranger = container.client.get(index="articles", id=id_)["_source"]
    stranger["source"]["path"] = "press/nirgends.txt"
    stranger["received_at"] = "2024-06-20T00:00:00.000000Z"
    container.client.delete(index="articles", id=id_)
    list(write.create(container.client, "articles", [("t-1", stranger)], refresh=True))
    said = run("verify", "--json").json
    kinds = {(one["kind"], one["path"]) for one in said["differences"]}
    assert kinds == {("no_document", "press/amt/0.txt"), ("no_file", "press/nirgends.txt")}
    run("verify", "--repair")
    turn(container)
    assert _documents(container)["press/amt/0.txt"] == id_


def _documents(container: FakeContainer) -> dict[str, str]:
    found = container.client.search(index="articles", size=1000)["hits"]["hits"]
    return {hit["_source"]["source"]["path"]: hit["_id"] for hit in found}


def test_a_path_on_which_links_lead_through_each_other_is_one_sentence(
    container: FakeContainer, run: Run, root: Path
) -> None:
    """Red before: what somebody lays in a tree, and a person names, was followed for weeks."""
    container.mirrors.add(root, "press")
    (root / "0").mkdir()
    for number in range(6):
        (root / str(number + 1)).symlink_to(f"{number}/../{number}")
    said = run("show", str(root / "6" / "a.txt"))
    assert (said.status, "more than 40 links lead there" in said.err) == (1, True)
