"""docker-compose.yml, Dockerfile and .env.example: whatever they name exists and agrees."""

from __future__ import annotations

import ast
import json
import re
import stat
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployed import fault_of_call, faults_of_settings, known_settings
from worker.metrics.exporter import PORTS
from worker.services.redis_users import PROGRAM, PROGRAM_RIGHTS, RIGHTS, limits

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?:(:[-?])([^}]*))?\}")
ONE_SHOTS = {"setup", "init", "kibana-objects"}
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


def plain(text: str) -> str:
    """With the defaults put in."""
    return VARIABLE.sub(lambda match: match[3], text)


def published(service: Service) -> list[str]:
    return [plain(port) for port in service.get("ports", [])]


def image(name: str) -> str:
    return plain(SERVICES[name]["image"])


def mounts(service: Service) -> list[tuple[str, str]]:
    """(source, target) of each volume, defaults put in."""
    found = []
    for volume in service.get("volumes", []):
        if isinstance(volume, dict):
            found.append((plain(volume["source"]), volume["target"]))
        else:
            source, target, *_ = volume.split(":")
            found.append((source, target))
    return found


def words(service: Service) -> str:
    command = service.get("command", [])
    return command if isinstance(command, str) else " ".join(command)


class Strict(yaml.SafeLoader):
    """As Docker: no key stands twice in one mapping."""


