"""Of which folders an intake tells that it takes files."""

from __future__ import annotations

from pathlib import Path

from tasks.real_path import MOST_LINKS
from worker.processes.run_intake import taken_from


def test_a_folder_that_too_many_links_lead_to_keeps_no_intake_from_starting(
    tmp_path: Path,
) -> None:
    """Red before: who owns the folder above an allowed one laid them, and it never started."""
    (tmp_path / "0").mkdir()
    for number in range(MOST_LINKS + 1):
        (tmp_path / str(number + 1)).symlink_to(str(number))
    last, too_far = (tmp_path / str(MOST_LINKS + more) for more in (0, 1))
    folders = [tmp_path / "not-yet", too_far, last]
    assert list(taken_from(folders)) == [str(tmp_path / "not-yet"), str(tmp_path / "0")]
