"""The frames of speech, each with all that is read out of it."""

from __future__ import annotations

import pytest

from tests.unit.extraction.quotes.test_quotes import read

HOUSE = "Das Haus ist seit Jahren leer"
A, W = "Anna Muster", "Jens Wolf"


@pytest.mark.parametrize(
    ("text", "quote", "speaker", "cue"),
    [
        (f"Anna Muster sagte: „{HOUSE}.“ Das bestätigte Jens Wolf.", f"{HOUSE}.", A, "sagte"),
        (f"Das Tagesblatt zitierte Anna Muster so: „{HOUSE}.“", f"{HOUSE}.", A, "zitierte"),
        (f'Anna Muster sagte: "{HOUSE}". Dann ging sie.', HOUSE, A, "sagte"),
        ("„Das Haus“, sagte Anna Muster, „ist seit Jahren leer.“", f"{HOUSE}.", A, "sagte"),
        ("„Das Haus ist“ – Anna Muster stockt – „seit Jahren leer.“", f"{HOUSE}.", A, ""),
        (f"Umweltministerin Anna Muster kam. „{HOUSE}“, sagte die Ministerin.", HOUSE, A, "sagte"),
        (f"Anna Muster kam. Jens Wolf ging. „{HOUSE}“, sagte sie.", HOUSE, A, "sagte"),
        (f"Anna Muster kam. Jens Wolf ging. „{HOUSE}“, sagte er.", HOUSE, W, "sagte"),
        (
            "Anna Muster nannte das Haus „eine einzige große Schande“.",
            "eine einzige große Schande",
            A,
            "nannte",
        ),
        (
            "Anna Muster sprach von einer „einzigen großen Schande“.",
            "einzigen großen Schande",
            A,
            "sprach",
        ),
        (
            "Anna Muster hielt ihm „ständige Lügen und Ausreden“ vor.",
            "ständige Lügen und Ausreden",
            A,
            "hielt vor",
        ),
    ],
)  # fmt: skip
def test_direct(text: str, quote: str, speaker: str, cue: str) -> None:
    assert [(q.kind, q.text, q.speaker, q.cue) for q in read(text)] == [
        ("direct", quote, speaker, cue)
    ]


@pytest.mark.parametrize(
    ("text", "quote", "cue"),
    [
        ("Hatte Anna Muster doch gesagt, das Haus sei leer.", "das Haus sei leer", "gesagt"),
        ("Von Anna Muster wurde gesagt, das Haus sei leer.", "das Haus sei leer", "gesagt"),
        ("Es wurde von Anna Muster gesagt, das Haus sei leer.", "das Haus sei leer", "gesagt"),
        ("Das Haus steht leer, sagte Anna Muster.", "Das Haus steht leer", "sagte"),
        ("Das Haus ist, wie Anna Muster sagte, seit Jahren leer.", HOUSE, "sagte"),
        (
            "Wie Anna Muster sagte, ist das Haus seit Jahren leer.",
            "ist das Haus seit Jahren leer",
            "sagte",
        ),
        (
            "Nach Angaben von Anna Muster ist das Haus seit Jahren leer.",
            "ist das Haus seit Jahren leer",
            "Nach Angaben",
        ),
        (
            "Nach eigenen Angaben hat Anna Muster das Haus verkauft.",
            "hat Anna Muster das Haus verkauft",
            "Nach eigenen Angaben",
        ),
        ("Laut Anna Muster ist das Haus leer.", "ist das Haus leer", "Laut"),
        ("Anna Muster ließ durchblicken, das Haus sei leer.", "das Haus sei leer", "durchblicken"),
        ("Anna Muster drohte, das Haus zu verkaufen.", "das Haus zu verkaufen", "drohte"),
        ("Anna Muster, die das Haus kennt, sagte, es sei leer.", "es sei leer", "sagte"),
    ],
)
def test_indirect(text: str, quote: str, cue: str) -> None:
    assert [(q.kind, q.text, q.speaker, q.cue) for q in read(text)] == [("indirect", quote, A, cue)]
    (only,) = read(text)
    assert only.end - only.start >= len(quote)
    assert only.speaker_label == "PER"


@pytest.mark.parametrize(
    "text",
    [
        "Weil das Haus leer steht, sagte Anna Muster.",
        "Anna Muster drohte, um Zeit zu gewinnen.",
        "Anna Muster drohte, ohne zu zögern.",
        "Anna Muster drohte, statt zu zögern.",
    ],
)
def test_why_and_how_somebody_spoke_is_not_what_was_said(text: str) -> None:
    assert read(text) == []


