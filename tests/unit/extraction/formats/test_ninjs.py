"""ninjs 1, 2 and 3 as articles, told from Depesche's own JSON."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Article
from articles.errors import Unreadable
from extraction.formats.parse import parse
from extraction.formats.wire.ninjs import is_ninjs
from german.wordlist import word_list
from tests.linear import assert_linear
from tests.unit.extraction.formats.held import free

SEEDS = Path(__file__).parents[4] / "seeds" / "formats"
NOON = dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC)
ONE: dict[str, Any] = {
    "uri": "urn:a:1",
    "type": "text",
    "versioncreated": "2024-06-19T14:30:00+02:00",
    "pubstatus": "usable",
    "headline": "Pakt",
    "byline": "Anna Muster",
    "body_text": "Eins.\n\nZwei.",
}


def read(values: object) -> Article:
    return free(parse(json.dumps(values).encode(), "a.json", received=NOON))


def test_an_item_of_version_3() -> None:
    article = parse((SEEDS / "ninjs.json").read_bytes(), "a.json", received=NOON)
    assert (article.key, article.source.format) == (
        "s-urn:agentur.example:20240620:haushalt-17",
        "ninjs",
    )
    assert article.headline == "Land spart bei Straßen, nicht bei Schulen"
    assert article.kicker == "Landeshaushalt"
    assert article.lead == "Der Nachtragshaushalt geht im Herbst in den Landtag."
    assert article.body.startswith("Potsdam (dpa) - Die Landesregierung")
    assert len(article.body.split("\n\n")) == 2
    assert article.published
    assert article.published.value == "2024-06-20T17:05:00+02:00"
    assert (article.byline, article.agencies) == (("Peter Lang",), ("dpa",))
    assert (article.dateline_places, article.language) == (("Potsdam",), "de")
    assert (article.slugline, article.subjects) == ("Haushalt/Brandenburg", ("Haushalt",))
    assert (article.source.version, article.source.warnings) == ("1", ())


def test_an_item_of_version_1() -> None:
    article = read({**ONE, "description_text": "Vorspann.", "located": "Bonn"})
    assert (article.key, article.headline, article.lead) == ("s-urn:a:1", "Pakt", "Vorspann.")
    assert (article.body, article.byline) == ("Eins.\n\nZwei.", ("Anna Muster",))
    assert article.dateline_places == ("Bonn",)
    assert article.source.warnings == ()


def test_an_item_of_version_2() -> None:
    values = {key: value for key, value in ONE.items() if key not in {"headline", "body_text"}}
    article = read(
        {
            **values,
            "headlines": [{"role": "main", "value": "Pakt"}],
            "bodies": [
                {"role": "text", "contenttype": "text/plain", "value": "Eins. Zwei."},
                {"role": "x", "contenttype": "text/html", "value": "<h1>Pakt</h1><p>Eins.</p>"},
            ],
            "infosources": [{"name": "AFP"}],
        }
    )
    assert (article.headline, article.body, article.agencies) == ("Pakt", "Eins.", ("afp",))


def test_an_address_of_the_web_is_the_key_of_other_formats_too() -> None:
    address = "https://a.example/1"
    assert (
        read({**ONE, "uri": address}).key
        == read({"headline": "Pakt", "body": "Eins.", "url": address}).key
    )


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"pubstatus": "canceled"}, "has taken it back"),
        ({"pubstatus": None, "pubStatus": "withheld"}, "holds it back"),
        ({"embargoed": "2024-06-19T14:00:01+02:00"}, "until 2024-06-19T14:00:01"),
        ({"embargoed": ""}, "end cannot be read"),
        ({"type": "picture", "body_text": None}, "is picture, and no text"),
        ({"body_text": None}, "holds no text"),
        ({"headline": None}, "headline"),
    ],
    ids=["canceled", "withheld", "embargo", "no end", "picture", "empty", "headless"],
)
def test_what_is_no_article_says_why(more: dict[str, Any], says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        read({key: value for key, value in {**ONE, **more}.items() if value is not None})
    assert raised.value.advice


def test_a_status_that_is_none_is_said() -> None:
    assert (
        "which Depesche does not know" in read({**ONE, "pubstatus": ["usable"]}).source.warnings[0]
    )


@pytest.mark.parametrize(
    "own",
    [
        {"headline": "Pakt", "body": "Text."},
        {"uri": "urn:a:1", "headline": "Pakt"},
        {"uri": "urn:a:1", "body": "Text", "versioncreated": "2024"},
        {"headlines": [], "bodies": []},
    ],
    ids=["own", "no mark", "own body", "no id"],
)
def test_other_json_is_not_taken_for_it(own: dict[str, Any]) -> None:
    assert not is_ninjs(own)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
_NAMES = word_list(
    "headline headlines bodies body_html body_text descriptions by byline located subjects type"
    " pubstatus embargoed version language infosources genre uri standard firstcreated"
)


@given(
    st.dictionaries(
        st.sampled_from(sorted(_NAMES)), _JSON | st.just([{"role": 1, "value": "<p>x"}])
    )
)
def test_whatever_its_values_are_it_is_an_article_or_says_why(values: dict[str, Any]) -> None:
    with suppress(Unreadable):
        assert read({**ONE, **values}).headline


@pytest.mark.parametrize("piece", ["<p>Ein Satz.</p>", "<b>", "&amp;", "\n\n"])
def test_time_grows_with_the_text_alone(piece: str) -> None:
    def read_any(text: str) -> None:
        try:
            read({**ONE, "body_html": text, "description_text": text})
        except Unreadable:
            return

    assert_linear(read_any, piece)


def test_an_item_of_a_description_alone_is_a_short_one() -> None:
    # As in an example of the IPTC's, of NTB: its role is ``text``.
    described = [{"role": "text", "contenttype": "text/plain", "value": "Der Rat stimmt zu."}]
    article = read({**ONE, "body_text": "", "descriptions": described})
    assert (article.headline, article.lead) == ("Pakt", "Der Rat stimmt zu.")


def test_names_with_a_small_beginning_are_names() -> None:
    article = read({**ONE, "byline": "Paolo Santi and Franca d'Emilio"})
    assert article.byline == ("Paolo Santi", "Franca d'Emilio")
