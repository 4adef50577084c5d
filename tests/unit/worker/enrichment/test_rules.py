"""The user's rules about names: read anew when the file changes, replaced as a whole or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.errors import UsageError
from extraction.entities.aliases import Aliases
from worker.enrichment.rules import Rules


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
