"""What a stranger has put where everybody may, before somebody worked there."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from articles.errors import UsageError
from tasks.embedded import address
from tests.security.stranger import STRANGERS, as_root, as_user
from worker.folders import Folders
from worker.processes.demo_folder import check as demo_check
from worker.services import adopt, runfile
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
            for work in (Folders(data).prepare, Folders(data).present, partial(demo_check, data)):
                answer = str(as_user(victim, work))
                assert ("may have been planted" in answer) is not well, answer
        link = Path(name, "link")
        as_user(STRANGERS[0], partial(link.symlink_to, data))
        assert "may have been planted" in str(as_user(victim, Folders(link).present))


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
