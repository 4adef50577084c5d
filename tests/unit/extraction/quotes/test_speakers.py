from __future__ import annotations

import re

import pytest

from articles.article import Label, Mention
from extraction.quotes import Quote, read_quotes
from extraction.quotes.speaker_names import nominative
from extraction.quotes.speaking import can_speak

NAMES: dict[str, Label] = {
    "Anna Muster": "PER",
    "Jens Wolf": "PER",
    "Muster": "PER",
    "Wolf": "PER",
    "SPD": "ORG",
    "Bundesbank": "ORG",
    "Tagesblatt": "ORG",
    "Roten Kreuz": "ORG",
    "Lahnstadt": "LOC",
}
CANONICAL = {"Muster": "Anna Muster", "Wolf": "Jens Wolf", "Roten Kreuz": "Rotes Kreuz"}
#: Q and QF stand for the same quotation without and with a full stop.
Q, QF = "„Wir haben noch Zeit dafür“", "„Wir haben noch Zeit dafür.“"


def read(text: str) -> list[Quote]:
    pattern = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
    found = [
        Mention(NAMES[hit[0]], CANONICAL.get(hit[0], hit[0]), hit[0], "body", *hit.span())
        for hit in re.finditer(rf"\b(?:{pattern})\b", text)
    ]
    return read_quotes({"body": text}, found)


