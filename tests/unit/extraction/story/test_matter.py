"""Text that a source puts everywhere makes no two articles one story."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.story import (
    Document,
    is_current,
    same_story,
    signature,
    similarity,
    story_of,
    strays,
    unlike,
)

GONE = "Diese Meldung unserer Redaktion ist im Archiv leider nicht mehr im Volltext vorhanden."
SUBSCRIBE = (
    "Weiterlesen mit dem digitalen Monatszugang: Sie erhalten unbegrenzt Zugriff auf alle Inhalte, "
    "das tägliche Rätsel und die Ausgabe schon am Vorabend. Jederzeit kündbar. Haben Sie bereits "
    "einen Zugang, so melden Sie sich bitte an. Bei Fragen hilft Ihnen unser Leserdienst werktags "
    "von acht bis siebzehn Uhr, per Telefon oder mit dem Formular auf der Seite Kontakt."
)
HARBOUR = {
    "headline": "Rostocker Hafen wird vertieft",
    "lead": "Der Hafen von Rostock soll zwei Meter tiefer werden, damit größere Schiffe anlegen.",
}
CIRCUS = {
    "headline": "Zirkus Kolibri bleibt im Winter in Kassel",
    "lead": "Die Artisten des Zirkus Kolibri haben in Kassel ein Quartier für den Winter gefunden.",
}

Fields = dict[str, str]


def same(a: Fields, b: Fields) -> bool:
    first, second = signature(a).minhash, signature(b).minhash
    assert same_story(first, second) == same_story(second, first)
    return same_story(first, second)


def other(a: Fields, b: Fields) -> bool:
    first, second = signature(a).minhash, signature(b).minhash
    assert similarity(first, second) >= 0.6
    return unlike(first, second)


def stub(headline: str, body: str = GONE) -> Fields:
    return {"headline": headline, "body": body}


@pytest.mark.parametrize("body", [GONE, SUBSCRIBE, f"{SUBSCRIBE}\n\n{GONE}"])
def test_what_a_source_puts_under_two_headlines_is_no_story(body: str) -> None:
    first, second = (
        {**each, "lead": "" if body is GONE else each["lead"], "body": body}
        for each in (HARBOUR, CIRCUS)
    )
    assert not same(first, second)
    assert other(first, second)


@pytest.mark.parametrize(
    "headline", [HARBOUR["headline"], "Größere Schiffe in Rostock", "Tiefgang", ""]
)
def test_a_copy_under_another_headline_is_one(headline: str) -> None:
    copy = {**HARBOUR, "headline": headline, "body": SUBSCRIBE}
    assert same(HARBOUR | {"body": SUBSCRIBE}, copy)


def test_without_its_text_an_article_is_the_same_only_under_a_headline_like_its_own() -> None:
    first = stub("Rostocker Hafen wird vertieft")
    assert same(first, stub("Hafen von Rostock wird vertieft"))
    assert not same(first, stub("Hafen von Kiel wird gesperrt"))
    assert other(first, stub("Hafen von Kiel wird gesperrt"))


def test_without_headlines_near_identical_is_enough() -> None:
    assert same({"body": SUBSCRIBE}, {"body": SUBSCRIBE})
    assert same({"body": SUBSCRIBE}, HARBOUR | {"lead": "", "body": SUBSCRIBE})


def test_of_long_texts_what_they_share_is_enough() -> None:
    long = " ".join(f"Wort{n} steht hier" for n in range(150))
    assert same(stub("Rostocker Hafen wird vertieft", long), stub("Zirkus bleibt in Kassel", long))


def test_a_copy_under_a_headline_out_of_what_the_other_lacks_is_not_said_to_be_another_matter() -> (
    None
):
    whole = HARBOUR | {"body": f"{SUBSCRIBE} Naturschützer fürchten um seltene Muscheln."}
    cut = HARBOUR | {"body": SUBSCRIBE}
    renamed = {**whole, "headline": "Naturschützer fürchten um Muscheln"}
    assert not same(renamed, cut)
    assert not other(renamed, cut)


def test_who_has_no_headline_brings_two_matters_into_one_story_no_more_than_a_review_does() -> None:
    first, second, bare = (
        signature(fields).minhash
        for fields in (stub(HARBOUR["headline"]), stub(CIRCUS["headline"]), {"body": GONE})
    )
    named, joined = Document("a", "a", first), Document("b", "a", bare)
    assert story_of(joined._replace(story=""), [named], {}) == "b"  # not known well enough
    assert story_of(joined._replace(story=""), [named], {"a": [named]}) == "a"
    new = Document("c", "", second)
    assert story_of(new, [named, joined], {"a": [named, joined]}) == "c"
    assert strays(new._replace(story="a"), [named, joined])


def test_a_short_text_has_a_key_of_its_own_with_its_title() -> None:
    first, second = (signature(stub(each["headline"])) for each in (HARBOUR, CIRCUS))
    assert first.bands[0] == second.bands[0]
    assert first.bands[1] != second.bands[1]
    assert signature({"body": GONE}).bands == first.bands[:1]


def test_sketches_of_older_versions_are_compared_by_their_text_and_known_to_be_old() -> None:
    fields = HARBOUR | {"body": SUBSCRIBE}
    new, old = signature(fields).minhash, signature(fields).minhash.partition(".")[0]
    assert len(old) == 344
    assert same_story(new, old)
    assert is_current(fields, new)
    assert not is_current(fields, old)
    assert is_current({"body": SUBSCRIBE}, old)


WORDS = st.lists(st.sampled_from(f"{SUBSCRIBE} {GONE}".split()), max_size=60).map(" ".join)
TEXTS = st.fixed_dictionaries(dict.fromkeys(("headline", "lead", "body"), WORDS))


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_no_two_articles_are_one_story_and_unlike(texts: list[Fields]) -> None:
    for a, b in combinations([signature(each).minhash for each in texts], 2):
        assert not (same_story(a, b) and unlike(a, b))
        assert same_story(a, b) == same_story(b, a)
        assert unlike(a, b) == unlike(b, a)


@pytest.mark.parametrize("matter", ["", "!", "AAAA", "/////w=="])
def test_a_broken_matter_is_none(matter: str) -> None:
    whole = signature(HARBOUR | {"body": SUBSCRIBE}).minhash
    broken = f"{whole.partition('.')[0]}.{matter}"
    assert same_story(whole, broken)
