"""What ``status`` prints for people, on one screen: the answer, what to do, the numbers."""

from __future__ import annotations

from rich.table import Table

from worker.care.note import Note
from worker.care.standing import Status
from worker.care.workers import Worker
from worker.commands.common import out
from worker.foreign import plain
from worker.heartbeat.beat import PROCESSES
from worker.wording import counted, fates, spoken

SHOWN = 5
GROUPS_SHOWN = 6
LEFT_ALONE_SHOWN = 5
WORKERS_SHOWN = 3


def print_status(current: Status) -> None:
    """The answer first, then what to do, then the numbers, then what failed or is odd."""
    out().print(current.verdict, style="bold")
    for step in current.to_do:
        out().one_line(f"  to do: {step}.")
    out().print()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, value in (*_where(current), *_who(current), *_numbers(current)):
        table.add_row(name, plain(value))
    out().print(table)
    _print_failures(current)
    for note in current.notes:
        out().one_line(_note(note))


def _where(current: Status) -> list[tuple[str, str]]:
    site = current.places.get("site", "")
    rows = [("data", f"{current.places['data']}, site {site}")] if "data" in current.places else []
    for name, state in current.services.items():
        up = current.services_up_seconds.get(name)
        since = f", up for {spoken(up)}" if up is not None else ""
        address = current.places.get(name)
        at = f" at {address}" if address and address not in state else ""
        index = f", index {current.places.get('index')}" if name == "elasticsearch" else ""
        rows.append((name, f"{state}{at}{since}{index}"))
    if model := current.places.get("model"):
        rows.append(("names are found by", f"the model {model}"))
    if command := current.places.get("curl"):
        rows.append(("to ask it", command))
    return rows


def _who(current: Status) -> list[tuple[str, str]]:
    """Each kind of process: who lives, and what it does."""
    rows: list[tuple[str, str]] = []
    for process in PROCESSES:
        of_kind = [worker for worker in current.workers if worker.process == process]
        of_kind.sort(key=lambda worker: (worker.lives, worker.heartbeat_seconds))
        site = current.places.get("site", "")
        told = [_worker(worker, site) for worker in of_kind[:WORKERS_SHOWN]]
        shown = "; ".join(told) or "none runs"
        more = len(of_kind) - WORKERS_SHOWN
        rows.append((process, shown + (f"; … {more} more (--json)" if more > 0 else "")))
    return rows


def _worker(worker: Worker, site: str) -> str:
    of = f"site {worker.site}, " if worker.site not in {"", site} else ""
    where = f"{of}{worker.host}, process {worker.pid}"
    if not worker.lives:
        return f"{worker.fault} ({where})"
    what = f": {worker.what}" if worker.what else ""
    for_ = f" for {spoken(worker.doing_seconds)}" if worker.doing != "works" else ""
    return f"{worker.doing}{for_}{what} ({where}, up for {spoken(worker.up_seconds)})"


def _numbers(current: Status) -> list[tuple[str, str]]:
    rows = [("files", _listed(current.files)), ("dropped so far", fates(current.fates))]
    if current.documents is not None:
        rows.append(("documents", _listed(current.documents)))
    if current.queues is not None:
        rows.append(("messages waiting", _listed(current.queues)))
    if current.per_second is not None:
        over = current.work_seconds or {}
        rates = current.per_second.items()
        told = (f"{rate:.1f} {name}/s (over {over.get(name, 0):.0f} s)" for name, rate in rates)
        rows.append(("speed at work", ", ".join(told)))
    if current.seconds_left:
        rows.append(("time left", _duration(current.seconds_left)))
    return rows


def _print_failures(current: Status) -> None:
    lines = [
        f"{reason.files:,} at {reason.stage}: {reason.error} ({', '.join(reason.first)})"
        for reason in current.failed_reasons
    ]
    documents = [f"{count:,} at enrich: {error}" for error, count in current.failures.items()]
    for line in (*lines[:GROUPS_SHOWN], *documents[:GROUPS_SHOWN]):
        out().one_line(f"failed: {line}")
    if more := len(lines[GROUPS_SHOWN:]) + len(documents[GROUPS_SHOWN:]):
        out().print(f"failed: … for {counted(more, 'more reason')} (`depesche failed`)")
    for path, kind in list(current.left_alone.items())[:LEFT_ALONE_SHOWN]:
        out().one_line(f"left alone: {path}: {kind}")
    more = len(current.left_alone) + current.left_alone_more - LEFT_ALONE_SHOWN
    if more > 0:
        out().print(f"left alone: … {more:,} more (--json)")


def _note(note: Note) -> str:
    more = len(note.items) - SHOWN
    shown = ", ".join(note.items[:SHOWN]) + (f", … {more} more (--json)" if more > 0 else "")
    return f"{note.text} ({shown})" if shown else note.text


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
