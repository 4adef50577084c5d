"""What a stranger has put where everybody may, before somebody worked there."""

from __future__ import annotations

import os
import subprocess
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from articles.errors import UsageError
from depesche.canonical import CanonicalNames
from depesche.versions import version_document
from tasks.data_folder import planted
from tasks.embedded import address
from tasks.settings import read_settings
from tasks.site import FILE, known_as
from tests.security.stranger import STRANGERS, as_root, as_user, let_in
from worker.access_lists import ACCESS, DEFAULT
from worker.commands.common import below_inbox
from worker.folders import Folders
from worker.inbox.dropped import Dropped
from worker.mirror.mirrors import Mirrors
from worker.processes import above
from worker.processes.demo_folder import MARK, demo_folder
from worker.processes.itself import itself
from worker.services import adopt, jdk, maven, process, runfile
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
    """In his own folder he exchanges the data folder or the cache that we made there."""
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
        )
        for work in works:
            assert "may have been planted" in str(as_user(victim, work)), work
        place.rename(his) if "folder" in way else place.unlink()
        os.chown(his, victim, victim)
        his.chmod(0o755)
        assert isinstance(as_user(victim, Folders(his / "data").prepare), Folders)


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_what_is_away_while_it_is_looked_for_is_not_believed_either(victim: int) -> None:
    """In `/tmp` his folder can be away then, and back before anything is made in it."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        data = Path(name, "news", "data")
        assert "may be about to plant" in str(as_user(victim, partial(adopt.check, data)))
        assert "may be about to plant" in str(as_user(victim, partial(planted, data)))
        assert as_user(victim, partial(planted, data, missing=True)) == ""
        as_user(victim, data.parent.mkdir)
        assert as_user(victim, partial(planted, data)) == ""


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_a_stranger_s_process_that_names_what_a_fetch_left_is_let_be(victim: int) -> None:
    """Who fetches ends what a killed fetch left running, and was ended by what he may not."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        names = ["sleep", "60", f"{name}/fetching-1"]
        with subprocess.Popen(
            [*("bash", "-c", 'sleep "$1"'), *names], user=STRANGERS[0], group=STRANGERS[0]
        ) as his:
            answer = as_user(victim, partial(process.kill_all_naming, Path(name, "fetching-1")))
            assert answer is None
            assert his.poll() is None
            his.kill()


@as_root
@pytest.mark.parametrize("owner", [0, STRANGERS[0]])
def test_nor_are_services_alone_started_in_one(owner: int) -> None:
    """Red before: whose it is was not asked; and `down` did not stop what had been started."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        data = Path(name, "data")
        data.mkdir()
        os.chown(data, owner, owner)
        started, ended = _run(data, "up", "--services-only"), _run(data, "down")
        assert ("may have been planted" in started.stderr) is bool(owner)
        assert {started.returncode, ended.returncode} == {2 if owner else 0}, ended.stderr


@as_root
@pytest.mark.parametrize("owner", [0, STRANGERS[0]])
def test_nothing_in_one_is_opened_before_somebody_asks_whose_it_is(
    owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: SQLite played back the journal beside his mirror, and deleted what it named."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        folders, tree = Folders(Path(name, "data")).prepare(), Path(name, "tree")
        tree.mkdir()
        Mirrors(folders).add(tree)
        (folders.data / FILE).write_text("geheim\n")
        (folders.data / "aliases.txt").write_text("rename PER: Hans Muster = Johann\n")
        (folders.data / "archive" / "a.txt").write_text("Ein Satz.")
        os.chown(folders.data, owner, owner)
        monkeypatch.setenv("DEPESCHE_DATA", str(folders.data))
        told = _told_of(folders.data, f"{tree}/a.txt")
        if owner == 0:
            assert told == ("tree/a.txt", ["geheim"], "Johann", "Ein Satz.")
        else:
            assert told[:3] == (f"{tree}/a.txt", [], "Hans Muster")
            assert "may have been planted" in told[3]


def _told_of(data: Path, path: str) -> tuple[str, list[str], str, str]:
    """What commands read there of mirrors, the site, the rules and an article's file."""
    named = CanonicalNames(data / "aliases.txt").current()("people", "Hans Muster")
    source = {"path": "a.txt", "sha256": sha256(b"Ein Satz.").hexdigest(), "bytes": 9}
    try:
        text = version_document(read_settings(), {"id": "t-1", "source": source}, 1)["headline"]
    except UsageError as error:
        text = str(error)
    return below_inbox(path), known_as(data), named, text


