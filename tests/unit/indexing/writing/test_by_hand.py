"""What a person has set lies over what the source says, and comes off again without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from indexing.writing.by_hand import Setting, as_source, is_to_be_read, pending, with_by_hand
from indexing.writing.same_text import text_digest
from indexing.writing.versions import place

DOCUMENT: dict[str, Any] = {
    "headline": "Hafenbau beginnt",
    "body": "Der Rat von Bremen berät.",
    "language": "de",
    "published": "2024",
    "published_precision": "year",
    "parts": ["Hafen", "Bau"],
    "agency": ["dpa"],
    "source": {"path": "a.txt", "sha256": "1", "bytes": 9},
    "received_at": "2024-06-20T08:00:00Z",
    "enrichment": {"state": "enriched", "attempts": 1, "pipeline": "p"},
}
VALUES: dict[str, Any] = {
    "headline": "Brückenbau beginnt",
    "kicker": "Bremen",
    "agency": ["afp", "dpa"],
    "byline": [],
    "language": "fr",
    "url": "https://dpa.example/7",
}


def setting(field: str, value: Any, key: str = "") -> Setting:
    return Setting(field, {field: value} if field != "id" else {}, "2024-07-01", "desk", key)


PUBLISHED = Setting(
    "published",
    {"published": "2024-06", "published_precision": "month", "date_problem": None},
    "2024-07-01",
    "desk",
)
sets = st.lists(
    st.sampled_from([*(setting(n, v) for n, v in VALUES.items()), PUBLISHED])
    | st.just(setting("id", "", "s-dpa:7")),
    unique_by=lambda one: one.field,
)


@given(sets, sets)
def test_whatever_was_set_comes_off_again(
    first: Sequence[Setting], then: Sequence[Setting]
) -> None:
    set_once = with_by_hand(DOCUMENT, first)
    assert with_by_hand(set_once, first) == set_once, "twice is once"
    assert with_by_hand(with_by_hand(set_once, then), []) | {"parts": []} == DOCUMENT | {
        "parts": []
    }
    assert as_source(with_by_hand(set_once, then)) | {"parts": []} == as_source(
        with_by_hand(DOCUMENT, then)
    ) | {"parts": []}, "nothing of the first is left"
    assert text_digest(set_once) == text_digest(DOCUMENT)


def test_a_document_says_what_was_set_and_what_its_source_says() -> None:
    made = with_by_hand(DOCUMENT, [setting("headline", "Brückenbau beginnt"), PUBLISHED])
    assert (made["headline"], made["published"]) == ("Brückenbau beginnt", "2024-06")
    assert made["corrected_by_hand"] == ["headline", "published"]
    assert made["by_hand"][1] == {
        "field": "published",
        "at": "2024-07-01",
        "who": "desk",
        "source": {"published": "2024", "published_precision": "year"},
    }
    assert {"Brücken", "Bau"} & {*made["parts"]}, "words by which it is found"
    assert "Hafen" not in made["parts"]


def test_what_enrichment_reads_is_to_be_read_again() -> None:
    def reads(*settings: Setting) -> bool:
        return is_to_be_read(DOCUMENT, with_by_hand(DOCUMENT, settings))

    assert reads(PUBLISHED)
    assert reads(setting("headline", "Anderes"))
    assert not reads(setting("agency", ["afp"]), setting("id", "", "s-dpa:7"))
    again = pending(DOCUMENT)["enrichment"]
    assert again == {"state": "pending", "attempts": 0, "pipeline": "p"}


def test_another_language_has_its_field_and_no_german_words() -> None:
    made = with_by_hand(DOCUMENT, [setting("language", "fr")])
    assert "parts" not in made
    assert made["foreign"] == {"fr": ["Hafenbau beginnt", "Der Rat von Bremen berät."]}
    assert "foreign" not in with_by_hand(made, [])


def test_a_copy_of_what_was_corrected_by_hand_is_a_copy_and_a_new_text_is_a_version() -> None:
    by_hand = [setting("headline", "Brückenbau beginnt")]
    old = with_by_hand(DOCUMENT, by_hand)
    came = {**DOCUMENT, "source": {"path": "b.txt", "sha256": "2"}, "received_at": "2024-06-21"}
    assert place(old, came).version == 0
    assert place(old, with_by_hand(came, by_hand)).version == 0
    new = with_by_hand({**came, "body": "Der Rat hat beraten."}, by_hand)
    placed = place(old, new)
    assert placed.document is not None
    assert (placed.version, placed.document["changed"]) == (2, ["body"])
    assert placed.document["headline"] == "Brückenbau beginnt"


def test_lines_that_others_wrote_do_no_harm() -> None:
    lines = [
        {"field": "enrichment", "source": {"enrichment": {}}},
        {"field": "agency", "source": {"agency": ["x"], "enrichment": {"state": "odd"}}},
        {"field": "kicker", "source": "text"},
        {"field": "headline", "source": {"headline": {"a": 1}}},
    ]
    told = as_source({**DOCUMENT, "by_hand": lines})
    assert told | {"headline": ""} == {**DOCUMENT, "agency": ["x"], "headline": ""}
