"""The sample articles: exactly in the main format, read without a warning, good to search."""

from __future__ import annotations

from importlib.resources import files

import pytest

from articles.article import Article
from extraction.formats.byline import read_byline
from extraction.formats.dateline import read_dateline
from extraction.formats.parse import parse

SAMPLES = {
    entry.name: entry.read_bytes()
    for entry in sorted((files("seeds") / "articles").iterdir(), key=lambda entry: entry.name)
}


def sample(name: str) -> Article:
    return parse(SAMPLES[f"{name}.txt"], f"{name}.txt")


def test_there_are_enough_and_they_are_different_articles() -> None:
    assert len(SAMPLES) >= 14
    assert len({parse(data, name).key for name, data in SAMPLES.items()}) == len(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_in_the_main_format(name: str) -> None:
    data = SAMPLES[name]
    article = parse(data, name)
    assert name.endswith(".txt")
    assert data.startswith(b" date ")
    assert not data.endswith(b"\n")
    assert (article.source.format, article.source.encoding) == ("text", "utf-8")
    assert article.source.warnings == ()
    assert article.published is not None
    assert name.startswith(article.published.value)
    assert 120 <= len(data.split()) <= 600


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_can_be_written_out_again(name: str) -> None:
    article = parse(SAMPLES[name], name)
    assert article.published is not None
    kicker = f"{article.kicker} : " if article.kicker else ""
    header = f" date {article.published.value} {kicker}{article.headline}"
    parts = (header, article.lead, article.body)
    written = "\n\n".join(part for part in parts if part)
    moved = len(article.byline) and read_byline(article.body) is not None
    assert sorted(written.split()) == sorted(SAMPLES[name].decode().split())
    assert moved or written.encode() == SAMPLES[name]


@pytest.mark.parametrize(
    ("name", "places", "agencies"),
    [
        ("2024-06-19-verteidigungspakt", ("Seoul", "Moskau"), ("dpa", "afp")),
        ("2024-06-25-beitrittsverhandlungen", ("Brüssel", "Kiew"), ("afp", "rtr", "taz")),
        ("2024-06-06-ezb-leitzins", ("Frankfurt am Main",), ("rtr",)),
        ("2024-05-28-hilfslieferungen-gaza", ("Gaza-Stadt", "Tel Aviv"), ("ap", "dpa")),
        ("2024-02-29-hafenarbeit-hamburg", ("Hamburg",), ("dpa", "lno")),
        ("2023-11-dresden-restaurierung", (), ()),
    ],
)
def test_datelines_of_samples(
    name: str, places: tuple[str, ...], agencies: tuple[str, ...]
) -> None:
    article = sample(name)
    assert (article.dateline_places, article.agencies) == (places, agencies)
    dateline = read_dateline(article.body)
    assert (dateline is not None) == bool(places)


def test_oddities_that_the_samples_show() -> None:
    assert (
        sample("2023-11-dresden-restaurierung").published == parse(b"date 2023-11 x", "").published
    )
    assert sample("2024-06-04-hochwasser-passau").kicker == ""
    assert sample("2024-07-05-haushaltsbegleitgesetz").headline.count(":") == 1
    earthquake = sample("2024-02-08-erdbeben-kreta")
    assert (earthquake.lead, earthquake.body.count("\n")) == ("", 0)
    assert sample("2024-02-29-hafenarbeit-hamburg").byline == ("Wiebke Janssen",)
    assert sample("2024-03-26-tarifvertrag-bahn").byline == ("Ruth Eichinger", "Malte Petersen")
    every_word = " ".join(data.decode() for data in SAMPLES.values())
    oddities = ("„", "“", "‚", "‘", "»", "«", "ß", "Verträge", "Verteidigungspakt", "Putins")
    assert all(oddity in every_word for oddity in (*oddities, "Nordkoreas", "Shin Won Sik"))
