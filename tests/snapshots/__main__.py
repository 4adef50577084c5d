"""Write the snapshots anew: ``python -m tests.snapshots [--unreleased]``.

Refuses where something changed under a version that is recorded already: raise the version first.
``--unreleased`` overwrites the entry of a version that no tag holds yet, while it is being made.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.snapshots import (
    CONTENT,
    VERSIONS,
    content,
    current,
    differences,
    fault,
    overwritten,
    recorded,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--unreleased", action="store_true", help="the version is not out yet")
    unreleased = parser.parse_args().unreleased
    version, read = content()
    versions = recorded() if VERSIONS.exists() else {}
    for kind, (name, present) in current(version, read).items():
        wrong = fault(kind, name, present, versions)
        if name in versions.get(kind, {}) and wrong and not unreleased:
            print(wrong, "(While the version is being made: --unreleased.)", file=sys.stderr)
            return 2
        versions.setdefault(kind, {})[name] = present
    if told := overwritten(Path(), versions):
        print(*told, "Raise the version.", sep="\n", file=sys.stderr)
        return 2
    old = json.loads(CONTENT.read_text("utf-8")) if CONTENT.exists() else {}
    print(*differences(old, read), sep="\n")
    _write(CONTENT, read)
    _write(VERSIONS, versions)
    return 0


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