def test_what_only_its_mood_reports_goes_to_who_spoke_last() -> None:
    text = f"Jens Wolf kam. „{HOUSE}“, sagte er. Es werde bald verkauft. Dann sei Ruhe."
    assert [(q.kind, q.text, q.speaker, q.cue) for q in read(text)][1:] == [
        ("indirect", "Es werde bald verkauft. Dann sei Ruhe.", W, "")
    ]


def test_a_quote_within_a_report_stays() -> None:
    text = f"Anna Muster sagte: „{HOUSE}“, dann ging sie, wie Jens Wolf berichtete."
    assert [(q.kind, q.speaker, q.start, q.end) for q in read(text)] == [
        ("indirect", W, 0, 65),
        ("direct", A, 19, 50),
    ]


MORE = [
    (
        f"Anna Muster sagte, das Haus sei leer. Sie ging. „{HOUSE} und niemand kümmert sich!“",
        [("das Haus sei leer", A, "sagte"), (f"{HOUSE} und niemand kümmert sich!", A, "")],
    ),
    (
        "„Jetzt ist Schluss“, sagte Anna Muster. Das Haus, so Jens Wolf, sei seit Jahren leer.",
        [("Jetzt ist Schluss", A, "sagte"), ("Das Haus sei seit Jahren leer", W, "so")],
    ),
    ("Der „Blaue Bock“ in Mainz ist geschlossen.", []),
    ("Das Buch „Der Weg nach unten“ ist erschienen.", []),
    (
        "Der Film „Das Leben der anderen Leute“ läuft, sagte Anna Muster.",
        [("Der Film „Das Leben der anderen Leute“ läuft", A, "sagte")],
    ),
    (f"Anna Muster von der SPD sagte in Kiel: „{HOUSE}.“", [(f"{HOUSE}.", A, "sagte")]),
    (
        "SPD-Politikerin Muster sagte: „Es ist leer.“ „Das muss weg hier“, sagte die Politikerin.",
        [("Es ist leer.", A, "sagte"), ("Das muss weg hier", A, "sagte")],
    ),
    (f"Anna Muster (SPD) sagte: „{HOUSE}.“", [(f"{HOUSE}.", A, "sagte")]),
    (
        "Wie das Tagesblatt unter Berufung auf Anna Muster berichtet, ist das Haus leer.",
        [("ist das Haus leer", "Tagesblatt", "berichtet")],
    ),
    (
        "Einem Bericht des Tagesblatts zufolge ist das Haus leer.",
        [("ist das Haus leer", "Bericht des Tagesblatts", "zufolge")],
    ),
    ("Anna Muster zufolge ist das Haus leer.", [("ist das Haus leer", A, "zufolge")]),
    (
        "Das Haus ist nach den Worten von Anna Muster leer.",
        [("Das Haus ist leer", A, "nach den Worten")],
    ),
    ("Das Haus ist leer, so Anna Muster.", [("Das Haus ist leer", A, "so")]),
    ("Anna Muster fragte, ob das Haus leer sei.", [("ob das Haus leer sei", A, "fragte")]),
    ("Anna Muster sagte, dass das Haus leer ist.", [("dass das Haus leer ist", A, "sagte")]),
    (
        "Anna Muster sagte dem Tagesblatt, das Haus sei leer.",
        [("das Haus sei leer", A, "sagte")],
    ),
    (
        "Dem Tagesblatt sagte Anna Muster, das Haus sei leer.",
        [("das Haus sei leer", A, "sagte")],
    ),
    (
        "„Das Haus ist leer“, sagte Anna Muster und fügte hinzu: „Wir müssen es nun verkaufen.“",
        [("Das Haus ist leer", A, "sagte"), ("Wir müssen es nun verkaufen.", A, "fügte hinzu")],
    ),
    ("„Das Haus ist leer“, so Jens Wolf weiter.", [("Das Haus ist leer", W, "so")]),
    (f"Jens Wolf: „{HOUSE}.“", [(f"{HOUSE}.", W, "")]),
    (f"„{HOUSE}“ steht in dem Brief.", [(HOUSE, "Brief", "steht")]),
    (
        "„Das Haus ist leer, und ‚niemand will es haben‘“, sagte Anna Muster.",
        [("Das Haus ist leer, und ‚niemand will es haben‘", A, "sagte")],
    ),
]


@pytest.mark.parametrize(("text", "quotes"), MORE)
def test_a_passage(text: str, quotes: list[tuple[str, str, str]]) -> None:
    assert [(q.text, q.speaker, q.cue) for q in read(text)] == quotes
