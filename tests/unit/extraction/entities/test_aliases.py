"""Aliases that a user lays down, and surnames that the archive resolves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Mention
from articles.errors import UsageError
from extraction.entities.aliases import Aliases, shipped
from extraction.entities.archive import (
    MOST,
    Candidate,
    chief_bearer,
    resolve_surname,
    resolved,
    unresolved,
)
from extraction.entities.names import canonical

LINES = [
    "# ours",
    "",
    "merge ORG: Nordatlantikpakt; Nordatlantische Allianz = Nato  # as we write it",
    "rename PER: Kim Jong-un = Kim Jong Un",
    "block LOC: Foto",
]


def test_rules_are_read() -> None:
    aliases = Aliases.read(LINES)
    assert aliases.name("ORG", "nordatlantische  allianz") == "Nato"
    assert aliases.name("PER", "Kim Jong-un") == "Kim Jong Un"
    assert aliases.name("LOC", "Nordatlantikpakt") == "Nordatlantikpakt"
    assert aliases.name("PER", "Kim Jong Un") == "Kim Jong Un"
    assert aliases.is_blocked("LOC", "FOTO")
    assert aliases.labels("Nato") == ("ORG",)
    assert not Aliases.read([]).labels("Nato")


@pytest.mark.parametrize(
    "line",
    [
        "merge: A = B",
        "merge ORG: A",
        "block ORG: A = B",
        "merge XYZ: A = B",
        "merge ORG: = B",
        "so",
    ],
)
def test_what_is_no_rule_is_said_with_its_line(line: str) -> None:
    with pytest.raises(UsageError, match=r"line 2 is no rule"):
        Aliases.read(["", line])


def test_a_rename_changes_what_a_merge_has_made() -> None:
    aliases = Aliases.read(["merge ORG: A = B", "rename ORG: B = C"])
    assert [aliases.name("ORG", name) for name in "ABC"] == ["C", "C", "C"]


def test_circles_end() -> None:
    aliases = Aliases.read(["merge ORG: A = B", "merge ORG: B = A"])
    assert {aliases.name("ORG", "A"), aliases.name("ORG", "B")} <= {"A", "B"}


def test_later_rules_win() -> None:
    first = Aliases.read(["merge ORG: Nato-Rat = Nato", "block ORG: Foto"])
    own = Aliases.read(["merge ORG: Nato-Rat = Nordatlantikrat", "merge ORG: Foto = Foto AG"])
    both = Aliases.merged(first, own)
    assert both.name("ORG", "Nato-Rat") == "Nordatlantikrat"
    assert not both.is_blocked("ORG", "Foto")
    blocked = Aliases.merged(first, Aliases.read(["block ORG: Nato-Rat"]))
    assert blocked.is_blocked("ORG", "Nato-Rat")


def test_lines_are_added_and_never_doubled() -> None:
    lines = Aliases.with_merge(["# ours"], "ORG", "Nordatlantikpakt", "Nato")
    lines = Aliases.with_rename(lines, "PER", "Kim  Jong-un", "Kim Jong Un")
    lines = Aliases.with_block(lines, "LOC", "Foto")
    assert lines == [
        "# ours",
        "merge ORG: Nordatlantikpakt = Nato",
        "rename PER: Kim Jong-un = Kim Jong Un",
        "block LOC: Foto",
    ]
    assert Aliases.with_block(lines, "LOC", "Foto") == lines
    assert Aliases.read(lines).name("ORG", "Nordatlantikpakt") == "Nato"


@pytest.mark.parametrize("name", ["", " ", "A = B", "A; B", "A # B"])
def test_names_that_no_line_can_hold(name: str) -> None:
    with pytest.raises(UsageError):
        Aliases.with_merge([], "ORG", name, "Nato")
    with pytest.raises(UsageError):
        Aliases.with_merge([], "ORG", "nato", "Nato")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_line_is_read_or_refused(name: str, target: str) -> None:
    try:
        lines = Aliases.with_merge([], "ORG", name, target)
    except UsageError:
        return
    assert Aliases.read(lines).name("ORG", name) == " ".join(target.split())


def test_the_shipped_rules_hold() -> None:
    aliases = shipped()
    assert len(aliases.merges) > 300
    for (label, _), target in aliases.merges.items():
        assert label in ("PER", "LOC", "ORG", "MISC")
        assert aliases.name(label, target) == target  # type: ignore[arg-type]


def test_aliases_reach_the_mentions() -> None:
    mentions = [
        Mention("ORG", "", "Nordatlantikpakts", "body", 0, 17),
        Mention("LOC", "", "Foto", "body", 20, 24),
        Mention("PER", "", "Kim Jong-un", "body", 30, 41),
        Mention("PER", "", "Kim", "body", 50, 53),
    ]
    found = canonical(mentions, {"body": "des Nordatlantikpakts"}, aliases=Aliases.read(LINES))
    assert [m.name for m in found] == ["Nato", "Kim Jong Un", "Kim Jong Un"]


@pytest.mark.parametrize(
    ("candidates", "person"),
    [
        ([Candidate("Olaf Scholz", 40, 10)], "Olaf Scholz"),
        ([Candidate("Olaf Scholz", 4, 4)], None),
        ([Candidate("Olaf Scholz", 40, 10), Candidate("Rupert Scholz", 3)], "Olaf Scholz"),
        ([Candidate("Olaf Scholz", 40, 10), Candidate("Rupert Scholz", 30)], None),
        ([Candidate("Helmut Kohl", 900, 0), Candidate("Eva Kohl", 20, 12)], None),
        ([Candidate("Helmut Kohl", 900, 0), Candidate("Eva Kohl", 20, 0)], "Helmut Kohl"),
        ([Candidate("Scholz", 900, 100)], None),
        ([Candidate("Olaf Scholzen", 900, 100)], None),
        ([], None),
    ],
)
def test_a_bare_surname(candidates: list[Candidate], person: str | None) -> None:
    surname = "Kohl" if any("Kohl" in c.name for c in candidates) else "Scholz"
    assert resolve_surname(surname, candidates) == person


def test_particles_belong_to_the_surname() -> None:
    candidates = [Candidate("Ursula von der Leyen", 50, 20), Candidate("Georg Leyen", 1)]
    assert resolve_surname("von der Leyen", candidates) == "Ursula von der Leyen"


def test_bare_surnames_are_asked_for_and_filled_in() -> None:
    mentions = [
        Mention("PER", "Putin", "Putins", "body", 0, 6),
        Mention("PER", "Dmitri Peskow", "Peskow", "body", 10, 16, "Sprecher", "Putin"),
        Mention("PER", "von der Leyen", "von der Leyen", "body", 20, 33),
        Mention("ORG", "Putin", "Putin", "body", 40, 45),
    ]
    assert unresolved(mentions) == ["Putin", "von der Leyen"]
    done = resolved(mentions, {"Putin": "Wladimir Putin"})
    assert [m.name for m in done] == ["Wladimir Putin", "Dmitri Peskow", "von der Leyen", "Putin"]
    assert done[1].role_of == "Wladimir Putin"
    assert done[0].surface == "Putins"


def test_of_very_many_surnames_the_first_are_asked_for() -> None:
    names = [f"Niemand{number}" for number in range(MOST + 1)]
    mentions = [Mention("PER", name, name, "body", 0, 1) for name in names]
    assert unresolved(mentions) == names[:MOST]


@pytest.mark.parametrize(
    ("counts", "chief"),
    [
        ({}, None),
        ({"Rita Süß": 1}, "Rita Süß"),
        ({"Rita Süß": 4, "Anton Süß": 1}, "Rita Süß"),
        ({"Rita Süß": 3, "Anton Süß": 1}, None),
        ({"Rita Süß": 1, "Rita Süßkind": 90, "Süß": 50}, "Rita Süß"),
    ],
)
def test_who_asks_for_a_surname_means_whoever_chiefly_bears_it(
    counts: dict[str, int], chief: str | None
) -> None:
    candidates = [Candidate(name, count) for name, count in counts.items()]
    assert chief_bearer("Süß", candidates) == chief
    assert chief_bearer("süß", candidates) == chief
