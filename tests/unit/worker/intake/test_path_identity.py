"""Which document a mirror's text is, that has no id of its own."""

from __future__ import annotations

from worker.intake.path_identity import Held, apart, identities


def test_a_path_keeps_its_document_whatever_it_says() -> None:
    assert identities([Held("t-1", "t-2", "neu")], {}) == ["t-1"]
    assert identities([Held("t-1", "t-1", "neu")], {"t-1": "alt"}) == ["t-1"]
    assert identities([Held("", "t-2", "neu")], {}) == ["t-2"]


def test_a_copy_has_the_document_of_its_text() -> None:
    assert identities([Held("t-1", "t-2", "eins")], {"t-2": "eins"}) == ["t-2"]
    assert identities([Held("", "t-2", "eins")], {"t-2": "eins"}) == ["t-2"]


def test_what_has_gone_on_to_another_text_is_none_of_a_copy_of_the_first() -> None:
    assert identities([Held("", "t-2", "eins")], {"t-2": "zwei"}) == [""]
    assert identities([Held("t-1", "t-2", "eins")], {"t-2": "zwei"}) == ["t-1"]
    goes_on, copy = Held("t-1", "t-2", "zwei"), Held("", "t-1", "eins")
    assert identities([goes_on, copy], {"t-1": "eins"}) == ["t-1", ""]
    assert apart("t-1", "eins") == apart("t-1", "eins") != apart("t-1", "zwei")
    assert len(apart("t-1", "eins")) == len("t-") + 40


def test_of_one_batch_copies_of_a_new_text_are_of_the_document_that_goes_on_to_it() -> None:
    goes_on, copy = Held("t-1", "t-2", "zwei"), Held("", "t-2", "zwei")
    other = Held("t-3", "t-2", "zwei")
    assert identities([copy, goes_on], {"t-1": "eins"}) == ["t-1", "t-1"]
    assert identities([goes_on, other, copy], {"t-1": "eins", "t-3": "drei"}) == ["t-1"] * 3
    assert identities([goes_on, copy], {"t-1": "eins", "t-2": "drei"}) == ["t-1", "t-1"]
    assert identities([goes_on, copy], {"t-1": "eins", "t-2": "zwei"}) == ["t-2", "t-2"]
