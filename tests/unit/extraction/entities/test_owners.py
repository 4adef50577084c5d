"""People whom a tagger marked as one with what is theirs, or under another label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.entities.names import canonical
from extraction.entities.owners import with_owners


def marked(text: str, *found: tuple[Label, str]) -> list[Mention]:
    """Return mentions of the surfaces, each searched behind the one before."""
    mentions, at = [], 0
    for label, surface in found:
        at = text.index(surface, at)
        mentions.append(Mention(label, surface, surface, "body", at, at + len(surface)))
        at += len(surface)
    return mentions


@pytest.mark.parametrize(
    ("full", "surface", "owner"),
    [
        ("Herbert Kickl", "Kickls Partei", "Kickls"),
        ("Andreas Wolff", "Wolffs Paraden", "Wolffs"),
        ("Petra Hertz", "Hertz’ Behörde", "Hertz’"),
        ("Uwe Reuter", "Reuters Team", "Reuters"),
    ],
)
def test_what_is_somebodys_is_no_organisation(full: str, surface: str, owner: str) -> None:
    mentions = marked(f"{full} kam. {surface} ging.", ("PER", full), ("ORG", surface))
    found = with_owners(mentions)[1]
    assert (found.label, found.surface, found.end - found.start) == ("PER", owner, len(owner))


@pytest.mark.parametrize(
    ("full", "surface"),
    [
        ("Eva Muster", "Kickls Partei"),  # nobody is called so
        ("Peter Reuter", "Reuters Health"),  # no German noun
        ("Paul Lidl", "Lidl Filiale"),  # no genitive
        ("Thomas Amnesty", "Amnesty International"),
    ],
)
def test_other_organisations_stay(full: str, surface: str) -> None:
    mentions = marked(f"{full} kam. {surface} ging.", ("PER", full), ("ORG", surface))
    assert with_owners(mentions) == mentions


def test_a_title_before_a_full_name_makes_a_person() -> None:
    mentions = marked("Hotelerbin Eva Muster kam.", ("ORG", "Hotelerbin Eva Muster"))
    (found,) = with_owners(mentions)
    assert (found.label, found.surface, found.start) == ("PER", "Eva Muster", 11)


def test_an_article_within_a_surname_is_none_before_it() -> None:
    text = "Ursula von der Leyen kam. Die Rede von der Leyens war kurz."
    mentions = marked(text, ("PER", "Ursula von der Leyen"), ("ORG", "Leyens"))
    assert {m.name for m in canonical(mentions, {"body": text})} == {"Ursula von der Leyen"}


def test_a_label_is_settled_over_spellings() -> None:
    text = "Ekrem İmamoğlu kam. Imamoğlu ging. İmamoğlu schwieg."
    found = marked(text, ("PER", "Ekrem İmamoğlu"), ("ORG", "Imamoğlu"), ("PER", "İmamoğlu"))
    assert {(m.label, m.name) for m in canonical(found, {"body": text})} == {
        ("PER", "Ekrem İmamoğlu")
    }


@given(st.lists(st.tuples(st.sampled_from(["PER", "ORG", "LOC"]), st.text(max_size=12))))
def test_whatever_is_marked_stays_a_part_of_it(found: list[tuple[Label, str]]) -> None:
    mentions = [Mention(label, text, text, "body", 0, len(text)) for label, text in found]
    for before, after in zip(mentions, with_owners(mentions), strict=True):
        assert before.surface[after.start : after.end] == after.surface
