"""What mentions and texts say together."""

from __future__ import annotations

from articles.article import Enrichment, Label, Mention, Published
from extraction.text import Text
from extraction.understand import named, understood

BODY = (
    "In Moskau und Berlin wird verhandelt. „Der Vertrag ist gut“, sagte Wladimir Putin "
    "am Mittwoch. "
    "Aus Berlin kam Kritik, auch die SPD lehnte ab. In Kiew schwieg man. Lindenau kam nicht."
)
TEXT = Text(headline="SPD lehnt ab", body=BODY, published=Published("2024-06-20", "day"))


def _mentions(label: Label, *surfaces: str) -> list[Mention]:
    found, start = [], 0
    for surface in surfaces:
        start = BODY.index(surface, start)
        found.append(Mention(label, surface, surface, "body", start, start + len(surface)))
        start += len(surface)
    return found


FOUND = [
    *_mentions("LOC", "Moskau", "Berlin", "Berlin", "Kiew"),
    *_mentions("PER", "Wladimir Putin", "Lindenau"),
    *_mentions("ORG", "SPD"),
    Mention("ORG", "SPD", "SPD", "headline", 0, 3),
]


def test_most_mentioned_first_then_first_mentioned() -> None:
    read = understood(named(TEXT, FOUND), {})
    assert read.places == ("Berlin", "Moskau", "Kiew")
    assert read.organisations == ("SPD",)
    assert read.people == ("Wladimir Putin", "Lindenau")
    assert len(read.mentions) == len(FOUND)


def test_all_parts_come_together() -> None:
    read = understood(named(TEXT, FOUND), {})
    assert read.countries == ("DE", "RU", "UA")
    assert len(read.locations) == 3
    (quote,) = read.quotes
    assert (quote.text, quote.speaker, quote.cue) == (
        "Der Vertrag ist gut",
        "Wladimir Putin",
        "sagte",
    )
    assert [(d.surface, d.first) for d in read.dates] == [("Mittwoch", "2024-06-19")]


def test_the_archive_completes_a_surname() -> None:
    one = named(TEXT, FOUND)
    assert list(one.bare) == ["Lindenau"]
    read = understood(one, {"Lindenau": "Petra Lindenau"})
    assert read.people == ("Wladimir Putin", "Petra Lindenau")


def test_a_foreign_article_has_no_names_and_says_so() -> None:
    read = understood(named(Text(body="The treaty.", language="en"), []), {})
    assert read == Enrichment(unread="language")
    assert not understood(named(Text(body="Der Vertrag.", language="de"), []), {}).unread


def test_the_places_of_the_dateline_are_places_of_the_article() -> None:
    body = "FRANKFURT/MAIN (dpa) - In Moskau wird verhandelt."
    moskau = Mention("LOC", "", "Moskau", "body", 26, 32)
    text = Text(body=body, dateline_places=("Frankfurt am Main",))
    read = understood(named(text, [moskau]), {})
    assert read.places == ("Frankfurt am Main", "Moskau")
    assert set(read.countries) == {"DE", "RU"}
    assert [body[m.start : m.end] for m in read.mentions] == ["FRANKFURT", "Moskau"]
    assert read.organisations == ()


def test_a_dateline_that_is_not_in_the_text_has_no_mention() -> None:
    text = Text(body="Es wird verhandelt.", dateline_places=("Kyiv",))
    read = understood(named(text, []), {})
    assert (read.places, read.countries, read.mentions) == (("Kiew",), ("UA",), ())
