"""The mapping that is made from the table of fields."""

from __future__ import annotations

from indexing.index.mapping import fingerprint


def test_the_mapping_is_the_one_that_version_2_names() -> None:
    """Analysis and every property, to the letter: a change needs another MAPPING_VERSION."""
    assert fingerprint() == "b823e52f901992efc731e433251f166f1861567fb2a9956c9a953681b87e131a"
