"""``import depesche``: what it offers, and that it loads nothing before it is used."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import pytest
from elasticsearch import Elasticsearch

import depesche
from articles.errors import UsageError
from depesche.canonical import CanonicalNames
from depesche.export import Export
from worker.folders import Folders

ROOT = Path(__file__).parents[3]
#: What takes long to load, and what no help and no mere import needs.
HEAVY = "celery elasticsearch extraction httpx indexing kombu pydantic redis rich spacy structlog"


def loaded_by(code: str) -> set[str]:
    """Run ``code`` in a Python of its own, and return which top-level modules it has loaded."""
    probe = "import sys; print('LOADED', *sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{probe}"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(done.stdout.rpartition("LOADED ")[2].split())


def test_the_import_loads_nothing_else() -> None:
    loaded = loaded_by("import depesche")
    assert "depesche" in loaded
    assert not loaded & set(HEAVY.split())


def test_the_command_line_s_help_loads_no_service_and_no_pipeline() -> None:
    code = "import worker.cli\ntry:\n    worker.cli.app(['--help'])\nexcept SystemExit: pass"
    loaded = loaded_by(code)
    assert "typer" in loaded
    assert not loaded & set(HEAVY.split())


def test_status_loads_no_celery_and_without_addresses_no_client(tmp_path: Path) -> None:
    Folders(tmp_path).prepare()
    code = (
        "import os, worker.cli\n"
        f"os.environ['DEPESCHE_DATA'] = {str(tmp_path)!r}\n"
        "os.environ.pop('DEPESCHE_REDIS_URL', None)\n"
        "os.environ.pop('DEPESCHE_ELASTICSEARCH_URL', None)\n"
        "try:\n    worker.cli.app(['status'])\nexcept SystemExit: pass"
    )
    without = loaded_by(code)
    assert "pydantic_settings" in without
    assert not without & {"celery", "kombu", "elasticsearch", "redis", "httpx", "spacy"}
    addresses = (
        "import os\nos.environ['DEPESCHE_ELASTICSEARCH_URL'] = 'http://127.0.0.1:9'\n"
        "os.environ['DEPESCHE_REDIS_URL'] = 'redis://127.0.0.1:9'\n"
    )
    kept = code.replace("os.environ.pop(", "os.environ.get(")
    away = loaded_by(addresses + kept)
    assert {"elasticsearch", "redis"} <= away
    assert not away & {"celery", "kombu", "httpx", "requests", "spacy", "structlog"}


@pytest.mark.parametrize("name", depesche.__all__)
def test_what_is_named_is_there(name: str) -> None:
    assert getattr(depesche, name) is not None
    assert name in dir(depesche)


def test_the_version_is_that_of_the_distribution() -> None:
    assert depesche.__version__ == version("depesche")
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = depesche.nothing_of_that_name


@pytest.mark.parametrize(
    "package", ["articles", "depesche", "extraction", "german", "indexing", "tasks", "worker"]
)
def test_every_package_says_that_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()


def test_rules_about_names_are_the_shipped_ones_and_the_users_and_make_no_folder(
    tmp_path: Path,
) -> None:
    rules = tmp_path / "data" / "aliases.txt"
    names = CanonicalNames(rules)
    assert names.current()("people", "Hans Muster") == "Hans Muster"
    assert not rules.parent.exists()
    rules.parent.mkdir()
    rules.write_text("merge PER: Hans Muster = Johann Muster\n")
    assert names.current()("people", "Hans Muster") == "Johann Muster"
    assert names.current()("quoted_people", "Hans Muster") == "Johann Muster"
    assert names.current()("places", "Hans Muster") == "Hans Muster"
    assert names.current()("agency", "Hans Muster") == "Hans Muster"
    rules.write_text("Unsinn\n")
    with pytest.raises(UsageError, match="1"):
        names.current()


@pytest.mark.parametrize(
    ("field", "name", "canonical"),
    [
        ("places", "Mazedonien", "Nordmazedonien"),
        ("places", "Kyiv", "Kiew"),
        ("places", "Frankfurt", "Frankfurt"),
        ("organisations", "Weltsicherheitsrat", "UN-Sicherheitsrat"),
        ("organisations", "union berlin", "1. FC Union Berlin"),
        ("organisations", "Bayern", "Bayern"),
        ("organisations", "Kyiv", "Kyiv"),
        ("people", "Mazedonien", "Mazedonien"),
        ("agency", "Mazedonien", "Mazedonien"),
    ],
)
def test_a_name_is_asked_for_as_indexing_calls_it(
    field: str, name: str, canonical: str, tmp_path: Path
) -> None:
    assert CanonicalNames(tmp_path / "aliases.txt").current()(field, name) == canonical


def test_what_a_user_calls_a_place_beats_the_list(tmp_path: Path) -> None:
    rules = tmp_path / "aliases.txt"
    rules.write_text("rename LOC: Nordmazedonien = Mazedonien\n")
    assert CanonicalNames(rules).current()("places", "Makedonien") == "Mazedonien"


def test_an_archive_made_by_hand_searches_without_settings_or_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    archive = depesche.Archive(cast("Elasticsearch", None), "articles")
    assert not archive.meaning
    with pytest.raises(UsageError, match="no field"):
        archive.export("Vertrag", ["nichts"])
    assert not list(tmp_path.iterdir())


def test_a_name_alone_is_no_list_of_names() -> None:
    with pytest.raises(UsageError, match="Merkel"):
        depesche.Query("x", people="Merkel")  # type: ignore[arg-type]


def test_an_export_is_written_in_a_known_format_only() -> None:
    stream = io.StringIO()
    nothing = cast("Any", None)
    with pytest.raises(UsageError, match="jsonl, csv"):
        Export(("id",), nothing, nothing, "articles").write(stream, "xml")  # type: ignore[arg-type]
    assert not stream.getvalue()


def test_a_program_keeps_the_transports_that_a_command_does_without() -> None:
    made = (
        "from depesche import Archive, Settings; "
        "Archive.of(Settings(elasticsearch_url='http://127.0.0.1:9'))"
    )
    assert "requests" in loaded_by(made)
    command = "from worker.commands.common import archive; archive()"
    address = "import os; os.environ['DEPESCHE_ELASTICSEARCH_URL'] = 'http://127.0.0.1:9'"
    assert "requests" not in loaded_by(f"{address}\n{command}")
