"""What a release is made of: the locks, questions about them, the list of parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supply import audit, sbom
from supply.locks import Pin, normal, pins, rounds

ROOT = Path(__file__).parents[3]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-supply.lock"]
TWO = """numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:aa
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:bb
Typing_Extensions==4.16.0 \\
    --hash=sha256:cc
"""


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    starts = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert len(starts) == len(pins(text)) > 40
    for line in starts:
        assert "==" in line
        assert line.endswith("\\"), line


def test_both_versions_of_a_package_are_read() -> None:
    assert pins(TWO) == [
        Pin("numpy", "2.4.6"),
        Pin("numpy", "2.5.5"),
        Pin("typing-extensions", "4.16.0"),
    ]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("123"))))
def test_rounds_hold_each_pin_once_and_no_package_twice(raw: list[tuple[str, str]]) -> None:
    wanted = [Pin(*pair) for pair in raw]
    made = rounds(wanted)
    assert sorted(pin for each in made for pin in each) == sorted(set(wanted))
    for each in made:
        assert len({pin.name for pin in each}) == len(each)


# --- audit


def tool(folder: Path, name: str, script: str) -> Path:
    """A stand-in for a program in ``folder``."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    return folder


def answer(**more: Any) -> str:
    package = {"name": "amqp", "version": "1", **more}
    return f"echo '{json.dumps({'dependencies': [package], 'fixes': []})}'"


def run_audit(folder: Path, script: str) -> int:
    return audit.main(["--tools", str(tool(folder, "pip-audit", script))])


def test_a_mirror_without_advisories_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """pip-audit itself ends with 0 there; the others are not asked after the first."""
    count = f"echo >> {tmp_path}/calls"
    script = f"{count}; {answer(skip_reason='Dependency not found on PyPI')}"
    assert run_audit(tmp_path, script) == audit.NOT_ASKED
    assert "NOT AUDITED: the pypi that this machine reaches" in capsys.readouterr().out
    assert len((tmp_path / "calls").read_text().splitlines()) == 1


def test_no_way_to_the_service_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_audit(tmp_path, "echo 'Failed to resolve' >&2; exit 1") == audit.NOT_ASKED
    assert "NOT AUDITED: pypi cannot be asked (Failed to resolve)" in capsys.readouterr().out


def test_nothing_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_audit(tmp_path, answer(vulns=[])) == audit.CLEAN
    assert "0 known weaknesses" in capsys.readouterr().out


def test_a_weakness(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weakness = {"id": "PYSEC-1", "fix_versions": ["2"]}
    assert run_audit(tmp_path, f"{answer(vulns=[weakness])}; exit 1") == audit.WEAK
    assert "amqp 1: PYSEC-1, mended in 2" in capsys.readouterr().out


def test_one_that_nobody_knows_among_others_is_named() -> None:
    read = audit.read(
        [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": ""}]
    )
    assert read == audit.Audit(2, (), ("b",))
    assert audit.report(read) == audit.NOT_ASKED


# --- list of parts


def whole() -> dict[str, Any]:
    """A list as it should be of the text TWO."""
    return {
        "bomFormat": "CycloneDX",
        "components": [
            {"name": n, "version": v, "externalReferences": [{"hashes": [{"content": h}]}]}
            for n, v, h in [
                ("numpy", "2.4.6", "aa"),
                ("numpy", "2.5.5", "bb"),
                ("typing_extensions", "4.16.0", "cc"),
            ]
        ],
    }


def test_a_whole_list() -> None:
    assert sbom.faults_of(whole(), TWO) == []


def test_what_is_wrong_with_a_list_is_named() -> None:
    less = whole()
    gone = less["components"].pop()
    assert sbom.faults_of(less, TWO)[0] == "typing-extensions 4.16.0 is missing"
    less["components"].append({**gone, "version": "4.17.0"})
    assert "typing-extensions 4.17.0 is not locked" in sbom.faults_of(less, TWO)
    bare = {**whole(), "bomFormat": "other"}
    bare["components"][0]["externalReferences"] = []
    assert sbom.faults_of(bare, TWO) == ["it has not the lock's hashes", "it is no CycloneDX"]


def test_a_list_that_lacks_packages_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dist" / "bom.json"
    (tmp_path / "bom").write_text(json.dumps(whole()))
    tools = tool(tmp_path, "cyclonedx-py", f"cp {tmp_path}/bom {out}")
    assert sbom.main(["--tools", str(tools), "--output", str(out)]) == 1
    assert "celery" in capsys.readouterr().err


def test_the_tools_status_is_kept(tmp_path: Path) -> None:
    tools = tool(tmp_path, "cyclonedx-py", "exit 7")
    assert sbom.main(["--tools", str(tools), "--output", str(tmp_path / "bom.json")]) == 7


def test_names_are_compared_as_registries_do() -> None:
    assert normal("Typing_Extensions") == normal("typing.extensions") == "typing-extensions"


def test_no_tool_is_needed_to_run() -> None:
    """They are in an environment of their own."""
    for name in LOCKS[:2]:
        locked = {pin.name for pin in pins((ROOT / name).read_text("utf-8"))}
        assert not locked & {"pip-audit", "cyclonedx-bom", "cyclonedx-python-lib"}
