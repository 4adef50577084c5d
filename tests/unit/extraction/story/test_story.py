"""Near-identical articles: what counts as the same story, and that order does not matter."""

from __future__ import annotations

import random
import time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.story import Document, Rename, same_story, signature, similarity, story_of

BODY = """Der Stadtrat von Rostock hat am Mittwoch den Bau einer neuen Straßenbahnlinie nach
Warnemünde beschlossen. Für das Vorhaben stimmten 31 von 53 Abgeordneten. Die Strecke soll
14 Kilometer lang werden und rund 210 Millionen Euro kosten.

Der Bund übernimmt nach Angaben des Verkehrsministeriums drei Viertel der Summe. Baubeginn ist
frühestens im Herbst 2027. Anwohner hatten in den vergangenen Monaten gegen die Pläne protestiert,
weil entlang der Warnow mehr als 400 Bäume gefällt werden müssen."""
OTHER = """Die Feuerwehr in Kassel hat am Sonntag 18 Menschen aus einem brennenden Wohnhaus
gerettet. Das Feuer war nach ersten Ermittlungen im Keller ausgebrochen und hatte sich über das
Treppenhaus ausgebreitet. Verletzt wurde niemand, der Schaden liegt bei 300.000 Euro."""


def _minhash(text: str) -> str:
    return signature(text).minhash


@pytest.mark.parametrize(
    "copy",
    [
        {"body": BODY},
        {"headline": "Ganz anders", "kicker": "Nahverkehr", "body": f"ROSTOCK dpa | {BODY}"},
        {"lead": BODY.split("\n\n", maxsplit=1)[0], "body": BODY.split("\n\n")[1]},
        {"body": BODY.upper().replace(",", "").replace(".", " –")},
        {"body": "\n\n".join(reversed(BODY.split("\n\n")))},
        {"body": BODY[: len(BODY) * 2 // 3]},
        {"body": BODY.replace("Mittwoch", "Donnerstag").replace("210", "220")},
    ],
)
def test_copies_are_found_and_are_the_same_story(copy: dict[str, str]) -> None:
    first, second = signature(BODY), signature(copy)
    assert set(first.bands) & set(second.bands)
    assert same_story(first.minhash, second.minhash)


def test_other_articles_are_not() -> None:
    assert similarity(_minhash(BODY), _minhash(OTHER)) < 0.2
    assert not set(signature(BODY).bands) & set(signature(OTHER).bands)


def test_short_texts_must_be_equal() -> None:
    text = "Der Zoo bleibt am Montag wegen Glatteis geschlossen."
    assert same_story(_minhash(text), _minhash(text.replace(".", "!").upper()))
    assert signature(text).bands == signature(text.lower()).bands
    assert not same_story(_minhash(text), _minhash(text.replace("Montag", "Dienstag")))
    assert not same_story(_minhash(text), _minhash(f"{text} {BODY}"))


def test_an_article_without_text_is_known_by_its_title_and_nothing_by_nothing() -> None:
    assert signature({"headline": "Zoo geschlossen"}).minhash == _minhash("Zoo geschlossen")
    assert signature("… – !") == ((), "")
    assert not same_story("", "")
    assert not same_story("broken", _minhash(BODY))


def test_signatures_are_what_is_stored_already() -> None:
    assert signature("Der Zoo bleibt geschlossen.").bands == ("ff8b63d615dc8dda1b",)
    assert signature(BODY).bands[::41] == ("003c046965", "2929e7e6f4")
    assert len(signature(BODY).bands) == 42
    assert all(len(band) == 10 for band in signature(BODY).bands)
    assert len(_minhash(BODY)) == 344


def test_a_newcomer_joins_stories_and_says_which_are_renamed() -> None:
    sketch = _minhash(BODY)
    own = Document("m", "", sketch)
    assert story_of(own, []) == ("m", ())
    assert story_of(own, [Document("x", "x", _minhash(OTHER))]) == ("m", ())
    near = [Document("x", "c", sketch), Document("k", "k", sketch)]
    assert story_of(own, near) == ("c", (Rename("k", "c"),))
    assert story_of(Document("a", "", sketch), near) == ("a", (Rename("c", "a"), Rename("k", "a")))
    assert story_of(Document("m", "m", sketch), near) == ("c", (Rename("k", "c"), Rename("m", "c")))


def test_groups_are_the_same_in_every_order() -> None:
    words = [*BODY.split(), *OTHER.split()]
    stretches = {"d": (0, 60), "b": (20, 80), "c": (45, 105), "a": (70, 110)}
    texts = {name: " ".join(words[slice(*at)]) for name, at in stretches.items()}
    assert not same_story(_minhash(texts["d"]), _minhash(texts["a"]))
    groups = {tuple(sorted(_arrive(order, texts).items())) for order in permutations(texts)}
    assert len(groups) == 1


def _arrive(order: tuple[str, ...], texts: dict[str, str]) -> dict[str, str]:
    documents: dict[str, Document] = {}
    for name in order:
        own = Document(name, "", _minhash(texts[name]))
        story, renames = story_of(own, list(documents.values()))
        for old, new in renames:
            for other in documents.values():
                if other.story == old:
                    documents[other.id] = other._replace(story=new)
        documents[name] = own._replace(story=story)
    return {name: document.story for name, document in documents.items()}


@given(st.text(), st.text())
def test_no_text_raises_and_likeness_is_symmetric(a: str, b: str) -> None:
    first, second = signature(a).minhash, signature(b).minhash
    assert similarity(first, second) == similarity(second, first)
    assert 0 <= similarity(a, b) <= 1


@pytest.mark.no_cover
def test_long_texts_take_no_time() -> None:
    chance = random.Random(3)
    start = time.process_time()
    signature(" ".join(str(chance.randrange(50_000)) for _ in range(50_000)))
    signature("1" * 200_000)
    signature("„" * 200_000)
    assert time.process_time() - start < 2
