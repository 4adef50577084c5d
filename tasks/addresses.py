"""What is wrong with a service's address: said without its password."""

from __future__ import annotations

from urllib.parse import urlsplit

REDIS = ("redis", "rediss", "unix", "redis+socket", "socket")
ELASTICSEARCH = ("http", "https")

_WITHOUT_HOST = {"unix", "redis+socket", "socket"}
_EXAMPLES = {REDIS: "redis://[:password@]host:6379/0", ELASTICSEARCH: "http://host:9200"}


def fault_of_address(address: str, schemes: tuple[str, ...]) -> str:
    """A sentence that says what is wrong and how to write it; empty where nothing is.

    ``schemes`` is ``REDIS`` or ``ELASTICSEARCH``. A password that holds ``/``, ``?``, ``#`` or
    ``@`` must be percent-encoded, and is the usual cause.
    """
    wrong = _wrong(address, schemes)
    if not wrong:
        return ""
    hint = " (in a password, write / as %2F, @ as %40, # as %23)" if "@" in address else ""
    return f"{wrong}; write it like {_EXAMPLES[schemes]}{hint}"


def _wrong(address: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:  # whose words may repeat the address
        return "the host or the port cannot be read"
    if parts.scheme not in schemes:
        return f"it does not begin with {' or '.join(f'{one}://' for one in schemes[:2])}"
    if parts.scheme in _WITHOUT_HOST:
        return ""
    if not host or any(letter.isspace() for letter in parts.netloc):
        return "it names no host, or one with a blank"
    return "its port is 0" if port == 0 else ""
