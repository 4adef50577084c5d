"""What a place in the article, a repetition and the kind of a word are worth, seen from outside.

With a background that calls every word equally rare, a phrase is given from a certain rarity on.
That rarity tells what the rest of its score is: ``worth`` below is the sum of its weights as
log2(1 + weight), times the factors of its kind and of standing there but once.
"""

from __future__ import annotations

from math import log2, log10

import pytest

from extraction.keyphrases import read_keyphrases
from extraction.keyphrases.statistic import news

LEAD = "Alles wird teurer."
LONGEST = 5.0


def needed(phrase: str, **fields: str) -> float:
    """Return the rarity (-log10 of the share of articles) from which the phrase is given."""
    low, high = 0.0, LONGEST
    assert phrase in read_keyphrases(fields, (), lambda _: 10**-high)
    for _ in range(24):
        middle = (low + high) / 2
        given = phrase in read_keyphrases(fields, (), lambda _, r=middle: 10**-r)  # type: ignore[misc]
        low, high = (low, middle) if given else (middle, high)
    return high


def rarity(worth: float, more: float = 0.0) -> float:
    """Return the rarity at which a phrase of that worth reaches 1.6; terms are ``more`` rare."""
    return 0.75 - more + float((1.6 / worth) ** (1 / 0.8))


@pytest.mark.parametrize(
    ("fields", "worth"),
    [
        ({"headline": "Jetzt sinkt der Leitzins"}, log2(4)),
        ({"kicker": "Wegen Leitzins"}, log2(3.5)),
        ({"lead": "Nun sinkt der Leitzins."}, log2(3)),
        ({"lead": LEAD, "body": "Nun sinkt der Leitzins."}, 0.8 * log2(2)),
        ({"lead": LEAD, "body": "Nun sinkt der Leitzins, weil der Leitzins sinkt."}, log2(3)),
        ({"body": "Nun sinkt der Leitzins."}, log2(2.6)),
        ({"body": "x" * 340 + " und der Leitzins"}, log2(2.6)),
        ({"body": "x" * 341 + " und der Leitzins"}, 0.8 * log2(2)),
        ({"headline": "Der Leitzins", "body": "Nun sinkt der Leitzins."}, log2(5.6)),
    ],
)
def test_what_a_place_is_worth(fields: dict[str, str], worth: float) -> None:
    assert needed("Leitzins", **fields) == pytest.approx(rarity(worth), abs=1e-4)


@pytest.mark.parametrize(
    ("phrase", "fields", "worth"),
    [
        ("Wolf", {"lead": LEAD, "body": "Nun kam der Wolf."}, 0.65 * log2(2)),
        ("Wolf", {"lead": "Nun kam der Wolf."}, 0.65 * log2(3)),
        ("Wolf", {"kicker": "Nun kam der Wolf"}, log2(3.5)),
        ("Wolf", {"lead": LEAD, "body": "Da kam der Wolf, aber der Wolf war satt."}, log2(3)),
        ("Hauptgegner", {"headline": "Das ist der Hauptgegner"}, 0.7 * log2(4)),
        ("Umweltminister", {"headline": "Das ist der Umweltminister"}, 0.45 * log2(4)),
        ("Überholen", {"headline": "Heute ist hier Überholen dran"}, 0.45 * log2(4)),
        ("Tauchen", {"headline": "Heute ist hier Tauchen dran"}, 0.45 * log2(4)),
        ("Trinken", {"headline": "Heute ist hier Trinken dran"}, log2(4)),
    ],
)
def test_what_a_kind_of_word_is_worth(phrase: str, fields: dict[str, str], worth: float) -> None:
    assert needed(phrase, **fields) == pytest.approx(rarity(worth), abs=1e-4)


def test_days_are_worth_nothing() -> None:
    fields = {"headline": "Es kam der Montag, ein Montagabend und der Donnerstag"}
    assert read_keyphrases(fields, (), lambda _: 1e-5) == ()


