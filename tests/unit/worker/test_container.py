"""The parts fit together as the settings say, and none is made before it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from articles.errors import UsageError
from tasks.settings import Settings
from worker.container import Container
from worker.folders import Folders
from worker.reconcile.publisher import TaskPublisher


@pytest.fixture
def parts(tmp_path: Path) -> Container:
    """Neither service answers: to make the parts asks nobody."""
    return Container(
        Settings(
            data=tmp_path / "data",
            redis_url=SecretStr("redis://127.0.0.1:1/0"),
            elasticsearch_url=SecretStr("http://127.0.0.1:1"),
            elasticsearch_api_key=SecretStr("geheim"),
        )
    )


def test_nothing_is_made_before_it_is_asked_for(parts: Container) -> None:
    assert not parts.settings.data.exists()
    assert parts.rules.path.name == "aliases.txt"
    assert parts.settings.data.exists()


@pytest.mark.parametrize(
    "name", ["intake", "senders", "watcher", "reconciler", "ledger", "spool", "queues", "client"]
)
def test_each_part_is_made_once(parts: Container, name: str) -> None:
    assert getattr(parts, name) is getattr(parts, name)


def test_the_parts_share_what_they_have_in_common(parts: Container) -> None:
    assert parts.intake.folders is parts.folders
    assert parts.intake.ledger.path == parts.ledger.path
    assert type(parts.publisher) is TaskPublisher
    assert not parts.publisher.intake("batch")  # nobody answers, and that is no error


def test_where_no_address_is_known_it_is_said(tmp_path: Path) -> None:
    parts = Container(Settings(data=tmp_path))
    with pytest.raises(UsageError, match="DEPESCHE_ELASTICSEARCH_URL"):
        _ = parts.client


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("keine Mappe")
    with pytest.raises(UsageError, match="DEPESCHE_DATA"):
        Folders(tmp_path / "data").prepare()
