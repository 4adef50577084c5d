"""Build the model's table of word forms from spacy-lookups-data and the name lists."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from extraction.tagging.brown import FIRST_NAME, STATE, SURNAME, BrownTable


def brown_table(names: Path | None, least_log_probability: float) -> BrownTable:
    """Return clusters of the forms above a log probability (natural logarithm) and name flags.

    ``names`` is the folder with ``first-names.tsv``, ``surnames.list`` and
    ``state-names.list``; without it the table holds clusters only.
    """
    probability = lookup("prob")
    clusters = {
        form: cluster
        for form, cluster in lookup("cluster").items()
        if cluster and probability.get(form, -99.0) > least_log_probability
    }
    return BrownTable.build(clusters, name_flags(names) if names else {})


def name_flags(folder: Path) -> dict[str, int]:
    """Return word form -> flags; names of several words are left out."""
    flags: dict[str, int] = {}
    for file, flag in (
        ("first-names.tsv", FIRST_NAME),
        ("surnames.list", SURNAME),
        ("state-names.list", STATE),
    ):
        for line in (folder / file).read_text("utf-8").splitlines():
            name = line.split("\t")[0].strip()
            if len(name) > 1 and " " not in name:
                flags[name] = flags.get(name, 0) | flag
    return flags


def lookup(table: str) -> dict[str, Any]:
    """Return word form -> value of a German table: ``cluster`` or ``prob``."""
    packed = files("spacy_lookups_data").joinpath("data", f"de_lexeme_{table}.json.gz")
    loaded: dict[str, Any] = json.loads(gzip.decompress(packed.read_bytes()))
    return loaded
