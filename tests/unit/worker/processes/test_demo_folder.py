"""The demo empties its own folder, and touches no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from articles.errors import UsageError
from tasks.settings import elasticsearch_tls, read_settings, redis_address
from worker.folders import Folders
from worker.processes.demo import _environment, demo, demo_settings
from worker.processes.demo_folder import MARK, demo_folder
from worker.processes.one_up import only_one
from worker.processes.samples import drop_samples, samples
from worker.services import credentials


def _contents(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A data folder that somebody works with."""
    data = tmp_path / "data"
    (data / "archive").mkdir(parents=True)
    (data / "archive" / "a.txt").write_text("Titel")
    return data


def test_a_folder_that_it_did_not_make_is_refused_and_left_as_it_is(archive: Path) -> None:
    stopped: list[Path] = []
    before = _contents(archive)
    refused = pytest.raises(UsageError, match="was not made by `depesche demo`")
    with refused, demo_folder(archive, stopped.append):
        pass
    assert _contents(archive) == before
    assert stopped == [], "services of that folder run on"


def test_the_demo_itself_asks_before_it_does_anything(archive: Path) -> None:
    before = _contents(archive)
    with pytest.raises(UsageError, match="was not made by"), demo(archive, print):
        pass
    assert _contents(archive) == before


@pytest.mark.parametrize("there", [True, False])
def test_its_own_is_emptied_each_time(tmp_path: Path, there: bool) -> None:
    data = tmp_path / "tief" / "demo"
    if there:
        data.mkdir(parents=True)
    for _ in range(2):
        stopped: list[Path] = []
        with demo_folder(data, stopped.append, ["a.txt"]):
            assert _contents(data) == [MARK]
            assert stopped == [data]
            (data / "archive" / "x").mkdir(parents=True)
            (data / "archive" / "x" / "a.txt").touch()
            (data / "services").symlink_to(tmp_path)
    assert tmp_path.exists()


@pytest.mark.parametrize(
    "path",
    [
        *("inbox/b.txt", "archive/x/b.txt", "failed/b.txt", "spool/1/files/b.txt", "aliases.txt"),
        *("reports", "reports/closed/a", ".env", "mirrors"),
    ],
)
def test_what_somebody_has_put_into_it_since_stays(tmp_path: Path, path: str) -> None:
    data = tmp_path / "demo"
    with demo_folder(data, str, ["a.txt"]):
        for name in ("archive/a.txt", "failed/a.txt.reason.json", "archive/.DS_Store", path):
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            (data / name).touch()
    stopped: list[Path] = []
    before = _contents(data)
    refused = pytest.raises(UsageError, match=f"{path.removesuffix('/closed/a')} is none of")
    with refused, demo_folder(data, stopped.append, ["a.txt"]):
        pass
    assert (_contents(data), stopped) == (before, [])


def test_a_folder_in_which_depesche_runs_is_not_emptied(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with demo_folder(data, str):
        pass
    stopped: list[Path] = []
    with only_one(data), pytest.raises(UsageError, match="Depesche runs on"):  # noqa: SIM117
        with demo_folder(data, stopped.append):
            pass
    assert stopped == []


def test_the_samples_are_the_demos(tmp_path: Path) -> None:
    folders = Folders(tmp_path).prepare()
    drop_samples(folders, print)
    assert {file.name for file in folders.inbox.iterdir()} == samples()


def test_a_folder_that_is_called_like_a_sample_keeps_no_other_from_being_dropped(
    tmp_path: Path,
) -> None:
    folders, first, said = Folders(tmp_path).prepare(), min(samples()), list[str]()
    (folders.inbox / first / "x").mkdir(parents=True)
    assert drop_samples(folders, said.append) == len(samples()) - 1
    assert {file.name for file in folders.inbox.iterdir()} == samples()
    stays = f"The sample {first} is left out: what has its name in {folders.inbox} stays there."
    assert said == [stays]


def test_files_and_links_are_refused(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "datei").touch()
    (tmp_path / "verweis").symlink_to(archive)
    for name in ("datei", "verweis"):
        with pytest.raises(UsageError, match="is no folder"), demo_folder(tmp_path / name, str):
            pass


def test_a_second_demo_does_not_wipe_the_first(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with demo_folder(data, str):
        (data / "inbox").mkdir()
        with pytest.raises(UsageError, match="already"), demo_folder(data, str):
            pass
        assert (data / "inbox").exists()


def test_settings_of_the_users_own_services_are_not_the_demos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service, url in {"redis": "rediss://a/0", "elasticsearch": "https://a:9200"}.items():
        name = f"DEPESCHE_{service.upper()}"
        monkeypatch.setenv(f"{name}_URL", url)
        for file in ("CA", "CERT", "KEY"):
            monkeypatch.setenv(f"{name}_{file}", str(tmp_path / "of the user's.pem"))
        run = {"url": "unix:///r.sock" if service == "redis" else "https://127.0.0.1:1"}
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run" / f"{service}.json").write_text(json.dumps(run))
    monkeypatch.setenv("DEPESCHE_ELASTICSEARCH_API_KEY", "secret")
    credentials.ensure(tmp_path)
    ours = demo_settings(tmp_path)
    for name, value in _environment(ours).items():  # of the workers that it starts
        monkeypatch.setenv(name, value)
    for settings in (ours, read_settings()):
        assert str(redis_address(settings)) == "unix:///r.sock"
        tls = elasticsearch_tls(settings)
        assert tls
        assert tls.cert is None
        assert Path(tls.ca or "").parent == tmp_path / "services" / "secrets"
        assert settings.elasticsearch_api_key is None