MORE_SPEAKERS = [
    ("Der Bremer Forscher Dr. Jens Wolf riet allgemein zur Ruhe: QF", "Jens Wolf"),
    ("Der Leiter der Fachstelle am Klinikum Süd, Jens Wolf, sagte: QF", "Jens Wolf"),
    ("Q, sagte der Leiter der Fachstelle am Klinikum Süd, Jens Wolf, am Montag.", "Jens Wolf"),
    ("Q, sagte der Vorsitzende des Ausschusses, Prof. Dr. Jens Wolf (SPD).", "Jens Wolf"),
    ("Q, sagte der 45-jährige Jens Wolf.", "Jens Wolf"),
    ("Q, sagte der 45-Jährige.", "der 45-Jährige"),
    ("Q, hieß es in einer Mitteilung der Stadt.", "Mitteilung der Stadt"),
    ("Q, steht in dem Brief.", "Brief"),
    ("In dem Bericht heißt es: QF", "Bericht"),
    ("Aus dem Ministerium hieß es: QF", "Ministerium"),
    ("Q, teilte die Polizei am Sonntag in Kiel mit.", "die Polizei"),
    ("Q, berichten Augenzeugen.", "Augenzeugen"),
    ("Q, sagte eine Sprecherin der Bahn dieser Zeitung.", "eine Sprecherin der Bahn"),
    ("Q, so ein Sprecher der SPD.", "ein Sprecher der SPD"),
    ("Q, so das Gericht in seiner Begründung.", "das Gericht"),
    ("Der Präsident der Bundesbank erklärte: QF", "der Präsident der Bundesbank"),
    ("Auch der Deutsche Städtetag warnte: QF", "der Deutsche Städtetag"),
    ("Gegenüber der Presse erklärte ein Sprecher des Konzerns: QF", "ein Sprecher des Konzerns"),
    ("Nach dem Treffen erklärte der Außenminister: QF", "der Außenminister"),
    ("Demonstranten riefen: QF", "Demonstranten"),
    ("Die Demonstranten riefen vor dem Parlament: QF", "die Demonstranten"),
    ("Einer der Demonstranten sagte: QF", "einer der Demonstranten"),
    ("Das Unternehmen selbst teilte mit: QF", "das Unternehmen"),
    ("Dazu sagte der Trainer: QF", "der Trainer"),
    ("Zu den Vorwürfen sagte Jens Wolf dem Tagesblatt: QF", "Jens Wolf"),
    ("Jens Wolf sagte der Zeitung: QF", "Jens Wolf"),
    ("Jens Wolf vom Roten Kreuz sagte: QF", "Jens Wolf"),
    ("Jens Wolf und Anna Muster erklärten: QF", "Jens Wolf"),
    ("Das Tagesblatt zitiert Jens Wolf mit den Worten: QF", "Jens Wolf"),
    ("Jens Wolf wird mit den Worten zitiert: QF", "Jens Wolf"),
    ("Jens Wolf zeigte sich erleichtert: QF", "Jens Wolf"),
    ("Erleichtert zeigte sich Jens Wolf: QF", "Jens Wolf"),
    ("Kritik kam von Jens Wolf: QF", "Jens Wolf"),
    ("Das Fazit von Jens Wolf: QF", "Jens Wolf"),
    ("Für Jens Wolf ist klar: QF", "Jens Wolf"),
    ("Q, findet Jens Wolf.", "Jens Wolf"),
    ("Q, ist Jens Wolf überzeugt.", "Jens Wolf"),
    ("Q, ist sich Jens Wolf sicher.", "Jens Wolf"),
    ("Q, freut sich Jens Wolf.", "Jens Wolf"),
    ("Q, lautet die Antwort von Jens Wolf.", "die Antwort von Jens Wolf"),
    ("Q, sagte Jens Wolf, Sprecher der SPD, und ging.", "Jens Wolf"),
    ("Q, wie Jens Wolf sagte.", "Jens Wolf"),
    ("Q, ließ Jens Wolf mitteilen.", "Jens Wolf"),
    ("Q, schrieb Jens Wolf auf Twitter.", "Jens Wolf"),
    ("Q, sagte Wolf der Deutschen Presse-Agentur.", "Jens Wolf"),
    ("Q: So reagierte Jens Wolf auf die Kritik.", "Jens Wolf"),
    ("Q (Jens Wolf)", "Jens Wolf"),
    ("Q, meint Wolf, der seit Jahren forscht.", "Jens Wolf"),
    ("Der Plan ist „bis heute nicht fertig“, wie Jens Wolf einräumt.", "Jens Wolf"),
    ("Der Plan ist aus Sicht von Jens Wolf „bis heute nicht fertig“.", "Jens Wolf"),
    ("Für Jens Wolf ist der Plan „bis heute nicht fertig“.", "Jens Wolf"),
    ("Der Plan ist Wolf zufolge „bis heute nicht fertig“.", "Jens Wolf"),
    ("Jens Wolf hält den Plan für „bis heute nicht fertig“.", "Jens Wolf"),
    ("Jens Wolf, so heißt es, habe „bis heute nicht gefehlt“.", "Jens Wolf"),
    ("Dem widersprach Jens Wolf: QF", "Jens Wolf"),
    (
        "Jens Wolf betonte am Montag vor Journalisten, die Lage sei „bis heute nicht besser“.",
        "Jens Wolf",
    ),
    ("Jens Wolf äußerte die Hoffnung, dass der Plan „bis heute Abend fertig“ sei.", "Jens Wolf"),
    ("Jens Wolf (54): QF", "Jens Wolf"),
    ("Die Ministerin Anna Muster traf Jens Wolf. Dieser sagte: QF", "Jens Wolf"),
    ("Nach Angaben des alten Flughafens ist er „bis heute nicht fertig“.", "alter Flughafen"),
    ("Nach Angaben seines Hauses ist der Plan „bis heute nicht fertig“.", "sein Haus"),
    ("Nach Angaben ihrer Partei ist der Plan „bis heute nicht fertig“.", "ihre Partei"),
    ("Nach Angaben des Präsidenten ist der Plan „bis heute nicht fertig“.", "Präsident"),
    ("Laut den Experten ist der Plan „bis heute nicht fertig“.", "Experten"),
    ("Jens Wolf kam. Nach seiner Auffassung ist der Plan „bis heute nicht gut“.", "Jens Wolf"),
    (
        "Anna Muster kam. Der Sprecher der SPD nannte sie „bis heute nicht klug“.",
        "der Sprecher der SPD",
    ),
    ("Der Verein von Jens Wolf ist pleite. Der Verein teilte mit: QF", "der Verein"),
]


