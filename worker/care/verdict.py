"""What ``status`` says first: whether all that was dropped is in, and what a person should do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from articles.errors import Refused, ServiceUnavailable, StillLoading
from worker.care.standing import Status
from worker.care.workers import Worker, hanging, last_of, none_lives, of_site
from worker.wording import counted

#: Seconds for which a worker may wait for a service, as at its start, before it is told.
PATIENCE = 30.0
#: A service that answers and takes no work.
HELD = "read-only"
#: One that takes none until a person does what its state says.
UNFIT = "not usable"
#: One that has begun, and one that does not do what it is asked.
LOADING, REFUSES = StillLoading.state, Refused.state
#: How the state of a service begins that takes no work.
AWAY = (ServiceUnavailable.state, LOADING, REFUSES, HELD, UNFIT)
ALL_WELL = "All is well: everything that was dropped is in."


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentences are made of.

    ``unmanned``: what waits, by the process that is missing; ``held_up``: by that of which all wait
    themselves, and for what.
    """

    away: list[str]
    failed_files: int
    failed_documents: int
    left: int
    pending: int
    unmanned: dict[str, str]
    held_up: dict[str, str]
    sent: int = 0

    @property
    def failed(self) -> int:
        """Files and documents."""
        return self.failed_files + self.failed_documents


def judge(status: Status) -> tuple[str, list[str]]:
    """Whether all that was dropped is in, in one sentence, and what a person should do."""
    facts = facts_of(status)
    verdict = _verdict(facts)
    if verdict == ALL_WELL and any(note.wrong for note in status.notes):
        verdict = "Everything that was dropped is in, but something is wrong."
    return verdict, list(_to_do(status, facts))


def exit_status(status: Status) -> int:
    """1 where something waits that goes on only when a person does something; else 0."""
    facts = facts_of(status)
    wrong = any(note.wrong for note in status.notes)
    return 1 if facts.away or facts.unmanned or facts.held_up or wrong else 0


def facts_of(status: Status) -> Facts:
    """The numbers that count."""
    documents = status.documents or {}
    return Facts(
        away=[name for name, state in status.services.items() if state.startswith(AWAY)],
        failed_files=status.files.get("failed", 0),
        failed_documents=documents.get("failed", 0),
        left=status.files.get("inbox", 0) + status.files.get("spool", 0),
        pending=documents.get("pending", 0),
        unmanned=_unmanned(status),
        held_up=_held_up(status),
        sent=_sent(status),
    )


def _sent(status: Status) -> int:
    """Messages that no intake has taken: what programs sent is in them, and nowhere else yet."""
    queues = status.queues or {}
    return queues.get("intake", 0) + queues.get("celery", 0)


def _unmanned(status: Status) -> dict[str, str]:
    """What waits, by the process that none runs of; nothing where not all can be seen."""
    if status.queues is None:
        return {}
    waits = _waits(status)
    return {name: waits[name] for name in none_lives(_ours(status)) if name in waits}


def _held_up(status: Status) -> dict[str, str]:
    """What waits, by the process of which all that live wait themselves; and for what."""
    held: dict[str, str] = {}
    for process, what in _waits(status).items():
        living = [w for w in _ours(status) if w.process == process and w.lives]
        if living and all(w.doing == "waits" and w.doing_seconds > PATIENCE for w in living):
            held[process] = f"{what} (`{process}`: {living[0].what})"
    return held


def _waits(status: Status) -> dict[str, str]:
    """What waits, by the process that it waits for."""
    inbox, spool = status.files.get("inbox", 0), status.files.get("spool", 0)
    sent = _sent(status)
    pending = (status.documents or {}).get("pending", 0)
    left = inbox + spool  # what one has done, the next must do
    waits = {
        "watch": inbox and f"{counted(inbox, 'file')} to be claimed",
        "intake": (left and f"{counted(left, 'file')} to be indexed")
        or (sent and f"{counted(sent, 'message')} to be taken"),
        "enrich": left + pending and f"{counted(left + pending, 'article')} to be enriched",
    }
    return {name: str(what) for name, what in waits.items() if what}


def _ours(status: Status) -> list[Worker]:
    return of_site(status.workers, status.places.get("site", ""))


def _verdict(facts: Facts) -> str:
    if facts.away:
        take = "takes" if len(facts.away) == 1 else "take"
        return f"Waiting: {' and '.join(facts.away)} {take} no work now. Nothing is lost meanwhile."
    but = f" {facts.failed:,} failed." if facts.failed else ""
    if facts.unmanned:
        waits = ", ".join(f"{what} (`{process}`)" for process, what in facts.unmanned.items())
        return f"Waiting, and no worker runs for it: {waits}. Nothing is lost meanwhile.{but}"
    if facts.held_up:
        return f"Waiting: {', '.join(facts.held_up.values())}. Nothing is lost meanwhile.{but}"
    if facts.left or facts.sent:
        files = f"{counted(facts.left, 'file')} still to be indexed"
        waits = files if facts.left else f"{counted(facts.sent, 'message')} still to be taken"
        return f"At work: {waits}, {facts.pending:,} to be enriched.{but}"
    return _in(facts)


def _in(facts: Facts) -> str:
    """Where nothing is to be indexed any more."""
    still = f" {counted(facts.pending, 'article')} still to be enriched." if facts.pending else ""
    if facts.failed:
        return f"Everything is in, except for what failed: {facts.failed:,}.{still}"
    if facts.pending:
        return f"All files can be found; {facts.pending:,} of them are still to be enriched."
    return ALL_WELL


def _to_do(status: Status, facts: Facts) -> Iterator[str]:
    yield from _to_do_for_services(status.services)
    for process in facts.unmanned:
        start = f"(`depesche up`, or `docker compose up -d {process}`)"
        yield f"Start `{process}` {start}: {last_of(_ours(status), process)}"
    for process in facts.held_up if not facts.away else ():
        yield f"See what `{process}` waits for; it goes on by itself when that has passed"
    for worker in hanging(_ours(status)):
        if worker.process not in facts.unmanned:
            yield f"Look at {worker.name}, and start it again: it {_fault(worker.fault)}"
    if facts.failed:
        yield "`depesche failed` says what and why; `depesche retry` tries again"
    if status.left_alone:
        yield "Take what is left alone out of the inbox, or put regular files in its place"
    yield from (note.to_do for note in status.notes if note.to_do)


def _to_do_for_services(services: Mapping[str, str]) -> Iterator[str]:
    states = services.values()
    if any(state.startswith("away") for state in states):
        yield "Start what is away (`depesche up` where the project runs it); work goes on by itself"
    if any(state.startswith(LOADING) for state in states):
        yield "Wait until Redis has loaded its data, however long that takes; work then goes on"
    if any(state.startswith(REFUSES) for state in states):
        yield (
            "Wait a moment: a key of another program is removed where workers or `watch` run. "
            "Where Redis still refuses, do what it says"
        )
    if any(state.startswith(HELD) for state in states):
        yield "Free some disk for Elasticsearch, or lift its block; work goes on by itself"
    for name, state in services.items():
        if state.startswith(UNFIT):
            yield f"Do what is said of {name} here; work goes on by itself"


def _fault(fault: str) -> str:
    return f"is {fault}" if fault.startswith("silent") else fault
