"""Near-identical articles: what counts as the same story, and what does not become one."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.story import Index
from extraction.story import (
    Document,
    mergeable,
    same_story,
    signature,
    similarity,
    story_of,
    strays,
    to_merge,
)
from extraction.story.compare import LEAST

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
    titled = signature({"headline": "Zoo geschlossen"})
    assert titled.bands[0] == signature("Zoo geschlossen").bands[0]
    assert same_story(titled.minhash, _minhash("Zoo geschlossen"))
    assert signature("… – !") == ((), "")
    assert not same_story("", "")
    assert not same_story("broken", _minhash(BODY))


def test_signatures_are_what_is_stored_already() -> None:
    assert signature("Der Zoo bleibt geschlossen.").bands == ("ff8b63d615dc8dda1b",)
    assert signature(BODY).bands[::41] == ("003c046965", "2929e7e6f4")
    assert len(signature(BODY).bands) == 42
    assert all(len(band) == 10 for band in signature(BODY).bands)
    assert len(_minhash(BODY)) == 344


def _document(name: str, text: str, story: str = "") -> Document:
    return Document(name, story, _minhash(text))


def test_a_newcomer_joins_a_story_and_takes_no_name_over() -> None:
    known = _document("k", BODY, "k")
    assert story_of(_document("m", BODY), [], {}) == "m"
    assert story_of(_document("m", BODY), [_document("x", OTHER, "x")], {"x": []}) == "m"
    for name in ("a", "m"):
        assert story_of(_document(name, BODY), [known], {"k": []}) == "k"
        assert story_of(_document(name, f"{BODY} Mehr folgt."), [known], {"k": [known]}) == "k"
    waiting = _document("w", BODY)  # it has no story yet, and looks for itself
    assert story_of(_document("m", BODY), [waiting], {"": []}) == "m"


def test_a_story_that_is_not_known_well_enough_is_joined_by_equal_texts_alone() -> None:
    known = _document("k", BODY, "k")
    assert story_of(_document("m", f"{BODY} Mehr folgt."), [known], {}) == "m"
    assert story_of(_document("m", BODY), [known], {}) == "k"


def test_an_article_that_is_read_again_stays_where_it_is_unless_somebody_there_is_unlike_it() -> (
    None
):
    copy, review = _document("c", BODY, "r"), _document("r", f"{BODY} {OTHER}", "r")
    other = _document("o", OTHER, "r")
    assert story_of(copy, [copy, review], {"r": []}) == "r"
    assert story_of(copy, [copy, review], {"r": [other]}) == "c"
    assert story_of(review, [copy, review, other], {}) == "r"
    assert story_of(copy, [], {}) == "r"
    assert strays(copy, [review, other])
    assert not strays(copy, [copy, review])
    assert not strays(review, [copy, other])


PIECES = [
    " ".join(BODY.split()[:40]),
    " ".join(BODY.split()[40:]),
    OTHER,
    " ".join(reversed(BODY.split())),
    " ".join(reversed(OTHER.split())),
    "".join(reversed(BODY)),
]
#: Texts made of the same pieces: copies, cuts, chains, reviews of several.
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4, unique=True).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=8), st.randoms())
def test_no_story_holds_articles_that_are_unlike_each_other(
    texts: list[str], chance: random.Random
) -> None:
    index = Index()
    order = chance.sample(range(len(texts)), len(texts))
    for number in order:
        index.add(f"d{number}", *signature(texts[number]))
    groups = index.groups()
    for (a, first), (b, second) in combinations(enumerate(texts), 2):
        if groups[f"d{a}"] == groups[f"d{b}"]:
            assert similarity(_minhash(first), _minhash(second)) >= LEAST
        assert first != second or groups[f"d{a}"] == groups[f"d{b}"]


@pytest.mark.parametrize("order", list(permutations("rbo")))
def test_who_holds_two_articles_brings_neither_to_the_other(order: tuple[str, ...]) -> None:
    texts = {"b": PIECES[0], "o": OTHER, "r": f"{PIECES[0]}\n\n{OTHER}"}
    groups = _arrive(order, texts)
    assert groups["b"] != groups["o"]
    if order[-1] == "r":  # nor is it a version of one of them
        assert groups == {"b": "b", "o": "o", "r": "r"}


def test_a_chain_of_small_steps_brings_no_article_to_another() -> None:
    words = [*BODY.split(), *OTHER.split()]
    steps = {f"s{at}": " ".join(words[at : at + 60]) for at in range(0, 61, 10)}
    for order in (list(steps), list(reversed(steps)), [*steps][::2] + [*steps][1::2]):
        groups = _arrive(order, steps)
        assert groups["s0"] == groups["s10"]
        assert groups["s0"] != groups["s60"]


@pytest.mark.parametrize("order", list(permutations("wsxy")))
def test_cuts_of_one_report_are_one_story_in_every_order(order: tuple[str, ...]) -> None:
    words = BODY.split()
    cuts = {"w": words, "s": words[:50], "x": words[:35], "y": [*words[:60], *OTHER.split()[:12]]}
    groups = _arrive(order, {name: " ".join(cut) for name, cut in cuts.items()})
    assert set(groups.values()) == {order[0]}


def test_two_changed_copies_are_joined_by_what_they_were_made_of() -> None:
    words = BODY.split()
    rest = ["Nordlicht", *OTHER.split()]
    first, second = [*words[:44], *rest[:20]], [*words[20:], *rest[20:40]]
    texts = {"m": " ".join(first), "k": " ".join(second), "z": BODY}
    assert not same_story(_minhash(texts["m"]), _minhash(texts["k"]))
    assert set(_arrive(("m", "k", "z"), texts).values()) == {"k"}


def test_a_review_that_mostly_is_one_article_goes_with_that_one() -> None:
    short = " ".join(OTHER.split()[:22])
    texts = {"b": BODY, "o": short, "r": f"{BODY} {short}"}
    groups = {name: _document(name, text, name) for name, text in texts.items()}
    review = groups["r"]._replace(story="")
    assert story_of(review, [groups["b"], groups["o"]], {"b": [], "o": []}) == "b"
    assert to_merge(groups["r"], [groups["b"], groups["o"]]) == ["b"]
    assert mergeable([groups["r"]], [groups["b"]])
    assert not mergeable([groups["r"], groups["o"]], [groups["b"]])


def _arrive(order: Sequence[str], texts: Mapping[str, str]) -> dict[str, str]:
    index = Index()
    for name in order:
        index.add(name, *signature(texts[name]))
    return index.groups()


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
