"""Files that are claimed before they are whole, and links that come twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.outcome import (
    article,
    assert_ended,
    command,
    digest,
    documents,
    drop,
    wait_until_ended,
)
from tests.faults.poison import pipeline
from tests.processes import Processes, files_in, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE

NOBODY = 65534
WITHOUT_LEASES = ["setpriv", "--bounding-set=-lease", "--inh-caps=-lease"]


@pytest.fixture
def no_leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started from now on get no lease on files of other users."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can write as somebody else, and setpriv gives CAP_LEASE up")
    wrapper = tmp_path / "python"
    words = " ".join([*WITHOUT_LEASES, sys.executable])
    wrapper.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    wrapper.chmod(0o755)
    theirs = tmp_path / "theirs"
    theirs.touch()
    os.chown(theirs, NOBODY, NOBODY)
    asked = (
        "from pathlib import Path; from worker.inbox.lease import open_writer; "
        f"raise SystemExit(open_writer(Path({str(theirs)!r})) is not None)"
    )
    if subprocess.run([wrapper, "-c", asked], check=False).returncode:
        pytest.skip("leases are granted all the same here")
    monkeypatch.setattr(sys, "executable", str(wrapper))


def test_opened_appended_and_closed_again_and_again(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """``for i in 1 2 3 4 5 6; do echo "Absatz $i" >> inbox/slow.txt; sleep 0.5; done``."""
    processes.start_all(**pipeline(tmp_path))
    drop(container, {"erste.txt": article("erste")})
    wait_until_ended(container, 1)
    slow = "".join(f"Absatz {number}\n" for number in range(1, 7)).encode()
    loop = 'for i in 1 2 3 4 5 6; do echo "Absatz $i" >> slow.txt; sleep 0.5; done'
    subprocess.run(["sh", "-c", loop], cwd=container.folders.inbox, check=True)
    wait_until_ended(container, 2)
    assert_ended(container, {"erste.txt": article("erste"), "slow.txt": slow})


def test_a_claimed_file_that_goes_on(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """A transfer that breaks off and is made again, longer; killed in each gap of the exchange."""
    content = article("fortgesetzt", 12)
    environment = {
        ARMED: "intake.discarded:killall intake.removed:killall",
        ONCE: str(tmp_path),
        **pipeline(tmp_path),
    }
    processes.start_all(**environment)
    for end in (200, 400, len(content)):
        drop(container, {"lang.txt": content[:end]})
        wait_for(
            lambda end=end: (
                _restarted(processes, environment)  # type: ignore[misc]
                and dict(documents(container)).keys() == {("lang.txt", digest(content[:end]))}
            ),
            f"the first {end} bytes alone",
        )
    wait_until_ended(container, 1)
    assert_ended(container, {"lang.txt": content})
    assert {"intake.discarded", "intake.removed"} <= set(os.listdir(tmp_path))


def _restarted(processes: Processes, environment: dict[str, str]) -> bool:
    """The intake worker is there, again if need be."""
    if "intake" in processes.ended():
        processes.start("intake", **environment)
    return True


def test_half_an_article_where_writers_cannot_be_seen(
    container: Container, processes: Processes, tmp_path: Path, no_leases: None
) -> None:
    """Claimed between two halves: the archive has it whole, and soon so has the index."""
    processes.start_all(**pipeline(tmp_path))
    content = article("halb", 8)
    path = container.folders.inbox / "halb.txt"
    with path.open("wb", buffering=0) as file:
        os.fchown(file.fileno(), NOBODY, NOBODY)
        file.write(content[:250])
        wait_for(lambda: files_in(container.folders.archive) == ["halb.txt"], "half of it archived")
        file.write(content[250:])
    wait_for(
        lambda: Counter({("halb.txt", digest(content)): 1}) == documents(container), "all of it"
    )
    wait_until_ended(container, 1)
    assert_ended(container, {"halb.txt": content})
    assert command(processes, "verify").returncode == 0


def test_a_hard_link_that_is_dropped_twice(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """Four of them filled a spool of four batches for ever."""
    processes.start("watch", DEPESCHE_SPOOL_BATCHES="4")
    processes.start("intake")
    outside = tmp_path / "x"
    outside.write_bytes(article("verlinkt"))
    links = [container.folders.inbox / f"h{number}" for number in range(5)]
    for times in (1, 2):
        for link in links:
            os.link(outside, link)
            wait_for(lambda link=link: not link.exists(), "the claim")  # type: ignore[misc]
        wait_for(lambda: len(container.spool) == 0, f"an empty spool, {times}")
    drop(container, {"danach.txt": article("danach")})
    archived = ["danach.txt", *(link.name for link in links)]
    wait_for(lambda: files_in(container.folders.archive) == archived, "one more in the archive")
    assert len(list(documents(container).elements())) == 2
    assert outside.read_bytes() == article("verlinkt")
    assert command(processes, "verify").returncode == 0
