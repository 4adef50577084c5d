"""``--all-sites``: what the other sites answer, a line or a few for each."""

from __future__ import annotations

from typing import Any

from worker.care.all_sites import Answer, ask
from worker.commands.common import err, out, print_json
from worker.container import Container
from worker.wording import counted

SILENT = "its intake does not answer"
Answers = dict[str, Answer | None]


def print_status_of_all(container: Container, as_json: bool) -> int:
    """The exit status: the highest of all, 1 where a site does not answer."""
    answers = ask(container, "status", {})
    if as_json:
        print_json({site: said and said["status"] for site, said in answers.items()})
    else:
        for site, said in answers.items():
            out().one_line(f"{site}: {said['status']['verdict'] if said else SILENT}")
            if said:
                _print_steps(said["status"])
    return max(int(said["exit_status"]) if said else 1 for said in answers.values())


def _print_steps(status: dict[str, Any]) -> None:
    files = ", ".join(f"{count:,} {place}" for place, count in status["files"].items())
    out().one_line(f"    files: {files}")
    for step in status["to_do"]:
        out().one_line(f"    to do: {step}.")


def print_failed_of_all(container: Container, as_json: bool) -> int:
    """The exit status: 1 where anything has failed, or a site does not answer."""
    answers = ask(container, "failed", {})
    if as_json:
        print_json({site: said and said["files"] for site, said in answers.items()})
    else:
        for site, said in answers.items():
            _print_failed(site, said)
    return int(any(said is None or said["files"] for said in answers.values()))


def _print_failed(site: str, said: Answer | None) -> None:
    if said is None:
        out().one_line(f"{site}: {SILENT}")
        return
    out().one_line(f"{site}: {counted(len(said['files']), 'file')}")
    for file in said["files"]:
        out().one_line(f"    {file['path']}  {file['stage']}: {file['error']}")


def print_verified_of_all(container: Container, as_json: bool) -> int:
    """The exit status: 0 where each site was verified and has put right all that differed."""
    answers = ask(container, "verified", {})
    told = {site: said and said["verified"] for site, said in answers.items()}
    if as_json:
        print_json(told)
    else:
        for site, last in told.items():
            out().one_line(f"{site}: {SILENT if last is None else _verified(last)}")
    return int(any(not last or last["counts"] for last in told.values()))


def _verified(last: dict[str, Any]) -> str:
    if not last:
        return "was never verified: run `depesche verify` there"
    left = ", ".join(f"{count:,} {kind}" for kind, count in sorted(last["counts"].items()))
    return f"verified {last['at']}, {left or 'all was well'}"


def retry_at_all(container: Container, paths: list[str], reason: str) -> int:
    """The exit status: 1 where a site does not answer, or what was named is nowhere."""
    answers = ask(container, "retry", {"paths": paths, "reason": reason})
    done = {site: said for site, said in answers.items() if said}
    files, documents = (sum(int(s[name]) for s in done.values()) for name in ("files", "documents"))
    told = f"{counted(files, 'file')} and {counted(documents, 'document')} get another try."
    out().print(told)
    for site in answers.keys() - done.keys():
        err().print(f"{site}: {SILENT}")
    nothing = bool(paths or reason) and not (files or documents)
    return int(nothing or len(done) < len(answers))
