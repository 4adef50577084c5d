from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.quotes import Quote, read_quotes
from tests.linear import assert_linear

PEOPLE: dict[str, Label] = {
    "Anna Muster": "PER",
    "Olaf Krüger": "PER",
    "Petra Lindner": "PER",
    "Jens Wolf": "PER",
    "Rotes Kreuz": "ORG",
    "SPD": "ORG",
    "Bundesbank": "ORG",
    "Frankreich": "LOC",
    "Tagesblatt": "ORG",
}


def mentions(text: str, field: str = "body") -> list[Mention]:
    """Every full name and every surname of ``PEOPLE`` in the text."""
    found: list[Mention] = []
    for name, label in PEOPLE.items():
        forms = {name, name.split()[-1]} if label == "PER" else {name}
        for form in forms:
            hits = re.finditer(rf"\b{re.escape(form)}\b", text)
            found += [Mention(label, name, form, field, *hit.span()) for hit in hits]
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def read(text: str) -> list[Quote]:
    return read_quotes({"body": text}, mentions(text))


def direct(text: str) -> list[tuple[str, str]]:
    return [(q.text, q.speaker) for q in read(text) if q.kind == "direct"]


def indirect(text: str) -> list[tuple[str, str, str]]:
    return [(q.text, q.speaker, q.cue) for q in read(text) if q.kind == "indirect"]


STYLES = [
    ("„Das ist ein Fehler“, sagte Anna Muster.", "Das ist ein Fehler"),
    ("»Das ist ein Fehler«, sagte Anna Muster.", "Das ist ein Fehler"),
    ("«Das ist ein Fehler», sagte Anna Muster.", "Das ist ein Fehler"),
    ("« Das ist ein Fehler », sagte Anna Muster.", "Das ist ein Fehler"),
    ('"Das ist ein Fehler", sagte Anna Muster.', "Das ist ein Fehler"),
    ("“Das ist ein Fehler”, sagte Anna Muster.", "Das ist ein Fehler"),
    ("”Das ist ein Fehler”, sagte Anna Muster.", "Das ist ein Fehler"),
    ("‚Das ist ein Fehler‘, sagte Anna Muster.", "Das ist ein Fehler"),
    ("‘Das ist ein Fehler’, sagte Anna Muster.", "Das ist ein Fehler"),
    ("'Das ist ein Fehler', sagte Anna Muster.", "Das ist ein Fehler"),
    ("›Das ist ein Fehler‹, sagte Anna Muster.", "Das ist ein Fehler"),
    ('„Das ist ein Fehler", sagte Anna Muster.', "Das ist ein Fehler"),
    ("„Das ist ein Fehler”, sagte Anna Muster.", "Das ist ein Fehler"),
    (",,Das ist ein Fehler'', sagte Anna Muster.", "Das ist ein Fehler"),
    ("``Das ist ein Fehler'', sagte Anna Muster.", "Das ist ein Fehler"),
    ("''Das ist ein Fehler'', sagte Anna Muster.", "Das ist ein Fehler"),
    ("„Das ist ein Fehler!“, rief Anna Muster.", "Das ist ein Fehler!"),
    ("„Ist das ein Fehler?“, fragte Anna Muster.", "Ist das ein Fehler?"),
    ("„Ist das ein Fehler?“ fragte Anna Muster.", "Ist das ein Fehler?"),
    ("„Das ist ein Fehler“ – so Anna Muster.", "Das ist ein Fehler"),
    ("„Das war's für uns“, sagte Anna Muster.", "Das war's für uns"),
    ("<<Das ist ein Fehler>>, sagte Anna Muster.", "Das ist ein Fehler"),
    ("„Das ist ein Fehler‟, sagte Anna Muster.", "Das ist ein Fehler"),
    ("„Das ist ein Fehler,“ sagte Anna Muster.", "Das ist ein Fehler"),
    ("“Das ist ein Fehler“, sagte Anna Muster.", "Das ist ein Fehler"),
    ("„Nein“, sagte Anna Muster.", "Nein"),
]


@pytest.mark.parametrize(("text", "words"), STYLES)
def test_every_style_of_marks(text: str, words: str) -> None:
    assert direct(text) == [(words, "Anna Muster")]


