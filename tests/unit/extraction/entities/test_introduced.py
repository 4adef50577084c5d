"""The label that the noun right before a name tells."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.analysed_text import analysed
from extraction.entities.context import Context
from extraction.entities.introduced import with_introduced


def _labels(text: str, *given: tuple[Label, str]) -> list[Label]:
    mentions, at = [], 0
    for label, name in given:
        at = text.index(name, at)
        mentions.append(Mention(label, name, name, "body", at, at + len(name)))
        at += len(name)
    return [m.label for m in with_introduced(Context(analysed({"body": text}), mentions))]


@pytest.mark.parametrize(
    ("text", "given", "label"),
    [
        ("Sie fuhren durch die Meerenge Ras Tarib.", "Ras Tarib", "LOC"),
        ("In der Provinz Kelmar regnet es.", "Kelmar", "LOC"),
        ("Die Fluggesellschaft Kelmar fliegt wieder.", "Kelmar", "ORG"),
        ("Die Baufirma „Kelmar“ ist insolvent.", "Kelmar", "ORG"),
        ("Der Frachter „Kelmar“ sank.", "Kelmar", "MISC"),
    ],
)
def test_noun_tells_the_label(text: str, given: str, label: Label) -> None:
    assert _labels(text, ("PER", given)) == [label]


def test_other_mentions_follow() -> None:
    text = "Kelmar wächst. Die Brauerei Kelmar stellt ein."
    assert _labels(text, ("LOC", "Kelmar"), ("LOC", "Kelmar")) == ["ORG", "ORG"]


def test_full_names_and_genitives_stay() -> None:
    assert _labels("Vor dem Sender Petra Kelmar erwartet.", ("PER", "Petra Kelmar")) == ["PER"]
    assert _labels("Die Provinz Kelmars.", ("PER", "Kelmars")) == ["PER"]
    text = "Petra Kelmar klagt. Nun gab der Sender Kelmar Zeit."
    assert _labels(text, ("PER", "Petra Kelmar"), ("PER", "Kelmar")) == ["PER", "PER"]
    assert _labels("Im Konzern, Kelmar zufolge, brodelt es.", ("PER", "Kelmar")) == ["PER"]
