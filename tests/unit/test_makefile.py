"""The Makefile makes all that it says it makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
NAMED = re.findall(r"^\.PHONY: (.*)$", TEXT, re.MULTILINE)[0].split()


@pytest.mark.parametrize("target", NAMED)
def test_a_named_target_has_a_rule_and_says_what_it_does(target: str) -> None:
    rule = re.search(rf"^{target}:(.*)$", TEXT, re.MULTILINE)
    assert rule
    assert "##" in rule[1] or target == "help"


def test_no_target_is_forgotten() -> None:
    assert set(re.findall(r"^([a-z-]+):", TEXT, re.MULTILINE)) == set(NAMED)
