"""What root gives to the user that Elasticsearch runs as, while another swaps what is given."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from articles.errors import UsageError
from tests.security.stranger import STRANGERS, as_root, as_user, let_in
from worker.access_lists import ACCESS, DEFAULT
from worker.folders import Folders
from worker.processes.check import check_folders
from worker.services import passage, user
from worker.services.folder import hand_over, newest_logs, opened
from worker.services.ground import Ground, seal
from worker.services.user import OWN, Account

pytestmark = as_root

NOBODY = STRANGERS[0]
ACCOUNT = Account(OWN[0], OWN[0])
#: Files in a folder that is swapped: a way by paths takes so long that a swap falls into it.
MANY = 400
TEXTS = {"jvm.options": "-Xmx1g\n", "http.key": "secret\n"}


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that others can reach."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o711)
        data = Path(name, "data")
        data.mkdir(0o755)
        yield data


@pytest.fixture
def folder(data: Path) -> Path:
    """Where Elasticsearch keeps its own, as version 0.1.0 left it: all of it is nobody's."""
    folder = data / "services" / "elasticsearch"
    (folder / "config").mkdir(parents=True)
    (folder / "data" / "indices" / "abc").mkdir(parents=True)
    (folder / "data" / "indices" / "abc" / "segment").write_text("articles")
    (folder / "config" / "jvm.options").write_text("-Xmx1g\n")
    (folder / "config" / "elasticsearch.keystore").write_text("old")
    for part in ("config", "data"):
        for path in (folder / part, *(folder / part).rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    return folder


def owner(path: Path) -> int:
    return path.lstat().st_uid


def test_what_nobody_owned_is_its_own_users_and_nothing_is_lost(folder: Path) -> None:
    assert Ground(folder, ACCOUNT).prepare() == []
    Ground(folder, ACCOUNT).write(TEXTS)
    segment = folder / "data" / "indices" / "abc" / "segment"
    assert segment.read_text() == "articles"
    for path in (folder / "data", *(folder / "data").rglob("*")):
        assert owner(path) == ACCOUNT.uid
    for path in (folder, folder / "config", folder / "config" / "jvm.options"):
        assert owner(path) == 0
    assert not (folder / "config" / "elasticsearch.keystore").exists(), "nobody wrote that one"


def test_config_is_roots_again_when_the_key_store_is_there(folder: Path) -> None:
    ground = Ground(folder, ACCOUNT)
    ground.prepare()
    ground.write(TEXTS)
    store = folder / "config" / "elasticsearch.keystore"
    assert as_user(ACCOUNT.uid, lambda: store.write_text("new")) == 3
    assert isinstance(as_user(ACCOUNT.uid, (folder / "config" / "jvm.options").unlink), OSError)
    seal(folder)
    for _ in range(2):  # and at every later start it is so from the beginning
        assert owner(store) == 0
        assert stat.S_IMODE((folder / "config").stat().st_mode) == 0o750
        assert as_user(ACCOUNT.uid, store.read_text) == "new"
        for attack in (store.unlink, lambda: store.write_text("x"), (folder / "config/x").touch):
            assert isinstance(as_user(ACCOUNT.uid, attack), PermissionError)
        ground.write(TEXTS)


def test_what_is_another_users_stays_that_users(folder: Path) -> None:
    """Whom root starts it for, by sudo or in a container."""
    account = Account(STRANGERS[1], STRANGERS[1])
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid)
    assert user.account(folder / "data", "") == account
    ground = Ground(folder, account)
    ground.prepare()
    ground.write(TEXTS)
    seal(folder)
    for path in (folder, *folder.rglob("*")):
        assert owner(path) == account.uid


@pytest.mark.parametrize("before", ["services", "services/elasticsearch/config", ""])
def test_whom_a_default_access_list_names_gets_nothing_of_the_servers(
    data: Path, before: str
) -> None:
    """Inherited, it turns the rights of the group into what all whom it names may do.

    ``before``: what an earlier version made below such a folder.
    """
    let_in(data, NOBODY, DEFAULT)
    (data / before).mkdir(0o700, parents=True, exist_ok=True)
    for place in [path for path in data.rglob("*") if path.is_dir()]:
        place.chmod(0o770)
    folder = data / "services" / "elasticsearch"
    config, plant = folder / "config", partial(os.mkdir, folder / "config" / "jvm.options.d")
    ground = Ground(folder, ACCOUNT)
    for _ in ("the first start", "a later one"):
        ground.prepare()
        ground.write(TEXTS)
        for attack in (plant, (config / "http.key").read_text, partial(os.listdir, config)):
            assert isinstance(as_user(NOBODY, attack), PermissionError)
        assert as_user(ACCOUNT.uid, (config / "http.key").read_text) == "secret\n"
        store = config / "elasticsearch.keystore"
        as_user(ACCOUNT.uid, partial(store.write_text, "new"))
        seal(folder)
        assert isinstance(as_user(NOBODY, store.read_text), PermissionError)


