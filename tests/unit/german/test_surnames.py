"""The list of surnames is one for all who ask."""

from __future__ import annotations

from extraction.entities.gazetteer import shipped
from german.surnames import surnames


def test_the_gazetteer_has_the_same_surnames() -> None:
    assert "Abendroth" in surnames()
    assert shipped().surnames is surnames()
