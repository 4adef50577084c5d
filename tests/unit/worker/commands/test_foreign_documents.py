"""Whatever stands in documents: no command breaks, no terminal obeys, no worker goes in circles."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles.fields import FIELDS
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.forged import forged
from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run

TEXT = "</em>\\[/] [bold]x[/nope] \x1b]0;weg\x07\x1b[2J\x9b2J \u202eabc\u2066 \ud800 :smile: <em>"
#: Everything that a terminal obeys, but the line's end and the tab; and what turns letters round.
OBEYED = ({*map(chr, (*range(0x20), *range(0x7F, 0xA0)))} - {"\n", "\t"}) | {"\u202e", "\u2066"}
#: As deep as Elasticsearch takes what it does not search.
DEEP = "[" * 990 + "]" * 990
#: What a forged value stands in the place of, in an answer.
PLACE = "here stands another"
READING = (
    ("search", "vereidigt"),
    ("search", "person:Putin", "--all"),
    ("search", "vereidigt", "--json"),
    ("show", "ID"),
    ("show", "ID", "--json"),
    ("show", "moskau.txt"),
    ("similar", "ID"),
    ("story", "ID", "--json"),
    ("story", "ID"),
    ("entity", "Wladimir Putin"),
    ("timeline", "Wladimir Putin"),
    ("entity", "Wladimir Putin", "--json"),
    ("entities", "list", "--type", "person"),
    ("export", "vereidigt"),
    ("export", "--format", "csv"),
    ("export", "--fields", "id,mentions,published_range"),
    ("failed",),
    ("verify",),
    ("verify", "--json"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.sampled_from([TEXT, "2024-06-19", "x" * 300]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["label", "name", "text", "first", "role", "lat"]), inner),
    max_leaves=6,
)  # fmt: skip
NAMES = sorted({field.name for field in FIELDS} | {"source", "enrichment"})
FORGED = st.dictionaries(st.sampled_from(NAMES), JSON, min_size=1, max_size=4)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(READING), FORGED)
@example(("show", "ID"), {"source.path": ["a"], "enrichment": None, "headline": ["a", "b"]})
@example(("search", "vereidigt"), {"headline": TEXT, "lead": TEXT, "people": TEXT})
@example(("failed",), {"enrichment.attempts": "3"})
@example(("show", "ID", "--json"), {"mentions": [{"label": "PER", "x\ud800": 1}]})
@example(("export", "--fields", "id,mentions"), {"mentions": [{"x": "\ud800"}]})
@example(("export", "--fields", "id,mentions"), {"mentions": [{"x\ud800": 1}]})
def test_no_command_breaks(
    run: Run, ids: dict[str, str], command: tuple[str, ...], fields: dict[str, Any]
) -> None:
    arguments = [ids["moskau"] if word == "ID" else word for word in command]
    with forged(fields):
        said = run(*arguments)
    assert said.status in {0, 1}, said.err
    if "--json" in command:
        json.loads(said.out, parse_constant=pytest.fail)
    if command[0] != "export":
        assert not OBEYED & {*said.out, *said.err}
    (said.out + said.err).encode()


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_hostile_text_is_shown_as_text(
    run: Run, ids: dict[str, str], command: tuple[str, ...]
) -> None:
    texts = {"headline": TEXT, "lead": TEXT, "source.path": TEXT, "url": TEXT, "people": [TEXT]}
    arguments = [ids["moskau"] if word == "ID" else word for word in command]
    with forged({name: _whole(value) for name, value in texts.items()}):
        said = run(*arguments)
    if command[0] != "export":
        assert not OBEYED & {*said.out, *said.err}
    if command in {("show", "ID"), ("search", "vereidigt"), ("story", "ID")}:
        assert "</em>\\[/] [bold]x[/nope] " in said.out
        assert ":smile: <em>" in said.out


def _whole(value: Any) -> Any:
    return json.loads(json.dumps(value).replace("\\ud800", ""))


@pytest.mark.parametrize("command", READING, ids=" ".join)
@pytest.mark.parametrize("value", [DEEP, "1e999", "-1e999", '{"x": 1e999}', '"\\ud800"'])
def test_no_document_hides_the_others(
    run: Run,
    ids: dict[str, str],
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    value: str,
) -> None:
    """As the server sends them: one that cannot be decoded would take all of its answer along."""
    mention = {"label": PLACE, "name": "Wladimir Putin", "start": PLACE, "x": PLACE}
    for document in fake.store.single("articles").documents.values():
        document.source["mentions"] = [mention]

    def forging(content: Any) -> str:
        return json.dumps(content).replace(json.dumps(PLACE), value)

    forger = SimpleNamespace(dumps=forging, loads=json.loads)
    monkeypatch.setattr("tests.fakes.elastic.json", forger)
    arguments = [ids["moskau"] if word == "ID" else word for word in command]
    said = run(*arguments)
    assert said.status in {0, 1}, said.err
    assert "not Elasticsearch" not in said.err
    if command[0] == "export" and "csv" not in command:
        for line in said.out.splitlines():
            json.loads(line, parse_constant=pytest.fail)
            line.encode()
    if "--json" in command:
        json.loads(said.out, parse_constant=pytest.fail)


def test_verify_says_which_documents_are_half(
    run: Run, ids: dict[str, str], container: FakeContainer, tmp_path: Path
) -> None:
    with forged({"headline": ["a", "b"], "source.path": 3}, frozenset({ids["moskau"]})):
        said = run("verify", "--json")
    assert said.status == 1
    (half,) = [row for row in said.json["differences"] if row["kind"] == "half"]
    assert half["id"] == ids["moskau"]
    assert "headline, source.path" in half["detail"]