def test_whom_a_default_access_list_names_gets_nothing_in_private_folders(data: Path) -> None:
    """Not even where a folder is opened to its group some day."""
    let_in(data, NOBODY, DEFAULT)
    folders = Folders(data).prepare()
    for place in folders.private:
        place.chmod(0o2770)
        (place / "x").write_text("secret")
        assert isinstance(as_user(NOBODY, partial(os.listdir, place)), PermissionError)
        assert isinstance(as_user(NOBODY, (place / "x").read_text), PermissionError)
    assert as_user(NOBODY, partial(os.listdir, folders.inbox)) == [], "that one is for others"


def test_what_is_closed_to_everybody_is_closed_for_good(data: Path) -> None:
    """Whoever opens it to its group later opens it to nobody whom a list named."""
    folders = Folders(data).prepare()
    let_in(folders.archive, NOBODY, ACCESS, DEFAULT)
    let_in(folders.failed, NOBODY, ACCESS, DEFAULT)
    folders.failed.chmod(0o2775)
    check_folders(folders)
    assert stat.S_IMODE(folders.archive.stat().st_mode) == 0o700
    folders.archive.chmod(0o750)
    assert isinstance(as_user(NOBODY, partial(os.listdir, folders.archive)), PermissionError)
    assert as_user(NOBODY, partial(os.listdir, folders.failed)) == [], "shared, it stays so"


@pytest.mark.parametrize("name", ["jvm.options.d", "deep", "x.options", ".hidden"])
def test_what_nobody_planted_is_refused_by_name(folder: Path, name: str) -> None:
    def plant() -> None:
        (folder / "config" / name).mkdir()
        (folder / "config" / name / "x.options").write_text("-javaagent:/tmp/evil.jar\n")

    folder.chmod(0o711)
    assert as_user(NOBODY, plant) is None
    ground = Ground(folder, ACCOUNT)
    ground.prepare()
    with pytest.raises(UsageError, match=rf"config holds .*: {name}"):
        ground.write(TEXTS)


@contextmanager
def swapping(uid: int, swap: Callable[[], None]) -> Iterator[None]:
    """Another user does it again and again."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
        while True:
            with suppress(OSError):
                swap()
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_no_link_that_is_swapped_in_meanwhile_leads_anywhere(folder: Path, data: Path) -> None:
    """Of a folder, and of a file, each in turn itself and a link to what is root's."""
    treasure = data.parent / "treasure"
    treasure.mkdir(0o755)
    for number in range(MANY):
        (treasure / str(number)).write_text("root's")
    places = [folder / "data" / name for name in ("folder", "file")]
    links = [folder / "data" / f"{name}-link" for name in ("folder", "file")]
    places[0].mkdir()
    for number in range(MANY):
        (places[0] / str(number)).write_text("mine")
    places[1].write_text("mine")
    links[0].symlink_to(treasure)
    links[1].symlink_to(treasure / "0")
    for path in (*places, *links, *places[0].iterdir()):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    folder.chmod(0o711)
    aside = folder / "data" / "aside"

    def swap() -> None:
        for place, link in zip(places, links, strict=True):
            place.rename(aside)
            link.rename(place)
            place.rename(link)
            aside.rename(place)

    rounds, end = 0, time.monotonic() + 3
    with swapping(NOBODY, swap):
        while time.monotonic() < end or rounds < 20:
            rounds += 1
            with suppress(OSError, UsageError), opened(folder, "data") as handle:
                hand_over(handle, ACCOUNT.ids, folder / "data")
            for place in (folder / "data", *places):
                with suppress(OSError):
                    os.chown(place, NOBODY, NOBODY, follow_symlinks=False)
            assert {owner(path) for path in (treasure, *treasure.iterdir())} == {0}


def test_a_second_name_of_roots_file_is_refused_by_name(folder: Path, data: Path) -> None:
    """Where the kernel lets users link what is not theirs (fs.protected_hardlinks = 0)."""
    treasure = data.parent / "shadow"
    treasure.write_text("root's")
    os.link(treasure, folder / "data" / "planted")
    with pytest.raises(UsageError, match=r"data/planted .*another name"):
        Ground(folder, ACCOUNT).prepare()
    assert owner(treasure) == 0


def test_a_link_in_place_of_a_folder_is_refused(folder: Path, data: Path) -> None:
    treasure = data.parent / "treasure"
    treasure.mkdir()
    (folder / "logs").symlink_to(treasure)
    with pytest.raises(UsageError, match=r"logs is no folder"):
        Ground(folder, ACCOUNT).prepare()
    assert owner(treasure) == 0