def once(loader: Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    names = [key.value for key, _ in node.value]
    assert len(names) == len(set(names)), names
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


Strict.add_constructor("tag:yaml.org,2002:map", once)


def test_no_name_stands_twice() -> None:
    yaml.load(TEXT, Strict)
    shown = (ROOT / ".env.example").read_text("utf-8")
    names = re.findall(r"^#?([A-Z][A-Z_]*)=", shown, re.MULTILINE)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        awaited = SERVICES[other]
        if how["condition"] == "service_healthy":
            assert awaited["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert awaited["restart"] == "no"


def test_the_order_is_database_then_users_then_index_then_workers() -> None:
    assert set(SERVICES["setup"]["depends_on"]) == {"elasticsearch"}
    assert set(SERVICES["kibana"]["depends_on"]) == {"setup"}
    assert set(SERVICES["init"]["depends_on"]) == {"setup"}
    assert set(SERVICES["kibana-objects"]["depends_on"]) == {"init", "kibana"}
    for name in WORKERS:
        assert set(SERVICES[name]["depends_on"]) == {"init", "redis"}
    waited_for = {other for service in SERVICES.values() for other in service.get("depends_on", ())}
    assert "kibana-objects" not in waited_for, "articles come in with Kibana or without"


@pytest.mark.parametrize("name", SERVICES)
def test_long_running_services_are_watched_restarted_and_bounded(name: str) -> None:
    service = SERVICES[name]
    assert ("healthcheck" in service) == (name not in ONE_SHOTS)
    assert service["restart"] == ("no" if name in ONE_SHOTS else "unless-stopped")
    assert service["mem_limit"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_and_name_no_other_registry(name: str) -> None:
    assert re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+", image(name))


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_can_become_more_than_it_is(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {
        "privileged",
        "devices",
        "pid",
        "ipc",
        "userns_mode",
        "network_mode",
    }
    assert 0 < service["pids_limit"] <= 4096
    assert not plain(service["user"]).startswith(("0", "root"))


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_can_write_its_programs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert any(entry.startswith("/tmp:") for entry in service["tmpfs"])
    for volume in service["volumes"]:
        if isinstance(volume, str) and volume.startswith("."):
            assert volume == "./docker:/docker:ro"


def test_all_but_the_published_have_no_way_out() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name, service in SERVICES.items():
        wanted = ["inside", "published"] if "ports" in service else ["inside"]
        assert service["networks"] == wanted, name
    assert not any("ports" in SERVICES[name] for name in (*WORKERS, *ONE_SHOTS))


def test_elasticsearch_and_kibana_are_one_version() -> None:
    versions = {image(each).split(":")[1] for each in ("elasticsearch", "kibana", "setup")}
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
            if source not in {"./docker", "./data", "./snapshots"}:
                used.add(source)
    assert used == set(COMPOSE["volumes"])


def test_scripts_that_services_begin_with_are_in_the_repository() -> None:
    begun = [word for service in SERVICES.values() for word in service.get("entrypoint", [])]
    scripts = [word for word in begun if word.startswith("/docker/")]
    assert len(scripts) == 4
    assert all((ROOT / script.removeprefix("/")).is_file() for script in scripts)


def test_every_process_of_depesche_sees_the_data_folder_as_one_mount() -> None:
    for name in (*WORKERS, "init", "kibana-objects"):
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
    for each in (*WORKERS, "init", "kibana-objects"):
        environment = SERVICES[each]["environment"]
        assert "@" in environment[name]
        assert not any("ELASTIC_PASSWORD" in str(value) for value in environment.values())


#: What Kibana's objects alone are made by.
OF_KIBANA = {"DEPESCHE_KIBANA_LANGUAGE", "DEPESCHE_KIBANA_SPACE", "DEPESCHE_READER_URL"}
#: What no line in .env reaches, and why.
LEFT_OUT = {
    "DEPESCHE_DATA": "the containers' own /data; DEPESCHE_DATA_FOLDER says what that is",
    "DEPESCHE_REDIS_URL": "made of REDIS_PASSWORD",
    "DEPESCHE_ELASTICSEARCH_URL": "made of WORKER_PASSWORD or ADMIN_PASSWORD",
    "DEPESCHE_ELASTICSEARCH_API_KEY": "users and passwords are made by `setup`",
    **dict.fromkeys(
        (
            f"DEPESCHE_{service}_{file}"
            for service in ("REDIS", "ELASTICSEARCH")
            for file in ("CA", "CERT", "KEY")
        ),
        "no TLS within one machine",
    ),
    **dict.fromkeys(
        (
            "DEPESCHE_ELASTICSEARCH_HOME",
            "DEPESCHE_ELASTICSEARCH_ARCHIVE",
            "DEPESCHE_ELASTICSEARCH_PORT",
            "DEPESCHE_ELASTICSEARCH_HEAP",
            "DEPESCHE_REDIS_PORT",
            "DEPESCHE_SERVICES_USER",
        ),
        "of the embedded services, which do not run here",
    ),
    **dict.fromkeys(
        ("DEPESCHE_KIBANA_URL", "DEPESCHE_KIBANA_USER", "DEPESCHE_KIBANA_PASSWORD"),
        "Compose's own Kibana",
    ),
    "DEPESCHE_ARCHIVE": "no worker has a way out, nor the image the extra",
    "DEPESCHE_METRICS_HOST": "every address of the container, which `inside` alone reaches",
    "DEPESCHE_LOG_FILE": "Docker has the log",
    "DEPESCHE_LOG_JSON": "Docker has the log, a line each",
}


def test_every_setting_can_be_set_in_env_or_is_left_out_for_a_reason() -> None:
    reached = {name for name, _, _ in variables()}
    assert known_settings() - reached == LEFT_OUT.keys()
    for name in known_settings() & reached:
        given = {each: SERVICES[each]["environment"].get(name) for each in (*WORKERS, "init")}
        if name not in OF_KIBANA:
            assert len(set(given.values())) == 1
            assert str(given["watch"]).startswith(f"${{{name}:-")


@pytest.mark.parametrize("name", [*sorted(WORKERS), "init", "kibana-objects"])
def test_environment_of_the_workers_is_known_to_the_settings(name: str) -> None:
    environment = SERVICES[name]["environment"]
    # What must be set has a message in the place of its default.
    given = {each: plain(str(value)).replace(" ", "-") for each, value in environment.items()}
    assert not faults_of_settings(given)


def test_metrics_are_on_for_whoever_is_inside() -> None:
    environment = SERVICES["watch"]["environment"]
    assert int(plain(environment["DEPESCHE_METRICS_PORT"])) > 1024
    page = (ROOT / "docs/compose.md").read_text("utf-8")
    for name, more in PORTS.items():
        assert f"{name}:{int(plain(environment['DEPESCHE_METRICS_PORT'])) + more}" in page


def test_elasticsearch_writes_snapshots_where_setup_says() -> None:
    service = SERVICES["elasticsearch"]
    place = service["environment"]["path.repo"]
    assert ("./snapshots", place) in mounts(service)
    setup = (ROOT / "docker/setup.sh").read_text("utf-8")
    assert f'"location": "{place}"' in setup
    for name in ("snapshots", ".env"):
        assert name in (ROOT / ".dockerignore").read_text("utf-8").split("\n")
        assert f"/{name}" in (ROOT / ".gitignore").read_text("utf-8").replace("/\n", "\n").split(
            "\n"
        )


def test_what_the_host_has_to_have_is_said() -> None:
    page = (ROOT / "docs/compose.md").read_text("utf-8")
    for word in ("vm.max_map_count=1048576", "vm.overcommit_memory=1", "docker/upgrade.sh"):
        assert word in page


def test_security_is_on_and_its_one_exception_is_written_down() -> None:
    environment = SERVICES["elasticsearch"]["environment"]
    assert environment["xpack.security.enabled"] == "true"
    assert environment["xpack.security.http.ssl.enabled"] == "false"
    assert environment["discovery.type"] == "single-node"
    assert "xpack.security.http.ssl.enabled" in (ROOT / "docs/compose.md").read_text("utf-8")


def test_redis_keeps_what_it_was_given_and_wants_a_password() -> None:
    script = (ROOT / "docker/redis.sh").read_text("utf-8").splitlines()
    user = f"user default on >$REDISCLI_AUTH ~* &* -@all {RIGHTS}"
    for line in (
        "appendonly yes",
        "maxmemory-policy noeviction",
        "acllog-max-len 0",
        "slowlog-log-slower-than -1",
        user,
    ):
        assert line in script
    assert limits(1).keys() <= {line.partition(" ")[0] for line in script}


def test_commands_are_commands_of_depesche() -> None:
    called = [
        command
        for service in SERVICES.values()
        for command in (service.get("command"), service.get("healthcheck", {}).get("test", [])[1:])
        if command and command[0] == "depesche"
    ]
    assert len(called) == 5 + len(WORKERS)
    assert not [fault for command in called if (fault := fault_of_call(command))]


@pytest.mark.parametrize("name", sorted(WORKERS))
def test_each_process_is_asked_for_its_heartbeat(name: str) -> None:
    """A frozen or hanging one is unhealthy: `tests/faults/test_frozen.py` freezes it."""
    assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "depesche", "health", name]
    assert words(SERVICES[name]).split()[-1] == name


def test_workers_stop_and_are_asked_to_stop_gently() -> None:
    for name in WORKERS:
        assert SERVICES[name]["stop_grace_period"] == "40s"
    for name in (*WORKERS, "init", "kibana-objects"):
        assert SERVICES[name]["init"] is True
        assert SERVICES[name]["image"] == SERVICES["init"]["image"]


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
    assert bases == ["${PYTHON_IMAGE}"] * 2
    (base,) = [line.partition("=")[2] for line in lines if line.startswith("ARG PYTHON_IMAGE")]
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", base)
    assert plain(SERVICES["watch"]["build"]["args"]["PYTHON_IMAGE"]) == base
    assert any("--require-hashes" in line and "requirements.lock" in line for line in lines)
    assert [line for line in lines if line.startswith("USER ")] == ["USER depesche"]
    for line in lines:
        if "pip install" in line:
            assert "--require-hashes" in line or "--no-index" in line


def _imported(folder: Path) -> set[str]:
    """Return what the modules below a folder import, by its first name."""
    trees = [ast.parse(path.read_text("utf-8")) for path in folder.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    froms = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | froms}


@pytest.mark.parametrize("room", ["confined", "containers", "documents", "formats", "ocr"])
def test_the_plain_install_brings_what_readers_stand_upon(room: str) -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    known = packages_distributions()
    for name in _imported(ROOT / "extraction" / room) & known.keys():
        packages = {package.lower().replace("_", "-").replace(".", "-") for package in known[name]}
        assert packages & (locked | {"depesche"}), name


def test_the_image_has_what_reads_scans() -> None:
    shipped = (ROOT / "Dockerfile").read_text("utf-8").rpartition("\nFROM ")[2]
    installed = re.search(r"apt-get install ([^&]*)", shipped)
    assert installed
    assert {"tesseract-ocr", "tesseract-ocr-deu"} <= set(installed[1].split())


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


def test_passwords_are_made_on_no_command_line(tmp_path: Path) -> None:
    """Red before: ``sed`` had each as an argument, which every user of the machine can see.

    Here is no other program but the one that makes them.
    """
    (tmp_path / "openssl").write_text("#!/bin/sh\necho geheim\n")
    (tmp_path / "openssl").chmod(0o755)
    made = tmp_path / ".env"
    command = ["/bin/bash", str(ROOT / "docker/passwords.sh"), str(ROOT / ".env.example"), str(made)]

    def run() -> int:
        return subprocess.run(command, env={"PATH": str(tmp_path)}, check=False).returncode

    assert run() == 0
    example = (ROOT / ".env.example").read_text("utf-8")
    assert made.read_text("utf-8") == example.replace("=CHANGE_ME\n", "=geheim\n")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert run() == 1, "what is there already stays"


def test_no_document_puts_a_password_on_a_command_line() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert "$(openssl" not in page.read_text("utf-8"), page


SECRETS = dict.fromkeys(
    [name for name, (value, _) in example().items() if value == "CHANGE_ME"], "0123456789abcdef" * 3
)
NONE_AT_ALL = ["CHANGE_ME", "CHANGE_ME_" * 4, "short", "", "slash/at@colon:x" * 3, "a b" * 12]
#: Service -> variables of the container that are secrets -> their names in .env.
CHECKED = {
    "setup": {name: name for name in SECRETS},
    "elasticsearch": {"ELASTIC_PASSWORD": "ELASTIC_PASSWORD"},
    "kibana": {
        "ELASTICSEARCH_PASSWORD": "KIBANA_SYSTEM_PASSWORD",
        "XPACK_SECURITY_ENCRYPTIONKEY": "KIBANA_ENCRYPTION_KEY",
    },
    "redis": {"REDISCLI_AUTH": "REDIS_PASSWORD"},
}


def start(service: str, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Its entry point, with stand-ins in ``path`` for the programs of its image."""
    shell, script = SERVICES[service]["entrypoint"]
    return subprocess.run(
        [shell, str(ROOT / script.removeprefix("/"))],
        env={
            "PATH": f"{path}:/usr/bin:/bin",
            "ELASTICSEARCH": "http://127.0.0.1:9",
            "INDEX": "articles",
            "SPACE": "default",
            "SNAPSHOT_DAYS": "30",
            **environment,
        },
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def stand_in(path: Path, name: str) -> None:
    """A program that says its arguments, what it reads, and its umask."""
    (path / name).write_text('#!/bin/sh\necho "$0" "$@"\numask\ncat\n')
    (path / name).chmod(0o755)


@pytest.mark.parametrize("value", NONE_AT_ALL)
@pytest.mark.parametrize(
    ("service", "variable"), [(name, each) for name, all_ in CHECKED.items() for each in all_]
)
def test_a_placeholder_or_a_weak_password_is_refused_before_anything_starts(
    service: str, variable: str, value: str, tmp_path: Path
) -> None:
    for program in ("redis-server", "docker-entrypoint.sh", "kibana-docker", "curl"):
        stand_in(tmp_path, program)
    good = dict.fromkeys(CHECKED[service], "0123456789abcdef" * 3)
    done = start(service, tmp_path, **{**good, variable: value})
    assert done.returncode == 1
    assert CHECKED[service][variable] in done.stderr
    assert "set it in .env" in done.stderr
    assert done.stdout == ""
    assert not value or value.startswith("CHANGE_ME") or value not in done.stderr


@pytest.mark.parametrize("service", CHECKED)
def test_every_secret_that_a_service_is_given_is_checked_there(service: str) -> None:
    """Those of the workers and of the desk are what `setup` writes, which goes before them."""
    given: dict[str, str] = SERVICES[service]["environment"]
    for variable, name in CHECKED[service].items():
        assert given[variable] == f"${{{name}:?set it in .env}}"
    checked = {given[variable] for variable in CHECKED[service]}
    assert {value for value in given.values() if ":?" in value} == checked


def test_redis_starts_with_its_password_on_no_command_line(tmp_path: Path) -> None:
    stand_in(tmp_path, "redis-server")
    done = start("redis", tmp_path, REDISCLI_AUTH="0123456789abcdef")
    command, mask, *settings = done.stdout.splitlines()
    assert command.endswith("redis-server -")
    assert mask.endswith("077")
    assert any(line.startswith("user default on >0123456789abcdef ") for line in settings)


def test_who_sends_tasks_has_a_user_of_redis_where_he_has_a_password(tmp_path: Path) -> None:
    """Red before: programs had the workers' own, and so what workers hold."""
    given = SERVICES["redis"]["environment"]["REDIS_PROGRAM_PASSWORD"]
    assert given == "${REDIS_PROGRAM_PASSWORD:-}"
    stand_in(tmp_path, "redis-server")
    workers, his = {"REDISCLI_AUTH": "0123456789abcdef"}, "fedcba9876543210"
    for password, users in (
        ("", []),
        (his, [f"user {PROGRAM} on >{his} {PROGRAM_RIGHTS}"]),
    ):
        done = start("redis", tmp_path, REDIS_PROGRAM_PASSWORD=password, **workers)
        lines = done.stdout.splitlines()
        assert [line for line in lines if line.startswith(f"user {PROGRAM} ")] == users
        assert password not in lines[0] or not password
    assert start("redis", tmp_path, **workers).returncode == 0


@pytest.mark.parametrize("value", [each for each in NONE_AT_ALL if each] + ["0123456789abcdef"])
def test_a_weak_password_of_programs_or_that_of_the_workers_is_refused(
    value: str, tmp_path: Path
) -> None:
    stand_in(tmp_path, "redis-server")
    workers = {"REDISCLI_AUTH": "0123456789abcdef"}
    done = start("redis", tmp_path, REDIS_PROGRAM_PASSWORD=value, **workers)
    assert (done.returncode, done.stdout) == (1, "")
    assert "REDIS_PROGRAM_PASSWORD" in done.stderr
    assert "set it in .env" in done.stderr


def test_what_a_redis_of_one_s_own_gives_programs_is_said() -> None:
    page = (ROOT / "docs/services.md").read_text("utf-8")
    assert f"user {PROGRAM} on >PASSWORD {PROGRAM_RIGHTS}\n" in page


def test_elasticsearch_starts_on_a_fresh_copy_of_its_settings(tmp_path: Path) -> None:
    stand_in(tmp_path, "docker-entrypoint.sh")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jvm.options").write_text("-Xss1m")
    copy = tmp_path / "memory" / "config"
    copy.mkdir(parents=True)
    (copy / "elasticsearch.keystore").touch()
    password = {"ELASTIC_PASSWORD": "0123456789abcdef", "ES_PATH_CONF": str(copy)}
    done = start("elasticsearch", tmp_path, **password)
    assert done.stdout.splitlines()[0].endswith("docker-entrypoint.sh eswrapper")
    assert [path.name for path in copy.iterdir()] == ["jvm.options"]


def test_kibana_starts(tmp_path: Path) -> None:
    stand_in(tmp_path, "kibana-docker")
    good = dict.fromkeys(CHECKED["kibana"], "0123456789abcdef" * 3)
    assert start("kibana", tmp_path, **good).stdout.splitlines()[0].endswith("kibana-docker")


DOCKER = """#!/bin/sh
case "$1" in
pull) [ "$3" != "$UNKNOWN" ] ;;
image)
    eval "name=\\${$#}"
    echo "${name%%:*}@sha256:$(printf %s "$name" | sha256sum | cut -c1-64)"
    ;;
esac
"""


def digests(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make digests` in a copy of what it reads."""
    (tmp_path / "docker").mkdir()
    for name in ("docker-compose.yml", "docker/digests.sh"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / ".env").write_text("REDIS_PASSWORD=geheim\nREDIS_IMAGE=redis:old@sha256:0\n")
    return subprocess.run(
        ["/bin/bash", "docker/digests.sh"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_digests_of_every_image_go_into_env_and_compose_reads_them_there(tmp_path: Path) -> None:
    (tmp_path / "docker.sh").write_text(DOCKER)
    (tmp_path / "docker.sh").chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").symlink_to(tmp_path / "docker.sh")
    done = digests(tmp_path, PATH=f"{tmp_path}/bin:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    first, *images = (tmp_path / ".env").read_text().splitlines()
    assert first == "REDIS_PASSWORD=geheim"
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    written = dict(line.split("=", 1) for line in images)
    read = {name: default for name, _, default in variables() if name.endswith("_IMAGE")}
    assert written.keys() == read.keys()
    for name, value in written.items():
        assert re.fullmatch(rf"{re.escape(read[name])}@sha256:[0-9a-f]{{64}}", value)


def test_without_docker_or_an_image_env_stays_and_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(DOCKER)
    (tmp_path / "bin" / "docker").chmod(0o755)
    path = f"{tmp_path}/bin:/usr/bin:/bin"
    done = digests(tmp_path, PATH=path, UNKNOWN=image("kibana"))
    assert done.returncode == 1
    assert done.stderr == f"digests: {image('kibana')} cannot be had: nothing was changed.\n"
    assert "redis:old" in (tmp_path / ".env").read_text()


CURL = """#!/bin/sh
for word; do path=$word; done
echo "$path" >>"$CALLS"
cat >>"$CALLS"
case "$path" in */_snapshot/*) printf '{}\\n%s' "$SNAPSHOT" ;; *) printf '{}\\n200' ;; esac
"""


def set_up(tmp_path: Path, snapshot: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """`setup` against an Elasticsearch that takes all, but for snapshots; what it was asked."""
    (tmp_path / "curl").write_text(CURL)
    (tmp_path / "curl").chmod(0o755)
    calls = tmp_path / "calls"
    done = start("setup", tmp_path, **SECRETS, CALLS=str(calls), SNAPSHOT=snapshot)
    return done, calls.read_text()


def test_setup_has_a_snapshot_written_every_night(tmp_path: Path) -> None:
    done, asked = set_up(tmp_path, "200")
    assert (done.returncode, done.stderr) == (0, "")
    policy = json.loads(asked[asked.index("/_slm/policy/depesche") :].split("\n", 1)[1])
    assert policy["config"]["indices"] == ["articles-v*", "articles-rules", "articles-withdrawals"]
    assert policy["retention"]["expire_after"] == "30d"
    assert policy["repository"] == "depesche"


def test_a_folder_that_takes_no_snapshots_is_said_and_holds_up_nothing(tmp_path: Path) -> None:
    done, asked = set_up(tmp_path, "500")
    assert done.returncode == 0
    assert "THERE ARE NO SNAPSHOTS" in done.stderr
    assert "_slm" not in asked
    assert done.stdout.endswith("setup: done\n")


UPGRADED = """#!/bin/sh
echo "$*" >>"$CALLS"
[ "$2" != exec ] || exit "${NO_SNAPSHOT:-0}"
"""


def upgraded(tmp_path: Path, env: str, **environment: str) -> tuple[int, list[str], str]:
    """`make upgrade` in a copy of what it reads: status, what Docker was told, what it said."""
    (tmp_path / "docker").mkdir()
    for name in ("docker-compose.yml", "docker/upgrade.sh", "docker/digests.sh", ".env.example"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / ".env").write_text(env)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(UPGRADED)
    (tmp_path / "bin" / "docker").chmod(0o755)
    calls = tmp_path / "calls"
    done = subprocess.run(
        ["/bin/bash", "docker/upgrade.sh"],
        env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "CALLS": str(calls), **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    told = calls.read_text().splitlines() if calls.exists() else []
    return done.returncode, [line for line in told if line.startswith("compose")], done.stderr


def test_one_command_brings_an_installation_up_to_date(tmp_path: Path) -> None:
    """From 0.1.0, whose .env had no ADMIN_PASSWORD."""
    kept = "".join(f"{name}={value}\n" for name, value in SECRETS.items())
    kept = re.sub("ADMIN_PASSWORD=.*\n", "", kept)
    status, told, said = upgraded(tmp_path, kept)
    assert (status, said) == (0, "")
    words = [line.split()[1] for line in told]
    assert words == ["exec", "build", "up", "run", "up"]
    assert told[3].endswith("init depesche index migrate")
    assert not fault_of_call(told[3].split()[4:])
    written = (tmp_path / ".env").read_text()
    assert written.startswith(kept)
    assert re.fullmatch(r"ADMIN_PASSWORD=[0-9a-f]{48}\n", written.removeprefix(kept))
    assert (tmp_path / "snapshots").is_dir()


def test_an_upgrade_without_a_snapshot_goes_on_and_says_so(tmp_path: Path) -> None:
    kept = "".join(f"{name}={value}\n" for name, value in SECRETS.items())
    status, told, said = upgraded(tmp_path, kept, NO_SNAPSHOT="22")
    assert status == 0
    assert "NO SNAPSHOT" in said
    assert len(told) == 5
    assert (tmp_path / ".env").read_text() == kept