SPEAKERS = [
    # cue verbs in front, behind, in the perfect, in parts
    ("Anna Muster sagte: „Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster hat gesagt: „Wir fangen morgen an.“", "Anna Muster"),
    ("Am Montag sagte Anna Muster: „Wir fangen morgen an.“", "Anna Muster"),
    (
        "In einem Interview mit dem Tagesblatt sagte Anna Muster: „Wir fangen morgen an.“",
        "Anna Muster",
    ),
    ("Der Zeitung sagte Anna Muster: „Wir fangen morgen an.“", "Anna Muster"),
    ("Die Frage beantwortete Anna Muster so: „Wir fangen morgen an.“", "Anna Muster"),
    ("„Wir fangen morgen an“, sagt Anna Muster.", "Anna Muster"),
    ("„Wir fangen morgen an“, teilte Anna Muster am Montag mit.", "Anna Muster"),
    ("„Wir fangen morgen an“, gab Anna Muster bekannt.", "Anna Muster"),
    ("„Wir fangen morgen an“, fügte Anna Muster hinzu.", "Anna Muster"),
    ("„Wir fangen morgen an“, hatte Anna Muster im Mai gesagt.", "Anna Muster"),
    ("„Wir fangen morgen an“, wird Anna Muster zitiert.", "Anna Muster"),
    ("„Wir fangen morgen an“, zitierte das Tagesblatt Anna Muster.", "Anna Muster"),
    ("„Wir fangen morgen an“, heißt es bei der SPD.", "SPD"),
    ("„Wir fangen morgen an“, so Anna Muster weiter.", "Anna Muster"),
    ("„Wir fangen morgen an“, so die Vorsitzende Anna Muster.", "Anna Muster"),
    ("„Wir fangen morgen an“, so Ministerin Anna Muster (SPD) am Montag.", "Anna Muster"),
    ("„Wir fangen morgen an“, betont die Ministerin für Gesundheit, Anna Muster.", "Anna Muster"),
    ("„Wir fangen morgen an“, erklärte SPD-Chefin Anna Muster auf Anfrage.", "Anna Muster"),
    ("„Wir fangen morgen an“, kündigte Anna Muster an.", "Anna Muster"),
    ("„Wir fangen morgen an“, verspricht Anna Muster.", "Anna Muster"),
    ("„Wir fangen morgen an“, meint auch Anna Muster.", "Anna Muster"),
    ("„Wir fangen morgen an“, sagte gestern Anna Muster.", "Anna Muster"),
    ("Die Vorsitzende der SPD, Anna Muster, sagte: „Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster, Vorsitzende der SPD, sagte: „Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster, die seit Mai im Amt ist, sagte: „Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster (SPD) kritisierte Olaf Krüger: „Er hat uns nie geholfen.“", "Anna Muster"),
    ("Anna Muster kam spät und sagte: „Wir fangen morgen an.“", "Anna Muster"),
    ("Als Olaf Krüger ging, sagte Anna Muster: „Wir fangen morgen an.“", "Anna Muster"),
    # a colon without a verb, sources
    ("Anna Muster: „Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster ist zufrieden: „Wir fangen morgen an.“", "Anna Muster"),
    ("Laut Anna Muster ist der Plan „bis heute nicht fertig“.", "Anna Muster"),
    ("Anna Muster zufolge ist der Plan „bis heute nicht fertig“.", "Anna Muster"),
    ("Nach Angaben von Anna Muster ist der Plan „bis heute nicht fertig“.", "Anna Muster"),
    ("Nach den Worten von Anna Muster ist der Plan „bis heute nicht fertig“.", "Anna Muster"),
    ("Wie Anna Muster sagte, ist der Plan „bis heute nicht fertig“.", "Anna Muster"),
    ("Der Plan, sagte Anna Muster, sei „bis heute nicht fertig“.", "Anna Muster"),
    ("Der Plan ist nach Ansicht der SPD „bis heute nicht fertig“.", "SPD"),
    # organisations, places, titles of papers
    ("„Wir fangen morgen an“, erklärte die Bundesbank.", "Bundesbank"),
    ("„Wir fangen morgen an“, teilte das Rote Kreuz mit.", "das Rote Kreuz"),
    ("„Wir fangen morgen an“, schreibt die „Neue Post“.", "Neue Post"),
    # nominal speakers
    ("„Wir fangen morgen an“, sagte ein Polizeisprecher.", "ein Polizeisprecher"),
    (
        "„Wir fangen morgen an“, sagte der Sprecher des Ministeriums.",
        "der Sprecher des Ministeriums",
    ),
    ("Ein Augenzeuge berichtete: „Wir fangen morgen an.“", "ein Augenzeuge"),
    ("Anwohner sagten: „Wir fangen morgen an.“", "Anwohner"),
    # offices and pronouns
    ("Ministerin Anna Muster kam an. „Wir fangen morgen an“, sagte die Ministerin.", "Anna Muster"),
    (
        "Umweltministerin Anna Muster kam an. „Wir fangen morgen an“, sagte die Ministerin.",
        "Anna Muster",
    ),
    ("Anna Muster traf Olaf Krüger. „Wir fangen morgen an“, sagte sie.", "Anna Muster"),
    ("Anna Muster traf Olaf Krüger. „Wir fangen morgen an“, sagte er.", "Olaf Krüger"),
    ("Olaf Krüger traf Anna Muster. Er sagte: „Wir fangen morgen an.“", "Olaf Krüger"),
    ("Olaf Krüger kam. Jens Wolf ging. Er sagte: „Wir fangen morgen an.“", "Jens Wolf"),
    # the running speaker
    ("Anna Muster kam. „Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster sagte, sie sei froh. „Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster sagte, sie sei froh.\n\n„Wir fangen morgen an.“", "Anna Muster"),
    ("Anna Muster sagte viel. Der Plan sei „bis heute nicht fertig“.", "Anna Muster"),
    ("„Wir fangen morgen an.“ Das sagte Anna Muster.", "Anna Muster"),
]


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS)
def test_every_way_of_naming_the_speaker(text: str, speaker: str) -> None:
    found = direct(text)
    assert [who for words, who in found if len(words.split()) > 3] == [speaker]


