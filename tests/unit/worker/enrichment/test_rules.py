"""The user's rules about names: read anew when the file changes, replaced as a whole or not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from articles.errors import UsageError
from extraction.entities.aliases import Aliases
from worker.enrichment.rules import Rules, rules_of
from worker.lock import locked


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return Rules(tmp_path / "aliases.txt")


def _merge(rules: Rules, alias: str, name: str) -> None:
    rules.change(lambda lines: Aliases.with_merge(lines, "PER", alias, name))


def test_without_a_file_the_shipped_rules_hold_and_the_version_says_nothing(rules: Rules) -> None:
    assert rules.lines() == []
    assert rules.tag() == ""
    assert rules.current() is rules.current()


def test_a_rule_holds_from_now_on(rules: Rules) -> None:
    before = rules.current()
    assert before.name("PER", "Petra H.") == "Petra H."
    _merge(rules, "Petra H.", "Petra Holm")
    assert rules.current().name("PER", "Petra H.") == "Petra Holm"
    assert len(rules.lines()) == 1


def test_each_content_has_its_tag(rules: Rules) -> None:
    _merge(rules, "Petra H.", "Petra Holm")
    first = rules.tag()
    assert first.startswith("+")
    assert len(first) == 9
    _merge(rules, "K. Holm", "Karsten Holm")
    assert rules.tag() != first
    rules.path.write_text(" \n")
    assert rules.tag() == ""


def test_what_is_no_rule_changes_nothing(rules: Rules) -> None:
    _merge(rules, "Petra H.", "Petra Holm")
    before = rules.path.read_bytes()
    with pytest.raises(UsageError):
        rules.change(lambda lines: [*lines, "das ist keine Regel"])
    assert rules.path.read_bytes() == before


def test_what_is_wrong_is_said_with_its_line(rules: Rules) -> None:
    assert rules.wrong() == ""
    rules.path.write_bytes(b"block PER: Foto\n\x00\xff\x1b" + b"x" * 5000)
    assert rules.wrong().startswith("line 2 is no rule")
    assert len(rules.wrong()) < 500


def test_rules_that_cannot_be_read_are_the_person_s_matter_and_no_article_s(rules: Rules) -> None:
    rules.path.mkdir()
    assert "cannot be read" in rules.wrong()
    for ask in (rules.tag, rules.current):
        with pytest.raises(UsageError, match="cannot be read"):
            ask()


def test_new_ones_are_nobody_else_s_to_read(rules: Rules) -> None:
    """Red before: below a folder that others may pass, whoever it was read them."""
    before = os.umask(0o022)
    try:
        _merge(rules, "Petra H.", "Petra Holm")
    finally:
        os.umask(before)
    assert rules.path.stat().st_mode & 0o777 == 0o600


def test_whoever_could_read_and_write_the_rules_still_can(rules: Rules) -> None:
    _merge(rules, "Petra H.", "Petra Holm")
    rules.path.chmod(0o664)
    _merge(rules, "K. Holm", "Karsten Holm")
    assert rules.path.stat().st_mode & 0o777 == 0o664


BLOCK = """
import sys
from pathlib import Path
from extraction.entities.aliases import Aliases
from worker.enrichment.rules import Rules, rules_of
from worker.lock import locked
rules, number = Rules(Path(sys.argv[1])), sys.argv[2]
sys.stdin.read()
for word in "abcde":
    rules.change(lambda lines: Aliases.with_block(lines, "LOC", f"Foto {word}{number}"))
"""


def test_rules_of_several_people_at_once_are_all_kept(rules: Rules) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", BLOCK, str(rules.path), str(number)], stdin=subprocess.PIPE
        )
        for number in range(4)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    assert [writer.wait(120) for writer in writers] == [0] * 4
    assert len(rules.lines()) == 20


def test_whoever_hangs_keeps_nobody_waiting_for_ever(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.enrichment.rules.LOCK_SECONDS", 0.05)
    with locked(rules.path.with_name("aliases.txt-lock"), 1.0), pytest.raises(TimeoutError):
        _merge(rules, "Petra H.", "Petra Holm")
    assert rules.lines() == []


def test_another_encoding_is_said_with_its_line_and_left_as_it_is(rules: Rules) -> None:
    written = "block PER: Foto\nblock PER: Müller\n".encode("cp1252")
    rules.path.write_bytes(written)
    assert "line 2 is not UTF-8" in rules.wrong()
    with pytest.raises(UsageError, match="line 2"):
        rules.current()
    with pytest.raises(UsageError, match="line 2"):
        _merge(rules, "Petra H.", "Petra Holm")
    assert rules.path.read_bytes() == written


def test_a_byte_order_mark_is_no_rule(rules: Rules) -> None:
    rules.path.write_bytes(b"\xef\xbb\xbfblock PER: Foto\n# f\xfcr das Archiv\n")
    assert rules.wrong() == ""
    _merge(rules, "Petra H.", "Petra Holm")
    assert rules.current().is_blocked("PER", "Foto")
    assert b"# f\xfcr das Archiv\n" in rules.path.read_bytes(), "a comment stays as it is"


def test_a_linked_file_is_changed_where_it_lies(rules: Rules) -> None:
    mine = rules.path.with_name("mine.txt")
    mine.write_text("block PER: Foto\n")
    rules.path.symlink_to(mine)
    _merge(rules, "Petra H.", "Petra Holm")
    assert rules.path.is_symlink()
    assert len(mine.read_text().splitlines()) == 2


def test_what_the_rules_were_is_known_by_the_mark_of_documents(rules: Rules) -> None:
    assert rules.changed_since("") == []
    _merge(rules, "Petra H.", "Petra Holm")
    first = rules.tag()
    _merge(rules, "K. Holm", "Karsten Holm")
    again = Rules(rules.path)
    assert again.changed_since(first) == ["K. Holm", "Karsten Holm"]
    assert again.changed_since("") == ["Petra H.", "Petra Holm", "K. Holm", "Karsten Holm"]
    assert again.changed_since("+00000000") is None


@pytest.mark.parametrize(
    ("pipeline", "tag"),
    [
        ("p+e5", ""),
        ("p+e5+0a1b2c3d", "+0a1b2c3d"),
        ("p+e5+0a1b2c3d+m1", "+0a1b2c3d"),
        ("p+e4+0a1b2c3d", None),
        ("p+e5+0a1b2c3d+m2", None),
        ("", None),
    ],
)
def test_a_document_that_only_the_rules_make_old_tells_which_it_was_read_by(
    pipeline: str, tag: str | None
) -> None:
    assert rules_of(pipeline, "p+e5", "+ffffffff", ["p+e5+ffffffff", "p+e5+ffffffff+m1"]) == tag


@pytest.mark.parametrize(("size", "left"), [(10, 100), (1_500_000, 13)])
def test_of_very_many_texts_the_latest_are_kept(rules: Rules, size: int, left: int) -> None:
    """Each of two megabytes, every other second, filled the disk of every host."""
    tags = []
    for number in range(left + 5):
        rules.path.write_text(f"# {number}" + "x" * size + "\n")
        tags.append(rules.tag().removeprefix("+"))
        os.utime(rules.path.with_name("aliases.kept") / f"{tags[-1]}.txt", (number, number))
    kept = {file.stem for file in rules.path.with_name("aliases.kept").iterdir()}
    assert kept == {*tags[-left:]}
    assert rules.changed_since(f"+{tags[0]}") is None