def test_words_in_a_tenth_of_all_articles_say_nothing() -> None:
    fields = {"headline": "Leitzins, Leitzins, der Leitzins", "body": "Der Leitzins. " * 20}
    assert read_keyphrases(fields, (), lambda _: 0.107) == ("Leitzins",)
    assert read_keyphrases(fields, (), lambda _: 0.108) == ()
    assert read_keyphrases(fields, (), lambda _: 7.0) == ()


def test_no_word_is_rarer_than_one_in_a_hundred_thousand() -> None:
    body = "Es kam der Leitzins, der Leitzins, die Notenbank, die Notenbank, die Notenbank."
    order = ("Notenbank", "Leitzins")
    assert read_keyphrases({"lead": LEAD, "body": body}, (), lambda _: 1e-5) == order
    rare = read_keyphrases(
        {"lead": LEAD, "body": body}, (), lambda lemma: 1e-9 if lemma == "Leitzins" else 1e-5
    )
    assert rare == order


def test_a_term_is_rarer_than_its_noun_and_takes_its_place() -> None:
    once = {"headline": "Für künstliche Intelligenz"}
    assert needed("künstliche Intelligenz", **once) == pytest.approx(rarity(2, 0.7), abs=1e-4)
    assert read_keyphrases(once, (), lambda _: 1e-4) == ("künstliche Intelligenz",)
    halved = {"headline": "Für künstliche Intelligenz", "body": "Wie die Intelligenz wächst."}
    assert needed("künstliche Intelligenz", **halved) == pytest.approx(
        rarity(log2(1 + 3 + 1.6), 0.7), abs=1e-4
    )
    more = {**halved, "body": "Wie die Intelligenz wächst und die Intelligenz schwindet."}
    both = ("künstliche Intelligenz", "Intelligenz")
    assert set(read_keyphrases(more, (), lambda _: 1e-4)) <= set(both)
    assert needed("künstliche Intelligenz", **more) == pytest.approx(rarity(2, 0.7), abs=1e-4)


def test_a_term_that_stands_once_must_stand_in_the_title() -> None:
    lead = {"lead": "Man setzt auf künstliche Intelligenz."}
    assert read_keyphrases(lead, (), lambda _: 1e-4) == ("Intelligenz",)
    kicker = {"kicker": "Für künstliche Intelligenz"}
    assert read_keyphrases(kicker, (), lambda _: 1e-4) == ("künstliche Intelligenz",)
    twice = {"lead": LEAD, "body": "Man lobt künstliche Intelligenz, die künstliche Intelligenz."}
    worth = log2(1 + 2)
    assert needed("künstliche Intelligenz", **twice) == pytest.approx(rarity(worth, 0.7), abs=1e-4)


def test_parts_have_a_quarter_of_their_compounds_weight() -> None:
    body = "Nun kam der Pakt, der Pakt, der Pakt, der Verteidigungspakt."
    assert needed("Pakt", lead=LEAD, body=body) == pytest.approx(rarity(log2(4.25)), abs=1e-4)


def test_a_head_stands_beside_its_compound_only_if_three_times_as_frequent() -> None:
    twice = "Nun kam der Pakt, der Pakt, der Verteidigungspakt."
    assert read_keyphrases({"body": twice}, (), lambda _: 1e-3) == ("Verteidigungspakt",)
    first = "Es gibt die Fernwärme, das Fernwärmenetz."
    assert read_keyphrases({"body": first}, (), lambda _: 1e-3) == ("Fernwärmenetz",)
    more = "Es gibt die Fernwärme, die Fernwärme, das Fernwärmenetz."
    assert set(read_keyphrases({"body": more}, (), lambda _: 1e-3)) == {
        "Fernwärme",
        "Fernwärmenetz",
    }


COMPOUNDS = (
    *("Arbeitsmarkt", "Bundesbank", "Dachboden", "Erdgas", "Fischmarkt", "Gasleitung"),
    *("Holzhaus", "Kohlekraftwerk", "Leitzins", "Milchpreis", "Notenbank", "Ölpreis", "Pakt"),
    *("Rathaus", "Schulbus"),
)