PARTS = [
    ("„Das“, sagte Anna Muster, „ist falsch.“", "Das ist falsch."),
    ("„Das ist“, so Anna Muster, „falsch und teuer“.", "Das ist falsch und teuer"),
    ("»Das ist falsch«, sagte Anna Muster, »und teuer.«", "Das ist falsch und teuer."),
    ('"Das ist falsch", sagte Anna Muster am Montag, "und teuer."', "Das ist falsch und teuer."),
    ("„Das ist falsch!“, rief Anna Muster, „und teuer.“", "Das ist falsch! und teuer."),
    ("„Das ist falsch“ – Anna Muster sagte es leise – „und teuer.“", "Das ist falsch und teuer."),
    (
        "«Das ist falsch», sagte Anna Muster, die Ministerin, «und teuer.»",
        "Das ist falsch und teuer.",
    ),
]


@pytest.mark.parametrize(("text", "words"), PARTS)
def test_an_insertion_leaves_one_quotation(text: str, words: str) -> None:
    found = [q for q in read(text) if q.kind == "direct"]
    assert [(q.text, q.speaker, len(q.parts)) for q in found] == [(words, "Anna Muster", 2)]


NO_SPEECH = [
    "Der Film „Das Boot“ lief am Montag im Kino.",
    "Sogenannte „Gefährder“ wurden überprüft.",
    "Die so genannte „Reichensteuer“ kommt im Herbst.",
    "Der Roman „Die Blechtrommel“ ist neu übersetzt.",
    "Das Schiff „Gorch Fock“ liegt in Kiel.",
    "Die Zeitschrift „Der Spiegel“ erscheint wöchentlich.",
    "Er liest die „Bild“-Zeitung im Zug.",
    "Der Hurrikan „Katrina“ traf die Küste.",
    "Das Unternehmen, „Alpha“ genannt, wächst.",
    "Die „Bürger für Europa“ (BFE) traten an.",
    "Sie spielt in der Band „Kalte Füße“ den Bass.",
    "Das Stück heißt „Der zerbrochne Krug“.",
    "Die Ausstellung trägt den Titel „Licht und Schatten“.",
    'Ein 19" großer Bildschirm steht im Saal.',
    "Die Gruppe „Reporter ohne Grenzen“ wuchs.",
]


@pytest.mark.parametrize("text", NO_SPEECH)
def test_titles_and_names_are_no_speech(text: str) -> None:
    assert direct(text) == []


FRAGMENTS = [
    ("Anna Muster nannte den Plan „völlig absurd“.", "völlig absurd"),
    ("Anna Muster sprach von einer „schweren Niederlage“.", "schweren Niederlage"),
    ("Anna Muster bezeichnete den Plan als „Katastrophe“.", "Katastrophe"),
    ("Anna Muster warnte vor einem „Rückfall in alte Zeiten“.", "Rückfall in alte Zeiten"),
    ("Der Plan sei „nicht zu Ende gedacht“, sagte Anna Muster.", "nicht zu Ende gedacht"),
    ("Anna Muster warf der SPD „blanken Zynismus“ vor.", "blanken Zynismus"),
    ("Als „Katastrophe“ bezeichnete Anna Muster den Plan.", "Katastrophe"),
    ("Von einem „schwarzen Tag“ sprach Anna Muster.", "schwarzen Tag"),
]