@pytest.mark.parametrize(("text", "speaker"), MORE_SPEAKERS)
def test_who_speaks(text: str, speaker: str) -> None:
    found = read(re.sub(r"\bQF?\b", lambda hit: QF if hit[0] == "QF" else Q, text))
    direct = [quote for quote in found if quote.kind == "direct" and " " in quote.text]
    assert [quote.speaker for quote in direct] == [speaker]


STORY = """Ministerin Anna Muster (SPD) will das Bad in Lahnstadt retten. „Wir schließen nichts“, \
sagte Muster am Montag dem Tagesblatt. „Das ist kein Luxus. Es ist Daseinsvorsorge.“

Ihr Kritiker Jens Wolf nannte den Plan einen „teuren Irrtum“. Er frage sich, „wer das bezahlen \
soll“. Die sogenannte „Bäderrunde“ sei gescheitert.

Muster wies das zurück. Die Ministerin betonte, sie handle „im Auftrag des Landtags“. „Falsch“, \
entgegnete Wolf. „Niemand hat sie beauftragt.“"""


def test_a_story_as_a_reader_would_read_it() -> None:
    found = [(quote.kind[0], quote.text, quote.speaker) for quote in read(STORY)]
    assert found == [
        ("d", "Wir schließen nichts", "Anna Muster"),
        ("d", "Das ist kein Luxus. Es ist Daseinsvorsorge.", "Anna Muster"),
        ("d", "teuren Irrtum", "Jens Wolf"),
        ("d", "wer das bezahlen soll", "Jens Wolf"),
        ("i", "Die sogenannte „Bäderrunde“ sei gescheitert.", "Jens Wolf"),
        ("i", "sie handle „im Auftrag des Landtags“", "Anna Muster"),
        ("d", "im Auftrag des Landtags", "Anna Muster"),
        ("d", "Falsch", "Jens Wolf"),
        ("d", "Niemand hat sie beauftragt.", "Jens Wolf"),
    ]


def test_a_person_as_object_does_not_speak() -> None:
    text = "Kritiker werfen Anna Muster vor, sie habe nichts getan."
    assert [(quote.text, quote.speaker) for quote in read(text)] == [
        ("sie habe nichts getan", "Kritiker")
    ]


def test_an_agent_speaks_in_the_passive() -> None:
    text = "Anna Muster wurde von Jens Wolf aufgefordert, das Amt abzugeben."
    assert [quote.speaker for quote in read(text)] == ["Jens Wolf"]


def test_a_passive_without_an_agent_has_no_speaker() -> None:
    text = "Anna Muster wurde aufgefordert, das Amt abzugeben."
    assert [quote.speaker for quote in read(text)] == [""]


def test_a_relative_clause_is_about_what_stands_before_it() -> None:
    text = "Anna Muster traf einen Zeugen, der angab, nichts gesehen zu haben."
    assert [quote.speaker for quote in read(text)] == ["Zeugen"]


def test_nouns_are_no_subjunctive() -> None:
    assert read("Anna Muster kam. Im Laufe der Woche regnete es.") == []


def test_the_writer_is_not_reported() -> None:
    assert read("Ich glaube, dass es regnet.") == []


def test_plural_they_is_nobody_in_particular() -> None:
    text = "Anna Muster kam. Sie sagten, es regne und sei kalt."
    assert [quote.speaker for quote in read(text)] == [""]


def test_a_running_speaker_is_named_where_it_was() -> None:
    text = "Anna Muster sagte, sie sei froh. Der Plan werde gelingen."
    [_, second] = read(text)
    assert second.speaker_span == (0, len("Anna Muster"))


@pytest.mark.parametrize(
    "noun",
    ["Regierung", "Mitteilung", "Polizei", "Studie", "Koalition", "Mehrheit", "Zeitungen", ""],
)
def test_bodies_and_texts_speak(noun: str) -> None:
    assert can_speak(noun)


