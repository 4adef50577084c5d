"""docs/systemd: units that systemd takes, of commands and settings that there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deployed import assignments, fault_of_call, faults_of_settings, known_settings
from worker.processes import celery_worker, everything

FOLDER = Path(__file__).parents[2] / "docs" / "systemd"
COMMON = FOLDER / "depesche-.service.d" / "common.conf"
UNITS = sorted(FOLDER.glob("*.service"))
PROGRAM = "/opt/depesche/venv/bin/depesche"
#: Exposure by `systemd-analyze security`, of 100: what they have now, and a little.
EXPOSED = {"depesche.service": 45}

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not on this machine (apt-get install systemd)",
)


def lines(unit: Path) -> list[tuple[str, str]]:
    """(key, value) of each line, those in common first, for units that they are common to."""
    texts = [unit.read_text("utf-8")]
    if unit.name.startswith("depesche-"):
        texts.insert(0, COMMON.read_text("utf-8"))
    return [pair for text in texts for pair in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)]


def values(unit: Path, key: str) -> list[str]:
    return [value for name, value in lines(unit) if name == key]


def copied(folder: Path) -> list[Path]:
    """The units as they would be installed, with a program that is there."""
    shutil.copytree(FOLDER, folder)
    for unit in folder.glob("*.service"):
        unit.write_text(unit.read_text("utf-8").replace(PROGRAM, "/bin/true"), "utf-8")
    template = folder / "depesche-enrich@.service"
    shutil.copyfile(template, folder / "depesche-enrich@1.service")
    return [unit for unit in sorted(folder.glob("*.service")) if unit != template]


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_command_is_one_of_depesche(unit: Path) -> None:
    (command,) = values(unit, "ExecStart")
    assert command.startswith(f"{PROGRAM} ")
    assert not fault_of_call(command.split())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_variable_is_a_setting(unit: Path) -> None:
    given = dict(value.split("=", 1) for value in values(unit, "Environment"))
    assert given["DEPESCHE_DATA"] == "/var/lib/depesche"
    assert not faults_of_settings(given)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.env.example")), ids=lambda file: file.name)
def test_each_example_of_an_environment_has_settings_alone(file: Path) -> None:
    text = file.read_text("utf-8")
    assert assignments(text)
    assert not faults_of_settings(assignments(text))
    named = f"/etc/depesche/{file.name.removesuffix('.example')}"
    assert named in text
    assert any(named in value for unit in UNITS for value in values(unit, "EnvironmentFile"))


def test_all_processes_have_a_unit_and_the_target_wants_them() -> None:
    wanted = " ".join(
        re.findall(r"^Wants=(.*)$", (FOLDER / "depesche.target").read_text(), re.MULTILINE)
    )
    assert set(wanted.split()) == {
        "depesche-watch.service",
        "depesche-intake.service",
        "depesche-enrich@1.service",
    }
    commands = {values(unit, "ExecStart")[0].removeprefix(f"{PROGRAM} ") for unit in UNITS}
    assert commands == {"up", "watch", "work intake", "work enrich", "index create"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_they_are_of_a_user_of_their_own_and_write_nothing_but_their_folder(unit: Path) -> None:
    once = dict(lines(unit))
    assert once["User"] == "depesche"
    assert once["NoNewPrivileges"] == once["PrivateTmp"] == once["ProtectHome"] == "yes"
    assert once["ProtectSystem"] == "strict"
    assert once["StateDirectory"] == "depesche"
    assert once["StateDirectoryMode"] == "0711"
    assert once["UMask"] == "0077"
    assert once["CapabilityBoundingSet"] in {"", "CAP_LEASE"}
    # `chmod` of a folder that is shared with a group would fail.
    assert "RestrictSUIDSGID" not in once


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_they_are_stopped_as_they_stop_and_started_again_for_ever(unit: Path) -> None:
    once = dict(lines(unit))
    assert (once["KillSignal"], once["KillMode"]) == ("SIGTERM", "mixed")
    needed = celery_worker.GIVE_UP
    if once["ExecStart"].endswith(" up"):
        needed = 18 + 2 * everything.SERVICE_GRACE
    assert needed + 10 < float(once["TimeoutStopSec"])
    assert once["Restart"] == ("on-failure" if once["Type"] == "oneshot" else "always")
    assert once["StartLimitIntervalSec"] == "0"
    # Nobody tells systemd that a process is ready or lives: it would be killed for silence.
    assert once["Type"] in {"exec", "oneshot"}
    assert "WatchdogSec" not in once


def test_the_index_is_made_by_whom_no_worker_can_log_in_as() -> None:
    for unit in UNITS:
        given = "-/etc/depesche/admin.env" in values(unit, "EnvironmentFile")
        assert given == (unit.name == "depesche-index.service")


@needs_systemd
def test_systemd_takes_them(tmp_path: Path) -> None:
    units = copied(tmp_path / "units")
    done = analyze("verify", "--man=no", *units, tmp_path / "units" / "depesche.target")
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_what_is_common_is_read_by_systemd(tmp_path: Path) -> None:
    units = copied(tmp_path / "units")
    common = tmp_path / "units" / COMMON.relative_to(FOLDER)
    common.write_text(common.read_text("utf-8") + "RestartSeconds=5\n", "utf-8")
    assert "RestartSeconds" in analyze("verify", "--man=no", *units).stderr


@needs_systemd
def test_they_are_shut_off_as_far_as_was_measured(tmp_path: Path) -> None:
    for unit in copied(tmp_path / "units"):
        threshold = EXPOSED.get(unit.name, 20)
        done = analyze("security", "--offline=true", f"--threshold={threshold}", unit)
        if "Unknown" in done.stderr or "unrecognized" in done.stderr:
            pytest.skip("this systemd-analyze looks at no files (older than 250)")
        assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_there_is_a_user_a_group_and_an_inbox_for_it() -> None:
    users = (FOLDER / "depesche.sysusers.conf").read_text("utf-8")
    assert re.findall(r"^([ug]) (\w+) ", users, re.MULTILINE) == [("u", "depesche"), ("g", "desk")]
    folders = (FOLDER / "depesche.tmpfiles.conf").read_text("utf-8")
    assert "d /var/lib/depesche 0711 depesche depesche -" in folders
    assert "d /var/lib/depesche/inbox 2770 depesche desk -" in folders


def test_the_program_that_is_named_is_found_out_where_there_is_none() -> None:
    assert fault_of_call(["depesche", "work", "nothing"])
    assert fault_of_call(["depesche", "watch", "--fast"])
    assert fault_of_call(["python", "watch"])
    assert not fault_of_call(["/usr/bin/depesche", "health", "watch", "--within", "60"])
    assert faults_of_settings({"DEPESCHE_NOTHING": "1"}) == ["DEPESCHE_NOTHING"]
    assert faults_of_settings({"DEPESCHE_BATCH_FILES": "none"})
    assert "DEPESCHE_SHARDS" in known_settings()