@pytest.mark.parametrize(("text", "words"), FRAGMENTS)
def test_words_that_somebody_used_are_speech(text: str, words: str) -> None:
    assert direct(text) == [(words, "Anna Muster")]


INDIRECT = [
    ("Anna Muster sagte, dass der Plan gut ist.", "dass der Plan gut ist", "sagte"),
    ("Anna Muster sagte, der Plan sei gut.", "der Plan sei gut", "sagte"),
    ("Anna Muster fragte, ob der Plan gut ist.", "ob der Plan gut ist", "fragte"),
    ("Anna Muster forderte, den Plan zu ändern.", "den Plan zu ändern", "forderte"),
    ("Der Plan sei gut, sagte Anna Muster.", "Der Plan sei gut", "sagte"),
    ("Der Plan ist gut, so Anna Muster.", "Der Plan ist gut", "so"),
    ("Laut Anna Muster ist der Plan gut.", "ist der Plan gut", "Laut"),
    ("Anna Muster zufolge ist der Plan gut.", "ist der Plan gut", "zufolge"),
    ("Nach Angaben von Anna Muster ist der Plan gut.", "ist der Plan gut", "Nach Angaben"),
    ("Wie Anna Muster mitteilte, ist der Plan gut.", "ist der Plan gut", "mitteilte"),
    ("Der Plan ist, wie Anna Muster sagte, sehr gut.", "Der Plan ist sehr gut", "sagte"),
    ("Der Plan ist laut Anna Muster sehr gut.", "Der Plan ist sehr gut", "laut"),
    ("Anna Muster teilte mit, dass der Plan gut ist.", "dass der Plan gut ist", "teilte mit"),
    ("Anna Muster wies darauf hin, dass der Plan gut ist.", "dass der Plan gut ist", "wies hin"),
    ("Anna Muster hatte gesagt, der Plan sei gut.", "der Plan sei gut", "gesagt"),
]


@pytest.mark.parametrize(("text", "words", "cue"), INDIRECT)
def test_indirect_speech_with_its_cue(text: str, words: str, cue: str) -> None:
    assert indirect(text) == [(words, "Anna Muster", cue)]


def test_the_subjunctive_carries_on() -> None:
    text = "Anna Muster sagte, sie sei froh. Der Plan werde gelingen. Man habe Zeit. Es regnete."
    assert indirect(text) == [
        ("sie sei froh", "Anna Muster", "sagte"),
        ("Der Plan werde gelingen. Man habe Zeit.", "Anna Muster", ""),
    ]


def test_the_subjunctive_alone_reports_nobody() -> None:
    assert indirect("Er lebe hoch.") == []


def test_a_quotation_over_paragraphs() -> None:
    text = "„Wir fangen an.\n\n„Das kostet Geld.\n\n„Es lohnt sich“, sagte Anna Muster."
    [quote] = read(text)
    assert quote.text == "Wir fangen an.\n\nDas kostet Geld.\n\nEs lohnt sich"
    assert (quote.speaker, len(quote.parts)) == ("Anna Muster", 3)


def test_a_quotation_over_paragraphs_that_do_not_reopen() -> None:
    text = "Anna Muster sagte: „Wir fangen an.\n\nDas kostet Geld.“ Dann ging sie."
    [quote] = read(text)
    assert (quote.text, quote.speaker) == ("Wir fangen an.\n\nDas kostet Geld.", "Anna Muster")


UNBALANCED = [
    ("„Das ist falsch, sagte Anna Muster.\n\nEs regnete.", "Das ist falsch"),
    ("Das ist falsch“, sagte Anna Muster.\n\nEs regnete.", "Das ist falsch"),
    ("Anna Muster sagte: „Das ist falsch.\n\nEs regnete.", "Das ist falsch."),
    ("Anna Muster sagte: Das ist falsch.“\n\nEs regnete.", "Das ist falsch."),
    ('"Das ist falsch, sagte Anna Muster.\n\nEs regnete.', "Das ist falsch"),
    ("»Das ist falsch, sagte Anna Muster.\n\nEs regnete.", "Das ist falsch"),
]


@pytest.mark.parametrize(("text", "words"), UNBALANCED)
def test_unbalanced_marks_are_repaired(text: str, words: str) -> None:
    assert direct(text) == [(words, "Anna Muster")]


def test_a_mark_left_open_does_not_swallow_the_next_quotation() -> None:
    text = "„Das ist falsch, sagte Anna Muster. Olaf Krüger sagte: „Das ist richtig.“"
    assert direct(text) == [("Das ist falsch", "Anna Muster"), ("Das ist richtig.", "Olaf Krüger")]


