"""What a command imports is most of its time: load no more than is used, and look at it once."""

from __future__ import annotations

import gc
import importlib
import sys

#: HTTP libraries that Elasticsearch's transport imports where they are installed. It talks through
#: urllib3 here; they would be a third of its import, for nothing.
_UNUSED = ("httpx", "requests")
#: New objects after which garbage is looked for. What is imported stays: to look through it at
#: every 700th object is a seventh of a command's time.
_RARELY = 50_000
_AS_USUAL = gc.get_threshold()


def collect_rarely() -> None:
    """Look for garbage less often, for a command that ends soon."""
    gc.set_threshold(_RARELY, *_AS_USUAL[1:])


def collect_as_usual() -> None:
    """Look for garbage as Python does, for a process that runs for long."""
    gc.set_threshold(*_AS_USUAL)


def import_elasticsearch() -> None:
    """Import Elasticsearch's client without the transports that nobody here asks for.

    ``None`` in ``sys.modules`` is Python's way to say that a module is not to be had; it is taken
    back at once, so that others may import them. Where they are loaded already, nothing is hidden.
    """
    if "elasticsearch" in sys.modules:
        return
    hidden = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        importlib.import_module("elasticsearch")
    finally:
        for name in hidden:
            del sys.modules[name]
