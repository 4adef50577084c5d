"""What a stranger has put where everybody may, before somebody worked there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from articles.errors import UsageError
from tasks.embedded import address
from tests.security.stranger import STRANGERS, as_root, as_user
from worker.folders import Folders
from worker.log_file import LogFile
from worker.logs import LossyStream
from worker.processes import above
from worker.processes.demo_folder import MARK, demo_folder
from worker.processes.itself import itself
from worker.services import adopt, jdk, maven, runfile
from worker.services.runfile import Run
from worker.services.sockets import url_of


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_a_data_folder_that_another_planted_is_not_worked_in(victim: int) -> None:
    """`depesche up` in `/tmp` means `/tmp/data`; whose that is exchanges what lies in it."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        data, inbox = Path(name, "data"), Path(name, "data", "inbox")
        for planter, well in ((STRANGERS[0], False), (victim, True), (0, True)):
            for place in (data, inbox):
                place.mkdir(exist_ok=True)
                os.chown(place, planter, planter)
                place.chmod(0o777)
            for work in (
                Folders(data).prepare,
                Folders(data).present,
                partial(_demonstrated, data),
            ):
                answer = str(as_user(victim, work))
                assert ("may have been planted" in answer) is not well, answer
        link = Path(name, "link")
        as_user(STRANGERS[0], partial(link.symlink_to, data))
        assert "may have been planted" in str(as_user(victim, Folders(link).present))


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
@pytest.mark.parametrize("way", ["a folder above it", "a link above it"])
def test_a_folder_above_it_that_another_planted_is_no_better(victim: int, way: str) -> None:
    """In his own folder he exchanges the data folder, the cache or the log that we made there."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        place, his = Path(name, "news"), Path(name, "his")
        his.mkdir(0o777)
        his.chmod(0o777)
        os.chown(his, STRANGERS[0], STRANGERS[0])
        plant = partial(his.rename, place) if "folder" in way else partial(place.symlink_to, his)
        as_user(STRANGERS[0], plant)
        data = place / "deep" / "data"
        works = (
            Folders(data).prepare,
            partial(_demonstrated, data),
            partial(adopt.check, place / ".cache" / "depesche"),
            LogFile(place / "depesche.log").opened,
        )
        for work in works:
            assert "may have been planted" in str(as_user(victim, work)), work
        place.rename(his) if "folder" in way else place.unlink()
        os.chown(his, victim, victim)
        his.chmod(0o755)
        assert isinstance(as_user(victim, Folders(his / "data").prepare), Folders)


def _demonstrated(data: Path) -> None:
    with demo_folder(data, str):
        pass


@as_root
@pytest.mark.parametrize("whose", ["his", "ours"])
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_the_demo_empties_no_folder_that_another_puts_in_the_place_of_its_own(
    victim: int, whose: str
) -> None:
    """It means `.demo` in the working folder, and whoever owns that one exchanges what is in it."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        his, precious = Path(name, "his"), Path(name, "precious")
        data, kept = his / ".demo", precious / "deep" / "file"
        kept.parent.mkdir(parents=True)
        data.mkdir(parents=True)
        for path in (kept, data / MARK, precious / MARK):
            path.touch()
        for path in (precious, *precious.rglob("*")):
            os.chown(path, victim, victim)
        os.chown(his, STRANGERS[0], STRANGERS[0])
        for path in (data, data / MARK):
            os.chown(path, *[STRANGERS[0] if whose == "his" else victim] * 2)
        his.chmod(0o777)  # so that this process, as the victim, can do what his owner would do

        def exchange(_: Path) -> None:
            data.rename(his / "aside")
            data.symlink_to(precious)

        def demonstrated() -> None:
            with demo_folder(data, exchange):
                pass

        answer = as_user(victim, demonstrated)
        assert kept.exists()
        if whose == "his":
            assert "belongs to another user" in str(answer)
            assert not (his / "aside").exists()


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_who_could_exchange_the_data_folder_is_named(victim: int) -> None:
    """He is trusted, as who may write into it: his home may well be where root works."""
    his = STRANGERS[0]
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        news = Path(name, "news")
        data = news / "deep" / "data"
        for owner, group, mode, told in (
            (his, his, 0o755, f"belongs to another user (uid {his})"),
            (victim, 0, 0o2775, ""),
            (victim, 1, 0o2775, "may be written by a group (gid 1)"),
            (victim, 1, 0o3775, ""),
            (victim, 1, 0o755, ""),
            (victim, victim, 0o2775, ""),
            (0, 0, 0o755, ""),
        ):
            news.mkdir()
            os.chown(news, owner, group)
            news.chmod(mode)
            said = as_user(victim, partial(above.said_of, data))
            assert (f"{news} {told}" in str(said)) if told else said == "", said
            news.rmdir()


