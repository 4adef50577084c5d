"""``make audit``: ask for known weaknesses of every locked package.

pip-audit asks the package registry, or OSV with ``--service osv``. It ends well where nobody knows
the packages ("not found … could not be audited"): behind a mirror without advisories that would
be every one. Here that is told apart, and is no success.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from supply.locks import Pin, pins, rounds

ROOT = Path(__file__).parents[1]
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-supply.lock",
    "docker/meaning.lock",
)
#: Exit statuses.
CLEAN, WEAK, NOT_ASKED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Audit:
    """What was asked and what came: a line for each weakness, and who could not be asked about."""

    asked: int
    weak: tuple[str, ...]
    unknown: tuple[str, ...]


class NoAnswer(Exception):
    """The service cannot be reached; its argument says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 no known weakness, 1 some, 2 not (all) asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, required=True, help="folder of the program pip-audit")
    parser.add_argument("--service", default="pypi", choices=("pypi", "osv"))
    given = parser.parse_args(arguments)
    locked = [pin for lock in LOCKS for pin in pins((ROOT / lock).read_text("utf-8"))]
    try:
        # One first: where nobody answers, the others are not asked either.
        first = ask(given.tools, given.service, locked[:1])
        done = ask(given.tools, given.service, locked) if not first.unknown else first
    except NoAnswer as error:
        return _say(f"NOT AUDITED: {given.service} cannot be asked ({error}).", NOT_ASKED)
    if first.unknown:
        return _say(
            f"NOT AUDITED: the {given.service} that this machine reaches has no advisories. "
            "Run it where the public service can be reached.",
            NOT_ASKED,
        )
    return report(done)


def ask(tools: Path, service: str, wanted: Sequence[Pin]) -> Audit:
    """Ask about these. Raises ``NoAnswer``."""
    answers = [_ask(tools, service, each) for each in rounds(wanted)]
    return Audit(
        sum(answer.asked for answer in answers),
        tuple(line for answer in answers for line in answer.weak),
        tuple(name for answer in answers for name in answer.unknown),
    )


def _ask(tools: Path, service: str, wanted: Sequence[Pin]) -> Audit:
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "pins.txt"
        listed.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in wanted), "utf-8")
        command = [str(tools / "pip-audit"), "--disable-pip", "--no-deps", "--format", "json"]
        command += [
            "--progress-spinner",
            "off",
            "--vulnerability-service",
            service,
            "-r",
            str(listed),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return read(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError) as error:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise NoAnswer(last[0][:300]) from error


def read(dependencies: Sequence[dict[str, object]]) -> Audit:
    """From pip-audit's ``dependencies``: each a package with ``vulns`` or with ``skip_reason``."""
    weak, unknown = [], []
    for package in dependencies:
        if "skip_reason" in package:
            unknown.append(str(package["name"]))
            continue
        for weakness in package["vulns"]:  # type: ignore[attr-defined]
            mended = ", ".join(weakness["fix_versions"]) or "no version yet"
            named = f"{package['name']} {package['version']}"
            weak.append(f"{named}: {weakness['id']}, mended in {mended}")
    return Audit(len(dependencies), tuple(weak), tuple(unknown))


def report(done: Audit) -> int:
    """Say it; the exit status."""
    for line in done.weak:
        print(line)
    if done.unknown:
        print(f"Not audited, for nobody knows them: {', '.join(done.unknown)}")
    known = f"{done.asked - len(done.unknown)} of {done.asked} packages asked about"
    _say(f"{known}, {len(done.weak)} known weaknesses.", CLEAN)
    return WEAK if done.weak else NOT_ASKED if done.unknown else CLEAN


def _say(line: str, status: int) -> int:
    print(f"audit: {line}")
    return status


if __name__ == "__main__":
    sys.exit(main())
