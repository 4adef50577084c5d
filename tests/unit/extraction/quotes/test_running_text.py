"""Who lets something be known, and what only looks like a source."""

from __future__ import annotations

from articles.article import Label, Mention
from extraction.quotes import read_quotes


def speakers(text: str, *found: tuple[str, Label], field: str = "body") -> list[str]:
    mentions, at = [], 0
    for surface, label in found:
        at = text.index(surface, at)
        mentions.append(Mention(label, surface, surface, field, at, at + len(surface)))
        at += len(surface)
    return [quote.speaker for quote in read_quotes({field: text}, mentions)]


def test_who_lets_something_be_known_speaks() -> None:
    text = (
        "Eva Lenz sagte, das Werk bleibe. Dazu ließ Jan Roth im Rundfunk verbreiten, "
        "das Land werde nicht weichen."
    )
    assert speakers(text, ("Eva Lenz", "PER"), ("Jan Roth", "PER")) == ["Eva Lenz", "Jan Roth"]


def test_the_place_before_a_colon_in_a_headline_is_no_speaker() -> None:
    text = "Kairo: „Während der Wahl wurde von allen Seiten betrogen“"
    assert speakers(text, ("Kairo", "LOC"), field="headline") == [""]


def test_a_rule_is_no_source() -> None:
    assert not any(speakers("Gemäß den deutschen Bestimmungen werden Beiträge heute geprüft."))
