"""``make sbom``: what a release is made of, as CycloneDX (JSON, 1.6), with the locks' hashes."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from supply.locks import Pin, normal, pins

ROOT = Path(__file__).parents[1]
LOCK = "requirements.lock"
_HASHES = "--hash=sha256:"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 made, valid and complete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, required=True, help="folder of cyclonedx-py")
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    command = [str(given.tools / "cyclonedx-py"), "requirements", str(ROOT / LOCK)]
    # Its own validation is on; reproducible: without a time and random numbers.
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--validate"]
    command += ["--of", "JSON", "--sv", "1.6", "--output-file", str(given.output)]
    status = subprocess.run(command, check=False).returncode
    if status:
        return status
    lock = (ROOT / LOCK).read_text("utf-8")
    faults = faults_of(json.loads(given.output.read_text("utf-8")), lock)
    for fault in faults:
        print(f"sbom: {fault}", file=sys.stderr)
    if not faults:
        print(f"sbom: {given.output}, {len(pins(lock))} packages")
    return int(bool(faults))


def faults_of(bom: dict[str, Any], lock: str) -> list[str]:
    """What is wrong with ``bom`` as the list of the text ``lock``; a line each."""
    listed = {_pin(component): component for component in bom.get("components", [])}
    wanted = set(pins(lock))
    wrong = [f"{pin.name} {pin.version} is missing" for pin in sorted(wanted - listed.keys())]
    wrong += [f"{pin.name} {pin.version} is not locked" for pin in sorted(listed.keys() - wanted)]
    if sum(_hashes(component) for component in listed.values()) != lock.count(_HASHES):
        wrong.append("it has not the lock's hashes")
    if bom.get("bomFormat") != "CycloneDX":
        wrong.append("it is no CycloneDX")
    return wrong


def _pin(component: dict[str, Any]) -> Pin:
    return Pin(normal(component["name"]), component.get("version", ""))


def _hashes(component: dict[str, Any]) -> int:
    places = component.get("externalReferences", [])
    return sum(len(place.get("hashes", [])) for place in places)


if __name__ == "__main__":
    sys.exit(main())
