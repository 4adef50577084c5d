"""Where German sentences end. Each case shows the wanted cuts as ``|``, a blank in the text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from german.sentences import is_abbreviation, paragraphs, sentences
from tests.linear import assert_linear

ABBREVIATIONS = [
    "Das stellte er fest.|(red, 13.2.2016)",
    "Wo läge das für Sie?|[mah]",
    "Wo läge das (mah) für Sie? (so fragte er) und so fort.",
    "Das sagte Dr. Merkel.",
    "Er kam i.d.R. montags.|Sie kam i. d. R. Dienstag.",
    "Sie mag Obst, z. B. Äpfel.|Er mag z.B. Birnen.",
    "Er ist Rentner, d. h. Die Rente reicht ihm.",
    "Dort spielten u. a. Müller und Maier.",
    "Sie lebt in St. Pölten.|Er nicht.",
    "Im Lied Nr. 5 heißt es so.|Nr. 6 fehlt.",
    "Nach Art. 5 GG ist das frei.|Nach Abs. 3 nicht.",
    "Das kostet 3 Mio. Euro.|Das sind 4 Mrd. Dollar zu viel.",
    "Prof. Dr. h. c. Müller sprach mit Dipl.-Ing. Maier.",
    "Frauen bzw. Männer kamen.|Es waren ca. 300 Menschen.",
    "Das war 44 v. Chr.|Danach kam Rom.",
    "Die Römer kamen 15 v. Chr. Richtung Norden.",
    "Der Hl. Geist und die hl. Maria.",
    "Er wohnt in der Hauptstr. 5 in Köln.|Sie wohnt in der Bahnhofstr.|Dort ist es laut.",
    "Max Müller jun. Kaufmann in Bonn, starb.",
    "Äpfel, Birnen usw.|Die anderen gingen.",
    "Äpfel, Birnen etc. Obst gab es genug.",
    "Die Müller GmbH & Co. KG zog um.|Auch die Maier GmbH.|Polizisten kamen.",
    "Am 3. Okt. 1990 war es so weit.|Am 4. Jan. Dienstag, nicht.",
    "Hr. Maier und Fr. Müller kamen.",
    "Vgl. Müller, S. 15 ff.|Danach nicht.",
    "Er ist ehem. Minister und ev. Pfarrer.",
    "Der Zug fährt Mo. bis Fr. um acht.",
    "Die Art.|Sie gefällt.",
    "Das war so.|Polizisten kamen.",
    "Die USA.|Die EU.|Die SPD.|Alle.",
    "In den U.S.A.|Die Rede war lang.",
    "Er ist Lt. Colonel und Sgt. Maier ist es nicht.",
    "Sie fuhr nach Frankfurt a. M.|Dort blieb sie.",
    "Das Amt f. Statistik, Abt. Bevölkerung, zählt.",
]
ORDINALS = [
    "Am 3. Mai fiel Schnee.|Am 4. Mai nicht.",
    "Am 3. 5. 2019 fiel Schnee.|Am 3.5. Montag war es nicht.",
    "Friedrich II. starb.|Danach regierte Wilhelm I. Herrscher wurde er spät.",
    "Kaiser Wilhelm II.|Der Kaiser floh.",
    "Der 1. FC Köln siegte.|1. FC Nürnberg verlor.",
    "Die 75. Tagung und das 125. Jubiläum.",
    "Es waren 30.|Die Bahn fuhr.",
    "Im Jahr 1999.|Januar war es.",
    "Er feierte seinen 80. Geburtstag in der 2. Bundesliga.",
    "Im 19. Jahrhundert war das so.|Im 20. auch.",
    "Es starben 120.|Polizisten suchten weiter.",
    "Das war am 28.|Die Polizei kam.",
    "Der Wert stieg um 3,5.|Analysten staunten.",
]
NUMBERS = [
    "Um 15.30 Uhr kam er.|Sie kam um 16.45.|Alle gingen.",
    "Das sind 3.5 Prozent oder 1.000.000 Euro.|Mehr nicht.",
    "Er lag 3:2 vorn.|5000 Menschen jubelten.",
    "Der Anteil stieg auf 5 %.|Die Zahl sank.",
    "Gegen 19. 30 Uhr ist ein Tippfehler.",
]
NAMES = [
    "Das Buch von J. R. R. Tolkien gefiel.|George W. Bush las es.",
    "Johann Sebastian B. Müller und A. Maier.",
    "Er hat Vitamin C.|Das hilft.",
    "Ein Besuch auf spiegel.de.|Mehr auf www.taz.de/artikel.html?x=1.|Gut so.",
    "Schreiben Sie an info@taz.de.|Danke.",
    "Der Ort heißt St. Peter-Ording, nicht Bad St. Leonhard.",
]
SPEECH = [
    "„Das ist gut.“|Er ging.",
    "„Das ist gut“, sagte er.|Dann ging er.",
    "„Das ist gut.“, sagte er.",
    "„Wirklich?“ fragte er.|„Ja!“ rief sie.",
    "Er sagte: „Das ist gut.|Wir kommen.“|Dann ging er.",
    "Er sagte: Das ist gut.|Wir kommen.",
    "»Das ist gut.«|Er ging.|»Nein« war die Antwort.",
    '"Das ist gut."|"Nein", sagte sie.',
    "Sie nannte ihn „Dr. No“.|Er lachte.",
    "Er war (sagte sie) gut.|(Beifall.)|Dann ging er.",
    "Er soll (!) Geld haben und (?) Häuser.",
    "Das ist gut (siehe S. 5).|Mehr nicht.",
]
MARKS = [
    "Was?!|Niemand kam.",
    "Nein!!!|Doch...|Oh.",
    "Er zögerte ... und ging.|Sie auch … dann nicht.",
    "Er zögerte ...|Dann ging er.",
    "Er ging.|– Dann kam sie.",
    "Er ging.|iPhone-Nutzer blieben.",
    "Er sah das gegr. haus und den sog. garten.",
    "Kein Punkt am Ende",
    "Er ging.  |  Sie blieb.",
    "Er ging.\n|Sie blieb\nzu Hause.",
]
PAIRS = [
    "Es war am 3. Oktober",
    "Es waren 30.|Der Zug fuhr",
    "Da waren z. B. Die Grünen",
    "Er kam am 28.|„Januar“ hieß das Lied",
]
BLOCKS = [
    "Überschrift ohne Punkt\n\n|Der Text beginnt.|Er endet.",
    "Das war am 28.\n\n|Januar ist kalt.",
    "Wir fordern:\n|• Steuern runter\n|• Löhne rauf",
    "Wir fordern:\n|- Steuern runter\n|- Löhne rauf",
    "1. Die Steuern sinken.|2. Das Land spart.",
    "Die Punkte:\n|1. Steuern runter\n|2. Löhne rauf",
    "Eine Zeile\n \t\n|noch eine",
]


@pytest.mark.parametrize(
    "marked", [*ABBREVIATIONS, *ORDINALS, *NUMBERS, *NAMES, *SPEECH, *MARKS, *PAIRS, *BLOCKS]
)
def test_sentences(marked: str) -> None:
    text = marked.replace("|", " ")
    assert [text[a:b] for a, b in sentences(text)] == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Dr", True), ("z.B", True), ("Mio", True), ("J", True), ("Dipl.-Ing", True), ("Haus", False),
     ("SPD", False), ("so", False), ("", False)],
)  # fmt: skip
def test_abbreviations(word: str, expected: bool) -> None:
    assert is_abbreviation(word) is expected


PIECES = [
    *[
        "Dr.",
        "3.",
        "Januar",
        "Die",
        "Bahn.",
        "\n\n",
        "z. B.",
        "x",
        "„",
        "“",
        "?",
        "!",
        "…",
        "(",
        ")",
    ],
    *[" ", " ", "1.", "II.", "\n", "- ", "•", "ß", "ſ", "İ", "\x1f", "\u2028", "\u0308", "_"],
]
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("")
@example(" \n\n ")
def test_sentences_cover_the_text_in_order_and_lose_nothing(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert not text[end : sentence.start].strip()
        assert end <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end]
        end = sentence.end
    assert not text[end:].strip()


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_paragraphs_hold_whole_sentences_and_lose_nothing(text: str) -> None:
    spans = paragraphs(text)
    end = 0
    for span in spans:
        assert not text[end : span.start].strip()
        end = span.end
    assert not text[end:].strip()
    for sentence in sentences(text):
        assert any(p.start <= sentence.start and sentence.end <= p.end for p in spans)


@given(TEXTS, TEXTS)
def test_an_empty_line_parts_whatever_stands_around_it(before: str, behind: str) -> None:
    text = f"{before}\n\n{behind}"
    shift = len(before) + 2
    moved = [(a + shift, b + shift) for a, b in sentences(behind)]
    assert [tuple(s) for s in sentences(text)] == [*map(tuple, sentences(before)), *moved]


MARKS_OF_ALL_KINDS = ".!“-(\n a1•"


@pytest.mark.parametrize("pair", [a + b for a, b in product(MARKS_OF_ALL_KINDS, repeat=2)])
def test_time_grows_with_the_text_alone(pair: str) -> None:
    assert_linear(lambda text: (sentences(text), paragraphs(text)), pair)
