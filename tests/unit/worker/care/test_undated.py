"""``status`` says how many articles have no date, and why."""

from __future__ import annotations

from worker.care.undated import told


def test_nothing_is_said_where_every_article_has_its_date() -> None:
    assert told({}) == told({"missing": 0}) == ("", ())


def test_each_reason_is_counted_and_the_oddest_can_be_searched_for() -> None:
    assert told({"ambiguous": 1}) == (
        "1 article has no date of publication, see `depesche search undated:ambiguous`",
        ("1 ambiguous",),
    )
    see = "see `depesche search undated:future`"
    assert told({"future": 2, "missing": 1200}) == (
        f"1,202 articles have no date of publication, or one that is not believed, {see}",
        ("1,200 missing", "2 future"),
    )
    assert told({"future": 1}) == (
        f"1 article has a date of publication that is not believed, {see}",
        ("1 future",),
    )