@pytest.mark.parametrize(
    "noun",
    ["Fehler", "Absicht", "Gründung", "Forderungen", "Investition", "Zuversicht", "Verdachts"],
)
def test_things_do_not_speak(noun: str) -> None:
    assert not can_speak(noun)


def test_a_thing_is_no_speaker() -> None:
    text = "Jens Wolf hat Fehler eingeräumt, bestreitet aber eine Absicht."
    assert "Fehler" not in {quote.speaker for quote in read(text)}
    text = "Die Befürchtung hat bestätigt, dass der Plan scheitern könne."
    assert "Befürchtung" not in " ".join(quote.speaker for quote in read(text))


def test_a_name_may_begin_with_a_preposition() -> None:
    text = "Zu Wahl hatte zwar Fehler eingeräumt und gesagt, er habe nicht gut gearbeitet."
    found = Mention("PER", "Karl zu Wahl", "Zu Wahl", "body", 0, len("Zu Wahl"))
    assert {quote.speaker for quote in read_quotes({"body": text}, [found])} == {"Karl zu Wahl"}


def test_a_relative_clause_names_a_source() -> None:
    text = "Es gibt ein Gutachten, laut dem Anna Muster den Plan gekannt hatte."
    assert [quote.speaker for quote in read(text)] == ["Gutachten"]


@pytest.mark.parametrize(
    "text",
    [
        "In Lahnstadt findet im Mai das Fest „Musik und Tanz am See“ statt.",
        "Das Fest „Musik und Tanz am See“ fand im Mai statt.",
        "Das Haus „Musik und Tanz am See“ befindet sich in Lahnstadt.",
    ],
)
def test_taking_place_is_no_opinion(text: str) -> None:
    assert read(text) == []


def test_finding_is_an_opinion() -> None:
    assert [quote.speaker for quote in read("Jens Wolf fand den Plan „nicht gut genug“.")] == [
        "Jens Wolf"
    ]


def test_a_number_behind_a_source_is_no_speaker() -> None:
    text = "Nach Polizeiangaben 300 Menschen wurden am Montag in Lahnstadt gezählt."
    assert [quote.speaker for quote in read(text)] == ["Polizeiangaben"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Die Polizeidirektion Lahnstadt gab bekannt, dass die Straße frei sei.",
            "die Polizeidirektion Lahnstadt",
        ),
        ("Lahnstadt erklärte, dass die Straße frei sei.", "Lahnstadt"),
        ("Das Laden dauert acht, nach anderen Angaben neun Stunden.", "anderen Angaben"),
        (
            "Nach übereinstimmenden Angaben mehrerer Zeugen brannte gestern das ganze Haus.",
            "mehrerer Zeugen",
        ),
    ],
)
def test_a_place_that_only_says_where_does_not_speak(text: str, speaker: str) -> None:
    assert [quote.speaker for quote in read(text)] == [speaker]


@pytest.mark.parametrize(
    ("words", "determiner", "speaker"),
    [
        ("Ingenieur", "seinem", "sein Ingenieur"),
        ("Friseur", "seinem", "sein Friseur"),
        ("Chauffeurs", "ihres", "ihr Chauffeur"),
        ("Gouverneur", "unserem", "unser Gouverneur"),
        ("Souffleur", "ihrem", "ihr Souffleur"),
        ("Masseurs", "seines", "sein Masseur"),
        ("Lieferanten", "seinem", "sein Lieferant"),
        ("Futur", "seinem", "sein Futur"),
        ("Genie", "seinem", "sein Genie"),
        ("Xylozephen", "seinem", "sein Xylozephen"),
        ("Kanzlei", "seiner", "seine Kanzlei"),
        ("Agentur", "ihrer", "ihre Agentur"),
        ("Anwälten", "seinen", "seine Anwälte"),
        ("Klinik", "unserer", "unsere Klinik"),
        ("Sprecherin", "seiner", "seine Sprecherin"),
    ],
)
def test_a_possessive_agrees_with_its_noun(words: str, determiner: str, speaker: str) -> None:
    assert nominative(words, determiner) == speaker
