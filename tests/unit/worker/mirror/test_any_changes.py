"""Whatever is done to a tree: in the end the index has each of its texts, and no other."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.unit.worker.mirror.test_attacked import headlines
from tests.unit.worker.mirror.test_follow import Followed, text, tree

__all__ = ["tree"]

WORDS = ["Haushalt", "Deich", "Hafen", "Brand", "Theater", "Bahnhof"]


def change(root: Path, chance: random.Random) -> None:
    """One change of any kind."""
    files = [path for path in root.rglob("*.txt") if path.is_file()]
    new = root / chance.choice(["a", "b", "c"]) / f"{chance.randrange(8)}.txt"
    new.parent.mkdir(exist_ok=True)
    kind = chance.choice(["write", "write", "move", "move", "copy", "delete", "folder"])
    if kind == "write" or not files:
        new.write_text(text(f"{chance.choice(WORDS)} {chance.choice(WORDS)} {chance.random()}"))
    elif kind == "move":
        chance.choice(files).rename(new)
    elif kind == "copy":
        source = chance.choice(files)
        if source != new:
            shutil.copy(source, new)
    elif kind == "delete" and len(files) > 1:
        chance.choice(files).unlink()
    elif kind == "folder":
        other = root / chance.choice(["a", "b", "c"])
        if other.is_dir() and not (root / "d").exists():
            other.rename(root / "d")


@pytest.mark.parametrize("seed", [1, 14, 31, 57])
def test_any_changes_are_followed(tree: Followed, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        for _ in range(chance.randrange(1, 5)):
            change(tree.root, chance)
        tree.turn()
        texts = {path.read_text().splitlines()[0] for path in tree.root.rglob("*.txt")}
        assert headlines(tree) == sorted(texts)
        there = {f"press/{path.relative_to(tree.root)}" for path in tree.root.rglob("*.txt")}
        assert set(tree.documents()) <= there
