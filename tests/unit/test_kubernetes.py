"""docs/kubernetes: whatever the manifests name exists and agrees, and they are what they say."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployed import (
    assignments,
    fault_of_call,
    faults_of_settings,
    queue_of_enrichment,
)
from tests.roles import CALLS, described
from worker.metrics.exporter import PORTS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "kubernetes"
Object = dict[str, Any]

KUSTOMIZATION: Object = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
OBJECTS: list[Object] = [
    each
    for name in KUSTOMIZATION["resources"]
    for each in yaml.safe_load_all((FOLDER / name).read_text("utf-8"))
]
#: In the secret of Redis, where programs that send tasks are to have a user: of its own password.
OF_PROGRAMS = ("program", True)
SETTINGS = assignments((FOLDER / "settings.env").read_text("utf-8"))
#: Of the API itself: the others are ECK's and KEDA's.
PLAIN = {"v1", "apps/v1", "batch/v1", "networking.k8s.io/v1"}
NAMES = [f"{each['kind']}/{each['metadata']['name']}" for each in OBJECTS]


def find(kind: str, name: str) -> Object:
    return OBJECTS[NAMES.index(f"{kind}/{name}")]


def pods() -> Iterator[tuple[str, Object]]:
    """(name, specification) of what makes pods of its own, not through ECK."""
    for name, each in zip(NAMES, OBJECTS, strict=True):
        if name.split("/")[0] in {"StatefulSet", "Deployment", "Job"}:
            yield name, each["spec"]["template"]["spec"]


PODS = dict(pods())
CONTAINERS = [
    pytest.param(pod, each, id=f"{name}:{each['name']}")
    for name, pod in PODS.items()
    for each in pod["containers"]
]
OURS = [
    pytest.param(pod, each, id=f"{name}:{each['name']}")
    for name, pod in PODS.items()
    for each in pod["containers"]
    if each["image"] == "depesche"
]


def environment(container: Object) -> dict[str, str]:
    """With what is set for all, and a password in place of each that comes from a secret."""
    given = {each["name"]: each.get("value", "geheim") for each in container["env"]}
    return {**SETTINGS, **{name: expanded(value, given) for name, value in given.items()}}


def expanded(value: str, given: dict[str, str]) -> str:
    """As Kubernetes does it: a name that is not there stays as it stands."""
    return re.sub(r"\$\((\w+)\)", lambda match: given.get(match[1], match[0]), value)


def generated(kind: str) -> dict[str, list[str]]:
    """The names that Kustomize makes, and the files that it makes them of."""
    return {each["name"]: each["envs"] for each in KUSTOMIZATION.get(f"{kind}Generator", [])}


@pytest.mark.parametrize("number", range(len(OBJECTS)), ids=NAMES.__getitem__)
def test_each_is_valid_by_the_schemas_of_kubernetes(number: int) -> None:
    if OBJECTS[number]["apiVersion"] not in PLAIN:
        pytest.skip("no schema of it is here: the tests below look at its parts")
    reason = "the schemas are not here: pip install kubernetes-validate (22 MB)"
    schemas = pytest.importorskip("kubernetes_validate", reason=reason)
    schemas.validate(OBJECTS[number], "1.34", strict=True)


def test_every_file_belongs_to_it_and_none_uses_what_is_yaml_alone() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert files == set(KUSTOMIZATION["resources"])
    for path in FOLDER.glob("*.yaml"):
        assert not re.search(r"<<:|[:-] [&*]\w", path.read_text("utf-8")), "anchors, aliases"
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(("pod", "container"), OURS)
def test_commands_are_of_depesche(pod: Object, container: Object) -> None:
    assert not fault_of_call(container["command"])
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        if asked := container.get(probe):
            assert not fault_of_call(asked["exec"]["command"])
            assert asked["exec"]["command"][-1] == container["command"][-1]
    long = container["command"][1] in {"watch", "work"}
    assert long == ("livenessProbe" in container)


@pytest.mark.parametrize(("pod", "container"), OURS)
def test_variables_are_settings(pod: Object, container: Object) -> None:
    given = environment(container)
    secret = {name: given.pop(name) for name in list(given) if name.endswith("_PASSWORD")}
    given |= {name: value for name, value in secret.items() if name.startswith("DEPESCHE_")}
    assert not faults_of_settings(given)
    assert not any("$(" in value for value in given.values())
    user = "depesche" if "livenessProbe" in container else "depesche_admin"
    assert given["DEPESCHE_ELASTICSEARCH_URL"].startswith(f"https://{user}:geheim@")
    mounted = [each["mountPath"] for each in container["volumeMounts"]]
    for name in ("DEPESCHE_DATA", "DEPESCHE_ELASTICSEARCH_CA", "HOME"):
        assert any(Path(given[name]).is_relative_to(path) for path in mounted)


@pytest.mark.parametrize(("pod", "container"), CONTAINERS)
def test_none_can_become_more_than_it_is(pod: Object, container: Object) -> None:
    of_pod, of_container = pod["securityContext"], container["securityContext"]
    assert of_pod["runAsNonRoot"] is True
    assert of_pod["runAsUser"] > 0
    assert of_pod["fsGroup"] == of_pod["runAsGroup"]
    assert of_pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert of_container == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()


@pytest.mark.parametrize(("pod", "container"), CONTAINERS)
def test_what_it_mounts_and_reads_is_there(pod: Object, container: Object) -> None:
    (owner,) = [name for name, each in PODS.items() if each is pod]
    kind, name = owner.split("/")
    claims = find(kind, name)["spec"].get("volumeClaimTemplates", [])
    volumes = {each["name"] for each in pod["volumes"]}
    volumes |= {each["metadata"]["name"] for each in claims}
    assert {each["name"] for each in container["volumeMounts"]} <= volumes
    secrets = {
        *generated("secret"),
        "depesche-es-http-certs-public",
        "depesche-kb-http-certs-public",
    }
    for volume in pod["volumes"]:
        assert volume.get("secret", {}).get("secretName", "worker-login") in secrets
    for variable in container["env"]:
        if source := variable.get("valueFrom"):
            assert source["secretKeyRef"]["name"] in secrets
            asked = source["secretKeyRef"]
            assert asked["key"] == "password" or (asked["key"], asked["optional"]) == OF_PROGRAMS
    for source in container.get("envFrom", []):
        assert source["configMapRef"]["name"] in generated("configMap")


def test_files_that_secrets_are_made_of_are_shown_and_never_committed() -> None:
    for files in generated("secret").values():
        for file in files:
            shown = (FOLDER / f"{file}.example").read_text("utf-8")
            assert "password=CHANGE_ME" in shown
    assert "/docs/kubernetes/secrets/*.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_users_of_elasticsearch_have_the_roles_that_compose_gives_them() -> None:
    auth = find("Elasticsearch", "depesche")["spec"]["auth"]
    users = {each["secretName"] for each in auth["fileRealm"]}
    assert users == {"worker-login", "admin-login", "desk-login"}
    (secret,) = auth["roles"]
    text = find("Secret", secret["secretName"])["stringData"]["roles.yml"]
    roles = yaml.safe_load(text)
    wanted = {path.removeprefix("role/") for path in CALLS if path.startswith("role/")}
    assert roles.keys() == wanted
    for name, role in roles.items():
        assert role == described(f"role/{name}", SETTINGS["DEPESCHE_INDEX"], "default")
    for each in ("worker", "admin", "desk"):
        shown = (FOLDER / "secrets" / f"{each}.env.example").read_text("utf-8")
        user, role = re.findall(r"^(?:username|roles)=(.*)$", shown, re.MULTILINE)
        assert described(f"user/{user}")["roles"] == [role]


def test_elasticsearch_and_kibana_are_those_of_compose() -> None:
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    for kind in ("Elasticsearch", "Kibana"):
        spec = find(kind, "depesche")["spec"]
        assert f"{kind.lower()}:{spec['version']}}}" in compose
        sets = spec.get("nodeSets", [spec])
        for each in sets:
            pod = each["podTemplate"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert [one["name"] for one in pod["containers"]] == [kind.lower()]
    assert find("Kibana", "depesche")["spec"]["elasticsearchRef"]["name"] == "depesche"
    (redis,) = PODS["StatefulSet/redis"]["containers"]
    assert f"{redis['image']}}}" in compose


def test_redis_is_set_as_in_compose() -> None:
    script = (ROOT / "docker" / "redis.sh").read_text("utf-8")
    conf = re.search(r"<<CONF\n(.*)\nCONF", script, re.DOTALL)
    assert conf is not None
    (redis,) = PODS["StatefulSet/redis"]["containers"]
    given = redis["command"][-1].splitlines()
    assert given[1:-1] == [
        "exec redis-server - <<END",
        *(line for line in conf[1].splitlines() if not line.startswith("#")),
    ]


def test_a_redis_that_loads_its_data_is_not_ended() -> None:
    """Red before: a file that takes longer than its probe waits was begun anew for ever."""
    (redis,) = PODS["StatefulSet/redis"]["containers"]
    probes = {
        kind: redis[f"{kind}Probe"]["exec"]["command"][-1] for kind in ("liveness", "readiness")
    }
    for kind, said, well in (
        ("liveness", "LOADING Redis is loading the dataset in memory", True),
        ("readiness", "LOADING Redis is loading the dataset in memory", False),
        ("liveness", "PONG", True),
        ("readiness", "PONG", True),
        ("liveness", "Could not connect to Redis at 127.0.0.1:6379: Connection refused", False),
    ):
        asked = probes[kind].replace("redis-cli ping", f"echo '{said}'")
        assert (subprocess.run(["sh", "-c", asked], check=False).returncode == 0) == well


def test_each_is_selected_by_what_it_is_called() -> None:
    for name in ("StatefulSet/site", "StatefulSet/redis", "Deployment/enrich"):
        kind, called = name.split("/")
        each = find(kind, called)
        labels = each["spec"]["template"]["metadata"]["labels"]
        assert each["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert labels["app.kubernetes.io/name"] == called
        if kind == "StatefulSet":
            service = find("Service", each["spec"]["serviceName"])
            assert service["spec"]["selector"].items() <= labels.items()


def test_metrics_have_the_ports_that_the_processes_take() -> None:
    first = int(SETTINGS["DEPESCHE_METRICS_PORT"])
    served = {
        port["name"]: port["containerPort"]
        for name, pod in PODS.items()
        for each in pod["containers"]
        for port in each.get("ports", [])
        if "redis" not in name
    }
    assert served == {f"metrics-{name}": first + more for name, more in PORTS.items()}


def test_a_site_is_one_folder_of_one_mount_and_stops_as_its_processes_do() -> None:
    site = PODS["StatefulSet/site"]
    assert {each["name"] for each in site["containers"]} == {"watch", "intake"}
    for pod in (site, PODS["Deployment/enrich"]):
        # Nobody is process 1, whose work is to take care of the children of others.
        assert pod["shareProcessNamespace"] is True
        assert pod["terminationGracePeriodSeconds"] == 40
    for each in site["containers"]:
        data = [mount for mount in each["volumeMounts"] if mount["name"] == "data"]
        assert data == [{"name": "data", "mountPath": environment(each)["DEPESCHE_DATA"]}]


def test_enrichment_is_scaled_by_the_queue_that_it_works(tmp_path: Path) -> None:
    """Red when the queue is renamed, or cannot be as long as all replicas need it."""
    spec = find("ScaledObject", "enrich")["spec"]
    target = find("Deployment", spec["scaleTargetRef"]["name"])
    assert "replicas" not in target["spec"]
    (trigger,) = spec["triggers"]
    asked = trigger["metadata"]
    assert trigger["type"] == "redis"
    assert asked["listName"] == queue_of_enrichment(tmp_path, SETTINGS["DEPESCHE_INDEX"])
    waiting = int(SETTINGS["DEPESCHE_ENRICH_QUEUE"])
    # The reconciler lets it run half empty before it sends more.
    assert waiting // 2 >= int(asked["listLength"]) * spec["maxReplicaCount"]
    assert spec["minReplicaCount"] >= 1
    address = environment(target["spec"]["template"]["spec"]["containers"][0])
    service, database = re.findall(r"@(\w+):6379/(\d+)", address["DEPESCHE_REDIS_URL"])[0]
    namespace = KUSTOMIZATION["namespace"]
    assert asked["address"] == f"{service}.{namespace}.svc.cluster.local:6379"
    assert asked["databaseIndex"] == database
    login = find("TriggerAuthentication", trigger["authenticationRef"]["name"])
    (password,) = login["spec"]["secretTargetRef"]
    assert password == {"parameter": "password", "name": "redis-login", "key": "password"}
    (permitted,) = [
        each
        for each in find("NetworkPolicy", "redis")["spec"]["ingress"][0]["from"]
        if "namespaceSelector" in each
    ]
    assert permitted["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] == "keda"


def test_workers_reach_their_services_and_nothing_else() -> None:
    spec = find("NetworkPolicy", "workers")["spec"]
    (selected,) = spec["podSelector"]["matchExpressions"]
    ours = {name.split("/")[1] for name in PODS} - {"redis"}
    assert set(selected["values"]) == ours
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    ports = {port["port"] for rule in spec["egress"] for port in rule["ports"]}
    assert ports == {53, 9200, 5601, 6379}
    assert all(rule["to"] for rule in spec["egress"])
