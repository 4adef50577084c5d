"""How a person looks at the embedded Elasticsearch, with no secret on a command line."""

from __future__ import annotations

import shlex
from pathlib import Path

from tasks.embedded import CERTIFICATE_FILE, CURL_FILE, secrets_folder


def curl_options(data: Path) -> str:
    """The options for ``curl``: its certificate, and the file that holds user and password."""
    folder = secrets_folder(data)
    certificate, config = (shlex.quote(str(folder / n)) for n in (CERTIFICATE_FILE, CURL_FILE))
    return f"--cacert {certificate} -K {config}"
