"""What docker/setup.sh lets each user of Elasticsearch do, against what the program asks for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from indexing.index.manage import create_index
from indexing.index.migrate import migrate
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.fakes.routes import ROUTES
from tests.roles import CALLS, SETUP, described
from tests.unit.worker.commands.conftest import Run
from worker.processes.own_index import make_index

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "compose.md").read_text("utf-8")
#: The privilege of Elasticsearch that each request of the program needs: on the cluster, or on the
#: index. Where it is none, any user may (a point in time is its own key).
NEEDED = {
    r"(?:GET|HEAD) /": ("cluster", "monitor"),
    r"POST /_search": None,
    r"DELETE /_pit": None,
    r"POST /_reindex": ("index", "write"),
    r"POST /_aliases": ("index", "manage"),
    r"GET /_tasks/([^/]+)": ("cluster", "monitor"),
    r"POST /_tasks/([^/]+)/_cancel": ("cluster", "cancel_task"),
    r"GET /_alias/([^/]+)": ("index", "view_index_metadata"),
    r"PUT /([^/_][^/]*)": ("index", "create_index"),
    r"GET /([^/_][^/]*)": ("index", "view_index_metadata"),
    r"DELETE /([^/_][^/]*)": ("index", "delete_index"),
    r"GET /([^/]+)/_mapping/field/([^/]+)": ("index", "view_index_metadata"),
    r"POST /([^/]+)/_refresh": ("index", "maintenance"),
    r"POST /([^/]+)/_flush": ("index", "maintenance"),
    r"GET /([^/]+)/_segments": ("index", "monitor"),
    r"POST /([^/]+)/_mget": ("index", "read"),
    r"GET /([^/]+)/_doc/(.+)": ("index", "read"),
    r"PUT /([^/]+)/_doc/(.+)": ("index", "write"),
    r"DELETE /([^/]+)/_doc/(.+)": ("index", "write"),
    r"PUT /([^/]+)/_bulk": ("index", "write"),
    r"POST /([^/]+)/_update/(.+)": ("index", "write"),
    r"POST /([^/]+)/_search": ("index", "read"),
    r"POST /([^/]+)/_msearch": ("index", "read"),
    r"POST /([^/]+)/_count": ("index", "read"),
    r"POST /([^/]+)/_mtermvectors": ("index", "read"),
    r"POST /([^/]+)/_pit": ("index", "read"),
    r"GET /_nodes/stats/(\w+)": ("cluster", "monitor"),
    r"GET /([^/]+)/_stats(?:/(.+))?": ("index", "monitor"),
    r"PUT /([^/]+)/_block/(\w+)": ("index", "manage"),
    r"PUT /([^/]+)/_settings": ("index", "manage"),
    r"PUT /([^/]+)/_mapping": ("index", "manage"),
    r"GET /_cluster/health(?:/(.+))?": ("cluster", "monitor"),
}
#: What `manage` contains.
MANAGED = {"manage", "monitor", "maintenance", "view_index_metadata", "delete_index"}

#: The requests that write documents, and no more: `write` is also the right to change the mapping.
WRITES = "indices:data/write/*"


def role(name: str) -> dict[str, Any]:
    return described(f"role/{name}")


def allowed(name: str) -> set[tuple[str, str]]:
    """The privileges of a role, as NEEDED names them."""
    described = role(name)
    on, *_ = described["indices"]
    readers = ["$INDEX-readable"] * (name == "depesche_admin")  # an alias that it makes
    rules = ["$INDEX-rules"] * (name == "depesche_worker")  # who reads articles needs none
    withdrawn = ["$INDEX-withdrawals"] * (name != "depesche_admin")  # it has that beside them
    assert on["names"] == ["$INDEX", "$INDEX-v*", *rules, *withdrawn, *readers]
    own = set(on["privileges"])
    own |= MANAGED if "manage" in own else set()
    own |= {"write"} if WRITES in own else set()
    cluster = {("cluster", privilege) for privilege in described.get("cluster", [])}
    return {("index", privilege) for privilege in own} | cluster


def needed(asked: list[str]) -> set[tuple[str, str]]:
    """The privileges that these requests need."""
    routes = {next(route for route in ROUTES if re.fullmatch(route, line)) for line in asked}
    return {privilege for route in routes if (privilege := NEEDED[route])}


def test_of_every_request_it_is_known_what_it_needs() -> None:
    """A new one is added here, and then looked up in the roles."""
    assert NEEDED.keys() == ROUTES.keys()


def test_workers_can_do_all_but_make_change_or_delete_the_index() -> None:
    (on,) = role("depesche_worker")["indices"]
    assert "write" not in on["privileges"], "it lets them change the mapping"
    beyond = {privilege for privilege in NEEDED.values() if privilege} - allowed("depesche_worker")
    assert beyond == {
        ("index", "manage"),
        ("index", "create_index"),
        ("index", "delete_index"),
        ("cluster", "cancel_task"),
    }


@pytest.mark.parametrize(
    "command",
    [
        "status --json",
        "search Haushalt --json",
        "show {id}",
        "similar {id}",
        "story {id}",
        "entity Merkel",
        "timeline Merkel",
        "export out.csv",
        "failed",
        "retry",
        "verify",
        "index status",
        "reenrich --yes --all",
        "withdraw {id} --reason Gericht",
    ],
)
def test_commands_need_no_more_than_workers_may(
    command: str,
    run: Run,
    fake: FakeElasticsearch,
    container: FakeContainer,
    ids: dict[str, str],
    tmp_path: Path,
) -> None:
    make_index(container)
    fake.asked.clear()
    words = command.format(id=next(iter(ids.values()))).replace("out.csv", str(tmp_path / "o.csv"))
    run(*words.split())
    assert fake.asked
    assert needed(fake.asked) <= allowed("depesche_worker")


def test_reading_needs_no_more_than_readers_may(
    run: Run, fake: FakeElasticsearch, ids: dict[str, str]
) -> None:
    fake.asked.clear()
    run("search", "Haushalt")
    run("show", next(iter(ids.values())))
    assert needed(fake.asked) <= allowed("depesche_reader")


def test_making_and_migrating_need_the_admins_role(
    fake: FakeElasticsearch, client: Elasticsearch
) -> None:
    create_index(client, "articles")
    migrate(client, "articles", lambda _: None, force=True)
    asked = needed(fake.asked)
    assert {("index", "manage"), ("index", "create_index")} <= asked
    assert asked <= allowed("depesche_admin")
    assert not asked <= allowed("depesche_worker")


@pytest.mark.parametrize("name", ["depesche", "depesche_admin", "desk"])
def test_nobody_has_a_role_that_is_not_made_here(name: str) -> None:
    (only,) = described(f"user/{name}")["roles"]
    assert role(only)
    assert "kibana_admin" not in SETUP
    assert "superuser" not in SETUP


def test_the_desk_reads_and_saves_in_one_space_and_configures_nothing() -> None:
    (on,) = role("depesche_desk")["indices"]
    names = ["$INDEX-readable", "$INDEX-withdrawals"]
    assert on["names"] == names, "what is under embargo is not for them"
    found = {"search*", "msearch*", "async_search/*", "field_caps*"}
    moments = {"open_point_in_time", "close_point_in_time"}
    reads = {f"indices:data/read/{each}" for each in found | moments}
    assert set(on["privileges"]) == reads | {"view_index_metadata"}, "none gets by an id"
    (kibana,) = role("depesche_desk")["applications"]
    assert kibana["resources"] == ["space:$SPACE"]
    features = {each.rpartition(".")[0] for each in kibana["privileges"]}
    assert features == {
        "feature_discover_v2",
        "feature_dashboard_v2",
        "feature_visualize_v2",
        "feature_savedQueryManagement",
        "feature_indexPatterns",
    }


def test_only_the_admin_loads_objects_into_kibana() -> None:
    for name in ("depesche_worker", "depesche_reader"):
        assert "applications" not in role(name)
    (kibana,) = role("depesche_admin")["applications"]
    assert kibana["resources"] == ["space:$SPACE"]


@pytest.mark.parametrize("shared", ["$INDEX-rules", "$INDEX-withdrawals"])
def test_what_sites_share_is_written_by_depesche_alone_who_has_no_kibana(shared: str) -> None:
    """`entities merge` and the like do, in the containers; nobody does in Kibana's console."""
    writing = {"all", "write", "index", "create", "create_doc", "delete", "manage", WRITES}
    may = [
        name
        for name in ("depesche_worker", "depesche_admin", "depesche_reader", "depesche_desk")
        for on in role(name)["indices"]
        if shared in on["names"] and writing & set(on["privileges"])
    ]
    assert may == ["depesche_worker"]
    assert "applications" not in role("depesche_worker")


@pytest.mark.parametrize("name", sorted({path.rpartition("/")[2] for path in CALLS}))
def test_every_user_and_role_is_explained(name: str) -> None:
    assert name == "_password" or f"`{name}`" in PAGE
