"""What is no article fails with a sentence; what only looks a little so is read."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.formats import no_article
from extraction.formats.format import RawFile
from extraction.formats.parse import parse

TABLE = "id;titel;datum;text\n1;Pakt;2024-06-19;Ein Text\n2;Wahl;2024-06-20;Noch einer\n"
LINES = '{"id": "1", "headline": "Pakt"}\n{"id": "2", "headline": "Wahl"}\n'


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("x/a.CSV", TABLE, "a table"),
        ("a.tsv", "Text", "a table"),
        ("a.jsonl", LINES, "JSON lines"),
        ("a.ndjson", '{"headline": "Pakt"}', "JSON lines"),
        ("uv.lock", "version = 1", "lock file"),
        ("a.ics", "BEGIN:VCALENDAR", "calendar"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nJa", "subtitles"),
        ("desktop.ini", "[x]", "settings"),
        ("a.mbox", "Irgendein Text", "a box of mails"),
        ("a.msg", "Irgendein Text", "that Outlook did not write"),
        ("a.arc", "filedesc://a.arc 127.0.0.1 20140216050221 text/plain 75\n1 0 A", "ARC"),
        ("tabelle.txt", TABLE, "a table"),
        ("tabelle.txt", TABLE.replace(";", "\t"), "a table"),
        ("tabelle.txt", TABLE.replace(";", ","), "a table"),
        ("export.txt", LINES, "JSON lines"),
        ("antwort.txt", '{"title": "Pakt", "text": "Der Text."}', "'headline' is missing"),
        ("feed", '[{"headline": "Pakt"}, {"headline": "Wahl"}]', "a list"),
        ("feed.txt", '[\n  {\n    "headline": "Pakt"\n  }\n]\n', "a list"),
    ],
)
def test_what_is_no_article_is_called_what_it_is_with_what_to_do(
    path: str, text: str, says: str
) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        parse(text.encode(), path)
    assert raised.value.advice


def test_the_programs_own_exports_are_refused_under_any_name() -> None:
    articles = [
        {"id": str(n), "headline": f"Titel {n}", "body": "Text.\n\nMehr."} for n in range(3)
    ]
    lines = "".join(json.dumps(article) + "\n" for article in articles)
    table = io.StringIO()
    writer = csv.DictWriter(table, ["id", "headline", "body"])
    writer.writeheader()
    writer.writerows(articles)
    for text in (lines, table.getvalue(), "\ufeff" + table.getvalue().replace(",", ";")):
        with pytest.raises(Unreadable, match="not an article"):
            parse(text.encode(), "alle.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Von: Anna Muster\nAn: die Redaktion\nBetreff: Leserbrief\n\nSehr geehrte Leser,",
        "From: Berlin\nTo: Hamburg\nDate: heute\n\nEin Text über eine Reise.",
        "Date: heute\nSubject: nichts weiter\n\nEin Text über Mails.",
        "Berlin, Hamburg, Köln\nBonn, Ulm, Trier\nEssen, Mainz, Kiel\nRom, Wien, Bern",
        "Merz, Scholz, Habeck\nstreiten, ringen, verhandeln\nüber Geld, Macht, Ämter",
        "Bayern; Hessen; Sachsen\nkommen; gehen; bleiben\nhier; dort; da",
        "---\n\nEin Text hinter einer Linie.\n\n---\n\nNoch einer: ja.",
        "---\nEin Satz ohne Schlüssel\n---\nText",
        "---\nEilmeldung: Der Kanzler tritt zurück\n---\nDer Text.",
        "---\nBerlin: Die Regierung tagt\nBonn: Die Stadt feiert\n---\nDer Text.",
        "# Überschrift\n\nEin Text in Markdown.",
        "{Klammer} am Anfang\n{und noch eine}",
        "Tabelle:\n1. Bayern 3:0\n2. Dortmund 2:1",
    ],
)
def test_what_only_resembles_it_is_read(text: str) -> None:
    assert parse(text.encode(), "a.txt").headline
    assert parse(text.encode(), "a.md").headline


@given(st.text(alphabet='-+=:;,|\t\n "{}aB1#', max_size=80))
def test_any_text_is_told_or_read(text: str) -> None:
    try:
        no_article.FORMAT.recognises(RawFile("a.txt", text.encode()))
    except Unreadable:
        assert not text.strip()