NESTED = [
    "„Er rief: ‚Kommt sofort her!‘ und lief weg“, sagte Anna Muster.",
    "»Er rief: ›Kommt sofort her!‹ und lief weg«, sagte Anna Muster.",
    "„Er rief: »Kommt sofort her!« und lief weg“, sagte Anna Muster.",
    "\"Er rief: 'Kommt sofort her!' und lief weg\", sagte Anna Muster.",
    "„Er rief: „Kommt sofort her!“ und lief weg“, sagte Anna Muster.",
]


@pytest.mark.parametrize("text", NESTED)
def test_nested_quotations(text: str) -> None:
    found = [q for q in read(text) if q.kind == "direct"]
    assert found[0].speaker == "Anna Muster"
    assert found[0].text.startswith("Er rief")
    assert found[0].text.endswith("lief weg")
    assert [q.text for q in found[1:]] == ["Kommt sofort her!"]


def test_a_nested_quotation_has_its_own_speaker() -> None:
    text = "„Da hat Olaf Krüger gesagt: ‚Das geht nicht.‘ Es ging“, berichtet Anna Muster."
    assert direct(text) == [
        ("Da hat Olaf Krüger gesagt: ‚Das geht nicht.‘ Es ging", "Anna Muster"),
        ("Das geht nicht.", "Olaf Krüger"),
    ]


def test_titles_within_speech_stay_titles() -> None:
    text = "Anna Muster sagte, der Film „Das Boot“ sei „ganz große Kunst“."
    assert direct(text) == [("ganz große Kunst", "Anna Muster")]


def test_a_talk_without_names_has_no_speakers() -> None:
    assert direct("„Kommst du?“ „Nein.“ „Warum nicht?“") == [
        ("Kommst du?", ""),
        ("Nein.", ""),
        ("Warum nicht?", ""),
    ]


def test_two_speakers_in_one_paragraph() -> None:
    text = "„Das ist falsch“, sagte Anna Muster. „Nein, das ist richtig“, entgegnete Olaf Krüger."
    assert direct(text) == [
        ("Das ist falsch", "Anna Muster"),
        ("Nein, das ist richtig", "Olaf Krüger"),
    ]


def test_a_quotation_after_a_quotation_has_the_same_speaker() -> None:
    text = "„Das ist falsch“, sagte Anna Muster. „Wir fangen neu an. Es eilt.“"
    assert direct(text)[1] == ("Wir fangen neu an. Es eilt.", "Anna Muster")


def test_labels_cues_and_offsets() -> None:
    text = "„Wir fangen an“, erklärte die Bundesbank."
    [quote] = read(text)
    assert (quote.kind, quote.speaker_label, quote.cue) == ("direct", "ORG", "erklärte")
    assert text[quote.start : quote.end] == "„Wir fangen an“"
    assert quote.speaker_span is not None
    assert text[slice(*quote.speaker_span)] == "die Bundesbank"


def test_fields_are_read_in_order() -> None:
    fields = {"body": "„Wir fangen an“, sagte sie.", "headline": "Anna Muster am Ziel"}
    found = [*mentions(fields["headline"], "headline")]
    [quote] = read_quotes(fields, found)
    assert (quote.field, quote.speaker) == ("body", "Anna Muster")


MARKS = "„“”\"»«‚‘’'›‹,.:–- \n"


PIECES = [*MARKS, "\n\n", "Anna Muster", "sagte", "so", "a", "Laut", "sei", "Er", " "]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_never_raises_and_offsets_fit(text: str) -> None:
    for quote in read(text):
        assert 0 <= quote.start < quote.end <= len(text)
        assert (quote.parts[0][0], quote.parts[-1][1]) == (quote.start, quote.end)
        for start, end in quote.parts:
            assert 0 <= start < end <= len(text)
        assert all(word in text for word in quote.text.split())


@settings(deadline=None, max_examples=60)
@given(st.text())
def test_never_raises_on_any_text(text: str) -> None:
    read(text)


HARD = [
    "„",
    "“",
    '"',
    "'",
    "„“",
    "»«",
    "‚",
    "„a b c ",
    "a sagte, ",
    "so ",
    "„a“ ",
    "Der A, ",
    "laut ",
    "'a ",
    "von A ",
]


@pytest.mark.no_cover
@pytest.mark.parametrize("piece", HARD)
def test_linear_time(piece: str) -> None:
    assert_linear(read, piece)
