"""Settings come from the environment; each wrong variable is named, and no secret is shown."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from articles.errors import UsageError
from tasks.settings import Settings, elasticsearch_url, read_settings, redis_address


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("DEPESCHE_"):
            monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"DEPESCHE_{name.upper()}", value)
    return read_settings()


def test_nothing_need_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings()
    assert settings.data == tmp_path / "data"
    assert settings.index == "articles"
    assert settings.redis_url is settings.elasticsearch_url is None
    assert settings.ingest_folders == ()


def test_an_empty_variable_is_as_if_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, redis_url="", index="", max_file_bytes="", ingest_folders="")
    assert settings.redis_url is None
    assert settings.index == "articles"
    assert settings.ingest_folders == ()


def test_each_wrong_variable_is_named_and_no_value_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as wrong:
        read(
            monkeypatch,
            batch_files="0",
            redis_port="70000",
            quiet_seconds="secretvalue",
            elasticsearch_heap="1",
            index="Articles",
            enrich_queue="1",
            max_file_bytes="52428800",
            reader_seconds="0",
            poll="perhaps",
        )
    lines = str(wrong.value).splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == [
        "DEPESCHE_BATCH_FILES",
        "DEPESCHE_ELASTICSEARCH_HEAP",
        "DEPESCHE_ENRICH_QUEUE",
        "DEPESCHE_INDEX",
        "DEPESCHE_MAX_FILE_BYTES",
        "DEPESCHE_POLL",
        "DEPESCHE_QUIET_SECONDS",
        "DEPESCHE_READER_SECONDS",
        "DEPESCHE_REDIS_PORT",
    ]
    assert "secretvalue" not in str(wrong.value)


def test_an_archive_is_an_address_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("", "none", "https://mirror.example/es/elasticsearch-9.4.3.tar.gz"):
        assert read(monkeypatch, elasticsearch_archive=given).elasticsearch_archive == given
    for wrong in (
        "elasticsearch.tar.gz",
        "ftp://mirror.example/a.tar.gz",
        "https://mirror.example/",
    ):
        with pytest.raises(UsageError, match="DEPESCHE_ELASTICSEARCH_ARCHIVE"):
            read(monkeypatch, elasticsearch_archive=wrong)


def test_the_log_file_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(monkeypatch, log_file="x.log").log_file == tmp_path / "x.log"
    assert read(monkeypatch, log_file="").log_file is None


def test_the_data_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert read(monkeypatch, data="x/y").data == tmp_path / "x" / "y"
    assert read(monkeypatch, data="~/y").data == Path("/home/somebody/y")
    assert read(monkeypatch, data="/y").data == Path("/y")


def test_licences_are_days_by_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, retention="dpa=30, afp = 14,").retention == {"dpa": 30, "afp": 14}
    assert read(monkeypatch, retention="").retention == {}
    for wrong in ("dpa", "dpa=viel", "=30", "dpa=-1"):
        with pytest.raises(UsageError, match="DEPESCHE_RETENTION"):
            read(monkeypatch, retention=wrong)


def test_ingest_folders_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = os.pathsep.join(["/a b", "/c"])
    assert read(monkeypatch, ingest_folders=joined).ingest_folders == (Path("/a b"), Path("/c"))
    assert read(monkeypatch, ingest_folders="/a").ingest_folders == (Path("/a"),)


@pytest.mark.parametrize("value", ["/a:", ":/a", "/a::", ":/a:"])
def test_an_empty_part_allows_no_folder(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    value = value.replace(":", os.pathsep)
    assert read(monkeypatch, ingest_folders=value).ingest_folders == (Path("/a"),)


@pytest.mark.parametrize("name", ["articles", "a-1_b.c", "1", "zeitung-ä"])
def test_index_names_that_elasticsearch_takes(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert read(monkeypatch, index=name).index == name


@pytest.mark.parametrize(
    "name",
    ["Articles", "_a", "-a", "+a", ".", "..", ".a", "a b", "a,b", "a*", "a/b", "a\\b", "a:b", "a?",
     "a#", 'a"', "<a>", "a|b", " "],
)  # fmt: skip
def test_index_names_that_it_refuses(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(UsageError, match="DEPESCHE_INDEX"):
        read(monkeypatch, index=name)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        redis_url="redis://:hunter2@localhost/0",
        elasticsearch_url="http://elastic:hunter2@localhost:9200",
        elasticsearch_api_key="hunter2",
        kibana_password="hunter2",
    )
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings)
    assert "hunter2" not in settings.model_dump_json()
    address = redis_address(settings)
    assert address.password == "hunter2"
    assert "hunter2" not in f"{address} {address!r}"
    assert elasticsearch_url(settings) == "http://elastic:hunter2@localhost:9200"


def test_without_a_url_the_embedded_service_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read(monkeypatch, data=str(tmp_path))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "redis.json").write_text(json.dumps({"url": "unix:///run/r.sock?db=0"}))
    assert str(redis_address(settings)) == "unix:///run/r.sock"


@pytest.mark.parametrize("content", [None, "", "{", "{}", '{"port": 1}'])
def test_no_service_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    settings = read(monkeypatch, data=str(tmp_path))
    if content is not None:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "elasticsearch.json").write_text(content)
    with pytest.raises(UsageError, match=r"depesche up.*DEPESCHE_ELASTICSEARCH_URL"):
        elasticsearch_url(settings)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().index = "other"  # type: ignore[misc]


def test_only_search_by_meaning_asks_for_a_field_of_its_own() -> None:
    assert Settings().fields() == ()
    assert Settings(meaning=True).fields() == ("meaning",)


def test_a_time_zone_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).time_zone == "Europe/Berlin"
    assert read(monkeypatch, time_zone="Europe/Vienna").time_zone == "Europe/Vienna"
    for wrong in ("Berlin", "MESZ+2", "../etc", "/etc/localtime"):
        with pytest.raises(UsageError, match=r"DEPESCHE_TIME_ZONE.*no such time zone"):
            read(monkeypatch, time_zone=wrong)
