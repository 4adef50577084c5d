"""How the benchmark reads its texts and scores them."""

from __future__ import annotations

import pytest

from benchmarks import ner


def test_brackets_mark_names() -> None:
    text, spans = ner.marked("[PER Burkhard Jung] ([ORG SPD]) lacht.")
    assert text == "Burkhard Jung (SPD) lacht."
    assert [(text[a:b], label) for a, b, label in spans] == [
        ("Burkhard Jung", "PER"),
        ("SPD", "ORG"),
    ]


def test_every_news_sentence_is_well_marked() -> None:
    for line in ner.NEWS.read_text("utf-8").splitlines():
        text, spans = ner.marked(line)
        assert not {"[", "]"} & {*text}
        assert {label for _, _, label in spans} <= {"PER", "LOC", "ORG", "MISC"}


def test_only_exact_spans_of_the_same_label_count() -> None:
    gold: set[ner.Span] = {(0, 0, 2, "PER"), (0, 3, 4, "LOC")}
    found: set[ner.Span] = {(0, 0, 2, "PER"), (0, 3, 4, "ORG")}
    micro = ner.all_scores(gold, found)[-1]
    assert micro.f == pytest.approx(50.0)