def test_what_is_no_file_is_refused_by_name(folder: Path) -> None:
    """A socket cannot even be opened."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "data" / "planted"))
        with pytest.raises(UsageError, match=r"data/planted is no plain file"):
            Ground(folder, ACCOUNT).prepare()


def test_a_link_in_place_of_the_key_store_keeps_no_start_away(folder: Path, data: Path) -> None:
    """The server may put it there while it makes its key store."""
    ground = Ground(folder, ACCOUNT)
    ground.prepare()
    ground.write(TEXTS)
    treasure = data.parent / "shadow"
    treasure.write_text("root's")
    store = folder / "config" / "elasticsearch.keystore"
    assert as_user(ACCOUNT.uid, lambda: store.symlink_to(treasure)) is None
    with pytest.raises(UsageError, match=r"keystore is no plain file"):
        seal(folder)
    ground.write(TEXTS)
    assert not os.path.lexists(store)
    assert treasure.read_text() == "root's"


def test_a_link_among_its_logs_is_not_shown(folder: Path, data: Path) -> None:
    """Root prints the end of the newest log where a start fails."""
    (folder / "logs").mkdir()
    (data.parent / "shadow").write_text("root's")
    (folder / "logs" / "planted.log").symlink_to(data.parent / "shadow")
    (folder / "logs" / "own.log").write_text("its own")
    assert [text for _, _, text in newest_logs(folder / "logs")] == ["its own"]
    (folder / "aside").symlink_to(folder / "logs")
    assert list(newest_logs(folder / "aside")) == []


def test_a_closed_folder_lets_its_own_user_pass_and_nobody_else(folder: Path, data: Path) -> None:
    """As ``/root`` is closed, and the data folder may lie below it."""
    data.parent.chmod(0o700)
    (data.parent / "other").write_text("root's")
    (data.parent / "other").chmod(0o600)
    try:
        opened_now = Ground(folder, ACCOUNT).prepare()
    except UsageError:
        pytest.skip("no access lists on this disk: then it is refused")
    assert opened_now == [data.parent]
    assert Ground(folder, ACCOUNT).prepare() == [], "once is enough"
    Ground(folder, ACCOUNT).write(TEXTS)
    read = (folder / "config" / "jvm.options").read_text
    assert as_user(ACCOUNT.uid, read) == TEXTS["jvm.options"]
    assert isinstance(as_user(ACCOUNT.uid, lambda: os.listdir(data.parent)), PermissionError)
    assert isinstance(as_user(ACCOUNT.uid, (data.parent / "other").read_text), PermissionError)
    for uid in STRANGERS:
        assert isinstance(as_user(uid, data.stat), PermissionError)


def test_whom_the_owner_of_a_closed_folder_shut_out_stays_out(folder: Path, data: Path) -> None:
    """`chmod 700` leaves an access list as it is, and takes all rights from its mask."""
    closed = data.parent
    (closed / "other").write_text("open to everybody")
    os.chown(closed, 0, STRANGERS[1])
    let_in(closed, NOBODY, ACCESS)
    for _ in range(2):
        closed.chmod(0o700)
        assert Ground(folder, ACCOUNT).prepare() == [closed]
        assert isinstance(as_user(ACCOUNT.uid, data.stat), os.stat_result)
        for uid in STRANGERS:
            assert isinstance(as_user(uid, (closed / "other").read_text), PermissionError)


def test_a_program_that_it_cannot_reach_or_could_write_is_refused(data: Path) -> None:
    (data / "lib").mkdir(0o700)
    with pytest.raises(UsageError, match=r"cannot enter or read .*/lib.*--as USER"):
        passage.check(data / "lib", ACCOUNT)


def test_whom_it_runs_as(data: Path) -> None:
    chosen = user.account(data / "elasticsearch", "")
    assert chosen
    assert chosen.uid in OWN
    assert chosen == user.account(data / "elasticsearch", ""), "the same at every start"
    for former, kept in ((NOBODY, False), (54_321, True), (0, False)):
        os.chown(data, former, former)
        account = user.account(data, "")
        assert account
        assert (account.uid == former) is kept
        assert account.uid not in {0, NOBODY}
    nobody = user.account(data, "nobody")
    assert nobody
    assert nobody.uid == NOBODY, "whoever says so"
    for wrong in ("root", "0", "no-such-user", "99999999999999"):
        with pytest.raises(UsageError):
            user.account(data, wrong)


def test_nobody_else_is_in_its_group(data: Path) -> None:
    """The group may read the server's key: root's is shared by root, another by whom it will be."""
    os.chown(data, 54_321, 0)
    account = user.account(data, "")
    assert account == user.account(data, "")
    assert account
    assert account.uid == 54_321
    assert account.gid in OWN
    os.chown(data, *account.ids)
    assert user.account(data, "") == account, "the same at every start"
    os.chown(data, 54_321, 54_321)
    assert user.account(data, "") == Account(54_321, 54_321), "nobody shares that one"