def _run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "DEPESCHE_DATA": str(data),
        "DEPESCHE_REDIS_URL": "redis://127.0.0.1:9",
        "DEPESCHE_ELASTICSEARCH_URL": "http://127.0.0.1:9",
    }
    return subprocess.run(
        itself(*words),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


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
@pytest.mark.parametrize("way", ["his mark", "everybody's", "his group's", "named by its list"])
def test_the_demo_empties_no_folder_that_others_may_write(victim: int, way: str) -> None:
    """Red before: a mark of anybody's made it the demo's."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        data, kept = Path(name, ".demo"), Path(name, ".demo", "run", "kept")
        kept.parent.mkdir(parents=True)
        kept.touch()
        (data / MARK).touch()
        for path in (data, *data.rglob("*")):
            os.chown(path, victim, victim)
        if "mark" in way:
            os.chown(data / MARK, STRANGERS[0], STRANGERS[0])
        elif "list" in way:
            let_in(data, STRANGERS[0], ACCESS)
        else:
            os.chown(data, victim, 1)
            data.chmod(0o777 if "everybody" in way else 0o2775)
        said = str(as_user(victim, partial(_demonstrated, data)))
        assert ("was not made by" if "mark" in way else "may be written by") in said
        assert kept.exists()


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
            (victim, 0, 0o757, "may be written by everybody"),
            (0, 0, 0o755, ""),
        ):
            news.mkdir()
            os.chown(news, owner, group)
            news.chmod(mode)
            said = as_user(victim, partial(above.said_of, data))
            assert (f"{news} {told}" in str(said)) if told else said == "", said
            news.rmdir()


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_who_owns_the_data_folder_itself_is_named(victim: int) -> None:
    """In a group's folder with the sticky bit a member of it may have been first."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        data = Path(name, "data")
        data.mkdir()
        os.chown(data, STRANGERS[0], STRANGERS[0])
        said = str(as_user(victim, partial(above.said_of, data)))
        assert f"{data} belongs to another user (uid {STRANGERS[0]})" in said
        os.chown(data, victim, victim)
        assert as_user(victim, partial(above.said_of, data)) == ""


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_a_folder_that_is_named_is_not_looked_into_by_a_strangers_link(victim: int) -> None:
    """`depesche ingest` took what he may not read himself for the folder that lies there."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        secret, his, own = Path(name, "secret"), Path(name, "his"), Path(name, "own")
        (secret / "deep").mkdir(parents=True)
        (secret / "deep" / "a.txt").write_text("geheim")
        for place in (secret, secret / "deep"):
            os.chown(place, victim, victim)
        as_user(STRANGERS[0], partial(his.symlink_to, secret))
        as_user(victim, partial(own.symlink_to, secret))
        for path in (his, his / "deep"):
            answer = as_user(victim, partial(_named_below, path))
            assert isinstance(answer, UsageError)
            assert f"a link of another user (uid {STRANGERS[0]}) leads there" in str(answer)
        assert as_user(victim, partial(_named_below, own)) == ["secret/deep/a.txt"]


def _named_below(path: Path) -> list[str]:
    return [relative for _, relative in Dropped().under(path)]


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_whom_an_access_list_lets_exchange_it_is_named_too(victim: int) -> None:
    """Red before: the mode of a folder says of its list no more than the mask."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        news = Path(name, "news")
        news.mkdir()
        let_in(news, STRANGERS[0], ACCESS)
        os.chown(news, victim, 0)
        named = f"{news} may be written by another user (uid {STRANGERS[0]}), whom its access list"
        assert named in str(as_user(victim, partial(above.said_of, news / "data")))
        news.chmod(0o755)  # takes `w` from the mask
        assert as_user(victim, partial(above.said_of, news / "data")) == ""


@as_root
def test_who_owns_a_folder_that_a_link_on_the_way_lies_in_is_named_too() -> None:
    """Red before: neither the path that was asked nor the real one has it."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        his, asked = Path(name, "his"), Path(name, "asked")
        his.mkdir()
        (his / "link").symlink_to(name)
        asked.symlink_to(his / "link")
        os.chown(his, STRANGERS[0], STRANGERS[0])
        assert f"{his} belongs to another user" in above.said_of(asked / "data")
        os.chown(his, 0, 0)
        his.chmod(0o1777)
        os.chown(his / "link", STRANGERS[0], STRANGERS[0], follow_symlinks=False)
        his.chmod(0o1775)  # a folder of a group's, in which he could put his link all the same
        said = f"{his}/link is a link of another user (uid {STRANGERS[0]})"
        assert said in above.said_of(asked / "data")
        his.chmod(0o1777)
        with pytest.raises(UsageError, match=f"{his}/link belongs to another user"):
            Folders(asked / "data").prepare()


@as_root
@pytest.mark.parametrize("lists", [(ACCESS,), (DEFAULT,), (ACCESS, DEFAULT)])
def test_nobody_whom_a_list_names_renames_what_lies_in_the_data_folder(
    lists: tuple[str, ...],
) -> None:
    """Red before: `up` took `r` from the mask, and left `w` there."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o711)
        let_in(Path(name), STRANGERS[0], DEFAULT)
        folders = Folders(Path(name, "data"))
        folders.data.mkdir(0o777)
        let_in(folders.data, STRANGERS[0], *lists)
        aside = partial(folders.prepare().archive.rename, folders.data / "aside")
        assert folders.hide()
        assert isinstance(as_user(STRANGERS[0], aside), PermissionError)
        assert DEFAULT not in os.listxattr(folders.data)
        assert as_user(STRANGERS[0], partial(os.listdir, folders.inbox)) == []


@as_root
def test_whom_a_list_names_may_not_list_the_data_folder_and_hold_its_lock() -> None:
    """Red before: where others might not list it, `up` left its list as it was."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o711)
        folders = Folders(Path(name, "data"))
        folders.data.mkdir()
        let_in(folders.data, STRANGERS[0], ACCESS, others=0)
        folders.prepare()
        assert folders.hide()
        listed = as_user(STRANGERS[0], partial(os.listdir, folders.data))
        assert isinstance(listed, PermissionError)
        assert as_user(STRANGERS[0], partial(os.listdir, folders.inbox)) == []
        assert not folders.hide()


@as_root
@pytest.mark.parametrize("command", ["up", "demo"])
def test_up_and_demo_say_once_who_could_exchange_their_folder(command: str) -> None:
    with TemporaryDirectory(prefix="depesche-test-") as name:
        his, data = Path(name, "his"), Path(name, "his", "data")
        (data / "archive" / "article").mkdir(parents=True)
        os.chown(his, STRANGERS[0], STRANGERS[0])
        done = _run(data, *(["demo", "--data", str(data)] if command == "demo" else ["up"]))
        assert done.stderr.count(f"{his} belongs to another user (uid {STRANGERS[0]})") == 1


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
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
@pytest.mark.parametrize("way", ["his folder", "his group's", "his link"])
def test_nor_out_of_one_whose_place_another_could_take(victim: int, way: str) -> None:
    """Red before: above it, only a folder was refused that everybody may write."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        top, cache = Path(name, "top"), Path(name, "top", "cache")
        cache.mkdir(parents=True)
        for path in (Path(name), top, cache):
            os.chown(path, victim, victim)
        assert as_user(victim, partial(adopt.check, cache)) is None
        if "link" in way:
            (top / "link").symlink_to("cache")
            os.chown(top / "link", STRANGERS[0], STRANGERS[0], follow_symlinks=False)
            cache = top / "link"
        else:
            os.chown(top, *((STRANGERS[0],) * 2 if "folder" in way else (victim, STRANGERS[0])))
            top.chmod(0o775)
        said = str(as_user(victim, partial(adopt.check, cache)))
        assert said.startswith(f"{name}/top")
        assert said.endswith("Set XDG_CACHE_HOME to a folder that nobody else may write.")


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_nor_out_of_one_that_is_away_while_it_is_looked_for(victim: int) -> None:
    """Red before, in a group's folder with the sticky bit: his link was away at each look."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        os.chown(name, victim, STRANGERS[0])
        cache = Path(name, "his", "depesche")
        check = partial(as_user, victim)
        assert check(partial(adopt.check, cache)) is None
        Path(name).chmod(0o1775)
        said = str(check(partial(adopt.check, cache)))
        assert said.startswith(f"{name}/his is not there, and {name} may be written by a group")
        assert check(partial(adopt.check, cache, missing=True)) is None, "it is to be made"
        cache.mkdir(parents=True)
        for path in (cache, cache.parent):
            os.chown(path, victim, victim)
        assert check(partial(adopt.check, cache)) is None


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_nor_out_of_one_that_a_list_lets_another_write(victim: int) -> None:
    """Red before: of a plain user's, whose group has nobody else, the mode alone was asked."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        os.chown(name, victim, victim)
        let_in(Path(name), STRANGERS[0], ACCESS)
        said = str(as_user(victim, partial(adopt.check, Path(name))))
        assert said.startswith(f"{name} may be written by")


@as_root
@pytest.mark.parametrize("below", [".", "home"])
def test_no_java_of_a_stranger_is_run_and_no_options_of_his_for_maven(below: str) -> None:
    """Where `HOME` is `/tmp`, or a folder there that he has made first (red before, for Maven)."""
    uid = STRANGERS[1]
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        home = Path(name, below)
        pattern = [f"{home}/.jdks/*"]

        def plant() -> None:
            home.mkdir(exist_ok=True)
            for folder in (home / ".jdks" / "jdk-99" / "bin", home / ".m2"):
                folder.mkdir(parents=True)
            java = home / ".jdks" / "jdk-99" / "bin" / "java"
            java.write_text(f"#!/bin/sh\ntouch {home}/ran\necho java.base@99\n")
            java.chmod(0o755)
            (home / ".mavenrc").write_text(f"touch {home}/ran\n")

        def tried() -> tuple[list[Path], dict[str, str]]:
            given = {"HOME": str(home), "PATH": os.environ["PATH"], "MAVEN_OPTS": "-Xmx64m"}
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


@as_root
def test_no_java_is_run_in_a_folder_of_another_s(tmp_path: Path) -> None:
    """Red before: as root, of whoever owns a folder in `/opt`; what is root's own is found."""
    tool = tmp_path / "opt" / "tool"
    (tool / "bin").mkdir(parents=True)
    (tool / "bin" / "java").touch()
    pattern = [f"{tool.parent}/*"]
    assert list(jdk.candidates({}, pattern)) == [tool]
    os.chown(tool, STRANGERS[0], STRANGERS[0])
    assert list(jdk.candidates({}, pattern)) == []


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_maven_obeys_no_options_in_a_home_that_another_may_write(victim: int) -> None:
    """As `sudo` may leave it; without any, all is as it was (`/etc/mavenrc` counts)."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o755)
        home = Path(name, "home")
        home.mkdir()
        given = {"HOME": str(home)}
        for owner, well in ((0, True), (victim, True), (STRANGERS[0], False)):
            os.chown(home, owner, owner)
            obeyed = as_user(victim, partial(maven.environment, given))
            assert isinstance(obeyed, dict), obeyed
            assert (obeyed == given) is well, obeyed
