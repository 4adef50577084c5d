"""Messages of wires (IPTC 7901) as articles, with and without their control characters."""

from __future__ import annotations

import datetime as dt
import io
from contextlib import suppress
from pathlib import Path

import pytest

from articles.article import Article
from articles.errors import Unreadable
from extraction.containers.member import Limits, Opened, Sample
from extraction.containers.registry import kind_of
from extraction.formats.parse import parse
from tests.linear import assert_linear
from tests.unit.extraction.formats.held import free

SEEDS = Path(__file__).parents[4] / "seeds" / "formats"
NOON = dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC)
CODES = "bdt0163 3 pl 226  dpa 0525"


def read(text: str | bytes, path: str = "a.txt") -> Article:
    return free(parse(text.encode() if isinstance(text, str) else text, path, received=NOON))


def test_a_message_with_its_control_characters() -> None:
    article = read((SEEDS / "wire.iptc").read_bytes())
    assert article.headline == "Ministerium kürzt Zuschüsse für Radwege"
    assert article.body.startswith("Kiel (dpa) - Das Verkehrsministerium")
    assert article.body.endswith("sagte die Vorsitzende Greta Möller.")
    assert article.published
    assert article.published.value == "2024-06-19T14:30:00+02:00"
    assert (article.byline, article.agencies) == (("Clara Stein",), ("dpa",))
    assert (article.dateline_places, article.source.format) == (("Kiel",), "iptc7901")
    assert (article.slugline, article.subjects) == ("Regierung/Finanzen", ("pl",))
    assert len(article.source.warnings) == 1


def test_a_message_without_them() -> None:
    text = (
        f"{CODES}\n\nPakt/Moskau/\nEIL\nPutin und Kim unterzeichnen\neinen Pakt =\n\n"
        "Moskau (dpa) - Der Text.\n\nMehr.\n\ndpa ab cd n1 ef\n\n191230 GMT Jun 24\n"
    )
    article = read(text)
    assert article.headline == "Putin und Kim unterzeichnen einen Pakt"
    assert article.body == "Moskau (dpa) - Der Text.\n\nMehr."
    assert article.published
    assert article.published.value == "2024-06-19T14:30:00+02:00"


def test_a_message_without_lines_above_its_text() -> None:
    text = f"{CODES}\nErste Zeile\nund mehr Text.\n   Ein Absatz mit Einzug.\n   Noch einer."
    article = read(text)
    assert article.headline == "Erste Zeile"
    assert (article.lead, article.body) == (
        "und mehr Text.",
        "Ein Absatz mit Einzug.\n\nNoch einer.",
    )
    long = f"{CODES}\n{'Ein langer Satz über vieles. ' * 20}\n   Ein Absatz mit Einzug."
    assert read(long).headline.startswith("Ein langer Satz über vieles.")
    assert read(long).body.endswith("\n\nEin Absatz mit Einzug.")


def test_umlauts_in_seven_bits_are_put_right() -> None:
    article = read(f"{CODES}\n\nGr}}~e aus M}}nchen =\n\nM}}nchen (dpa) - [rzte h|ren {{ltere.")
    assert article.headline == "Grüße aus München"
    assert article.body == "München (dpa) - Ärzte hören ältere."
    assert "DIN 66003" in article.source.warnings[0]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Sperrfrist: 19. Juni 2024, 14.01 Uhr", "until 2024-06-19T14:01:00"),
        ("Achtung - Sperrfrist: 20.06.2024", "until 2024-06-20T23:59:59"),
        ("Sperrfrist: heute Abend", "end cannot be read .until 'heute Abend'"),
        ("(Sperrfrist bis 20.06.2024, 10:00 Uhr)", "until 2024-06-20T10:00:00"),
        ("(Embargo until 20 June 2024)", "until 2024-06-20"),
        ("(Sperrfrist 1900)", "end cannot be read"),
    ],
)
def test_an_embargo_in_words_holds_it_back(line: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(f"{CODES}\n\n{line}\nPakt =\n\nMoskau (dpa) - Text.")


@pytest.mark.parametrize(
    "line",
    [
        "Sperrfrist: 19. Juni 2024, 13.59 Uhr",
        "Embargo bis 2030 verlängert",
        "Embargo: Kiew stoppt Lieferungen",
        "Sperrfrist: aufgehoben",
        "(mit Archivbild zum Öl-Embargo)",
        "(Embargo gegen Russland)",
        "(keine Sperrfrist)",
        "Die Sperrfrist läuft ab",
    ],
)
def test_what_is_no_embargo_of_the_text_holds_nobody_up(line: str) -> None:
    assert read(f"{CODES}\n\n{line}\nPakt =\n\nMoskau (dpa) - Text.").body


@pytest.mark.parametrize(
    "text",
    ["abc 3 pl 226 dpa", "bdt0163 3 pl dpa\n", "Am 3 pl 226 dpa 0525\nText", "bdt 0163 3 4 5 6\n"],
)
def test_other_texts_are_none(text: str) -> None:
    assert read(f"{text}\n\nText.").source.format == "plain"


def test_a_stream_of_messages_is_a_container() -> None:
    whole = (SEEDS / "wire.iptc").read_bytes()
    data = whole + b"\r\n" + whole.replace(b"Radwege", b"Busse")
    kind = kind_of(Sample("a.iptc", data, data))
    assert kind
    stream = io.BufferedReader(io.BytesIO(data))
    told = list(kind.members(Opened("a.iptc", stream, Limits())))
    assert [member.name for member in told] == ["0000001.iptc", "0000002.iptc"]
    assert [read(member.data).headline[-7:] for member in told] == ["Radwege", "r Busse"]
    with pytest.raises(Unreadable, match="several messages"):
        read(data)
    assert kind_of(Sample("a.iptc", whole, whole)) is None


@pytest.mark.parametrize(
    "piece", ["dpa ab\n", "191430 Jun 24\n", "a/", "# x\n", "Ein Satz. ", " \n", "\r"]
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    def read_any(text: str) -> None:
        for whole in (f"{CODES}\n\nA =\n\nB\n\n{text}", f"{CODES}\n{text}"):
            with suppress(Unreadable):
                read(whole)

    assert_linear(read_any, piece)


def test_a_line_of_codes_with_blanks_without_end_takes_no_long_time() -> None:
    """Its end is looked for once, wherever it stands, and before anybody knows what the file is."""

    def look(blanks: str) -> None:
        data = f"{CODES}\n\nA =\n\nB\nbdt0163 3 pl 226{blanks}{'x' * 100}\n".encode()
        assert kind_of(Sample("a.iptc", data, data)) is None
        read(data)

    assert_linear(look, " ", length=8_000)