@pytest.mark.parametrize(
    ("words", "compounds", "given"),
    [(23, 5, 3), (31, 5, 3), (32, 5, 4), (40, 5, 5), (95, 14, 11), (96, 14, 12), (400, 14, 12)],
)
def test_one_for_eight_words_three_to_twelve(words: int, compounds: int, given: int) -> None:
    nouns = COMPOUNDS[:compounds]
    body = " und ".join(nouns) + " und" * (words - 2 * compounds)
    found = read_keyphrases({"lead": "", "body": f"und {body}"}, (), lambda _: 1e-4)
    assert found == nouns[:given]


@pytest.mark.parametrize(
    ("strong", "share", "kept"), [(5, 0.37, False), (5, 0.39, True), (4, 0.37, True)]
)
def test_what_is_far_behind_the_best_is_left_out_behind_five(
    strong: int, share: float, kept: bool
) -> None:
    nouns = COMPOUNDS[: strong + 1]
    weak = 0.75 + float((share * 4.25**0.8) ** (1 / 0.8))
    body = " und ".join(nouns * 2) + " und" * 40
    found = read_keyphrases(
        {"lead": LEAD, "body": f"und {body}"},
        (),
        lambda lemma: 10**-weak if lemma == nouns[-1] else 1e-5,
    )
    assert found == (nouns if kept else nouns[:-1])


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Litauen", "Litauens"),
        ("Göttingen", "Göttinger"),
        ("Passau", "Passauer"),
        ("Trumps", "Trump"),
        ("Borussia Dortmund", "Dortmund"),
        ("Bäcker, Anna", "Bäcker"),
    ],
)
def test_no_form_of_a_name_is_given(name: str, word: str) -> None:
    body = f"Da war {word}, dann {word}, und wieder {word}, noch einmal {word} mit dem Ölpreis."
    assert read_keyphrases({"body": body}, [name], lambda _: 1e-4) == ("Ölpreis",)


def test_an_adjective_made_of_a_name_makes_no_term() -> None:
    fields = {"headline": "Für peruanische Literatur"}
    assert read_keyphrases(fields, [], lambda _: 1e-4) == ("peruanische Literatur",)
    assert read_keyphrases(fields, ["Peru"], lambda _: 1e-4) == ("Literatur",)


@pytest.mark.parametrize(
    ("body", "given"),
    [
        ("Sie will die Rente mit 63, ja die Rente mit 63.", True),
        ("Sie will die Rente mit 63.", False),
        ("Sie will die Rente, mit 63, ja die Rente, mit 63.", False),
        ("Ein Jahr mit Tor. Sie will die Rente mit 63, ja die Rente mit 63.", True),
        ("Sie geht mit ihm. Sie will die Rente mit 63, ja die Rente mit 63.", True),
        ("Sie will die Rente oder 63, ja die Rente oder 63.", False),
    ],
)
def test_tied_nouns_stand_there_twice_without_a_mark_between(body: str, given: bool) -> None:
    found = read_keyphrases({"body": body}, (), lambda _: 1e-4)
    assert ("Rente mit 63" in found) is given


def test_two_nouns_are_tied() -> None:
    headline = {"headline": "Der Kampf gegen Armut"}
    assert "Kampf gegen Armut" not in read_keyphrases(headline, (), lambda _: 1e-4)
    body = "Man lobt den Kampf gegen Armut, also den Kampf gegen Armut."
    assert "Kampf gegen Armut" in read_keyphrases({"body": body}, (), lambda _: 1e-4)
    body = "Man lobt den Kampf gegen Jahre, also den Kampf gegen Jahre."
    assert read_keyphrases({"body": body}, (), lambda _: 1e-4) == ("Kampf",)


def test_a_capital_at_the_beginning_makes_no_noun_and_hides_none() -> None:
    body = "Erfolgreich war der Leitzins. Weitsichtig war er. Mitfühlend auch, wie die Notenbank."
    assert read_keyphrases({"body": body}, (), lambda _: 1e-4) == ("Leitzins", "Notenbank")
    quoted = "Er rief: „Mitfühlend ist das!“ – Weitsichtig war das (Erfolgreich auch)."
    assert read_keyphrases({"body": quoted}, (), lambda _: 1e-4) == ()


