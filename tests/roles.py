"""The roles that docker/setup.sh gives to the users of Elasticsearch."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

SETUP = (Path(__file__).parents[1] / "docker" / "setup.sh").read_text("utf-8")
_CALL = re.compile(r"^call \w+ /_security/(\S+) <<JSON\n(.*?)\nJSON$", re.MULTILINE | re.DOTALL)
#: By path, as ``role/depesche_worker`` and ``user/desk``: the text of the request.
CALLS: dict[str, str] = dict(_CALL.findall(SETUP))


def described(path: str, index: str = "$INDEX", space: str = "$SPACE") -> dict[str, Any]:
    """The body of the request to that path, for an index and a space of these names."""
    text = CALLS[path].replace("$INDEX", index).replace("$SPACE", space)
    read: dict[str, Any] = json.loads(text)
    return read
