"""docker-compose.yml, Dockerfile and .env.example: whatever they name exists and agrees."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?:(:[-?])([^}]*))?\}")
ONE_SHOTS = {"setup", "init"}
WORKERS = {"watch", "intake", "enrich"}
Service = dict[str, Any]

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Service] = COMPOSE["services"]


def variables() -> list[tuple[str, str, str]]:
    """(name, `:-` or `:?` or nothing, default or message) of each reference."""
    return [(match[1], match[2] or "", match[3] or "") for match in VARIABLE.finditer(TEXT)]


def example() -> dict[str, tuple[str, bool]]:
    """.env.example: name -> (value, whether it is commented out)."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    found = [re.fullmatch(r"(#?)([A-Z][A-Z_]*)=(.*)", line) for line in lines]
    return {match[2]: (match[3], bool(match[1])) for match in found if match}


def published(service: Service) -> list[str]:
    return [VARIABLE.sub(lambda match: match[3], port) for port in service.get("ports", [])]


def mounts(service: Service) -> list[tuple[str, str]]:
    """(source, target) of each volume, defaults put in."""
    found = []
    for volume in service.get("volumes", []):
        if isinstance(volume, dict):
            found.append((VARIABLE.sub(lambda match: match[3], volume["source"]), volume["target"]))
        else:
            source, target, *_ = volume.split(":")
            found.append((source, target))
    return found


def words(service: Service) -> str:
    command = service.get("command", [])
    return command if isinstance(command, str) else " ".join(command)


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        awaited = SERVICES[other]
        if how["condition"] == "service_healthy":
            assert awaited["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert awaited["restart"] == "no"


def test_the_order_is_database_then_users_then_kibana_then_index_then_workers() -> None:
    assert set(SERVICES["setup"]["depends_on"]) == {"elasticsearch"}
    assert set(SERVICES["kibana"]["depends_on"]) == {"setup"}
    assert set(SERVICES["init"]["depends_on"]) == {"setup", "kibana"}
    for name in WORKERS:
        assert set(SERVICES[name]["depends_on"]) == {"init", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_long_running_services_are_watched_restarted_and_bounded(name: str) -> None:
    service = SERVICES[name]
    assert ("healthcheck" in service) == (name not in ONE_SHOTS)
    assert service["restart"] == ("no" if name in ONE_SHOTS else "unless-stopped")
    assert service["mem_limit"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_and_name_no_other_registry(name: str) -> None:
    assert re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+", SERVICES[name]["image"])


def test_elasticsearch_and_kibana_are_one_version() -> None:
    versions = {
        SERVICES[each]["image"].split(":")[1] for each in ("elasticsearch", "kibana", "setup")
    }
    assert versions == {"9.4.3"}


def test_nothing_listens_beyond_this_machine() -> None:
    ports = {name: published(service) for name, service in SERVICES.items() if "ports" in service}
    assert ports.keys() == {"elasticsearch", "kibana", "redis"}
    for each in ports.values():
        assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in each)
    assert not any("network_mode" in service for service in SERVICES.values())


def test_named_volumes_are_declared_and_mounted_files_are_in_the_repository() -> None:
    used = set()
    for service in SERVICES.values():
        for source, _ in mounts(service):
            if source.startswith("./docker/"):
                assert (ROOT / source).is_file()
            elif source != "./data":
                used.add(source)
    assert used == set(COMPOSE["volumes"])


def test_every_process_of_depesche_sees_the_data_folder_as_one_mount() -> None:
    for name in (*WORKERS, "init"):
        assert mounts(SERVICES[name]) == [("./data", "/data")]
        assert SERVICES[name]["environment"]["DEPESCHE_DATA"] == "/data"


def test_every_variable_is_explained_in_the_example_with_the_same_default() -> None:
    shown = example()
    for name, kind, default in variables():
        assert kind, f"{name} may be missing unnoticed"
        value, commented = shown[name]
        if kind == ":?":
            assert (value, commented) == ("CHANGE_ME", False)
        else:
            assert (value, commented) == (default, True)
    assert shown.keys() == {name for name, _, _ in variables()}


def test_passwords_stand_nowhere_but_in_the_environment() -> None:
    secrets = {name for name, kind, _ in variables() if kind == ":?"}
    for service in SERVICES.values():
        visible = [words(service), *map(str, service.get("healthcheck", {}).get("test", []))]
        named = {match[1] for text in visible for match in VARIABLE.finditer(text)}
        assert not named & secrets


@pytest.mark.parametrize("name", ["DEPESCHE_ELASTICSEARCH_URL", "DEPESCHE_REDIS_URL"])
def test_workers_log_in_and_never_as_the_superuser(name: str) -> None:
    for each in (*WORKERS, "init"):
        environment = SERVICES[each]["environment"]
        assert "@" in environment[name]
        assert not any("ELASTIC_PASSWORD" in str(value) for value in environment.values())


def test_environment_of_the_workers_is_known_to_the_settings() -> None:
    from tasks.settings import Settings

    known = {f"DEPESCHE_{field.upper()}" for field in Settings.model_fields}
    for each in (*WORKERS, "init"):
        assert set(SERVICES[each]["environment"]) - {"HOME"} <= known


def test_security_is_on_and_its_one_exception_is_written_down() -> None:
    environment = SERVICES["elasticsearch"]["environment"]
    assert environment["xpack.security.enabled"] == "true"
    assert environment["xpack.security.http.ssl.enabled"] == "false"
    assert environment["discovery.type"] == "single-node"
    assert "xpack.security.http.ssl.enabled" in (ROOT / "docs/compose.md").read_text("utf-8")


def test_redis_keeps_what_it_was_given_and_wants_a_password() -> None:
    script = (ROOT / "docker/redis.sh").read_text("utf-8").splitlines()
    for line in ("appendonly yes", "maxmemory-policy noeviction", "requirepass $REDISCLI_AUTH"):
        assert line in script


def test_commands_are_commands_of_depesche() -> None:
    from worker.cli import app

    group = typer.main.get_command(app)
    called = [call for service in SERVICES.values() for call in calls(words(service))]
    assert len(called) == 5
    for command in called:
        found: Any = group
        for word in command:
            found = found.get_command(None, word)
            assert found, command


@pytest.mark.parametrize("name", sorted(WORKERS))
def test_each_process_is_asked_for_its_heartbeat(name: str) -> None:
    """A frozen or hanging one is unhealthy: `tests/faults/test_frozen.py` freezes it."""
    assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "depesche", "health", name]
    assert words(SERVICES[name]).split()[-1] == name


def calls(command: str) -> list[list[str]]:
    parts = [part.split() for part in command.removeprefix("sh -c ").split("&&")]
    return [part[1:] for part in parts if part[:1] == ["depesche"]]


def test_workers_stop_and_are_asked_to_stop_gently() -> None:
    for name in WORKERS:
        assert SERVICES[name]["stop_grace_period"] == "40s"
    for name in (*WORKERS, "init"):
        assert SERVICES[name]["init"] is True
        assert SERVICES[name]["image"] == SERVICES["init"]["image"]
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def dockerfile() -> list[str]:
    return (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()


def test_what_the_image_copies_exists_and_is_not_kept_out_of_the_build() -> None:
    kept_out = set((ROOT / ".dockerignore").read_text("utf-8").split("\n"))
    copied = [line.split()[1:-1] for line in dockerfile() if line.startswith("COPY ")]
    from_here = [source for each in copied if not each[0].startswith("--") for source in each]
    assert "requirements.lock" in from_here
    for source in from_here:
        assert (ROOT / source).exists()
        assert source not in kept_out
        assert source.split("/")[0] not in kept_out


def test_the_build_is_given_what_the_wheel_is_made_of_and_no_secret() -> None:
    kept_out = set((ROOT / ".dockerignore").read_text("utf-8").split("\n"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = [*wheel["packages"], *wheel.get("force-include", {}), "README.md", "LICENSE"]
    assert not {name.split("/")[0] for name in needed} & kept_out
    assert {".env", "data", ".git"} <= kept_out


def test_the_image_is_pinned_locked_and_not_root() -> None:
    lines = dockerfile()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(bases) == 2
    assert set(bases) == {bases[0]}
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", bases[0])
    assert any("--require-hashes" in line and "requirements.lock" in line for line in lines)
    assert [line for line in lines if line.startswith("USER ")] == ["USER depesche"]


def test_the_build_back_end_is_in_the_lock() -> None:
    """The Dockerfile picks these names out of requirements-dev.lock by their hashes."""
    (pattern,) = re.findall(r"keep = /\^\((.*?)\)==/", "\n".join(dockerfile()))
    lock = (ROOT / "requirements-dev.lock").read_text("utf-8")
    locked = set(re.findall(r"^([\w-]+)==", lock, re.MULTILINE))
    assert set(pattern.split("|")) <= locked


@pytest.mark.parametrize(
    "script", sorted((ROOT / "docker").glob("*.sh")), ids=lambda path: path.name
)
def test_scripts_are_sound_to_their_shell(script: Path) -> None:
    shell = script.read_text("utf-8").splitlines()[0].removeprefix("#!")
    assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0


SECRETS = dict.fromkeys(
    [name for name, (value, _) in example().items() if value == "CHANGE_ME"], "0123456789abcdef" * 3
)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    "value", ["CHANGE_ME", "CHANGE_ME_" * 4, "short", "", "slash/at@colon:x" * 3]
)
def test_setup_refuses_a_placeholder_or_a_weak_password(name: str, value: str) -> None:
    environment = {
        "ELASTICSEARCH": "http://127.0.0.1:9",
        "INDEX": "articles",
        **SECRETS,
        name: value,
    }
    done = subprocess.run(
        ["/bin/bash", str(ROOT / "docker/setup.sh")],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 1
    assert name in done.stderr
    assert not value or value.startswith("CHANGE_ME") or value not in done.stderr