def test_a_word_of_no_lexicon_must_stand_within_sentences_three_times() -> None:
    thrice = "Es kam Gurxel, dann Gurxel, wieder Gurxel."
    assert read_keyphrases({"body": thrice}, (), lambda _: 1e-4) == ("Gurxel",)
    twice = "Gurxel kam. Es kam Gurxel, dann Gurxel."
    assert read_keyphrases({"body": twice}, (), lambda _: 1e-4) == ()


def test_words_of_three_letters_are_the_shortest() -> None:
    assert read_keyphrases({"headline": "Da kam der Zug, ja EU"}, (), lambda _: 1e-4) == ("Zug",)


@pytest.mark.parametrize("before", ["Die", "Für", "Mit der", "Durch"])
def test_a_feminine_term_stands_in_the_nominative(before: str) -> None:
    ending = "n" if before == "Mit der" else ""
    headline = f"{before} digitale{ending} Abrüstung"
    assert read_keyphrases({"headline": headline}, (), lambda _: 1e-4) == ("digitale Abrüstung",)


@pytest.mark.parametrize(
    ("headline", "phrase"),
    [
        ("Warum der digitale Unterricht scheitert", "digitaler Unterricht"),
        ("Warum digitaler Unterricht scheitert", "digitaler Unterricht"),
        ("Warum das digitale Buch scheitert", "digitales Buch"),
        ("Was digitalem Unterricht fehlt", "digitaler Unterricht"),
        ("Was mit digitaler Schule endet", "digitale Schule"),
        ("Warum die digitalen Bücher fehlen", "digitale Bücher"),
        ("Was digitale Bücher kosten", "digitale Bücher"),
        ("Was das soziale Verfahren kostet", "soziales Verfahren"),
    ],
)
def test_the_gender_is_seen_or_known(headline: str, phrase: str) -> None:
    assert read_keyphrases({"headline": headline}, (), lambda _: 1e-4) == (phrase,)


def test_without_a_background_common_words_are_worth_less() -> None:
    headline = "Vom Haus, vom Leitzins, vom Verteidigungspakt"
    found = read_keyphrases({"headline": headline}, ())
    assert found == ("Leitzins", "Verteidigungspakt")


@pytest.mark.parametrize(("word", "given"), [("Heidelberger", False), ("Bergwerker", True)])
def test_inhabitants_are_no_subject(word: str, given: bool) -> None:
    body = f"Da kam ein {word}, noch ein {word} und wieder ein {word}."
    assert (read_keyphrases({"body": body}, (), lambda _: 1e-4) == (word,)) is given


def test_a_woman_of_a_country_is_no_subject() -> None:
    body = "Da kam eine Waliserin, dann eine Waliserin und wieder eine Waliserin mit Milchpreis."
    assert read_keyphrases({"body": body}, (), lambda _: 1e-4) == ("Milchpreis",)


def test_a_compound_is_about_half_as_frequent_on_the_scale_as_its_parts() -> None:
    first, second = (log10(news(part)) + 6.4 for part in ("Verteidigung", "Pakt"))
    compound = log10(news("Verteidigungspakt")) + 6.4
    assert compound == pytest.approx(0.55 * (first + second) / 2)
    assert log10(news("Gurxel")) + 6.4 == pytest.approx(3.6)
    assert news("und") <= 1.0


@pytest.mark.parametrize(
    "headline",
    [
        "Ein Streit zwischen Hubschrauber und Auto",
        "Der Rat will beenden: Städte beenden Stillstand",
    ],
)
def test_neither_prepositions_nor_verbs_are_adjectives(headline: str) -> None:
    phrases = read_keyphrases({"headline": headline}, (), lambda _: 1e-4)
    assert phrases
    assert not [phrase for phrase in phrases if " " in phrase]
