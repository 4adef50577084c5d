"""News that is cut off or has wrong bytes: an article, or a sentence that says why it is none."""

from __future__ import annotations

import datetime as dt
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import ArticleFault
from extraction.containers.member import HEAD, TAIL, Limits, Opened, Sample
from extraction.containers.registry import kind_of
from extraction.formats.parse import parse

NOW = dt.datetime(2024, 6, 30, tzinfo=dt.UTC)
SEEDS = Path(__file__).parents[4] / "seeds" / "formats"
NAMES = ("newsml-g2.xml", "nitf.xml", "ninjs.json", "feed.rss", "feed.atom", "wire.iptc")
SAMPLES = {name: (SEEDS / name).read_bytes() for name in NAMES}


def read_all(path: str, data: bytes) -> int:
    """Read a file as intake does; how many articles are in it. Raises ``ArticleFault`` alone."""
    kind = kind_of(Sample(path, data[:HEAD], data[-TAIL:]))
    if kind is None:
        assert parse(data, path, received=NOW).headline
        return 1
    count = 0
    stream = io.BufferedReader(io.BytesIO(data))
    for member in kind.members(Opened(path, stream, Limits())):
        with suppress(ArticleFault):
            assert parse(member.data, f"{path}/{member.name}", received=NOW).headline
            count += 1
    return count


@pytest.mark.parametrize("name", NAMES)
def test_each_sample_is_read(name: str) -> None:
    assert read_all(name, SAMPLES[name]) == (2 if "feed" in name else 1)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_cut_off_is_an_article_or_says_why(name: str, data: st.DataObject) -> None:
    whole = SAMPLES[name]
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    for part in (whole[:last], whole[:first] + whole[last:]):
        with suppress(ArticleFault):
            read_all(name, part)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20)
@given(data=st.data())
def test_what_has_wrong_bits_is_an_article_or_says_why(name: str, data: st.DataObject) -> None:
    broken = bytearray(SAMPLES[name])
    places = st.lists(st.tuples(st.integers(0, len(broken) - 1), st.integers(0, 7)), min_size=1)
    for at, bit in data.draw(places):
        broken[at] ^= 1 << bit
    with suppress(ArticleFault):
        read_all(name, bytes(broken))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12)
@given(data=st.data())
def test_parts_that_change_places_are_an_article_or_say_why(name: str, data: st.DataObject) -> None:
    tokens = SAMPLES[name].replace(b"<", b"\0<").replace(b",", b",\0").split(b"\0")
    mixed = data.draw(st.lists(st.sampled_from(tokens), max_size=60))
    with suppress(ArticleFault):
        read_all(name, tokens[0] + (tokens[1] if len(tokens) > 1 else b"") + b"".join(mixed))
