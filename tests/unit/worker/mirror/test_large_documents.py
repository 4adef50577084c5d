"""Documents of a mirror's articles of which another client has made any number of megabytes."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from indexing.index import answers
from tests.unit.worker.mirror.test_follow import Followed, text, tree

__all__ = ["tree"]


def forge(tree: Followed, id_: str, **fields: Any) -> None:
    tree.fake.store.single("articles").put(id_, {**tree.fake.source(id_), **fields})
    tree.container.client.indices.refresh(index="articles")


def test_what_cannot_be_read_is_deleted_all_the_same_and_holds_no_other(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was touched beside it was put right no more. What is moved keeps its name: to update it
    may end Elasticsearch. It goes where its file does.
    """
    for name in ("a", "b", "c", "d"):
        tree.write(f"{name}.txt", text(f"Bericht {name}"))
    tree.turn()
    ids = tree.documents()
    large: dict[str, Any] = {"known_as": ["t-"] * 20_000, "history": [{"number": 1}] * 10_000}
    for name in ("a", "b"):
        forge(tree, ids[f"press/{name}.txt"], **large)
    for limit in ("MOST", "MOST_WITHOUT_TEXTS"):
        monkeypatch.setattr(answers, limit, 500_000)
    (tree.root / "a.txt").unlink()
    (tree.root / "b.txt").rename(tree.root / "b2.txt")
    (tree.root / "c.txt").unlink()
    tree.turn()
    left = {"press/b.txt": ids["press/b.txt"], "press/d.txt": ids["press/d.txt"]}
    assert tree.documents() == left
    (tree.root / "b2.txt").unlink()
    (tree.root / "d.txt").rename(tree.root / "d2.txt")
    tree.turn()
    assert tree.documents() == {"press/d2.txt": ids["press/d.txt"]}


def test_nor_what_tells_not_even_its_path(tree: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        tree.write(f"{name}.txt", text(f"Bericht {name}"))
    tree.turn()
    ids = tree.documents()
    source = tree.fake.source(ids["press/a.txt"])["source"]
    forge(tree, ids["press/a.txt"], source={**source, "path": ["x"] * 20_000})
    for limit in ("MOST", "MOST_WITHOUT_TEXTS"):
        monkeypatch.setattr(answers, limit, 500_000)
    (tree.root / "a.txt").unlink()
    (tree.root / "b.txt").unlink()
    tree.turn()
    monkeypatch.undo()
    found = tree.container.client.search(index="articles", size=9)["hits"]["hits"]
    assert {hit["_id"] for hit in found} == {ids["press/a.txt"], ids["press/c.txt"]}


def test_of_many_that_are_touched_no_more_is_held_than_one_answer_brings(tree: Followed) -> None:
    """Six with two million names each took a gigabyte, and `watch` was killed again and again."""
    for number in range(128):
        tree.write(f"{number}.txt", text(f"Bericht {number}"))
    tree.turn()
    line = {"number": 1, "sha256": "b" * 64, "x": ["t-"] * 3_000}
    for id_ in tree.documents().values():
        forge(tree, id_, known_as=["t-"] * 3_000, history=[line], version=2)
    for number in range(128):
        (tree.root / f"{number}.txt").rename(tree.root / f"{number}-neu.txt")
    tracemalloc.start()
    tree.turn()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert set(tree.documents()) == {f"press/{number}-neu.txt" for number in range(128)}
    assert most < 20_000_000
