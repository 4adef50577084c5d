"""What ``status`` says first: whether all that was dropped is in, and what a person should do."""

from __future__ import annotations

from collections.abc import Iterator

from worker.care.standing import Status

MEBIBYTE = 1024 * 1024
LITTLE_DISK = 1024 * MEBIBYTE
#: A service that answers and takes no work.
HELD = "read-only"


def judge(status: Status) -> tuple[str, list[str]]:
    """Whether all that was dropped is in, in one sentence, and what a person should do."""
    away = [name for name, state in status.services.items() if state.startswith(("away", HELD))]
    failed = status.files.get("failed", 0) + (status.documents or {}).get("failed", 0)
    left = status.files.get("inbox", 0) + status.files.get("spool", 0)
    pending = (status.documents or {}).get("pending", 0)
    return _verdict(away, failed, left, pending), list(_to_do(status, away, failed, left + pending))


def _verdict(away: list[str], failed: int, left: int, pending: int) -> str:
    if away:
        take = "takes" if len(away) == 1 else "take"
        return f"Waiting: {' and '.join(away)} {take} no work now. Nothing is lost meanwhile."
    but = f" {failed:,} failed." if failed else ""
    if left:
        return f"At work: {left:,} files still to be indexed, {pending:,} to be enriched.{but}"
    if pending:
        return f"All files can be found; {pending:,} of them are still to be enriched.{but}"
    if failed:
        return f"Everything is in, except for what failed: {failed:,}."
    return "All is well: everything that was dropped is in."


def _to_do(status: Status, away: list[str], failed: int, left: int) -> Iterator[str]:
    if any(state.startswith("away") for state in status.services.values()):
        yield "Start what is away (`depesche up` where the project runs it); work goes on by itself"
    if any(state.startswith(HELD) for state in status.services.values()):
        yield "Free some disk for Elasticsearch, or lift its block; work goes on by itself"
    if failed:
        yield "`depesche failed` says what and why; `depesche retry` tries again"
    if status.left_alone:
        yield "Take what is left alone out of the inbox, or put regular files in its place"
    yield from (note.to_do for note in status.notes if note.to_do)
    if status.disk_free is not None and status.disk_free < LITTLE_DISK:
        yield f"Free some disk: {status.disk_free // MEBIBYTE:,} MB are left for the data folder"
    moved = any((status.per_second or {}).values())
    if left and not away and not moved:
        yield "If these numbers do not change, no worker runs: `depesche up`"
