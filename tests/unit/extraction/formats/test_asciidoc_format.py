"""AsciiDoc: the fields of its head, and of its text what a person reads."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.formats.asciidoc_format import _AUTHOR
from extraction.formats.parse import parse

HEAD = """// ein Entwurf
= Stadtrat beschließt *Haushalt*
Anna Muster <anna@example.org>; Ben Bauer
v1.2, 2024-06-19: durchgesehen
:kicker: Magdeburg
:url: https://example.org/haushalt
:toc:
:betrag: 90 Millionen Euro
"""
TEXT = """
[.lead]
Nach langer Debatte steht der Etat.

.Die Sitzung
Der https://example.org/rat[Rat] gab {betrag} frei.footnote:[Ohne Gewähr.] Die Mehrheit
war _knapp_. +
"`Endlich`", sagte eine Rätin zu <<x,ihrer Rede>>.

////
Nicht drucken: der Name der Quelle.
////

image::rathaus.jpg[Rathaus, 300]
include::/etc/passwd[]
ifdef::print[]

== Was folgt

* Ein **Park**
. Eine `Brücke`

[cols="1,1"]
|===
|Jahr |Summe
|2024 |90
|===
"""


def test_the_head_becomes_the_parts_of_an_article() -> None:
    article = parse(f"{HEAD}{TEXT}".encode(), "a.adoc")
    assert article.source.format == "asciidoc"
    assert (article.kicker, article.headline) == ("Magdeburg", "Stadtrat beschließt Haushalt")
    assert article.byline == ("Anna Muster", "Ben Bauer")
    assert article.url == "https://example.org/haushalt"
    assert article.published is not None
    assert article.published.value == "2024-06-19"
    assert article.lead == "Nach langer Debatte steht der Etat."


def test_of_the_text_what_a_person_reads_is_kept() -> None:
    article = parse(f"{HEAD}{TEXT}".encode(), "a.AsciiDoc")
    assert article.body.split("\n\n") == [
        (
            "Die Sitzung\nDer Rat gab 90 Millionen Euro frei. Die Mehrheit\nwar knapp.\n"
            "„Endlich“, sagte eine Rätin zu ihrer Rede."
        ),
        *("Was folgt", "Ein Park", "Eine Brücke", "Jahr Summe", "2024 90"),
    ]
    assert article.source.warnings == ("What it includes from other files was not read.",)


@pytest.mark.parametrize(
    ("head", "date", "byline"),
    [
        ("= Titel\n:revdate: 19. Juni 2024\n:author: Anna Muster\n", "2024-06-19", ["Anna Muster"]),
        (":author: Anna Muster\n:date: 2024-06\n\n= Titel\n", "2024-06", ["Anna Muster"]),
        ("= Titel\nAnna Muster\n19.06.2024\n", "2024-06-19", ["Anna Muster"]),
        ("= Titel\n", "", []),
    ],
    ids=["attributes", "before", "lines", "none"],
)
def test_heads_are_written_in_several_ways(head: str, date: str, byline: list[str]) -> None:
    article = parse(f"{head}\nEin Vorspann.\n\nEin Absatz mit Text.\n".encode(), "a.adoc")
    assert article.headline == "Titel"
    assert (article.published.value if article.published else "") == date
    assert list(article.byline) == byline
    assert (article.lead, article.body) == ("Ein Vorspann.", "Ein Absatz mit Text.")


def test_without_a_title_the_first_paragraph_is_the_headline() -> None:
    article = parse(b"Neuer Pakt\n\nEin Vorspann.\n\nEin Absatz.", "a.adoc")
    assert (article.headline, article.lead) == ("Neuer Pakt", "Ein Vorspann.")


@given(st.text(alphabet="=:*_`#[]<>{}|/\n .+-aÄ1;,\"'", max_size=300), st.sampled_from(["", HEAD]))
def test_whatever_the_text_is_it_is_read_or_refused(text: str, head: str) -> None:
    with suppress(Unreadable):
        parse(f"{head}{text}".encode(), "a.adoc")


@pytest.mark.parametrize("piece", ["*a", "[", "link:x[", '"`', "{a", "<<a", "https://", "_ ", ": "])
def test_marks_that_are_never_closed_take_no_long_time(piece: str) -> None:
    begins = time.process_time()
    with suppress(Unreadable):
        parse(f"= Titel\n\n{piece * 20_000}".encode(), "a.adoc")
        parse(f"= Titel\n\n{(piece * 2_000 + chr(10) * 2) * 10}".encode(), "a.adoc")
    assert time.process_time() - begins < 30


@pytest.mark.parametrize("blank", [" ", "\t", " \t", "\u00a0", " \u00a0"])
def test_a_run_of_blanks_in_the_line_of_authors_holds_nobody(blank: str) -> None:
    """As it was read before, such a run took hours."""
    run = blank * (100_000 // len(blank))
    article = parse(f"= Titel\nAnna{run}Muster\n\nDer Text.\n".encode(), "a.adoc")
    assert article.headline == "Titel"


@given(st.text(alphabet=" \tAb<>;:@.", max_size=12))
def test_an_author_is_the_same_as_by_a_pattern_that_goes_back(name: str) -> None:
    before = re.fullmatch(
        r"[ \t]*([^\W\d_][^<>;:=\n]{0,200}?)[ \t]*(?:<[^<>]{0,200}>)?[ \t]*", name
    )
    now = _AUTHOR.fullmatch(name)
    assert (now and now[1]) == (before and before[1])


@pytest.mark.parametrize("piece", ["**a ", '"`a ', "link:", "include::[[x"])
def test_a_text_of_nothing_but_marks_takes_seconds_at_most(piece: str) -> None:
    part = piece * 4_000 + "\n\n"
    begins = time.process_time()
    parse(f"= Titel\n\n{part * 40}".encode(), "a.adoc")
    assert time.process_time() - begins < 8


def test_a_few_bytes_stand_for_no_long_text() -> None:
    text = f"= Titel\n:kurz: Hafen\n:wort: {'Wort ' * 1_000}\n\nDer {{kurz}}. {'{wort} ' * 2_000}"
    body = parse(text.encode(), "a.adoc").body
    assert body.startswith("Der Hafen. {wort}")
    assert len(body) < len(text)
    many = f"= Titel\n:kurz: {'Wort ' * 100}\n\n" + "{kurz} {kurz}\n\n" * 20_000
    assert len(parse(many.encode(), "a.adoc").body) < len(many)
