"""What the samples yield and the mapping change only with their versions."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from benchmarks.samples import samples, text_of
from extraction.tagging import pipeline
from tests import snapshots
from tests.snapshots import Content, Versions, differences, fault, fingerprint, overwritten

REPOSITORY = Path(__file__).parents[2]
KNOWN: Versions = {"extraction": {"m+e3": "aaa", "m+e4": "bbb"}}


@pytest.fixture(scope="module")
def present() -> tuple[str, Content]:
    return snapshots.content()


def test_the_samples_read_as_the_snapshot_of_this_version_says(
    present: tuple[str, Content],
) -> None:
    version, fingerprint_now = snapshots.current(*present)["extraction"]
    told = differences(json.loads(snapshots.CONTENT.read_text("utf-8")), present[1])
    assert not fault("extraction", version, fingerprint_now, snapshots.recorded()), told
    assert not told, "extraction.json is out of step: run `python -m tests.snapshots`"


def test_the_mapping_is_that_of_its_version(present: tuple[str, Content]) -> None:
    version, fingerprint_now = snapshots.current(*present)["mapping"]
    assert not fault("mapping", version, fingerprint_now, snapshots.recorded())


def test_no_version_that_a_tag_holds_was_overwritten() -> None:
    try:
        told = overwritten(REPOSITORY, snapshots.recorded())
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"not a git repository: {error}")
    assert not told, "raise the version, and put the old entry back"


def test_the_snapshot_holds_all_that_is_read(present: tuple[str, Content]) -> None:
    names = {name for document in present[1].values() for name in document}
    gold = [name for name in present[1] if name.startswith("gold: ")]
    wanted = {
        *("people", "organisations", "places", "misc", "countries", "locations", "located"),
        *("quotes", "quoted_people", "dates", "mentioned_dates", "keyphrases", "mentions"),
        *("language", "signature", "minhash", "parts", "dateline_place", "agency", "byline"),
        *("headline", "kicker", "lead", "body", "published", "published_range", "source"),
    }
    assert wanted <= names
    assert len(present[1]) == len(samples()) + len(gold)
    assert len(gold) == 53
    told = [line for d in present[1].values() for line in d.get("mentions", ())]
    assert any(", role: " in line for line in told)


def test_an_article_reads_the_same_alone_and_beside_others() -> None:
    nlp, texts = pipeline.load(), [text_of(article) for article in samples().values()]
    together = list(pipeline.read(nlp, texts))
    alone = [next(iter(pipeline.read(nlp, [text]))) for text in reversed(texts)]
    assert alone == together[::-1]


@pytest.mark.parametrize(
    ("version", "now", "said"),
    [
        ("m+e4", "bbb", ""),
        ("m+e4", "ccc", "Raise EXTRACTION_VERSION"),
        ("m+e5", "ccc", "run `python -m tests.snapshots`"),
        ("m+e3", "aaa", "never goes back"),
    ],
)
def test_what_a_change_asks_for(version: str, now: str, said: str) -> None:
    told = fault("extraction", version, now, KNOWN)
    assert said in told
    assert bool(said) == bool(told)


def test_which_fields_of_which_sample_differ() -> None:
    old: Content = {"a": {"people": ["Eva Lenz"], "places": []}, "b": {"people": []}}
    new: Content = {
        "a": {"people": ["Lenz"], "places": []},
        "b": {"people": []},
        "c": {"quotes": []},
    }
    assert differences(old, new) == ["a: people", "c: quotes"]
    assert fingerprint(old) != fingerprint(new)


def test_an_entry_that_a_tag_holds_is_kept(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    git("init")
    git("commit", "--allow-empty", "-m", "before there were snapshots")
    git("tag", "v0")
    file = tmp_path / "tests" / "snapshots" / "versions.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(KNOWN))
    git("add", ".")
    git("commit", "-m", "released")
    git("tag", "v1")
    more = {"extraction": {**KNOWN["extraction"], "m+e5": "ccc"}, "mapping": {"2": "ddd"}}
    assert overwritten(tmp_path, more) == []
    changed = {"extraction": {"m+e3": "aaa", "m+e4": "ccc"}}
    assert overwritten(tmp_path, changed) == ["extraction m+e4 was released with v1"]
    assert len(overwritten(tmp_path, {})) == 2