@as_root
@pytest.mark.parametrize("command", ["up", "demo"])
def test_up_and_demo_say_once_who_could_exchange_their_folder(command: str) -> None:
    with TemporaryDirectory(prefix="depesche-test-") as name:
        his, data = Path(name, "his"), Path(name, "his", "data")
        (data / "archive" / "article").mkdir(parents=True)
        os.chown(his, STRANGERS[0], STRANGERS[0])
        environment = {
            "DEPESCHE_DATA": str(data),
            "DEPESCHE_REDIS_URL": "redis://127.0.0.1:9",
            "DEPESCHE_ELASTICSEARCH_URL": "http://127.0.0.1:9",
        }
        words = itself(*(["demo", "--data", str(data)] if command == "demo" else ["up"]))
        done = subprocess.run(
            words, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        assert done.stderr.count(f"{his} belongs to another user (uid {STRANGERS[0]})") == 1


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_no_log_is_written_where_a_stranger_leads_it(victim: int) -> None:
    """Names of files are in it, which root would have appended to any file of root's."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        log, treasure = Path(name, "depesche.log"), Path(name, "treasure")
        opened = partial(_written, log)
        treasure.write_text("secret")
        os.chown(treasure, victim, victim)
        pipe = partial(os.mkfifo, log)
        for plant in (partial(log.symlink_to, treasure), log.touch, pipe):
            assert as_user(STRANGERS[0], plant) is None
            assert isinstance(as_user(victim, opened), OSError), plant
            log.unlink()
        os.link(treasure, log)  # as anybody may where fs.protected_hardlinks is 0
        assert isinstance(as_user(victim, opened), PermissionError)
        log.unlink()
        assert as_user(victim, opened) is None
        log.unlink()
        as_user(victim, partial(log.symlink_to, treasure))
        assert as_user(victim, opened) is None, "a link of his own is well"
        assert treasure.read_text() == "secretline\n"


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
@pytest.mark.parametrize("way", ["his folder", "his group's", "below his folder"])
def test_no_log_is_written_through_what_another_s_folder_has(victim: int, way: str) -> None:
    """Whoever may put names there, not only where everybody may: a link leads to any file."""
    his = STRANGERS[0]
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        folder, treasure = Path(name, "news"), Path(name, "treasure")
        folder.mkdir()
        log = folder / "link" / "treasure" if "below" in way else folder / "depesche.log"
        os.chown(folder, victim if "group" in way else his, his)
        folder.chmod(0o2775 if "group" in way else 0o755)
        treasure.write_text("secret")
        os.chown(treasure, victim, victim)
        opened = partial(_written, log)
        link, pipe = partial(log.symlink_to, treasure), partial(os.mkfifo, log)
        plants: list[Callable[[], object]] = [link, log.touch, pipe]
        if "below" in way:
            plants = [partial((folder / "link").symlink_to, name)]
        for plant in plants:
            assert as_user(his, plant) is None
            assert isinstance(as_user(victim, opened), OSError), plant
            (folder / "link" if "below" in way else log).unlink()
        if "below" not in way:
            os.link(treasure, log)
            assert isinstance(as_user(victim, opened), PermissionError)
        assert treasure.read_text() == "secret"


@as_root
def test_a_log_behind_links_of_our_own_is_written_and_made(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "link").symlink_to("logs")
    (tmp_path / "logs" / "a.log").symlink_to("../link/../deep.log")
    for _ in range(2):
        _written(tmp_path / "link" / "a.log")
    assert (tmp_path / "deep.log").read_text() == "line\n" * 2
    (tmp_path / "self").symlink_to("self")
    with pytest.raises(OSError, match="links"):
        _written(tmp_path / "self")


@as_root
def test_a_full_log_is_renewed_by_no_link_of_another(tmp_path: Path) -> None:
    """It is locked meanwhile, and was made for that where the link leads."""
    (tmp_path / "news").mkdir()
    log = tmp_path / "news" / "depesche.log"
    log.symlink_to(tmp_path / "nologin")
    for place in (log.parent, log):
        os.chown(place, STRANGERS[0], STRANGERS[0], follow_symlinks=False)
    with pytest.raises(OSError, match="a link of another user"):
        LogFile(log)._renew()
    assert not (tmp_path / "nologin").exists()


def _written(log: Path) -> None:
    with os.fdopen(LogFile(log).opened(), "a") as file:
        file.write("line\n")


@as_root
def test_a_log_grows_no_further_where_the_names_of_older_ones_are_anothers() -> None:
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        log = Path(name, "depesche.log")
        as_user(STRANGERS[0], log.with_name("depesche.log.1").touch)
        said = as_user(STRANGERS[1], partial(_write_lines, LogFile(log, most=1_000)))
        assert isinstance(said, int), said
        assert 0 < said < 2_000


def _write_lines(file: LogFile) -> int:
    """How large it is behind very many of them."""
    stream = LossyStream(os.fdopen(2, "w", buffering=1), file)
    file.follow()
    for _ in range(100):
        stream.write("x" * 99 + "\n")
    return file.path.stat().st_size


@as_root
@pytest.mark.parametrize("planted", ["a folder", "a link"])
def test_a_socket_below_tmp_is_not_believed_in_a_strangers_folder(planted: str) -> None:
    """With a long path of the data folder Redis has it there; a restart clears `/tmp` up."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        data, own = Path(name, "data"), Path(name, "own")
        Folders(data).prepare()
        me = psutil.Process()
        runfile.keep(data, Run("redis", me.pid, me.create_time(), url_of(own / "redis.sock")))
        assert address(data, "redis")
        own.mkdir(0o700)
        assert address(data, "redis")
        own.rmdir()
        make = own.mkdir if planted == "a folder" else partial(own.symlink_to, name)
        as_user(STRANGERS[0], make)
        with pytest.raises(UsageError, match="not believed"):
            address(data, "redis")


@as_root
def test_no_program_is_run_out_of_a_cache_that_another_made_first() -> None:
    """As in `/tmp`, where `HOME` is that; one of root's, or open to his own group, is well."""
    uid = STRANGERS[1]
    with TemporaryDirectory(prefix="depesche-test-") as name:
        cache = Path(name, "depesche")
        cache.mkdir()
        for top in (Path(name), cache):
            top.chmod(0o775)
        for owner, group, well in ((0, 0, True), (uid, uid, True), (STRANGERS[0], uid, False)):
            os.chown(name, uid, uid)
            os.chown(cache, owner, group)
            answer = as_user(uid, partial(adopt.check, cache))
            assert (answer is None) is well, answer
            assert well or isinstance(answer, UsageError)
        os.chown(cache, uid, uid)
        Path(name).chmod(0o777)
        assert isinstance(as_user(uid, partial(adopt.check, cache)), UsageError), "not sticky"


@as_root
def test_no_java_of_a_stranger_is_run_and_no_options_of_his_for_maven() -> None:
    """Where `HOME` is `/tmp`."""
    uid = STRANGERS[1]
    with TemporaryDirectory(prefix="depesche-test-") as name:
        home = Path(name)
        home.chmod(0o1777)
        pattern = [f"{home}/.jdks/*"]

        def plant() -> None:
            for folder in (home / ".jdks" / "jdk-99" / "bin", home / ".m2"):
                folder.mkdir(parents=True)
            java = home / ".jdks" / "jdk-99" / "bin" / "java"
            java.write_text(f"#!/bin/sh\ntouch {home}/ran\necho java.base@99\n")
            java.chmod(0o755)
            (home / ".mavenrc").write_text(f"touch {home}/ran\n")

        def tried() -> tuple[list[Path], dict[str, str]]:
            given = {"HOME": name, "PATH": os.environ["PATH"], "MAVEN_OPTS": "-Xmx64m"}
            return list(jdk.candidates({}, pattern)), maven.environment(given)

        as_user(STRANGERS[0], plant)
        seen = as_user(uid, tried)
        assert isinstance(seen, tuple), seen
        assert seen[0] == []
        assert seen[1]["MAVEN_SKIP_RC"] == "1"
        assert seen[1]["MAVEN_OPTS"] == "-Xmx64m -Duser.home=."
        for path in (home, *home.rglob("*")):
            os.chown(path, uid, uid)
        seen = as_user(uid, tried)
        assert isinstance(seen, tuple), seen
        assert seen[0] == [home / ".jdks" / "jdk-99"]
        assert "MAVEN_SKIP_RC" not in seen[1]
        assert seen[1]["MAVEN_OPTS"] == "-Xmx64m"
        assert not (home / "ran").exists()
